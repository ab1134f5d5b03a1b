/* SPDX-License-Identifier: MPL-2.0 */
/* Definitions: every version of every plan, each measure with its way of adding up. */
#include "aggregator/defs.h"
#include "tests/aggregator/province.h"

static plan_t *plan_of(const kit_t *kit, int64_t position) {
    const kit_entry_t *e = &kit->list[position - 1];
    plan_t *plan = plan_read(e->body, e->body_len, NULL);
    assert_non_null(plan);
    return plan;
}

static void test_defs_finds_measures_by_plan_and_version(void **state) {
    kit_t *kit = kit_new();
    int64_t one = kit_test_plan(kit, PLAN, 1), two = kit_test_plan(kit, "2/KH", 3);
    store_t *store = province_store(kit, state, "s");
    defs_t *defs = defs_new();
    assert_int_equal(store_begin(store), 0);
    plan_t *plan = plan_of(kit, one);
    assert_int_equal(defs_put(defs, store, &plan), 0);
    assert_null(plan);
    plan = plan_of(kit, two);
    assert_int_equal(defs_put(defs, store, &plan), 0);
    uint32_t first = words_find(store_words(store), PLAN, strlen(PLAN));
    uint32_t second = words_find(store_words(store), "2/KH", 4);
    assert_null(defs_get(defs, first, 2));
    assert_null(defs_get(defs, second, 1));
    const version_t *v = defs_get(defs, second, 3);
    const def_t *sum = defs_measure(v, "s"), *last = defs_measure(v, "l");
    assert_int_equal(sum->add, ADD_SUM);
    assert_int_equal(last->add, ADD_LAST);
    assert_true(sum->in & IN_AGGREGATE);
    assert_null(defs_measure(v, "z"));
    assert_int_equal(defs_measure(defs_get(defs, first, 1), "s")->way,
                     sum->way); /* the same way, one number */
    assert_string_equal(plan_number(defs_plan(v)), "2/KH");
    plan = plan_of(kit, two); /* again: in the place of the former */
    assert_int_equal(defs_put(defs, store, &plan), 0);
    assert_non_null(defs_get(defs, second, 3));
    defs_free(&defs);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {IN_DIR(test_defs_finds_measures_by_plan_and_version)};
    return RUN(tests);
}
