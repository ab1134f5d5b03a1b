/* SPDX-License-Identifier: MPL-2.0 */
/* Targets of a plan: "at least 80 % of the grassroots unions held one", and sums of units of a level. */
#include "aggregator/target.h"

#include "proto/base/json.h"
#include "tests/aggregator/province.h"

/* The plan of the tests with two targets, as its second version. */
static void put_plan(kit_t *kit) {
    const kit_entry_t *first = &kit->list[kit->count - 1];
    json_t *plan = json_loadb(first->body, first->body_len, 0, NULL);
    json_object_set_new(plan, "version", json_integer(2));
    json_object_set_new(
        plan, "targets",
        json_loads(
            "[{\"id\":\"t1\",\"vi\":\"Ít nhất 80% CĐCS tổ chức\",\"numerator\":\"units:s\",\"denominator\":"
            "\"expected\",\"value\":75,\"date\":\"2024-12-31\",\"level\":\"grassroots\"},{\"id\":\"t2\","
            "\"vi\":"
            "\"Tổng\",\"numerator\":\"s\",\"denominator\":\"expected\",\"value\":1000,\"date\":\"2024-11-"
            "10\","
            "\"level\":\"grassroots\"}]",
            0, NULL));
    char *text = json_canonical(plan);
    kit_plan(kit, text);
    free(text);
    json_decref(plan);
}

static json_t *ask(const kit_t *kit, void **state, const char *period) {
    static int serial;
    char name[16];
    asked_t asked;
    question_t q = {.unit = "BD", .plan = PLAN, .period = period};
    snprintf(name, sizeof name, "t%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *j = target_json(view, &asked, NULL);
    view_free(&view);
    store_close(&store);
    return j;
}

static json_t *wrapped(json_t *list) {
    return json_pack("{s:o}", "t", list);
}

static void test_target_counts_units_and_sums_of_a_level(void **state) {
    kit_t *kit = province_new();
    put_plan(kit);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-06", "{\"s\":10}");
    kit_activity(kit, "BD.01.002", "a3", 1, "2024-11-20", "{\"s\":5}"); /* after the second target's date */
    kit_activity(kit, "BD.01", "a4", 1, "2024-11-06", "{\"s\":900}");   /* of another level */
    kit_activity(kit, "BD.02.001", "a5", 1, "2024-12-06", "{\"s\":1}");
    json_t *j = wrapped(ask(kit, state, NOV));
    assert_int_equal(kit_int(j, "t.0.numerator"), 2);
    assert_int_equal(kit_int(j, "t.0.denominator"), 4);
    assert_false(json_is_true(json_object_get(json_array_get(json_object_get(j, "t"), 0), "reached")));
    assert_int_equal(kit_int(j, "t.1.numerator"), 20);
    json_decref(j);
    j = wrapped(ask(kit, state, "2024-12")); /* from the plan's first day on */
    assert_int_equal(kit_int(j, "t.0.numerator"), 3);
    assert_true(json_is_true(json_object_get(json_array_get(json_object_get(j, "t"), 0), "reached")));
    json_decref(j);
    kit_free(&kit);
}

static void test_target_counts_whom_an_aggregate_covers(void **state) {
    kit_t *kit = province_new();
    put_plan(kit);
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":30}");
    json_t *j = wrapped(ask(kit, state, NOV));
    assert_int_equal(kit_int(j, "t.0.numerator"), 2);
    json_decref(j);
    kit_free(&kit);
}

static void test_target_none(void **state) {
    kit_t *kit = province_new();
    json_t *j = ask(kit, state, NOV);
    assert_int_equal(json_array_size(j), 0);
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_target_counts_units_and_sums_of_a_level),
        IN_DIR(test_target_counts_whom_an_aggregate_covers),
        IN_DIR(test_target_none),
    };
    return RUN(tests);
}
