/* SPDX-License-Identifier: MPL-2.0 */
/* enrol.h - a one-time code makes this computer known (PROTOCOL.md 5).
 *
 * The key pair is made here, and is on disk before anybody is asked: an enrolment that was cut off asks
 * again with the same key and gets the same answer. A second code (handover, a new unit) gets a key of
 * its own; the outbox stays. */
#ifndef BC_ENROL_H
#define BC_ENROL_H

#include "agent/agent.h"
#include "proto/code.h"

/* Enrols the agent in DIR with CODE, waiting PATIENCE ms for an answer; NAME says which computer (NULL:
 * its host name). 0: the facts of the enrolment are on disk. BC_AGAIN with WHY: no network or no answer.
 * Refuses what the collector does ("code-unknown", "code-used", "code-expired", "key-taken", …),
 * "code-role", "unit-other" (the outbox holds another unit's documents). */
int enrol_join(agent_t *agent, const code_t *code, const char *name, int64_t patience, refusal_t *why);

/* The verb `join CODE…|FILE [--name NAME]`. Ends by fetching plans and news, where that works at once. */
int enrol_join_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
