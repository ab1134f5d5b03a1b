/* SPDX-License-Identifier: MPL-2.0 */
/* test_courier.c - what the courier sends, what it believes, and what it does when nobody answers. */
#include "agent/courier.h"

#include <unistd.h>

#include "agent/outbox_news.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/fake.h"
#include "tests/support.h"

typedef struct {
    agent_t *agent;
    fake_t fake;
    courier_t *courier;
    char id[8][UUID_TEXT];
} box_t;

static const courier_times_t times = {.patience = 5000, .backoff = 20, .stay = 60000, .look = 60000};

static courier_t *courier_of(agent_t *agent, const courier_times_t *t) {
    refusal_t why = {0};
    courier_t *c = courier_new(agent->outbox, agent->dir, "", t, &why);
    if (!c) fail_msg("%s: %s", why.code, why.en);
    return c;
}

/* An agent with N activities, and a collector that has not been called yet. */
static void open_box(box_t *b, void **state, int n) {
    b->agent = kit_agent(*state);
    fake_open(&b->fake, b->agent);
    for (int i = 0; i < n; i++)
        kit_activity(b->agent, 10 + i, b->id[i]);
    b->courier = courier_of(b->agent, &times);
}

static void close_box(box_t *b) {
    courier_free(&b->courier);
    fake_close(&b->fake);
    kit_close(&b->agent);
}

/* HELLO, WELCOME, and the DOCUMENTS that follow to F, answered with nothing yet; PING is passed. */
static void greet(box_t *b, frame_t *f) {
    fake_pass(&b->fake, b->courier, CMD_HELLO);
    fake_welcome(&b->fake, b->fake.highest, "[]");
    fake_expect(&b->fake, b->courier, CMD_DOCUMENTS, f);
    fake_pass(&b->fake, b->courier, CMD_PING);
}

static char *fact(box_t *b, const char *name) {
    char *text = outbox_fact(b->agent->outbox, name);
    return text ? text : mem_str("");
}

static void assert_fact(box_t *b, const char *name, const char *value) {
    char *text = fact(b, name);
    assert_string_equal(text, value);
    free(text);
}

static void test_courier_sends_and_keeps_proven_receipts(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 3);
    greet(&b, &f);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 3);
    fake_receipt(&b.fake, &f, "s", 0);
    frame_free(&f);
    fake_pong(&b.fake, 12, 12);
    TURN_UNTIL(b.courier, courier_idle(b.courier));
    for (int i = 0; i < 3; i++) {
        kept_t kept;
        receipt_t r;
        refusal_t why;
        assert_int_equal(outbox_newest(b.agent->outbox, b.id[i], &kept), 0);
        char *text = outbox_receipt(b.agent->outbox, kept.row, 0);
        json_t *proof = json_loads(text, 0, NULL);
        assert_int_equal(receipt_verify(proof, b.fake.sign.public_, kept.bytes, kept.len, &r, &why), 0);
        json_decref(proof);
        free(text);
        kept_free(&kept);
    }
    assert_fact(&b, "log", FAKE_LOG);
    assert_fact(&b, "news", "12");
    assert_true(outbox_fact_int(b.agent->outbox, "contact", 0) > 0);
    courier_leave(b.courier);
    fake_pass(&b.fake, b.courier, CMD_BYE);
    assert_int_equal(courier_state(b.courier), COURIER_RESTING);
    close_box(&b);
}

static void test_courier_believes_no_spoilt_receipt(void **state) {
    for (const char *spoil = "rshkn"; *spoil; spoil++) {
        box_t b;
        frame_t f;
        void *dir = NULL;
        assert_int_equal(dir_setup(&dir), 0);
        open_box(&b, &dir, 2);
        greet(&b, &f);
        fake_receipt(&b.fake, &f, "s", *spoil);
        frame_free(&f);
        TURN_UNTIL(b.courier, courier_failures(b.courier) == 1);
        assert_int_equal(kit_state(b.agent, b.id[0]), KEPT_WAITING);
        assert_fact(&b, "error_code", "receipt-signature");
        greet(&b, &f); /* a new connection, and the same documents again */
        assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 2);
        frame_free(&f);
        close_box(&b);
        dir_teardown(&dir);
    }
    (void)state;
}

