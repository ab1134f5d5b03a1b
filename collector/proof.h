/* SPDX-License-Identifier: MPL-2.0 */
/* proof.h - walks the whole log and proves that it is what was written: numbers, chain, bodies, and that
 * somebody answers for each body that is gone. */
#ifndef BC_PROOF_H
#define BC_PROOF_H

#include "collector/queue.h"

/* Where a log that is whole ends. */
typedef struct {
    char log[LOG_ID];
    int64_t position;
    hash_t chain;
} proof_t;

/* Proves the log of QUEUE (a reader or the writer). 0 with OUT; BC_REFUSED with WHY "log-broken" naming
 * the first entry that is broken, or "disk". */
int proof_of(queue_t *queue, proof_t *out, refusal_t *why);

#endif
