/* SPDX-License-Identifier: MPL-2.0 */
/* setting.h - `--set NAME=VALUE` on a document: a measure by id or label, or one of its plain fields. */
#ifndef BC_SETTING_H
#define BC_SETTING_H

#include <jansson.h>

#include "proto/base/args.h"
#include "proto/plan.h"

/* Applies every --set of ARGS to DOC, which is of these N PLANS. A blank value takes the measure or field
 * away. Fields: from, to, date (both), form, title, place, integrated, event (a code as a guest, or host).
 * Refuses "setting-bad" (no NAME=VALUE, no such name) and those of cell.h. */
int setting_apply(json_t *doc, const plan_t *const *plans, size_t n, const args_t *args, refusal_t *why);

#endif