static void test_courier_takes_each_verdict(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 4);
    greet(&b, &f);
    fake_receipt(&b.fake, &f, "srlh", 0);
    frame_free(&f);
    fake_pong(&b.fake, 10, 10);
    fake_expect(&b.fake, b.courier, CMD_DOCUMENTS, &f); /* after the wait, only what was asked for later */
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 1);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(f.header, "numbers"), 0)), 3);
    assert_int_equal(kit_state(b.agent, b.id[0]), KEPT_STORED);
    assert_int_equal(kit_state(b.agent, b.id[1]), KEPT_REFUSED);
    assert_int_equal(kit_state(b.agent, b.id[2]), KEPT_LATER);
    assert_int_equal(kit_state(b.agent, b.id[3]), KEPT_HELD);
    fake_receipt(&b.fake, &f, "s", 0);
    frame_free(&f);
    TURN_UNTIL(b.courier, courier_idle(b.courier));
    courier_leave(b.courier);
    fake_pass(&b.fake, b.courier, CMD_BYE);
    courier_free(&b.courier);
    b.courier = courier_of(b.agent, &times);
    greet(&b, &f); /* at the next connection what is held is asked again */
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 1);
    fake_receipt(&b.fake, &f, "s", 0);
    frame_free(&f);
    TURN_UNTIL(b.courier, kit_state(b.agent, b.id[3]) == KEPT_STORED);
    close_box(&b);
}

static void test_courier_gives_up_a_silent_line_and_tries_again(void **state) {
    box_t b;
    open_box(&b, state, 1);
    courier_free(&b.courier);
    courier_times_t quick = times;
    quick.patience = 60;
    b.courier = courier_of(b.agent, &quick);
    for (int i = 1; i <= 4; i++) {
        fake_pass(&b.fake, b.courier, CMD_HELLO);
        TURN_UNTIL(b.courier, courier_failures(b.courier) == i);
        assert_int_equal(courier_state(b.courier), COURIER_RESTING);
        assert_true(courier_due(b.courier) <= clock_mono_ms() + quick.backoff);
    }
    assert_fact(&b, "error_code", "collector-silent");
    assert_int_equal(kit_state(b.agent, b.id[0]), KEPT_WAITING);
    close_box(&b);
}

static void test_courier_tells_an_empty_port_from_another_key(void **state) {
    box_t b;
    open_box(&b, state, 1);
    courier_free(&b.courier);
    assert_int_equal(outbox_fact_put(b.agent->outbox, "endpoint", "tcp://127.0.0.1:1"), 0);
    b.courier = courier_of(b.agent, &times);
    TURN_UNTIL(b.courier, courier_failures(b.courier) == 1);
    assert_fact(&b, "error_code", "collector-unreachable");
    courier_free(&b.courier);
    char hex[65];
    curve_pair_t wrong;
    curve_pair_make(&wrong);
    assert_int_equal(outbox_fact_put(b.agent->outbox, "endpoint", b.fake.endpoint), 0);
    assert_int_equal(outbox_fact_put(b.agent->outbox, "server", hex_write(wrong.public_, 32, hex)), 0);
    b.courier = courier_of(b.agent, &times);
    TURN_UNTIL(b.courier, courier_failures(b.courier) == 1);
    assert_fact(&b, "error_code", "server-key-wrong");
    courier_free(&b.courier); /* the second key of the code gets its try, and becomes the first */
    assert_int_equal(outbox_fact_put(b.agent->outbox, "successor", hex_write(b.fake.pair.public_, 32, hex)),
                     0);
    b.courier = courier_of(b.agent, &times);
    frame_t f;
    greet(&b, &f);
    frame_free(&f);
    assert_fact(&b, "server", hex);
    close_box(&b);
}

/* Once TCP stands only the patience counts: a due time in the past would make its owner spin. */
static void test_courier_waits_out_a_port_that_says_nothing(void **state) {
    box_t b;
    open_box(&b, state, 1);
    courier_free(&b.courier);
    char endpoint[40];
    int silent = listener(endpoint);
    assert_int_equal(outbox_fact_put(b.agent->outbox, "endpoint", endpoint), 0);
    const courier_times_t patient = {.patience = 60000, .backoff = 20, .stay = 60000, .look = 60000};
    int64_t began = clock_mono_ms();
    b.courier = courier_of(b.agent, &patient);
    TURN_UNTIL(b.courier, courier_due(b.courier) >= began + patient.patience);
    assert_int_equal(courier_failures(b.courier), 0);
    close(silent);
    close_box(&b);
}

