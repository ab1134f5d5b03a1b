/* SPDX-License-Identifier: MPL-2.0 */
/* rollup.h - a unit and all beneath it, added up over a range of days: the whole, by form, topic, plan and
 * child (PROTOCOL.md 13, rules 1 to 4 and 9). */
#ifndef BC_ROLLUP_H
#define BC_ROLLUP_H

#include "aggregator/group.h"
#include "aggregator/joint.h"
#include "aggregator/overlap.h"

/* How a value stands in the whole. */
typedef enum {
    SEEN_ADDED,
    SEEN_CARRIED, /* added; a `last` value from before the period */
    SEEN_JOINT    /* not added: that of the host of a joint event speaks for it */
} seen_t;

/* Told of each value of the whole, while it is added up. */
typedef void(rollup_seen_fn)(void *arg, const row_t *row, const fact_t *fact, const fact_value_t *value,
                             seen_t how);

/* Told of every document of the days, wherever it stands. Non-zero ends the walk. */
typedef int(rollup_each_fn)(void *arg, const row_t *row, const fact_t *fact);

/* What is added up. PLAN 0: the whole, over all plans. SEEN may be NULL. */
typedef struct {
    const char *unit;
    uint32_t plan;
    day_t from, to;
    group_of_t group; /* of the units beneath only those count */
    day_t tree;       /* by the tree of this day; 0: as it was on each document's day */
    rollup_seen_fn *seen;
    void *arg;
    rollup_each_fn *each; /* may be NULL */
    void *each_arg;
} scope_t;

typedef struct {
    int64_t activities, periods, aggregates, withdrawn, redacted, left_out;
    /* Activities that stand in a child's row, but not in the whole, and of how many events. */
    int64_t guests, events;
    figures_t *joint; /* what of the children's figures does so */
    figures_t *whole;
    groups_t forms, topics, children;
    groups_t plans; /* where one is asked for, its figures are the whole's and do not stand here */
} rollup_t;

/* New roll-up, released with rollup_free. NULL with WHY "db-damaged". */
rollup_t *rollup_new(const view_t *view, const overlaps_t *overlaps, const scope_t *scope, refusal_t *why);
void rollup_free(rollup_t **self_p);

#endif
