/* SPDX-License-Identifier: MPL-2.0 */
/* unitset.c - one member in place, several in a bitmap. */
#include "aggregator/unitset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"

static void set(unitset_t *self, uint32_t unit) {
    size_t need = unit / 64 + 1;
    if (need > self->size) {
        size_t size = need + need / 2;
        self->bits = mem_grow(self->bits, size * sizeof *self->bits);
        memset(self->bits + self->size, 0, (size - self->size) * sizeof *self->bits);
        self->size = size;
    }
    self->bits[unit / 64] |= 1ULL << unit % 64;
}

void unitset_grow(unitset_t *self, uint32_t unit) {
    assert(unit);
    if (self->count == 0) {
        self->only = unit;
    } else {
        if (self->count == 1) set(self, self->only);
        set(self, unit);
    }
    self->count++;
}

void unitset_free(unitset_t *self) {
    free(self->bits);
    *self = (unitset_t){0};
}
