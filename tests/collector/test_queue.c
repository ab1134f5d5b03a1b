/* SPDX-License-Identifier: MPL-2.0 */
/* test_queue.c - the log: its chain, damage that is found, bodies removed, transactions undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

typedef struct {
    int count, redacted;
    int64_t last;
    char kind[16];
    char log[LOG_ID];
    int stop_at; /* 0: never */
} seen_t;

static int see(void *arg, const queue_entry_t *e) {
    seen_t *seen = arg;
    entry_t h;
    char *hold = NULL;
    assert_int_equal(entry_read(e->header, e->header_len, &h, &hold, NULL), 0);
    assert_int_equal(h.position, e->position);
    if (e->body) assert_int_equal(h.bytes, e->body_len);
    strncpy(seen->kind, h.kind, sizeof seen->kind - 1);
    memcpy(seen->log, h.log, LOG_ID);
    free(hold);
    seen->redacted += !e->body;
    seen->last = e->position;
    return ++seen->count == seen->stop_at ? 99 : 0;
}

static void fill(store_t *s, int n) {
    char seed[32];
    for (int i = 0; i < n; i++) {
        snprintf(seed, sizeof seed, "fill-%d", i);
        incoming_t in = store_incoming(seed, 1, "{\"a\":1}");
        assert_int_equal(store_put(s, &in).verdict, VERDICT_STORED);
    }
}

static void test_queue_begins_with_a_log_entry(void **state) {
    store_t *s = *state;
    head_t head;
    seen_t seen = {0};
    refusal_t why = {0};
    hash_t begin;
    assert_int_equal(queue_head(s->queue, &head), 0);
    assert_int_equal(head.position, 1);
    assert_int_equal(strlen(head.log), 32);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, &why), 0);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.kind, "log");
    assert_int_equal(queue_chain_at(s->queue, 0, &begin), 0);
    hash_t wanted = chain_begin(head.log);
    assert_true(hash_equal(&begin, &wanted));
}

static void test_queue_is_created_once_and_opened_only_where_created(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    assert_int_equal(queue_create(s->dir, "operator", &why), BC_REFUSED);
    assert_string_equal(why.code, "dir-taken");
    assert_null(queue_open("/tmp/baocao-no-such-dir", &why));
    assert_string_equal(why.code, "queue-missing");
}

static void test_queue_head_is_found_again_after_opening(void **state) {
    store_t *s = *state;
    head_t before, after, reader;
    fill(s, 3);
    assert_int_equal(queue_head(s->queue, &before), 0);
    store_reopen(s);
    assert_int_equal(queue_head(s->queue, &after), 0);
    assert_int_equal(queue_head(store_reader(s), &reader), 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_memory_equal(&before, &reader, sizeof before);
}

static void test_queue_received_never_runs_backwards(void **state) {
    store_t *s = *state;
    head_t first, second;
    incoming_t in = store_incoming("a", 1, "{}");
    in.received = clock_wall_ms() + 5000000;
    store_put(s, &in);
    assert_int_equal(queue_head(s->queue, &first), 0);
    assert_int_equal(first.received, in.received);
    in = store_incoming("b", 1, "{}");
    in.received = 5;
    outcome_t out = store_put(s, &in);
    assert_int_equal(queue_head(s->queue, &second), 0);
    assert_int_equal(second.received, first.received);
    receipt_t r;
    assert_int_equal(receipt_read(out.line, &r, NULL), 0);
    assert_int_equal(r.received, first.received);
}

static void test_queue_rollback_puts_the_head_back(void **state) {
    store_t *s = *state;
    head_t before, during, after;
    outcome_t out;
    seen_t seen = {0};
    incoming_t in = store_incoming("a", 1, "{}");
    assert_int_equal(queue_head(s->queue, &before), 0);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_document(s->queue, &in, &out), 0);
    assert_int_equal(queue_head(s->queue, &during), 0);
    assert_int_equal(during.position, before.position + 1);
    queue_rollback(s->queue);
    assert_int_equal(queue_head(s->queue, &after), 0);
    assert_memory_equal(&before, &after, sizeof before);
    out = store_put(s, &in);
    assert_int_equal(out.verdict, VERDICT_STORED);
    assert_int_equal(out.fresh, 1);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, NULL), 0);
    assert_int_equal(seen.last, before.position + 1);
    queue_counts_t counts;
    assert_int_equal(queue_counts(s->queue, &counts), 0);
    assert_int_equal(counts.documents, 1);
}

