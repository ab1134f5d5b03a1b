/* SPDX-License-Identifier: MPL-2.0 */
/* Text at the border. Checking runs once for each document that arrives, so it is one pass over
 * the bytes, eight at a time where they are ASCII; utf8proc is asked only where a code point could
 * be out of normal form. */
#include "proto/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ONES 0x0101010101010101ULL
#define TOPS 0x8080808080808080ULL

/* One code point from [P, END); where the next begins, or NULL if it is not UTF-8 or is NUL. */
static const uint8_t *decode(const uint8_t *p, const uint8_t *end, uint32_t *cp) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = *p;
    if (first < 0x80) {
        *cp = first;
        return first != 0 ? p + 1 : NULL;
    }
    int len = first >= 0xF5 ? 0 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (len == 0 || end - p < len) return NULL;
    uint32_t c = first & (0x7Fu >> len);
    for (int i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) return NULL;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < smallest[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return NULL;
    *cp = c;
    return p + len;
}

/* True where CP is always in NFC: it neither decomposes nor joins the letter before it. */
static int never_composes(uint32_t cp) {
    return cp < 0x300 || (cp >= 0x1E00 && cp <= 0x1EFF) /* Latin with marks, Vietnamese */
           || (cp >= 0x2010 && cp <= 0x205E) || (cp >= 0x20A0 && cp <= 0x20BF) /* dashes, quotes, ₫ */
           || (cp >= 0x1F300 && cp <= 0x1FAFF); /* pictures, in texts from phones */
}

/* 1 if valid UTF-8 without NUL. PLAIN becomes 0 where a code point needs utf8proc. */
static int scan(const char *s, size_t n, int *plain) {
    const uint8_t *p = (const uint8_t *)s, *end = p + n;
    *plain = 1;
    while (p < end) {
        uint64_t word;
        if (end - p >= 8) {
            memcpy(&word, p, 8);
            if (((word | ((word - ONES) & ~word)) & TOPS) == 0) { /* ASCII and no NUL */
                p += 8;
                continue;
            }
        }
        uint32_t cp;
        p = decode(p, end, &cp);
        if (p == NULL) return 0;
        if (!never_composes(cp)) *plain = 0;
    }
    return 1;
}

int text_utf8_ok(const char *s, size_t n) {
    int plain;
    return scan(s, n, &plain);
}

/* S of valid UTF-8 through utf8proc; caller frees. */
static char *mapped(const char *s, size_t n, int options) {
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &out, (utf8proc_option_t)options);
    if (len == UTF8PROC_ERROR_NOMEM) abort();
    return len < 0 ? NULL : (char *)out;
}

int text_is_nfc(const char *s, size_t n) {
    int plain;
    if (!scan(s, n, &plain)) return 0;
    if (plain) return 1;
    char *nfc = mapped(s, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    int same = nfc != NULL && strlen(nfc) == n && memcmp(nfc, s, n) == 0;
    free(nfc);
    return same;
}

char *text_nfc(const char *s, size_t n) {
    int plain;
    if (!scan(s, n, &plain)) return NULL;
    return plain ? mem_strn(s, n) : mapped(s, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

/* đ and the Icelandic ð, which old conversions leave in its place, to d; white space to single
 * spaces. In place, since nothing grows. */
static void tidy_folded(char *s) {
    char *out = s;
    for (const char *p = s; *p != '\0'; p++) {
        if (strncmp(p, "\xC4\x91", 2) == 0 || strncmp(p, "\xC3\xB0", 2) == 0) {
            *out++ = 'd';
            p++;
        } else if ((unsigned char)*p > ' ') {
            *out++ = *p;
        } else if (out > s && out[-1] != ' ') {
            *out++ = ' ';
        }
    }
    if (out > s && out[-1] == ' ') out--;
    *out = '\0';
}

char *text_fold(const char *s) {
    size_t n = strlen(s);
    char *folded = NULL;
    if (text_utf8_ok(s, n))
        folded = mapped(s, n,
                        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                            UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    if (folded == NULL) return mem_str(s);
    tidy_folded(folded);
    return folded;
}

int text_width(const char *s) {
    const uint8_t *p = (const uint8_t *)s, *end = p + strlen(s);
    int width = 0;
    while (p < end) {
        uint32_t cp;
        const uint8_t *next = decode(p, end, &cp);
        width += next != NULL ? utf8proc_charwidth((utf8proc_int32_t)cp) : 1;
        p = next != NULL ? next : p + 1;
    }
    return width;
}

void text_cut(char *s, size_t max) {
    if (strlen(s) <= max) return;
    while (max > 0 && ((unsigned char)s[max] & 0xC0) == 0x80)
        max--;
    s[max] = '\0';
}

/* True where the N bytes at S are exactly one blank: ASCII, no-break, the U+2000 spaces, the
 * zero-width space or a byte order mark. */
static int is_blank(const char *s, size_t n) {
    const unsigned char *p = (const unsigned char *)s;
    if (n == 1) return p[0] <= ' ' && p[0] != '\0';
    if (n == 2) return p[0] == 0xC2 && p[1] == 0xA0;
    if (p[0] == 0xE2 && p[1] == 0x80) return (p[2] >= 0x80 && p[2] <= 0x8B) || p[2] == 0xAF;
    return memcmp(p, "\xEF\xBB\xBF", 3) == 0 || memcmp(p, "\xE3\x80\x80", 3) == 0;
}

char *text_trim(char *s) {
    size_t len = strlen(s);
    for (size_t w = 1; w <= 3 && w <= len; w++) {
        if (is_blank(s, w)) {
            s += w;
            len -= w;
            w = 0;
        }
    }
    for (size_t w = 1; w <= 3 && w <= len; w++) {
        if (is_blank(s + len - w, w)) {
            len -= w;
            w = 0;
        }
    }
    s[len] = '\0';
    return s;
}

#define WORD_MAX 64

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Edit distance that counts two letters swapped as one slip; bytes, case ignored. */
static int distance(const char *a, size_t n, const char *b, size_t m) {
    int row[3][WORD_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]))
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *text_nearest(const char *word, const char *const *words, size_t n) {
    size_t len = strlen(word);
    if (len < 2 || len > WORD_MAX) return NULL;
    int limit = least((int)len / 4 + 1, 3), best = limit + 1; /* one slip in a short word */
    const char *nearest = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t m = strlen(words[i]);
        if (m < 2 || m > WORD_MAX) continue;
        int d = distance(word, len, words[i], m);
        if (d < best) {
            best = d;
            nearest = words[i];
        }
    }
    return nearest;
}
