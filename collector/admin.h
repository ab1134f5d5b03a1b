/* SPDX-License-Identifier: MPL-2.0 */
/* admin.h - the collector's command line: its verbs, its configuration, and what they work on.
 *
 * In the data directory lie queue.db, server.key (CURVE) and sign.key (Ed25519) as keyfile.h writes
 * them, and successor.pub: one line of hex64, the public half of the key that is locked away.
 *
 * A verb of kind VERB_STORE runs in the command line's own process where no collector runs, else in the
 * keeper's thread of the one that does. `verify` and `backup` go through everything and would stop the
 * keeper for as long: they run in their own process on a reader of their own. */
#ifndef BC_ADMIN_H
#define BC_ADMIN_H

#include "collector/queue.h"
#include "collector/registry.h"
#include "proto/base/program.h"
#include "proto/tree.h"

/* What a verb of kind VERB_STORE gets as its store. Between its batches the keeper hands out one over
 * its own queue. */
typedef struct {
    queue_t *queue; /* the writer, no transaction open */
    char *dir;      /* the data directory */
    json_t
        *live;   /* figures of the running collector as status.h lists them, borrowed; NULL where none runs */
    int changed; /* out: REGISTRY_… parts that a verb changed and intake must reload */
    int broken;  /* out: a stop (rc.h) that a verb met: the collector must end */
} admin_t;

/* The program for program_main and program_serve: verbs, keys of the configuration, open and close. */
extern const program_t admin_program;

/* ---- for the verbs ---- */

/* All units of the store as a new tree. NULL with WHY. */
tree_t *admin_tree(admin_t *admin, refusal_t *why);
/* The text of --reason; NULL with WHY "option-missing" where none was given. */
const char *admin_reason(const args_t *args, refusal_t *why);
/* The unit CODE of TREE; NULL with WHY "unit-unknown", naming the nearest. */
const unit_t *admin_unit(const tree_t *tree, const char *code, refusal_t *why);
/* The day in option NAME (07/11/2024 or 2024-11-07) to *OUT, DEF where it was not given. Refuses
 * "option-day". */
int admin_day(const args_t *args, const char *name, day_t def, day_t *out, refusal_t *why);
/* Says WHY and returns the exit status that belongs to its code. */
int admin_refused(io_t *io, const refusal_t *why);
/* Ends a transaction that queue_begin opened, by what became of it (RC): commits at 0, else rolls back.
 * Says on io->err what went wrong, and returns the exit status. CHANGED: the parts of the registry to
 * reload after success. */
int admin_end(admin_t *admin, io_t *io, int rc, int changed, const refusal_t *why);

/* Handlers, by noun. */
typedef int(admin_run_fn)(void *store, const args_t *args, const conf_t *conf, io_t *io);
admin_run_fn admin_unit_import, admin_unit_list, admin_notice;                         /* admin_unit.c */
admin_run_fn admin_enrol, admin_handover, admin_consumer_add;                          /* admin_enrol.c */
admin_run_fn admin_grant, admin_revoke, admin_key_list;                                /* admin_access.c */
admin_run_fn admin_plan_publish, admin_plan_list;                                      /* admin_plan.c */
admin_run_fn admin_held_list, admin_held_show, admin_held_release, admin_held_discard; /* admin_held.c */
admin_run_fn admin_init, admin_backup, admin_restore;                                  /* admin_store.c */
admin_run_fn admin_key_succeed;                                                        /* admin_key.c */
admin_run_fn admin_verify, admin_redact;                                               /* admin_log.c */
admin_run_fn admin_status;                                                             /* status.c */

#endif
