/* SPDX-License-Identifier: MPL-2.0 */
/* test_frame.c - messages there and back, hostile ones, and who sent them by CURVE and ZAP. */
#include "proto/frame.h"

#include <sodium.h>
#include <zmq.h>

#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"
#include "proto/credit.h"
#include "proto/verdict.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

#define PATIENCE 5000 /* ms until a test gives up */

/* A ROUTER and a DEALER that are connected. */
typedef struct {
    zsock_t *router, *dealer;
} pair_t;

static pair_t pair_open(void) {
    static int serial;
    pair_t p = {zsock_new(ZMQ_ROUTER), zsock_new(ZMQ_DEALER)};
    zsock_set_router_mandatory(p.router, 1);
    zsock_set_sndhwm(p.router, 2);
    zsock_set_rcvhwm(p.dealer, 2);
    serial++;
    assert_int_not_equal(zsock_bind(p.router, "inproc://frame-%d", serial), -1);
    assert_int_equal(zsock_connect(p.dealer, "inproc://frame-%d", serial), 0);
    return p;
}

static void pair_close(pair_t *p) {
    zsock_destroy(&p->dealer);
    zsock_destroy(&p->router);
}

static int take(zsock_t *sock, int router, frame_t *f, refusal_t *why) {
    zpoller_t *poller = zpoller_new(sock, NULL);
    zpoller_wait(poller, PATIENCE);
    zpoller_destroy(&poller);
    return frame_take(sock, router, f, why);
}

/* Sends COUNT frames as they are; NULL is an empty frame. */
static void send_raw(zsock_t *sock, const char *const *frames, const size_t *sizes, int count) {
    for (int i = 0; i < count; i++)
        assert_int_not_equal(zmq_send(zsock_resolve(sock), frames[i] ? frames[i] : "", sizes[i],
                                      i + 1 < count ? ZMQ_SNDMORE : 0), -1);
}

static void send_three(zsock_t *sock, const char *command, const char *header, size_t header_len,
                       const char *body, size_t body_len) {
    const char *frames[] = {command, header, body};
    const size_t sizes[] = {strlen(command), header_len, body_len};
    send_raw(sock, frames, sizes, 3);
}

/* What waits at the router is refused with CODE, can be answered, and the next message is in step. */
static void refused(pair_t *p, const char *code) {
    frame_t f;
    refusal_t why = {0};
    int rc = take(p->router, 1, &f, &why);
    if (rc != BC_REFUSED || strcmp(why.code, code) != 0) fail_msg("%d %s, not %s", rc, why.code, code);
    assert_null(f.header);
    assert_null(f.body);
    assert_int_equal(frame_refuse(p->router, f.from, f.command, 0, &why), 0);
    frame_free(&f);
    assert_int_equal(take(p->dealer, 0, &f, &why), 0);
    assert_int_equal(f.command, CMD_NOTICE);
    assert_string_equal(json_text(f.header, "code"), code);
    frame_free(&f);
    assert_int_equal(frame_send(p->dealer, NULL, CMD_BYE, NULL, NULL, 0), 0);
    assert_int_equal(take(p->router, 1, &f, &why), 0);
    assert_int_equal(f.command, CMD_BYE);
    frame_free(&f);
    assert_int_equal(frame_take(p->router, 1, &f, &why), BC_AGAIN);
}

static void test_frame_commands_have_names_there_and_back(void **state) {
    (void)state;
    for (int c = CMD_NONE + 1; c < CMD_COUNT; c++) {
        const char *name = frame_command_name((command_t)c);
        assert_int_equal(frame_command(name, strlen(name)), c);
        assert_int_equal(frame_command(name, strlen(name) - 1), CMD_NONE);
        assert_int_equal(frame_command(name, strlen(name) + 1), CMD_NONE);
    }
    assert_string_equal(frame_command_name(CMD_NONE), "");
    assert_int_equal(frame_command("", 0), CMD_NONE);
    assert_int_equal(frame_command("hello", 5), CMD_NONE);
}