static void test_courier_takes_a_new_id_where_it_meets_its_future(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 2);
    char *before = fact(&b, "outbox");
    fake_expect(&b.fake, b.courier, CMD_HELLO, &f);
    assert_string_equal(json_text(f.header, "outbox"), before);
    assert_int_equal(json_int(f.header, "next", 0), 3);
    frame_free(&f);
    fake_welcome(&b.fake, 3, "[]"); /* number 3 was sent by another copy */
    fake_expect(&b.fake, b.courier, CMD_HELLO, &f);
    char *after = fact(&b, "outbox");
    assert_string_not_equal(before, after);
    assert_string_equal(json_text(f.header, "outbox"), after);
    frame_free(&f);
    fake_welcome(&b.fake, 0, "[]");
    fake_expect(&b.fake, b.courier, CMD_DOCUMENTS, &f);
    assert_string_equal(json_text(f.header, "outbox"), after);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 2);
    frame_free(&f);
    free(before);
    free(after);
    close_box(&b);
}

/* Both documents stored at 11 and 12 of the first log, and the connection ended. */
static void store_both(box_t *b) {
    frame_t f;
    greet(b, &f);
    fake_receipt(&b->fake, &f, "s", 0);
    frame_free(&f);
    fake_pong(&b->fake, 12, 12);
    TURN_UNTIL(b->courier, courier_idle(b->courier));
    courier_leave(b->courier);
    fake_pass(&b->fake, b->courier, CMD_BYE);
    courier_free(&b->courier);
    b->courier = courier_of(b->agent, &times);
}

static void test_courier_sends_again_what_a_restored_log_lost(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 2);
    store_both(&b);
    b.fake.log = FAKE_LOG_2;
    fake_pass(&b.fake, b.courier, CMD_HELLO);
    fake_welcome(&b.fake, 2, "[{\"log\":\"" FAKE_LOG "\",\"position\":11}]");
    fake_expect(&b.fake, b.courier, CMD_DOCUMENTS, &f);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 1);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(f.header, "numbers"), 0)), 2);
    frame_free(&f);
    fake_expect(&b.fake, b.courier, CMD_PING, &f);
    assert_int_equal(json_int(f.header, "news", -1), 11); /* and reads the news of the new branch */
    frame_free(&f);
    close_box(&b);
}

static void test_courier_notices_a_log_shorter_than_its_receipts(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 2);
    store_both(&b);
    b.fake.head = 11; /* the same id, but what stood at 12 is gone */
    fake_pass(&b.fake, b.courier, CMD_HELLO);
    fake_welcome(&b.fake, 2, "[]");
    fake_expect(&b.fake, b.courier, CMD_DOCUMENTS, &f);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 1);
    frame_free(&f);
    close_box(&b);
}

static void test_courier_keeps_to_its_credit(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 3);
    b.fake.documents = 2;
    greet(&b, &f);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 2);
    fake_pong(&b.fake, 10, 10);
    fake_nothing(&b.fake, b.courier);
    b.fake.documents = 0; /* stop: wait, then ask */
    fake_receipt(&b.fake, &f, "s", 0);
    frame_free(&f);
    TURN_UNTIL(b.courier, kit_state(b.agent, b.id[1]) == KEPT_STORED);
    courier_nudge(b.courier);
    b.fake.documents = 2;
    fake_pass(&b.fake, b.courier, CMD_PING);
    fake_pong(&b.fake, 10, 10);
    fake_expect(&b.fake, b.courier, CMD_DOCUMENTS, &f);
    assert_int_equal(json_array_size(json_object_get(f.header, "numbers")), 1);
    frame_free(&f);
    close_box(&b);
}

static void test_courier_brings_news_down(void **state) {
    box_t b;
    open_box(&b, state, 0);
    buf_t file = {0};
    refusal_t why;
    assert_int_equal(file_read("tests/demo/input/plan-999.json", 1 << 20, &file, &why), 0);
    char *plan = plan_complete(file.data, file.len, &why);
    fake_pass(&b.fake, b.courier, CMD_HELLO);
    fake_welcome(&b.fake, 0, "[]");
    fake_pass(&b.fake, b.courier, CMD_PING);
    fake_send(&b.fake, CMD_PLAN, json_pack("{sI ss}", "position", (json_int_t)7, "log", FAKE_LOG), plan);
    fake_send(&b.fake, CMD_PLAN, json_pack("{sI ss}", "position", (json_int_t)8, "log", FAKE_LOG), "{}");
    fake_send(&b.fake, CMD_NOTICE,
              json_pack("{ss sI ss}", "kind", "notice", "position", (json_int_t)9, "log", FAKE_LOG),
              "{\"subject\":\"x\",\"text\":\"y\"}");
    fake_send(&b.fake, CMD_NOTICE,
              json_pack("{ss sI ss}", "kind", "document", "position", (json_int_t)9, "log", FAKE_LOG), "{}");
    fake_pong(&b.fake, 9, 10);
    fake_pass(&b.fake, b.courier, CMD_PING); /* there may be more */
    fake_pong(&b.fake, 9, 10);               /* but it does not get further, and is not asked for ever */
    TURN_UNTIL(b.courier, courier_idle(b.courier));
    fake_nothing(&b.fake, b.courier);
    assert_non_null(plans_get(outbox_plans(b.agent->outbox), KIT_SECOND, 0));
    assert_int_equal(outbox_notices_unread(b.agent->outbox), 1);
    free(plan);
    buf_free(&file);
    close_box(&b);
}

