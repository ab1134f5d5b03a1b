/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_held.c - what staff do with a document that conflicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

/* Stores a document and has another with its revision held. */
static void conflict(console_t *c) {
    incoming_t first = store_incoming("a", 1, "{\"x\":1}"), second = store_incoming("a", 1, "{\"x\":2}");
    assert_int_equal(store_put(&c->store, &first).verdict, VERDICT_STORED);
    assert_int_equal(store_put(&c->store, &second).verdict, VERDICT_HELD);
}

static void test_admin_held_list_and_show_tell_what_waits(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c, NULL, "held", "list", NULL), 0);
    assert_string_equal(c->out, "No document is held.\n");
    conflict(c);
    assert_int_equal(console_run(c, NULL, "held", "list", "--json", NULL), 0);
    json_t *rows = json_loads(c->out, 0, NULL);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_text(json_array_get(rows, 0), "code"), "revision-conflict");
    json_decref(rows);
    assert_int_equal(console_run(c, NULL, "held", "show", "1", "--json", NULL), 0);
    json_t *row = json_loads(c->out, 0, NULL);
    assert_int_equal(json_int(json_object_get(row, "document"), "x", 0), 2);
    json_decref(row);
}

static void test_admin_held_release_takes_it_as_a_new_revision(void **state) {
    console_t *c = *state;
    conflict(c);
    assert_int_equal(console_run(c, NULL, "held", "release", "1", NULL), 0);
    assert_int_equal(console_entries(c, "document"), 2);
    assert_int_equal(console_run(c, NULL, "held", "release", "1", NULL), 65);
    assert_non_null(strstr(c->err, "held-unknown"));
}

static void test_admin_held_discard_wants_a_reason(void **state) {
    console_t *c = *state;
    conflict(c);
    assert_int_equal(console_run(c, NULL, "held", "discard", "1", NULL), 64);
    assert_int_equal(console_run(c, NULL, "held", "discard", "1", "--reason", "gửi nhầm", NULL), 0);
    json_t *j = console_newest(c, "discard");
    assert_string_equal(json_text(j, "reason"), "gửi nhầm");
    json_decref(j);
}

static void test_admin_held_refuses_what_is_no_number(void **state) {
    console_t *c = *state;
    conflict(c);
    static const char *const bad[] = {"x", "1x", "-1", "99", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(console_run(c, NULL, "held", "show", "--", bad[i], NULL), 65);
        assert_int_equal(console_run(c, NULL, "held", "release", "--", bad[i], NULL), 65);
    }
    assert_int_equal(console_entries(c, "document"), 1);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_held_list_and_show_tell_what_waits),
        test(test_admin_held_release_takes_it_as_a_new_revision),
        test(test_admin_held_discard_wants_a_reason),
        test(test_admin_held_refuses_what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
