/* SPDX-License-Identifier: MPL-2.0 */
/* part_fuzz.h - what the fuzzers share. Each defines LLVMFuzzerTestOneInput; a broken promise aborts.
 *
 * With gcc part_replay.c gives them a main() that goes through files; with MODE=fuzz CC=clang libFuzzer
 * looks for more. */
#ifndef BC_PART_FUZZ_H
#define BC_PART_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/refusal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of what the code under test did. */
#define HOLDS(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

/* A copy of exactly SIZE bytes, so that ASan sees one byte more being read; the caller frees it. */
static inline char *fuzz_bytes(const uint8_t *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    HOLDS(copy != NULL);
    if (size) memcpy(copy, data, size);
    return copy;
}

/* The same with a NUL behind, for readers of C strings. */
static inline char *fuzz_text(const uint8_t *data, size_t size) {
    char *copy = malloc(size + 1);
    HOLDS(copy != NULL);
    if (size) memcpy(copy, data, size);
    copy[size] = 0;
    return copy;
}

/* Whoever is refused is told a code and a sentence in each language. */
static inline void fuzz_refused(const refusal_t *why) {
    HOLDS(why->code[0] && why->vi[0] && why->en[0]);
}

#endif
