/* SPDX-License-Identifier: MPL-2.0 */
/* compose.h - makes a whole document of what somebody entered: what a program knows, nobody need type. */
#ifndef BC_COMPOSE_H
#define BC_COMPOSE_H

#include "agent/agent.h"

typedef struct {
    const char *unit; /* where the document names none; NULL: this computer's own */
    const char *plan; /* where the document names none; NULL: the only one there is */
    const char
        *ref;  /* the row's own reference, from which the id follows; NULL: it follows from the content */
    int fresh; /* the id is random, so that the same content is another document */
} compose_t;

/* Fills in DOC, an object of any of the three kinds with what the officer gave, what is not there: doc (from
 * its shape), unit, entered_by, source, plans (also as "plan": text, or texts in "plans") with their
 * versions, `to` (an activity of one day), calendar, id, the code of an event it hosts, made. Texts become
 * NFC. `rev` and `reason` are desk_enter's. Refuses those of agent_unit and agent_plan, and "field-type". */
int compose_fill(agent_t *agent, json_t *doc, const compose_t *how, refusal_t *why);

/* What DOC says, without when, by whom and in which revision it was written, nor the plans' versions: new
 * JSON. Two documents with the same content are the same report. */
json_t *compose_content(const json_t *doc);

/* The plan numbers of DOC, sorted, joined by ','. New string. */
char *compose_plans(const json_t *doc);

#endif
