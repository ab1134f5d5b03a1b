/* SPDX-License-Identifier: MPL-2.0 */
/* overlap.h - aggregates against the covered units' own documents (PROTOCOL.md 13, rule 3): which aggregates
 * count, and whose own documents they leave out. */
#ifndef BC_OVERLAP_H
#define BC_OVERLAP_H

#include "aggregator/fact.h"
#include "aggregator/view.h"

typedef struct overlaps overlaps_t;

/* One live aggregate. */
typedef struct {
    int64_t position;
    uuid_bc_t id;
    uint32_t unit; /* who sent it */
    uint32_t plan;
    day_t since, day;
    char *period;
    uint32_t *covers;
    size_t cover_count;
    uint32_t *with; /* the covered units it meets something of; none: it does not overlap */
    size_t with_count;
    choice_t choice;
    int64_t decided; /* position of the choice */
    int counts;      /* it is in the figures */
} aggregate_t;

/* Works out all live aggregates whose period begins up to TO. NULL with WHY "db-damaged". */
overlaps_t *overlaps_new(const view_t *view, day_t to, refusal_t *why);
void overlaps_free(overlaps_t **self_p);

size_t overlaps_count(const overlaps_t *self);
const aggregate_t *overlaps_at(const overlaps_t *self, size_t i); /* by position */
/* The live aggregate at this position of the log, NULL if there is none. */
const aggregate_t *overlaps_get(const overlaps_t *self, int64_t position);

/* The plans of a document that an aggregate leaves out, as FACT_PLAN bits; 0 for most. */
uint32_t overlaps_out(const overlaps_t *self, const row_t *row, const fact_t *fact);
/* The aggregate that counts for UNIT in this plan and period after LAST (NULL: the first); NULL if there is
 * no more. */
const aggregate_t *overlaps_covering(const overlaps_t *self, uint32_t unit, uint32_t plan, const char *period,
                                     const aggregate_t *last);

#endif
