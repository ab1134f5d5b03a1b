/* SPDX-License-Identifier: MPL-2.0 */
/* test_registry.c - who may speak for whom, asked of the memory that was loaded from a store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/admin_fixture.h"

static int64_t add_key(console_t *c, const char *unit, int consumer, uint8_t first) {
    access_key_t key = {.public_ = {first}, .consumer = consumer, .state = KEY_ACTIVE, .from = 1000};
    strcpy(key.unit, unit);
    assert_int_equal(queue_key_add(c->store.queue, &key), 0);
    return key.serial;
}

static void add_grant(console_t *c, const char *holder, const char *unit, int subtree, day_t from, day_t to) {
    access_grant_t g = {.subtree = subtree, .from = from, .to = to};
    strcpy(g.holder, holder);
    strcpy(g.unit, unit);
    assert_int_equal(queue_grant_add(c->store.queue, &g), 0);
}

static registry_t *load(console_t *c) {
    refusal_t why = {0};
    registry_t *r = registry_load(c->store.queue, &why);
    if (!r) print_error("%s: %s\n", why.code, why.en);
    assert_non_null(r);
    return r;
}

static const day_t day = 20000; /* 2024-10-04 */

static void test_registry_finds_keys_both_ways(void **state) {
    console_t *c = *state;
    for (int i = 0; i < 200; i++) {
        access_key_t key = {.public_ = {(uint8_t)i, 0, 0, 0, 0, 0, 0, 0, (uint8_t)(i >> 1)}, .unit = "BD"};
        assert_int_equal(queue_key_add(c->store.queue, &key), 0);
    }
    registry_t *r = load(c);
    for (int i = 0; i < 200; i++) {
        uint8_t public_[32] = {(uint8_t)i, 0, 0, 0, 0, 0, 0, 0, (uint8_t)(i >> 1)};
        const access_key_t *key = registry_key_by_public(r, public_);
        assert_non_null(key);
        assert_ptr_equal(registry_key(r, key->serial), key);
    }
    uint8_t unknown[32] = {1, 2, 3};
    assert_null(registry_key_by_public(r, unknown));
    assert_null(registry_key(r, 0));
    assert_null(registry_key(r, 4711));
    registry_free(&r);
}

static void test_registry_answers_for_an_empty_store(void **state) {
    registry_t *r = load(*state);
    uint8_t unknown[32] = {1};
    assert_null(registry_key_by_public(r, unknown));
    assert_int_equal(registry_may_act(r, 1, "BD", day), -1);
    assert_int_equal(tree_count(registry_tree(r)), 0);
    assert_int_equal(plans_count(registry_plans(r)), 0);
    json_t *grants = registry_grants(r, 1, day);
    assert_int_equal(json_array_size(grants), 0);
    json_decref(grants);
    registry_free(&r);
    assert_null(r);
}

static void test_registry_key_ok_follows_state_and_dates(void **state) {
    (void)state;
    refusal_t why = {0};
    access_key_t key = {.serial = 3, .unit = "BD.01", .state = KEY_ACTIVE, .from = 100, .to = 200};
    assert_int_equal(registry_key_ok(&key, 100, &why), 0);
    assert_int_equal(registry_key_ok(&key, 199, &why), 0);
    assert_int_equal(registry_key_ok(&key, 99, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-expired");
    assert_int_equal(registry_key_ok(&key, 200, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-expired");
    key.state = KEY_REVOKED;
    assert_int_equal(registry_key_ok(&key, 150, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-revoked");
    assert_int_equal(registry_key_ok(NULL, 150, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-unknown");
}

static void test_registry_may_act_for_its_own_unit_only(void **state) {
    console_t *c = *state;
    console_units(c);
    int64_t key = add_key(c, "BD.01", 0, 1), consumer = add_key(c, "tonghop", 1, 2);
    registry_t *r = load(c);
    assert_int_equal(registry_may_act(r, key, "BD.01", day), 1);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day),
                     0); /* not its subtree either, without a grant */
    assert_int_equal(registry_may_act(r, key, "BD", day), 0);
    assert_int_equal(registry_may_act(r, key, "BD.99", day), -1);
    assert_int_equal(registry_may_act(r, consumer, "BD", day), 0);
    assert_int_equal(registry_may_act(r, 99, "BD", day), 0);
    registry_free(&r);
}

static void test_registry_grants_hold_within_their_dates(void **state) {
    console_t *c = *state;
    console_units(c);
    int64_t key = add_key(c, "BD.02", 0, 1);
    add_grant(c, "BD.02", "BD.01.1", 0, day, day + 10);
    add_grant(c, "BD.02", "BD.01", 0, DAY_NONE, day);
    registry_t *r = load(c);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day - 1), 0);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day), 1);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day + 10), 1);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day + 11), 0);
    assert_int_equal(registry_may_act(r, key, "BD.01", day), 1);
    assert_int_equal(registry_may_act(r, key, "BD.01.2", day), 0);
    registry_free(&r);
}

static void test_registry_subtree_grant_covers_what_stands_under(void **state) {
    console_t *c = *state;
    console_units(c);
    add_grant(c, "BD.01", "BD.01", 1, DAY_NONE, DAY_NONE);
    int64_t key = add_key(c, "BD.01", 0, 1); /* enrolled after the grant */
    registry_t *r = load(c);
    assert_int_equal(registry_may_act(r, key, "BD.01.2", day), 1);
    assert_int_equal(registry_may_act(r, key, "BD.02", day), 0);
    assert_int_equal(registry_may_act(r, key, "BD", day), 0);
    registry_free(&r);
}

