/* SPDX-License-Identifier: MPL-2.0 */
/* line.h - one connection to a collector, and what became of it.
 *
 * libzmq connects in the background and says nothing when it fails. So a monitor is read beside the socket:
 * it tells "no network" from "another server's key" from "our key was revoked", which need different things
 * done. A line is used once: whatever happened, the next attempt is a new one (PROTOCOL.md 2). */
#ifndef BC_LINE_H
#define BC_LINE_H

#include <czmq.h>

#include "proto/base/refusal.h"
#include "proto/keyfile.h"

typedef struct line line_t;

typedef enum {
    LINE_CALLING,     /* no TCP connection yet */
    LINE_GREETING,    /* TCP connected, CURVE handshake going on */
    LINE_OPEN,        /* handshake done */
    LINE_UNREACHABLE, /* nobody listens there, or no network */
    LINE_KEY_WRONG,   /* the server greeted and hung up in the handshake: its key is not the one we expect */
    LINE_KEY_UNKNOWN, /* it left us without an answer, as it does with keys it does not know */
    LINE_KEY_REVOKED, /* ZAP 400 */
    LINE_LOST         /* was open, or hardly greeted, and ended */
} line_state_t;

/* Starts to connect to ENDPOINT ("tcp://host:port"). PAIR and SERVER are copied. NULL with WHY
 * "connect-failed" where ENDPOINT is no address, "sockets-none" where there are no more sockets. */
line_t *line_open(const char *endpoint, const curve_pair_t *pair, const uint8_t server[static 32],
                  refusal_t *why);
/* Closes it. What was just sent gets a moment to leave. */
void line_close(line_t **self_p);

zsock_t *line_socket(line_t *self);  /* DEALER, borrowed */
zsock_t *line_monitor(line_t *self); /* to be polled beside it, borrowed */

/* Reads what the monitor has told, and returns where the line stands. */
line_state_t line_state(line_t *self);
/* 1 where STATE means that this line will never carry anything again. */
int line_dead(line_state_t state);
/* Fills WHY with what to tell the officer about a dead or silent line to ENDPOINT; returns BC_AGAIN, or
 * BC_REFUSED for a revoked key. Codes "collector-unreachable", "server-key-wrong", "key-unknown",
 * "key-revoked", "collector-silent". */
int line_why(line_state_t state, const char *endpoint, refusal_t *why);

#endif
