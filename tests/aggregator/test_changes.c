/* SPDX-License-Identifier: MPL-2.0 */
/* What can have changed a figure between two positions: only documents that had, or have, one there. */
#include "aggregator/changes.h"

#include "tests/aggregator/province.h"

static json_t *changes(const kit_t *kit, void **state, int64_t then_at, const char *unit) {
    static int serial;
    char name[16];
    refusal_t why = {0};
    asked_t asked;
    question_t q = {.unit = unit, .plan = PLAN, .period = NOV};
    snprintf(name, sizeof name, "c%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *then = view_new(store, then_at, NULL), *now = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(now, &q, &asked, &why), 0);
    json_t *j = changes_find(then, now, &asked, &why);
    assert_non_null(j);
    view_free(&then);
    view_free(&now);
    store_close(&store);
    return j;
}

static void test_changes_names_documents_whose_figures_differ(void **state) {
    kit_t *kit = province_new();
    char id[UUID_TEXT];
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-06", "{\"s\":1}");
    kit_activity(kit, "BD.02.001", "a3", 1, "2024-11-07", "{\"s\":1}");
    int64_t then = (int64_t)kit->count;
    kit_activity(kit, "BD.01.001", "a4", 1, "2024-12-01", "{\"s\":1}"); /* of another period */
    kit_activity(kit, "BD.01.001", "a1", 3, "2024-11-05", "{\"s\":2}");
    kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":9}"); /* came later, counts nothing */
    kit_withdraw(kit, "BD.01.001", "a2", 2);
    kit_activity(kit, "BD.02.001", "a3", 2, "2024-12-01", "{\"s\":1}"); /* moved out of the period */
    kit_activity(kit, "BD.01.002", "a5", 1, "2024-11-30", "{\"s\":1}");
    json_t *j = changes(kit, state, then, "BD");
    assert_int_equal(json_array_size(json_object_get(j, "changes")), 4);
    assert_string_equal(kit_text(j, "changes.0.id"), kit_id("a1", id));
    assert_int_equal(kit_int(j, "changes.0.was"), 1);
    assert_int_equal(kit_int(j, "changes.0.is"), 3);
    assert_string_equal(kit_text(j, "changes.1.id"), kit_id("a2", id));
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(j, "changes"), 1), "is")));
    assert_string_equal(kit_text(j, "changes.2.unit"), "BD.02.001");
    assert_int_equal(kit_int(j, "changes.3.is"), 1);
    json_decref(j);
    j = changes(kit, state, then, "BD.02");
    assert_int_equal(json_array_size(json_object_get(j, "changes")), 1);
    json_decref(j);
    kit_free(&kit);
}

static void test_changes_names_units_and_choices(void **state) {
    kit_t *kit = province_new();
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\"]", "{\"s\":1}");
    int64_t then = (int64_t)kit->count;
    kit_unit(kit, "BD.01.002", "grassroots", "BD.02");
    kit_decide(kit, "g1", "own");
    kit_decision(kit, "extend",
                 "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\"}");
    json_t *j = changes(kit, state, then, "BD");
    assert_int_equal(json_array_size(json_object_get(j, "changes")), 0);
    assert_int_equal(json_array_size(json_object_get(j, "others")), 2);
    assert_string_equal(kit_text(j, "others.0.unit"), "BD.01.002");
    assert_string_equal(kit_text(j, "others.1.kind"), "decision");
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_changes_names_documents_whose_figures_differ),
        IN_DIR(test_changes_names_units_and_choices),
    };
    return RUN(tests);
}
