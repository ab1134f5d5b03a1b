/* SPDX-License-Identifier: MPL-2.0 */
/* Periods of the three sorts of calendars, and deadlines in working days. */
#include "proto/calendar.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static period_t period(const char *calendar, const char *id) {
    period_t p;
    refusal_t why;
    if (calendar_period(calendar_named(calendar), id, &p, &why)) fail_msg("%s %s: %s", calendar, id, why.en);
    assert_string_equal(p.id, id);
    return p;
}

static void expect_days(const char *calendar, const char *id, const char *from, const char *to) {
    char iso[11];
    period_t p = period(calendar, id);
    assert_string_equal(day_iso(p.from, iso), from);
    assert_string_equal(day_iso(p.to, iso), to);
}

static void test_calendar_knows_its_periods(void **state) {
    (void)state;
    expect_days("duonglich", "2024-02", "2024-02-01", "2024-02-29");
    expect_days("duonglich", "2024-12", "2024-12-01", "2024-12-31");
    expect_days("duonglich", "2024-Q4", "2024-10-01", "2024-12-31");
    expect_days("duonglich", "2024-H2", "2024-07-01", "2024-12-31");
    expect_days("duonglich", "2024-9M", "2024-01-01", "2024-09-30");
    expect_days("duonglich", "2024", "2024-01-01", "2024-12-31");
    expect_days("nd09", "2024-11", "2024-10-15", "2024-11-14");
    expect_days("nd09", "2024-01", "2023-12-15", "2024-01-14");
    expect_days("nd09", "2024-Q1", "2023-12-15", "2024-03-14");
    expect_days("nd09", "2024-H2", "2024-06-15", "2024-12-14");
    expect_days("nd09", "2024-9M", "2023-12-15", "2024-09-14");
    expect_days("nd09", "2024", "2023-12-15", "2024-12-14");
}

static void test_calendar_has_that_of_the_union_statistics(void **state) {
    (void)state;
    expect_days("tk1454", "2024-H1", "2023-12-01", "2024-05-31");
    expect_days("tk1454", "2024-H2", "2024-06-01", "2024-11-30");
    expect_days("tk1454", "2024", "2023-12-01", "2024-11-30");
}

static void test_calendar_adds_up_from_january(void **state) {
    (void)state;
    expect_days("duonglich", "2024-to-02", "2024-01-01", "2024-02-29");
    expect_days("nd09", "2024-to-11", "2023-12-15", "2024-11-14");
    assert_int_equal(period("duonglich", "2024-to-11").cumulative, 1);
}

static void test_calendar_takes_any_days(void **state) {
    (void)state;
    static const char *const bad[] = {
        "2024-11-15..2024-11-14", "2024-11-15..2024-02-30", "2024-11-15", "", "2014-11-15..2025-11-15",
        "2024-11-15...2024-12-1", "2024-11-15..2024-12-140"};
    expect_days("dotxuat", "2024-11-15..2024-12-14", "2024-11-15", "2024-12-14");
    expect_days("dotxuat", "2024-11-15..2024-11-15", "2024-11-15", "2024-11-15");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        period_t p;
        assert_int_equal(calendar_period(calendar_named("dotxuat"), bad[i], &p, NULL), BC_REFUSED);
    }
    char *typed = calendar_id_typed("15/11/2024..14/12/2024");
    assert_string_equal(typed, "2024-11-15..2024-12-14");
    free(typed);
    typed = calendar_id_typed("15/11..x");
    assert_string_equal(typed, "15/11..x");
    free(typed);
    period_t p = period("dotxuat", "2024-11-15..2024-12-14");
    char *label = calendar_label(calendar_named("dotxuat"), &p, LANG_VI);
    assert_string_equal(label, "Từ ngày 15/11/2024 đến ngày 14/12/2024");
    free(label);
}

/* What comes before ID, and a year before, "" for none. */
static void expect_before(const char *calendar, const char *id, const char *before, const char *last_year) {
    period_t p = period(calendar, id), out = {.id = ""};
    if (calendar_before(calendar_named(calendar), &p, &out)) *out.id = '\0';
    assert_string_equal(out.id, before);
    if (calendar_year_before(calendar_named(calendar), &p, &out)) *out.id = '\0';
    assert_string_equal(out.id, last_year);
}

static void test_calendar_knows_what_to_compare_with(void **state) {
    (void)state;
    expect_before("duonglich", "2025-01", "2024-12", "2024-01");
    expect_before("duonglich", "2025-Q1", "2024-Q4", "2024-Q1");
    expect_before("nd09", "2025-01", "2024-12", "2024-01");
    expect_before("duonglich", "2024-9M", "", "2023-9M");
    expect_before("duonglich", "2024-to-11", "", "2023-to-11");
    expect_before("duonglich", "2024", "2023", "2023");
    expect_before("dotxuat", "2024-11-15..2024-12-14", "", "");
}

