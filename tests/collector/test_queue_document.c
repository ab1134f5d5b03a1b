/* SPDX-License-Identifier: MPL-2.0 */
/* test_queue_document.c - exactly once: the same again, conflicts held, released, discarded; outboxes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

static void test_queue_document_is_stored_once(void **state) {
    store_t *s = *state;
    incoming_t in = store_incoming("a", 1, "{\"a\":1}");
    outcome_t first = store_put(s, &in);
    assert_int_equal(first.verdict, VERDICT_STORED);
    assert_int_equal(first.fresh, 1);
    int64_t position = store_position(s);
    in.received += 1000;
    in.number = 9;
    outcome_t again = store_put(s, &in);
    assert_int_equal(again.verdict, VERDICT_STORED);
    assert_int_equal(again.fresh, 0);
    assert_string_equal(again.line, first.line);
    assert_int_equal(store_position(s), position);
    store_reopen(s);
    assert_string_equal(store_put(s, &in).line, first.line);
}

static void test_queue_document_says_so_twice_in_one_transaction(void **state) {
    store_t *s = *state;
    incoming_t in = store_incoming("a", 1, "{\"a\":1}");
    outcome_t one, two;
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_document(s->queue, &in, &one), 0);
    assert_int_equal(queue_document(s->queue, &in, &two), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(one.fresh, 1);
    assert_int_equal(two.fresh, 0);
    assert_string_equal(one.line, two.line);
}

static void test_queue_document_line_tells_what_was_stored(void **state) {
    store_t *s = *state;
    head_t head;
    receipt_t r;
    incoming_t in = store_incoming("a", 3, "{\"a\":1}");
    in.received = clock_wall_ms() + 10;
    outcome_t out = store_put(s, &in);
    assert_int_equal(receipt_read(out.line, &r, NULL), 0);
    assert_int_equal(queue_head(s->queue, &head), 0);
    assert_string_equal(r.log, head.log);
    assert_int_equal(r.position, head.position);
    assert_memory_equal(&r.id, &in.id, sizeof r.id);
    assert_int_equal(r.rev, 3);
    assert_true(hash_equal(&r.sha256, &in.sha256));
    assert_int_equal(r.received, in.received);
    assert_string_equal(r.unit, "BD.01");
}

static void test_queue_document_may_come_in_any_order_of_revisions(void **state) {
    store_t *s = *state;
    incoming_t two = store_incoming("a", 2, "{\"a\":2}"), one = store_incoming("a", 1, "{\"a\":1}");
    assert_int_equal(store_put(s, &two).fresh, 1);
    assert_int_equal(store_put(s, &one).fresh, 1);
}

static void test_queue_document_keeps_its_unit(void **state) {
    store_t *s = *state;
    incoming_t one = store_incoming("a", 1, "{\"a\":1}"), two = store_incoming("a", 2, "{\"a\":2}");
    store_put(s, &one);
    two.unit = "BD.02";
    outcome_t out = store_put(s, &two);
    assert_int_equal(out.verdict, VERDICT_REFUSED);
    assert_string_equal(out.why.code, "unit-changed");
    assert_non_null(strstr(out.why.vi, "BD.01"));
}

static int keep_held(void *arg, const held_t *h) {
    held_t *out = arg;
    *out = *h;
    out->body = strndup(h->body, h->body_len);
    return 0;
}

static int count_held(void *arg, const held_t *h) {
    (void)h;
    ++*(int *)arg;
    return 0;
}

static int waiting(store_t *s) {
    int n = 0;
    assert_int_equal(queue_held_each(s->queue, count_held, &n), 0);
    return n;
}

/* Two different second revisions: the later one is held. */
static held_t conflict(store_t *s, incoming_t *held) {
    held_t h = {0};
    incoming_t one = store_incoming("a", 1, "{\"a\":1}"), two = store_incoming("a", 2, "{\"a\":2}");
    *held = store_incoming("a", 2, "{\"a\":22}");
    store_put(s, &one);
    store_put(s, &two);
    outcome_t out = store_put(s, held);
    assert_int_equal(out.verdict, VERDICT_HELD);
    assert_string_equal(out.why.code, "revision-conflict");
    assert_int_equal(queue_held_get(s->queue, 1, keep_held, &h), 0);
    return h;
}

