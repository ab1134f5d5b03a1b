/* SPDX-License-Identifier: MPL-2.0 */
/* test_feed.c - ENTRIES as a consumer reads them: the chain, the window, forks, redacted bodies, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/feed.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

/* A consumer: what it has checked so far. */
typedef struct {
    int64_t position;
    hash_t chain;
    int redacted;
    int64_t bytes; /* of the last message */
} reader_t;

static uint32_t u32(const char *p) {
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Reads a body as PROTOCOL.md 6 describes it, and checks what a consumer must check. */
static void read_entries(reader_t *r, const buf_t *body) {
    for (size_t at = 0; at < body->len;) {
        uint32_t header_len = u32(body->data + at);
        const char *header = body->data + at + 4;
        at += 4 + header_len;
        uint32_t body_len = u32(body->data + at);
        at += 4;
        r->redacted += body_len == UINT32_MAX;
        char *hold = NULL;
        entry_t e;
        assert_int_equal(entry_read(header, header_len, &e, &hold, NULL), 0);
        assert_int_equal(e.position, ++r->position);
        free(hold);
        if (body_len != UINT32_MAX) {
            hash_t sha = hash_of(body->data + at, body_len);
            assert_true(hash_equal(&sha, &e.sha256));
            at += body_len;
        }
        r->chain = chain_next(&r->chain, header, header_len);
        assert_memory_equal(r->chain.b, body->data + at, HASH_LEN);
        at += HASH_LEN;
    }
    r->bytes = (int64_t)body->len;
}

static reader_t begin(store_t *s) {
    reader_t r = {0};
    assert_int_equal(queue_chain_at(s->queue, 0, &r.chain), 0);
    return r;
}

static feed_t *subscribe(store_t *s, int64_t position, int64_t window, const char *log, const char *chain) {
    json_t *h = json_pack("{si ss sI sI ss* ss*}", "v", 1, "program", "t", "position", (json_int_t)position,
                          "window", (json_int_t)window, "log", log, "chain", chain);
    refusal_t why = {0};
    feed_t *feed = feed_open(store_reader(s), h, &why);
    json_decref(h);
    if (!feed) assert_string_equal(why.code, "log-forked");
    return feed;
}

static void push(store_t *s, feed_t *feed, reader_t *r) {
    buf_t header = {0}, body = {0};
    refusal_t why;
    assert_int_equal(feed_next(feed, store_reader(s), &header, &body, &why), 0);
    json_t *h = json_read(header.data, header.len, NULL);
    assert_int_equal(json_int(h, "first", -1), r->position + 1);
    read_entries(r, &body);
    assert_int_equal(json_int(h, "last", -1), r->position);
    assert_int_equal(json_int(h, "head", -1), store_position(s));
    json_decref(h);
    feed_sent(feed);
    buf_free(&header);
    buf_free(&body);
}

static int commit(store_t *s, feed_t *feed, const reader_t *r, refusal_t *why) {
    head_t head;
    char chain[HASH_HEX];
    queue_head(s->queue, &head);
    json_t *h = json_pack("{ss sI ss}", "log", head.log, "position", (json_int_t)r->position, "chain",
                          hex_write(r->chain.b, HASH_LEN, chain));
    int rc = feed_commit(feed, store_reader(s), h, why);
    json_decref(h);
    return rc;
}

static void fill(store_t *s, int n, size_t size) {
    static int made;
    char *text = mem_alloc(size + 1), seed[32];
    memset(text, 'x', size);
    outcome_t out;
    assert_int_equal(queue_begin(s->queue), 0);
    for (int i = 0; i < n; i++) {
        snprintf(seed, sizeof seed, "feed-%d", made++);
        incoming_t in = store_incoming(seed, 1, text);
        assert_int_equal(queue_document(s->queue, &in, &out), 0);
    }
    assert_int_equal(queue_commit(s->queue), 0);
    free(text);
}

static void test_feed_gives_every_entry_in_order(void **state) {
    store_t *s = *state;
    reader_t r = begin(s);
    fill(s, 100, 50);
    feed_t *feed = subscribe(s, 0, 1 << 20, NULL, NULL);
    assert_non_null(feed);
    push(s, feed, &r);
    assert_int_equal(r.position, 101);
    assert_false(feed_due(feed, store_position(s)));
    fill(s, 3, 50);
    assert_true(feed_due(feed, store_position(s)));
    push(s, feed, &r);
    assert_int_equal(r.position, 104);
    feed_free(&feed);
}

static void test_feed_answers_at_once_where_nothing_is_new(void **state) {
    store_t *s = *state;
    head_t head;
    char chain[HASH_HEX];
    queue_head(s->queue, &head);
    reader_t r = {.position = head.position, .chain = head.chain};
    feed_t *feed = subscribe(s, head.position, 1 << 20, head.log, hex_write(head.chain.b, HASH_LEN, chain));
    assert_non_null(feed);
    assert_true(feed_due(feed, head.position));
    push(s, feed, &r);
    assert_int_equal(r.bytes, 0);
    assert_false(feed_due(feed, head.position));
    feed_free(&feed);
}

static void test_feed_stops_at_the_window_and_goes_on_after_commit(void **state) {
    store_t *s = *state;
    refusal_t why;
    reader_t r = begin(s);
    fill(s, 40, 10000);
    feed_t *feed = subscribe(s, 0, 65536, NULL, NULL);
    int messages = 0;
    for (; feed_due(feed, store_position(s)); messages++)
        push(s, feed, &r);
    assert_true(r.position < 10);
    assert_true(messages >= 1);
    assert_int_equal(commit(s, feed, &r, &why), 0);
    assert_int_equal(feed_committed(feed), r.position);
    while (r.position < store_position(s)) {
        assert_true(feed_due(feed, store_position(s)));
        push(s, feed, &r);
        assert_int_equal(commit(s, feed, &r, &why), 0);
    }
    assert_int_equal(r.position, 41);
    feed_free(&feed);
}

static void test_feed_sends_what_is_over_the_window_alone(void **state) {
    store_t *s = *state;
    refusal_t why;
    reader_t r = begin(s);
    char *plan = mem_alloc(900001);
    memset(plan, 'p', 900000);
    entry_t e = {.kind = "plan", .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_append(s->queue, &e, plan, 900000), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    fill(s, 1, 10);
    feed_t *feed = subscribe(s, 0, 65536, NULL, NULL);
    push(s, feed, &r);
    assert_int_equal(r.position, 1);
    push(s, feed, &r);
    assert_int_equal(r.position, 2);
    assert_true(r.bytes > 900000 && r.bytes <= FRAME_BODY_MAX);
    assert_false(feed_due(feed, store_position(s)));
    assert_int_equal(commit(s, feed, &r, &why), 0);
    push(s, feed, &r);
    assert_int_equal(r.position, 3);
    feed_free(&feed);
    free(plan);
}

static void test_feed_keeps_messages_within_the_limit(void **state) {
    store_t *s = *state;
    reader_t r = begin(s);
    fill(s, 50, 60000);
    feed_t *feed = subscribe(s, 0, 64 << 20, NULL, NULL);
    while (feed_due(feed, store_position(s))) {
        push(s, feed, &r);
        assert_true(r.bytes <= FRAME_BODY_MAX);
    }
    assert_int_equal(r.position, 51);
    feed_free(&feed);
}

static void test_feed_marks_redacted_bodies(void **state) {
    store_t *s = *state;
    refusal_t why;
    reader_t r = begin(s);
    fill(s, 3, 20);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_redact(s->queue, 2, "operator", "x", clock_wall_ms(), &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    feed_t *feed = subscribe(s, 0, 1 << 20, NULL, NULL);
    push(s, feed, &r);
    assert_int_equal(r.position, 5);
    assert_int_equal(r.redacted, 1);
    feed_free(&feed);
}

static void test_feed_names_a_fork(void **state) {
    store_t *s = *state;
    head_t head;
    char chain[HASH_HEX], other[HASH_HEX];
    refusal_t why;
    fill(s, 3, 20);
    queue_head(s->queue, &head);
    hex_write(head.chain.b, HASH_LEN, chain);
    memset(other, 'a', HASH_HEX - 1);
    other[HASH_HEX - 1] = '\0';
    assert_null(subscribe(s, head.position, 65536, head.log, other));
    assert_null(subscribe(s, head.position - 1, 65536, head.log, chain));
    assert_null(subscribe(s, head.position + 1, 65536, head.log, chain));
    assert_null(subscribe(s, head.position, 65536, "ffffffffffffffffffffffffffffffff", chain));
    /* After a restore the old id stands for what is in common, and for nothing above. */
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_restored(s->queue, "operator", "restore", clock_wall_ms(), &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    feed_t *feed = subscribe(s, head.position, 65536, head.log, chain);
    assert_non_null(feed);
    feed_free(&feed);
    head_t now;
    queue_head(s->queue, &now);
    hex_write(now.chain.b, HASH_LEN, chain);
    assert_null(subscribe(s, now.position, 65536, head.log, chain));
    feed = subscribe(s, now.position, 65536, now.log, chain);
    assert_non_null(feed);
    feed_free(&feed);
}

static void test_feed_takes_no_commit_of_what_was_not_sent(void **state) {
    store_t *s = *state;
    refusal_t why;
    fill(s, 3, 20);
    feed_t *feed = subscribe(s, 0, 65536, NULL, NULL);
    head_t head;
    queue_head(s->queue, &head);
    reader_t ahead = {.position = head.position, .chain = head.chain};
    assert_int_equal(commit(s, feed, &ahead, &why), BC_REFUSED);
    assert_string_equal(why.code, "header-bad");
    ahead.chain.b[0] ^= 1;
    assert_int_equal(commit(s, feed, &ahead, &why), BC_REFUSED);
    assert_string_equal(why.code, "log-forked");
    feed_free(&feed);
}

static void test_feed_stops_where_the_log_is_damaged(void **state) {
    store_t *s = *state;
    buf_t header = {0}, body = {0};
    refusal_t why = {0};
    fill(s, 5, 20);
    queue_close(&s->queue);
    store_damage(s, "UPDATE entry SET body=CAST('y' AS BLOB) WHERE position=4");
    s->queue = queue_open(s->dir, &why);
    feed_t *feed = subscribe(s, 0, 65536, NULL, NULL);
    assert_int_equal(feed_next(feed, store_reader(s), &header, &body, &why), BC_CORRUPT);
    assert_string_equal(why.code, "log-broken");
    buf_free(&header);
    buf_free(&body);
    feed_free(&feed);
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_feed_gives_every_entry_in_order),
        test(test_feed_answers_at_once_where_nothing_is_new),
        test(test_feed_stops_at_the_window_and_goes_on_after_commit),
        test(test_feed_sends_what_is_over_the_window_alone),
        test(test_feed_keeps_messages_within_the_limit),
        test(test_feed_marks_redacted_bodies),
        test(test_feed_names_a_fork),
        test(test_feed_takes_no_commit_of_what_was_not_sent),
        test(test_feed_stops_where_the_log_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
