/* SPDX-License-Identifier: MPL-2.0 */
/* test_intake_consumer.c - consumers over the wire: entries as they come, commits, decisions; and enrolment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"
#include "tests/collector/site_fixture.h"

static zsock_t *subscribe(site_t *s, int who) {
    zsock_t *client = site_client(s, who);
    site_say(client, CMD_SUBSCRIBE, NULL, 0, "{'v':1,'program':'t','position':0,'window':1000000}");
    return client;
}

static int64_t hear_entries(site_t *s, zsock_t *client) {
    frame_t f = site_hear(s, client, CMD_ENTRIES);
    int64_t last = json_int(f.header, "last", -1);
    assert_string_equal(json_text(f.header, "log"), s->intake->head.log);
    frame_free(&f);
    return last;
}

static void test_intake_consumer_gets_what_is_there_and_what_comes(void **state) {
    site_t *s = *state;
    zsock_t *agent = site_client(s, SITE_UNIT), *consumer = subscribe(s, SITE_CONSUMER);
    int64_t last = hear_entries(s, consumer);
    site_hello(s, agent, SITE_OUTBOX);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    site_send(s, agent, doc);
    free(doc);
    assert_int_equal(hear_entries(s, consumer), last + 1);
    zsock_destroy(&agent);
    zsock_destroy(&consumer);
}

static int find_cursor(void *arg, const char *consumer, int64_t position, int64_t at) {
    (void)at;
    if (strcmp(consumer, "tonghop") == 0) *(int64_t *)arg = position;
    return 0;
}

static void test_intake_consumer_commit_is_kept_for_the_operator(void **state) {
    site_t *s = *state;
    int64_t kept = 0;
    char hex[HASH_HEX];
    hash_t chain;
    zsock_t *consumer = subscribe(s, SITE_CONSUMER);
    int64_t last = hear_entries(s, consumer);
    assert_int_equal(queue_chain_at(s->intake->reader, last, &chain), 0);
    site_say(consumer, CMD_COMMIT, NULL, 0, "{'log':'%s','position':%lld,'chain':'%s'}", s->intake->head.log,
             (long long)last, hex_write(chain.b, HASH_LEN, hex));
    for (int64_t until = clock_mono_ms() + 10000; !kept && clock_mono_ms() < until;) {
        intake_turn(s->intake, 5);
        assert_int_equal(queue_cursor_each(s->intake->reader, find_cursor, &kept), 0);
    }
    assert_int_equal(kept, last);
    chain.b[0] ^= 1;
    site_say(consumer, CMD_COMMIT, NULL, 0, "{'log':'%s','position':%lld,'chain':'%s'}", s->intake->head.log,
             (long long)last, hex_write(chain.b, HASH_LEN, hex));
    site_hear_refused(s, consumer, "log-forked");
    zsock_destroy(&consumer);
}

static void test_intake_consumer_must_subscribe_first_and_rightly(void **state) {
    site_t *s = *state;
    zsock_t *consumer = site_client(s, SITE_CONSUMER);
    site_say(consumer, CMD_COMMIT, NULL, 0, "{'position':1}");
    site_hear_refused(s, consumer, "hello-first");
    site_say(consumer, CMD_SUBSCRIBE, NULL, 0, "{'v':3,'program':'t','position':0,'window':1000000}");
    site_hear_refused(s, consumer, "version-unsupported");
    site_say(consumer, CMD_SUBSCRIBE, NULL, 0, "{'v':1,'program':'t','position':0,'window':1}");
    site_hear_refused(s, consumer, "header-bad");
    site_say(consumer, CMD_SUBSCRIBE, NULL, 0,
             "{'v':1,'program':'t','position':1,'window':1000000,'log':'%s','chain':'"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}",
             s->intake->head.log);
    site_hear_refused(s, consumer, "log-forked");
    zsock_destroy(&consumer);
}

/* ---- decisions ---- */

#define UUID1 "01932f6e-7a10-7c3e-8f21-000000000001"
#define UUID2 "01932f6e-7a10-7c3e-8f21-000000000002"
static const char overlap[] = "{\"aggregate\":\"" UUID2 "\",\"choice\":\"own\"}";

static void decide(site_t *s, zsock_t *client, const char *uuid, const char *kind, const char *person,
                   const char *body) {
    site_say(client, CMD_DECISION, body, strlen(body),
             "{'uuid':'%s','kind':'%s','person':'%s','log':'%s','position':1}", uuid, kind, person,
             s->intake->head.log);
}

static void hear_decided(site_t *s, zsock_t *client, const char *verdict, const char *code) {
    frame_t f = site_hear(s, client, CMD_DECIDED);
    assert_string_equal(json_text(f.header, "verdict"), verdict);
    if (code) assert_string_equal(json_text(f.header, "code"), code);
    if (!code) assert_true(json_int(f.header, "position", 0) > 0);
    frame_free(&f);
}

