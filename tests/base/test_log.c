/* SPDX-License-Identifier: MPL-2.0 */
/* One line per event, whatever is in it, and czmq's lines among them. */
#include "proto/base/log.h"

#include <czmq.h>
#include <errno.h>
#include <fcntl.h>

#include "tests/support.h"

static char captured[20000];

/* Runs EMIT with stderr going to a file, whose content is in CAPTURED afterwards. */
static void capture(void **state, void (*emit)(void)) {
    char *path = dir_path(state, "stderr");
    int saved = dup(STDERR_FILENO), fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDERR_FILENO);
    emit();
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t n = pread(fd, captured, sizeof captured - 1, 0);
    captured[n > 0 ? n : 0] = '\0';
    close(fd);
    unlink(path);
    free(path);
}

static int lines(void) {
    int n = 0;
    for (const char *s = captured; *s; s++)
        n += *s == '\n';
    return n;
}

static void emit_levels(void) {
    log_error("a.b", "n=%d", 1);
    log_warn("a.b", "n=%d", 2);
    log_info("a.b", "n=%d", 3);
    log_debug("a.b", "n=%d", 4);
}

static void test_log_writes_the_priority_and_the_event(void **state) {
    log_level(LOG_INFO_);
    capture(state, emit_levels);
    assert_string_equal(captured, "<3>ev=a.b n=1\n<4>ev=a.b n=2\n<6>ev=a.b n=3\n");
}

static void test_log_drops_what_is_above_the_level(void **state) {
    log_level(LOG_DEBUG_);
    capture(state, emit_levels);
    assert_int_equal(lines(), 4);
    log_level(LOG_ERR_);
    capture(state, emit_levels);
    assert_int_equal(lines(), 1);
    log_level(LOG_INFO_);
}

static void emit_hostile(void) {
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_info("a", "v=\"%s\"", "x\n<0>ev=forged\033[2J\r");
    log_info("b", "v=%s", text);
    log_info("c", "%s", "");
}

static void test_log_event_is_one_line(void **state) {
    capture(state, emit_hostile);
    assert_int_equal(lines(), 3);
    assert_null(strchr(captured, '\033'));
    assert_null(strstr(captured, "\n<0>"));
    assert_non_null(strstr(captured, "xxx\n<6>ev=c "));
}

static void emit_with_errno(void) {
    errno = ENOSPC;
    log_error("a", "n=%d", 1);
}

static void test_log_errno_survives(void **state) {
    capture(state, emit_with_errno);
    assert_int_equal(errno, ENOSPC);
}

static void emit_czmq(void) {
    zsys_error("bad %s", "thing");
    zsys_info("good");
}

static void test_log_takes_the_lines_of_czmq(void **state) {
    capture(state, emit_czmq);
    assert_int_equal(lines(), 2);
    assert_memory_equal(captured, "<3>ev=czmq msg=\"bad thing\" do=", 30);
    assert_non_null(strstr(captured, "\n<6>ev=czmq msg=\"good\"\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_log_writes_the_priority_and_the_event),
        IN_DIR(test_log_drops_what_is_above_the_level),
        IN_DIR(test_log_event_is_one_line),
        IN_DIR(test_log_errno_survives),
        IN_DIR(test_log_takes_the_lines_of_czmq),
    };
    return RUN(tests);
}
