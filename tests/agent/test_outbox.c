/* SPDX-License-Identifier: MPL-2.0 */
/* test_outbox.c - what the store keeps, which revision counts, and when something is sent again. */
#include "agent/outbox.h"

#include "agent/outbox_news.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

#define LOG_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LOG_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void test_outbox_keeps_facts_and_its_id(void **state) {
    agent_t *agent = kit_agent(*state);
    char *id = outbox_id(agent->outbox);
    assert_int_equal(strlen(id), 32);
    assert_int_equal(outbox_fact_put(agent->outbox, "name", "Công đoàn Ví dụ"), 0);
    assert_int_equal(outbox_fact_put_int(agent->outbox, "news", 42), 0);
    kit_close(&agent);
    agent = kit_agent(*state);
    char *again = outbox_id(agent->outbox), *name = outbox_fact(agent->outbox, "name");
    assert_string_equal(again, id);
    assert_string_equal(name, "Công đoàn Ví dụ");
    assert_int_equal(outbox_fact_int(agent->outbox, "news", 0), 42);
    assert_int_equal(outbox_fact_put(agent->outbox, "name", NULL), 0);
    assert_null(outbox_fact(agent->outbox, "name"));
    free(id);
    free(again);
    free(name);
    kit_close(&agent);
}

static void test_outbox_gives_each_revision_a_number(void **state) {
    agent_t *agent = kit_agent(*state);
    char a[UUID_TEXT], b[UUID_TEXT];
    assert_int_equal(outbox_next(agent->outbox), 1);
    assert_int_equal(kit_activity(agent, 10, a), 1);
    assert_int_equal(kit_activity(agent, 20, b), 2);
    verb_ok(agent, NULL, "correct|1|--set|attendances=11|--reason|Counted again");
    assert_int_equal(outbox_next(agent->outbox), 4);
    kept_t kept;
    assert_int_equal(outbox_newest(agent->outbox, a, &kept), 0);
    assert_int_equal(kept.number, 3);
    assert_int_equal(kept.no, 1); /* people's number is the document's */
    kept_free(&kept);
    kit_close(&agent);
}

typedef struct {
    int64_t row[8], number[8];
    int count, stop;
} seen_t;

static int see(void *arg, const kept_t *kept) {
    seen_t *s = arg;
    s->row[s->count] = kept->row;
    s->number[s->count++] = kept->number;
    return s->count == s->stop;
}

static seen_t due(agent_t *agent, int64_t after, int held, int64_t now) {
    seen_t s = {0};
    assert_int_equal(outbox_each_due(agent->outbox, after, held, now, see, &s), 0);
    return s;
}

static void verdict(agent_t *agent, int64_t row, kept_state_t state, int64_t not_before) {
    refusal_t why;
    refuse(&why, "held-example", "field", "Lý do.", "The reason.");
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_verdict(agent->outbox, row, state, &why, not_before, 7), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
}

static void test_outbox_tells_what_is_due(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[4][UUID_TEXT];
    for (int i = 0; i < 4; i++)
        kit_activity(agent, 10 + i, id[i]);
    verdict(agent, 1, KEPT_LATER, 5000);
    verdict(agent, 2, KEPT_HELD, 0);
    verdict(agent, 3, KEPT_REFUSED, 0);
    assert_int_equal(due(agent, 0, 0, 4999).count, 1);
    assert_int_equal(due(agent, 0, 0, 5000).count, 2);
    assert_int_equal(due(agent, 0, 1, 5000).count, 3);
    assert_int_equal(due(agent, 1, 1, 5000).count, 2);
    kit_store(agent, id[3], LOG_A, 1);
    assert_int_equal(due(agent, 0, 0, 4999).count, 0);
    outbox_counts_t c;
    assert_int_equal(outbox_counts(agent->outbox, &c), 0);
    assert_int_equal(c.due, 5000);
    assert_int_equal(outbox_unanswered(&c), 2);
    assert_int_equal(c.state[KEPT_REFUSED], 1);
    kept_t kept;
    assert_int_equal(outbox_newest(agent->outbox, id[1], &kept), 0);
    assert_string_equal(kept.why.code, "held-example");
    assert_string_equal(kept.why.vi, "Lý do.");
    kept_free(&kept);
    kit_close(&agent);
}

