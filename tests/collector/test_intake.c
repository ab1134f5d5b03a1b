/* SPDX-License-Identifier: MPL-2.0 */
/* test_intake.c - agents and the collector over the wire: welcome, receipts, refusals, credit, news,
 * draining. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/site_fixture.h"

static zsock_t *agent(site_t *s, int who) {
    zsock_t *client = site_client(s, who);
    site_hello(s, client, SITE_OUTBOX);
    return client;
}

/* ---- HELLO ---- */

static void test_intake_welcomes_with_what_it_knows(void **state) {
    site_t *s = *state;
    char chain[HASH_HEX];
    zsock_t *client = site_client(s, SITE_UPPER);
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':1,'program':'test/1','outbox':'" SITE_OUTBOX "','next':1,'clock':%lld}",
             (long long)clock_wall_ms());
    frame_t f = site_hear(s, client, CMD_WELCOME);
    assert_int_equal(json_int(f.header, "v", 0), 1);
    assert_string_equal(json_text(f.header, "log"), s->intake->head.log);
    assert_int_equal(json_int(f.header, "position", 0), s->intake->head.position);
    hex_write(s->intake->head.chain.b, HASH_LEN, chain);
    assert_string_equal(json_text(f.header, "chain"), chain);
    assert_string_equal(json_text(f.header, "unit"), "BD.01");
    assert_string_equal(json_text(f.header, "name"), "Thành phố");
    assert_int_equal(json_array_size(json_object_get(f.header, "ancestors")), 0);
    assert_true(json_array_size(json_object_get(f.header, "grants")) >= 1);
    assert_int_equal(json_int(json_object_get(f.header, "outbox"), "highest", -1), 0);
    assert_int_equal(json_int(json_object_get(f.header, "limits"), "document", 0), 65536);
    assert_true(credit_read(json_object_get(f.header, "credit")).bytes >= 65536);
    frame_free(&f);
    zsock_destroy(&client);
}

static void test_intake_refuses_a_bad_hello_and_goes_on(void **state) {
    site_t *s = *state;
    zsock_t *client = site_client(s, SITE_UPPER);
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':2,'program':'t','outbox':'" SITE_OUTBOX "','next':1,'clock':1}");
    site_hear_refused(s, client, "version-unsupported");
    site_say(client, CMD_HELLO, NULL, 0, "{'v':1,'program':'t','outbox':'xyz','next':1,'clock':1}");
    site_hear_refused(s, client, "header-bad");
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':1,'program':'t','outbox':'" SITE_OUTBOX "','next':0,'clock':1}");
    site_hear_refused(s, client, "header-bad");
    site_say(client, CMD_HELLO, NULL, 0, "no json");
    site_hear_refused(s, client, "header-bad");
    site_hello(s, client, SITE_OUTBOX);
    zsock_destroy(&client);
}

