/* SPDX-License-Identifier: MPL-2.0 */
/* plans.h - a set of plans by number and version. It owns what is put in. */
#ifndef BC_PLANS_H
#define BC_PLANS_H

#include "proto/plan.h"

typedef struct plans plans_t;
plans_t *plans_new(void);
void plans_free(plans_t **self_p);
/* Takes *PLAN_P and clears it; a plan of the same number and version is replaced, and what was borrowed
 * from it is gone. */
void plans_put(plans_t *self, plan_t **plan_p);
/* NULL if unknown; version 0: the highest. */
const plan_t *plans_get(const plans_t *self, const char *number, int version);
/* Highest version, 0 if unknown. */
int plans_known(const plans_t *self, const char *number);
/* All versions, and each in order of first being put in. */
size_t plans_count(const plans_t *self);
const plan_t *plans_at(const plans_t *self, size_t i);
/* "160/KH-LĐLĐ, 7/KH-LĐLĐ": the numbers, for people; "-" where there is none. New string. */
char *plans_list(const plans_t *self);

#endif
