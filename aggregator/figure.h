/* SPDX-License-Identifier: MPL-2.0 */
/* figure.h - adding up: the figures of one row or column of a summary, one for each way of adding up
 * (PROTOCOL.md 8 and 13). Whole numbers only, so any order gives the same. */
#ifndef BC_FIGURE_H
#define BC_FIGURE_H

#include <jansson.h>

#include "aggregator/fact.h"
#include "aggregator/store.h"

typedef struct figures figures_t;

/* Whose value it is. */
typedef struct {
    uint32_t unit;
    const uint32_t *covers; /* an aggregate's covered units, for whom it speaks; else NULL */
    size_t cover_count;
    uuid_bc_t id;
    int carried; /* a `last` value from before the period */
} source_t;

enum { FIGURE_ADDED = 0, FIGURE_LATER = 1 };

figures_t *figures_new(void);
void figures_free(figures_t **self_p);

/* Adds one value of FACT, which adds up as HOW says: FIGURE_ADDED. Values of `last` must come newest first:
 * one whose unit (or one of the units it covers) has a value already is left out: FIGURE_LATER. BC_CORRUPT
 * where the fact does not fit. */
int figures_add(figures_t *self, add_t how, const fact_t *fact, const fact_value_t *value,
                const source_t *source);

/* Somebody else's value in the same figures speaks for SOURCE as well. */
void figures_mark(figures_t *self, uint32_t measure, const source_t *source);

/* Whether the figure of this way speaks for UNIT. */
int figures_has(const figures_t *self, uint32_t measure, uint32_t unit);

/* What each way's figure is called in a summary: NAMES by number of way. New `{name: FIGURE}`. */
json_t *figures_json(const figures_t *self, const store_t *store, char *const *names);

#endif
