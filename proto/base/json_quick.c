/* SPDX-License-Identifier: MPL-2.0 */
/* json_quick.c - one pass over the bytes, values made as they are met. */
#include "proto/base/json_quick.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/text.h"

#define DIGITS_MOST 18 /* always fit 64 bits */
#define ESCAPED_MOST 4096

typedef struct {
    const char *p, *end;
    int depth;
} cursor_t;

static json_t *value(cursor_t *c); /* recursion is bounded by JSON_DEPTH */

/* Memory that jansson did not get. */
static json_t *made(json_t *j) {
    if (!j) abort();
    return j;
}

/* The next byte that is no white space, 0 at the end; it is not taken. */
static char peek(cursor_t *c) {
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
    return c->p < c->end ? *c->p : '\0';
}

static int take(cursor_t *c, char expected) {
    if (peek(c) != expected) return 0;
    c->p++;
    return 1;
}

/* Length of the text at the cursor up to a quote, an escape or what may not stand in one. */
static size_t plain(const cursor_t *c) {
    const char *q = c->p;
    while (q < c->end && *q != '"' && *q != '\\' && (unsigned char)*q >= ' ')
        q++;
    return (size_t)(q - c->p);
}

/* A text with escapes, the cursor behind its first quote. */
static json_t *escaped(cursor_t *c) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char out[ESCAPED_MOST];
    size_t n = 0;
    for (;;) {
        size_t run = plain(c);
        if (run >= sizeof out - n) return NULL;
        memcpy(out + n, c->p, run);
        n += run;
        c->p += run;
        if (c->p < c->end && *c->p == '"') break;
        if (c->end - c->p < 2 || *c->p != '\\') return NULL;
        const char *known = memchr(from, c->p[1], sizeof from - 1);
        if (!known) return NULL;
        out[n++] = to[known - from];
        c->p += 2;
    }
    c->p++;
    return made(json_stringn_nocheck(out, n));
}

static json_t *text(cursor_t *c) {
    c->p++;
    size_t n = plain(c);
    if (c->p + n >= c->end || c->p[n] != '"') return escaped(c);
    json_t *j = made(json_stringn_nocheck(c->p, n));
    c->p += n + 1;
    return j;
}

static json_t *number(cursor_t *c) {
    const char *first = c->p;
    json_int_t n = 0;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9' && c->p - first < DIGITS_MOST)
        n = n * 10 + (*c->p++ - '0');
    size_t digits = (size_t)(c->p - first);
    if (digits == 0 || (digits > 1 && *first == '0')) return NULL;
    if (c->p < c->end && strchr("0123456789.eE", *c->p)) return NULL;
    return made(json_integer(n));
}

static json_t *word(cursor_t *c, const char *letters, size_t n, json_t *j) {
    if ((size_t)(c->end - c->p) < n || memcmp(c->p, letters, n) != 0) return NULL;
    c->p += n;
    return j;
}

/* One `"key":value` into OBJECT; 0 where it is not plain or the key was there. */
static int pair(cursor_t *c, json_t *object) {
    if (!take(c, '"')) return 0;
    const char *key = c->p;
    size_t n = plain(c);
    c->p += n;
    if (!take(c, '"') || c->p != key + n + 1 || !take(c, ':')) return 0;
    json_t *v = value(c);
    size_t before = json_object_size(object);
    if (!v) return 0;
    if (json_object_setn_new_nocheck(object, key, n, v) != 0) abort();
    return json_object_size(object) > before;
}

static int element(cursor_t *c, json_t *array) {
    json_t *v = value(c);
    if (!v) return 0;
    if (json_array_append_new(array, v) != 0) abort();
    return 1;
}

/* An object or array, the cursor at its opening bracket. */
static json_t *filled(cursor_t *c, json_t *j, int (*next)(cursor_t *c, json_t *into), char close) {
    c->p++;
    int good = ++c->depth <= JSON_DEPTH;
    if (good && !take(c, close)) {
        do {
            good = next(c, j);
        } while (good && take(c, ','));
        good = good && take(c, close);
    }
    c->depth--;
    if (good) return j;
    json_decref(j);
    return NULL;
}

static json_t *value(cursor_t *c) {
    switch (peek(c)) {
    case '{': return filled(c, made(json_object()), pair, '}');
    case '[': return filled(c, made(json_array()), element, ']');
    case '"': return text(c);
    case 't': return word(c, "true", 4, json_true());
    case 'f': return word(c, "false", 5, json_false());
    case 'n': return word(c, "null", 4, json_null());
    default: return number(c);
    }
}

json_t *json_quick(const char *p, size_t n) {
    cursor_t c = {p, p + n, 0};
    if (peek(&c) != '{' || !text_utf8_ok(p, n)) return NULL; /* holds no NUL then either */
    json_t *j = value(&c);
    if (j && peek(&c) == '\0' && c.p == c.end) return j;
    json_decref(j);
    return NULL;
}
