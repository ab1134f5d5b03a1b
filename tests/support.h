/* support.h - what every cmocka test needs: its headers in the right order and a directory of its own. */
#ifndef BC_TEST_SUPPORT_H
#define BC_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>

#include <arpa/inet.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A group with no setup of its own: `return RUN(tests);` */
#define RUN(tests) cmocka_run_group_tests((tests), NULL, NULL)

static inline int support_remove(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

/* Setup and teardown: *STATE is the path of a new empty directory, removed afterwards.
 * `cmocka_unit_test_setup_teardown(test_x, dir_setup, dir_teardown)`, or IN_DIR(test_x). */
static inline int dir_setup(void **state) {
    const char *base = getenv("TMPDIR");
    char *dir = malloc(512);
    if (!dir) return -1;
    snprintf(dir, 512, "%s/baocao-test.XXXXXX", base ? base : "/tmp");
    *state = mkdtemp(dir);
    return *state ? 0 : -1;
}

static inline int dir_teardown(void **state) {
    int rc = nftw(*state, support_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return rc;
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, dir_setup, dir_teardown)

/* "DIR/NAME" of the test's own directory; caller frees. */
static inline char *dir_path(void **state, const char *name) {
    char *path = malloc(1024);
    if (!path) abort();
    snprintf(path, 1024, "%s/%s", (const char *)*state, name);
    return path;
}

/* Waits, at most MS milliseconds, until CONDITION holds; false if it never did. */
#define WAIT_UNTIL(condition, ms) \
    ({ \
        int left_ = (ms); \
        while (!(condition) && left_ > 0) { \
            usleep(2000); /* poll interval of a wait on a condition */ \
            left_ -= 2; \
        } \
        (condition); \
    })

/* A TCP port of this machine that takes calls and says nothing; its address to ENDPOINT. */
static inline int listener(char endpoint[static 40]) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int port = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(port, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(port, 1), 0);
    assert_int_equal(getsockname(port, (struct sockaddr *)&address, &size), 0);
    snprintf(endpoint, 40, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    return port;
}

#endif
