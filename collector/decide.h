/* SPDX-License-Identifier: MPL-2.0 */
/* decide.h - a decision of staff goes into the log, and with it the news for whom it concerns: a
 * document that is returned is news for its unit, a longer deadline for each unit that must report
 * (PROTOCOL.md 12). */
#ifndef BC_DECIDE_H
#define BC_DECIDE_H

#include "collector/job.h"
#include "collector/queue.h"

/* Stores D once by its uuid, and its notice in the same transaction, which must be open. D gets rc and
 * position. 0, or a stop. */
int decide_store(queue_t *queue, decision_t *d);

#endif
