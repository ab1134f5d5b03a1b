/* SPDX-License-Identifier: MPL-2.0 */
/* event.h - the short code by which host and guests report one event together (PROTOCOL.md 8, 13 rule 9):
 * made by the host's agent, written on the invitation, entered by the guests. */
#ifndef BC_EVENT_H
#define BC_EVENT_H

#include <jansson.h>

#include "agent/agent.h"

#define EVENT_CODE 7 /* six characters that are not mistaken for each other (no I, L, O, U), and NUL */

/* The verb `event`: says a new code, for an invitation. */
int event_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* CODE as a person may have typed it, in capitals and without spaces and dashes. New string. */
char *event_typed(const char *code);

/* Of an activity DOC with its id: puts its code into the form above; a host without one gets that which
 * follows from the id, so that the same row again has the same. */
void event_fill(json_t *doc);
/* Takes a code that event_fill made away again. */
void event_unfill(json_t *doc);

/* Tells in WHAT, as a note to the officer, the code that the guests of DOC need. 1, or 0 where DOC hosts no
 * event. */
int event_note(const json_t *doc, refusal_t *what);

#endif
