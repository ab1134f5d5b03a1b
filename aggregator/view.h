/* SPDX-License-Identifier: MPL-2.0 */
/* view.h - the state as of one position of the log: units, plans, decisions. Read once for a question and
 * used by everything that answers it; until view_free all reading is from one moment of the store. */
#ifndef BC_VIEW_H
#define BC_VIEW_H

#include <jansson.h>

#include "aggregator/rulings.h"
#include "aggregator/store.h"
#include "proto/plan.h"
#include "proto/tree.h"

typedef struct view view_t;

/* Units that are asked for beside the tree: those of which the record says VALUE under NAME. */
typedef struct {
    const char *name, *value; /* NULL: all */
} group_of_t;

/* A unit's row on a board that says nothing but who it is and its status: thousands of such rows are the same
 * from question to question. */
typedef struct {
    json_t *row;               /* owned; NULL before the first */
    const void *name, *parent; /* of the unit when it was made */
    int status;
} plain_row_t;

/* The state as of AS_OF (STORE_NOW: the newest). The store must outlive it and must not be folded into
 * meanwhile. NULL with WHY: "position-unknown" past the cursor, "db-damaged". */
view_t *view_new(store_t *store, int64_t as_of, refusal_t *why);
void view_free(view_t **self_p);

store_t *view_store(const view_t *self);
const cursor_t *view_at(const view_t *self); /* log, position, chain, time of the last entry */
const tree_t *view_tree(const view_t *self);
const plans_t *view_plans(const view_t *self);
/* Civil day on which the first version of a plan was published; DAY_NONE if none was. */
day_t view_published(const view_t *self, const char *number);
/* The one plan there is (newest version); NULL where there are none or several. */
const plan_t *view_only_plan(const view_t *self);
/* The one unit at the top of the tree on DAY; NULL where there are none or several. */
const unit_t *view_top(const view_t *self, day_t day);
const rulings_t *view_rulings(const view_t *self);
/* The word of a unit's code, 0 where no entry named it. */
uint32_t view_word(const view_t *self, const char *text);
/* That of the I-th unit of the tree. */
uint32_t view_word_at(const view_t *self, size_t i);
/* The plain row of the I-th unit of the tree, kept with the state: to be looked at and replaced. */
plain_row_t *view_plain_row(const view_t *self, size_t i);
const char *view_text(const view_t *self, uint32_t word);
/* Whether the unit of this word is open on DAY; not where it is none. */
int view_open_on(const view_t *self, uint32_t unit, day_t day);
/* The word of what stands over UNIT on DAY; 0 nothing. */
uint32_t view_parent(const view_t *self, uint32_t unit, day_t day);
/* The row of UNIT in the table of ABOVE on DAY: ABOVE itself where they are the same, else the child of
 * ABOVE over which UNIT stands under it; 0 where it does not. */
uint32_t view_row(const view_t *self, uint32_t unit, uint32_t above, day_t day);
/* 1 if UNIT is in GROUP by its newest record, or where GROUP has no name. */
int view_in_group(const view_t *self, uint32_t unit, const group_of_t *group);
/* The same by the tree as it is on DAY, whatever it was before: a unit that is closed then stands where
 * its heir stands, or without one where it stood on its last day (PROTOCOL.md 13, rule 8). */
uint32_t view_row_today(const view_t *self, uint32_t unit, const char *above, day_t day);

#endif
