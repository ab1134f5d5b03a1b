/* SPDX-License-Identifier: MPL-2.0 */
/* test_session.c - the table of sessions, against a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/session.h"

static void test_session_is_found_by_its_connection(void **state) {
    (void)state;
    purse_t purse = {.cap = 1 << 20};
    sessions_t *all = sessions_new();
    assert_null(sessions_get(all, 7));
    session_t *s = sessions_open(all, 7, 42, &purse);
    assert_int_equal(s->key, 42);
    assert_ptr_equal(sessions_get(all, 7), s);
    assert_int_equal(sessions_count(all), 1);
    sessions_drop(all, 7, &purse);
    sessions_drop(all, 7, &purse);
    assert_null(sessions_get(all, 7));
    assert_int_equal(sessions_count(all), 0);
    sessions_free(&all, &purse);
    assert_null(all);
}

static void test_session_opened_again_starts_anew_and_gives_back(void **state) {
    (void)state;
    purse_t purse = {.cap = 1 << 20};
    sessions_t *all = sessions_new();
    session_t *s = sessions_open(all, 7, 42, &purse);
    purse_grant(&purse, &s->held, 100000, 0);
    assert_true(purse.granted > 0);
    s = sessions_open(all, 7, 43, &purse);
    assert_int_equal(purse.granted, 0);
    assert_int_equal(s->held, 0);
    assert_int_equal(sessions_count(all), 1);
    purse_grant(&purse, &s->held, 100000, 0);
    sessions_free(&all, &purse);
    assert_int_equal(purse.granted, 0);
}

#define PEERS 2000

static void test_session_table_agrees_with_a_list(void **state) {
    (void)state;
    purse_t purse = {.cap = 1 << 20};
    sessions_t *all = sessions_new();
    char there[PEERS + 1] = {0};
    unsigned seed = 20241107;
    size_t count = 0;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 20000; i++) {
        uint32_t peer = (uint32_t)rand_r(&seed) % PEERS + 1;
        if (rand_r(&seed) % 3) {
            sessions_open(all, peer, peer, &purse);
            count += !there[peer];
            there[peer] = 1;
        } else {
            sessions_drop(all, peer, &purse);
            count -= (size_t)there[peer];
            there[peer] = 0;
        }
    }
    assert_int_equal(sessions_count(all), count);
    for (uint32_t peer = 1; peer <= PEERS; peer++) {
        session_t *s = sessions_get(all, peer);
        assert_int_equal(s != NULL, there[peer]);
        if (s) assert_int_equal(s->peer, peer);
    }
    sessions_free(&all, &purse);
}

typedef struct {
    sessions_t *all;
    purse_t *purse;
    int seen;
} dropping_t;

static void drop_odd(void *arg, session_t *s) {
    dropping_t *d = arg;
    d->seen++;
    if (s->peer % 2) sessions_drop(d->all, s->peer, d->purse);
}

static void test_session_may_be_dropped_while_all_are_visited(void **state) {
    (void)state;
    purse_t purse = {.cap = 1 << 20};
    dropping_t d = {.all = sessions_new(), .purse = &purse};
    for (uint32_t peer = 1; peer <= 500; peer++)
        sessions_open(d.all, peer, 1, &purse);
    sessions_each(d.all, drop_odd, &d);
    assert_int_equal(d.seen, 500);
    assert_int_equal(sessions_count(d.all), 250);
    sessions_free(&d.all, &purse);
}

static void test_session_knows_addresses_that_libzmq_made(void **state) {
    (void)state;
    zframe_t *made = session_address(0x01020304), *chosen = zframe_new("abcde", 5),
             *length = zframe_new("\0abc", 4);
    assert_int_equal(session_peer(made), 0x01020304);
    assert_int_equal(session_peer(chosen), 0);
    assert_int_equal(session_peer(length), 0);
    zframe_destroy(&made);
    zframe_destroy(&chosen);
    zframe_destroy(&length);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session_is_found_by_its_connection),
        cmocka_unit_test(test_session_opened_again_starts_anew_and_gives_back),
        cmocka_unit_test(test_session_table_agrees_with_a_list),
        cmocka_unit_test(test_session_may_be_dropped_while_all_are_visited),
        cmocka_unit_test(test_session_knows_addresses_that_libzmq_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