static void test_frame_travels_whole(void **state) {
    (void)state;
    pair_t p = pair_open();
    frame_t f;
    json_t *header = json_pack("{s:i s:s}", "v", 1, "program", "ví dụ");
    assert_int_equal(frame_take(p.router, 1, &f, NULL), BC_AGAIN);
    frame_free(&f);
    assert_int_equal(frame_send(p.dealer, NULL, CMD_HELLO, header, "a\0b\n", 4), 0);
    assert_int_equal(take(p.router, 1, &f, NULL), 0);
    assert_int_equal(f.command, CMD_HELLO);
    assert_true(json_equal(f.header, header));
    assert_int_equal(f.body_len, 4);
    assert_memory_equal(f.body, "a\0b\n", 5);
    assert_string_equal(f.user, "");
    assert_int_equal(f.key, 0);
    frame_t back;
    assert_int_equal(frame_send_text(p.router, f.from, CMD_WELCOME, "{\"v\":1}", NULL, 0), 0);
    assert_int_equal(take(p.dealer, 0, &back, NULL), 0);
    assert_null(back.from);
    assert_int_equal(back.command, CMD_WELCOME);
    assert_int_equal(back.body_len, 0);
    assert_string_equal(back.body, "");
    frame_free(&back);
    frame_free(&f);
    frame_free(&f);
    json_decref(header);
    pair_close(&p);
}

static void test_frame_refuses_wrong_counts_and_drains_them(void **state) {
    (void)state;
    pair_t p = pair_open();
    static const char *frames[1000];
    static size_t sizes[1000];
    frames[0] = "HELLO";
    sizes[0] = 5;
    const int counts[] = {1, 2, 4, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        send_raw(p.dealer, frames, sizes, counts[i]);
        refused(&p, "frames-bad");
    }
    sizes[0] = 0; /* nothing but an empty frame */
    send_raw(p.dealer, frames, sizes, 1);
    refused(&p, "frames-bad");
    pair_close(&p);
}

static void test_frame_refuses_unknown_commands(void **state) {
    (void)state;
    pair_t p = pair_open();
    const char *commands[] = {"", "hello", "HELLOO", "HELL", " HELLO", "NONE"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        send_three(p.dealer, commands[i], "{}", 2, "", 0);
        refused(&p, "command-unknown");
    }
    const char *frames[] = {"HELLO", "{}", ""};
    const size_t sizes[] = {6, 2, 0}; /* with its NUL */
    send_raw(p.dealer, frames, sizes, 3);
    refused(&p, "command-unknown");
    pair_close(&p);
}

static void test_frame_refuses_headers_that_are_no_object(void **state) {
    (void)state;
    pair_t p = pair_open();
    const char *headers[] = {"", "{", "[]", "1", "null", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "{} x",
                             "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}", "{\"a\":\"\\u0000\"}"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        send_three(p.dealer, "PING", headers[i], strlen(headers[i]), "", 0);
        refused(&p, "header-bad");
    }
    send_three(p.dealer, "PING", "{}\0", 3, "", 0);
    refused(&p, "header-bad");
    pair_close(&p);
}