static void test_intake_consumer_decision_is_stored_once(void **state) {
    site_t *s = *state;
    zsock_t *client = site_client(s, SITE_CONSUMER);
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A", overlap);
    frame_t f = site_hear(s, client, CMD_DECIDED);
    int64_t position = json_int(f.header, "position", 0);
    frame_free(&f);
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A", overlap);
    f = site_hear(s, client, CMD_DECIDED);
    assert_string_equal(json_text(f.header, "verdict"), "stored");
    assert_int_equal(json_int(f.header, "position", -1), position);
    frame_free(&f);
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A",
           "{\"aggregate\":\"" UUID2 "\",\"choice\":\"aggregate\"}");
    hear_decided(s, client, "refused", "decision-conflict");
    zsock_destroy(&client);
}

static void test_intake_consumer_decisions_are_checked(void **state) {
    site_t *s = *state;
    zsock_t *client = site_client(s, SITE_CONSUMER), *reader = site_client(s, SITE_READER);
    decide(s, reader, UUID1, "overlap", "Nguyễn Văn A", overlap);
    hear_decided(s, reader, "refused", "decision-not-allowed");
    decide(s, client, "x", "overlap", "Nguyễn Văn A", overlap);
    hear_decided(s, client, "refused", "header-bad");
    decide(s, client, UUID1, "overlap", "", overlap);
    hear_decided(s, client, "refused", "header-bad");
    decide(s, client, UUID1, "frob", "Nguyễn Văn A", overlap);
    hear_decided(s, client, "refused", "decision-kind");
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A", "{\"aggregate\":\"" UUID2 "\",\"choice\":\"both\"}");
    hear_decided(s, client, "refused", "decision-bad");
    decide(s, client, UUID1, "return", "Nguyễn Văn A",
           "{\"id\":\"" UUID2 "\",\"rev\":1,\"reason\":\"e\xcc\x81\"}");
    hear_decided(s, client, "refused", "decision-nfc");
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A", "{");
    hear_decided(s, client, "refused", "json-malformed");
    intake_drain(s->intake);
    decide(s, client, UUID1, "overlap", "Nguyễn Văn A", overlap);
    hear_decided(s, client, "later", "collector-stopping");
    zsock_destroy(&reader);
    zsock_destroy(&client);
}

/* ---- enrolment ---- */

static zsock_t *stranger(site_t *s, const curve_pair_t *key) {
    refusal_t why;
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", intake_enrol_port(s->intake));
    return sock_client(endpoint, key->secret, key->public_, s->server.public_, 10, &why);
}

static void test_intake_enrols_a_key_that_may_speak_at_once(void **state) {
    site_t *s = *state;
    access_code_t code = {.token = {9}, .unit = "BD.02", .expires = 40000, .made = 1};
    curve_pair_t key;
    site_stop(s);
    queue_t *q = site_queue(s);
    assert_int_equal(queue_code_add(q, &code), 0);
    queue_close(&q);
    site_start(s);
    curve_pair_make(&key);
    zsock_t *client = stranger(s, &key);
    site_say(client, CMD_ENROL, NULL, 0,
             "{'v':1,'token':'09000000000000000000000000000000','name':'may 1','program':'t'}");
    frame_t f = site_hear(s, client, CMD_ENROLLED);
    assert_string_equal(json_text(f.header, "unit"), "BD.02");
    assert_int_equal(json_int(f.header, "port", 0), intake_documents_port(s->intake));
    frame_free(&f);
    site_say(client, CMD_ENROL, NULL, 0, "{'v':1,'token':'zz'}");
    f = site_hear(s, client, CMD_ENROLLED);
    assert_string_equal(json_text(json_object_get(f.header, "refused"), "code"), "header-bad");
    frame_free(&f);
    site_say(client, CMD_HELLO, NULL, 0, "{}");
    site_hear_refused(s, client, "command-misplaced");
    zsock_destroy(&client);
    s->keys[SITE_UNIT] = key;
    client = site_client(s, SITE_UNIT);
    site_hello(s, client, SITE_OUTBOX);
    zsock_destroy(&client);
}

#define test(f) cmocka_unit_test_setup_teardown(f, site_setup, site_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_intake_consumer_gets_what_is_there_and_what_comes),
        test(test_intake_consumer_commit_is_kept_for_the_operator),
        test(test_intake_consumer_must_subscribe_first_and_rightly),
        test(test_intake_consumer_decision_is_stored_once),
        test(test_intake_consumer_decisions_are_checked),
        test(test_intake_enrols_a_key_that_may_speak_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
