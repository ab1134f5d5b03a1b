/* SPDX-License-Identifier: MPL-2.0 */
/* peer.h - the collector this aggregator belongs to, and the key it is known by: what `join` wrote into
 * DIR/collector.json and DIR/keys/. */
#ifndef BC_PEER_H
#define BC_PEER_H

#include "proto/keyfile.h"

typedef struct {
    char name[101];                    /* under which the collector knows us */
    char endpoint[160];                /* documents port, "tcp://host:port" */
    uint8_t server[32], successor[32]; /* CURVE public keys of the collector */
    curve_pair_t pair;                 /* ours */
} peer_t;

/* Refuses "not-joined" where `join` was never done, "peer-bad" where its file is damaged, and those of
 * curve_pair_load. */
int peer_load(const char *dir, peer_t *out, refusal_t *why);

/* Keeps the two keys of the collector, which has changed one of them, in place of those that are there. 0, or
 * "peer-bad" and those of file_write. */
int peer_keep_keys(const char *dir, const peer_t *peer, refusal_t *why);

/* Enrols with the code TEXT as the consumer it was made for: the key pair is on disk before anything is
 * asked, so the same code again after a crash gets the same answer. HERE says which computer, for the
 * operator's list. Refuses those of code_read, those of ENROLLED, "code-role" (a unit's code); BC_AGAIN
 * with line_why's where there was no answer within WAIT_MS. */
int peer_join(const char *dir, const char *text, const char *here, int64_t wait_ms, peer_t *out,
              refusal_t *why);

#endif