static void test_intake_asks_for_hello_first(void **state) {
    site_t *s = *state;
    zsock_t *client = site_client(s, SITE_UNIT);
    site_say(client, CMD_PING, NULL, 0, "{'clock':1,'news':0}");
    site_hear_refused(s, client, "hello-first");
    site_say(client, CMD_DOCUMENTS, "x\n", 2, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    site_hear_refused(s, client, "hello-first");
    site_hello(s, client, SITE_OUTBOX);
    site_say(client, CMD_BYE, NULL, 0, "{}");
    site_say(client, CMD_PING, NULL, 0, "{'clock':1,'news':0}");
    site_hear_refused(s, client, "hello-first");
    zsock_destroy(&client);
}

static void test_intake_refuses_commands_that_have_no_place(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    site_say(client, CMD_WELCOME, NULL, 0, "{}");
    site_hear_refused(s, client, "command-misplaced");
    site_say(client, CMD_SUBSCRIBE, NULL, 0, "{}");
    site_hear_refused(s, client, "consumer-only");
    assert_int_equal(zstr_sendx(client, "FROB", "{}", "", NULL), 0);
    site_hear_refused(s, client, "command-unknown");
    assert_int_equal(zstr_sendx(client, "PING", "{}", NULL), 0);
    site_hear_refused(s, client, "frames-bad");
    zsock_t *consumer = site_client(s, SITE_CONSUMER);
    site_say(consumer, CMD_HELLO, NULL, 0, "{}");
    site_hear_refused(s, consumer, "agent-only");
    zsock_destroy(&consumer);
    zsock_destroy(&client);
}

/* ---- DOCUMENTS ---- */

static void test_intake_stores_and_proves_it(void **state) {
    site_t *s = *state;
    receipt_t r;
    hash_t root;
    uint8_t signature[64];
    zsock_t *client = agent(s, SITE_UNIT);
    char *a = site_document(NULL, 1, "BD.02", "BD.02"), *b = site_document(NULL, 1, "BD.02", "BD.02");
    char *body = mem_printf("%s\n{\"doc\":1}\n%s\n", a, b);
    site_say(client, CMD_DOCUMENTS, body, strlen(body),
             "{'batch':5,'outbox':'" SITE_OUTBOX "','numbers':[1,2,3]}");
    frame_t f = site_hear(s, client, CMD_RECEIPT);
    verdict_line_t one = site_verdict(&f, 0), two = site_verdict(&f, 1), three = site_verdict(&f, 2);
    assert_int_equal(one.verdict, VERDICT_STORED);
    assert_int_equal(two.verdict, VERDICT_REFUSED);
    assert_int_equal(three.verdict, VERDICT_STORED);
    assert_int_equal(receipt_read(one.line, &r, NULL), 0);
    assert_string_equal(r.unit, "BD.02");
    hash_t sha = hash_of(a, strlen(a));
    assert_true(hash_equal(&r.sha256, &sha));
    hash_t leaves[2] = {merkle_leaf(one.line, strlen(one.line)), merkle_leaf(three.line, strlen(three.line))};
    hash_t wanted = merkle_root(leaves, 2);
    assert_int_equal(hex_read(json_text(f.header, "root"), root.b, HASH_LEN), 0);
    assert_true(hash_equal(&root, &wanted));
    assert_int_equal(hex_read(json_text(f.header, "signature"), signature, 64), 0);
    assert_true(receipt_signature_ok(s->sign.public_, json_text(f.header, "log"), &root,
                                     json_int(f.header, "signed", 0), signature));
    frame_free(&f);
    free(a);
    free(b);
    free(body);
    zsock_destroy(&client);
}

static void test_intake_answers_the_same_again_with_the_same_line(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    verdict_line_t first = site_send(s, client, doc), again = site_send(s, client, doc);
    assert_string_equal(first.line, again.line);
    zsock_destroy(&client);
    site_stop(s);
    site_start(s);
    client = agent(s, SITE_UNIT);
    assert_string_equal(site_send(s, client, doc).line, first.line);
    free(doc);
    zsock_destroy(&client);
}

static void assert_refused(site_t *s, zsock_t *client, char *doc, const char *code) {
    verdict_line_t v = site_send(s, client, doc);
    assert_int_equal(v.verdict, VERDICT_REFUSED);
    assert_string_equal(v.why.code, code);
    free(doc);
}

static void test_intake_refuses_documents_for_others(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT), *upper = agent(s, SITE_UPPER);
    assert_refused(s, client, site_document(NULL, 1, "BD.01.01", "BD.02"), "unit-not-granted");
    assert_refused(s, client, site_document(NULL, 1, "BD.77", "BD.02"), "unit-unknown");
    assert_refused(s, client, site_document(NULL, 1, "BD.02", "BD.01"), "sender-wrong");
    assert_refused(s, client, mem_str(""), "json-malformed");
    char *covered = site_document(NULL, 1, "BD.01.01", "BD.01");
    assert_int_equal(site_send(s, upper, covered).verdict, VERDICT_STORED);
    free(covered);
    zsock_destroy(&upper);
    zsock_destroy(&client);
}

static void test_intake_holds_a_conflict(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    const char *id = "01932f6e-7a10-7c3e-8f21-0123456789ab";
    char *one = site_document(id, 1, "BD.02", "BD.02"), *other = mem_str(one);
    strstr(other, "\"sessions\":2")[11] = '3';
    assert_int_equal(site_send(s, client, one).verdict, VERDICT_STORED);
    verdict_line_t v = site_send(s, client, other);
    assert_int_equal(v.verdict, VERDICT_HELD);
    assert_string_equal(v.why.code, "revision-conflict");
    free(one);
    free(other);
    zsock_destroy(&client);
}

