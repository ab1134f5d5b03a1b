/* SPDX-License-Identifier: MPL-2.0 */
/* The plan file of staff made whole, shown on plan 160; and the data files that every program carries. */
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/embed.h"
#include "proto/plan.h"
#include "tests/support.h"

/* Plan 160 as it would be published. */
static plan_t *plan_160(char **text) {
    buf_t file = {0};
    refusal_t why;
    assert_int_equal(file_read("proto/data/plan-160.json", 1 << 20, &file, NULL), 0);
    *text = plan_complete(file.data, file.len, &why);
    buf_free(&file);
    if (!*text) fail_msg("%s: %s", why.code, why.en);
    plan_t *plan = plan_read(*text, strlen(*text), &why);
    if (!plan) fail_msg("%s %s: %s", why.code, why.field, why.en);
    return plan;
}

static void test_plan_complete_makes_plan_160_whole(void **state) {
    (void)state;
    char *text;
    plan_t *plan = plan_160(&text);
    assert_string_equal(plan_number(plan), "160/KH-LĐLĐ");
    assert_non_null(plan_form(plan, "F12", LANG_VI));
    assert_non_null(plan_topic(plan, "tam-nhin-2050", LANG_VI));
    assert_non_null(plan_document(plan, "24-NQ/TW", LANG_VI));
    assert_int_equal(plan_measure(plan, "attendances")->add, ADD_SUM);
    assert_int_equal(plan_measure(plan, "members")->add, ADD_LAST);
    assert_int_equal(plan_measure(plan, "plans_issued")->add, ADD_COUNT);
    assert_int_equal(plan_measure(plan, "units_covered")->add, ADD_UNION);
    assert_int_equal(plan_measure(plan, "speakers")->add, ADD_MAX);
    assert_int_equal(plan_measure(plan, "highlights")->add, ADD_LIST);
    assert_int_equal(plan_checks(plan), 7);
    char *again = plan_complete(text, strlen(text), NULL);
    assert_string_equal(again, text); /* what is whole stays as it is */
    free(again);
    free(text);
    plan_free(&plan);
}

static void expect_due(const plan_t *plan, const char *period, const char *kind, const char *due) {
    period_t p;
    char iso[11];
    assert_int_equal(calendar_period(plan_calendar(plan), period, &p, NULL), 0);
    assert_string_equal(day_iso(plan_deadline(plan, &p, kind), iso), due);
}

static void test_plan_complete_brings_the_holidays(void **state) {
    (void)state;
    char *text;
    plan_t *plan = plan_160(&text);
    expect_due(plan, "2024-11", "grassroots", "2024-12-03");
    expect_due(plan, "2024-11", "federation", "2024-12-09");
    expect_due(plan, "2024-12", "grassroots", "2025-01-03");
    expect_due(plan, "2025-01", "grassroots", "2025-02-04"); /* Tết: 25 January to 2 February */
    expect_due(plan, "2025-01", "upper-level", "2025-02-06");
    expect_due(plan, "2025-04", "grassroots", "2025-05-06"); /* 1 and 2 May, a weekend */
    period_t before = {.to = day_make(2025, 1, 24)};
    assert_int_equal(plan_deadline(plan, &before, "grassroots"), day_make(2025, 2, 4));
    free(text);
    plan_free(&plan);
}

static void test_plan_complete_refuses_unknown_names(void **state) {
    (void)state;
    static const char *const files[] = {"{\"measures\":[\"sesions\"]}", "{\"measures\":[\"qqqqqqqqqqqq\"]}",
                                        "{\"holidays\":\"la\"}"};
    for (int i = 0; i < 3; i++) {
        refusal_t why;
        assert_null(plan_complete(files[i], strlen(files[i]), &why));
        assert_string_equal(why.code, "plan-catalogue");
        if (i == 0) assert_non_null(strstr(why.vi, "\"sessions\""));
    }
    refusal_t why;
    assert_null(plan_complete("{", 1, &why));
    assert_string_equal(why.code, "json-malformed");
}

static void test_plan_complete_puts_marks_together(void **state) {
    (void)state;
    static const char file[] = "{\"title\":\"Ke\u0302\u0301 hoa\u0323ch\"}";
    char *text = plan_complete(file, strlen(file), NULL);
    assert_string_equal(text, "{\"title\":\"Kế hoạch\"}");
    free(text);
}

static void test_plan_complete_has_a_sound_catalogue(void **state) {
    (void)state;
    json_t *array = json_loads(embed_catalogue, JSON_REJECT_DUPLICATES, NULL), *seen = json_object(), *v;
    size_t i;
    assert_true(json_array_size(array) > 30);
    json_array_foreach(array, i, v) {
        measure_t m;
        refusal_t why;
        if (measure_read(v, &m, &why)) fail_msg("%s: %s", why.field, why.en);
        assert_non_null(json_text(v, "en"));
        assert_null(json_object_get(seen, m.id));
        json_object_set(seen, m.id, v);
    }
    json_decref(seen);
    json_decref(array);
}

static void test_plan_complete_has_sound_holidays(void **state) {
    (void)state;
    json_t *j = json_loads(embed_holidays, JSON_REJECT_DUPLICATES, NULL), *v;
    size_t i;
    json_array_foreach(json_object_get(j, "off"), i, v) {
        assert_true(day_weekday(day_parse(json_string_value(v))) < 5);
    }
    json_array_foreach(json_object_get(j, "work"), i, v) {
        assert_true(day_weekday(day_parse(json_string_value(v))) >= 5);
    }
    assert_int_equal(json_array_size(json_object_get(j, "off")), 37);
    json_decref(j);
}

static void test_plan_complete_refuses_holidays_of_other_years(void **state) {
    (void)state;
    refusal_t why = {0};
    static const char ended[] =
        "{\"begins\":\"2024-10-01\",\"ends\":\"2025-12-31\",\"holidays\":{\"off\":[\"2024-12-"
        "02\"],\"work\":[]}}",
                      none[] = "{\"begins\":\"2024-10-01\",\"holidays\":{\"off\":[],\"work\":[]}}",
                      beyond[] = "{\"begins\":\"2031-01-01\",\"holidays\":\"vn\"}";
    assert_null(plan_complete(ended, sizeof ended - 1, &why));
    assert_string_equal(why.code, "plan-holidays");
    assert_non_null(strstr(why.en, "2025"));
    assert_null(plan_complete(beyond, sizeof beyond - 1, &why));
    assert_string_equal(why.code, "plan-holidays");
    char *whole = plan_complete(none, sizeof none - 1, &why);
    assert_non_null(whole);
    free(whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_complete_makes_plan_160_whole),
        cmocka_unit_test(test_plan_complete_brings_the_holidays),
        cmocka_unit_test(test_plan_complete_refuses_holidays_of_other_years),
        cmocka_unit_test(test_plan_complete_refuses_unknown_names),
        cmocka_unit_test(test_plan_complete_puts_marks_together),
        cmocka_unit_test(test_plan_complete_has_a_sound_catalogue),
        cmocka_unit_test(test_plan_complete_has_sound_holidays),
    };
    return RUN(tests);
}
