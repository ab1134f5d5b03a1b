/* SPDX-License-Identifier: MPL-2.0 */
/* test_unread.c - who brings more than is read is cut off, and only he. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/unread.h"

#define KB 1024

/* Two ends of one TCP connection over loopback. */
typedef struct {
    int near, far;
} pair_t;

static pair_t pair_make(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0), far = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(connect(far, (struct sockaddr *)&at, sizeof at), 0);
    int near = accept(listener, NULL, NULL);
    assert_true(near >= 0);
    close(listener);
    return (pair_t){near, far};
}

static void pair_end(pair_t p) {
    close(p.near);
    close(p.far);
}

/* The far end writes N bytes, the near one takes them off the system, as libzmq's I/O thread does. */
static void bring(pair_t p, size_t n) {
    char bytes[KB];
    memset(bytes, 'x', sizeof bytes);
    for (size_t i = 0; i < n; i += sizeof bytes) {
        assert_int_equal(send(p.far, bytes, sizeof bytes, 0), sizeof bytes);
        assert_int_equal(recv(p.near, bytes, sizeof bytes, MSG_WAITALL), sizeof bytes);
    }
}

static int is_open(pair_t p) {
    char byte;
    return recv(p.far, &byte, 1, MSG_DONTWAIT) != 0; /* 0: the other side has ended it */
}

static const unread_limits_t small = {.grown = 0, .one = 64 * KB, .all = 100 * KB};

static void test_unread_cuts_off_who_is_over_the_limit_of_one(void **state) {
    (void)state;
    unread_t *self = unread_new(&small);
    pair_t good = pair_make(), endless = pair_make();
    bring(good, 90 * KB);
    unread_handed(self, good.near);
    bring(good, 10 * KB);
    bring(endless, 60 * KB);
    assert_int_equal(unread_look(self), 0);
    bring(endless, 5 * KB);
    assert_int_equal(unread_look(self), 1);
    assert_true(is_open(good));
    assert_false(is_open(endless));
    pair_end(good);
    pair_end(endless);
    unread_free(&self);
    assert_null(self);
}

static void test_unread_cuts_off_those_with_the_most_where_all_are_too_many(void **state) {
    (void)state;
    unread_t *self = unread_new(&small);
    pair_t p[4];
    for (int i = 0; i < 4; i++) {
        p[i] = pair_make();
        unread_handed(self, p[i].near);
        bring(p[i], (size_t)(i + 1) * 12 * KB); /* 12 + 24 + 36 + 48 = 120 */
    }
    assert_int_equal(unread_look(self), 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(is_open(p[i]), i < 3);
        pair_end(p[i]);
    }
    unread_free(&self);
}

/* The descriptor of a connection that was read to the end is given to one that is not. */
static void test_unread_knows_a_descriptor_that_was_given_away(void **state) {
    (void)state;
    unread_t *self = unread_new(&small);
    pair_t old = pair_make();
    bring(old, 500 * KB);
    unread_handed(self, old.near);
    pair_t new = pair_make();
    assert_int_equal(dup2(new.near, old.near), old.near);
    bring(new, 70 * KB);
    assert_true(unread_look(self) >= 1);
    assert_false(is_open(new));
    pair_end(old);
    pair_end(new);
    unread_free(&self);
}

/* Where libzmq does not tell by which connection a message came, nobody can be judged. */
static void test_unread_judges_nobody_where_nothing_is_known(void **state) {
    (void)state;
    unread_t *self = unread_new(&small);
    pair_t p = pair_make();
    bring(p, 90 * KB);
    unread_handed(self, -1);
    assert_int_equal(unread_look(self), 0);
    assert_true(is_open(p));
    pair_end(p);
    unread_free(&self);
}

static void test_unread_does_not_look_while_memory_does_not_grow(void **state) {
    (void)state;
    unread_limits_t late = small;
    late.grown = (size_t)1 << 40;
    unread_t *self = unread_new(&late);
    pair_t p = pair_make();
    bring(p, 90 * KB);
    assert_int_equal(unread_look(self), 0);
    assert_true(is_open(p));
    unread_handed(self, -1);
    int file = open("/dev/null", O_RDONLY);
    unread_handed(self, file); /* no connection: nothing is known */
    close(file);
    pair_end(p);
    unread_free(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unread_cuts_off_who_is_over_the_limit_of_one),
        cmocka_unit_test(test_unread_cuts_off_those_with_the_most_where_all_are_too_many),
        cmocka_unit_test(test_unread_knows_a_descriptor_that_was_given_away),
        cmocka_unit_test(test_unread_judges_nobody_where_nothing_is_known),
        cmocka_unit_test(test_unread_does_not_look_while_memory_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