static void test_frame_takes_what_is_at_its_limits_and_refuses_more(void **state) {
    (void)state;
    pair_t p = pair_open();
    char *header = malloc(FRAME_HEADER_MAX + 1), *body = malloc(FRAME_ENTRIES_MAX + 1);
    memset(header, ' ', FRAME_HEADER_MAX + 1);
    memset(body, 'x', FRAME_ENTRIES_MAX + 1);
    header[0] = '{';
    header[1] = '}';
    frame_t f;
    send_three(p.dealer, "DOCUMENTS", header, FRAME_HEADER_MAX, body, FRAME_BODY_MAX);
    assert_int_equal(take(p.router, 1, &f, NULL), 0);
    assert_int_equal(f.body_len, FRAME_BODY_MAX);
    frame_free(&f);
    send_three(p.dealer, "ENTRIES", "{}", 2, body, FRAME_ENTRIES_MAX);
    assert_int_equal(take(p.router, 1, &f, NULL), 0);
    assert_int_equal(f.body_len, FRAME_ENTRIES_MAX);
    frame_free(&f);
    send_three(p.dealer, "DOCUMENTS", header, FRAME_HEADER_MAX + 1, "", 0);
    refused(&p, "header-large");
    send_three(p.dealer, "DOCUMENTS", "{}", 2, body, FRAME_BODY_MAX + 1);
    refused(&p, "body-large");
    send_three(p.dealer, "ENTRIES", "{}", 2, body, FRAME_ENTRIES_MAX + 1);
    refused(&p, "body-large");
    free(header);
    free(body);
    pair_close(&p);
}

static void test_frame_sends_nothing_over_its_limits(void **state) {
    (void)state;
    pair_t p = pair_open();
    char *large = malloc(FRAME_ENTRIES_MAX + 2);
    memset(large, ' ', FRAME_ENTRIES_MAX + 1);
    assert_int_equal(frame_send(p.dealer, NULL, CMD_BYE, NULL, large, FRAME_BODY_MAX + 1), BC_REFUSED);
    assert_int_equal(frame_send(p.dealer, NULL, CMD_ENTRIES, NULL, large, FRAME_ENTRIES_MAX + 1), BC_REFUSED);
    large[FRAME_HEADER_MAX + 1] = '\0';
    assert_int_equal(frame_send_text(p.dealer, NULL, CMD_BYE, large, NULL, 0), BC_REFUSED);
    frame_t f;
    assert_int_equal(frame_take(p.router, 1, &f, NULL), BC_AGAIN);
    free(large);
    pair_close(&p);
}

static void test_frame_send_says_again_where_the_peer_is_gone_or_full(void **state) {
    (void)state;
    pair_t p = pair_open();
    zframe_t *nobody = zframe_new("\0none", 5);
    assert_int_equal(frame_send(p.router, nobody, CMD_PONG, NULL, NULL, 0), BC_NOTFOUND);
    zframe_destroy(&nobody);
    frame_t f;
    assert_int_equal(frame_send(p.dealer, NULL, CMD_PING, NULL, NULL, 0), 0);
    assert_int_equal(take(p.router, 1, &f, NULL), 0);
    int sent = 0;
    while (sent < 100 && frame_send(p.router, f.from, CMD_PONG, NULL, "x", 1) == 0)
        sent++;
    assert_in_range(sent, 1, 99);
    frame_t back;
    for (int i = 0; i < sent; i++) {
        assert_int_equal(take(p.dealer, 0, &back, NULL), 0);
        frame_free(&back);
    }
    assert_int_equal(frame_take(p.dealer, 0, &back, NULL), BC_AGAIN);
    assert_true(WAIT_UNTIL(frame_send(p.router, f.from, CMD_PONG, NULL, NULL, 0) == 0, PATIENCE));
    frame_free(&f);
    zsock_t *alone = zsock_new(ZMQ_DEALER);
    assert_int_equal(frame_send(alone, NULL, CMD_PING, NULL, NULL, 0), BC_AGAIN);
    zsock_destroy(&alone);
    pair_close(&p);
}

static void test_frame_refuse_says_what_and_why(void **state) {
    (void)state;
    pair_t p = pair_open();
    refusal_t why;
    frame_t f;
    refuse(&why, "batch-bad", "numbers", "Sai \"%s\".", "Wrong \"%s\".", "\xff\x01");
    assert_int_equal(frame_refuse(p.dealer, NULL, CMD_DOCUMENTS, 7, &why), 0);
    assert_int_equal(take(p.router, 1, &f, NULL), 0);
    assert_string_equal(json_text(f.header, "kind"), "refused");
    assert_string_equal(json_text(f.header, "to"), "DOCUMENTS");
    assert_string_equal(json_text(f.header, "field"), "numbers");
    assert_string_equal(json_text(f.header, "vi"), "Sai \"??\".");
    assert_string_equal(json_text(f.header, "en"), "Wrong \"??\".");
    assert_int_equal(json_int(f.header, "batch", 0), 7);
    frame_free(&f);
    pair_close(&p);
}

