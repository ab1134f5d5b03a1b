/* SPDX-License-Identifier: MPL-2.0 */
/* store_fixture.h - a store in its own temporary directory, and documents to put into it. */
#ifndef BC_STORE_FIXTURE_H
#define BC_STORE_FIXTURE_H

#include "collector/queue.h"

typedef struct {
    char dir[64];
    queue_t *queue;  /* the writer */
    queue_t *reader; /* NULL until asked for */
} store_t;

/* cmocka setup and teardown: *STATE is a store_t with a new, empty store. */
int store_setup(void **state);
int store_teardown(void **state);
/* Closes the writer and the reader and opens the writer again. */
void store_reopen(store_t *s);
queue_t *store_reader(store_t *s);
void store_remove_dir(const char *dir);

/* An incoming document of SEED: the same seed the same id. TEXT is its body, borrowed. */
incoming_t store_incoming(const char *seed, int rev, const char *text);
/* Stores IN in a transaction of its own. */
outcome_t store_put(store_t *s, const incoming_t *in);
/* Runs SQL on the file by another connection, as only a test of damage may. */
void store_damage(store_t *s, const char *sql);
/* Position of the head. */
int64_t store_position(store_t *s);

#endif
