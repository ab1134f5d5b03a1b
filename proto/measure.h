/* SPDX-License-Identifier: MPL-2.0 */
/* measure.h - measures as a plan defines them, and their values in a document (PROTOCOL.md 8, 9). */
#ifndef BC_MEASURE_H
#define BC_MEASURE_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/refusal.h"

typedef enum { ADD_SUM, ADD_COUNT, ADD_MAX, ADD_LAST, ADD_WEIGHTED, ADD_UNION, ADD_LIST } add_t;

/* Where a measure may stand. */
enum { IN_ACTIVITY = 1, IN_PERIOD = 2, IN_AGGREGATE = 4 };

typedef struct {
    const char *id;        /* all strings borrowed from the plan's JSON */
    const char *vi, *en;   /* en falls back to vi */
    const char *unit_vi, *unit_en;
    add_t add;
    int in;                /* IN_… */
    int required;
    int scale;             /* the value counts in 10^-scale of the unit */
    int64_t most;          /* greatest plausible value, JSON_NUMBER_MAX where none is given */
} measure_t;

/* "sum", "count", …; -1 for a word that is none of the seven. */
int measure_add(const char *word);
const char *measure_add_name(add_t add);

/* Reads one element of a plan's `measures` (borrowed) into M. Refuses "plan-measure". */
int measure_read(const json_t *j, measure_t *m, refusal_t *why);

/* Checks VALUE (borrowed) as a value of M in a document: type, range, lengths, NFC is checked with the
 * document. Refuses "measure-type", "measure-range", "measure-large", "measure-blank". */
int measure_check(const measure_t *m, const json_t *value, refusal_t *why);

#endif
