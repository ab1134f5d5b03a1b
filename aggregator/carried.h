/* SPDX-License-Identifier: MPL-2.0 */
/* carried.h - stocks that are carried forward from before a period (PROTOCOL.md 13, rule 4): the newest rows
 * of those units that lack a figure, and of nobody else. In a store of ten years most units have theirs in
 * the period itself. */
#ifndef BC_CARRIED_H
#define BC_CARRIED_H

#include "aggregator/store.h"

/* Whether UNIT has a stock that may stand in a row not seen yet. */
typedef int(carried_lacks_fn)(void *arg, uint32_t unit);

/* To EACH the rows with a `last` value and a day before BEFORE, newest day first, then newest position first:
 * of every unit up to WORDS as long as it LACKS something, and of all aggregates as long as any does. 0, or a
 * stop. */
int carried_each(store_t *store, uint32_t words, day_t before, int64_t as_of, carried_lacks_fn *lacks,
                 store_each_fn *each, void *arg);

#endif
