/* SPDX-License-Identifier: MPL-2.0 */
/* Sockets on loopback: encryption, sizes, wrong keys. No ZAP handler is bound here; the tests of the
 * collector's gate are about that. */
#include "proto/base/sock.h"

#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "tests/support.h"

typedef struct {
    uint8_t secret[32], public_[32];
} pair_t;

static pair_t pair(void) {
    zcert_t *cert = zcert_new();
    pair_t p;
    memcpy(p.secret, zcert_secret_key(cert), 32);
    memcpy(p.public_, zcert_public_key(cert), 32);
    zcert_destroy(&cert);
    return p;
}

static zsock_t *server_on(const char *endpoint, const pair_t *key) {
    refusal_t why = {0};
    zsock_t *server = sock_server(endpoint, key->secret, key->public_, "baocao", &why);
    if (!server) fail_msg("%s", why.en);
    return server;
}

static zsock_t *client_of(zsock_t *server, const pair_t *key, const uint8_t *server_key) {
    char *endpoint = zsys_sprintf("tcp://127.0.0.1:%d", sock_port(server));
    refusal_t why = {0};
    zsock_t *client = sock_client(endpoint, key->secret, key->public_, server_key, 100, &why);
    if (!client) fail_msg("%s", why.en);
    free(endpoint);
    return client;
}

static void test_sock_carries_frames_both_ways(void **state) {
    (void)state;
    pair_t s = pair(), c = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s), *client = client_of(server, &c, s.public_);
    assert_in_range(sock_port(server), 1024, 65535);
    zsock_set_rcvtimeo(server, 5000);
    zsock_set_rcvtimeo(client, 5000);
    zstr_sendx(client, "HELLO", "{}", "", NULL);
    zmsg_t *msg = zmsg_recv(server);
    assert_non_null(msg);
    assert_int_equal(zmsg_size(msg), 4);
    zmsg_send(&msg, server);
    char *word = zstr_recv(client);
    assert_string_equal(word, "HELLO");
    zstr_free(&word);
    zsock_destroy(&client);
    zsock_destroy(&server);
}

static void test_sock_wrong_server_key_reaches_nobody(void **state) {
    (void)state;
    pair_t s = pair(), c = pair(), wrong = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s);
    zsock_t *stranger = client_of(server, &c, wrong.public_), *client = client_of(server, &c, s.public_);
    zsock_set_rcvtimeo(server, 5000);
    zstr_send(stranger, "WRONG");
    zstr_send(client, "RIGHT");
    zmsg_t *msg = zmsg_recv(server);
    assert_non_null(msg);
    assert_true(zframe_streq(zmsg_last(msg), "RIGHT"));
    zmsg_destroy(&msg);
    zsock_set_rcvtimeo(server, 300);
    assert_null(zmsg_recv(server));
    zsock_destroy(&stranger);
    zsock_destroy(&client);
    zsock_destroy(&server);
}

/* MAXMSGSIZE counts the 33 bytes CURVE adds. */
static void test_sock_frame_limit(void **state) {
    (void)state;
    pair_t s = pair(), c = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s);
    static char body[SOCK_FRAME_MAX];
    static const struct {
        size_t size;
        int arrives;
    } t[] = {{SOCK_FRAME_MAX - 33, 1}, {SOCK_FRAME_MAX - 32, 0}};
    for (int i = 0; i < 2; i++) {
        zsock_t *client = client_of(server, &c, s.public_);
        zframe_t *frame = zframe_new(body, t[i].size);
        assert_int_equal(zframe_send(&frame, client, 0), 0);
        zsock_set_rcvtimeo(server, t[i].arrives ? 5000 : 500);
        zmsg_t *msg = zmsg_recv(server);
        assert_int_equal(msg != NULL, t[i].arrives);
        zmsg_destroy(&msg);
        zsock_destroy(&client);
    }
    zsock_destroy(&server);
}

/* Else a client could not tell a server with another key, which hangs up, from one that grew tired. */
static void test_sock_client_s_handshake_runs_out_first(void **state) {
    (void)state;
    pair_t s = pair(), c = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s), *client = client_of(server, &c, s.public_);
    assert_true(zsock_handshake_ivl(client) > 0);
    assert_true(zsock_handshake_ivl(server) >= zsock_handshake_ivl(client) * 3 / 2);
    zsock_destroy(&client);
    zsock_destroy(&server);
}

static void test_sock_greets_tells_zmtp_from_silence(void **state) {
    (void)state;
    pair_t s = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s);
    char endpoint[40];
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", sock_port(server));
    assert_true(sock_greets(endpoint, 5000));
    snprintf(endpoint, sizeof endpoint, "tcp://localhost:%d", sock_port(server));
    assert_true(sock_greets(endpoint, 5000));
    zsock_destroy(&server);
    assert_false(sock_greets("tcp://127.0.0.1:9", 100));
    assert_false(sock_greets("nonsense", 100));
    int silent = listener(endpoint);
    assert_false(sock_greets(endpoint, 100));
    close(silent);
}

static void test_sock_port_is_taken_once(void **state) {
    (void)state;
    pair_t s = pair();
    refusal_t why = {0};
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s);
    char *endpoint = zsys_sprintf("tcp://127.0.0.1:%d", sock_port(server));
    assert_null(sock_server(endpoint, s.secret, s.public_, "baocao", &why));
    assert_string_equal(why.code, "bind-failed");
    assert_non_null(strstr(why.vi, endpoint));
    assert_null(sock_server("nonsense", s.secret, s.public_, "baocao", &why));
    assert_string_equal(why.code, "bind-failed");
    assert_null(sock_client("tcp://", s.secret, s.public_, s.public_, 100, &why));
    assert_string_equal(why.code, "connect-failed");
    free(endpoint);
    zsock_destroy(&server);
}

/* A send to somebody who is gone is an error and not a silent loss. */
static void test_sock_router_is_mandatory(void **state) {
    (void)state;
    pair_t s = pair();
    zsock_t *server = server_on("tcp://127.0.0.1:0", &s);
    zmsg_t *msg = zmsg_new();
    zmsg_addstr(msg, "nobody");
    zmsg_addstr(msg, "RECEIPT");
    assert_int_equal(zmsg_send(&msg, server), -1);
    assert_int_equal(errno, EHOSTUNREACH);
    zmsg_destroy(&msg);
    zsock_destroy(&server);
}

int main(void) {
    log_level(LOG_ERR_);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sock_carries_frames_both_ways),
        cmocka_unit_test(test_sock_wrong_server_key_reaches_nobody),
        cmocka_unit_test(test_sock_frame_limit),
        cmocka_unit_test(test_sock_client_s_handshake_runs_out_first),
        cmocka_unit_test(test_sock_greets_tells_zmtp_from_silence),
        cmocka_unit_test(test_sock_port_is_taken_once),
        cmocka_unit_test(test_sock_router_is_mandatory),
    };
    return RUN(tests);
}
