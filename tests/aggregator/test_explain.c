/* SPDX-License-Identifier: MPL-2.0 */
/* A figure and what makes it up: the values add up to it, each names its document and all its revisions. */
#include "aggregator/explain.h"

#include "tests/aggregator/province.h"

static json_t *explained(const kit_t *kit, void **state, const char *measure, const char *period,
                         refusal_t *why) {
    static int serial;
    char name[16];
    asked_t asked;
    question_t q = {.unit = "BD", .plan = PLAN, .period = period};
    snprintf(name, sizeof name, "e%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, why), 0);
    json_t *j = explain_json(view, &asked, measure, why);
    view_free(&view);
    store_close(&store);
    return j;
}

static void test_explain_names_the_documents_that_add_up(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    char id[UUID_TEXT];
    kit_activity(kit, "BD.02.001", "a3", 1, "2024-11-07", "{\"s\":4,\"m\":7,\"l\":90}");
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":2}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-06", "{\"s\":30}");
    kit_activity(kit, "BD.01.002", "a4", 1, "2024-12-06", "{\"s\":500}"); /* of another period */
    json_t *j = explained(kit, state, "s", NOV, &why), *unit, *document;
    size_t i, k;
    int64_t sum = 0;
    json_array_foreach(json_object_get(j, "units"), i, unit)
        json_array_foreach(json_object_get(unit, "documents"), k, document) sum += kit_int(document, "value");
    assert_int_equal(sum, 36);
    assert_int_equal(kit_int(j, "figure.value"), 36);
    assert_int_equal(json_array_size(json_object_get(j, "units")), 2);
    assert_string_equal(kit_text(j, "units.0.unit"), "BD.01.001");
    assert_string_equal(kit_text(j, "units.0.child"), "BD.01");
    assert_string_equal(kit_text(j, "units.0.documents.0.id"), kit_id("a1", id));
    assert_int_equal(kit_int(j, "units.0.documents.0.rev"), 2);
    assert_int_equal(kit_int(j, "units.0.documents.0.revisions.0.rev"), 1);
    assert_int_equal(kit_int(j, "units.0.documents.0.revisions.1.rev"), 2);
    json_decref(j);
    j = explained(kit, state, "l", "2024-12", &why); /* a stock of the month before, carried forward */
    assert_int_equal(kit_int(j, "units.0.documents.0.value"), 90);
    assert_true(json_is_true(json_object_get(
        json_array_get(json_object_get(json_array_get(json_object_get(j, "units"), 0), "documents"), 0),
        "carried")));
    json_decref(j);
    assert_null(explained(kit, state, "hats", NOV, &why));
    assert_string_equal(why.code, "measure-none");
    kit_free(&kit);
}

static void test_explain_shows_what_a_host_speaks_for(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    char a[UUID_TEXT], b[UUID_TEXT];
    kit_activity(kit, "BD.02", "a1", 1, "2024-11-07", "{\"s\":100}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-07", "{\"s\":20}");
    char *link = mem_printf("{\"host\":\"%s\",\"guests\":[\"%s\"]}", kit_id("a1", a), kit_id("a2", b));
    kit_decision(kit, "link", link);
    free(link);
    json_t *j = explained(kit, state, "s", NOV, &why);
    assert_int_equal(kit_int(j, "figure.value"), 100);
    assert_string_equal(kit_text(j, "units.0.unit"), "BD.01.001");
    assert_true(json_is_true(json_object_get(
        json_array_get(json_object_get(json_array_get(json_object_get(j, "units"), 0), "documents"), 0),
        "joint")));
    assert_int_equal(kit_int(j, "units.1.documents.0.value"), 100);
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_explain_names_the_documents_that_add_up),
        IN_DIR(test_explain_shows_what_a_host_speaks_for),
    };
    return RUN(tests);
}
