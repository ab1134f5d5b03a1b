/* SPDX-License-Identifier: MPL-2.0 */
/* inquiry.h - what a command line asks about: unit, plan, calendar, period, as of when, in which form.
 * The verbs that answer and those that decide about figures understand it alike. */
#ifndef BC_INQUIRY_H
#define BC_INQUIRY_H

#include "aggregator/summary.h"
#include "aggregator/verbs.h"

typedef enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV } format_t;

/* A question with the state it is answered from. */
typedef struct {
    view_t *view;
    asked_t asked;
    char *group; /* what --group says, cut in two */
    format_t format;
} inquiry_t;

/* Understands the options unit, period, plan, calendar, as-of, tree, group and format of ARGS. 0 or
 * BC_REFUSED with WHY; inquiry_close either way. */
int inquiry_open(aggregator_t *self, const args_t *args, const io_t *io, inquiry_t *q, refusal_t *why);
void inquiry_close(inquiry_t *self);
/* Refuses "board-none" where what is asked about has no board: not one plan in its own calendar and kind
 * of period. */
int inquiry_boarded(const inquiry_t *self, refusal_t *why);
/* The option --group: NAME=VALUE into OUT, whose texts are in *HOLD (the caller frees it). Without the option
 * both are NULL. Refuses "option-group". */
int inquiry_group(const args_t *args, char **hold, group_of_t *out, refusal_t *why);
/* The day in the option NAME. Refuses "option-missing", "option-day". */
int inquiry_day(const args_t *args, const char *name, day_t *out, refusal_t *why);

#endif
