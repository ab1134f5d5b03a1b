/* SPDX-License-Identifier: MPL-2.0 */
/* part_message.h - DOCUMENTS made before the clock starts, answers read without a JSON parser, percentiles.
 */
#ifndef BC_BENCH_MESSAGE_H
#define BC_BENCH_MESSAGE_H

#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

typedef struct {
    char *header;
    buf_t body;
} message_t;

/* COUNT documents of UNIT, numbered from FIRST. */
message_t message_make(const char *unit, int64_t batch, int64_t first, int count);
void message_free(message_t *m);
void message_send(fleet_t *fleet, int i, const message_t *m);

/* An answer that came. */
typedef struct {
    int member; /* -1: none came in time */
    int stored; /* lines of RECEIPT that say so; 0 for a PONG */
    int pong;
    int64_t wait_ms; /* of a line that says `later`, or of credit that is 0 */
} answer_t;

/* Takes one and reads the new window. Ends the program at any verdict but stored and later. */
answer_t answer_take(fleet_t *fleet, int wait_ms);

/* Sorts V and returns what PERCENT of its N values are at most. */
int64_t percentile(int64_t *v, int n, int percent);

#endif
