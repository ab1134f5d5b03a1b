/* SPDX-License-Identifier: MPL-2.0 */
/* clock.c - the two clocks and the civil calendar, by arithmetic alone. */
#include "proto/base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/base/log.h"

#define DAY_MS 86400000LL
#define ZONE_MS (7 * 3600000LL) /* Indochina time, without daylight saving since 1975 */

static int64_t now_ns(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t); /* cannot fail for these two clocks */
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int64_t clock_mono_ms(void) {
    return now_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t clock_mono_us(void) {
    return now_ns(CLOCK_MONOTONIC) / 1000;
}

static int64_t offset_ms;

static void read_offset(void) {
    const char *s = getenv("BAOCAO_CLOCK_OFFSET_MS");
    if (!s || !*s) return;
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || *end || v > INT64_MAX / 4 || v < INT64_MIN / 4) {
        log_warn("clock.offset", "value=ignored do=\"set BAOCAO_CLOCK_OFFSET_MS to a whole number of ms\"");
        return;
    }
    offset_ms = v;
}

int64_t clock_wall_ms(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_offset);
    return now_ns(CLOCK_REALTIME) / 1000000 + offset_ms;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

day_t clock_day(int64_t wall_ms) {
    return (day_t)floor_div(wall_ms + ZONE_MS, DAY_MS);
}

int64_t clock_day_start(day_t day) {
    return day * DAY_MS - ZONE_MS;
}

/* Days before the first of March of YEAR, counted from the year 0: with the year beginning in
 * March, the leap day is its last and the months need no table of leap years. */
static int32_t days_before_march(int32_t year) {
    return 365 * year + year / 4 - year / 100 + year / 400;
}

#define EPOCH 719468 /* days from 0000-03-01 to 1970-01-01 */

/* Days from the first of March to the first of a month, March being 0. */
static int32_t days_before_month(int32_t month) {
    return (153 * month + 2) / 5;
}

static int month_length(int year, int month) {
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return length[month - 1] + (month == 2 && leap);
}

day_t day_make(int year, int month, int day) {
    if (year < 1900 || year > 2199 || month < 1 || month > 12) return DAY_NONE;
    if (day < 1 || day > month_length(year, month)) return DAY_NONE;
    int y = month < 3 ? year - 1 : year;
    return days_before_march(y) + days_before_month((month + 9) % 12) + day - 1 - EPOCH;
}

void day_split(day_t day, int *year, int *month, int *mday) {
    int64_t n = (int64_t)day + EPOCH;
    int64_t era = floor_div(n, 146097); /* 400 years, after which the calendar repeats */
    int32_t rest = (int32_t)(n - era * 146097);
    int32_t y = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int32_t in_year = rest - days_before_march(y);
    int32_t m = (5 * in_year + 2) / 153;
    *mday = in_year - days_before_month(m) + 1;
    *month = (m + 2) % 12 + 1;
    *year = (int)(y + era * 400 + (m >= 10));
}

int day_weekday(day_t day) {
    int64_t d = ((int64_t)day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(d < 0 ? d + 7 : d);
}

static int digits(const char *s, int n) {
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

day_t day_parse(const char *iso) {
    if (!iso || strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-') return DAY_NONE;
    return day_make(digits(iso, 4), digits(iso + 5, 2), digits(iso + 8, 2));
}

/* WIDTH decimal digits of V, higher ones dropped; returns the place behind them. */
static char *put(char *to, int64_t v, int width) {
    for (int i = width - 1; i >= 0; i--, v /= 10)
        to[i] = (char)('0' + (v < 0 ? 0 : v % 10));
    return to + width;
}

static char *put_date(char *to, day_t day) {
    int y, m, d;
    day_split(day, &y, &m, &d);
    to = put(to, y, 4);
    *to++ = '-';
    to = put(to, m, 2);
    *to++ = '-';
    return put(to, d, 2);
}

static char *put_date_vi(char *to, day_t day) {
    int y, m, d;
    day_split(day, &y, &m, &d);
    to = put(to, d, 2);
    *to++ = '/';
    to = put(to, m, 2);
    *to++ = '/';
    return put(to, y, 4);
}

char *day_iso(day_t day, char out[static 11]) {
    *put_date(out, day) = '\0';
    return out;
}

char *day_vi(day_t day, char out[static 11]) {
    *put_date_vi(out, day) = '\0';
    return out;
}

char *clock_iso(int64_t wall_ms, char out[static 25]) {
    int64_t day = floor_div(wall_ms, DAY_MS), ms = wall_ms - day * DAY_MS;
    char *to = put_date(out, (day_t)day);
    *to++ = 'T';
    to = put(to, ms / 3600000, 2);
    *to++ = ':';
    to = put(to, ms / 60000 % 60, 2);
    *to++ = ':';
    to = put(to, ms / 1000 % 60, 2);
    *to++ = '.';
    to = put(to, ms % 1000, 3);
    *to++ = 'Z';
    *to = '\0';
    return out;
}

char *clock_vi(int64_t wall_ms, char out[static 17]) {
    day_t day = clock_day(wall_ms);
    int64_t minute = (wall_ms - clock_day_start(day)) / 60000;
    char *to = put(out, minute / 60, 2);
    *to++ = ':';
    to = put(to, minute % 60, 2);
    *to++ = ' ';
    *put_date_vi(to, day) = '\0';
    return out;
}
