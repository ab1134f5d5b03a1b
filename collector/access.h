/* SPDX-License-Identifier: MPL-2.0 */
/* access.h - the `access` entries of the log: who was let in, shut out or allowed to act for whom, and
 * by whom (PROTOCOL.md 12). */
#ifndef BC_ACCESS_H
#define BC_ACCESS_H

#include "collector/queue.h"

/* What an `access` entry says. Absent parts are 0 or NULL. */
typedef struct {
    const char *what; /* "enrolled", "revoked", "granted", "consumer" */
    const char *name; /* the unit's code or the consumer's name */
    int consumer;
    int64_t key;                 /* serial */
    const access_grant_t *grant; /* of "granted" */
    day_t until;                 /* of "revoked": last day on which the key still holds */
    const char *by;              /* the operator, or the unit's code where its own key did it */
} access_note_t;

/* Appends the entry inside the open transaction. 0 or a stop. */
int access_append(queue_t *queue, const access_note_t *note, int64_t now);

/* Which keys to revoke: the one of SERIAL, or where that is 0 all active ones of the unit or consumer
 * NAME. */
typedef struct {
    const char *name;
    int64_t serial;
    day_t until; /* 0: at once */
    const char *by;
} access_end_t;

/* Inside the open transaction: revokes the keys, each with its entry, and counts them in *REVOKED. 0 or
 * a stop. */
int access_revoke(queue_t *queue, const access_end_t *end, int64_t now, int *revoked);

#endif
