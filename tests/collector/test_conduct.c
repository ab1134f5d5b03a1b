/* SPDX-License-Identifier: MPL-2.0 */
/* test_conduct.c - what is forgiven, who is put out, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "collector/conduct.h"

#define MINUTE 60000
#define HOUR (60 * MINUTE)

/* Breaks rules with small messages until it is put out; for how long. *N: how many that took. */
static int64_t flood(conduct_t *self, int64_t key, int64_t now, int *n) {
    for (*n = 1; *n < 10000; ++*n) {
        int64_t ms = conduct_break(self, key, 100, now);
        if (ms) return ms;
    }
    return 0;
}

static void test_conduct_forgives_what_comes_now_and_then(void **state) {
    (void)state;
    conduct_t *self = conduct_new();
    for (int64_t now = 0; now < HOUR; now += 125)
        assert_int_equal(conduct_break(self, 7, 100, now), 0);
    assert_int_equal(conduct_out(self, 7, HOUR), 0);
    conduct_free(&self);
    assert_null(self);
}

static void test_conduct_puts_out_who_floods_and_nobody_else(void **state) {
    (void)state;
    conduct_t *self = conduct_new();
    int n;
    assert_int_equal(conduct_break(self, 8, 100, 5000), 0);
    assert_int_equal(flood(self, 7, 5000, &n), MINUTE);
    assert_int_equal(n, 513);
    assert_int_equal(conduct_out(self, 7, 5000), MINUTE);
    assert_int_equal(conduct_out(self, 7, 5000 + MINUTE - 1), 1);
    assert_int_equal(conduct_out(self, 7, 5000 + MINUTE), 0);
    assert_int_equal(conduct_out(self, 8, 5000), 0);
    assert_int_equal(conduct_out(self, 9, 5000), 0);
    assert_int_equal(conduct_break(self, 7, 100, 6000), 0); /* it is out already */
    conduct_free(&self);
}

static void test_conduct_weighs_large_messages_more(void **state) {
    (void)state;
    conduct_t *self = conduct_new();
    int n = 1;
    while (!conduct_break(self, 7, 900000, 0))
        n++;
    assert_int_equal(n, 3);
    conduct_free(&self);
}

static void test_conduct_puts_out_longer_each_time_up_to_an_hour(void **state) {
    (void)state;
    conduct_t *self = conduct_new();
    int64_t now = 0, expected = MINUTE;
    int n;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(flood(self, 7, now, &n), expected);
        now += expected;
        expected = expected * 2 < HOUR ? expected * 2 : HOUR;
    }
    now += HOUR; /* in which it kept to the rules */
    assert_int_equal(flood(self, 7, now, &n), MINUTE);
    conduct_free(&self);
}

static void count(void *arg, int64_t key, int64_t left) {
    int64_t *sum = arg;
    sum[0] += key;
    sum[1] += left;
}

/* Thousands of keys, of which two are out: the others are forgotten, these are not. */
static void test_conduct_remembers_only_what_it_must(void **state) {
    (void)state;
    conduct_t *self = conduct_new();
    int n;
    flood(self, 1, 0, &n);
    flood(self, 2, 1000, &n);
    for (int64_t key = 3; key < 5000; key++)
        assert_int_equal(conduct_break(self, key, 100, 2000 + key * 10), 0);
    int64_t sum[2] = {0, 0};
    conduct_each(self, 31000, count, sum);
    assert_int_equal(sum[0], 3);
    assert_int_equal(sum[1], 29000 + 30000);
    conduct_free(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conduct_forgives_what_comes_now_and_then),
        cmocka_unit_test(test_conduct_puts_out_who_floods_and_nobody_else),
        cmocka_unit_test(test_conduct_weighs_large_messages_more),
        cmocka_unit_test(test_conduct_puts_out_longer_each_time_up_to_an_hour),
        cmocka_unit_test(test_conduct_remembers_only_what_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
