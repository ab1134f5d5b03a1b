/* SPDX-License-Identifier: MPL-2.0 */
/* gate.h - the ZAP handler (RFC 27): says at each handshake who a key is, from the registry.
 *
 * It stands in intake's loop as one more socket. It must be open before any server socket is bound: on
 * Debian's libzmq a CURVE server without a handler lets everyone in. Nothing a peer or libzmq sends
 * makes it stop. */
#ifndef BC_GATE_H
#define BC_GATE_H

#include <czmq.h>

#include "collector/conduct.h"
#include "collector/registry.h"

#define GATE_DOCUMENTS "documents" /* ZAP domains */
#define GATE_ENROL "enrol"

typedef struct gate gate_t;

/* What was answered since the start. */
typedef struct {
    int64_t accepted, enrolling; /* 200 at the two ports */
    int64_t unknown, expired;    /* not answered: the client tries again at its own pace */
    int64_t out;                 /* put out for their conduct: not answered */
    int64_t revoked;             /* 400: the client's session ends */
    int64_t malformed;           /* 500, or not answered where even that is not possible */
} gate_counts_t;

/* Binds inproc://zeromq.zap.01. NULL with WHY "gate-taken" where another handler is there. */
gate_t *gate_open(refusal_t *why);
void gate_close(gate_t **self_p);
zsock_t *gate_socket(gate_t *self); /* borrowed, to be polled for reading */

/* Answers what is waiting, at most 64 requests, so that a flood of handshakes starves nobody. NOW in ms.
 * 0, or BC_BROKEN where the socket cannot be read any more: then the program must end, not stay open.
 *
 * Domain "documents": a known key in its dates gets 200, User-Id its unit's code ("consumer:NAME" for a
 * consumer) and metadata Key-Serial; a revoked one 400; one that is unknown or outside its dates no answer
 * at all, so that its handshake runs out; nor does one that CONDUCT has put out. Domain "enrol": any CURVE
 * key gets 200, User-Id "enrol" and metadata Public-Key (hex64). */
int gate_serve(gate_t *self, const registry_t *registry, const conduct_t *conduct, int64_t now);

gate_counts_t gate_counts(const gate_t *self);

#endif
