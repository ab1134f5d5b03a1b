/* SPDX-License-Identifier: MPL-2.0 */
/* session.h - who is connected: one session for each connection that said HELLO or SUBSCRIBE, found by the
 * number libzmq gave to the connection (PROTOCOL.md 3). */
#ifndef BC_SESSION_H
#define BC_SESSION_H

#include "collector/feed.h"
#include "collector/queue.h"
#include "proto/credit.h"

typedef struct {
    uint32_t peer;
    int64_t number;           /* of this session: no other ever has it */
    int64_t key;              /* serial; another key on the same connection is another session */
    char unit[33];            /* or the consumer's name */
    char outbox[LOG_ID];      /* agent: as in HELLO */
    int64_t skew;             /* ms its clock is ahead of ours */
    int64_t seen;             /* when it last spoke, monotonic ms */
    int64_t held;             /* bytes it has out of the purse */
    int64_t granted;          /* when it got them, monotonic ms */
    credit_t window;          /* as it was last told */
    credit_t most;            /* the largest it was told lately: */
    int64_t most_at;          /* it may not know yet of those after it; monotonic ms */
    int64_t news;             /* agent: position up to which it was told the news */
    int64_t want;             /* bytes to ask the purse for next time */
    int64_t documents, bytes; /* sent by it and not answered yet */
    feed_t *feed;             /* consumer: owned; else NULL */
} session_t;

typedef struct sessions sessions_t;

sessions_t *sessions_new(void);
/* Frees all, with what they hold of PURSE. */
void sessions_free(sessions_t **self_p, purse_t *purse);
size_t sessions_count(const sessions_t *self);
/* The session of a connection, NULL if none. Borrowed until it is dropped. */
session_t *sessions_get(sessions_t *self, uint32_t peer);
/* A new, empty session in the place of any that PEER had. */
session_t *sessions_open(sessions_t *self, uint32_t peer, int64_t key, purse_t *purse);
void sessions_drop(sessions_t *self, uint32_t peer, purse_t *purse);
/* Calls EACH for every session; it may drop the one it is called with, and no other. */
void sessions_each(sessions_t *self, void (*each)(void *arg, session_t *s), void *arg);

/* The number in a routing id that libzmq made: 0 and 4 bytes. 0 where the client chose its own, which is
 * forbidden: it could pass for another. */
uint32_t session_peer(zframe_t *from);
/* The routing id of a peer; the caller destroys it. */
zframe_t *session_address(uint32_t peer);

#endif
