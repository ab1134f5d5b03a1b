/* SPDX-License-Identifier: MPL-2.0 */
/* test_gate.c - the ZAP handler: what it answers by key and domain, what it does with requests that are
 * none, and that libzmq understands it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/gate.h"
#include "proto/base/clock.h"
#include "proto/base/sock.h"
#include "proto/keyfile.h"
#include "tests/collector/admin_fixture.h"

#define NOW 1000000

typedef struct {
    console_t *console;
    gate_t *gate;
    registry_t *registry;
    conduct_t *conduct;
    zsock_t *asker;
} door_t;

static uint8_t agent[32] = {1}, revoked[32] = {2}, ended[32] = {3}, consumer[32] = {4}, unknown[32] = {9};

static void add_key(console_t *c, const uint8_t *public_, const char *unit, int is_consumer,
                    key_state_t state, int64_t to) {
    access_key_t key = {.consumer = is_consumer, .state = state, .from = 1, .to = to};
    memcpy(key.public_, public_, 32);
    strcpy(key.unit, unit);
    assert_int_equal(queue_key_add(c->store.queue, &key), 0);
}

static int setup(void **state) {
    door_t *d = mem_alloc(sizeof *d);
    refusal_t why = {0};
    void *console;
    console_setup(&console);
    d->console = console;
    add_key(console, agent, "BD.01", 0, KEY_ACTIVE, 0);
    add_key(console, revoked, "BD.01", 0, KEY_REVOKED, 5);
    add_key(console, ended, "BD.01", 0, KEY_ACTIVE, NOW);
    add_key(console, consumer, "tonghop", 1, KEY_ACTIVE, 0);
    d->registry = registry_load(d->console->store.queue, &why);
    d->gate = gate_open(&why);
    d->conduct = conduct_new();
    d->asker = zsock_new(ZMQ_REQ);
    assert_int_equal(zsock_attach(d->asker, ">inproc://zeromq.zap.01", false), 0);
    zsock_set_rcvtimeo(d->asker, 5000);
    zsock_set_req_relaxed(d->asker, 1); /* what gets no answer may be followed by another request */
    zsock_set_req_correlate(d->asker, 0);
    *state = d;
    return 0;
}

static int teardown(void **state) {
    door_t *d = *state;
    void *console = d->console;
    zsock_destroy(&d->asker);
    gate_close(&d->gate);
    assert_null(d->gate);
    registry_free(&d->registry);
    conduct_free(&d->conduct);
    free(d);
    return console_teardown(&console);
}

/* Serves until a reply or an end is there; the reply's frames, or NULL. */
static zmsg_t *serve(door_t *d, int wants_reply) {
    int64_t until = clock_mono_ms() + 5000;
    int64_t before = gate_counts(d->gate).malformed;
    while (clock_mono_ms() < until) {
        zmq_pollitem_t item = {.socket = zsock_resolve(gate_socket(d->gate)), .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, 10);
        gate_serve(d->gate, d->registry, d->conduct, NOW);
        if (zsock_events(d->asker) & ZMQ_POLLIN) return zmsg_recv(d->asker);
        if (!wants_reply && gate_counts(d->gate).malformed > before) return NULL;
    }
    fail_msg("%s", "the gate did nothing");
    return NULL;
}

static void ask(door_t *d, const char *domain, const char *mechanism, const uint8_t *key) {
    zmsg_t *msg = zmsg_new();
    zmsg_addstr(msg, "1.0");
    zmsg_addstr(msg, "42");
    zmsg_addstr(msg, domain);
    zmsg_addstr(msg, "127.0.0.1");
    zmsg_addstr(msg, "");
    zmsg_addstr(msg, mechanism);
    if (key) zmsg_addmem(msg, key, 32);
    assert_int_equal(zmsg_send(&msg, d->asker), 0);
}

/* Asks about KEY in DOMAIN and checks status and User-Id; returns the metadata frame's text form. */
static zframe_t *asks(door_t *d, const char *domain, const char *mechanism, const uint8_t *key,
                      const char *code, const char *user) {
    ask(d, domain, mechanism, key);
    zmsg_t *reply = serve(d, 1);
    assert_int_equal(zmsg_size(reply), 6);
    char *part[5];
    for (int i = 0; i < 5; i++)
        part[i] = zmsg_popstr(reply);
    assert_string_equal(part[0], "1.0");
    assert_string_equal(part[1], "42");
    assert_string_equal(part[2], code);
    assert_string_equal(part[4], user);
    for (int i = 0; i < 5; i++)
        free(part[i]);
    zframe_t *metadata = zmsg_pop(reply);
    zmsg_destroy(&reply);
    return metadata;
}

