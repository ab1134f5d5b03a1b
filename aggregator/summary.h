/* SPDX-License-Identifier: MPL-2.0 */
/* summary.h - the answer to "what was reported for this unit in this period?" as canonical JSON
 * (PROTOCOL.md 13). Same log, position and question: same bytes, on any machine. */
#ifndef BC_SUMMARY_H
#define BC_SUMMARY_H

#include "aggregator/rollup.h"
#include "proto/base/mem.h"

/* What is asked. */
typedef struct {
    const char *unit;     /* NULL: the one at the top of the tree */
    const char *plan;     /* NULL: the whole, over all plans */
    const char *calendar; /* NULL: the plan's, or duonglich for the whole */
    const char *period;
    day_t tree;       /* by the tree as it is on this day; 0: as it was */
    group_of_t group; /* only units of this group */
} question_t;

/* A question that was understood. Borrowed from the view and the question. */
typedef struct {
    const unit_t *unit;
    const plan_t *plan; /* newest version, NULL for the whole */
    const calendar_t *calendar;
    period_t period;
    day_t tree; /* 0: as it was */
    group_of_t group;
    int boarded; /* asked in the plan's own calendar and kind of period: there is a board */
} asked_t;

/* Understands Q. Refuses "unit-unknown", "unit-missing" (several tops), "plan-unknown", "calendar-unknown",
 * "period-unknown". */
int summary_ask(const view_t *view, const question_t *q, asked_t *out, refusal_t *why);
/* What has to be added up for ASKED; SEEN (may be NULL) and ARG as rollup.h has them. */
scope_t summary_scope(const view_t *view, const asked_t *asked, rollup_seen_fn *seen, void *arg);
/* New JSON; NULL with WHY "db-damaged". */
json_t *summary_json(const view_t *view, const asked_t *asked, refusal_t *why);
/* Its board alone, without adding anything up; ASKED must be boarded. */
json_t *summary_board(const view_t *view, const asked_t *asked, refusal_t *why);
/* What each way of adding up is called in a summary over PLAN (NULL: the whole), by its number: new array. */
char **summary_names(const view_t *view, const plan_t *plan);
void summary_names_free(char ***names_p);
/* Appends the canonical bytes with LF. */
void summary_write(const json_t *summary, buf_t *out);

#endif
