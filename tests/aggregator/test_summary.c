/* SPDX-License-Identifier: MPL-2.0 */
/* The golden summaries of proto/vectors, which a program in another language has worked out from
 * PROTOCOL.md. */
#include "aggregator/closing.h"
#include "tests/aggregator/province.h"

static hash_t chain_of(const json_t *entry) {
    hash_t chain;
    assert_int_equal(hex_read(json_string_value(json_object_get(entry, "chain")), chain.b, HASH_LEN), 0);
    return chain;
}

/* The entries of a vector as a kit's, so that they fold the same way. */
static kit_t *kit_of(const json_t *entries) {
    kit_t *kit = mem_alloc(sizeof *kit);
    size_t i;
    json_t *e;
    kit->list = mem_alloc(json_array_size(entries) * sizeof *kit->list);
    json_array_foreach((json_t *)entries, i, e) {
        const char *body = json_string_value(json_object_get(e, "body"));
        kit_entry_t *k = &kit->list[kit->count++];
        k->header = mem_str(json_string_value(json_object_get(e, "header")));
        k->header_len = strlen(k->header);
        k->body = mem_str(body);
        k->body_len = body ? strlen(body) : 0;
        k->chain = chain_of(e);
    }
    return kit;
}

/* Figures that are closed, and how they are restated; null where they are not. */
static void check_restated(store_t *store, const question_t *q, const json_t *expected) {
    refusal_t why = {0};
    asked_t asked;
    view_t *view = view_new(store, STORE_NOW, &why);
    assert_int_equal(summary_ask(view, q, &asked, &why), 0);
    const ruled_t *closing = closing_find(view, &asked, &why);
    json_t *got = closing ? closing_restate(view, &asked, closing, &why) : json_null();
    assert_non_null(got);
    char *a = json_dumps(got, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    char *b = json_dumps(expected, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert_string_equal(a, b);
    free(a);
    free(b);
    json_decref(got);
    view_free(&view);
}

static void check_case(void **state, const json_t *c, size_t no) {
    char name[32];
    kit_t *kit = kit_of(json_object_get(c, "entries"));
    snprintf(name, sizeof name, "case%zu", no);
    store_t *store = province_store(kit, state, name);
    size_t i;
    json_t *q;
    json_array_foreach(json_object_get(c, "questions"), i, q) {
        question_t asked = {.unit = kit_text(q, "unit"),
                            .plan = json_string_value(json_object_get(q, "plan")),
                            .period = kit_text(q, "period"),
                            .tree = *kit_text(q, "tree") ? day_parse(kit_text(q, "tree")) : 0};
        if (json_object_get(q, "group"))
            asked.group = (group_of_t){kit_text(q, "group.name"), kit_text(q, "group.value")};
        if (json_object_get(q, "restated")) {
            check_restated(store, &asked, json_object_get(q, "restated"));
            continue;
        }
        char *got = kit_answer(store, &asked, kit_int(q, "as_of"));
        assert_string_equal(got, kit_text(q, "summary"));
        free(got);
    }
    store_close(&store);
    kit_free(&kit);
}

static void test_summary_is_the_golden_one(void **state) {
    json_t *cases = json_load_file("proto/vectors/summary.json", 0, NULL), *c;
    size_t i;
    assert_non_null(cases);
    json_array_foreach(cases, i, c) check_case(state, c, i);
    json_decref(cases);
}

static void test_summary_refuses_what_it_does_not_know(void **state) {
    static const struct {
        question_t q;
        const char *code;
    } cases[] = {
        {{"BD.99", PLAN, NULL, NOV, 0, {0}}, "unit-unknown"},
        {{"BD", "9/KH", NULL, NOV, 0, {0}}, "plan-unknown"},
        {{"BD", PLAN, "tk9999", NOV, 0, {0}}, "calendar-unknown"},
        {{"BD", PLAN, NULL, "2024-13", 0, {0}}, "period-unknown"},
        {{"BD", PLAN, NULL, "", 0, {0}}, "period-unknown"},
    };
    kit_t *kit = province_new();
    store_t *store = province_store(kit, state, "s");
    refusal_t why = {0};
    view_t *view = view_new(store, STORE_NOW, &why);
    asked_t asked;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_not_equal(summary_ask(view, &cases[i].q, &asked, &why), 0);
        assert_string_equal(why.code, cases[i].code);
    }
    question_t top = {.plan = PLAN, .period = NOV};
    assert_int_equal(summary_ask(view, &top, &asked, &why), 0);
    assert_string_equal(unit_code(asked.unit), "BD");
    assert_int_equal(asked.boarded, 1);
    view_free(&view);
    assert_null(view_new(store, 999, &why));
    assert_string_equal(why.code, "position-unknown");
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_summary_is_the_golden_one),
        IN_DIR(test_summary_refuses_what_it_does_not_know),
    };
    return RUN(tests);
}
