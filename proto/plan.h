/* SPDX-License-Identifier: MPL-2.0 */
/* plan.h - a plan: what may be reported under it, how it is checked, when it is due (PROTOCOL.md 9). */
#ifndef BC_PLAN_H
#define BC_PLAN_H

#include <jansson.h>

#include "proto/calendar.h"
#include "proto/check.h"
#include "proto/measure.h"

#define PLAN_VERSION_MAX 999999

typedef struct plan plan_t;

/* New plan from its published JSON, N bytes; everything in it is checked (labels, ids, doubles, checks
 * name known measures, calendar and kind exist, windows). NULL with WHY: "plan-field" and those of
 * json_read, measure_read, check_read, calendar_of_windows. */
plan_t *plan_read(const char *p, size_t n, refusal_t *why);
void plan_free(plan_t **self_p);

/* Puts the catalogue's measures and the holidays in the place of their names: new text (canonical JSON) of
 * a whole plan from the file a member of staff wrote. NULL with WHY "plan-catalogue" where a name is
 * unknown, "plan-holidays" where the list of holidays is that of other years than the plan's. */
char *plan_complete(const char *p, size_t n, refusal_t *why);

const char *plan_number(const plan_t *self);
int plan_version(const plan_t *self);
const char *plan_title(const plan_t *self, lang_t lang);
const json_t *plan_json(const plan_t *self); /* borrowed: topics, documents, targets, stages … */
day_t plan_begins(const plan_t *self);
day_t plan_ends(const plan_t *self); /* DAY_NONE: open */
const calendar_t *plan_calendar(const plan_t *self);
const char *plan_period_kind(const plan_t *self);
/* Last day (inclusive) on which a unit of KIND reports P in time. */
day_t plan_deadline(const plan_t *self, const period_t *p, const char *unit_kind);

const measure_t *plan_measure(const plan_t *self, const char *id); /* NULL if unknown */
size_t plan_measures(const plan_t *self);
const measure_t *plan_measure_at(const plan_t *self, size_t i);    /* in the plan's order */
size_t plan_checks(const plan_t *self);
const check_t *plan_check_at(const plan_t *self, size_t i);
/* 1 if the plan has this form, topic, document number. Label in LANG or NULL if unknown. */
const char *plan_form(const plan_t *self, const char *id, lang_t lang);
const char *plan_topic(const plan_t *self, const char *id, lang_t lang);
const char *plan_document(const plan_t *self, const char *number, lang_t lang);

#include "proto/plans.h"

#endif
