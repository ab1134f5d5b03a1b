/* SPDX-License-Identifier: MPL-2.0 */
/* A signal is something to read, also with czmq in the process. */
#include "proto/base/signals.h"

#include <czmq.h>
#include <poll.h>
#include <signal.h>

#include "tests/support.h"

static void test_signals_are_read_one_by_one(void **state) {
    (void)state;
    int fd = signals_open();
    assert_true(fd >= 0);
    assert_int_equal(signals_take(fd), 0);
    zsock_t *sock = zsock_new(ZMQ_PULL); /* czmq's own initialisation must not take the signals away */
    assert_non_null(sock);
    static const int sent[] = {SIGHUP, SIGINT, SIGTERM};
    for (int i = 0; i < 3; i++) {
        raise(sent[i]);
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&p, 1, 1000), 1);
        assert_int_equal(signals_take(fd), sent[i]);
        assert_int_equal(signals_take(fd), 0);
    }
    assert_false(zsys_interrupted);
    zsock_destroy(&sock);
    close(fd);
}

static void test_signals_ignore_a_closed_pipe(void **state) {
    (void)state;
    int fd = signals_open(), ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals_are_read_one_by_one),
        cmocka_unit_test(test_signals_ignore_a_closed_pipe),
    };
    return RUN(tests);
}
