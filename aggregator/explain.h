/* SPDX-License-Identifier: MPL-2.0 */
/* explain.h - from a figure down to the units, the documents and their revisions behind it. */
#ifndef BC_EXPLAIN_H
#define BC_EXPLAIN_H

#include "aggregator/summary.h"

/* What makes up the figure MEASURE (its key in the summary) of ASKED: new JSON (PROTOCOL.md 13). Refuses
 * "measure-none" where the summary has no such figure. NULL with WHY. */
json_t *explain_json(const view_t *view, const asked_t *asked, const char *measure, refusal_t *why);

#endif
