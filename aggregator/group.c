/* SPDX-License-Identifier: MPL-2.0 */
/* group.c - groups in a list, found by their word. */
#include "aggregator/group.h"

#include <assert.h>
#include <stdlib.h>

void groups_init(groups_t *self, uint32_t words) {
    *self = (groups_t){.words = words, .place = mem_alloc((words + 1) * sizeof *self->place)};
}

void groups_free(groups_t *self) {
    for (size_t i = 0; i < self->count; i++)
        figures_free(&self->list[i].figures);
    free(self->list);
    free(self->place);
    *self = (groups_t){0};
}

const group_t *groups_find(const groups_t *self, uint32_t word) {
    return word <= self->words && self->place[word] ? &self->list[self->place[word] - 1] : NULL;
}

group_t *groups_of(groups_t *self, uint32_t word) {
    assert(word <= self->words);
    if (self->place[word]) return &self->list[self->place[word] - 1];
    if ((self->count & (self->count - 1)) == 0) /* grows by doubling */
        self->list = mem_grow(self->list, (self->count ? self->count * 2 : 1) * sizeof *self->list);
    self->list[self->count] = (group_t){.word = word, .figures = figures_new()};
    self->place[word] = (uint32_t)++self->count;
    return &self->list[self->count - 1];
}
