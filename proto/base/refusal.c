/* SPDX-License-Identifier: MPL-2.0 */
/* refusal.c - fills in why something was refused, safe to print whatever hostile text it quotes. */
#include "proto/base/refusal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/base/rc.h"

/* Control characters, line separators and those that turn the direction of writing would let a
 * quoted text forge another line or hide a part of this one. */
static int harmful(utf8proc_int32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Makes S valid UTF-8 without harmful characters, in place. TRUNCATED: a character cut in two at its
 * end is dropped. */
static void sanitize(char *s, int truncated) {
    size_t n = strlen(s), i = 0, out = 0;
    while (i < n) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        if (len < 1) {
            if (truncated && n - i < 4) break;
            s[out++] = '?';
            i++;
        } else if (harmful(c)) {
            s[out++] = '?';
            i += (size_t)len;
        } else {
            memmove(s + out, s + i, (size_t)len);
            out += (size_t)len;
            i += (size_t)len;
        }
    }
    s[out] = '\0';
}

__attribute__((format(printf, 3, 0))) static void fill(char *to, size_t size, const char *fmt, va_list args) {
    int n = vsnprintf(to, size, fmt, args);
    if (n < 0) to[0] = '\0';
    sanitize(to, n >= (int)size);
}

int refuse(refusal_t *why, const char *code, const char *field, const char *vi, const char *en, ...) {
    if (!why) return BC_REFUSED;
    assert(strlen(code) < sizeof why->code);
    memcpy(why->code, code, strlen(code) + 1);
    int n = snprintf(why->field, sizeof why->field, "%s", field ? field : "");
    sanitize(why->field, n >= (int)sizeof why->field);

    va_list args;
    va_start(args, en);
    fill(why->vi, sizeof why->vi, vi, args);
    va_end(args);
    va_start(args, en);
    fill(why->en, sizeof why->en, en, args);
    va_end(args);
    return BC_REFUSED;
}

const char *refusal_text(const refusal_t *why, lang_t lang) {
    return tr(lang, why->vi, why->en);
}
