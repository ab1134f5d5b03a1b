/* SPDX-License-Identifier: MPL-2.0 */
/* fold.h - folding the log: what each entry changes in the store (PROTOCOL.md 13, rules version 1).
 *
 * The fold decides nothing that depends on more than one document but which revision counts; what meets what
 * (aggregates, reports of a period) is worked out when it is read, from rows that hold. */
#ifndef BC_FOLD_H
#define BC_FOLD_H

#include "aggregator/store.h"

typedef struct fold fold_t;

/* A fold that goes on where STORE, which must outlive it, stands. NULL with WHY where the store can not be
 * read. */
fold_t *fold_new(store_t *store, refusal_t *why);
void fold_free(fold_t **self_p);

/* Folds one entry; begins a transaction where none is open. BODY NULL: redacted. CHAIN is the chain hash
 * after it; that it follows from the one before, and that the body has its hash, is checked here. An entry
 * that was folded before changes nothing. BC_CORRUPT with WHY "log-broken" where chain, hash or order are
 * wrong: nothing more can be folded. Else 0 or a stop. */
int fold_entry(fold_t *self, const char *header, size_t n, const void *body, size_t body_len,
               const hash_t *chain, refusal_t *why);
/* Commits what was folded with the cursor; 0 also where there was nothing. */
int fold_commit(fold_t *self);
/* Where the fold stands, committed or not. */
const cursor_t *fold_cursor(const fold_t *self);

#endif
