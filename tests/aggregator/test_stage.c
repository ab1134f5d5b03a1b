/* SPDX-License-Identifier: MPL-2.0 */
/* Stages of a plan: what was done in the days of each, up to the end of the period asked for. */
#include "aggregator/stage.h"

#include "proto/base/json.h"
#include "tests/aggregator/province.h"

/* The plan of the tests with three stages, as its second version. */
static void put_plan(kit_t *kit) {
    const kit_entry_t *first = &kit->list[kit->count - 1];
    json_t *plan = json_loadb(first->body, first->body_len, 0, NULL);
    json_object_set_new(plan, "version", json_integer(2));
    json_object_set_new(
        plan, "stages",
        json_loads("[{\"id\":\"g1\",\"vi\":\"Quán triệt\",\"from\":\"2024-11-01\",\"to\":\"2024-11-15\"},"
                   "{\"id\":\"g2\",\"vi\":\"Tuyên truyền\",\"from\":\"2024-11-16\",\"to\":\"2024-12-20\"},"
                   "{\"id\":\"g3\",\"vi\":\"Tổng kết\",\"from\":\"2025-01-01\",\"to\":\"2025-02-28\"}]",
                   0, NULL));
    char *text = json_canonical(plan);
    kit_plan(kit, text);
    free(text);
    json_decref(plan);
}

static json_t *ask(const kit_t *kit, void **state, const char *plan, const char *period) {
    static int serial;
    char name[16];
    asked_t asked;
    question_t q = {.unit = "BD", .plan = plan, .period = period};
    snprintf(name, sizeof name, "g%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *j = stage_json(view, &asked, NULL);
    view_free(&view);
    store_close(&store);
    assert_non_null(j);
    return json_pack("{s:o}", "g", j);
}

static void test_stage_has_what_was_done_in_its_days(void **state) {
    kit_t *kit = province_new();
    put_plan(kit);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-15", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-16", "{\"s\":20}");
    kit_activity(kit, "BD.02.001", "a3", 1, "2024-12-20", "{\"s\":40}");
    kit_activity(kit, "BD.02.001", "a4", 1, "2024-12-21", "{\"s\":80}"); /* between two stages */
    json_t *j = ask(kit, state, PLAN, "2024-12");
    assert_int_equal(kit_int(j, "g.0.measures.s.value"), 10);
    assert_int_equal(kit_int(j, "g.0.activities"), 1);
    assert_int_equal(kit_int(j, "g.1.measures.s.value"), 60);
    assert_int_equal(kit_int(j, "g.1.measures.s.units"), 2);
    assert_string_equal(kit_text(j, "g.1.upto"), "");
    assert_int_equal(kit_int(j, "g.2.activities"), -1); /* not begun */
    assert_string_equal(kit_text(j, "g.2.vi"), "Tổng kết");
    json_decref(j);
    j = ask(kit, state, PLAN, NOV);
    assert_int_equal(kit_int(j, "g.1.measures.s.value"), 20);
    assert_string_equal(kit_text(j, "g.1.upto"), "2024-11-30");
    json_decref(j);
    kit_free(&kit);
}

static void test_stage_is_nothing_without_a_plan_that_has_some(void **state) {
    kit_t *kit = province_new();
    json_t *j = ask(kit, state, PLAN, NOV);
    assert_int_equal(json_array_size(json_object_get(j, "g")), 0);
    json_decref(j);
    put_plan(kit);
    j = ask(kit, state, NULL, NOV);
    assert_int_equal(json_array_size(json_object_get(j, "g")), 0);
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_stage_has_what_was_done_in_its_days),
        IN_DIR(test_stage_is_nothing_without_a_plan_that_has_some),
    };
    return RUN(tests);
}
