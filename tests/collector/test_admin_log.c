/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_log.c - proving the log and removing a body, from the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

static int64_t put(console_t *c) {
    incoming_t in = store_incoming("a", 1, "{\"x\":1}");
    assert_int_equal(store_put(&c->store, &in).verdict, VERDICT_STORED);
    return store_position(&c->store);
}

static void test_admin_log_verify_names_the_broken_entry(void **state) {
    console_t *c = *state;
    put(c);
    assert_int_equal(console_alone(c, admin_verify, NULL), 0);
    assert_non_null(strstr(c->out, "The log is whole: 2 entries"));
    store_damage(&c->store, "UPDATE entry SET body=CAST('{\"x\":2}' AS BLOB) WHERE position=2");
    assert_int_equal(console_alone(c, admin_verify, NULL), 65);
    assert_non_null(strstr(c->err, "log-broken: The log is broken at position 2"));
}

static void test_admin_log_redact_removes_and_records(void **state) {
    console_t *c = *state;
    char position[24];
    snprintf(position, sizeof position, "%lld", (long long)put(c));
    assert_int_equal(console_run(c, NULL, "redact", position, NULL), 64);
    assert_int_equal(console_run(c, NULL, "redact", position, "--reason", "có họ tên", NULL), 0);
    json_t *j = console_newest(c, "redact");
    assert_string_equal(json_text(j, "reason"), "có họ tên");
    json_decref(j);
    assert_int_equal(console_run(c, NULL, "redact", position, "--reason", "nữa", NULL), 65);
    assert_non_null(strstr(c->err, "redact-done"));
    assert_int_equal(console_run(c, NULL, "redact", "1", "--reason", "x", NULL), 65);
    assert_int_equal(console_run(c, NULL, "redact", "1x", "--reason", "x", NULL), 65);
    assert_int_equal(console_alone(c, admin_verify, NULL), 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_log_verify_names_the_broken_entry),
        test(test_admin_log_redact_removes_and_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