static void test_registry_newer_grant_replaces_the_older(void **state) {
    console_t *c = *state;
    console_units(c);
    int64_t key = add_key(c, "BD.01", 0, 1);
    add_grant(c, "BD.01", "BD.01", 1, DAY_NONE, DAY_NONE);
    add_grant(c, "BD.01", "BD.01", 1, DAY_NONE, day - 1);
    registry_t *r = load(c);
    assert_int_equal(registry_may_act(r, key, "BD.01.1", day), 0);
    registry_free(&r);
}

static void test_registry_grants_json_is_for_welcome(void **state) {
    console_t *c = *state;
    console_units(c);
    add_grant(c, "BD.01", "BD.01", 1, DAY_NONE, day + 5);
    add_grant(c, "BD.01", "BD.02", 0, day + 1, DAY_NONE); /* not yet in force */
    int64_t key = add_key(c, "BD.01", 0, 1);
    registry_t *r = load(c);
    json_t *grants = registry_grants(r, key, day);
    char *text = json_canonical(grants);
    char to[11];
    char *want =
        mem_printf("[{\"name\":\"Công đoàn cấp trên Ví dụ\",\"scope\":\"one\",\"unit\":\"BD.01\",\"units\":"
                   "[[\"BD.01\",\"Công đoàn cấp trên Ví dụ\",\"upper-level\"]]},"
                   "{\"name\":\"Công đoàn cấp trên Ví "
                   "dụ\",\"scope\":\"subtree\",\"to\":\"%s\",\"unit\":\"BD.01\",\"units\":"
                   "[[\"BD.01\",\"Công đoàn cấp trên Ví dụ\",\"upper-level\"],"
                   "[\"BD.01.1\",\"CĐCS Công ty Ví dụ Một\",\"grassroots\"],"
                   "[\"BD.01.2\",\"CĐCS Công ty Ví dụ Hai\",\"grassroots\"]]}]",
                   day_iso(day + 5, to));
    assert_string_equal(text, want);
    free(want);
    free(text);
    json_decref(grants);
    registry_free(&r);
}

static void test_registry_grants_json_fits_into_a_header(void **state) {
    console_t *c = *state;
    buf_t csv = {0};
    buf_puts(&csv, "code;name;kind;parent;opened\nBD;Liên đoàn Ví dụ;federation;;01/01/2020\n");
    for (int i = 0; i < 700; i++)
        buf_printf(&csv, "BD.%03d;CĐCS %s %d;grassroots;BD;01/01/2020\n", i,
                   i < 350 ? "Một"
                           : "có một cái tên rất dài, dài đến mức khó đọc, dài hơn mọi tên khác từng đặt",
                   i);
    assert_int_equal(console_run(c, csv.data, "unit", "import", "-", NULL), 0);
    buf_free(&csv);
    add_grant(c, "BD", "BD", 1, DAY_NONE, DAY_NONE);
    int64_t key = add_key(c, "BD", 0, 1);
    registry_t *r = load(c);
    json_t *grants = registry_grants(r, key, day);
    char *text = json_canonical(grants);
    assert_true(strlen(text) < 60000);
    assert_true(json_array_size(json_object_get(json_array_get(grants, 1), "units")) <= 500);
    assert_int_equal(registry_may_act(r, key, "BD.699", day), 1); /* listed or not */
    free(text);
    json_decref(grants);
    registry_free(&r);
}

static void test_registry_reload_takes_only_the_parts_asked_for(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    registry_t *r = load(c);
    console_units(c);
    int64_t key = add_key(c, "BD.01", 0, 1);
    assert_int_equal(registry_reload(r, c->store.queue, REGISTRY_ACCESS, &why), 0);
    assert_non_null(registry_key(r, key));
    assert_int_equal(tree_count(registry_tree(r)), 0);
    assert_int_equal(registry_reload(r, c->store.queue, REGISTRY_UNITS, &why), 0);
    assert_int_equal(tree_count(registry_tree(r)), 5);
    assert_true(registry_unit_open(r, "BD.02", day));
    assert_false(registry_unit_open(r, "BD.02", 10000));
    assert_false(registry_unit_open(r, "BD.99", day));
    registry_free(&r);
}

static void test_registry_reload_keeps_what_it_had_when_it_fails(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    console_units(c);
    registry_t *r = load(c);
    entry_t e = {.kind = "unit", .unit = "A", .by = "x"}; /* the first to be read */
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(queue_append(c->store.queue, &e, "{\"unit\":7}", 10), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
    assert_int_equal(registry_reload(r, c->store.queue, REGISTRY_ALL, &why), BC_REFUSED);
    assert_true(why.code[0]);
    assert_int_equal(tree_count(registry_tree(r)), 5);
    registry_free(&r);
    assert_null(registry_load(c->store.queue, &why));
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_registry_finds_keys_both_ways),
        test(test_registry_answers_for_an_empty_store),
        cmocka_unit_test(test_registry_key_ok_follows_state_and_dates),
        test(test_registry_may_act_for_its_own_unit_only),
        test(test_registry_grants_hold_within_their_dates),
        test(test_registry_subtree_grant_covers_what_stands_under),
        test(test_registry_newer_grant_replaces_the_older),
        test(test_registry_grants_json_is_for_welcome),
        test(test_registry_grants_json_fits_into_a_header),
        test(test_registry_reload_takes_only_the_parts_asked_for),
        test(test_registry_reload_keeps_what_it_had_when_it_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
