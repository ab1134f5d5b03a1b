/* SPDX-License-Identifier: MPL-2.0 */
/* A line tells apart: nobody there, another server, a server that listens and says nothing, one that ends. */
#include "proto/line.h"

#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"
#include "proto/frame.h"
#include "tests/support.h"

/* A server without a ZAP handler, which takes any key. */
static zsock_t *server(curve_pair_t *pair, char endpoint[static 64]) {
    refusal_t why = {0};
    curve_pair_make(pair);
    zsock_t *sock = sock_server("tcp://127.0.0.1:*", pair->secret, pair->public_, "test", &why);
    assert_non_null(sock);
    snprintf(endpoint, 64, "tcp://127.0.0.1:%d", sock_port(sock));
    return sock;
}

static line_t *call(const char *endpoint, const uint8_t key[static 32]) {
    curve_pair_t own;
    refusal_t why = {0};
    curve_pair_make(&own);
    line_t *line = line_open(endpoint, &own, key, &why);
    assert_non_null(line);
    return line;
}

static void expect_why(line_state_t state, int rc, const char *code) {
    refusal_t why = {0};
    assert_int_equal(line_why(state, "tcp://collector.example:5670", &why), rc);
    assert_string_equal(why.code, code);
    assert_true(why.vi[0] && why.en[0]);
}

static void test_line_opens_and_carries(void **state) {
    (void)state;
    curve_pair_t pair;
    char endpoint[64];
    zsock_t *sock = server(&pair, endpoint);
    line_t *line = call(endpoint, pair.public_);
    assert_true(WAIT_UNTIL(line_state(line) == LINE_OPEN, 10000));
    assert_int_equal(frame_send(line_socket(line), NULL, CMD_BYE, NULL, NULL, 0), BC_OK);
    line_close(&line); /* what was just sent leaves */
    frame_t f = {0};
    assert_true(WAIT_UNTIL(f.command || frame_take(sock, 1, &f, NULL) == BC_OK, 10000));
    assert_int_equal(f.command, CMD_BYE);
    frame_free(&f);
    zsock_destroy(&sock);
    line_close(&line);
}

static void test_line_knows_that_nobody_is_there(void **state) {
    (void)state;
    curve_pair_t pair;
    curve_pair_make(&pair);
    line_t *line = call("tcp://127.0.0.1:9", pair.public_);
    assert_true(WAIT_UNTIL(line_dead(line_state(line)), 10000));
    assert_int_equal(line_state(line), LINE_UNREACHABLE);
    line_close(&line);
}

static void test_line_knows_another_servers_key(void **state) {
    (void)state;
    curve_pair_t pair, other;
    char endpoint[64];
    zsock_t *sock = server(&pair, endpoint);
    curve_pair_make(&other);
    line_t *line = call(endpoint, other.public_);
    assert_true(WAIT_UNTIL(line_dead(line_state(line)), 10000));
    assert_int_equal(line_state(line), LINE_KEY_WRONG);
    line_close(&line);
    zsock_destroy(&sock);
}

/* A router, a proxy, another service: it takes the call, says nothing or too little, and hangs up. */
static void test_line_does_not_take_any_hang_up_for_another_key(void **state) {
    (void)state;
    for (int words = 0; words < 2; words++) {
        curve_pair_t pair;
        char endpoint[40];
        int port = listener(endpoint);
        curve_pair_make(&pair);
        line_t *line = call(endpoint, pair.public_);
        int peer = accept(port, NULL, NULL);
        assert_true(peer >= 0);
        if (words) assert_int_equal(send(peer, "\xff\0\0\0\0\0\0\0\1\x7f\3", 11, 0), 11);
        shutdown(peer, SHUT_RDWR);
        assert_true(WAIT_UNTIL(line_dead(line_state(line)), 10000));
        assert_int_equal(line_state(line), LINE_LOST);
        close(peer);
        close(port);
        line_close(&line);
    }
}

static void test_line_knows_that_it_was_lost(void **state) {
    (void)state;
    curve_pair_t pair;
    char endpoint[64];
    zsock_t *sock = server(&pair, endpoint);
    line_t *line = call(endpoint, pair.public_);
    assert_true(WAIT_UNTIL(line_state(line) == LINE_OPEN, 10000));
    zsock_destroy(&sock);
    assert_true(WAIT_UNTIL(line_dead(line_state(line)), 10000));
    assert_int_equal(line_state(line), LINE_LOST);
    line_close(&line);
}

static void test_line_says_what_to_tell_people(void **state) {
    (void)state;
    expect_why(LINE_UNREACHABLE, BC_AGAIN, "collector-unreachable");
    expect_why(LINE_KEY_WRONG, BC_AGAIN, "server-key-wrong");
    expect_why(LINE_KEY_UNKNOWN, BC_AGAIN, "key-unknown");
    expect_why(LINE_GREETING, BC_AGAIN, "key-unknown");
    expect_why(LINE_KEY_REVOKED, BC_REFUSED, "key-revoked");
    expect_why(LINE_LOST, BC_AGAIN, "collector-silent");
    expect_why(LINE_OPEN, BC_AGAIN, "collector-silent");
}

static void test_line_refuses_what_is_no_address(void **state) {
    (void)state;
    curve_pair_t pair;
    refusal_t why = {0};
    curve_pair_make(&pair);
    assert_null(line_open("not an address", &pair, pair.public_, &why));
    assert_string_equal(why.code, "connect-failed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_opens_and_carries),
        cmocka_unit_test(test_line_knows_that_nobody_is_there),
        cmocka_unit_test(test_line_knows_another_servers_key),
        cmocka_unit_test(test_line_does_not_take_any_hang_up_for_another_key),
        cmocka_unit_test(test_line_knows_that_it_was_lost),
        cmocka_unit_test(test_line_says_what_to_tell_people),
        cmocka_unit_test(test_line_refuses_what_is_no_address),
    };
    return RUN(tests);
}
