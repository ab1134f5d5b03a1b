/* SPDX-License-Identifier: MPL-2.0 */
/* Sets of units: each counted once, whether one or many. */
#include "aggregator/unitset.h"
#include "tests/support.h"

static void test_unitset_counts_each_unit_once(void **state) {
    (void)state;
    unitset_t set = {0};
    assert_false(unitset_has(&set, 7));
    assert_int_equal(unitset_add(&set, 7), 1);
    assert_int_equal(unitset_add(&set, 7), 0);
    assert_null(set.bits); /* one costs nothing */
    assert_int_equal(unitset_add(&set, 700), 1);
    assert_int_equal(unitset_add(&set, 64), 1);
    assert_int_equal(unitset_add(&set, 7), 0);
    assert_int_equal(unitset_add(&set, 700), 0);
    assert_int_equal(set.count, 3);
    assert_true(unitset_has(&set, 7) && unitset_has(&set, 64) && unitset_has(&set, 700));
    assert_false(unitset_has(&set, 63) || unitset_has(&set, 65) || unitset_has(&set, 100000));
    unitset_free(&set);
    assert_int_equal(set.count, 0);
    unitset_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unitset_counts_each_unit_once)};
    return RUN(tests);
}