static void test_queue_walk_ends_where_it_is_told(void **state) {
    store_t *s = *state;
    seen_t seen = {.stop_at = 2};
    fill(s, 4);
    assert_int_equal(queue_walk(s->queue, 1, see, &seen, NULL), 99);
    assert_int_equal(seen.last, 3);
    seen = (seen_t){0};
    assert_int_equal(queue_walk(s->queue, 3, see, &seen, NULL), 0);
    assert_int_equal(seen.count, 2);
    assert_int_equal(queue_walk(s->queue, 5, see, &seen, NULL), 0);
    assert_int_equal(seen.count, 2);
    assert_int_equal(queue_walk(s->queue, 6, see, &seen, NULL), BC_NOTFOUND);
}

static void assert_broken_at(store_t *s, const char *damage, const char *mend, const char *position) {
    refusal_t why = {0};
    seen_t seen = {0};
    queue_close(&s->queue);
    store_damage(s, damage);
    s->queue = queue_open(s->dir, &why);
    assert_non_null(s->queue);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, &why), BC_CORRUPT);
    assert_string_equal(why.code, "log-broken");
    assert_non_null(strstr(why.en, position));
    queue_close(&s->queue);
    store_damage(s, mend);
    s->queue = queue_open(s->dir, &why);
    assert_non_null(s->queue);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, &why), 0);
}

static void test_queue_walk_finds_what_was_tampered_with(void **state) {
    store_t *s = *state;
    fill(s, 6);
    assert_broken_at(s, "UPDATE entry SET body=CAST('{\"a\":2}' AS BLOB) WHERE position=3",
                     "UPDATE entry SET body=CAST('{\"a\":1}' AS BLOB) WHERE position=3", "position 3:");
    assert_broken_at(s, "UPDATE entry SET header=replace(header,'\"rev\":1','\"rev\":2') WHERE position=4",
                     "UPDATE entry SET header=replace(header,'\"rev\":2','\"rev\":1') WHERE position=4",
                     "position 4:");
    assert_broken_at(
        s, "CREATE TABLE kept AS SELECT * FROM entry WHERE position=5; DELETE FROM entry WHERE position=5",
        "INSERT INTO entry SELECT * FROM kept; DROP TABLE kept", "position 5:");
    assert_broken_at(s,
                     "CREATE TABLE kept AS SELECT * FROM entry WHERE position=2;"
                     "UPDATE entry SET chain=zeroblob(32) WHERE position=2",
                     "UPDATE entry SET chain=(SELECT chain FROM kept) WHERE position=2; DROP TABLE kept",
                     "position 2:");
}

static void test_queue_redact_removes_the_body_and_still_verifies(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    seen_t seen = {0};
    fill(s, 3);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_redact(s->queue, 3, "operator", "theo yêu cầu của đơn vị", clock_wall_ms(), &why),
                     0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, &why), 0);
    assert_int_equal(seen.count, 5);
    assert_int_equal(seen.redacted, 1);
    assert_string_equal(seen.kind, "redact");
    incoming_t again = store_incoming("fill-1", 1, "{\"a\":1}");
    outcome_t out = store_put(s, &again);
    assert_int_equal(out.verdict, VERDICT_STORED);
    assert_int_equal(out.fresh, 0);
}

