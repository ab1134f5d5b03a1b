/* SPDX-License-Identifier: MPL-2.0 */
/* changes.h - what came into the log between two positions and can have changed a figure. */
#ifndef BC_CHANGES_H
#define BC_CHANGES_H

#include "aggregator/summary.h"

/* The documents whose figures for what ASKED asks are not the same in THEN and NOW, two views of one
 * store, by the position of their newest entry; and the entries that can change figures of others: units
 * and decisions on overlaps. New JSON `{"changes":[{"id","unit","kind","was":rev or null,"is":rev or
 * null,"position","received"}], "others":[{"position","kind","unit"?}]}`; null where the document had,
 * or has, no figures there. NULL with WHY "db-damaged". */
json_t *changes_find(const view_t *then, const view_t *now, const asked_t *asked, refusal_t *why);

#endif
