/* SPDX-License-Identifier: MPL-2.0 */
/* admin_fixture.h - a data directory with keys and a store, and command lines run on it as the keeper
 * runs them. */
#ifndef BC_ADMIN_FIXTURE_H
#define BC_ADMIN_FIXTURE_H

#include "collector/admin.h"
#include "tests/collector/store_fixture.h"

typedef struct {
    store_t store;
    admin_t admin;
    conf_t *conf;
    /* of the last command line */
    char *out, *err;
    json_t *files; /* [{"path","mode","data"}], data in base64 */
} console_t;

/* cmocka setup and teardown: *STATE is a console_t with a new, empty store and its keys. */
int console_setup(void **state);
int console_teardown(void **state);
/* Runs one command line, words ended by NULL, with INPUT (may be NULL) as its file; returns the exit
 * status. */
int console_run(console_t *c, const char *input, ...) __attribute__((sentinel));
/* Calls the handler of a verb that opens the store itself, on the console's own directory or on DIR. */
int console_alone(console_t *c, admin_run_fn *run, ...) __attribute__((sentinel));
int console_alone_in(console_t *c, const char *dir, admin_run_fn *run, ...) __attribute__((sentinel));
/* Imports a small tree: BD, BD.01 and BD.02 under it, BD.01.1 and BD.01.2 under BD.01. */
void console_units(console_t *c);
/* Entries of this kind in the log. */
int console_entries(console_t *c, const char *kind);
/* Body of the newest entry of a kind as new JSON, NULL if there is none. */
json_t *console_newest(console_t *c, const char *kind);

#endif
