/* SPDX-License-Identifier: MPL-2.0 */
/* submit.h - báo cáo kỳ: a unit says "this is all" for a plan and a period. Nobody types a count: the
 * agent lists the live activities. */
#ifndef BC_SUBMIT_H
#define BC_SUBMIT_H

#include "agent/agent.h"

/* The verb `submit PERIOD [--plan N] [--unit U] [--set MEASURE=VALUE]… [--signed "NAME, POST"]
 * [--prepared …] [--reason R] [--preview] [--yes]`. With --preview it only says what it would send, and
 * asks whether that is all; main() asks so on a terminal. */
int submit_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* Puts the live activities into DOC where it is a `period` document without a list; others are left as
 * they are. */
int submit_fill(agent_t *agent, json_t *doc, refusal_t *why);

/* Says that a period report must be sent again, where the activity of this ID lies in a period that was
 * submitted and whose list it does not match. */
void submit_hint(agent_t *agent, const char *id, io_t *io);

#endif
