/* SPDX-License-Identifier: MPL-2.0 */
/* probe.h - for `doctor`: is there a collector at this address, the right one, and does it know our key? */
#ifndef BC_PROBE_H
#define BC_PROBE_H

#include "proto/base/doctor.h"
#include "proto/keyfile.h"

/* What is known of the collector, from the enrolment code. */
typedef struct {
    const char *endpoint;     /* "tcp://host:port" */
    const uint8_t *server;    /* 32 bytes: its key, and */
    const uint8_t *successor; /* that of its successor, or NULL */
} probe_t;

/* Makes the connection that a report would take, says nothing on it and leaves. 0 where the collector let
 * PAIR in; else what line_why says, in WHY. Waits at most WAIT_MS for each of the two keys. */
int probe_peer(const probe_t *peer, const curve_pair_t *pair, int wait_ms, refusal_t *why);
/* The same as a finding. */
void probe_add(doctor_t *doctor, const probe_t *peer, const curve_pair_t *pair, int wait_ms);

#endif
