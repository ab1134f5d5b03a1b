/* SPDX-License-Identifier: MPL-2.0 */
/* A plan read from its published form: what it gives, and each way in which it is wrong. */
#include "proto/plan.h"

#include "proto/base/json.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

/* The first plan of proto/vectors/judge.json; new. */
static json_t *plan_json_new(void) {
    json_t *all = vector_load("judge.json");
    json_t *plan = json_deep_copy(json_array_get(json_object_get(all, "plans"), 0));
    json_decref(all);
    return plan;
}

static plan_t *read_json(const json_t *j, refusal_t *why) {
    char *text = json_canonical(j);
    plan_t *plan = plan_read(text, strlen(text), why);
    free(text);
    return plan;
}

static int plan_setup(void **state) {
    json_t *j = plan_json_new();
    refusal_t why;
    *state = read_json(j, &why);
    json_decref(j);
    return *state ? 0 : -1;
}

static int plan_teardown(void **state) {
    plan_t *plan = *state;
    plan_free(&plan);
    return plan ? -1 : 0;
}

static void test_plan_gives_what_it_says(void **state) {
    const plan_t *plan = *state;
    assert_string_equal(plan_number(plan), "12/KH-LĐLĐ");
    assert_int_equal(plan_version(plan), 1);
    assert_string_equal(plan_title(plan, LANG_VI), "Kế hoạch ví dụ");
    assert_string_equal(plan_title(plan, LANG_EN), "Example plan");
    assert_int_equal(plan_begins(plan), day_make(2024, 10, 1));
    assert_int_equal(plan_ends(plan), day_make(2025, 3, 31));
    assert_ptr_equal(plan_calendar(plan), calendar_named("duonglich"));
    assert_string_equal(plan_period_kind(plan), "month");
    assert_string_equal(json_text(plan_json(plan), "issuer"), "Đơn vị Ví dụ");
    assert_string_equal(plan_form(plan, "F1", LANG_EN), "Conference");
    assert_string_equal(plan_form(plan, "F2", LANG_EN), "Khác"); /* no English: Vietnamese */
    assert_null(plan_form(plan, "F3", LANG_VI));
    assert_string_equal(plan_topic(plan, "t1", LANG_VI), "Nội dung một");
    assert_null(plan_topic(plan, "F1", LANG_VI));
    assert_string_equal(plan_document(plan, "790/QĐ-TTg", LANG_VI), "Quyết định ví dụ");
    assert_null(plan_document(plan, "790", LANG_VI));
}

static void test_plan_finds_measures(void **state) {
    const plan_t *plan = *state;
    assert_int_equal(plan_measures(plan), 10);
    for (size_t i = 0; i < plan_measures(plan); i++)
        assert_ptr_equal(plan_measure(plan, plan_measure_at(plan, i)->id), plan_measure_at(plan, i));
    assert_string_equal(plan_measure_at(plan, 0)->id, "sessions");
    assert_null(plan_measure(plan, "leaflets"));
    assert_int_equal(plan_checks(plan), 4);
    assert_int_equal(check_refuses(plan_check_at(plan, 2)), 0);
}

static void test_plan_counts_deadlines_by_kind_of_unit(void **state) {
    const plan_t *plan = *state;
    period_t p;
    char iso[11];
    assert_int_equal(calendar_period(plan_calendar(plan), "2024-12", &p, NULL), 0);
    /* 31 December is a Tuesday, 1 January is off. */
    assert_string_equal(day_iso(plan_deadline(plan, &p, "grassroots"), iso), "2025-01-03");
    assert_string_equal(day_iso(plan_deadline(plan, &p, "upper-level"), iso), "2025-01-07");
}

static void test_plan_reads_windows_of_its_own(void **state) {
    (void)state;
    json_t *all = vector_load("judge.json");
    refusal_t why;
    plan_t *plan = read_json(json_array_get(json_object_get(all, "plans"), 1), &why);
    assert_non_null(plan);
    assert_string_equal(calendar_id(plan_calendar(plan)), "plan");
    assert_int_equal(plan_ends(plan), DAY_NONE);
    assert_int_equal(plan_checks(plan), 0);
    plan_free(&plan);
    json_decref(all);
}

/* One change to a good plan and what it must come to. */
typedef struct {
    const char *key, *value; /* JSON; NULL takes the key away */
    const char *code, *field;
} fault_t;

#define FORM(id) "{\"id\":\"" id "\",\"vi\":\"x\"}"
#define MEASURE(id) \
    "{\"id\":\"" id "\",\"vi\":\"x\",\"unit\":{\"vi\":\"y\"},\"add\":\"sum\",\"in\":[\"period\"]}"