static void answers(door_t *d, const char *domain, const char *mechanism, const uint8_t *key,
                    const char *code, const char *user) {
    zframe_t *metadata = asks(d, domain, mechanism, key, code, user);
    zframe_destroy(&metadata);
}

static int64_t silences(gate_counts_t n) {
    return n.unknown + n.expired + n.out;
}

/* A reply that comes early, of status 300, makes libzmq hang up: the client would take us for another. */
static void gets_no_answer(door_t *d, const uint8_t *key) {
    gate_counts_t before = gate_counts(d->gate);
    ask(d, "documents", "CURVE", key);
    while (silences(gate_counts(d->gate)) == silences(before))
        gate_serve(d->gate, d->registry, d->conduct, NOW);
    assert_false(zsock_events(d->asker) & ZMQ_POLLIN);
}

static void test_gate_accepts_a_known_key_with_its_serial(void **state) {
    door_t *d = *state;
    zframe_t *metadata = asks(d, "documents", "CURVE", agent, "200", "BD.01");
    assert_int_equal(zframe_size(metadata), 1 + 10 + 4 + 1);
    assert_memory_equal(zframe_data(metadata),
                        "\x0aKey-Serial\0\0\0\x01"
                        "1",
                        16);
    zframe_destroy(&metadata);
    answers(d, "documents", "CURVE", consumer, "200", "consumer:tonghop");
    assert_int_equal(gate_counts(d->gate).accepted, 2);
}

static void test_gate_tells_unknown_from_revoked(void **state) {
    door_t *d = *state;
    gets_no_answer(d, unknown);
    gets_no_answer(d, ended);
    answers(d, "documents", "CURVE", revoked, "400", "");
    gate_counts_t counts = gate_counts(d->gate);
    assert_int_equal(counts.unknown, 1);
    assert_int_equal(counts.expired, 1);
    assert_int_equal(counts.revoked, 1);
    assert_int_equal(counts.accepted, 0);
}

static void test_gate_lets_any_key_enrol(void **state) {
    door_t *d = *state;
    zframe_t *metadata = asks(d, "enrol", "CURVE", unknown, "200", "enrol");
    assert_int_equal(zframe_size(metadata), 1 + 10 + 4 + 64);
    assert_memory_equal(zframe_data(metadata),
                        "\x0aPublic-Key\0\0\0\x40"
                        "0900",
                        19);
    zframe_destroy(&metadata);
    assert_int_equal(gate_counts(d->gate).enrolling, 1);
}

static void test_gate_refuses_what_is_not_for_it(void **state) {
    door_t *d = *state;
    answers(d, "documents", "NULL", NULL, "500", "");
    answers(d, "documents", "PLAIN", agent, "500", "");
    answers(d, "global", "CURVE", agent, "500", "");
    answers(d, "", "CURVE", agent, "500", "");
    answers(d, "documents", "CURVE", NULL, "500", "");
    assert_int_equal(gate_counts(d->gate).malformed, 4 + 1);
    assert_int_equal(gate_counts(d->gate).accepted, 0);
}

/* Sends N frames as they are, the request's empty frame included, by a socket that adds none. */
static void throws(door_t *d, size_t n, const char *const *frames) {
    zsock_t *raw = zsock_new(ZMQ_DEALER);
    assert_int_equal(zsock_attach(raw, ">inproc://zeromq.zap.01", false), 0);
    zmsg_t *msg = zmsg_new();
    for (size_t i = 0; i < n; i++)
        zmsg_addstr(msg, frames[i]);
    assert_int_equal(zmsg_send(&msg, raw), 0);
    zmsg_t *reply = serve(d, 0);
    assert_null(reply);
    zsock_destroy(&raw);
}

