/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/text_value.h. */
#include "proto/base/clock.h"
#include "proto/base/text_value.h"
#include "tests/support.h"

static void test_text_value_reads_numbers_as_written(void **state) {
    (void)state;
    static const struct {
        const char *s;
        number_t how;
        int64_t value;
    } t[] = {{"0", NUMBER_OK, 0},
             {"1234", NUMBER_OK, 1234},
             {"007", NUMBER_OK, 7},
             {"1.234.567", NUMBER_OK, 1234567},
             {"12.345.678", NUMBER_OK, 12345678},
             {"1 234", NUMBER_OK, 1234},
             {"1\u00A0234\u00A0567", NUMBER_OK, 1234567},
             {"1\u202F234", NUMBER_OK, 1234},
             {"1.234", NUMBER_AMBIGUOUS, 1234},
             {"999.999", NUMBER_AMBIGUOUS, 999999},
             {"999.999.999.999.999", NUMBER_OK, 999999999999999},
             {"999999999999999", NUMBER_OK, 999999999999999}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        int64_t value = -1;
        assert_int_equal(text_number(t[i].s, &value), t[i].how);
        assert_true(value == t[i].value);
    }
}

static void test_text_value_refuses_what_is_no_whole_number(void **state) {
    (void)state;
    static const char *const bad[] = {"",          " ",         "-3",
                                      "+3",        "1,5",       "1,234",
                                      "1.23",      "1.2345",    "1.234,5",
                                      "1.234 567", "1 234.567", "0.123",
                                      "012.345",   "1234.567",  ".234",
                                      "1.",        "1..234",    "1.234.",
                                      " 1",        "1 ",        "1e5",
                                      "0x10",      "12a",       "mười",
                                      "1.234,",    "\u0661",    "1\u00A0234 567"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value = -7;
        if (text_number(bad[i], &value) != NUMBER_BAD) fail_msg("'%s' was taken", bad[i]);
        assert_true(value == -7);
    }
}

static void test_text_value_refuses_too_large(void **state) {
    (void)state;
    static const char *const large[] = {"1000000000000000", "1.000.000.000.000.000", "99999999999999999999",
                                        "18446744073709551617", "999999999999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        int64_t value = -7;
        assert_int_equal(text_number(large[i], &value), NUMBER_RANGE);
        assert_true(value == -7);
    }
}

static void test_text_value_groups_thousands(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        const char *s;
    } t[] = {{0, "0"},
             {7, "7"},
             {999, "999"},
             {1000, "1.000"},
             {-1000, "-1.000"},
             {-100, "-100"},
             {1234567, "1.234.567"},
             {INT64_MAX, "9.223.372.036.854.775.807"},
             {INT64_MIN, "-9.223.372.036.854.775.808"}};
    char out[28];
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        assert_string_equal(text_grouped(t[i].value, out), t[i].s);
}

static void test_text_value_reads_dates_day_first(void **state) {
    (void)state;
    static const struct {
        const char *s;
        int y, m, d;
    } t[] = {{"12/05/2024", 2024, 5, 12}, {"7/11/2024", 2024, 11, 7},  {"07-11-2024", 2024, 11, 7},
             {"7.1.2025", 2025, 1, 7},    {"2024-11-07", 2024, 11, 7}, {"29/02/2024", 2024, 2, 29}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        assert_int_equal(text_date(t[i].s), day_make(t[i].y, t[i].m, t[i].d));
}

static void test_text_value_refuses_other_dates(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",           "31/02/2025",  "29/02/2025", "31/4/2025", "12/13/2024",     "00/01/2024",
        "1/0/2024",   "7/11/24",     "7/11/02024", "7/11-2024", "7/11",           "7//2024",
        "/11/2024",   "007/11/2024", "2024/11/07", "2024-11-7", "2024-13-01",     "7/11/2024 ",
        " 7/11/2024", "7/11/2024a",  "45603",      "1/1/0000",  "ngày 7/11/2024", "-7/11/2024"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (text_date(bad[i]) != DAY_NONE) fail_msg("'%s' was taken", bad[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_value_reads_numbers_as_written),
        cmocka_unit_test(test_text_value_refuses_what_is_no_whole_number),
        cmocka_unit_test(test_text_value_refuses_too_large),
        cmocka_unit_test(test_text_value_groups_thousands),
        cmocka_unit_test(test_text_value_reads_dates_day_first),
        cmocka_unit_test(test_text_value_refuses_other_dates),
    };
    return RUN(tests);
}
