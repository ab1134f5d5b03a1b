/* SPDX-License-Identifier: MPL-2.0 */
/* desk.h - where a document is checked and put into the outbox, whichever way it was entered. */
#ifndef BC_DESK_H
#define BC_DESK_H

#include "agent/agent.h"
#include "proto/base/uuid.h"

#define DESK_WARNINGS 8 /* shown of one document */

typedef struct {
    int again; /* the officer insists though another report looks the same */
    const char *
        reason; /* a report that is there with other content becomes its next revision; NULL: it is refused */
} desk_how_t;

typedef enum { DESK_ADDED, DESK_REVISED, DESK_KNOWN } desk_result_t;

/* What became of a document. */
typedef struct {
    desk_result_t result; /* KNOWN: it is there with the same content, nothing was added */
    int64_t no;           /* number for people */
    char id[UUID_TEXT];
    int rev;
    refusal_t warning[DESK_WARNINGS];
    size_t warnings;
} desk_t;

/* Judges DOC, an object that compose_fill made whole (gets `rev`, and `reason` from revision 2), and adds
 * it to the outbox. Refuses those of document_read and document_judge, "entered-before" (same id, other
 * content, no reason), "looks-double" (same form, days and figures under another id). Within a
 * transaction, which stays usable after a refusal. */
int desk_enter(agent_t *agent, json_t *doc, const desk_how_t *how, desk_t *out, refusal_t *why);

/* Within a transaction of its own: when this returns 0, it is on disk. */
int desk_enter_one(agent_t *agent, json_t *doc, const desk_how_t *how, desk_t *out, refusal_t *why);

/* Fills WHY with "disk": what was just entered is not kept. */
void desk_disk_failed(refusal_t *why);

/* Prints warnings, and that it is kept and on this disk; or what it became. With --json the same as one
 * object. */
void desk_say(const desk_t *done, io_t *io);

#endif
