/* SPDX-License-Identifier: MPL-2.0 */
/* Following a log: from the cursor, in one transaction with it, and never past a fork or a broken chain. */
#include "aggregator/follow.h"
#include "aggregator/verbs.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/aggregator/fake_collector.h"
#include "tests/aggregator/province.h"

/* A follower, the collector it follows, and what its last tick said. */
typedef struct {
    kit_t *kit;
    fake_t *fake;
    conf_t *conf;
    store_t *store;
    follow_t *follow;
    peer_t peer;
    const char *dir;
    refusal_t why;
    int rc;
} following_t;

static void tick(void *arg) {
    following_t *f = arg;
    if (f->rc == BC_OK) f->rc = follow_tick(f->follow, &f->why);
}

static void follow_on(following_t *f) {
    char *path = mem_printf("%s/aggregator.db", f->dir);
    f->store = store_open(path, &f->why);
    assert_non_null(f->store);
    f->follow = follow_new(f->dir, &f->peer, f->conf, f->store, &f->why);
    assert_non_null(f->follow);
    free(path);
}

static following_t *begin(void **state) {
    following_t *f = mem_alloc(sizeof *f);
    setenv("BAOCAO_FOLLOW_PATIENCE", "300ms", 1);
    setenv("BAOCAO_FOLLOW_BACKOFF", "100ms", 1);
    f->dir = *state;
    f->kit = province_new();
    f->fake = fake_new();
    f->peer = fake_peer(f->fake);
    f->conf = conf_load(NULL, verbs_program.keys, &f->why);
    assert_non_null(f->conf);
    follow_on(f);
    return f;
}

static void leave(following_t *f) {
    follow_free(&f->follow);
    store_close(&f->store);
}

static void end(following_t *f) {
    leave(f);
    conf_free(&f->conf);
    fake_free(&f->fake);
    kit_free(&f->kit);
    free(f);
}

static int64_t at(const following_t *f) {
    return store_cursor(f->store)->position;
}

/* Ticks until the position is on disk. */
static void expect_position(following_t *f, int64_t position) {
    assert_true(WAIT_UNTIL((tick(f), at(f) >= position || f->rc), 10000));
    assert_int_equal(f->rc, BC_OK);
    assert_int_equal(at(f), position);
}

static int64_t said(const following_t *f, const char *key) {
    return json_int(f->fake->last.header, key, -1);
}

static void test_follow_folds_commits_and_goes_on_from_its_cursor(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    assert_int_equal(said(f, "position"), 0);
    fake_entries(f->fake, f->kit, 1, 4);
    assert_true(fake_expect(f->fake, CMD_COMMIT, tick, f));
    assert_int_equal(said(f, "position"), 4);
    assert_int_equal(at(f), 4); /* on disk before the commit was sent */
    assert_int_equal(follow_head(f->follow), (int64_t)f->kit->count);
    assert_false(follow_done(f->follow));
    leave(f);
    follow_on(f); /* the program began anew */
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    assert_int_equal(said(f, "position"), 4);
    char chain[HASH_HEX];
    assert_string_equal(json_text(f->fake->last.header, "chain"),
                        hex_write(f->kit->list[3].chain.b, HASH_LEN, chain));
    fake_entries(f->fake, f->kit, 3, (int64_t)f->kit->count); /* two of them again */
    expect_position(f, (int64_t)f->kit->count);
    assert_true(follow_done(f->follow));
    end(f);
}

static void test_follow_asks_anew_where_a_message_was_lost(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 3, 4);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    assert_int_equal(said(f, "position"), 0);
    assert_int_equal(at(f), 0);
    end(f);
}

static void test_follow_hears_whether_a_silent_line_still_lives(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 1, (int64_t)f->kit->count);
    expect_position(f, (int64_t)f->kit->count);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f)); /* asked again after its patience */
    fake_entries(f->fake, f->kit, (int64_t)f->kit->count + 1, (int64_t)f->kit->count);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f)); /* unanswered: a new line */
    assert_string_equal(follow_trouble(f->follow)->code, "collector-silent");
    end(f);
}

static void test_follow_stops_at_a_fork_and_names_it(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 1, 4);
    expect_position(f, 4);
    fake_say(f->fake, CMD_NOTICE,
             "{\"kind\":\"refused\",\"to\":\"COMMIT\",\"code\":\"log-forked\",\"vi\":\"x\",\"en\":\"x\"}", "",
             0);
    assert_true(WAIT_UNTIL((tick(f), f->rc), 10000));
    assert_int_equal(f->rc, BC_REFUSED);
    assert_string_equal(f->why.code, "log-forked");
    assert_non_null(strstr(f->why.en, "position 4"));
    assert_non_null(strstr(f->why.en, f->kit->log));
    assert_true(store_forked(f->store));
    leave(f);
    follow_on(f);
    assert_true(store_forked(f->store)); /* kept until a rebuild */
    end(f);
}

