/* SPDX-License-Identifier: MPL-2.0 */
/* target.h - what a plan set out to reach against what was reached (PROTOCOL.md 9). */
#ifndef BC_TARGET_H
#define BC_TARGET_H

#include "aggregator/summary.h"

/* Each target of the plan of ASKED, up to the end of the period or the target's date, whichever is
 * first: new array of
 * `{"id","vi","en"?,"level","date","value":n,"numerator":n,"denominator":n,"reached":bool}`; empty where
 * the plan has none or none was asked for. NULL with WHY "db-damaged". */
json_t *target_json(const view_t *view, const asked_t *asked, refusal_t *why);

#endif
