/* SPDX-License-Identifier: MPL-2.0 */
/* keeper.h - the one thread that writes: takes jobs, makes one transaction of those that wait (group commit),
 * and hands them back when it is on disk.
 *
 * After a failure of the disk or the store it logs what to do and ends the process at once with status 74:
 * nothing of the open transaction is answered, so everybody sends it again. */
#ifndef BC_KEEPER_H
#define BC_KEEPER_H

#include "collector/job.h"
#include "collector/stats.h"
#include "proto/base/conf.h"

typedef struct keeper keeper_t;

/* Starts the thread. Takes *QUEUE_P (the writer) and clears it; DIR, CONF (both for the verbs of command
 * lines) and STATS are borrowed until keeper_stop. */
keeper_t *keeper_start(queue_t **queue_p, const char *dir, const conf_t *conf, stats_t *stats);
/* Hands a job over; never waits. */
void keeper_give(keeper_t *self, job_t **job_p);
/* A job that came back, in the order they were given; NULL if none. */
job_t *keeper_take(keeper_t *self);
zsock_t *keeper_socket(keeper_t *self); /* borrowed, to be polled for reading */
/* Jobs given and not taken back. */
int64_t keeper_busy(const keeper_t *self);
/* Lets it finish what was given, ends the thread, closes the queue. Jobs not taken back are freed unanswered.
 */
void keeper_stop(keeper_t **self_p);

#endif
