/* SPDX-License-Identifier: MPL-2.0 */
/* Aggregates against own documents: nothing is counted twice, whatever is decided. */
#include "tests/aggregator/province.h"

static void expect_s(kit_t *kit, void **state, int64_t value, int64_t left_out) {
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", value);
    province_expect(kit, state, "BD", PLAN, NOV, "documents.left_out", left_out);
}

static void test_overlap_lets_an_aggregate_count_where_nothing_meets_it(void **state) {
    kit_t *kit = province_new();
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":30,\"c\":true}");
    kit_activity(kit, "BD.01.003", "a1", 1, "2024-11-03", "{\"s\":5}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-10-31", "{\"s\":7}"); /* another period */
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_int_equal(kit_int(j, "measures.s.value"), 35);
    assert_int_equal(kit_int(j, "measures.s.units"), 3);
    assert_int_equal(kit_int(j, "measures.c.value"), 2); /* true speaks for both */
    assert_int_equal(kit_int(j, "documents.aggregates"), 1);
    assert_int_equal(kit_int(j, "forms.-.activities"), 0);
    assert_int_equal(kit_int(j, "forms.-.measures.s.value"), 30);
    assert_int_equal(kit_int(j, "children.1.measures.s.value"), 35);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "board"), "overlaps")), 0);
    json_decref(j);
    province_expect(kit, state, "BD.01", PLAN, NOV, "children.0.measures.s.value",
                    30); /* its sender's own row */
    kit_free(&kit);
}

static void test_overlap_keeps_an_aggregate_out_until_somebody_decides(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-03", "{\"s\":5}");
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":30}");
    expect_s(kit, state, 5, 1);
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(j, "board.overlaps.0.unit"), "BD.01");
    assert_string_equal(kit_text(j, "board.overlaps.0.with.0"), "BD.01.001");
    assert_string_equal(kit_text(j, "board.overlaps.0.choice"), "");
    json_decref(j);
    kit_decide(kit, "g1", "own");
    expect_s(kit, state, 5, 1);
    kit_decide(kit, "g1", "aggregate"); /* the newest counts */
    expect_s(kit, state, 30, 1);
    province_expect(kit, state, "BD", NULL, NOV, "measures.s.value", 30);
    kit_withdraw(kit, "BD.01.001", "a1", 2); /* nothing to decide about any more */
    expect_s(kit, state, 30, 0);
    kit_free(&kit);
}

static void test_overlap_is_met_by_a_period_report_too(void **state) {
    kit_t *kit = province_new();
    static const int64_t nothing[] = {0};
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\"]", "{\"s\":30}");
    kit_period(kit, "BD.01.001", "p1", 1, NOV, "{\"s\":2}", nothing);
    expect_s(kit, state, 2, 1);
    kit_decide(kit, "g1", "aggregate");
    expect_s(kit, state, 30, 0); /* the period report is out, but is neither activity nor aggregate */
    province_expect(kit, state, "BD", PLAN, NOV, "documents.periods", 0);
    kit_free(&kit);
}

static void test_overlap_of_two_aggregates_takes_the_one_decided_later(void **state) {
    kit_t *kit = province_new();
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":30}");
    kit_aggregate(kit, "BD.02", "g2", 1, NOV, "[\"BD.01.002\",\"BD.02.001\"]", "{\"s\":400}");
    expect_s(kit, state, -1, 2);
    kit_decide(kit, "g1", "aggregate");
    expect_s(kit, state, 30, 1);
    kit_decide(kit, "g2", "aggregate");
    expect_s(kit, state, 400, 1);
    kit_decide(kit, "g1", "aggregate");
    expect_s(kit, state, 30, 1);
    kit_free(&kit);
}

static void test_overlap_leaves_an_activity_of_two_plans_out_of_the_whole(void **state) {
    kit_t *kit = province_new();
    kit_test_plan(kit, "2/KH", 1);
    kit_activity_of(kit, "BD.01.001", "a1", 1, "2024-11-03",
                    "[{\"plan\":\"2/KH\",\"version\":1},{\"plan\":\"1/KH\",\"version\":1}]", "F1", "[]",
                    "{\"s\":5}");
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\"]", "{\"s\":30}");
    kit_decide(kit, "g1", "aggregate");
    province_expect(kit, state, "BD", "2/KH", NOV, "measures.s.value", 5);
    province_expect(kit, state, "BD", "1/KH", NOV, "measures.s.value", 30);
    json_t *j = province_ask(kit, state, "BD", NULL, NOV);
    assert_int_equal(kit_int(j, "measures.s.value"), 30);
    json_t *two = json_object_get(json_object_get(j, "plans"), "2/KH");
    assert_int_equal(kit_int(two, "measures.s.value"), 5);
    json_decref(j);
    kit_free(&kit);
}

static void test_overlap_in_another_period_is_none(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-03", "{\"s\":5}");
    kit_aggregate(kit, "BD.01", "g1", 1, "2024-10", "[\"BD.01.001\"]", "{\"s\":30}");
    expect_s(kit, state, 5, 0);
    province_expect(kit, state, "BD", PLAN, "2024-10", "measures.s.value", 30);
    province_expect(kit, state, "BD", PLAN, "2024-Q4", "measures.s.value", 35);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_overlap_lets_an_aggregate_count_where_nothing_meets_it),
        IN_DIR(test_overlap_keeps_an_aggregate_out_until_somebody_decides),
        IN_DIR(test_overlap_is_met_by_a_period_report_too),
        IN_DIR(test_overlap_of_two_aggregates_takes_the_one_decided_later),
        IN_DIR(test_overlap_leaves_an_activity_of_two_plans_out_of_the_whole),
        IN_DIR(test_overlap_in_another_period_is_none),
    };
    return RUN(tests);
}
