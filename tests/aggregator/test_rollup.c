/* SPDX-License-Identifier: MPL-2.0 */
/* Rolling up: the tree in force on the day, plans, forms, topics, children, stocks. */
#include "tests/aggregator/province.h"

static const int64_t nothing[] = {0};

static void test_rollup_counts_an_activity_of_two_plans_once_in_the_whole(void **state) {
    kit_t *kit = province_new();
    kit_test_plan(kit, "2/KH", 1);
    kit_activity_of(kit, "BD.01.001", "a1", 1, "2024-11-03",
                    "[{\"plan\":\"1/KH\",\"version\":1},{\"plan\":\"2/KH\",\"version\":1}]", "F1",
                    "[\"t1\",\"t2\"]", "{\"s\":5}");
    province_expect(kit, state, "BD", "1/KH", NOV, "measures.s.value", 5);
    province_expect(kit, state, "BD", "2/KH", NOV, "measures.s.value", 5);
    json_t *j = province_ask(kit, state, "BD", NULL, NOV);
    assert_int_equal(kit_int(j, "measures.s.value"), 5);
    assert_int_equal(kit_int(j, "documents.activities"), 1);
    assert_int_equal(json_object_size(json_object_get(j, "plans")), 2);
    assert_int_equal(kit_int(j, "topics.t1.measures.s.value"), 5);
    assert_int_equal(kit_int(j, "topics.t2.activities"), 1);
    assert_true(json_is_null(json_object_get(j, "board")));
    json_decref(j);
    kit_free(&kit);
}

static void test_rollup_leaves_a_moved_units_past_where_it_was(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-10", "{\"s\":5}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-20", "{\"s\":70}");
    kit_record(kit, "{\"unit\":\"BD.01.001\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\","
                    "\"name\":\"Cũ\"}],"
                    "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.01\"},{\"from\":\"2024-11-15\","
                    "\"parent\":\"BD.02\"}],"
                    "\"opened\":\"2020-01-01\",\"expected\":true}");
    province_expect(kit, state, "BD.01", PLAN, NOV, "measures.s.value", 5);
    province_expect(kit, state, "BD.02", PLAN, NOV, "measures.s.value", 70);
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 75);
    province_expect(kit, state, "BD.01.001", PLAN, NOV, "measures.s.value", 75);
    kit_free(&kit);
}

static void test_rollup_carries_a_stock_forward_and_says_so(void **state) {
    kit_t *kit = province_new();
    kit_period(kit, "BD.01.001", "p1", 1, "2024-10", "{\"l\":100}", nothing);
    kit_period(kit, "BD.01.002", "p2", 1, "2024-10", "{\"l\":10}", nothing);
    kit_period(kit, "BD.01.002", "p3", 1, NOV, "{\"l\":12}", nothing);
    kit_activity(kit, "BD.02.001", "a1", 1, "2024-12-05", "{\"l\":1000}"); /* not yet */
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_int_equal(kit_int(j, "measures.l.value"), 112);
    assert_int_equal(kit_int(j, "measures.l.units"), 2);
    assert_int_equal(kit_int(j, "measures.l.carried"), 1);
    assert_int_equal(kit_int(j, "children.1.measures.l.value"), 112);
    json_decref(j);
    province_expect(kit, state, "BD", PLAN, "2024-Q4", "measures.l.value", 1112);
    province_expect(kit, state, "BD", PLAN, "2024-Q4", "measures.l.carried", 0);
    kit_free(&kit);
}

static void test_rollup_takes_a_stock_where_the_unit_stands_at_the_end(void **state) {
    kit_t *kit = province_new();
    kit_period(kit, "BD.01.001", "p1", 1, "2024-10", "{\"l\":100}", nothing);
    kit_period(kit, "BD.02.001", "p2", 1, "2024-10", "{\"l\":7}", nothing);
    kit_record(kit, "{\"unit\":\"BD.01.001\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\","
                    "\"name\":\"Cũ\"}],"
                    "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.01\"},{\"from\":\"2024-11-15\","
                    "\"parent\":\"BD.02\"}],"
                    "\"opened\":\"2020-01-01\",\"expected\":true}");
    kit_record(kit, "{\"unit\":\"BD.02.001\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\","
                    "\"name\":\"Cũ\"}],"
                    "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.02\"}],\"opened\":\"2020-01-01\","
                    "\"closed\":\"2024-11-20\",\"expected\":true}");
    province_expect(kit, state, "BD.01", PLAN, NOV, "measures.l.value", -1);
    province_expect(kit, state, "BD.02", PLAN, NOV, "measures.l.value",
                    100); /* the closed one has no stock */
    province_expect(kit, state, "BD.02", PLAN, "2024-10", "measures.l.value", 7);
    kit_free(&kit);
}

