/* text.h - Vietnamese text at the border: UTF-8, NFC, folding, width, nearest word.
 *
 * Traps and sources: Unicode UAX 15; canonical reordering (e+0323+0302 and e+0302+0323 are one
 * letter); đ has no decomposition, so folding maps it itself. Sorting is in text_sort.h, numbers
 * and dates as people write them in text_value.h; both come with this header. */
#ifndef BC_TEXT_H
#define BC_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "proto/base/mem.h"
#include "proto/base/text_sort.h"
#include "proto/base/text_value.h"

/* 1 if N bytes are valid UTF-8 without NUL. */
int text_utf8_ok(const char *s, size_t n);
/* 1 if N bytes of valid UTF-8 are in NFC, 0 if not or not valid. Text of precomposed Latin passes
 * without a call to utf8proc. */
int text_is_nfc(const char *s, size_t n);
/* NFC copy, caller frees; NULL if S is not UTF-8 or holds NUL. */
char *text_nfc(const char *s, size_t n);
/* For searching and comparing what people typed: lower case, marks dropped, đ to d, white space
 * of any kind to single spaces, none at the ends. "Nguyễn  Huệ" gives "nguyen hue". What is not
 * UTF-8 comes back as it is. Caller frees. */
char *text_fold(const char *s);
/* Columns on a terminal: combining marks take none, wide characters two. */
int text_width(const char *s);
/* Cuts S in place at a character boundary so that it holds at most MAX bytes. */
void text_cut(char *s, size_t max);
/* S without white space at either end, no-break space and byte order marks included. Works in
 * place, returns where the text begins. */
char *text_trim(char *s);

/* The nearest of N words to WORD by edit distance, if near enough to be a slip; else NULL. Case
 * does not count. Borrowed from WORDS. */
const char *text_nearest(const char *word, const char *const *words, size_t n);

#endif
