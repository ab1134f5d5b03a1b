/* SPDX-License-Identifier: MPL-2.0 */
/* test_queue_state.c - what is kept beside the log: units, plans, news, decisions, keys, codes, facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

static void append(store_t *s, const char *kind, const char *unit, const char *body) {
    entry_t e = {.kind = kind, .unit = unit, .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_append(s->queue, &e, body, strlen(body)), 0);
    assert_int_equal(queue_commit(s->queue), 0);
}

static int join_json(void *arg, const char *json, size_t n) {
    buf_add(arg, json, n);
    buf_puts(arg, ";");
    return 0;
}

static int join_plan(void *arg, const char *json, size_t n, int64_t position) {
    buf_printf(arg, "%lld", (long long)position);
    return join_json(arg, json, n);
}

static void test_queue_unit_each_gives_the_newest_record_by_code(void **state) {
    store_t *s = *state;
    buf_t out = {0};
    append(s, "unit", "BD.02", "b1");
    append(s, "unit", "BD.01", "a1");
    append(s, "unit", "BD.02", "b2");
    assert_int_equal(queue_unit_each(s->queue, join_json, &out), 0);
    assert_string_equal(out.data, "a1;b2;");
    buf_free(&out);
}

static void test_queue_plan_each_gives_every_version_in_order(void **state) {
    store_t *s = *state;
    buf_t out = {0};
    append(s, "plan", NULL, "p1");
    append(s, "unit", "BD.01", "a1");
    append(s, "plan", NULL, "p2");
    assert_int_equal(queue_plan_each(s->queue, join_plan, &out), 0);
    assert_string_equal(out.data, "2p1;4p2;");
    buf_free(&out);
}

/* ---- news ---- */

static int join_entry(void *arg, const queue_entry_t *e) {
    buf_printf(arg, "%lld ", (long long)e->position);
    return 0;
}

static int stop_at_once(void *arg, const queue_entry_t *e) {
    (void)arg;
    (void)e;
    return 1;
}

#define OWN "0123456789abcdef0123456789abcdef"
#define ELSE "fedcba9876543210fedcba9876543210"

static void put(store_t *s, const char *seed, const char *unit, const char *outbox) {
    incoming_t in = store_incoming(seed, 1, "{}");
    in.unit = unit;
    in.outbox = outbox;
    store_put(s, &in);
}

static void assert_news(store_t *s, const char *unit, int64_t after, int most, const char *wanted,
                        int64_t upto) {
    buf_t out = {0};
    int64_t got = 0;
    buf_puts(&out, "");
    assert_int_equal(queue_news(store_reader(s), unit, OWN, after, most, join_entry, &out, &got), 0);
    assert_string_equal(out.data, wanted);
    assert_int_equal(got, upto);
    buf_free(&out);
}

static void test_queue_news_is_for_the_unit_and_from_others(void **state) {
    store_t *s = *state;
    append(s, "plan", NULL, "{}");                               /* 2 */
    put(s, "a", "BD.01", OWN);                                   /* 3 */
    put(s, "b", "BD.01", ELSE);                                  /* 4 */
    put(s, "c", "BD.02", ELSE);                                  /* 5 */
    append(s, "notice", NULL, "{\"to\":[\"BD.01\",\"BD.03\"]}"); /* 6 */
    append(s, "notice", NULL, "{\"to\":[\"BD.02\"]}");           /* 7 */
    append(s, "succession", NULL, "{}");                         /* 8 */
    append(s, "unit", "BD.01", "{}");                            /* 9 */
    assert_news(s, "BD.01", 0, 64, "2 4 6 8 ", 9);
    assert_news(s, "BD.02", 0, 64, "2 5 7 8 ", 9);
    assert_news(s, "BD.03", 4, 64, "6 8 ", 9);
    assert_news(s, "BD.01", 0, 2, "2 4 ", 4);
    assert_news(s, "BD.01", 4, 2, "6 8 ", 9);
    assert_news(s, "BD.01", 9, 64, "", 9);
    int64_t upto = 0;
    assert_int_equal(queue_news(s->queue, "BD.01", OWN, 2, 64, stop_at_once, NULL, &upto), 0);
    assert_int_equal(upto, 3);
}

