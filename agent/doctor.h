/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.h - the verb `doctor`: why does it not send, and what is to be done? For an officer. */
#ifndef BC_AGENT_DOCTOR_H
#define BC_AGENT_DOCTOR_H

#include "agent/agent.h"

/* Changes nothing; 0, or 1 where something must be mended. */
int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