static void test_calendar_marks_nine_months_as_cumulative(void **state) {
    (void)state;
    assert_int_equal(period("nd09", "2024-9M").cumulative, 1);
    assert_int_equal(period("duonglich", "2024-9M").cumulative, 1);
    assert_int_equal(period("duonglich", "2024-Q3").cumulative, 0);
    assert_int_equal(period("duonglich", "2024").cumulative, 0);
}

/* COUNT ids tile exactly the days of WHOLE. */
static void expect_tiles(const char *calendar, const char *const *ids, size_t count, const char *whole) {
    period_t all = period(calendar, whole);
    day_t next = all.from;
    for (size_t i = 0; i < count; i++) {
        period_t p = period(calendar, ids[i]);
        assert_int_equal(p.from, next);
        next = p.to + 1;
    }
    assert_int_equal(next, all.to + 1);
}

static void test_calendar_tiles(void **state) {
    (void)state;
    static const char *const months[] = {"2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06",
                                         "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12"};
    static const char *const quarters[] = {"2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"};
    static const char *const halves[] = {"2025-H1", "2025-H2"};
    static const char *const calendars[] = {"duonglich", "nd09"};
    for (int c = 0; c < 2; c++) {
        expect_tiles(calendars[c], months, 3, "2025-Q1");
        expect_tiles(calendars[c], months, 12, "2025");
        expect_tiles(calendars[c], quarters, 2, "2025-H1");
        expect_tiles(calendars[c], quarters, 3, "2025-9M");
        expect_tiles(calendars[c], quarters, 4, "2025");
        expect_tiles(calendars[c], halves, 2, "2025");
    }
}

static void test_calendar_finds_the_period_of_each_day(void **state) {
    (void)state;
    static const char *const kinds[] = {"month", "quarter", "half", "year"};
    static const char *const calendars[] = {"duonglich", "nd09"};
    for (int c = 0; c < 2; c++)
        for (int k = 0; k < 4; k++)
            for (day_t day = day_make(2023, 12, 1); day <= day_make(2025, 1, 31); day++) {
                period_t p;
                assert_int_equal(calendar_holding(calendar_named(calendars[c]), kinds[k], day, &p), 0);
                assert_true(p.from <= day && day <= p.to);
                assert_string_equal(p.kind, kinds[k]);
                assert_int_equal(period(calendars[c], p.id).from, p.from);
            }
}

static void test_calendar_puts_the_days_after_the_14th_into_the_next_year(void **state) {
    (void)state;
    period_t p;
    assert_int_equal(calendar_holding(calendar_named("nd09"), "month", day_make(2024, 12, 15), &p), 0);
    assert_string_equal(p.id, "2025-01");
    assert_int_equal(calendar_holding(calendar_named("nd09"), "year", day_make(2024, 12, 14), &p), 0);
    assert_string_equal(p.id, "2024");
    assert_int_equal(calendar_holding(calendar_named("nd09"), "nine", day_make(2024, 11, 1), &p),
                     BC_NOTFOUND);
}

static void test_calendar_refuses_unknown_periods(void **state) {
    (void)state;
    static const char *const wrong[] = {"",         "2024-13", "2024-Q5", "24-11", "2024-1",
                                        "2024-11 ", "1800-01", "2300-01", "xxxx"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        period_t p;
        refusal_t why;
        if (calendar_period(calendar_named("duonglich"), wrong[i], &p, &why) == 0)
            fail_msg("%s was taken", wrong[i]);
        assert_string_equal(why.code, "period-unknown");
        assert_non_null(strstr(why.vi, "2024-11"));
    }
    assert_null(calendar_named("lunar"));
    assert_int_equal(calendar_has_kind(calendar_named("nd09"), "month"), 1);
    assert_int_equal(calendar_has_kind(calendar_named("nd09"), "window"), 0);
}

static calendar_t *windows(const char *text, refusal_t *why) {
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    calendar_t *self = calendar_of_windows(j, why);
    json_decref(j);
    return self;
}

static void test_calendar_of_windows_finds_days_between_its_gaps(void **state) {
    (void)state;
    refusal_t why;
    period_t p;
    calendar_t *self = windows("[{\"id\":\"dot-2\",\"from\":\"2024-12-01\",\"to\":\"2024-12-10\"},"
                               "{\"id\":\"dot-1\",\"from\":\"2024-11-01\",\"to\":\"2024-11-01\"}]",
                               &why);
    assert_non_null(self);
    assert_string_equal(calendar_id(self), "plan");
    assert_int_equal(calendar_has_kind(self, "window"), 1);
    assert_int_equal(calendar_has_kind(self, "month"), 0);
    assert_int_equal(calendar_holding(self, "window", day_make(2024, 11, 1), &p), 0);
    assert_string_equal(p.id, "dot-1");
    assert_int_equal(calendar_holding(self, "window", day_make(2024, 11, 2), &p), BC_NOTFOUND);
    assert_int_equal(calendar_holding(self, "window", day_make(2024, 12, 10), &p), 0);
    assert_string_equal(p.id, "dot-2");
    assert_int_equal(calendar_holding(self, "window", day_make(2024, 12, 11), &p), BC_NOTFOUND);
    assert_int_equal(calendar_period(self, "dot-2", &p, &why), 0);
    char *label = calendar_label(self, &p, LANG_VI);
    assert_string_equal(label, "Đợt dot-2 (01/12/2024 - 10/12/2024)");
    free(label);
    assert_int_not_equal(calendar_period(self, "2024-11", &p, &why), 0);
    calendar_free(&self);
    assert_null(self);
}

