/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_plan.c - publishing plans, version by version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/registry.h"
#include "tests/collector/admin_fixture.h"

/* A small plan file; caller frees. */
static char *plan(int version, const char *title) {
    return mem_printf(
        "{\"plan\":\"9/KH-VD\",\"version\":%d,\"title\":{\"vi\":\"%s\"},\"issued\":\"2024-11-07\","
        "\"issuer\":\"Liên đoàn Ví "
        "dụ\",\"begins\":\"2024-11-07\",\"calendar\":\"duonglich\",\"period_kind\":\"month\","
        "\"deadline\":{\"days\":{},\"default\":5},\"holidays\":\"vn\",\"topics\":[],\"documents\":[],"
        "\"forms\":[{\"id\":\"F1\",\"vi\":\"Hội nghị\"}],\"measures\":[\"sessions\"]}",
        version, title);
}

static int publish(console_t *c, int version, const char *title) {
    char *text = plan(version, title);
    int status = console_run(c, text, "plan", "publish", "-", NULL);
    free(text);
    return status;
}

static void test_admin_plan_publish_again_is_nothing_new(void **state) {
    console_t *c = *state;
    int status = publish(c, 1, "Kế hoạch ví dụ");
    if (status) print_error("%s\n", c->err);
    assert_int_equal(status, 0);
    assert_int_equal(c->admin.changed, REGISTRY_PLANS);
    c->admin.changed = 0;
    assert_int_equal(publish(c, 1, "Kế hoạch ví dụ"), 0);
    assert_non_null(strstr(c->out, "nothing is new"));
    assert_int_equal(c->admin.changed, 0);
    assert_int_equal(console_entries(c, "plan"), 1);
}

static void test_admin_plan_publish_wants_the_next_version(void **state) {
    console_t *c = *state;
    assert_int_equal(publish(c, 2, "Kế hoạch ví dụ"), 65);
    assert_int_equal(publish(c, 1, "Kế hoạch ví dụ"), 0);
    assert_int_equal(publish(c, 1, "Khác"), 65);
    assert_non_null(strstr(c->err, "plan-version: "));
    assert_non_null(strstr(c->err, "must be version 2"));
    assert_int_equal(publish(c, 3, "Khác"), 65);
    assert_int_equal(publish(c, 2, "Khác"), 0);
    assert_int_equal(publish(c, 1, "Kế hoạch ví dụ"), 65); /* an older one is not the newest again */
    assert_int_equal(console_entries(c, "plan"), 2);
    assert_int_equal(console_run(c, NULL, "plan", "list", NULL), 0);
    assert_non_null(strstr(c->out, "9/KH-VD"));
}

static void test_admin_plan_publish_stores_the_whole_plan(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    assert_int_equal(publish(c, 1, "Kế hoạch ví dụ"), 0);
    registry_t *r = registry_load(c->store.queue, &why);
    const plan_t *p = plans_get(registry_plans(r), "9/KH-VD", 1);
    assert_non_null(p);
    assert_non_null(plan_measure(p, "sessions"));
    registry_free(&r);
}

static void test_admin_plan_publish_refuses_a_bad_plan(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c, "{\"plan\":1}", "plan", "publish", "-", NULL), 65);
    assert_int_equal(console_run(c, "not json", "plan", "publish", "-", NULL), 65);
    assert_non_null(strstr(c->err, "json-malformed"));
    assert_int_equal(console_entries(c, "plan"), 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_plan_publish_again_is_nothing_new),
        test(test_admin_plan_publish_wants_the_next_version),
        test(test_admin_plan_publish_stores_the_whole_plan),
        test(test_admin_plan_publish_refuses_a_bad_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
