/* SPDX-License-Identifier: MPL-2.0 */
/* verbs.h - the aggregator's command line: what its verbs share. The table of verbs is in verbs.c. */
#ifndef BC_VERBS_H
#define BC_VERBS_H

#include "aggregator/follow.h"
#include "aggregator/store.h"
#include "proto/base/program.h"

/* The open store of a data directory. */
typedef struct {
    char *dir;
    store_t *store;
    follow_t *follow; /* the running one, in the daemon; else NULL */
} aggregator_t;

extern const program_t verbs_program;

/* DIR/aggregator.db; caller frees. */
char *verbs_store_path(const char *dir);
/* Opens the store of DIR, which must be locked. NULL with WHY. */
aggregator_t *verbs_open(const char *dir, refusal_t *why);
void verbs_close(aggregator_t **self_p);
/* The lock of DIR, waited for a few seconds where a short command holds it. -1 with WHY. */
int verbs_lock(const char *dir, refusal_t *why);
/* Prints WHY and returns its exit status. */
int verbs_refused(io_t *io, const refusal_t *why);
/* A failed step whose WHY may be empty, as after a stop. */
int verbs_failed(io_t *io, int rc, const refusal_t *why);

/* An option without which the verb can not do anything: BC_REFUSED, "option-missing". */
int verbs_missing(const char *option, refusal_t *why);

/* verb_join.c, verb_run.c */
int verb_join(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_run(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* verb_fold.c */
int verb_sync(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_rebuild(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_verify(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_status(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* verb_ask.c */
int verb_summary(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_explain(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_stages(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_targets(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_search(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_joint(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_compare(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_outliers(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_missing(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_board(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* verb_decide.c */
int verb_decide(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_return(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_accept(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_extend(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* Keeps and sends a decision of KIND with BODY, which it takes; says what became of it: an exit status. */
int decide_send(aggregator_t *self, const args_t *args, const conf_t *conf, io_t *io, const char *kind,
                json_t *body);
/* verb_link.c */
int verb_link(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_unlink(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* verb_document.c */
int verb_paper(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_document(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* verb_close.c */
int verb_close(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_reopen(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_sent(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_restated(void *store, const args_t *args, const conf_t *conf, io_t *io);
int verb_closings(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
