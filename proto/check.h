/* SPDX-License-Identifier: MPL-2.0 */
/* check.h - checks of a plan as data: these sum to that, this is at most that (PROTOCOL.md 9). */
#ifndef BC_CHECK_H
#define BC_CHECK_H

#include <jansson.h>

#include "proto/base/refusal.h"

typedef struct check check_t;

/* New check from one element of a plan's `checks` (borrowed, must outlive the check). KNOWN tells whether
 * a measure id exists. NULL with WHY "plan-check". */
check_t *check_read(const json_t *j, int (*known)(const void *plan, const char *id), const void *plan,
                    refusal_t *why);
void check_free(check_t **self_p);

/* Judges the check on MEASURES (a document's object, borrowed). 1 holds or cannot be judged, 0 broken with
 * WHY filled: code "check-failed", field the check's id, the plan's sentences with {measure id} replaced. */
int check_holds(const check_t *self, const json_t *measures, refusal_t *why);
/* 1 where a broken check refuses the document, 0 where it only warns. */
int check_refuses(const check_t *self);

#endif
