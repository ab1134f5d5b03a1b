/* SPDX-License-Identifier: MPL-2.0 */
/* group.h - the rows or columns of one table of a summary: figures by word (form, topic, plan or unit). */
#ifndef BC_GROUP_H
#define BC_GROUP_H

#include "aggregator/figure.h"

typedef struct {
    uint32_t word; /* 0: the form of aggregates */
    int64_t activities;
    figures_t *figures;
} group_t;

typedef struct {
    group_t *list; /* in order of first mention */
    size_t count;
    uint32_t *place; /* by word: place in list + 1 */
    uint32_t words;
} groups_t;

/* WORDS: the greatest word there can be. */
void groups_init(groups_t *self, uint32_t words);
void groups_free(groups_t *self);
/* The group of WORD, made where there is none. Good until the next call. */
group_t *groups_of(groups_t *self, uint32_t word);
/* The same, NULL where there is none. */
const group_t *groups_find(const groups_t *self, uint32_t word);

#endif
