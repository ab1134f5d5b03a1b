/* SPDX-License-Identifier: MPL-2.0 */
/* stage.h - what was done in each stage of a plan (PROTOCOL.md 9). */
#ifndef BC_STAGE_H
#define BC_STAGE_H

#include "aggregator/summary.h"

/* Each stage of the plan of ASKED up to the end of the period asked for, as the summary of its days has it:
 * new array of `{"id","vi","en"?,"from","to","upto"?:day,"activities":n,"measures":{id:FIGURE}}`. `upto` is
 * there where the period ends within the stage; a stage that has not begun by then has neither activities nor
 * measures. Empty where the plan has no stages or none was asked for. NULL with WHY "db-damaged". */
json_t *stage_json(const view_t *view, const asked_t *asked, refusal_t *why);

#endif