static void test_gate_outlives_malformed_requests(void **state) {
    door_t *d = *state;
    static const char *const whole[] = {"", "1.0",   "1",     "documents", "127.0.0.1",
                                        "", "CURVE", "short", "more",      "more"};
    static const char *const version[] = {"",          "9.9", "1",     "documents",
                                          "127.0.0.1", "",    "CURVE", "01234567890123456789012345678901"};
    static const char *const envelope[] = {"x",         "1.0", "1",     "documents",
                                           "127.0.0.1", "",    "CURVE", "01234567890123456789012345678901"};
    for (size_t n = 1; n < 7; n++)
        throws(d, n, whole);
    throws(d, 10, whole);
    throws(d, 8, version);
    throws(d, 8, envelope);
    answers(d, "documents", "CURVE", agent, "200", "BD.01"); /* and it goes on */
}

static void test_gate_is_one(void **state) {
    (void)state;
    refusal_t why = {0};
    assert_null(gate_open(&why));
    assert_string_equal(why.code, "gate-taken");
}

/* A message from a client with PAIR's key through a real CURVE socket of DOMAIN; the server's frame,
 * NULL if none. */
static zframe_t *through(door_t *d, const char *domain, const curve_pair_t *pair, int wait_ms) {
    curve_pair_t server;
    refusal_t why = {0};
    curve_pair_make(&server);
    zsock_t *in = sock_server("tcp://127.0.0.1:*", server.secret, server.public_, domain, &why);
    assert_non_null(in);
    char *endpoint = mem_printf("tcp://127.0.0.1:%d", sock_port(in));
    zsock_t *out = sock_client(endpoint, pair->secret, pair->public_, server.public_, 10, &why);
    assert_non_null(out);
    zstr_send(out, "hello");
    zframe_t *frame = NULL;
    for (int64_t until = clock_mono_ms() + wait_ms; !frame && clock_mono_ms() < until;) {
        zmq_pollitem_t items[] = {{.socket = zsock_resolve(gate_socket(d->gate)), .events = ZMQ_POLLIN},
                                  {.socket = zsock_resolve(in), .events = ZMQ_POLLIN}};
        zmq_poll(items, 2, 50);
        gate_serve(d->gate, d->registry, d->conduct, NOW);
        if (!(zsock_events(in) & ZMQ_POLLIN)) continue;
        zmsg_t *msg = zmsg_recv(in);
        zframe_t *address = zmsg_pop(msg);
        frame = zmsg_pop(msg);
        zframe_destroy(&address);
        zmsg_destroy(&msg);
    }
    zsock_destroy(&out);
    zsock_destroy(&in);
    free(endpoint);
    return frame;
}

static void test_gate_leaves_who_was_put_out_without_an_answer(void **state) {
    door_t *d = *state;
    answers(d, "documents", "CURVE", agent, "200", "BD.01");
    while (!conduct_break(d->conduct, 1, 100000, clock_mono_ms()))
        ;
    gets_no_answer(d, agent);
    assert_int_equal(gate_counts(d->gate).out, 1);
    answers(d, "documents", "CURVE", consumer, "200", "consumer:tonghop");
}

static void test_gate_is_understood_by_libzmq(void **state) {
    door_t *d = *state;
    curve_pair_t known, stranger;
    refusal_t why = {0};
    curve_pair_make(&known);
    curve_pair_make(&stranger);
    add_key(d->console, known.public_, "BD.02", 0, KEY_ACTIVE, 0);
    assert_int_equal(registry_reload(d->registry, d->console->store.queue, REGISTRY_ACCESS, &why), 0);

    zframe_t *frame = through(d, "documents", &known, 10000);
    assert_non_null(frame);
    assert_string_equal(zframe_meta(frame, "User-Id"), "BD.02");
    assert_string_equal(zframe_meta(frame, "Key-Serial"), "5");
    zframe_destroy(&frame);

    frame = through(d, "enrol", &stranger, 10000);
    char hex[65];
    assert_non_null(frame);
    assert_string_equal(zframe_meta(frame, "User-Id"), "enrol");
    assert_string_equal(zframe_meta(frame, "Public-Key"), hex_write(stranger.public_, 32, hex));
    zframe_destroy(&frame);

    assert_null(through(d, "documents", &stranger, 300));
    assert_int_equal(gate_counts(d->gate).unknown, 1);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_gate_accepts_a_known_key_with_its_serial),
        test(test_gate_tells_unknown_from_revoked),
        test(test_gate_lets_any_key_enrol),
        test(test_gate_refuses_what_is_not_for_it),
        test(test_gate_outlives_malformed_requests),
        test(test_gate_is_one),
        test(test_gate_leaves_who_was_put_out_without_an_answer),
        test(test_gate_is_understood_by_libzmq),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
