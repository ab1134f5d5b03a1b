/* SPDX-License-Identifier: MPL-2.0 */
/* intake.h - the running collector: one loop over all its sockets, in the main thread.
 *
 * It reads, checks who speaks, judges documents, gives credit, answers; what must be written goes to the
 * keeper, so that reading never waits for the disk. Keys of the configuration it asks for: listen/documents,
 * listen/enrol (endpoints, "tcp://127.0.0.1:*" for any port), disk/low (no credit where less is free),
 * credit/cap (granted in sum). */
#ifndef BC_INTAKE_H
#define BC_INTAKE_H

#include "proto/base/program.h"

typedef struct intake intake_t;

/* Opens store, keys, sockets and the keeper of DIR, whose lock the caller holds. CONF is borrowed until
 * intake_close. SIGNALS is the descriptor of signals_open, or -1. NULL with WHY. */
intake_t *intake_open(const char *dir, const conf_t *conf, int signals, refusal_t *why);
void intake_close(intake_t **self_p);
/* Waits at most WAIT_MS for something to do and does it. 0, or BC_BROKEN: nothing can be heard any more, or
 * the gate is deaf, and the program must end. */
int intake_turn(intake_t *self, int wait_ms);
/* From now on gives no credit and takes no documents; what is under way is still answered. */
void intake_drain(intake_t *self);
/* 1 once drained and all is answered. */
int intake_done(const intake_t *self);
int intake_documents_port(const intake_t *self);
int intake_enrol_port(const intake_t *self);

/* The verb `run` (program.h): locks the directory, works until SIGTERM or SIGINT, drains. Returns the exit
 * status. */
int intake_run(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
