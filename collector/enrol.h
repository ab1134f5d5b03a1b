/* SPDX-License-Identifier: MPL-2.0 */
/* enrol.h - one-time codes turn into keys (PROTOCOL.md 5).
 *
 * Three steps, since they happen in two threads: intake reads the request, the keeper decides inside its
 * transaction, intake reloads the registry and answers. */
#ifndef BC_ENROL_H
#define BC_ENROL_H

#include "collector/registry.h"

enum { ENROL_ANY, ENROL_AGENT, ENROL_CONSUMER };

/* What an ENROL frame asks for. */
typedef struct {
    uint8_t token[16];
    uint8_t public_[32]; /* from the handshake */
    char name[101];      /* which computer */
    int role;            /* ENROL_…; what asks */
    char unit[33];       /* whose documents the asker holds already; "" none */
} enrol_request_t;

/* What became of it. serial 0: refused, WHY tells. */
typedef struct {
    int64_t serial;
    char unit[33]; /* or the consumer's name */
    int consumer;
    int fresh; /* 1: the key is new, the registry must reload REGISTRY_ACCESS */
    refusal_t why;
} enrol_result_t;

/* Reads the header of ENROL (borrowed); PUBLIC_HEX is frame_t's, from the handshake. Refuses
 * "version-unsupported", "header-bad". */
int enrol_read(const json_t *header, const char *public_hex, enrol_request_t *out, refusal_t *why);

/* Decides inside the transaction QUEUE has open: a free code makes the key, its use and the `access`
 * entry; the same token and key again change nothing and get the same answer. Refusals in OUT:
 * "code-unknown", "code-used", "code-expired", "key-taken"; "code-role", "unit-other", which leave the code
 * as good as it was. 0, or a stop. */
int enrol_decide(queue_t *queue, const enrol_request_t *request, int64_t now, enrol_result_t *out);

/* Header of ENROLLED as new JSON. REGISTRY (for the unit's name) must have been reloaded after a fresh
 * key. LOG is the log's id, SIGN the public half of the receipts' key, PORT that of the documents. */
json_t *enrol_answer(const enrol_result_t *result, const registry_t *registry, const char *log,
                     const uint8_t sign[static 32], int port, int64_t now);
/* The answer to a request enrol_read refused: {"refused":{…}} as new JSON. */
json_t *enrol_refused(const refusal_t *why);

#endif