static void test_queue_news_of_one_transaction_is_told_in_order(void **state) {
    store_t *s = *state;
    outcome_t got;
    static const char notice[] = "{\"to\":[\"BD.01\",\"BD.02\",\"BD.01\"]}";
    entry_t e = {.kind = "notice", .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_begin(s->queue), 0);
    for (int i = 0; i < 6; i++) { /* 2 to 7, BD.01 and BD.02 by turns */
        char seed[32];
        snprintf(seed, sizeof seed, "t%d", i);
        incoming_t in = store_incoming(seed, 1, "{}");
        in.unit = i % 2 ? "BD.02" : "BD.01";
        in.outbox = ELSE;
        assert_int_equal(queue_document(s->queue, &in, &got), 0);
    }
    assert_int_equal(queue_append(s->queue, &e, notice, strlen(notice)), 0); /* 8 */
    assert_int_equal(queue_commit(s->queue), 0);
    assert_news(s, "BD.01", 0, 64, "2 4 6 8 ", 8);
    assert_news(s, "BD.02", 4, 64, "5 7 8 ", 8);
    assert_int_equal(queue_begin(s->queue), 0);
    e = (entry_t){.kind = "notice", .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_append(s->queue, &e, notice, strlen(notice)), 0);
    queue_rollback(s->queue);
    assert_news(s, "BD.01", 8, 64, "", 8);
}

static void test_queue_news_looks_only_so_far_at_once(void **state) {
    store_t *s = *state;
    int64_t upto = 0;
    buf_t out = {0};
    char seed[32];
    outcome_t got;
    assert_int_equal(queue_begin(s->queue), 0);
    for (int i = 0; i < 100; i++) {
        snprintf(seed, sizeof seed, "n%d", i);
        incoming_t in = store_incoming(seed, 1, "{}");
        in.outbox = i < 99 ? OWN : ELSE;
        assert_int_equal(queue_document(s->queue, &in, &got), 0);
    }
    assert_int_equal(queue_commit(s->queue), 0);
    buf_puts(&out, "");
    assert_int_equal(queue_news(s->queue, "BD.01", OWN, 0, 64, join_entry, &out, &upto), 0);
    assert_string_equal(out.data, "");
    assert_int_equal(upto, 65);
    assert_int_equal(queue_news(s->queue, "BD.01", OWN, upto, 64, join_entry, &out, &upto), 0);
    assert_string_equal(out.data, "101 ");
    assert_int_equal(upto, 101);
    buf_free(&out);
}

/* ---- decisions, cursors, facts ---- */

static void test_queue_decision_is_taken_once(void **state) {
    store_t *s = *state;
    const char *seed = "decision";
    uuid_bc_t uuid = uuid_v8(&seed, 1);
    int64_t first = 0, again = 0, other = 0;
    entry_t e = {.kind = "decision", .by = "Nguyễn Văn A", .key = 3, .received = clock_wall_ms()};
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_decision(s->queue, &uuid, &e, "{\"x\":1}", 7, &first), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_decision(s->queue, &uuid, &e, "{\"x\":1}", 7, &again), 0);
    assert_int_equal(queue_decision(s->queue, &uuid, &e, "{\"x\":2}", 7, &other), BC_CONFLICT);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(first, 2);
    assert_int_equal(again, 2);
    assert_int_equal(store_position(s), 2);
}

static int join_cursor(void *arg, const char *consumer, int64_t position, int64_t at) {
    buf_printf(arg, "%s %lld %lld;", consumer, (long long)position, (long long)at);
    return 0;
}

static void test_queue_cursor_keeps_the_newest(void **state) {
    store_t *s = *state;
    buf_t out = {0};
    assert_int_equal(queue_cursor_put(s->queue, "b", 5, 50), 0);
    assert_int_equal(queue_cursor_put(s->queue, "a", 3, 30), 0);
    assert_int_equal(queue_cursor_put(s->queue, "b", 7, 70), 0);
    assert_int_equal(queue_cursor_each(s->queue, join_cursor, &out), 0);
    assert_string_equal(out.data, "a 3 30;b 7 70;");
    buf_free(&out);
}

