/* SPDX-License-Identifier: MPL-2.0 */
/* test_decimal.c - digits out and in. */
#include "proto/base/decimal.h"

#include "proto/base/json.h"
#include "tests/support.h"

static void test_decimal_writes_what_printf_writes(void **state) {
    (void)state;
    const int64_t values[] = {0, 1, 9, 10, 99, 100, 1732060800000, JSON_NUMBER_MAX, INT64_MAX};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char expected[32], text[DECIMAL_MAX];
        snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        char *end = decimal_write(values[i], text);
        assert_string_equal(text, expected);
        assert_ptr_equal(end, text + strlen(expected));
    }
}

static void test_decimal_reads_and_stops_behind_the_digits(void **state) {
    (void)state;
    const char *at = "0 999999999999999x";
    int64_t v = -1;
    assert_true(decimal_read(&at, &v));
    assert_int_equal(v, 0);
    assert_string_equal(at, " 999999999999999x");
    at++;
    assert_true(decimal_read(&at, &v));
    assert_int_equal(v, JSON_NUMBER_MAX);
    assert_string_equal(at, "x");
}

static void test_decimal_refuses_other_spellings(void **state) {
    (void)state;
    const char *bad[] = {"", " 1", "-1", "+1", "01", "00", "x", "1000000000000000", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *at = bad[i];
        int64_t v = 7;
        assert_false(decimal_read(&at, &v));
        assert_ptr_equal(at, bad[i]);
        assert_int_equal(v, 7);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal_writes_what_printf_writes),
        cmocka_unit_test(test_decimal_reads_and_stops_behind_the_digits),
        cmocka_unit_test(test_decimal_refuses_other_spellings),
    };
    return RUN(tests);
}