/* Adds the body of a vector, which may stand in hexadecimal, to OUT. */
static void vector_body(const json_t *m, buf_t *out) {
    const char *hex = json_text(m, "body_hex");
    if (!hex) {
        buf_puts(out, vector_text(m, "body"));
        return;
    }
    size_t n = strlen(hex) / 2;
    assert_int_equal(hex_read(hex, buf_room(out, n), n), 0);
    out->len = n;
}

static void check_lines(const frame_t *f) {
    for (const char *at = f->body, *end; *at; at = end + 1) {
        verdict_line_t line;
        end = strchr(at, '\n');
        assert_int_equal(verdict_read(at, (size_t)(end - at), &line, NULL), 0);
    }
}

static void test_frame_carries_the_messages_of_the_vectors(void **state) {
    (void)state;
    pair_t p = pair_open();
    json_t *v = vector_load("messages.json"), *m;
    int seen[CMD_COUNT] = {0};
    size_t i;
    json_array_foreach(json_object_get(v, "messages"), i, m) {
        const char *name = vector_text(m, "command");
        command_t command = frame_command(name, strlen(name));
        assert_int_not_equal(command, CMD_NONE);
        seen[command] = 1;
        buf_t body = {0};
        vector_body(m, &body);
        frame_t f;
        json_t *header = json_object_get(m, "header");
        assert_int_equal(frame_send(p.dealer, NULL, command, header, body.data, body.len), 0);
        assert_int_equal(take(p.router, 1, &f, NULL), 0);
        assert_int_equal(f.command, command);
        assert_true(json_equal(f.header, header));
        assert_int_equal(f.body_len, body.len);
        if (body.len) assert_memory_equal(f.body, body.data, body.len);
        if (command == CMD_RECEIPT) check_lines(&f);
        json_t *credit = json_object_get(f.header, "credit");
        if (credit) {
            credit_t c = credit_read(credit);
            json_t *again = credit_json(&c);
            assert_true(json_equal(again, credit));
            json_decref(again);
        }
        frame_free(&f);
        buf_free(&body);
    }
    for (int c = CMD_NONE + 1; c < CMD_COUNT; c++)
        if (!seen[c]) fail_msg("no example of %s", frame_command_name((command_t)c));
    json_decref(v);
    pair_close(&p);
}

/* CURVE and ZAP. */

static void add_meta(zchunk_t *meta, const char *name, const char *value) {
    uint8_t length[4] = {0, 0, 0, (uint8_t)strlen(value)};
    uint8_t name_len = (uint8_t)strlen(name);
    zchunk_extend(meta, &name_len, 1);
    zchunk_extend(meta, name, name_len);
    zchunk_extend(meta, length, sizeof length);
    zchunk_extend(meta, value, strlen(value));
}

/* Answers one request of RFC 27: lets everybody in as unit VD.01 with key 42. */
static void zap_answer(zsock_t *zap) {
    zmsg_t *request = zmsg_recv(zap);
    char *version = zmsg_popstr(request), *id = zmsg_popstr(request);
    zframe_t *key = zmsg_last(request);
    char hex[HASH_HEX];
    hex_write(zframe_data(key), 32, hex);
    zchunk_t *meta = zchunk_new(NULL, 256);
    add_meta(meta, "Key-Serial", "42");
    add_meta(meta, "Public-Key", hex);
    zmsg_t *reply = zmsg_new();
    zmsg_addstr(reply, version);
    zmsg_addstr(reply, id);
    zmsg_addstr(reply, "200");
    zmsg_addstr(reply, "");
    zmsg_addstr(reply, "VD.01");
    zmsg_addmem(reply, zchunk_data(meta), zchunk_size(meta));
    zmsg_send(&reply, zap);
    zchunk_destroy(&meta);
    zmsg_destroy(&request);
    free(version);
    free(id);
}