static void test_outbox_renewed_sends_what_has_no_receipt(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[4][UUID_TEXT];
    for (int i = 0; i < 4; i++)
        kit_activity(agent, 10 + i, id[i]);
    kit_store(agent, id[0], LOG_A, 1);
    verdict(agent, 2, KEPT_HELD, 0);
    verdict(agent, 3, KEPT_REFUSED, 0);
    char *before = outbox_id(agent->outbox);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_renew(agent->outbox), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    char *after = outbox_id(agent->outbox);
    assert_string_not_equal(before, after);
    seen_t s = due(agent, 0, 0, 0);
    assert_int_equal(s.count, 2); /* the held one and the one that waited; not the stored, not the refused */
    assert_int_equal(s.number[0], 1);
    assert_int_equal(s.number[1], 2);
    assert_int_equal(outbox_next(agent->outbox), 3);
    free(before);
    free(after);
    kit_close(&agent);
}

static int64_t reclaim(agent_t *agent, const char *log, const char *ancestors) {
    int64_t count = -1;
    json_t *a = json_loads(ancestors, 0, NULL);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_reclaim(agent->outbox, log, a, &count), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    json_decref(a);
    return count;
}

static void test_outbox_reclaims_what_a_restore_lost(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[3][UUID_TEXT];
    for (int i = 0; i < 3; i++) {
        kit_activity(agent, 10 + i, id[i]);
        kit_store(agent, id[i], LOG_A, 10 * (i + 1));
    }
    assert_int_equal(outbox_furthest(agent->outbox, LOG_A), 30);
    assert_int_equal(reclaim(agent, LOG_A, "[]"), 0);
    assert_int_equal(reclaim(agent, LOG_B, "[{\"log\":\"" LOG_A "\",\"position\":20}]"), 1);
    assert_int_equal(kit_state(agent, id[1]), KEPT_STORED);
    assert_int_equal(kit_state(agent, id[2]), KEPT_WAITING);
    kit_store(agent, id[2], LOG_B, 5);
    assert_int_equal(reclaim(agent, LOG_B, "[{\"log\":\"" LOG_A "\",\"position\":20}]"), 0);
    char *first = outbox_receipt(agent->outbox, 3, 1); /* both are kept: the first proves the day */
    assert_non_null(first);
    free(first);
    assert_int_equal(db_int(outbox_db(agent->outbox), 0, "SELECT count(*) FROM receipt WHERE row = 3", ""),
                     2);
    assert_int_equal(reclaim(agent, "cccccccccccccccccccccccccccccccc", "[]"), 3);
    kit_close(&agent);
}

static int count_one(void *arg, const kept_t *kept) {
    (void)kept;
    ++*(int *)arg;
    return 0;
}

static void test_outbox_later_is_not_put_off_by_a_clock_that_was_wrong(void **state) {
    agent_t *agent = kit_agent(*state);
    const int64_t now = 1731000000000, years = 6LL * 366 * 86400000;
    const struct { int64_t not_before; int due; } cases[] = {
        {now, 1}, {now + 1, 0}, {now + OUTBOX_WAIT_MOST, 0}, {now + years, 1}};
    refusal_t why = {.code = "credit-exceeded"};
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int due = 0;
        assert_int_equal(outbox_begin(agent->outbox), 0);
        assert_int_equal(outbox_verdict(agent->outbox, 1, KEPT_LATER, &why, cases[i].not_before, now), 0);
        assert_int_equal(outbox_commit(agent->outbox), 0);
        assert_int_equal(outbox_each_due(agent->outbox, 0, 0, now, count_one, &due), 0);
        assert_int_equal(due, cases[i].due);
    }
    kit_close(&agent);
}

static void test_outbox_finds_by_number_and_by_beginning_of_id(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT], word[9];
    refusal_t why = {0};
    kept_t kept;
    kit_activity(agent, 10, id);
    snprintf(word, sizeof word, "%.8s", id);
    assert_int_equal(outbox_find(agent->outbox, "1", &kept, &why), 0);
    kept_free(&kept);
    assert_int_equal(outbox_find(agent->outbox, word, &kept, &why), 0);
    assert_string_equal(kept.id, id);
    kept_free(&kept);
    const char *const none[] = {"2", "", "-1", "abc", "zzzz", "999999999999999999999999", "ffffffffffff"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(outbox_find(agent->outbox, none[i], &kept, &why), BC_REFUSED);
        assert_string_equal(why.code, "document-none");
    }
    kit_close(&agent);
}

