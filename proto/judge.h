/* SPDX-License-Identifier: MPL-2.0 */
/* judge.h - judging a document that was read: units, plans, dates, measures, checks (PROTOCOL.md 8, 9). */
#ifndef BC_JUDGE_H
#define BC_JUDGE_H

#include "proto/document.h"

/* What a document is judged against. */
typedef struct {
    const plans_t *plans;
    day_t today;           /* the reader's civil day */
    int future_refused;    /* collector: 1; the agent's clock may be wrong, so it only warns */
    /* 1 if the sender may act for this unit today, 0 if not, -1 if there is no such unit. */
    int (*may_act)(void *arg, const char *unit);
    /* 1 if the unit existed on that day. NULL: not asked (agent). */
    int (*unit_open)(void *arg, const char *unit, day_t day);
    const char *sender;    /* unit code of the key; entered_by must be it. NULL: not asked */
    void *arg;
    /* Called for each thing that is odd but not refused; NULL: warnings are not wanted. */
    void (*warn)(void *arg, const refusal_t *what);
} judge_t;

/* Judges a document that was read: units, plans and versions, dates, forms, topics, measures, checks.
 * Refusals: "unit-unknown", "unit-not-granted", "sender-wrong", "unit-closed", "plan-unknown",
 * "plan-version-unknown", "date-future", "date-before-plan", "date-after-plan", "form-unknown",
 * "topic-unknown", "document-unknown", "measure-unknown", "measure-place", "measure-missing", those of
 * measure_check, "check-failed", "calendar-wrong", "period-unknown", "period-kind", "period-future". */
int document_judge(const document_t *doc, const judge_t *judge, refusal_t *why);

#endif
