/* SPDX-License-Identifier: MPL-2.0 */
/* batch.h - one DOCUMENTS message on its way: intake reads and judges it, the keeper stores it, intake
 * answers it with a RECEIPT (PROTOCOL.md 4, 7). It belongs to one thread at a time. */
#ifndef BC_BATCH_H
#define BC_BATCH_H

#include "collector/registry.h"
#include "proto/credit.h"
#include "proto/frame.h"
#include "proto/keyfile.h"

#define BATCH_LINES 1000 /* most documents in one message */

typedef struct batch batch_t;

/* What became of its documents so far. */
typedef struct {
    int64_t stored, duplicates, refused, held, later;
} batch_counts_t;

/* A batch from the header and body of F, whose body it takes. KEY (borrowed during the call) sent it;
 * RECEIVED, in ms, is when it was read, and goes into the log. NULL with WHY: "header-bad" (numbers, outbox,
 * batch number), "batch-bad" (no line, too many, no LF at the end, another number of lines than of numbers).
 * *BATCH_NUMBER is set whenever it could be read, for the refusal. */
batch_t *batch_new(frame_t *f, const access_key_t *key, int64_t received, int64_t *batch_number,
                   refusal_t *why);
void batch_free(batch_t **self_p);

size_t batch_count(const batch_t *self);  /* documents */
int64_t batch_bytes(const batch_t *self); /* of the body */
int64_t batch_key(const batch_t *self);   /* serial of the key that sent it */
const char *batch_outbox(const batch_t *self);
batch_counts_t batch_counts(const batch_t *self);

/* Intake: reads and judges its documents one by one, until all are judged or UNTIL (monotonic us) has come;
 * the next call goes on. Those in order wait for the keeper, the others are refused. 1 once all are judged.
 */
int batch_judge(batch_t *self, const registry_t *registry, int64_t until);
/* Intake: answers all of them `later` with this reason, unread. */
void batch_later(batch_t *self, const refusal_t *why, int64_t wait_ms);
/* Intake: from now on the keeper only looks up what is known already and answers the rest `later`
 * ("disk-low"). */
void batch_only_known(batch_t *self);

/* Keeper: stores what waits, looks up what was refused but is known, and marks the outbox, inside the
 * transaction QUEUE has open. 0 or a stop. */
int batch_store(batch_t *self, queue_t *queue);

/* Intake: the header and body of RECEIPT, appended to empty buffers. LOG is the log's id; CREDIT the new
 * window. */
void batch_receipt(const batch_t *self, const sign_pair_t *sign, const char *log, int64_t now,
                   const credit_t *credit, buf_t *header, buf_t *body);

#endif