static void test_courier_heeds_refusals_of_the_collector(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 1);
    greet(&b, &f);
    frame_free(&f);
    fake_send(&b.fake, CMD_NOTICE,
              json_pack("{ss ss ss ss ss}", "kind", "refused", "to", "DOCUMENTS", "code", "hello-first", "vi",
                        "a", "en", "b"),
              NULL);
    greet(&b, &f); /* greets anew and sends again */
    frame_free(&f);
    fake_send(&b.fake, CMD_NOTICE,
              json_pack("{ss ss ss ss ss}", "kind", "refused", "to", "DOCUMENTS", "code", "key-revoked", "vi",
                        "a", "en", "b"),
              NULL);
    TURN_UNTIL(b.courier, courier_failures(b.courier) == 1);
    assert_fact(&b, "error_code", "key-revoked");
    assert_int_equal(kit_state(b.agent, b.id[0]), KEPT_WAITING);
    close_box(&b);
}

static void test_courier_survives_nonsense(void **state) {
    static const char *const headers[] = {"{}", "{\"v\":2}", "{\"v\":1,\"log\":\"x\"}",
                                          "{\"v\":1,\"log\":\"" FAKE_LOG "\",\"sign\":\"00\",\"unit\":3}"};
    box_t b;
    open_box(&b, state, 1);
    for (int i = 0; i < 4; i++) {
        fake_pass(&b.fake, b.courier, CMD_HELLO);
        fake_send(&b.fake, i % 2 ? CMD_PONG : CMD_WELCOME, json_loads(headers[i], 0, NULL), NULL);
        TURN_UNTIL(b.courier, courier_failures(b.courier) == i + 1);
        assert_fact(&b, "error_code", "collector-nonsense");
    }
    fake_pass(&b.fake, b.courier, CMD_HELLO);
    fake_send(&b.fake, CMD_RECEIPT, json_loads("{\"batch\":1}", 0, NULL), "x");
    TURN_UNTIL(b.courier, courier_failures(b.courier) == 5);
    close_box(&b);
}

static void test_courier_leaves_when_there_is_no_work(void **state) {
    box_t b;
    frame_t f;
    open_box(&b, state, 1);
    courier_free(&b.courier);
    courier_times_t brief = times;
    brief.stay = 0;
    b.courier = courier_of(b.agent, &brief);
    greet(&b, &f);
    fake_receipt(&b.fake, &f, "s", 0);
    frame_free(&f);
    fake_pong(&b.fake, 10, 10);
    fake_pass(&b.fake, b.courier, CMD_BYE);
    assert_int_equal(courier_state(b.courier), COURIER_RESTING);
    assert_true(courier_due(b.courier) > clock_mono_ms() + brief.look / 2);
    kit_activity(b.agent, 99, b.id[1]);
    courier_nudge(b.courier);
    greet(&b, &f);
    frame_free(&f);
    close_box(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_courier_sends_and_keeps_proven_receipts),
        IN_DIR(test_courier_believes_no_spoilt_receipt),
        IN_DIR(test_courier_takes_each_verdict),
        IN_DIR(test_courier_gives_up_a_silent_line_and_tries_again),
        IN_DIR(test_courier_tells_an_empty_port_from_another_key),
        IN_DIR(test_courier_waits_out_a_port_that_says_nothing),
        IN_DIR(test_courier_takes_a_new_id_where_it_meets_its_future),
        IN_DIR(test_courier_sends_again_what_a_restored_log_lost),
        IN_DIR(test_courier_notices_a_log_shorter_than_its_receipts),
        IN_DIR(test_courier_keeps_to_its_credit),
        IN_DIR(test_courier_brings_news_down),
        IN_DIR(test_courier_heeds_refusals_of_the_collector),
        IN_DIR(test_courier_survives_nonsense),
        IN_DIR(test_courier_leaves_when_there_is_no_work),
    };
    return RUN(tests);
}
