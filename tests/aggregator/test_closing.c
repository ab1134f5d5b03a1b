/* SPDX-License-Identifier: MPL-2.0 */
/* Closed figures: the same bytes at any time, and old beside new where they changed. */
#include "aggregator/closing.h"

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/aggregator/province.h"

#define TODAY day_make(2024, 12, 12)

static view_t *ask(store_t *store, asked_t *asked) {
    static const question_t q = {.unit = "BD", .plan = PLAN, .period = NOV};
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_non_null(view);
    assert_int_equal(summary_ask(view, &q, asked, NULL), BC_OK);
    return view;
}

/* Closes November as the log stands; the published bytes. */
static char *close_november(kit_t *kit, void **state, const char *name) {
    refusal_t why = {0};
    asked_t asked;
    store_t *store = province_store(kit, state, name);
    view_t *view = ask(store, &asked);
    json_t *body = closing_propose(view, &asked, TODAY, &why);
    assert_non_null(body);
    char *text = json_canonical(body), *bytes = kit_summary(store, "BD", PLAN, NOV, STORE_NOW);
    kit_decision(kit, "close", text);
    free(text);
    json_decref(body);
    view_free(&view);
    store_close(&store);
    return bytes;
}

static void test_closing_gives_the_same_bytes_again_and_says_what_changed(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    asked_t asked;
    buf_t again = {0};
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    char *published = close_november(kit, state, "one");
    kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":5}");
    kit_activity(kit, "BD.01.002", "a2", 1, "2024-11-05", "{\"s\":2}");
    store_t *store = province_store(kit, state, "two");
    view_t *view = ask(store, &asked);
    const ruled_t *closing = closing_find(view, &asked, &why);
    assert_non_null(closing);
    assert_null(closing_propose(view, &asked, TODAY, &why));
    assert_string_equal(why.code, "period-closed");
    assert_int_equal(closing_summary(view, closing, &again, &why), BC_OK);
    assert_string_equal(again.data, published);
    json_t *j = closing_restate(view, &asked, closing, &why);
    assert_int_equal(kit_int(j, "measures.s.was"), 1);
    assert_int_equal(kit_int(j, "measures.s.is"), 7);
    assert_int_equal(kit_int(j, "measures.s.difference"), 6);
    assert_int_equal(kit_int(j, "documents.activities.difference"), 1);
    assert_int_equal(kit_int(j, "board.active.was"), 1);
    assert_int_equal(json_array_size(json_object_get(j, "changes")), 2);
    assert_null(json_object_get(json_object_get(j, "board"), "expected")); /* the same then and now */
    json_decref(j);
    buf_free(&again);
    free(published);
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

static void test_closing_that_can_not_be_had_again_says_so(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    asked_t asked;
    buf_t again = {0};
    int64_t position = kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    free(close_november(kit, state, "one"));
    kit_redact(kit, position);
    store_t *store = province_store(kit, state, "two");
    view_t *view = ask(store, &asked);
    const ruled_t *closing = closing_find(view, &asked, &why);
    assert_int_equal(closing_summary(view, closing, &again, &why), BC_REFUSED);
    assert_string_equal(why.code, "closing-changed");
    json_t *j = closing_restate(view, &asked, closing, &why);
    assert_true(json_is_false(json_object_get(json_object_get(j, "closing"), "whole")));
    json_decref(j);
    buf_free(&again);
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

static void test_closing_is_refused_too_early_and_of_what_is_open(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    asked_t asked;
    store_t *store = province_store(kit, state, "one");
    view_t *view = ask(store, &asked);
    assert_null(closing_propose(view, &asked, day_make(2024, 11, 30), &why));
    assert_string_equal(why.code, "period-unfinished");
    assert_null(closing_find(view, &asked, &why));
    assert_string_equal(why.code, "period-open");
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_closing_gives_the_same_bytes_again_and_says_what_changed),
        IN_DIR(test_closing_that_can_not_be_had_again_says_so),
        IN_DIR(test_closing_is_refused_too_early_and_of_what_is_open),
    };
    return RUN(tests);
}
