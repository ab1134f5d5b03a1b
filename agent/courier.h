/* SPDX-License-Identifier: MPL-2.0 */
/* courier.h - carries what waits in the outbox to the collector, and brings receipts and news back.
 *
 * A Lazy Pirate (PROTOCOL.md 2): whoever does not answer within the patience loses his socket; after a
 * random wait that doubles from failure to failure a new one is made, and everything without a receipt is
 * sent again. It never gives up. It never blocks: the owner polls its sockets, calls courier_turn, and
 * sleeps until courier_due. */
#ifndef BC_COURIER_H
#define BC_COURIER_H

#include <czmq.h>

#include "agent/outbox.h"

typedef struct courier courier_t;

typedef enum {
    COURIER_RESTING,  /* no connection: nothing to do, or waiting for the next attempt */
    COURIER_GREETING, /* HELLO on its way */
    COURIER_OPEN      /* WELCOME came */
} courier_state_t;

/* All in ms. */
typedef struct {
    int64_t patience; /* for an answer */
    int64_t backoff;  /* longest wait before a new attempt */
    int64_t stay;     /* how long a connection without work is kept */
    int64_t look;     /* how often to look for news when there is nothing to send */
} courier_times_t;

/* A courier for the enrolled OUTBOX (borrowed) of DIR, where the key lies. It rests, and is due at once.
 * ENDPOINT "": that of the enrolment. NULL with WHY "not-joined", "connect-failed" and those of
 * curve_pair_load. */
courier_t *courier_new(outbox_t *outbox, const char *dir, const char *endpoint, const courier_times_t *times,
                       refusal_t *why);
/* Says BYE where there is a connection. */
void courier_free(courier_t **self_p);

/* Fills what to poll for reading; returns how many, 0 to 2. They change with every turn. */
size_t courier_items(courier_t *self, zmq_pollitem_t out[static 2]);
/* When the next turn is due without anything arriving, on the monotonic clock (ms). */
int64_t courier_due(const courier_t *self);
/* Reads what came and does what is due. 0, or a stop: the disk failed. */
int courier_turn(courier_t *self);
/* Something was entered: the next turn sends it, unless the wait after a failure goes on. */
void courier_nudge(courier_t *self);
/* Ends the connection with BYE. What waits is sent when it is due again. */
void courier_leave(courier_t *self);

courier_state_t courier_state(const courier_t *self);
/* 1 while connected when everything that can be sent now was sent and answered, and the news are read. */
int courier_idle(const courier_t *self);
/* Attempts that failed since the last receipt or pong. */
int courier_failures(const courier_t *self);
/* 1 while the server's other key waits for its try after the first was wrong. */
int courier_swapping(const courier_t *self);
/* Verdicts received in all; grows while there is progress. */
int64_t courier_verdicts(const courier_t *self);

#endif
