/* SPDX-License-Identifier: MPL-2.0 */
/* test_status.c - that it flows, or what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/status.h"
#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

#define NOW 1730900000000

/* A collector that runs, with units and a plan. */
static void healthy(console_t *c) {
    console_units(c);
    entry_t e = {.kind = "plan", .by = "A"};
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(queue_append(c->store.queue, &e, "{}", 2), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
    c->admin.live = json_pack("{sI sI si si si}", "started", (json_int_t)NOW, "credit_cap", (json_int_t)1000,
                              "rate", 3, "fsync_p50_us", 900, "fsync_p99_us", 4000);
}

/* The codes of the problems, one line each. */
static char *problems(console_t *c, int64_t disk_low) {
    json_t *status = status_collect(&c->admin, disk_low, NOW), *p;
    buf_t out = {0};
    size_t i;
    buf_puts(&out, "");
    json_array_foreach(json_object_get(status, "problems"), i, p) {
        assert_true(*json_text(p, "vi") && *json_text(p, "en"));
        buf_printf(&out, "%s\n", json_text(p, "code"));
    }
    json_decref(status);
    json_decref(c->admin.live);
    c->admin.live = NULL;
    return out.data;
}

static void wants(console_t *c, int64_t disk_low, const char *codes) {
    char *got = problems(c, disk_low);
    assert_string_equal(got, codes);
    free(got);
}

static void test_status_says_that_it_flows(void **state) {
    console_t *c = *state;
    healthy(c);
    char *text;
    size_t len;
    json_t *status = status_collect(&c->admin, 0, NOW);
    FILE *out = open_memstream(&text, &len);
    status_print(status, LANG_EN, out);
    fclose(out);
    assert_int_equal(strncmp(text, "IT FLOWS\n", 9), 0);
    assert_non_null(strstr(text, "3.0 documents/s"));
    free(text);
    json_decref(status);
    wants(c, 0, "");
}

static void test_status_says_that_nothing_runs_and_nothing_is_set_up(void **state) {
    wants(*state, 0, "stopped\nno-units\nno-plans\n");
}

static void test_status_says_what_the_disk_lacks(void **state) {
    console_t *c = *state;
    healthy(c);
    json_object_set_new(c->admin.live, "fsync_p99_us", json_integer(900000));
    wants(c, INT64_MAX, "fsync-slow\ndisk-low\n");
}

static void test_status_says_what_waits_for_a_person(void **state) {
    console_t *c = *state;
    healthy(c);
    incoming_t first = store_incoming("a", 1, "{\"x\":1}"), second = store_incoming("a", 1, "{\"x\":2}");
    store_put(&c->store, &first);
    store_put(&c->store, &second);
    assert_int_equal(
        queue_fact_put(c->store.queue, "code_reused", "{\"at\":1730899000000,\"key\":1,\"unit\":\"BD.01\"}"),
        0);
    wants(c, 0, "held\ncode-reused\n");
}

static void test_status_says_which_consumer_is_behind(void **state) {
    console_t *c = *state;
    healthy(c);
    assert_int_equal(queue_cursor_put(c->store.queue, "nhanh", store_position(&c->store), 5), 0);
    assert_int_equal(queue_cursor_put(c->store.queue, "moi", 2, NOW - 60000), 0);
    assert_int_equal(queue_cursor_put(c->store.queue, "cham", 2, NOW - 3600000), 0);
    access_key_t never = {.public_ = {1}, .unit = "chua", .consumer = 1, .from = 5};
    assert_int_equal(queue_key_add(c->store.queue, &never), 0);
    wants(c, 0, "consumer-behind\nconsumer-behind\n"); /* the slow one and the one that never came */
}

static void test_status_says_what_the_running_collector_sees(void **state) {
    console_t *c = *state;
    healthy(c);
    json_object_set_new(c->admin.live, "draining", json_true());
    json_object_set_new(c->admin.live, "credit_granted", json_integer(1000));
    json_t *skews = json_array();
    for (int i = 0; i < 5; i++)
        json_array_append_new(skews, json_pack("{ss sI}", "unit", "BD.01", "ms", (json_int_t)-900000));
    json_object_set_new(c->admin.live, "skews", skews);
    wants(c, 0, "draining\ncredit-out\nclock-skew\nclock-skew\nclock-skew\nclock-skew\n");
}

static void test_status_is_a_verb_with_json(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c, NULL, "status", "--json", NULL), 0);
    json_t *j = json_loads(c->out, 0, NULL);
    assert_int_equal(json_bool(j, "running", 1), 0);
    assert_int_equal(json_int(j, "position", 0), 1);
    json_decref(j);
    assert_int_equal(console_run(c, NULL, "status", NULL), 0);
    assert_non_null(strstr(c->out, "! The collector does not run"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_status_says_that_it_flows),
        test(test_status_says_that_nothing_runs_and_nothing_is_set_up),
        test(test_status_says_what_the_disk_lacks),
        test(test_status_says_what_waits_for_a_person),
        test(test_status_says_which_consumer_is_behind),
        test(test_status_says_what_the_running_collector_sees),
        test(test_status_is_a_verb_with_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