static void test_queue_document_in_conflict_is_held_once(void **state) {
    store_t *s = *state;
    incoming_t in;
    held_t h = conflict(s, &in);
    assert_string_equal(h.body, "{\"a\":22}");
    assert_int_equal(h.rev, 2);
    assert_string_equal(h.unit, "BD.01");
    assert_int_equal(h.key, 7);
    assert_string_equal(h.why.code, "revision-conflict");
    free((void *)h.body);
    int64_t position = store_position(s);
    assert_int_equal(store_put(s, &in).verdict, VERDICT_HELD);
    assert_int_equal(waiting(s), 1);
    assert_int_equal(store_position(s), position);
    assert_int_equal(queue_held_get(s->queue, 2, keep_held, &h), BC_NOTFOUND);
}

static void test_queue_held_release_takes_the_next_free_revision(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    incoming_t in;
    receipt_t r;
    int64_t position = 0;
    held_t h = conflict(s, &in);
    free((void *)h.body);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_held_release(s->queue, 1, "operator", clock_wall_ms(), &position, &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(position, store_position(s));
    assert_int_equal(waiting(s), 0);
    outcome_t out = store_put(s, &in);
    assert_int_equal(out.verdict, VERDICT_STORED);
    assert_int_equal(out.fresh, 0);
    assert_int_equal(receipt_read(out.line, &r, NULL), 0);
    assert_int_equal(r.rev, 3);
    assert_int_equal(r.position, position);
    assert_true(hash_equal(&r.sha256, &in.sha256));
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_held_release(s->queue, 1, "operator", clock_wall_ms(), &position, &why),
                     BC_REFUSED);
    assert_string_equal(why.code, "held-unknown");
    queue_rollback(s->queue);
}

static int is_discard(void *arg, const queue_entry_t *e) {
    assert_non_null(memmem(e->header, e->header_len, "\"kind\":\"discard\"", 16));
    assert_non_null(memmem(e->body, e->body_len, "đơn vị gửi nhầm", strlen("đơn vị gửi nhầm")));
    *(int64_t *)arg = e->position;
    return 0;
}

static void test_queue_held_discard_is_an_entry_and_refuses_the_same_again(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    incoming_t in;
    held_t h = conflict(s, &in);
    free((void *)h.body);
    int64_t position = store_position(s);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_held_discard(s->queue, 1, "operator", "đơn vị gửi nhầm", clock_wall_ms(), &why),
                     0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(store_position(s), position + 1);
    assert_int_equal(waiting(s), 0);
    outcome_t out = store_put(s, &in);
    assert_int_equal(out.verdict, VERDICT_REFUSED);
    assert_string_equal(out.why.code, "held-discarded");
    assert_int_equal(queue_walk(s->queue, position, is_discard, &position, &why), 0);
    assert_int_equal(position, store_position(s));
}

static void test_queue_document_known_only_looks(void **state) {
    store_t *s = *state;
    outcome_t out;
    incoming_t stored = store_incoming("a", 1, "{\"a\":1}"), fresh = store_incoming("b", 1, "{\"b\":1}"),
               other = store_incoming("a", 1, "{\"a\":9}");
    outcome_t first = store_put(s, &stored);
    int64_t position = store_position(s);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_document_known(s->queue, &stored, &out), 0);
    assert_string_equal(out.line, first.line);
    assert_int_equal(queue_document_known(s->queue, &fresh, &out), 0);
    assert_int_equal(out.verdict, VERDICT_LATER);
    assert_string_equal(out.why.code, "disk-low");
    assert_int_equal(queue_document_known(s->queue, &other, &out), 0);
    assert_int_equal(out.verdict, VERDICT_LATER);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(store_position(s), position);
    assert_int_equal(waiting(s), 0);
}

