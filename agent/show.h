/* SPDX-License-Identifier: MPL-2.0 */
/* show.h - what the outbox holds, for people to read and scripts to parse. */
#ifndef BC_SHOW_H
#define BC_SHOW_H

#include "agent/agent.h"

/* `list`: each report with its number, where it stands, and what to do where it needs somebody. */
int show_list_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* `receipt ID [--verify] [--first]`: the proof that it arrived; --json gives the kept receipt itself. */
int show_receipt_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* `plan [NUMBER]`: the plans on this computer; of one its forms, topics, documents and measures, which
 * are the heads of a table for `import`. */
int show_plan_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* `news`: what the federation has told. What was shown counts as read. */
int show_news_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* Prints TEXT and blanks up to WIDTH columns. */
void show_padded(FILE *out, const char *text, int width);

#endif
