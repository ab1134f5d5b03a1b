/* SPDX-License-Identifier: MPL-2.0 */
/* decide.h - a decision of staff goes into the log, and with it the news for whom it concerns: a
 * document that is returned is news for its unit, a longer deadline for each unit that must report
 * (PROTOCOL.md 12). A consumer that holds grants decides for the units they name and for no others. */
#ifndef BC_DECIDE_H
#define BC_DECIDE_H

#include "collector/job.h"
#include "collector/queue.h"

/* Stores D once by its uuid, and its notice in the same transaction, which must be open. D gets rc and
 * position: BC_CONFLICT where the uuid came with another body, BC_REFUSED with D's why
 * "decision-not-granted". 0, or a stop. */
int decide_store(queue_t *queue, decision_t *d);

#endif