static int live(agent_t *agent) {
    period_t november = {.from = day_make(2024, 11, 1), .to = day_make(2024, 11, 30)};
    int n = 0;
    assert_int_equal(outbox_each_live(agent->outbox, KIT_UNIT, KIT_PLAN, &november, count_one, &n), 0);
    return n;
}

static void test_outbox_live_is_what_counts(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[3][UUID_TEXT];
    for (int i = 0; i < 3; i++)
        kit_activity(agent, 10 + i, id[i]);
    assert_int_equal(live(agent), 3);
    verb_ok(agent, NULL, "correct|1|--set|attendances=99|--reason|Counted again");
    assert_int_equal(live(agent), 3);
    verb_ok(agent, NULL, "withdraw|2|--reason|A slip");
    assert_int_equal(live(agent), 2);
    verdict(agent, 3, KEPT_REFUSED, 0);
    assert_int_equal(live(agent), 1);
    verdict(agent, 4, KEPT_HELD, 0); /* the correction waits for a decision: the first revision counts */
    assert_int_equal(live(agent), 1);
    kit_close(&agent);
}

static void test_outbox_learns_from_another_computer_once(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    kept_t kept;
    document_t doc;
    refusal_t why = {0};
    assert_int_equal(outbox_newest(agent->outbox, id, &kept), 0);
    assert_int_equal(document_read(kept.bytes, kept.len, &doc, &why), 0);
    receipt_t r = {.position = 9, .rev = 4, .received = 77};
    strcpy(r.log, LOG_A);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(outbox_begin(agent->outbox), 0);
        assert_int_equal(outbox_learn(agent->outbox, &doc, kept.bytes, kept.len, &r, "{}", 5), 0);
        assert_int_equal(outbox_commit(agent->outbox), 0);
    }
    assert_int_equal(kit_kept(agent), 1);
    assert_int_equal(kit_state(agent, id), KEPT_STORED);
    assert_int_equal(outbox_revision(agent->outbox, id), 4); /* released as the fourth */
    document_free(&doc);
    kept_free(&kept);
    kit_close(&agent);
}

static int count_notice(void *arg, const char *kind, const char *body, int64_t received, int read) {
    (void)kind;
    (void)body;
    (void)received;
    *(int *)arg += read ? 100 : 1;
    return 0;
}

static void test_outbox_news_are_kept_once(void **state) {
    agent_t *agent = kit_agent(*state);
    int n = 0;
    for (int i = 0; i < 2; i++)
        assert_int_equal(outbox_notice_put(agent->outbox, LOG_A, 5, "notice", "{\"subject\":\"x\"}", 1), 0);
    assert_int_equal(outbox_notices_unread(agent->outbox), 1);
    assert_int_equal(outbox_each_notice(agent->outbox, count_notice, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(outbox_notices_read(agent->outbox), 0);
    assert_int_equal(outbox_notices_unread(agent->outbox), 0);
    refusal_t why = {0};
    assert_int_equal(outbox_plan_put(agent->outbox, "{}", 2, 1, &why), BC_REFUSED);
    assert_int_equal(plans_count(outbox_plans(agent->outbox)), 1);
    kit_close(&agent);
    agent = kit_agent(*state);
    assert_int_equal(plans_count(outbox_plans(agent->outbox)), 1);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_outbox_keeps_facts_and_its_id),
        IN_DIR(test_outbox_gives_each_revision_a_number),
        IN_DIR(test_outbox_tells_what_is_due),
        IN_DIR(test_outbox_renewed_sends_what_has_no_receipt),
        IN_DIR(test_outbox_reclaims_what_a_restore_lost),
        IN_DIR(test_outbox_later_is_not_put_off_by_a_clock_that_was_wrong),
        IN_DIR(test_outbox_finds_by_number_and_by_beginning_of_id),
        IN_DIR(test_outbox_live_is_what_counts),
        IN_DIR(test_outbox_learns_from_another_computer_once),
        IN_DIR(test_outbox_news_are_kept_once),
    };
    return RUN(tests);
}
