/* SPDX-License-Identifier: MPL-2.0 */
/* revise.h - changing what was entered: a correction, a withdrawal and its undoing are each the next
 * revision. */
#ifndef BC_REVISE_H
#define BC_REVISE_H

#include "agent/agent.h"

/* `correct ID [FILE.json] [--set NAME=VALUE]… --reason R`: the newest content with changes, or that of
 * FILE. */
int revise_correct_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* `withdraw ID --reason R`. */
int revise_withdraw_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* `restore ID --reason R`: with the content it had before it was withdrawn. */
int revise_restore_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
