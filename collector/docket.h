/* SPDX-License-Identifier: MPL-2.0 */
/* docket.h - batches that were read and wait to be judged. Each key has a lane of its own, and the lanes are
 * served in turn, a slice of time each: whoever sends a thousand bad documents waits for himself, and whoever
 * sends one good document beside him does not. What may wait is bounded by credit. */
#ifndef BC_DOCKET_H
#define BC_DOCKET_H

#include "collector/job.h"

typedef struct docket docket_t;

docket_t *docket_new(void);
/* Frees what still waits, unanswered. */
void docket_free(docket_t **self_p);

/* Takes a JOB_BATCH; batches of one key are judged in the order they were added. */
void docket_add(docket_t *self, job_t **job_p);
/* Judges until UNTIL (monotonic us), or until a batch is done: that job, now the caller's. NULL where time is
 * up or nothing waits. A document is never left half judged, so it may take longer by one of them. */
job_t *docket_next(docket_t *self, const registry_t *registry, int64_t until);
/* Jobs that wait. */
size_t docket_size(const docket_t *self);

#endif
