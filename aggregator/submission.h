/* SPDX-License-Identifier: MPL-2.0 */
/* submission.h - what one unit sent for one plan and period: its live activities, its report of the
 * period, and whether the report lists what is there (PROTOCOL.md 13, rules 6 and 7). */
#ifndef BC_SUBMISSION_H
#define BC_SUBMISSION_H

#include "aggregator/fact.h"
#include "aggregator/view.h"

/* A live activity. */
typedef struct {
    uuid_bc_t id;
    int rev;
    hash_t sha256;
    int listed; /* by the report, in whatever revision */
} live_t;

/* What all units sent for one plan and period. */
typedef struct submissions submissions_t;

/* Points into itself: not to be copied. */
typedef struct {
    const view_t *view;
    uint32_t plan;          /* word */
    const char *period;     /* "calendar/period", borrowed */
    live_t *live, one_live; /* LIVE points at ONE_LIVE while there is no more, as in most months */
    size_t live_count;
    day_t last;    /* the newest day of its live documents of any plan; DAY_NONE where there is none */
    int submitted; /* there is a report: REPORT, REV, when it was RECEIVED and what it lists */
    uuid_bc_t report;
    int rev;
    int64_t received;
    fact_listed_t *listed, one_listed; /* the same */
    size_t listed_count;
} submission_t;

/* Finds what UNIT has for PLAN in the days of P. OUT must be freed either way. 0 or a stop. */
int submission_find(const view_t *view, uint32_t unit, uint32_t plan, const char *period, const period_t *p,
                    submission_t *out);
void submission_free(submission_t *self);
/* The same of every unit at once: none yet, then one document after the other (rollup_each_fn). PERIOD is
 * copied. */
submissions_t *submissions_new(const view_t *view, uint32_t plan, const char *period);
int submissions_take(void *self, const row_t *row, const fact_t *fact);
/* Takes all that is in the store in the days of P. 0 or a stop. */
int submissions_read(submissions_t *self, const period_t *p);
void submissions_free(submissions_t **self_p);
/* Of the unit of this word, borrowed. */
submission_t *submissions_of(submissions_t *self, uint32_t unit);
/* Compares the report with what is there: 1 the same, 0 not, with the reasons in ROW as `missing`, `changed`
 * and `later`, each by id; or a stop. */
int submission_compare(submission_t *self, json_t *row);
/* Names in ROW as `returned` the ids that staff returned; the same of the report, and only of it, is the
 * answer. */
review_t submission_review(const submission_t *self, json_t *row);

#endif
