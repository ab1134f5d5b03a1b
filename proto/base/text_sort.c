/* SPDX-License-Identifier: MPL-2.0 */
/* Vietnamese sort keys. A key has three parts, letters, tones and cases, parted by 0x01, which is
 * lower than any weight, so that a word stands before the longer ones that begin with it. Tones
 * and cases drop the plain weights at their end: most words then add a few bytes only. */
#include "proto/base/text_sort.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/base/text.h"

enum { PART_END = 0x01, PLAIN = 0x02, OTHER_MARK = 0x08 };         /* tones are 0x03..0x07 */
enum { BLANK = 0x02, SIGN = 0x03, DIGITS = 0x04, LETTERS = 0x10 }; /* first weights */
enum { DIGITS_MAX = 200 };

typedef struct {
    buf_t letters, tones, cases;
} parts_t;

static void add(buf_t *b, int weight) {
    char c = (char)weight;
    buf_add(b, &c, 1);
}

/* Place of a lower-case letter in the alphabet, from 0; -1 for other scripts. */
static int alphabet_place(utf8proc_int32_t c) {
    static const utf8proc_int32_t order[] = {'a', 0x103, 0xE2, 'b', 'c', 'd',   0x111, 'e', 0xEA, 'f',   'g',
                                             'h', 'i',   'j',  'k', 'l', 'm',   'n',   'o', 0xF4, 0x1A1, 'p',
                                             'q', 'r',   's',  't', 'u', 0x1B0, 'v',   'w', 'x',  'y',   'z'};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == c) return (int)i;
    return -1;
}

/* The letter that BASE and a mark make, 0 where the mark makes no letter of its own. */
static utf8proc_int32_t letter_of(utf8proc_int32_t base, utf8proc_int32_t mark) {
    if (mark == 0x302) return base == 'a' ? 0xE2 : base == 'e' ? 0xEA : base == 'o' ? 0xF4 : 0;
    if (mark == 0x306) return base == 'a' ? 0x103 : 0;
    if (mark == 0x31B) return base == 'o' ? 0x1A1 : base == 'u' ? 0x1B0 : 0;
    return 0;
}

/* ngang is PLAIN; huyền, hỏi, ngã, sắc, nặng; 0 for a mark that is no tone. */
static int tone_of(utf8proc_int32_t mark) {
    switch (mark) {
    case 0x300: return 0x03;
    case 0x309: return 0x04;
    case 0x303: return 0x05;
    case 0x301: return 0x06;
    case 0x323: return 0x07;
    default: return 0;
    }
}

static int is_mark(utf8proc_int32_t c) {
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME;
}

/* Weight of what is no letter of the alphabet: its group, then its own UTF-8, for which no byte
 * is as low as PART_END. Other scripts' letters come behind ours by code point. */
static void add_other(parts_t *k, utf8proc_int32_t c) {
    utf8proc_category_t cat = utf8proc_category(c);
    if (cat >= UTF8PROC_CATEGORY_ZS && cat <= UTF8PROC_CATEGORY_CF) { /* spaces and controls */
        add(&k->letters, BLANK);
    } else {
        if (cat >= UTF8PROC_CATEGORY_PC && cat <= UTF8PROC_CATEGORY_SO) add(&k->letters, SIGN);
        utf8proc_uint8_t utf8[4];
        buf_add(&k->letters, utf8, (size_t)utf8proc_encode_char(c, utf8));
    }
    add(&k->tones, PLAIN);
    add(&k->cases, PLAIN);
}

/* A run of digits: how many count, then they; the zeros before them only break ties. */
static const char *add_digits(parts_t *k, const char *p) {
    int zeros = 0, n = 0;
    for (; *p == '0'; p++)
        zeros += zeros < DIGITS_MAX;
    while (n < DIGITS_MAX && p[n] >= '0' && p[n] <= '9')
        n++;
    add(&k->letters, DIGITS);
    add(&k->letters, PLAIN + n);
    buf_add(&k->letters, p, (size_t)n);
    add(&k->tones, PLAIN);
    add(&k->cases, PLAIN + zeros);
    return p + n;
}

/* One letter with the marks behind it, of decomposed text. */
static const char *add_letter(parts_t *k, const char *p) {
    utf8proc_int32_t c, mark;
    p += utf8proc_iterate((const utf8proc_uint8_t *)p, -1, &c);
    utf8proc_int32_t letter = utf8proc_tolower(c);
    int tone = PLAIN, upper = letter != c, other = 0;
    for (; *p != '\0'; p += utf8proc_iterate((const utf8proc_uint8_t *)p, -1, &mark)) {
        utf8proc_iterate((const utf8proc_uint8_t *)p, -1, &mark);
        if (!is_mark(mark)) break;
        if (letter_of(letter, mark) != 0)
            letter = letter_of(letter, mark);
        else if (tone == PLAIN && tone_of(mark) != 0)
            tone = tone_of(mark);
        else
            other = 1;
    }
    int place = alphabet_place(letter);
    if (place < 0) {
        add_other(k, letter);
        return p;
    }
    add(&k->letters, LETTERS + place);
    add(&k->tones, tone);
    if (other) add(&k->tones, OTHER_MARK);
    add(&k->cases, PLAIN + upper);
    return p;
}

static void add_part(buf_t *key, buf_t *part) {
    while (part->len > 0 && part->data[part->len - 1] == PLAIN)
        part->len--;
    add(key, PART_END);
    buf_add(key, part->data, part->len);
    buf_free(part);
}

char *text_sort_key(const char *s) {
    utf8proc_uint8_t *nfd = NULL;
    if (!text_utf8_ok(s, strlen(s))) return mem_str(s);
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)s, 0, &nfd,
                                        UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    if (len < 0) abort(); /* valid UTF-8: nothing but memory can be missing */
    parts_t k = {{0}, {0}, {0}};
    for (const char *p = (const char *)nfd; *p != '\0';)
        p = *p >= '0' && *p <= '9' ? add_digits(&k, p) : add_letter(&k, p);
    free(nfd);
    add_part(&k.letters, &k.tones);
    add_part(&k.letters, &k.cases);
    return k.letters.data;
}
