/* SPDX-License-Identifier: MPL-2.0 */
/* Days in +07:00 and the two clocks. The tables of dates come from the calendar, not from the code. */
#include "proto/base/clock.h"

#include <time.h>

#include "tests/support.h"

#define UTC_MS(h, m, s, ms) (((h)*3600 + (m)*60 + (s)) * 1000LL + (ms))

static void test_clock_day_ends_at_seventeen_utc(void **state) {
    (void)state;
    day_t today = day_make(2024, 11, 7);
    int64_t midnight_utc = 1730937600000LL; /* 2024-11-07T00:00Z */
    assert_int_equal(clock_day(midnight_utc), today);
    assert_int_equal(clock_day(midnight_utc + UTC_MS(16, 59, 59, 999)), today);
    assert_int_equal(clock_day(midnight_utc + UTC_MS(17, 0, 0, 0)), today + 1);
    assert_int_equal(clock_day_start(today), midnight_utc - UTC_MS(7, 0, 0, 0));
    assert_int_equal(clock_day(clock_day_start(today)), today);
    assert_int_equal(clock_day(clock_day_start(today) - 1), today - 1);
    assert_int_equal(clock_day(-UTC_MS(7, 0, 0, 0)), 0);
    assert_int_equal(clock_day(-UTC_MS(7, 0, 0, 1)), -1);
}

static void test_clock_dates_that_do_not_exist(void **state) {
    (void)state;
    static const int t[][3] = {
        {2025, 2, 31}, {2025, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {2025, 4, 31},
        {2025, 0, 1},  {2025, 13, 1}, {2025, 1, 0},  {2025, 1, 32}, {1899, 12, 31},
        {2200, 1, 1},  {-1, 1, 1},    {2025, -1, 1}, {2025, 1, -1},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_int_equal(day_make(t[i][0], t[i][1], t[i][2]), DAY_NONE);
    assert_int_not_equal(day_make(2024, 2, 29), DAY_NONE);
    assert_int_not_equal(day_make(2000, 2, 29), DAY_NONE);
}

/* Against the C library's own calendar, each of 109,573 days. */
static void test_clock_every_day_round_trips(void **state) {
    (void)state;
    day_t first = day_make(1900, 1, 1), last = day_make(2199, 12, 31);
    assert_int_equal(first, -25567);
    assert_int_equal(last, 84005);
    for (day_t day = first; day <= last; day++) {
        time_t t = (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&t, &tm);
        int y, m, d;
        day_split(day, &y, &m, &d);
        assert_int_equal(y, tm.tm_year + 1900);
        assert_int_equal(m, tm.tm_mon + 1);
        assert_int_equal(d, tm.tm_mday);
        assert_int_equal(day_make(y, m, d), day);
        assert_int_equal(day_weekday(day), (tm.tm_wday + 6) % 7);
    }
}

static void test_clock_parses_iso_dates_strictly(void **state) {
    (void)state;
    assert_int_equal(day_parse("2024-11-07"), day_make(2024, 11, 7));
    static const char *wrong[] = {"",           "2024-11-7",  "2024-11-07 ", " 2024-11-07", "2024/11/07",
                                  "2025-02-31", "20241107",   "2024-1a-07",  "-024-11-07",  "2024-11-070",
                                  "+024-11-07", "07-11-2024", "２024-11-07"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(day_parse(wrong[i]), DAY_NONE);
    assert_int_equal(day_parse(NULL), DAY_NONE);
}

static void test_clock_writes_dates_and_times(void **state) {
    (void)state;
    char out[32];
    assert_string_equal(day_iso(day_make(2024, 11, 7), out), "2024-11-07");
    assert_string_equal(day_vi(day_make(2024, 11, 7), out), "07/11/2024");
    int64_t t = clock_day_start(day_make(2024, 11, 7)) + UTC_MS(15, 15, 30, 123);
    assert_string_equal(clock_iso(t, out), "2024-11-07T08:15:30.123Z");
    assert_string_equal(clock_vi(t, out), "15:15 07/11/2024");
    assert_string_equal(clock_iso(-1, out), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_vi(clock_day_start(day_make(2025, 1, 1)) - 1, out), "23:59 31/12/2024");
}

static void test_clock_monotonic_does_not_go_back(void **state) {
    (void)state;
    int64_t us = clock_mono_us(), ms = clock_mono_ms();
    for (int i = 0; i < 100000; i++) {
        int64_t us2 = clock_mono_us(), ms2 = clock_mono_ms();
        assert_true(us2 >= us && ms2 >= ms);
        us = us2;
        ms = ms2;
    }
}

/* main sets the offset to minus a year before the first call. */
static void test_clock_wall_lives_where_it_is_told(void **state) {
    (void)state;
    int64_t expected = (int64_t)time(NULL) * 1000 - 365LL * 86400000;
    int64_t difference = clock_wall_ms() - expected;
    assert_true(difference > -5000 && difference < 60000);
    setenv("BAOCAO_CLOCK_OFFSET_MS", "0", 1);
    assert_true(clock_wall_ms() - expected < 60000);
}

int main(void) {
    setenv("BAOCAO_CLOCK_OFFSET_MS", "-31536000000", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_day_ends_at_seventeen_utc),
        cmocka_unit_test(test_clock_dates_that_do_not_exist),
        cmocka_unit_test(test_clock_every_day_round_trips),
        cmocka_unit_test(test_clock_parses_iso_dates_strictly),
        cmocka_unit_test(test_clock_writes_dates_and_times),
        cmocka_unit_test(test_clock_monotonic_does_not_go_back),
        cmocka_unit_test(test_clock_wall_lives_where_it_is_told),
    };
    return RUN(tests);
}
