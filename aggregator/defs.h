/* SPDX-License-Identifier: MPL-2.0 */
/* defs.h - every published version of every plan as the fold needs it: for each measure its way of adding up,
 * for each period its days. */
#ifndef BC_DEFS_H
#define BC_DEFS_H

#include "aggregator/store.h"
#include "proto/plan.h"

typedef struct defs defs_t;

/* A measure in one version of a plan. */
typedef struct {
    const char *id; /* borrowed from the plan */
    uint32_t way;   /* store_way */
    add_t add;
    int in; /* IN_… */
} def_t;

/* One version of a plan. */
typedef struct version version_t;

defs_t *defs_new(void);
void defs_free(defs_t **self_p);
/* Takes *PLAN_P and clears it. Numbers its number, forms, topics and ways in STORE, in the plan's order. 0
 * or a stop. */
int defs_put(defs_t *self, store_t *store, plan_t **plan_p);
/* The version, NULL if it was never published. NUMBER is the plan's word. */
const version_t *defs_get(const defs_t *self, uint32_t number, int64_t version);
/* Borrowed; NULL if this version has no such measure. */
const def_t *defs_measure(const version_t *version, const char *id);
const plan_t *defs_plan(const version_t *version);

#endif