static void test_intake_refuses_a_bad_batch_whole(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    site_say(client, CMD_DOCUMENTS, "x", 1, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    site_hear_refused(s, client, "batch-bad");
    site_say(client, CMD_DOCUMENTS, NULL, 0, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[]}");
    site_hear_refused(s, client, "batch-bad");
    site_say(client, CMD_DOCUMENTS, "x\ny\n", 4, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    site_hear_refused(s, client, "batch-bad");
    site_say(client, CMD_DOCUMENTS, "x\n", 2, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[-1]}");
    site_hear_refused(s, client, "header-bad");
    site_say(client, CMD_DOCUMENTS, "x\n", 2, "{'batch':1,'outbox':'ffff','numbers':[1]}");
    site_hear_refused(s, client, "header-bad");
    zsock_destroy(&client);
}

static void test_intake_tells_what_the_outbox_sent(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    site_send(s, client, doc);
    s->numbers = 8;
    site_send(s, client, doc);
    free(doc);
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':1,'program':'t','outbox':'" SITE_OUTBOX "','next':1,'clock':1}");
    frame_t f = site_hear(s, client, CMD_WELCOME);
    assert_int_equal(json_int(json_object_get(f.header, "outbox"), "contiguous", -1), 1);
    assert_int_equal(json_int(json_object_get(f.header, "outbox"), "highest", -1), 9);
    frame_free(&f);
    zsock_destroy(&client);
}

/* ---- keys, credit, disk ---- */

/* As the verb `revoke` does it, by a command line: the keeper writes, intake reloads. */
static void revoke_key(site_t *s, int who, const char *unit) {
    zframe_t *none = zframe_new("x", 1);
    job_t *job = job_new(JOB_CTL, &none);
    job->ctl.request = mem_printf("{\"argv\":[\"--lang=vi\",\"--dir=%s\",\"revoke\",\"--\",\"%s\"],"
                                  "\"cwd\":\"/\",\"person\":\"test\"}",
                                  s->dir, unit);
    keeper_give(s->intake->keeper, &job);
    const access_key_t *key;
    int64_t until = clock_mono_ms() + 10000;
    do {
        intake_turn(s->intake, 5);
        key = registry_key(s->intake->registry, s->serials[who]);
    } while (key->state != KEY_REVOKED && clock_mono_ms() < until);
    assert_int_equal(key->state, KEY_REVOKED);
}

static void test_intake_refuses_a_revoked_key_on_an_open_connection(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT), *other = agent(s, SITE_UPPER);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    revoke_key(s, SITE_UNIT, "BD.02");
    site_say(client, CMD_DOCUMENTS, doc, strlen(doc), "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    site_hear_refused(s, client, "key-revoked");
    free(doc);
    doc = site_document(NULL, 1, "BD.01", "BD.01");
    assert_int_equal(site_send(s, other, doc).verdict, VERDICT_STORED);
    free(doc);
    zsock_destroy(&other);
    zsock_destroy(&client);
}

static void test_intake_short_of_disk_answers_only_what_it_knows(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    char *known = site_document(NULL, 1, "BD.02", "BD.02"), *fresh = site_document(NULL, 1, "BD.02", "BD.02");
    verdict_line_t first = site_send(s, client, known);
    s->intake->disk_low = 1;
    s->intake->ticked = clock_mono_ms() + 60000; /* no look at the real disk */
    assert_string_equal(site_send(s, client, known).line, first.line);
    verdict_line_t v = site_send(s, client, fresh);
    assert_int_equal(v.verdict, VERDICT_LATER);
    assert_string_equal(v.why.code, "disk-low");
    s->intake->disk_low = 0;
    site_hello(s, client, SITE_OUTBOX);
    assert_int_equal(site_send(s, client, fresh).verdict, VERDICT_STORED);
    free(known);
    free(fresh);
    zsock_destroy(&client);
}

static void test_intake_draining_answers_later_and_ends(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    assert_int_equal(intake_done(s->intake), 0);
    intake_drain(s->intake);
    verdict_line_t v = site_send(s, client, doc);
    assert_int_equal(v.verdict, VERDICT_LATER);
    assert_string_equal(v.why.code, "collector-stopping");
    assert_int_equal(intake_done(s->intake), 1);
    free(doc);
    zsock_destroy(&client);
}

/* ---- PING ---- */

static void test_intake_ping_brings_the_plan_and_what_others_sent(void **state) {
    site_t *s = *state;
    zsock_t *upper = agent(s, SITE_UPPER), *client = site_client(s, SITE_UNIT);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    site_hello(s, client, "ffffffffffffffffffffffffffffffff");
    site_say(client, CMD_DOCUMENTS, "x\n", 2, "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    site_hear_refused(s, client, "header-bad"); /* not the outbox of HELLO */
    site_hello(s, client, SITE_OUTBOX);
    site_send(s, client, doc);
    site_hello(s, client, "ffffffffffffffffffffffffffffffff"); /* a new agent of the same unit */
    site_say(client, CMD_PING, NULL, 0, "{'clock':%lld,'news':0}", (long long)clock_wall_ms());
    frame_t f = site_hear(s, client, CMD_PLAN);
    assert_string_equal(json_text(f.header, "plan"), "1/KH");
    assert_int_equal(json_int(f.header, "version", 0), 1);
    frame_free(&f);
    f = site_hear(s, client, CMD_NOTICE);
    assert_string_equal(json_text(f.header, "kind"), "document");
    assert_int_equal(f.body_len, strlen(doc));
    assert_memory_equal(f.body, doc, strlen(doc));
    json_t *kept =
        json_pack("{sO s[] sO sO sO sO sO}", "line", json_object_get(f.header, "line"), "path", "root",
                  json_object_get(f.header, "root"), "log", json_object_get(f.header, "log"), "signed",
                  json_object_get(f.header, "signed"), "signature", json_object_get(f.header, "signature"),
                  "sign", json_object_get(f.header, "sign"));
    receipt_t r;
    assert_int_equal(receipt_verify(kept, s->sign.public_, doc, strlen(doc), &r, NULL), 0);
    json_decref(kept);
    frame_free(&f);
    f = site_hear(s, client, CMD_PONG);
    assert_int_equal(json_int(f.header, "news", 0), json_int(f.header, "head", -1));
    frame_free(&f);
    free(doc);
    zsock_destroy(&client);
    zsock_destroy(&upper);
}

/* ---- a command line, over its own socket ---- */

static void test_intake_answers_a_command_line_with_what_only_it_knows(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT), *asker = zsock_new(ZMQ_REQ);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02"), *reply = NULL;
    site_send(s, client, doc);
    assert_int_equal(zsock_connect(asker, "ipc://%s/run/ctl", s->dir), 0);
    zsock_set_rcvtimeo(asker, 5);
    zstr_sendf(asker,
               "{\"argv\":[\"--lang=en\",\"--json\",\"--dir=%s\",\"status\",\"--\"],\"cwd\":\"/"
               "\",\"person\":\"test\"}",
               s->dir);
    for (int64_t until = clock_mono_ms() + 10000; !reply && clock_mono_ms() < until; reply = zstr_recv(asker))
        intake_turn(s->intake, 5);
    json_t *j = json_loads(reply, 0, NULL), *status = json_loads(json_text(j, "out"), 0, NULL);
    json_t *live = json_object_get(status, "live");
    assert_int_equal(json_int(live, "sessions", 0), 1);
    assert_int_equal(json_int(live, "received", 0), 1);
    assert_int_equal(json_int(live, "commits", 0), 1);
    assert_true(json_int(live, "fsync_p99_us", 0) > 0);
    assert_int_equal(json_bool(live, "disk_low", -1), 0);
    assert_int_equal(json_bool(live, "draining", -1), 0);
    assert_int_equal(json_int(json_object_get(live, "handshakes"), "accepted", 0), 1);
    json_decref(status);
    json_decref(j);
    free(reply);
    free(doc);
    zsock_destroy(&asker);
    zsock_destroy(&client);
}

#define test(f) cmocka_unit_test_setup_teardown(f, site_setup, site_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_intake_welcomes_with_what_it_knows),
        test(test_intake_refuses_a_bad_hello_and_goes_on),
        test(test_intake_asks_for_hello_first),
        test(test_intake_refuses_commands_that_have_no_place),
        test(test_intake_stores_and_proves_it),
        test(test_intake_answers_the_same_again_with_the_same_line),
        test(test_intake_refuses_documents_for_others),
        test(test_intake_holds_a_conflict),
        test(test_intake_refuses_a_bad_batch_whole),
        test(test_intake_tells_what_the_outbox_sent),
        test(test_intake_refuses_a_revoked_key_on_an_open_connection),
        test(test_intake_short_of_disk_answers_only_what_it_knows),
        test(test_intake_draining_answers_later_and_ends),
        test(test_intake_ping_brings_the_plan_and_what_others_sent),
        test(test_intake_answers_a_command_line_with_what_only_it_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
