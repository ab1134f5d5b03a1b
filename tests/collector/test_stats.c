/* SPDX-License-Identifier: MPL-2.0 */
/* test_stats.c - percentiles and rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "collector/stats.h"

static void test_stats_percentiles_go_over_the_last_thousand(void **state) {
    (void)state;
    stats_t *s = calloc(1, sizeof *s);
    assert_int_equal(stats_commit_us(s, 99), 0);
    for (int i = 1; i <= 100; i++)
        stats_commit(s, i, 3, i);
    assert_int_equal(stats_commit_us(s, 50), 50);
    assert_int_equal(stats_commit_us(s, 99), 99);
    for (int i = 0; i < 1000; i++)
        stats_commit(s, 7, 3, 200);
    assert_int_equal(stats_commit_us(s, 99), 7);
    assert_int_equal(stats_get(&s->position), 200);
    assert_int_equal(stats_get(&s->commits), 1100);
    free(s);
}

static void test_stats_rate_forgets_after_a_minute(void **state) {
    (void)state;
    stats_t *s = calloc(1, sizeof *s);
    stats_stored(s, 600, 1000000);
    stats_stored(s, 600, 1030000);
    assert_int_equal(stats_rate(s, 1030000), 20);
    assert_int_equal(stats_rate(s, 1075000), 10);
    assert_int_equal(stats_rate(s, 1200000), 0);
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stats_percentiles_go_over_the_last_thousand),
        cmocka_unit_test(test_stats_rate_forgets_after_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
