/* SPDX-License-Identifier: MPL-2.0 */
/* unitset.h - a set of units by their words, to count each unit once. Most sets hold one unit, the row of a
 * grassroots union in the table above it: those cost nothing but the struct. */
#ifndef BC_UNITSET_H
#define BC_UNITSET_H

#include <stddef.h>
#include <stdint.h>

/* Zero-initialised is empty. */
typedef struct {
    uint32_t only; /* the one member while there is no more */
    uint32_t count;
    uint64_t *bits; /* by word, from the second member on */
    size_t size;    /* of bits */
} unitset_t;

static inline int unitset_has(const unitset_t *self, uint32_t unit) {
    if (!self->bits) return self->count == 1 && self->only == unit;
    return unit / 64 < self->size && (self->bits[unit / 64] >> unit % 64 & 1);
}
/* What unitset_add does where there is no bit for UNIT yet. */
void unitset_grow(unitset_t *self, uint32_t unit);
/* 1 if UNIT (not 0) was not there before. */
static inline int unitset_add(unitset_t *self, uint32_t unit) {
    if (unitset_has(self, unit)) return 0;
    if (self->count && unit / 64 < self->size) {
        self->bits[unit / 64] |= 1ULL << unit % 64;
        self->count++;
    } else {
        unitset_grow(self, unit);
    }
    return 1;
}
void unitset_free(unitset_t *self);

#endif
