/* SPDX-License-Identifier: MPL-2.0 */
/* board.h - the reporting board: where each expected unit stands with one plan and period (PROTOCOL.md 13,
 * rules 5 and 6). */
#ifndef BC_BOARD_H
#define BC_BOARD_H

#include "aggregator/overlap.h"
#include "aggregator/submission.h"

typedef enum {
    STATUS_COVERED,
    STATUS_RETURNED,
    STATUS_NIL,
    STATUS_COMPLETE,
    STATUS_MISMATCH,
    STATUS_ACTIVE,
    STATUS_MISSING,
    STATUS_COUNT
} status_t;

/* The words of the summary: "covered", "nil", … */
const char *status_name(status_t status);

/* What is asked: one plan in its own calendar and kind of period. */
typedef struct {
    const plan_t *plan;
    period_t period;
    const char *unit; /* and all beneath on the last day of the period */
    group_of_t group; /* only these of them */
} board_scope_t;

/* What units sent for SCOPE: none yet; the caller gives it every document of the period, and then to
 * board_json. New. */
submissions_t *board_submissions(const view_t *view, const board_scope_t *scope);
/* New JSON, BOARD of PROTOCOL.md 13. SUBMISSIONS NULL: they are read. NULL with WHY "db-damaged". */
json_t *board_json(const view_t *view, const overlaps_t *overlaps, const board_scope_t *scope,
                   submissions_t *submissions, refusal_t *why);

#endif
