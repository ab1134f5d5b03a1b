/* SPDX-License-Identifier: MPL-2.0 */
/* entry.h - an entry of the log: its header line and its place in the hash chain (PROTOCOL.md 12). */
#ifndef BC_ENTRY_H
#define BC_ENTRY_H

#include <stdint.h>

#include "proto/base/hash.h"
#include "proto/base/mem.h"
#include "proto/base/refusal.h"
#include "proto/base/uuid.h"

#define LOG_ID 33 /* 32 hex digits and NUL */
#define ENTRY_REV_MAX 999999999

/* The fields of a header. Strings are borrowed; absent ones NULL or 0. */
typedef struct {
    char log[LOG_ID];
    int64_t position;
    int64_t received;      /* ms */
    const char *kind;
    const char *unit;
    const char *by;
    int64_t key;           /* serial, 0: none */
    const char *outbox;    /* hex32 */
    int64_t number;
    const uuid_bc_t *id;
    int rev;
    int64_t of;
    int64_t bytes;
    hash_t sha256;
} entry_t;

/* Appends the header line of E to OUT. `by` may be any UTF-8 and is escaped; the rest is of safe characters
 * by its type. Fast: on the path of every document. */
void entry_write(const entry_t *e, buf_t *out);
/* Reads a header line of N bytes, in the one form that entry_write gives it. Strings in E point into *HOLD_P,
 * which the caller frees. Refuses "entry-bad"; *HOLD_P is NULL then. */
int entry_read(const char *p, size_t n, entry_t *e, char **hold_p, refusal_t *why);
/* Chain before the first entry, and after one more. */
hash_t chain_begin(const char *log);
hash_t chain_next(const hash_t *before, const char *header, size_t n);

#endif