static const fault_t faults[] = {
    {"plan", NULL, "plan-field", "plan"},
    {"plan", "\" \"", "plan-field", "plan"},
    {"version", "0", "plan-field", "version"},
    {"title", "\"x\"", "plan-field", "title"},
    {"title", "{\"en\":\"x\"}", "plan-field", "title.vi"},
    {"title", "{\"vi\":\"e\\u0301\"}", "plan-field", ""},
    {"issued", "\"07/11/2024\"", "plan-field", "issued"},
    {"begins", NULL, "plan-field", "begins"},
    {"ends", "\"2024-09-30\"", "plan-field", "ends"},
    {"basis", "[1]", "plan-field", "basis"},
    {"calendar", "\"lunar\"", "plan-field", "calendar"},
    {"calendar", "\"plan\"", "calendar-bad", "windows"},
    {"period_kind", "\"week\"", "plan-field", "period_kind"},
    {"windows", "[{\"id\":\"a\",\"from\":\"2024-10-01\",\"to\":\"2024-10-02\"}]", "plan-field", "windows"},
    {"deadline", "{\"days\":{}}", "plan-field", "default"},
    {"deadline", "{\"days\":{\"trade\":-1},\"default\":2}", "plan-field", "deadline.days"},
    {"holidays", "\"vn\"", "plan-field", "holidays"},
    {"holidays", "{\"off\":[\"2025-02-30\"],\"work\":[]}", "plan-field", "holidays.off"},
    {"holidays", "{\"off\":[],\"work\":[1]}", "plan-field", "holidays.work"},
    {"topics", "[" FORM("a") "," FORM("a") "]", "plan-field", "topics"},
    {"forms", "[]", "plan-field", "forms"},
    {"forms", "[" FORM("-") "]", "plan-field", "forms[0].id"},
    {"forms", "[" FORM("F1") "," FORM("F1") "]", "plan-field", "forms"},
    {"documents", "[{\"number\":\"1\",\"vi\":\"x\",\"date\":\"2024\"}]", "plan-field", "documents[0].date"},
    {"documents", "[{\"number\":\"1\",\"vi\":\"x\"},{\"number\":\"1\",\"vi\":\"y\"}]", "plan-field",
     "documents"},
    {"measures", "[]", "plan-field", "measures"},
    {"measures", "[\"sessions\"]", "plan-measure", "?"},
    {"measures", "[" MEASURE("a") "," MEASURE("a") "]", "plan-measure", "a"},
    {"checks", "[{}]", "plan-check", "?"},
    {"checks",
     "[{\"id\":\"c\",\"left\":[\"highlights\"],\"op\":\"<=\",\"right\":[\"sessions\"],\"action\":\"warn\","
     "\"vi\":\"x\",\"en\":\"y\"}]",
     "plan-check", "c"},
    {"targets",
     "[{\"id\":\"m\",\"vi\":\"x\",\"numerator\":\"leaflets\",\"denominator\":\"sessions\",\"value\":1,"
     "\"date\":\"2025-01-01\",\"level\":\"federation\"}]",
     "plan-field", "targets"},
    {"targets", "[{}]", "plan-field", "targets[0].id"},
    {"stages", "[{\"id\":\"g1\",\"vi\":\"x\",\"from\":\"2024-11-01\"}]", "plan-field", "stages[0].to"},
    {"stages", "[]", "plan-field", "stages"},
    {"stages", "[{\"id\":\"g1\",\"vi\":\"x\",\"from\":\"2024-11-01\",\"to\":\"2040-10-31\"}]", "plan-field",
     "stages"},
    {"stages", "[{\"id\":\"g1\",\"vi\":\"x\",\"from\":\"2024-11-01\",\"to\":\"2024-10-31\"}]", "plan-field",
     "stages"},
    {"stages",
     "[{\"id\":\"g1\",\"vi\":\"x\",\"from\":\"2024-11-01\",\"to\":\"2024-11-30\"},{\"id\":\"g2\",\"vi\":"
     "\"x\","
     "\"from\":\"2024-11-30\",\"to\":\"2024-12-31\"}]",
     "plan-field", "stages"},
    {"materials", "[{\"title\":\"x\",\"sha256\":\"00\"}]", "plan-field", "materials[0].sha256"},
    {"addressees", "[{\"name\":\"x\"}]", "plan-field", "addressees[0].purpose"},
    {"surprise", "1", "plan-field", "surprise"},
};

static void test_plan_refuses_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const fault_t *f = &faults[i];
        refusal_t why;
        json_t *j = plan_json_new();
        if (f->value) {
            assert_int_equal(json_object_set_new(j, f->key, json_loads(f->value, JSON_DECODE_ANY, NULL)), 0);
        } else {
            assert_int_equal(json_object_del(j, f->key), 0);
        }
        /* The canonical text holds no escapes: what is out of NFC is so in the bytes. */
        plan_t *plan = read_json(j, &why);
        json_decref(j);
        if (plan) fail_msg("%s %s was taken", f->key, f->value ? f->value : "absent");
        if (strcmp(why.code, f->code) != 0 || strcmp(why.field, f->field) != 0)
            fail_msg("%s %s: %s at %s (%s)", f->key, f->value ? f->value : "absent", why.code, why.field,
                     why.en);
    }
}

static void test_plan_refuses_what_is_no_plan(void **state) {
    (void)state;
    refusal_t why;
    assert_null(plan_read("[]", 2, &why));
    assert_string_equal(why.code, "json-not-object");
    char *large = malloc(1000001);
    assert_non_null(large);
    memset(large, ' ', 1000001);
    assert_null(plan_read(large, 1000001, &why));
    assert_string_equal(why.code, "plan-field");
    free(large);
    plan_t *none = NULL;
    plan_free(&none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plan_gives_what_it_says, plan_setup, plan_teardown),
        cmocka_unit_test_setup_teardown(test_plan_finds_measures, plan_setup, plan_teardown),
        cmocka_unit_test_setup_teardown(test_plan_counts_deadlines_by_kind_of_unit, plan_setup,
                                        plan_teardown),
        cmocka_unit_test(test_plan_reads_windows_of_its_own),
        cmocka_unit_test(test_plan_refuses_what_is_wrong),
        cmocka_unit_test(test_plan_refuses_what_is_no_plan),
    };
    return RUN(tests);
}
