/* SPDX-License-Identifier: MPL-2.0 */
/* status.h - one screen: everything went out, or what waits, since when, and what to do about it. */
#ifndef BC_STATUS_H
#define BC_STATUS_H

#include "agent/agent.h"

/* `status`. With --json: unit, name, waiting, later, held, refused, stored, oldest, contact, skew, plans,
 * news, error {code, vi, en, at}, running. */
int status_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* `verify`: reads everything this computer keeps and says whether it holds. */
int status_verify_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
