/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_access.c - granting, revoking, listing keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

static int64_t add_key(console_t *c, const char *unit, uint8_t first) {
    access_key_t key = {.public_ = {first}, .state = KEY_ACTIVE};
    strcpy(key.unit, unit);
    assert_int_equal(queue_key_add(c->store.queue, &key), 0);
    return key.serial;
}

static int may_act(console_t *c, int64_t serial, const char *unit, day_t day) {
    refusal_t why = {0};
    registry_t *r = registry_load(c->store.queue, &why);
    int may = registry_may_act(r, serial, unit, day);
    registry_free(&r);
    return may;
}

static void test_admin_access_grant_holds_for_later_keys_too(void **state) {
    console_t *c = *state;
    console_units(c);
    int64_t before = add_key(c, "BD.01", 1);
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", "--for", "BD.01", "--subtree", NULL), 0);
    assert_int_equal(c->admin.changed & REGISTRY_ACCESS, REGISTRY_ACCESS);
    int64_t after = add_key(c, "BD.01", 2);
    assert_int_equal(may_act(c, before, "BD.01.1", 20000), 1);
    assert_int_equal(may_act(c, after, "BD.01.1", 20000), 1);
    assert_int_equal(console_entries(c, "access"), 1);
}

static void test_admin_access_grant_takes_dates_as_people_write_them(void **state) {
    console_t *c = *state;
    console_units(c);
    int64_t key = add_key(c, "BD.02", 1);
    assert_int_equal(console_run(c, NULL, "grant", "BD.02", "--for", "BD.01.1", "--from", "01/11/2024",
                                 "--to", "2025-01-31", NULL),
                     0);
    assert_int_equal(may_act(c, key, "BD.01.1", day_make(2024, 10, 31)), 0);
    assert_int_equal(may_act(c, key, "BD.01.1", day_make(2024, 11, 1)), 1);
    assert_int_equal(may_act(c, key, "BD.01.1", day_make(2025, 1, 31)), 1);
    assert_int_equal(may_act(c, key, "BD.01.1", day_make(2025, 2, 1)), 0);
}

static void test_admin_access_grant_refuses_what_it_cannot_mean(void **state) {
    console_t *c = *state;
    console_units(c);
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", NULL), 64);
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", "--for", "BD.99", NULL), 65);
    assert_int_equal(console_run(c, NULL, "grant", "BD.99", "--for", "BD.01", NULL), 65);
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", "--for", "BD.02", "--from", "31/02/2024", NULL),
                     64);
    assert_non_null(strstr(c->err, "option-day"));
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", "--for", "BD.02", "--from", "02/02/2024", "--to",
                                 "01/02/2024", NULL),
                     64);
    assert_int_equal(console_entries(c, "access"), 0);
}

static void test_admin_access_revoke_of_a_unit_takes_keys_and_codes(void **state) {
    console_t *c = *state;
    console_units(c);
    add_key(c, "BD.01", 1);
    add_key(c, "BD.01", 2);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", NULL), 0);
    assert_int_equal(console_run(c, NULL, "revoke", "BD.01", NULL), 0);
    assert_non_null(strstr(c->out, "2 keys were revoked"));
    queue_counts_t counts;
    assert_int_equal(queue_counts(c->store.queue, &counts), 0);
    assert_int_equal(counts.keys, 0);
    assert_int_equal(counts.codes_open, 0);
}

static void test_admin_access_revoke_of_a_serial_or_with_a_last_day(void **state) {
    console_t *c = *state;
    console_units(c);
    char serial[24];
    int64_t key = add_key(c, "BD.01", 1);
    add_key(c, "BD.01", 2);
    snprintf(serial, sizeof serial, "%lld", (long long)key);
    assert_int_equal(console_run(c, NULL, "revoke", "--key", serial, NULL), 0);
    assert_int_equal(console_run(c, NULL, "revoke", "--key", serial, NULL), 65);
    assert_non_null(strstr(c->err, "serial-unknown"));
    assert_int_equal(console_run(c, NULL, "revoke", "BD.01", "--on", "31/03/2025", NULL), 0);
    json_t *j = console_newest(c, "access");
    assert_string_equal(json_text(j, "until"), "2025-03-31");
    json_decref(j);
    assert_int_equal(console_run(c, NULL, "revoke", NULL), 64);
    assert_int_equal(console_run(c, NULL, "revoke", "--key", "x", NULL), 64);
    assert_int_equal(console_run(c, NULL, "revoke", "BD.9", NULL), 65);
}

static void test_admin_access_key_list_shows_keys_codes_and_grants(void **state) {
    console_t *c = *state;
    console_units(c);
    add_key(c, "BD.01", 1);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.02", NULL), 0);
    assert_int_equal(console_run(c, NULL, "grant", "BD.01", "--for", "BD.02", NULL), 0);
    assert_int_equal(console_run(c, NULL, "key", "list", "--json", NULL), 0);
    json_t *j = json_loads(c->out, 0, NULL);
    static const char *const lists[] = {"keys", "codes", "grants"};
    for (int i = 0; i < 3; i++)
        assert_int_equal(json_array_size(json_object_get(j, lists[i])), 1);
    assert_null(strstr(c->out, "token")); /* what is a secret is not listed */
    json_decref(j);
    assert_int_equal(console_run(c, NULL, "key", "list", NULL), 0);
    assert_non_null(strstr(c->out, "BD.01 -> BD.02"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_access_grant_holds_for_later_keys_too),
        test(test_admin_access_grant_takes_dates_as_people_write_them),
        test(test_admin_access_grant_refuses_what_it_cannot_mean),
        test(test_admin_access_revoke_of_a_unit_takes_keys_and_codes),
        test(test_admin_access_revoke_of_a_serial_or_with_a_last_day),
        test(test_admin_access_key_list_shows_keys_codes_and_grants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
