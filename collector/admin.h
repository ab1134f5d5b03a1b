/* SPDX-License-Identifier: MPL-2.0 */
/* admin.h - the collector's command line: its verbs, its configuration, and what they work on.
 *
 * In the data directory lie queue.db, server.key (CURVE) and sign.key (Ed25519) as keyfile.h writes
 * them, and successor.pub: one line of hex64, the public half of the key that is locked away.
 *
 * The same verb runs in the command line's own process where no collector runs, else in the keeper's
 * thread of the one that does. */
#ifndef BC_ADMIN_H
#define BC_ADMIN_H

#include "collector/queue.h"
#include "proto/base/program.h"

/* What a verb of kind VERB_STORE gets as its store. Between its batches the keeper hands out one over
 * its own queue. */
typedef struct {
    queue_t
        *queue; /* the writer, no transaction open; borrowed by the daemon's, owned by the command line's */
    char *dir;  /* the data directory */
    json_t
        *live;   /* figures of the running collector as status.h lists them, borrowed; NULL where none runs */
    int changed; /* out: REGISTRY_… parts that a verb changed and intake must reload */
} admin_t;

/* The program for program_main and program_serve: verbs, keys of the configuration, open and close. */
extern const program_t admin_program;

#endif