static void test_queue_fact_is_remembered(void **state) {
    store_t *s = *state;
    assert_null(queue_fact(s->queue, "public_endpoint"));
    assert_int_equal(queue_fact_put(s->queue, "public_endpoint", "a:1"), 0);
    assert_int_equal(queue_fact_put(s->queue, "public_endpoint", "b:2"), 0);
    store_reopen(s);
    char *value = queue_fact(s->queue, "public_endpoint");
    assert_string_equal(value, "b:2");
    free(value);
}

/* ---- access ---- */

static int keep_key(void *arg, const access_key_t *k) {
    *(access_key_t *)arg = *k;
    return 0;
}

static void test_queue_key_is_known_by_its_public_half(void **state) {
    store_t *s = *state;
    access_key_t key = {.public_ = {1, 2, 3}, .unit = "BD.01", .name = "máy văn phòng", .from = 5}, got;
    assert_int_equal(queue_key_add(s->queue, &key), 0);
    assert_true(key.serial > 0);
    access_key_t twin = key;
    assert_int_equal(queue_key_add(s->queue, &twin), BC_CONFLICT);
    assert_int_equal(queue_key_state(s->queue, key.serial, KEY_REVOKED, 99), 0);
    assert_int_equal(queue_key_state(s->queue, 12345, KEY_REVOKED, 99), BC_NOTFOUND);
    assert_int_equal(queue_key_each(s->queue, keep_key, &got), 0);
    assert_int_equal(got.serial, key.serial);
    assert_memory_equal(got.public_, key.public_, 32);
    assert_string_equal(got.unit, "BD.01");
    assert_string_equal(got.name, "máy văn phòng");
    assert_int_equal(got.state, KEY_REVOKED);
    assert_int_equal(got.from, 5);
    assert_int_equal(got.to, 99);
}

static int keep_grant(void *arg, const access_grant_t *g) {
    *(access_grant_t *)arg = *g;
    return 0;
}

static void test_queue_grant_keeps_its_dates(void **state) {
    store_t *s = *state;
    access_grant_t grant = {.holder = "BD.01", .unit = "BD.02", .subtree = 1, .from = DAY_NONE, .to = 20000},
                   got;
    assert_int_equal(queue_grant_add(s->queue, &grant), 0);
    assert_int_equal(queue_grant_each(s->queue, keep_grant, &got), 0);
    assert_string_equal(got.holder, "BD.01");
    assert_string_equal(got.unit, "BD.02");
    assert_int_equal(got.subtree, 1);
    assert_int_equal(got.from, DAY_NONE);
    assert_int_equal(got.to, 20000);
}

static void test_queue_code_is_used_or_cancelled(void **state) {
    store_t *s = *state;
    access_code_t used = {.token = {1}, .unit = "BD.01", .expires = 20000, .made = 9}, free_ = used, got;
    free_.token[0] = 2;
    assert_int_equal(queue_code_get(s->queue, used.token, &got), BC_NOTFOUND);
    assert_int_equal(queue_code_add(s->queue, &used), 0);
    assert_int_equal(queue_code_add(s->queue, &free_), 0);
    assert_int_equal(queue_code_used(s->queue, used.token, 12), 0);
    assert_int_equal(queue_code_cancel(s->queue, "BD.01"), 0);
    assert_int_equal(queue_code_get(s->queue, used.token, &got), 0);
    assert_int_equal(got.key, 12);
    assert_int_equal(got.cancelled, 0);
    assert_int_equal(got.expires, 20000);
    assert_int_equal(queue_code_get(s->queue, free_.token, &got), 0);
    assert_int_equal(got.key, 0);
    assert_int_equal(got.cancelled, 1);
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_queue_unit_each_gives_the_newest_record_by_code),
        test(test_queue_plan_each_gives_every_version_in_order),
        test(test_queue_news_is_for_the_unit_and_from_others),
        test(test_queue_news_of_one_transaction_is_told_in_order),
        test(test_queue_news_looks_only_so_far_at_once),
        test(test_queue_decision_is_taken_once),
        test(test_queue_cursor_keeps_the_newest),
        test(test_queue_fact_is_remembered),
        test(test_queue_key_is_known_by_its_public_half),
        test(test_queue_grant_keeps_its_dates),
        test(test_queue_code_is_used_or_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