/* ---- outboxes ---- */

#define BOX "00112233445566778899aabbccddeeff"

static void assert_box(store_t *s, int64_t contiguous, int64_t highest) {
    int64_t c, h;
    assert_int_equal(queue_outbox(s->queue, BOX, &c, &h), 0);
    assert_int_equal(c, contiguous);
    assert_int_equal(h, highest);
}

static void mark(store_t *s, const int64_t *numbers, size_t n, int64_t highest) {
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_outbox_mark(s->queue, BOX, "BD.01", 7, numbers, n, 0, highest), 0);
    assert_int_equal(queue_commit(s->queue), 0);
}

static void test_queue_outbox_sees_gaps_and_their_end(void **state) {
    store_t *s = *state;
    assert_box(s, 0, 0);
    mark(s, (int64_t[]){1, 2, 3}, 3, 3);
    assert_box(s, 3, 3);
    mark(s, (int64_t[]){9, 6, 5, 6}, 4, 9);
    assert_box(s, 3, 9);
    mark(s, (int64_t[]){2, 4}, 2, 4);
    assert_box(s, 6, 9);
    store_reopen(s);
    mark(s, (int64_t[]){8, 7}, 2, 8);
    assert_box(s, 9, 9);
    mark(s, NULL, 0, 20);
    assert_box(s, 9, 20);
}

static void mark_fresh(store_t *s, const int64_t *numbers, size_t n, int64_t highest) {
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_outbox_mark(s->queue, BOX, "BD.01", 7, numbers, n, n, highest), 0);
    assert_int_equal(queue_commit(s->queue), 0);
}

static void test_queue_outbox_is_shared_where_a_number_brings_another_document(void **state) {
    store_t *s = *state;
    queue_counts_t counts;
    mark_fresh(s, (int64_t[]){1, 2, 5}, 3, 5);
    mark(s, (int64_t[]){1, 2, 5}, 3, 5); /* the same documents again */
    mark_fresh(s, (int64_t[]){4}, 1, 4);
    assert_box(s, 2, 5);
    mark_fresh(s, (int64_t[]){5}, 1, 5);
    assert_box(s, 2, QUEUE_SHARED);
    mark_fresh(s, (int64_t[]){3, 6}, 2, 6);
    assert_box(s, 6, QUEUE_SHARED);
    assert_int_equal(queue_counts(s->queue, &counts), 0);
    assert_int_equal(counts.gaps, 0);
}

static void test_queue_outbox_in_any_order_ends_contiguous(void **state) {
    store_t *s = *state;
    enum { N = 300 };
    int64_t all[N];
    unsigned seed = 20241107;
    print_message("seed %u\n", seed);
    for (int i = 0; i < N; i++)
        all[i] = i + 1;
    for (int i = N - 1; i > 0; i--) {
        int j = (int)(rand_r(&seed) % (unsigned)(i + 1));
        int64_t swap = all[i];
        all[i] = all[j];
        all[j] = swap;
    }
    for (int i = 0; i < N; i += 10)
        mark(s, all + i, 10, 0);
    assert_box(s, N, 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_queue_document_is_stored_once),
        test(test_queue_document_says_so_twice_in_one_transaction),
        test(test_queue_document_line_tells_what_was_stored),
        test(test_queue_document_may_come_in_any_order_of_revisions),
        test(test_queue_document_keeps_its_unit),
        test(test_queue_document_in_conflict_is_held_once),
        test(test_queue_held_release_takes_the_next_free_revision),
        test(test_queue_held_discard_is_an_entry_and_refuses_the_same_again),
        test(test_queue_document_known_only_looks),
        test(test_queue_outbox_sees_gaps_and_their_end),
        test(test_queue_outbox_is_shared_where_a_number_brings_another_document),
        test(test_queue_outbox_in_any_order_ends_contiguous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
