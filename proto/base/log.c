/* SPDX-License-Identifier: MPL-2.0 */
/* log.c - one line per event on stderr, and czmq's own lines brought into the same form. */
#include "proto/base/log.h"

#include <czmq.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_int highest = LOG_INFO_;

/* One write(2) per line, so that lines of several threads do not mix. */
__attribute__((format(printf, 3, 0))) static void line(log_level_t level, const char *ev, const char *fmt,
                                                       va_list args) {
    if ((int)level > atomic_load_explicit(&highest, memory_order_relaxed)) return;
    int saved = errno;
    char text[2048];
    size_t start = 0;
    if (!isatty(STDERR_FILENO)) start = (size_t)snprintf(text, sizeof text, "<%d>", (int)level);
    size_t n = start + (size_t)snprintf(text + start, sizeof text - start, "ev=%.100s ", ev);
    int more = vsnprintf(text + n, sizeof text - n - 1, fmt, args);
    if (more > 0) n += strlen(text + n);
    /* A quoted text must not be able to forge a second line. */
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) text[i] = '?';
    text[n++] = '\n';
    /* Where the log itself cannot be written there is nobody to tell. */
    ssize_t ignored = write(STDERR_FILENO, text, n);
    (void)ignored;
    errno = saved;
}

#define LINE(level)               \
    va_list args;                 \
    va_start(args, fmt);          \
    line((level), ev, fmt, args); \
    va_end(args)

void log_error(const char *ev, const char *fmt, ...) {
    LINE(LOG_ERR_);
}

void log_warn(const char *ev, const char *fmt, ...) {
    LINE(LOG_WARN_);
}

void log_info(const char *ev, const char *fmt, ...) {
    LINE(LOG_INFO_);
}

void log_debug(const char *ev, const char *fmt, ...) {
    LINE(LOG_DEBUG_);
}

/* Takes what czmq writes, "E: 24-11-07 15:15:00 text\n", and drops its clock, which is the local one. */
static ssize_t from_czmq(void *cookie, const char *text, size_t n) {
    (void)cookie;
    size_t skip = n > 21 && text[1] == ':' && text[2] == ' ' ? 21 : 0;
    char level = skip ? text[0] : 'I';
    int len = (int)(n - skip);
    if (len && text[n - 1] == '\n') len--;
    if (level == 'E') {
        log_error("czmq", "msg=\"%.*s\" do=\"report this to the maintainers of baocao\"", len, text + skip);
    } else if (level == 'W') {
        log_warn("czmq", "msg=\"%.*s\" do=\"report this to the maintainers of baocao\"", len, text + skip);
    } else {
        log_info("czmq", "msg=\"%.*s\"", len, text + skip);
    }
    return (ssize_t)n;
}

void log_level(log_level_t level) {
    static FILE *stream;
    atomic_store(&highest, (int)level);
    if (stream) return;
    /* zsys_init would catch SIGINT and SIGTERM, and then a command line could not be interrupted. */
    zsys_handler_set(NULL);
    zsys_init();
    stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = from_czmq});
    if (!stream) return; /* czmq then goes on writing to stdout in its own form */
    setvbuf(stream, NULL, _IOLBF, 2048);
    zsys_set_logstream(stream);
}
