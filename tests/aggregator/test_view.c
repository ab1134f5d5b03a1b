/* SPDX-License-Identifier: MPL-2.0 */
/* The state as of a position: units, plans, decisions as they were then. */
#include "tests/aggregator/province.h"

static view_t *view_at_position(store_t *store, int64_t as_of) {
    refusal_t why = {0};
    view_t *view = view_new(store, as_of, &why);
    assert_non_null(view);
    return view;
}

static void test_view_is_as_of_its_position(void **state) {
    kit_t *kit = province_new();
    int64_t before = (int64_t)kit->count;
    kit_record(
        kit,
        "{\"unit\":\"BD.02\",\"kind\":\"upper-level\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"Mới\"}],"
        "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.01\"}],\"opened\":\"2020-01-01\",\"expected\":"
        "true}");
    kit_day(kit, "2024-11-09");
    kit_test_plan(kit, "2/KH", 1);
    kit_test_plan(kit, PLAN, 2);
    store_t *store = province_store(kit, state, "s");
    view_t *then = view_at_position(store, before), *now = view_at_position(store, STORE_NOW);
    day_t day = day_make(2024, 11, 5);
    assert_string_equal(unit_name(tree_get(view_tree(then), "BD.02"), day), "Đơn vị BD.02");
    assert_string_equal(unit_name(tree_get(view_tree(now), "BD.02"), day), "Mới");
    uint32_t unit = view_word(now, "BD.02.001");
    assert_string_equal(view_text(then, view_row(then, unit, view_word(then, "BD"), day)), "BD.02");
    assert_string_equal(view_text(now, view_row(now, unit, view_word(now, "BD"), day)), "BD.01");
    assert_int_equal(view_row(now, unit, view_word(now, "BD.02.001"), day), unit);
    assert_int_equal(view_row(now, view_word(now, "BD"), view_word(now, "BD.01"), day), 0);
    assert_string_equal(plan_number(view_only_plan(then)), PLAN);
    assert_null(view_only_plan(now));
    assert_int_equal(plans_known(view_plans(now), PLAN), 2);
    assert_int_equal(view_published(now, PLAN), day_make(2024, 11, 1)); /* the first version's day */
    assert_int_equal(view_published(now, "2/KH"), day_make(2024, 11, 9));
    assert_int_equal(view_published(then, "2/KH"), DAY_NONE);
    assert_string_equal(unit_code(view_top(now, day)), "BD");
    assert_int_equal(view_at(then)->position, before);
    assert_memory_equal(&view_at(then)->chain, &kit->list[before - 1].chain, HASH_LEN);
    view_free(&then);
    view_free(&now);
    store_close(&store);
    kit_free(&kit);
}

static void test_view_knows_the_newest_decision(void **state) {
    kit_t *kit = province_new();
    int64_t one = (kit_decide(kit, "g1", "own"), (int64_t)kit->count);
    int64_t two = (kit_decide(kit, "g1", "aggregate"), (int64_t)kit->count), at;
    kit_other(kit, "decision",
              "{\"kind\":\"close\",\"decision\":{\"aggregate\":\"?\"}}"); /* of a kind to come */
    store_t *store = province_store(kit, state, "s");
    char text[UUID_TEXT];
    uuid_bc_t id, other = {{0}};
    assert_int_equal(uuid_parse(kit_id("g1", text), &id), 0);
    view_t *then = view_at_position(store, one), *now = view_at_position(store, STORE_NOW);
    assert_int_equal(rulings_choice(view_rulings(then), &id, &at), CHOICE_OWN);
    assert_int_equal(rulings_choice(view_rulings(now), &id, &at), CHOICE_AGGREGATE);
    assert_int_equal(at, two);
    assert_int_equal(rulings_choice(view_rulings(now), &other, &at), CHOICE_NONE);
    view_free(&then);
    view_free(&now);
    store_close(&store);
    kit_free(&kit);
}

/* Documents change nothing that a view shows; a unit, a plan or a decision does. */
static void test_view_is_made_once_until_something_changes(void **state) {
    kit_t *kit = province_new();
    int64_t before = (int64_t)kit->count;
    store_t *store = province_store(kit, state, "s");
    view_t *first = view_at_position(store, STORE_NOW);
    const tree_t *tree = view_tree(first);
    assert_null(tree_get(tree, "BD.03"));
    view_free(&first);
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    kit_fold(kit, store, 0, 7);
    view_t *second = view_at_position(store, STORE_NOW), *then = view_at_position(store, before);
    assert_ptr_equal(view_tree(second), tree);
    assert_ptr_equal(view_tree(then), tree);
    assert_int_equal(view_at(second)->position, before + 1);
    assert_int_equal(view_at(then)->position, before);
    view_free(&second);
    view_free(&then);
    kit_unit(kit, "BD.03", "upper-level", "BD");
    kit_fold(kit, store, 0, 7);
    view_t *third = view_at_position(store, STORE_NOW);
    then = view_at_position(store, before);
    assert_non_null(tree_get(view_tree(third), "BD.03"));
    assert_null(tree_get(view_tree(then), "BD.03"));
    view_t *again = view_at_position(store, STORE_NOW); /* the older one did not take its place */
    assert_ptr_equal(view_tree(again), view_tree(third));
    view_free(&again);
    view_free(&then);
    view_free(&third);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_view_is_as_of_its_position),
        IN_DIR(test_view_knows_the_newest_decision),
        IN_DIR(test_view_is_made_once_until_something_changes),
    };
    return RUN(tests);
}