static void test_rollup_does_not_carry_an_aggregates_stock_over_a_later_own_one(void **state) {
    kit_t *kit = province_new();
    kit_aggregate(kit, "BD.01", "g1", 1, "2024-10", "[\"BD.01.001\",\"BD.01.002\"]", "{\"l\":50}");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.l.value", 50);
    province_expect(kit, state, "BD", PLAN, NOV, "measures.l.carried", 2);
    kit_period(kit, "BD.01.001", "p1", 1, NOV, "{\"l\":20}", nothing);
    province_expect(kit, state, "BD", PLAN, NOV, "measures.l.value", 20);
    province_expect(kit, state, "BD.01", PLAN, NOV, "children.0.measures.l.value", -1);
    kit_free(&kit);
}

static void test_rollup_keeps_ways_of_adding_up_apart(void **state) {
    static const char plan[] = "{\"plan\":\"2/"
                               "KH\",\"version\":%d,\"title\":{\"vi\":\"Hai\"},\"issued\":\"2024-10-01\","
                               "\"issuer\":\"LĐLĐ\",\"begins\":"
                               "\"2024-10-01\",\"calendar\":\"duonglich\",\"period_kind\":\"month\","
                               "\"deadline\":{\"days\":{},\"default\":2},"
                               "\"holidays\":{\"off\":[],\"work\":[]},\"topics\":[],\"documents\":[],"
                               "\"forms\":[{\"id\":\"F1\",\"vi\":\"Một\"}],"
                               "\"measures\":[{\"id\":\"x\",\"vi\":\"X\",\"unit\":{\"vi\":\"x\"},\"add\":\"%"
                               "s\",\"in\":[\"activity\"]}]}";
    kit_t *kit = province_new();
    char *one = mem_printf(plan, 1, "sum"), *two = mem_printf(plan, 2, "max");
    kit_plan(kit, one);
    kit_activity_of(kit, "BD.01.001", "a1", 1, "2024-11-03", "[{\"plan\":\"2/KH\",\"version\":1}]", "F1",
                    "[]", "{\"x\":5}");
    kit_activity_of(kit, "BD.01.001", "a2", 1, "2024-11-04", "[{\"plan\":\"2/KH\",\"version\":1}]", "F1",
                    "[]", "{\"x\":6}");
    kit_plan(kit, two);
    kit_activity_of(kit, "BD.01.002", "a3", 1, "2024-11-05", "[{\"plan\":\"2/KH\",\"version\":2}]", "F1",
                    "[]", "{\"x\":9}");
    json_t *j = province_ask(kit, state, "BD", "2/KH", NOV);
    json_t *measures = json_object_get(j, "measures");
    assert_int_equal(kit_int(measures, "x.value"), 9);
    assert_int_equal(kit_int(json_object_get(measures, "x/sum/0"), "value"), 11);
    json_decref(j);
    free(one);
    free(two);
    kit_free(&kit);
}

static void test_rollup_shows_children_that_reported_and_those_that_did_not(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD", "a1", 1, "2024-11-03", "{\"s\":1}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-03", "{\"s\":2}");
    kit_activity(kit, "TW", "a3", 1, "2024-11-03", "{\"s\":4}");
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_int_equal(json_array_size(json_object_get(j, "children")), 4);
    assert_string_equal(kit_text(j, "children.0.code"), "BD");
    assert_int_equal(kit_int(j, "children.0.measures.s.value"), 1);
    assert_int_equal(kit_int(j, "children.1.measures.s.value"), 2);
    assert_string_equal(kit_text(j, "children.2.code"), "BD.02");
    assert_int_equal(kit_int(j, "children.2.activities"), 0);
    assert_string_equal(kit_text(j, "children.3.code"), "TW");
    assert_int_equal(kit_int(j, "measures.s.value"), 7);
    json_decref(j);
    kit_free(&kit);
}

static void test_rollup_asks_by_another_calendar(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-14", "{\"s\":1}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-15", "{\"s\":20}");
    store_t *store = province_store(kit, state, "s");
    refusal_t why = {0};
    view_t *view = view_new(store, STORE_NOW, &why);
    question_t q = {.unit = "BD", .plan = PLAN, .calendar = "nd09", .period = NOV};
    asked_t asked;
    assert_int_equal(summary_ask(view, &q, &asked, &why), 0);
    json_t *j = summary_json(view, &asked, &why);
    assert_int_equal(kit_int(j, "measures.s.value"), 1);
    assert_string_equal(kit_text(j, "period.from"), "2024-10-15");
    assert_true(json_is_null(json_object_get(j, "board")));
    json_decref(j);
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_rollup_counts_an_activity_of_two_plans_once_in_the_whole),
        IN_DIR(test_rollup_leaves_a_moved_units_past_where_it_was),
        IN_DIR(test_rollup_carries_a_stock_forward_and_says_so),
        IN_DIR(test_rollup_takes_a_stock_where_the_unit_stands_at_the_end),
        IN_DIR(test_rollup_does_not_carry_an_aggregates_stock_over_a_later_own_one),
        IN_DIR(test_rollup_keeps_ways_of_adding_up_apart),
        IN_DIR(test_rollup_shows_children_that_reported_and_those_that_did_not),
        IN_DIR(test_rollup_asks_by_another_calendar),
    };
    return RUN(tests);
}