static void test_calendar_refuses_bad_windows(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "[]",
        "[{\"id\":\"a\",\"from\":\"2024-12-02\",\"to\":\"2024-12-01\"}]",
        "[{\"id\":\"a\",\"from\":\"2024-12-01\",\"to\":\"2024-12-05\"},{\"id\":\"b\",\"from\":\"2024-12-05\","
        "\"to\":\"2024-12-09\"}]",
        "[{\"id\":\"a\",\"from\":\"2024-12-01\",\"to\":\"2024-12-05\"},{\"id\":\"a\",\"from\":\"2024-12-06\","
        "\"to\":\"2024-12-09\"}]",
        "[{\"id\":\"a\",\"from\":\"2024-12-01\"}]",
        "[{\"id\":\"a\",\"from\":\"2024-12-01\",\"to\":\"2024-13-05\"}]",
        "[\"a\"]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refusal_t why;
        calendar_t *self = windows(wrong[i], &why);
        if (self) fail_msg("%s was taken", wrong[i]);
        assert_string_equal(why.code, "calendar-bad");
    }
}

static void expect_label(const char *id, const char *vi, const char *en) {
    period_t p = period("nd09", id);
    char *a = calendar_label(calendar_named("nd09"), &p, LANG_VI),
         *b = calendar_label(calendar_named("nd09"), &p, LANG_EN);
    assert_string_equal(a, vi);
    assert_string_equal(b, en);
    free(a);
    free(b);
}

static void test_calendar_labels_periods(void **state) {
    (void)state;
    expect_label("2024-11", "Tháng 11/2024", "November 2024");
    expect_label("2024-Q4", "Quý 4/2024", "Quarter 4/2024");
    expect_label("2024-H1", "6 tháng đầu năm 2024", "First half of 2024");
    expect_label("2024-H2", "6 tháng cuối năm 2024", "Second half of 2024");
    expect_label("2024-9M", "9 tháng năm 2024", "Nine months of 2024");
    expect_label("2024", "Năm 2024", "Year 2024");
}

static void expect_working(const char *day, int n, const char *due) {
    json_t *off = json_pack("[sss]", "2025-05-01", "2025-05-02", "2025-05-05"),
           *work = json_pack("[s]", "2025-04-26");
    char iso[11];
    assert_string_equal(day_iso(calendar_working_day(day_parse(day), n, off, work), iso), due);
    json_decref(off);
    json_decref(work);
}

static void test_calendar_counts_working_days(void **state) {
    (void)state;
    expect_working("2025-04-22", 0, "2025-04-22");
    expect_working("2025-04-22", 1, "2025-04-23");
    expect_working("2025-04-25", 1, "2025-04-26"); /* a Saturday to be worked */
    expect_working("2025-04-25", 2, "2025-04-28");
    expect_working("2025-04-30", 1, "2025-05-06"); /* two holidays, a weekend, a third */
    char iso[11];
    assert_string_equal(day_iso(calendar_working_day(day_parse("2025-04-25"), 1, NULL, NULL), iso),
                        "2025-04-28");
}

static void typed(const char *word, const char *want) {
    char *id = calendar_id_typed(word);
    assert_string_equal(id, want);
    free(id);
}

static void test_calendar_takes_a_month_as_people_write_it(void **state) {
    (void)state;
    typed("11/2024", "2024-11");
    typed("1/2025", "2025-01");
    typed("13/2024", "13/2024");
    typed("2024-Q4", "2024-Q4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar_knows_its_periods),
        cmocka_unit_test(test_calendar_has_that_of_the_union_statistics),
        cmocka_unit_test(test_calendar_adds_up_from_january),
        cmocka_unit_test(test_calendar_takes_any_days),
        cmocka_unit_test(test_calendar_knows_what_to_compare_with),
        cmocka_unit_test(test_calendar_marks_nine_months_as_cumulative),
        cmocka_unit_test(test_calendar_tiles),
        cmocka_unit_test(test_calendar_finds_the_period_of_each_day),
        cmocka_unit_test(test_calendar_puts_the_days_after_the_14th_into_the_next_year),
        cmocka_unit_test(test_calendar_refuses_unknown_periods),
        cmocka_unit_test(test_calendar_of_windows_finds_days_between_its_gaps),
        cmocka_unit_test(test_calendar_refuses_bad_windows),
        cmocka_unit_test(test_calendar_labels_periods),
        cmocka_unit_test(test_calendar_counts_working_days),
        cmocka_unit_test(test_calendar_takes_a_month_as_people_write_it),
    };
    return RUN(tests);
}
