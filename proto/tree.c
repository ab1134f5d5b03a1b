/* SPDX-License-Identifier: MPL-2.0 */
/* tree.c - all units: a hash table by code, since each document asks for its unit, and a list in the order
 * of codes. */
#include "proto/tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define DEEPEST 64 /* no union has so many levels; deeper can only be a loop */

struct tree {
    unit_t **slots; /* open addressing, a power of two, at most half full */
    size_t slot_count;
    unit_t **list; /* owned here, by code */
    size_t count, room;
};

tree_t *tree_new(void) {
    tree_t *self = mem_alloc(sizeof *self);
    self->slot_count = 64;
    self->slots = mem_alloc(self->slot_count * sizeof *self->slots);
    return self;
}

void tree_free(tree_t **self_p) {
    tree_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        unit_free(&self->list[i]);
    free(self->list);
    free(self->slots);
    free(self);
    *self_p = NULL;
}

/* FNV-1a: codes are ours, nobody outside chooses many of them. */
static size_t hash_code(const char *code) {
    uint64_t h = 14695981039346656037ULL;
    for (; *code; code++)
        h = (h ^ (uint8_t)*code) * 1099511628211ULL;
    return (size_t)(h ^ h >> 32);
}

/* Where CODE is or belongs. */
static unit_t **slot_of(const tree_t *self, const char *code) {
    size_t i = hash_code(code) & (self->slot_count - 1);
    while (self->slots[i] && strcmp(unit_code(self->slots[i]), code) != 0)
        i = (i + 1) & (self->slot_count - 1);
    return &self->slots[i];
}

static void grow(tree_t *self) {
    free(self->slots);
    self->slot_count *= 2;
    self->slots = mem_alloc(self->slot_count * sizeof *self->slots);
    for (size_t i = 0; i < self->count; i++)
        *slot_of(self, unit_code(self->list[i])) = self->list[i];
}

/* Place in the list of the first unit whose code is not below CODE. */
static size_t place_of(const tree_t *self, const char *code) {
    size_t low = 0, high = self->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (strcmp(unit_code(self->list[mid]), code) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

void tree_put(tree_t *self, unit_t **unit_p) {
    unit_t *unit = *unit_p;
    *unit_p = NULL;
    size_t at = place_of(self, unit_code(unit));
    unit_t **slot = slot_of(self, unit_code(unit));
    if (*slot) {
        unit_free(slot);
        *slot = self->list[at] = unit;
        return;
    }
    if (self->count == self->room) {
        self->room = self->room ? self->room * 2 : 64;
        self->list = mem_grow(self->list, self->room * sizeof *self->list);
    }
    memmove(self->list + at + 1, self->list + at, (self->count - at) * sizeof *self->list);
    self->list[at] = *slot = unit;
    self->count++;
    if (self->count * 2 > self->slot_count) grow(self);
}

const unit_t *tree_get(const tree_t *self, const char *code) {
    return *slot_of(self, code);
}

size_t tree_count(const tree_t *self) {
    return self->count;
}

const unit_t *tree_at(const tree_t *self, size_t i) {
    return self->list[i];
}

int tree_under(const tree_t *self, const char *code, const char *above, day_t day) {
    for (int level = 0; code && level < DEEPEST; level++) {
        if (strcmp(code, above) == 0) return 1;
        const unit_t *unit = tree_get(self, code);
        code = unit ? unit_parent(unit, day) : NULL;
    }
    return 0;
}

/* 1 if, climbing from UNIT over the edges in force from FROM to TO, one comes to CODE on some day. */
static int climbs_to(const tree_t *self, const unit_t *unit, const char *code, day_t from, day_t to,
                     int level) {
    const json_t *edges = json_object_get(unit_json(unit), "parents");
    for (size_t i = 0; i < json_array_size(edges); i++) {
        const json_t *edge = json_array_get(edges, i), *next = json_array_get(edges, i + 1);
        const char *parent = json_text(edge, "parent");
        day_t begins = day_parse(json_text(edge, "from"));
        day_t ends = next ? day_parse(json_text(next, "from")) - 1 : INT32_MAX;
        if (begins < from) begins = from;
        if (ends > to) ends = to;
        if (!parent || begins > ends) continue;
        if (strcmp(parent, code) == 0 || level == DEEPEST) return 1;
        const unit_t *above = tree_get(self, parent);
        if (above && climbs_to(self, above, code, begins, ends, level + 1)) return 1;
    }
    return 0;
}

int tree_check(const tree_t *self, const unit_t *unit, refusal_t *why) {
    const char *code = unit_code(unit);
    const json_t *edges = json_object_get(unit_json(unit), "parents");
    for (size_t i = 0; i < json_array_size(edges); i++) {
        const char *parent = json_text(json_array_get(edges, i), "parent");
        if (parent && strcmp(parent, code) != 0 && !tree_get(self, parent))
            return refuse(why, "tree-parent", "parents",
                          "Đơn vị cấp trên \"%s\" của \"%s\" không có trong danh sách đơn vị.",
                          "The parent \"%s\" of \"%s\" is not among the units.", parent, code);
    }
    if (!climbs_to(self, unit, code, INT32_MIN + 1, INT32_MAX, 0)) return BC_OK;
    return refuse(why, "tree-loop", "parents", "Đơn vị \"%s\" sẽ đứng dưới chính mình ở một thời điểm.",
                  "Unit \"%s\" would stand under itself on some day.", code);
}
