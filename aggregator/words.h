/* SPDX-License-Identifier: MPL-2.0 */
/* words.h - small numbers for texts that come again and again: codes of units, plans, forms, topics.
 *
 * Numbers run from 1 in the order of first mention in the log, so the same log gives the same numbers.
 * 0 is no word. */
#ifndef BC_WORDS_H
#define BC_WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct words words_t;

words_t *words_new(void);
void words_free(words_t **self_p);
/* The number of TEXT (N bytes), 0 if it has none. */
uint32_t words_find(const words_t *self, const char *text, size_t n);
/* Gives TEXT, which must not have a number, the next one and returns it. Copies the text. */
uint32_t words_add(words_t *self, const char *text, size_t n);
/* The text of a number; "" for 0 and for numbers never given. Borrowed until words_free. */
const char *words_text(const words_t *self, uint32_t no);
/* The greatest number given. */
uint32_t words_count(const words_t *self);

#endif
