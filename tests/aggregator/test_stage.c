/* SPDX-License-Identifier: MPL-2.0 */
/* Stages of a plan: what was done in the days of each, up to the end of the period asked for. */
#include "aggregator/stage.h"

#include "tests/aggregator/province.h"

static const char stages[] =
    "[{\"id\":\"g1\",\"vi\":\"Quán triệt\",\"from\":\"2024-11-01\",\"to\":\"2024-11-15\"},"
    "{\"id\":\"g2\",\"vi\":\"Tuyên truyền\",\"from\":\"2024-11-16\",\"to\":\"2024-12-20\"},"
    "{\"id\":\"g3\",\"vi\":\"Tổng kết\",\"from\":\"2025-01-01\",\"to\":\"2025-02-28\"}]";

static void test_stage_has_what_was_done_in_its_days(void **state) {
    kit_t *kit = province_new();
    province_plan(kit, "stages", stages);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-15", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-16", "{\"s\":20}");
    kit_activity(kit, "BD.02.001", "a3", 1, "2024-12-20", "{\"s\":40}");
    kit_activity(kit, "BD.02.001", "a4", 1, "2024-12-21", "{\"s\":80}"); /* between two stages */
    json_t *j = province_said(kit, state, PLAN, "2024-12", stage_json);
    assert_int_equal(kit_int(j, "said.0.measures.s.value"), 10);
    assert_int_equal(kit_int(j, "said.0.activities"), 1);
    assert_int_equal(kit_int(j, "said.1.measures.s.value"), 60);
    assert_int_equal(kit_int(j, "said.1.measures.s.units"), 2);
    assert_string_equal(kit_text(j, "said.1.upto"), "");
    assert_int_equal(kit_int(j, "said.2.activities"), -1); /* not begun */
    assert_string_equal(kit_text(j, "said.2.vi"), "Tổng kết");
    json_decref(j);
    j = province_said(kit, state, PLAN, NOV, stage_json);
    assert_int_equal(kit_int(j, "said.1.measures.s.value"), 20);
    assert_string_equal(kit_text(j, "said.1.upto"), "2024-11-30");
    json_decref(j);
    kit_free(&kit);
}

static void test_stage_is_nothing_without_a_plan_that_has_some(void **state) {
    kit_t *kit = province_new();
    json_t *j = province_said(kit, state, PLAN, NOV, stage_json);
    assert_int_equal(json_array_size(json_object_get(j, "said")), 0);
    json_decref(j);
    province_plan(kit, "stages", stages);
    j = province_said(kit, state, NULL, NOV, stage_json);
    assert_int_equal(json_array_size(json_object_get(j, "said")), 0);
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
