/* SPDX-License-Identifier: MPL-2.0 */
/* words.c - an open hash table from text to number, and the texts by number. It is on the path of every
 * document that is folded. */
#include "aggregator/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"

struct words {
    char **text;     /* by number; [0] is not used */
    uint32_t count;  /* greatest number given */
    uint32_t *slots; /* numbers, 0 empty; size is a power of two, at least half empty */
    size_t size;
};

static size_t hash_text(const char *s, size_t n) {
    uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 0x100000001b3ULL;
    return (size_t)(h ^ h >> 29);
}

words_t *words_new(void) {
    words_t *self = mem_alloc(sizeof *self);
    self->size = 1024;
    self->slots = mem_alloc(self->size * sizeof *self->slots);
    self->text = mem_alloc((self->size / 2 + 1) * sizeof *self->text);
    return self;
}

void words_free(words_t **self_p) {
    words_t *self = *self_p;
    if (!self) return;
    for (uint32_t i = 1; i <= self->count; i++)
        free(self->text[i]);
    free(self->text);
    free(self->slots);
    free(self);
    *self_p = NULL;
}

/* Where TEXT stands, or the empty place where it belongs. */
static uint32_t *slot_of(const words_t *self, const char *text, size_t n) {
    size_t i = hash_text(text, n) & (self->size - 1);
    while (self->slots[i]) {
        const char *there = self->text[self->slots[i]];
        if (strncmp(there, text, n) == 0 && there[n] == '\0') break;
        i = (i + 1) & (self->size - 1);
    }
    return &self->slots[i];
}

uint32_t words_find(const words_t *self, const char *text, size_t n) {
    return *slot_of(self, text, n);
}

static void grow(words_t *self) {
    free(self->slots);
    self->size *= 2;
    self->slots = mem_alloc(self->size * sizeof *self->slots);
    self->text = mem_grow(self->text, (self->size / 2 + 1) * sizeof *self->text);
    for (uint32_t i = 1; i <= self->count; i++)
        *slot_of(self, self->text[i], strlen(self->text[i])) = i;
}

uint32_t words_add(words_t *self, const char *text, size_t n) {
    assert(words_find(self, text, n) == 0);
    if ((size_t)self->count + 1 > self->size / 2) grow(self);
    uint32_t *slot = slot_of(self, text, n);
    self->text[++self->count] = mem_strn(text, n);
    return *slot = self->count;
}

const char *words_text(const words_t *self, uint32_t no) {
    return no >= 1 && no <= self->count ? self->text[no] : "";
}

uint32_t words_count(const words_t *self) {
    return self->count;
}
