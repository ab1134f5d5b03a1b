/* SPDX-License-Identifier: MPL-2.0 */
/* send.h - sending: once and leave, or for as long as the program runs. */
#ifndef BC_SEND_H
#define BC_SEND_H

#include "agent/agent.h"

/* Sends what waits, reads the news, and leaves. Keeps trying for KEEP ms after a failure (0: not). 0:
 * everything was answered. BC_AGAIN with WHY: something still waits. A stop with WHY "disk". Refuses
 * those of courier_new. */
int send_now(agent_t *agent, const conf_t *conf, int64_t keep, refusal_t *why);

/* The verb `send [--wait TIME]`: 0, or 75 where something still waits. Beside the running program it only
 * wakes it. */
int send_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* The verb `run`: sends by itself, takes files from the drop folder, answers other commands; until
 * SIGTERM. */
int send_run_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* The courier's times of CONF. */
courier_times_t send_times(const conf_t *conf);

#endif