static void zap_handler(zsock_t *pipe, void *arg) {
    (void)arg;
    zsock_t *zap = zsock_new(ZMQ_REP);
    assert(zsock_bind(zap, "inproc://zeromq.zap.01") != -1);
    zpoller_t *poller = zpoller_new(pipe, zap, NULL);
    zsock_signal(pipe, 0);
    while (zpoller_wait(poller, -1) == zap)
        zap_answer(zap);
    zpoller_destroy(&poller);
    zsock_destroy(&zap);
}

static void send_numbered(zsock_t *client, int batch) {
    char header[32];
    snprintf(header, sizeof header, "{\"batch\":%d}", batch);
    assert_int_equal(frame_send_text(client, NULL, CMD_DOCUMENTS, header, "x\n", 2), 0);
}

static void test_frame_names_its_sender_by_curve(void **state) {
    (void)state;
    uint8_t server_public[32], server_secret[32], public_[32], secret[32];
    crypto_box_keypair(server_public, server_secret);
    crypto_box_keypair(public_, secret);
    zactor_t *zap = zactor_new(zap_handler, NULL);
    refusal_t why = {0};
    zsock_t *server = sock_server("tcp://127.0.0.1:*", server_secret, server_public, "test", &why);
    if (!server) fail_msg("%s", why.en);
    char endpoint[64], hex[HASH_HEX];
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", sock_port(server));
    zsock_t *client = sock_client(endpoint, secret, public_, server_public, 1000, &why);
    if (!client) fail_msg("%s", why.en);

    hex_write(public_, 32, hex);
    for (int i = 1; i <= 200; i++)
        send_numbered(client, i);
    zmq_send(zsock_resolve(client), "HELLO", 5, 0); /* one frame: refused, and its sender still known */
    for (int i = 1; i <= 201; i++) {
        frame_t f;
        int rc = take(server, 1, &f, &why);
        assert_int_equal(rc, i <= 200 ? 0 : BC_REFUSED);
        assert_string_equal(f.user, "VD.01");
        assert_int_equal(f.key, 42);
        assert_string_equal(f.public_hex, hex);
        if (!rc) {
            assert_int_equal(json_int(f.header, "batch", 0), i);
            assert_int_equal(frame_send(server, f.from, CMD_RECEIPT, f.header, NULL, 0), 0);
        }
        frame_free(&f);
    }
    for (int i = 1; i <= 200; i++) {
        frame_t f;
        assert_int_equal(take(client, 0, &f, &why), 0);
        assert_int_equal(json_int(f.header, "batch", 0), i);
        frame_free(&f);
    }
    zsock_destroy(&client);
    zsock_destroy(&server);
    zactor_destroy(&zap);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_commands_have_names_there_and_back),
        cmocka_unit_test(test_frame_travels_whole),
        cmocka_unit_test(test_frame_refuses_wrong_counts_and_drains_them),
        cmocka_unit_test(test_frame_refuses_unknown_commands),
        cmocka_unit_test(test_frame_refuses_headers_that_are_no_object),
        cmocka_unit_test(test_frame_takes_what_is_at_its_limits_and_refuses_more),
        cmocka_unit_test(test_frame_sends_nothing_over_its_limits),
        cmocka_unit_test(test_frame_send_says_again_where_the_peer_is_gone_or_full),
        cmocka_unit_test(test_frame_refuse_says_what_and_why),
        cmocka_unit_test(test_frame_carries_the_messages_of_the_vectors),
        cmocka_unit_test(test_frame_names_its_sender_by_curve),
    };
    return RUN(tests);
}
