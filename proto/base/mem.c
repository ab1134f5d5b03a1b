/* SPDX-License-Identifier: MPL-2.0 */
/* mem.c - allocation that ends the program instead of failing, and the byte buffer built on it. */
#include "proto/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void exhausted(void) {
    static const char line[] =
        "<2>ev=memory.exhausted do=\"give the program more memory and start it again\"\n";
    /* The program ends either way; there is nobody left to tell when this fails too. */
    ssize_t ignored = write(STDERR_FILENO, line, sizeof line - 1);
    (void)ignored;
    abort();
}

void *mem_alloc(size_t n) {
    void *p = calloc(1, n ? n : 1);
    if (!p) exhausted();
    return p;
}

void *mem_grow(void *p, size_t n) {
    void *q = realloc(p, n ? n : 1);
    if (!q) exhausted();
    return q;
}

char *mem_str(const char *s) {
    return s ? mem_strn(s, strlen(s)) : NULL;
}

char *mem_strn(const void *p, size_t n) {
    if (n == SIZE_MAX) exhausted();
    char *copy = mem_grow(NULL, n + 1);
    if (n) memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}

char *mem_printf(const char *fmt, ...) {
    char *s = NULL;
    va_list args;
    va_start(args, fmt);
    int n = vasprintf(&s, fmt, args);
    va_end(args);
    if (n < 0) exhausted();
    return s;
}

char *buf_room(buf_t *b, size_t n) {
    if (n >= SIZE_MAX / 2 - b->len) exhausted();
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < need)
            cap *= 2;
        b->data = mem_grow(b->data, cap);
        b->cap = cap;
    }
    return b->data + b->len;
}

void buf_add(buf_t *b, const void *p, size_t n) {
    char *to = buf_room(b, n);
    if (n) memcpy(to, p, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(buf_t *b, const char *s) {
    buf_add(b, s, strlen(s));
}

void buf_printf(buf_t *b, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    char *to = buf_room(b, 0);
    size_t room = b->cap - b->len;
    int n = vsnprintf(to, room, fmt, args);
    if (n < 0) exhausted();
    if ((size_t)n >= room) {
        to = buf_room(b, (size_t)n);
        n = vsnprintf(to, (size_t)n + 1, fmt, again);
        if (n < 0) exhausted();
    }
    b->len += (size_t)n;
    va_end(again);
    va_end(args);
}

void buf_clear(buf_t *b) {
    b->len = 0;
    if (b->data) b->data[0] = '\0';
}

void buf_free(buf_t *b) {
    free(b->data);
    *b = (buf_t){0};
}
