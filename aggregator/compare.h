/* SPDX-License-Identifier: MPL-2.0 */
/* compare.h - figures beside those of the period before and of the same period last year; and what of a
 * unit's figures is far from those of other units of its size: a question to staff, never a change. */
#ifndef BC_COMPARE_H
#define BC_COMPARE_H

#include "aggregator/summary.h"

/* New JSON `{"compare":1,"log","position","unit","plan","calendar","period":id,"before":id or null,
 * "last_year":id or null,"measures":{id:{"value","before","last_year"}}}`, each a number or null where
 * there is no figure; texts are left out. NULL with WHY "db-damaged". */
json_t *compare_json(const view_t *view, const asked_t *asked, refusal_t *why);

/* One value and whose it is. */
typedef struct {
    uint32_t unit; /* word */
    int64_t value, size;
    double score; /* out: how many times the usual distance from the median it is, of units of its size */
} sample_t;

/* Scores N samples by median and median absolute deviation among those of like size (SIZE 0: not known,
 * a group of its own; else by doubling), where a group has at least 8 members: 0.6745 · |value − median|
 * / MAD, as Iglewicz and Hoaglin have it; 0 where the group is smaller or more than half of it say the
 * same. */
void compare_score(sample_t *samples, size_t n);
/* New array `[{"measure","unit","name","value","median","size","score":tenths}]` of what scores above
 * 3.5, the farthest first: figures of sums over one unit, by its number of workers where it said one.
 * NULL with WHY. */
json_t *compare_outliers(const view_t *view, const asked_t *asked, refusal_t *why);

#endif
