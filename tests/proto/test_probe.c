/* SPDX-License-Identifier: MPL-2.0 */
/* From outside: the right collector, another one, and none. */
#include "proto/probe.h"

#include "proto/base/sock.h"
#include "tests/support.h"

static void test_probe_tells_the_right_collector_from_another(void **state) {
    (void)state;
    curve_pair_t server, own, other;
    refusal_t why = {0};
    char endpoint[40];
    curve_pair_make(&server);
    curve_pair_make(&own);
    curve_pair_make(&other);
    zsock_t *sock = sock_server("tcp://127.0.0.1:*", server.secret, server.public_, "test", &why);
    assert_non_null(sock);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", sock_port(sock));
    const probe_t right = {endpoint, server.public_, NULL}, wrong = {endpoint, other.public_, NULL};
    const probe_t second = {endpoint, other.public_, server.public_};
    assert_int_equal(probe_peer(&right, &own, 10000, &why), 0);
    assert_true(probe_peer(&wrong, &own, 10000, &why) < 0);
    assert_string_equal(why.code, "server-key-wrong");
    assert_non_null(strstr(why.en, "This is not your federation's collector"));
    assert_non_null(strstr(why.vi, "Đây không phải máy chủ của Liên đoàn"));
    assert_int_equal(probe_peer(&second, &own, 10000, &why), 0);
    zsock_destroy(&sock);
}

static void test_probe_says_that_nobody_is_there(void **state) {
    (void)state;
    curve_pair_t own;
    refusal_t why = {0};
    curve_pair_make(&own);
    const probe_t nobody = {"tcp://127.0.0.1:9", own.public_, NULL};
    assert_true(probe_peer(&nobody, &own, 10000, &why) < 0);
    assert_string_equal(why.code, "collector-unreachable");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probe_tells_the_right_collector_from_another),
        cmocka_unit_test(test_probe_says_that_nobody_is_there),
    };
    return RUN(tests);
}
