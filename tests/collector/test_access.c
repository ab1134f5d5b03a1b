/* SPDX-License-Identifier: MPL-2.0 */
/* test_access.c - `access` entries, and keys that end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/access.h"
#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

static void append(console_t *c, const access_note_t *note) {
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(access_append(c->store.queue, note, 1000), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
}

static void newest_is(console_t *c, const char *want) {
    json_t *j = console_newest(c, "access");
    char *text = json_canonical(j);
    assert_string_equal(text, want);
    free(text);
    json_decref(j);
}

static void test_access_append_writes_what_the_protocol_says(void **state) {
    console_t *c = *state;
    access_grant_t g = {.unit = "BD.02", .subtree = 1, .from = DAY_NONE, .to = day_make(2024, 12, 31)};
    append(c, &(access_note_t){.what = "granted", .name = "BD.01", .grant = &g, .by = "A"});
    newest_is(
        c, "{\"grant\":{\"scope\":\"subtree\",\"to\":\"2024-12-31\",\"unit\":\"BD.02\"},\"unit\":\"BD.01\","
           "\"what\":\"granted\"}");
    append(c, &(access_note_t){.what = "consumer", .name = "tonghop", .consumer = 1, .by = "A"});
    newest_is(c, "{\"consumer\":\"tonghop\",\"what\":\"consumer\"}");
    append(c, &(access_note_t){.what = "revoked", .name = "BD.01", .key = 4, .until = 20000, .by = "A"});
    newest_is(c, "{\"key\":4,\"unit\":\"BD.01\",\"until\":\"2024-10-04\",\"what\":\"revoked\"}");
}

static int64_t add_key(console_t *c, const char *unit, uint8_t first) {
    access_key_t key = {.public_ = {first}, .state = KEY_ACTIVE};
    strcpy(key.unit, unit);
    assert_int_equal(queue_key_add(c->store.queue, &key), 0);
    return key.serial;
}

static int revoke(console_t *c, const access_end_t *end) {
    int revoked = -1;
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(access_revoke(c->store.queue, end, 5000, &revoked), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
    return revoked;
}

typedef struct {
    access_key_t key[8];
    int count;
} keys_t;

static int keep(void *arg, const access_key_t *k) {
    keys_t *keys = arg;
    keys->key[keys->count++] = *k;
    return 0;
}

static void test_access_revoke_ends_all_keys_of_a_unit_once(void **state) {
    console_t *c = *state;
    add_key(c, "BD.01", 1);
    add_key(c, "BD.02", 2);
    add_key(c, "BD.01", 3);
    assert_int_equal(revoke(c, &(access_end_t){.name = "BD.01", .by = "A"}), 2);
    assert_int_equal(revoke(c, &(access_end_t){.name = "BD.01", .by = "A"}), 0);
    keys_t keys = {.count = 0};
    assert_int_equal(queue_key_each(c->store.queue, keep, &keys), 0);
    assert_int_equal(keys.key[0].state, KEY_REVOKED);
    assert_int_equal(keys.key[1].state, KEY_ACTIVE);
    assert_int_equal(keys.key[2].state, KEY_REVOKED);
    assert_int_equal(console_entries(c, "access"), 2);
}

static void test_access_revoke_of_one_key_leaves_the_others(void **state) {
    console_t *c = *state;
    int64_t first = add_key(c, "BD.01", 1);
    add_key(c, "BD.01", 2);
    assert_int_equal(revoke(c, &(access_end_t){.name = "", .serial = first, .by = "A"}), 1);
    keys_t keys = {.count = 0};
    assert_int_equal(queue_key_each(c->store.queue, keep, &keys), 0);
    assert_int_equal(keys.key[0].state, KEY_REVOKED);
    assert_int_equal(keys.key[1].state, KEY_ACTIVE);
}

static void test_access_revoke_with_a_last_day_only_ends_the_key(void **state) {
    console_t *c = *state;
    add_key(c, "BD.01", 1);
    assert_int_equal(revoke(c, &(access_end_t){.name = "BD.01", .until = 20000, .by = "A"}), 1);
    keys_t keys = {.count = 0};
    assert_int_equal(queue_key_each(c->store.queue, keep, &keys), 0);
    assert_int_equal(keys.key[0].state, KEY_ACTIVE);
    assert_true(keys.key[0].to == clock_day_start(20001)); /* the whole last day is good */
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_access_append_writes_what_the_protocol_says),
        test(test_access_revoke_ends_all_keys_of_a_unit_once),
        test(test_access_revoke_of_one_key_leaves_the_others),
        test(test_access_revoke_with_a_last_day_only_ends_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
