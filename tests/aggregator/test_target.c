/* SPDX-License-Identifier: MPL-2.0 */
/* Targets of a plan: "at least 75 % of the grassroots unions held one", and sums of units of a level. */
#include "aggregator/target.h"

#include "tests/aggregator/province.h"

static const char targets[] =
    "[{\"id\":\"t1\",\"vi\":\"Ít nhất 75% CĐCS tổ chức\",\"numerator\":\"units:s\",\"denominator\":"
    "\"expected\",\"value\":75,\"date\":\"2024-12-31\",\"level\":\"grassroots\"},{\"id\":\"t2\",\"vi\":"
    "\"Tổng\",\"numerator\":\"s\",\"denominator\":\"expected\",\"value\":1000,\"date\":\"2024-11-10\","
    "\"level\":\"grassroots\"}]";

static void test_target_counts_units_and_sums_of_a_level(void **state) {
    kit_t *kit = province_new();
    province_plan(kit, "targets", targets);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-06", "{\"s\":10}");
    kit_activity(kit, "BD.01.002", "a3", 1, "2024-11-20", "{\"s\":5}"); /* after the second target's date */
    kit_activity(kit, "BD.01", "a4", 1, "2024-11-06", "{\"s\":900}");   /* of another level */
    kit_activity(kit, "BD.02.001", "a5", 1, "2024-12-06", "{\"s\":1}");
    json_t *j = province_said(kit, state, PLAN, NOV, target_json);
    assert_int_equal(kit_int(j, "said.0.numerator"), 2);
    assert_int_equal(kit_int(j, "said.0.denominator"), 4);
    assert_false(json_is_true(json_object_get(json_array_get(json_object_get(j, "said"), 0), "reached")));
    assert_int_equal(kit_int(j, "said.1.numerator"), 20);
    json_decref(j);
    j = province_said(kit, state, PLAN, "2024-12", target_json); /* from the plan's first day on */
    assert_int_equal(kit_int(j, "said.0.numerator"), 3);
    assert_true(json_is_true(json_object_get(json_array_get(json_object_get(j, "said"), 0), "reached")));
    json_decref(j);
    kit_free(&kit);
}

static void test_target_counts_whom_an_aggregate_covers(void **state) {
    kit_t *kit = province_new();
    province_plan(kit, "targets", targets);
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":30}");
    json_t *j = province_said(kit, state, PLAN, NOV, target_json);
    assert_int_equal(kit_int(j, "said.0.numerator"), 2);
    json_decref(j);
    kit_free(&kit);
}

static void test_target_of_a_plan_that_has_not_begun_is_not_reached(void **state) {
    kit_t *kit = province_new();
    province_plan(kit, "targets", targets);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    json_t *j = province_said(kit, state, PLAN, "2024-01", target_json);
    assert_int_equal(kit_int(j, "said.0.numerator"), 0);
    assert_false(json_is_true(json_object_get(json_array_get(json_object_get(j, "said"), 0), "reached")));
    json_decref(j);
    kit_free(&kit);
}

static void test_target_none(void **state) {
    kit_t *kit = province_new();
    json_t *j = province_said(kit, state, PLAN, NOV, target_json);
    assert_int_equal(json_array_size(json_object_get(j, "said")), 0);
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_target_counts_units_and_sums_of_a_level),
        IN_DIR(test_target_counts_whom_an_aggregate_covers),
        IN_DIR(test_target_of_a_plan_that_has_not_begun_is_not_reached),
        IN_DIR(test_target_none),
    };
    return RUN(tests);
}