/* What was removed is in no file of the store any more. */
static void test_queue_redact_leaves_nothing_behind(void **state) {
    store_t *s = *state;
    refusal_t why;
    char body[20000], command[256];
    snprintf(body, sizeof body, "{\"note\":\"%19000d loi-khong-nen-viet\"}", 1); /* on pages of its own */
    incoming_t in = store_incoming("secret", 1, body);
    store_put(s, &in);
    assert_int_equal(queue_tidy(s->queue, 1), 0);
    snprintf(command, sizeof command, "grep -q loi-khong-nen-viet %s/queue.db*", s->dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_redact(s->queue, 2, "operator", "x", clock_wall_ms(), &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(queue_tidy(s->queue, 1 << 30), 0);
    assert_int_not_equal(system(command), 0);
}

static void test_queue_redact_refuses_what_it_must(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    fill(s, 1);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_redact(s->queue, 2, "operator", "x", clock_wall_ms(), &why), 0);
    assert_int_equal(queue_redact(s->queue, 2, "operator", "x", clock_wall_ms(), &why), BC_REFUSED);
    assert_string_equal(why.code, "redact-done");
    assert_int_equal(queue_redact(s->queue, 1, "operator", "x", clock_wall_ms(), &why), BC_REFUSED);
    assert_string_equal(why.code, "redact-kind");
    assert_int_equal(queue_redact(s->queue, 99, "operator", "x", clock_wall_ms(), &why), BC_REFUSED);
    assert_string_equal(why.code, "redact-position");
    assert_int_equal(queue_commit(s->queue), 0);
}

static int keep_ancestor(void *arg, const char *log, int64_t position) {
    char *out = arg;
    sprintf(out + strlen(out), "%s@%lld ", log, (long long)position);
    return 0;
}

static void test_queue_restored_has_a_new_id_and_names_its_ancestor(void **state) {
    store_t *s = *state;
    head_t before, after;
    char ancestors[256] = "", wanted[64];
    seen_t seen = {0};
    refusal_t why = {0};
    fill(s, 2);
    incoming_t in = store_incoming("fill-0", 1, "{\"a\":1}");
    outcome_t old = store_put(s, &in);
    assert_int_equal(queue_head(s->queue, &before), 0);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_restored(s->queue, "operator", "restore", clock_wall_ms(), &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    store_reopen(s);
    assert_int_equal(queue_head(s->queue, &after), 0);
    assert_string_not_equal(before.log, after.log);
    assert_int_equal(after.position, before.position + 1);
    assert_int_equal(queue_ancestors(s->queue, keep_ancestor, ancestors), 0);
    sprintf(wanted, "%s@%lld ", before.log, (long long)before.position);
    assert_string_equal(ancestors, wanted);
    assert_int_equal(queue_walk(s->queue, 0, see, &seen, &why), 0);
    assert_string_equal(seen.log, after.log);
    /* What was stored before answers with the same line as then. */
    assert_string_equal(store_put(s, &in).line, old.line);
}

static void test_queue_backup_can_be_opened(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    head_t here, there;
    char dir[96];
    fill(s, 3);
    snprintf(dir, sizeof dir, "%s/backup", s->dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(queue_backup(s->queue, dir, &why), 0);
    assert_int_equal(queue_head(s->queue, &here), 0);
    queue_t *copy = queue_open(dir, &why);
    assert_non_null(copy);
    assert_int_equal(queue_head(copy, &there), 0);
    assert_memory_equal(&here, &there, sizeof here);
    queue_close(&copy);
}

static void test_queue_tidy_moves_the_wal(void **state) {
    store_t *s = *state;
    queue_counts_t counts;
    fill(s, 5);
    assert_int_equal(queue_counts(s->queue, &counts), 0);
    assert_true(counts.wal_bytes > 0);
    assert_int_equal(queue_tidy(s->queue, 1 << 30), 0);
    assert_int_equal(queue_counts(s->queue, &counts), 0);
    assert_true(counts.wal_bytes > 0);
    assert_int_equal(queue_tidy(s->queue, 0), 0);
    assert_int_equal(queue_counts(s->queue, &counts), 0);
    assert_int_equal(counts.wal_bytes, 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_queue_begins_with_a_log_entry),
        test(test_queue_is_created_once_and_opened_only_where_created),
        test(test_queue_head_is_found_again_after_opening),
        test(test_queue_received_never_runs_backwards),
        test(test_queue_rollback_puts_the_head_back),
        test(test_queue_walk_ends_where_it_is_told),
        test(test_queue_walk_finds_what_was_tampered_with),
        test(test_queue_redact_removes_the_body_and_still_verifies),
        test(test_queue_redact_leaves_nothing_behind),
        test(test_queue_redact_refuses_what_it_must),
        test(test_queue_restored_has_a_new_id_and_names_its_ancestor),
        test(test_queue_backup_can_be_opened),
        test(test_queue_tidy_moves_the_wal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