static void test_follow_keeps_what_came_just_before_a_fork(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 1, 4);
    fake_say(f->fake, CMD_NOTICE,
             "{\"kind\":\"refused\",\"to\":\"SUBSCRIBE\",\"code\":\"log-forked\",\"vi\":\"x\",\"en\":\"x\"}",
             "", 0);
    zmq_pollitem_t item = {zsock_resolve(f->fake->sock), 0, ZMQ_POLLIN, 0};
    zmq_poll(&item, 1, 200); /* both messages arrive, so that one turn takes both */
    assert_true(WAIT_UNTIL((tick(f), f->rc), 10000));
    assert_int_equal(f->rc, BC_REFUSED);
    assert_int_equal(at(f), 4);
    assert_true(store_forked(f->store));
    end(f);
}

static void test_follow_stops_where_the_chain_breaks(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    f->kit->list[5].body[3] ^= 1;
    fake_entries(f->fake, f->kit, 1, 7);
    assert_true(WAIT_UNTIL((tick(f), f->rc), 10000));
    assert_int_equal(f->rc, BC_CORRUPT);
    assert_string_equal(f->why.code, "log-broken");
    assert_int_equal(at(f), 0); /* nothing of that transaction */
    end(f);
}

static void test_follow_ends_when_its_key_was_revoked(void **state) {
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_say(f->fake, CMD_NOTICE,
             "{\"kind\":\"refused\",\"to\":\"SUBSCRIBE\",\"code\":\"key-revoked\",\"vi\":\"x\",\"en\":"
             "\"revoked\"}",
             "", 0);
    assert_true(WAIT_UNTIL((tick(f), f->rc), 10000));
    assert_int_equal(f->rc, BC_REFUSED);
    assert_string_equal(f->why.code, "key-revoked");
    end(f);
}

static void test_follow_outlives_nonsense(void **state) {
    static const char half[] = {0, 0, 1, 0, '{'};
    following_t *f = begin(state);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_say(f->fake, CMD_PONG, "{}", "", 0);
    fake_say(f->fake, CMD_NOTICE, "{\"kind\":\"something new\"}", "", 0);
    fake_say(f->fake, CMD_ENTRIES, "{\"log\":\"x\",\"first\":1,\"last\":1,\"head\":1}", half, sizeof half);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f)); /* on a new line */
    fake_say(f->fake, CMD_ENTRIES, "{\"first\":\"one\"}", "", 0);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 1, (int64_t)f->kit->count);
    expect_position(f, (int64_t)f->kit->count);
    assert_string_equal(follow_trouble(f->follow)->code, "");
    end(f);
}

static void test_follow_folds_up_to_its_limit(void **state) {
    following_t *f = begin(state);
    follow_limit(f->follow, 5);
    assert_true(fake_expect(f->fake, CMD_SUBSCRIBE, tick, f));
    fake_entries(f->fake, f->kit, 1, 8);
    expect_position(f, 5);
    assert_true(follow_done(f->follow));
    assert_int_equal(follow_until_done(f->follow, -1, 1000, NULL, &f->why), BC_OK);
    end(f);
}

static void test_follow_gives_up_a_command_line_in_time(void **state) {
    following_t *f = begin(state);
    leave(f);
    strcpy(f->peer.endpoint, "tcp://127.0.0.1:9"); /* nobody listens there */
    follow_on(f);
    assert_int_equal(follow_until_done(f->follow, -1, 500, NULL, &f->why), BC_AGAIN);
    assert_string_equal(f->why.code, "collector-unreachable");
    end(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_follow_folds_commits_and_goes_on_from_its_cursor),
        IN_DIR(test_follow_asks_anew_where_a_message_was_lost),
        IN_DIR(test_follow_hears_whether_a_silent_line_still_lives),
        IN_DIR(test_follow_stops_at_a_fork_and_names_it),
        IN_DIR(test_follow_keeps_what_came_just_before_a_fork),
        IN_DIR(test_follow_stops_where_the_chain_breaks),
        IN_DIR(test_follow_ends_when_its_key_was_revoked),
        IN_DIR(test_follow_outlives_nonsense),
        IN_DIR(test_follow_folds_up_to_its_limit),
        IN_DIR(test_follow_gives_up_a_command_line_in_time),
    };
    return RUN(tests);
}
