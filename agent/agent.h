/* SPDX-License-Identifier: MPL-2.0 */
/* agent.h - what the agent's verbs work on. */
#ifndef BC_AGENT_H
#define BC_AGENT_H

#include "agent/courier.h"
#include "agent/outbox.h"
#include "proto/base/program.h"

typedef struct {
    outbox_t *outbox;   /* no transaction open */
    char *dir;          /* the data directory */
    courier_t *courier; /* of the running program, borrowed; NULL where the command line works alone */
} agent_t;

/* The program for program_main and program_serve (main.c). */
extern const program_t agent_program;

/* The lock of DIR for a verb that works alone (file_lock_dir), waiting a moment where another short command
 * holds it; not where the program runs. -1 with *RC and WHY. */
int agent_lock(const char *dir, int *rc, refusal_t *why);
/* The code of the unit this computer is enrolled for: new string. NULL with WHY "not-joined". */
char *agent_unit(agent_t *self, refusal_t *why);
/* 1 if this computer may enter for UNIT by what the collector last told, else 0. Where the list of a
 * whole subtree was too long to be told, the collector decides. */
int agent_may_act(agent_t *self, const char *unit);
/* Name and kind of a unit this computer may act for, as it was last told; new strings, NULL where unknown. */
char *agent_unit_name(agent_t *self, const char *unit);
char *agent_unit_kind(agent_t *self, const char *unit);
/* The plan meant by NUMBER, newest version; NULL or "": the only one there is. NULL with WHY "plan-none"
 * (no plan has come yet), "plan-unknown", "plan-which" (there are several). Borrowed until the next plan
 * comes. */
const plan_t *agent_plan(agent_t *self, const char *number, refusal_t *why);

#endif
