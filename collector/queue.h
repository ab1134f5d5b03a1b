/* SPDX-License-Identifier: MPL-2.0 */
/* queue.h - the collector's store: the log, and what is kept beside it. Everything the collector has on disk
 * stands behind this header; SQLite is behind it today, PostgreSQL may be tomorrow.
 *
 * One writer (the keeper's thread, or a command line when no daemon runs) and any number of readers, each in
 * one thread. Changes happen between queue_begin and queue_commit; queue_commit returning 0 means on disk.
 * After any rc_stop() result the program stops: nothing in the open transaction may be answered.
 *
 * No function is called again on the same queue from inside its own EACH. */
#ifndef BC_QUEUE_H
#define BC_QUEUE_H

#include "proto/document.h"
#include "proto/entry.h"
#include "proto/receipt.h"
#include "proto/verdict.h"

typedef struct queue queue_t;

/* Where the log stands. */
typedef struct {
    char log[LOG_ID];
    int64_t position; /* 0: empty */
    hash_t chain;
    int64_t received; /* of the last entry, ms */
} head_t;

/* Makes DIR/queue.db with a new log id and its first entry. Refuses "dir-taken" where one is there. */
int queue_create(const char *dir, const char *by, refusal_t *why);
/* Opens the writer or a reader of DIR. The writer recovers and checkpoints first (db.h). NULL with WHY, also
 * "queue-missing" where none was created. */
queue_t *queue_open(const char *dir, refusal_t *why);
queue_t *queue_open_reader(const char *dir, refusal_t *why);
void queue_close(queue_t **self_p);

int queue_begin(queue_t *self);
int queue_commit(queue_t *self);
void queue_rollback(queue_t *self); /* also puts the head back */
/* The head of this connection: for the writer with what the open transaction added; for a reader what is
 * committed. */
int queue_head(queue_t *self, head_t *out);

/* ---- the log ---- */

/* Appends an entry and what follows from it: the newest record of a unit, the list of plans, who gets it as
 * news. E needs kind and what belongs to it, and `received` (raised to that of the entry before if it is
 * less); log, position, bytes, sha256 are filled in. BODY is kept as it is. 0 or a stop. */
int queue_append(queue_t *self, entry_t *e, const void *body, size_t n);

/* One entry as it is read. BODY NULL: redacted. Borrowed for the call. */
typedef struct {
    int64_t position;
    const char *header;
    size_t header_len;
    const void *body;
    size_t body_len;
    hash_t chain;
} queue_entry_t;
/* Non-zero ends the walk. */
typedef int(queue_each_fn)(void *arg, const queue_entry_t *entry);

/* Goes through the entries after a position, until EACH returns non-zero (which is returned) or after the
 * last (0). Checks the chain and the hash of each body as it reads: BC_CORRUPT with WHY "log-broken" naming
 * the position. A body that is not there is honest only where a `redact` entry with that `of` follows: that
 * is the caller's to check. BC_NOTFOUND where AFTER is past the head. */
int queue_walk(queue_t *self, int64_t after, queue_each_fn *each, void *arg, refusal_t *why);
/* Reads every page of the store: what is kept beside the log has no hashes of its own. 0, or BC_CORRUPT with
 * WHY "db-damaged". */
int queue_check(queue_t *self, refusal_t *why);
/* Chain hash at a position to OUT; BC_NOTFOUND. Position 0: the beginning. */
int queue_chain_at(queue_t *self, int64_t position, hash_t *out);
/* Removes the body of an entry and appends `redact`. Refuses "redact-position" (no such entry), "redact-kind"
 * where it is no document, "redact-done". */
int queue_redact(queue_t *self, int64_t position, const char *by, const char *reason, int64_t now,
                 refusal_t *why);

/* ---- documents ---- */

/* A judged document on its way in. */
typedef struct {
    uuid_bc_t id;
    int rev;
    hash_t sha256;    /* of the body */
    const char *unit; /* for whom it speaks */
    const char *by;   /* who sent it: code of the key's unit */
    int64_t key;
    const char *outbox; /* hex32 */
    int64_t number;
    int64_t received; /* ms */
    const char *body;
    size_t body_len;
} incoming_t;

/* What became of it. LINE is there for stored, WHY for the others. */
typedef struct {
    verdict_t verdict;
    int fresh; /* 1: stored now, 0: was there */
    char line[RECEIPT_LINE];
    refusal_t why;
} outcome_t;

/* Stores it exactly once: new; the same again (same line again); same id and revision with other content,
 * which is held ("revision-conflict") unless the same bytes were released under another revision (stored,
 * that line) or discarded (refused "held-discarded"); another unit than in earlier revisions (refused
 * "unit-changed"). 0 with OUT, or a stop. */
int queue_document(queue_t *self, const incoming_t *in, outcome_t *out);
/* Only looks: as queue_document where the answer is known, and changes nothing; `later` ("disk-low") for what
 * would have to be written. */
int queue_document_known(queue_t *self, const incoming_t *in, outcome_t *out);
/* The highest number of an outbox that is known to be two, a copy and its original: whoever says HELLO with
 * it takes a new id (PROTOCOL.md 4). */
#define QUEUE_SHARED 999999999999999
/* For which unit the document speaks; BC_NOTFOUND. */
int queue_document_unit(queue_t *self, const uuid_bc_t *id, char unit[static 33]);
/* Marks numbers of an outbox as done (stored or refused), and HIGHEST as seen, for gaps and clones. The first
 * FRESH of them were stored just now; where one of these was done before, two send under it: QUEUE_SHARED. */
int queue_outbox_mark(queue_t *self, const char *outbox, const char *unit, int64_t key,
                      const int64_t *numbers, size_t n, size_t fresh, int64_t highest);
/* contiguous and highest of an outbox; 0, 0 where nothing is known. */
int queue_outbox(queue_t *self, const char *outbox, int64_t *contiguous, int64_t *highest);

/* ---- held documents ---- */

typedef struct {
    int64_t n; /* the operator's name for it */
    uuid_bc_t id;
    int rev;
    char unit[33];
    int64_t key;
    int64_t received;
    hash_t sha256;
    const char *body; /* borrowed for the call */
    size_t body_len;
    refusal_t why;
} held_t;
typedef int(held_each_fn)(void *arg, const held_t *h);

/* Those that wait, oldest first, until EACH returns non-zero (which is returned). */
int queue_held_each(queue_t *self, held_each_fn *each, void *arg);
/* One of them: what EACH returned, or BC_NOTFOUND. */
int queue_held_get(queue_t *self, int64_t n, held_each_fn *each, void *arg);
/* Stores it as the next free revision of its id; the new entry's position to *POSITION. The `document` entry
 * names who sent it; BY, who released it, is kept beside it. Refuses "held-unknown", "held-full" (no revision
 * is free). */
int queue_held_release(queue_t *self, int64_t n, const char *by, int64_t now, int64_t *position,
                       refusal_t *why);
/* Appends `discard` with the reason. Refuses "held-unknown". */
int queue_held_discard(queue_t *self, int64_t n, const char *by, const char *reason, int64_t now,
                       refusal_t *why);

/* ---- who may speak: keys, grants, codes ---- */

typedef enum { KEY_ACTIVE, KEY_REVOKED } key_state_t;

typedef struct {
    int64_t serial;
    uint8_t public_[32];
    char unit[33]; /* or consumer's name */
    int consumer;
    int may_decide;
    char name[101];
    key_state_t state;
    int64_t from, to; /* ms; to 0: open */
} access_key_t;

/* A grant is held by a unit, so that it holds for all its keys and those enrolled later: HOLDER may act for
 * UNIT. */
typedef struct {
    char holder[33];
    char unit[33];
    int subtree;
    day_t from, to; /* DAY_NONE: open */
} access_grant_t;

typedef struct {
    uint8_t token[16];
    char unit[33];
    int consumer;
    int may_decide;
    day_t expires;
    int64_t key; /* serial that used it, 0: free */
    int cancelled;
    int64_t made;
} access_code_t;

int queue_key_add(queue_t *self,
                  access_key_t *key); /* fills serial; BC_CONFLICT where the public key is known */
int queue_key_each(queue_t *self, int (*each)(void *arg, const access_key_t *k), void *arg);
int queue_key_state(queue_t *self, int64_t serial, key_state_t state, int64_t to); /* BC_NOTFOUND */
int queue_grant_add(queue_t *self, const access_grant_t *g); /* replaces that of the same holder and unit */
int queue_grant_each(queue_t *self, int (*each)(void *arg, const access_grant_t *g), void *arg);
int queue_code_add(queue_t *self, const access_code_t *c);
int queue_code_get(queue_t *self, const uint8_t token[static 16], access_code_t *out); /* BC_NOTFOUND */
int queue_code_used(queue_t *self, const uint8_t token[static 16], int64_t key);
int queue_code_each(queue_t *self, int (*each)(void *arg, const access_code_t *c), void *arg);
int queue_code_cancel(queue_t *self, const char *unit); /* all unused codes of a unit */

/* ---- consumers and decisions ---- */

/* How far a consumer says it is; shows lag only. */
int queue_cursor_put(queue_t *self, const char *consumer, int64_t position, int64_t now);
int queue_cursor_each(queue_t *self,
                      int (*each)(void *arg, const char *consumer, int64_t position, int64_t at), void *arg);
/* 1 if a decision with this uuid is in the log; or a stop. */
int queue_decided(queue_t *self, const uuid_bc_t *uuid);
/* A decision exactly once by uuid: *POSITION of its entry, whether now or before. BC_CONFLICT where the uuid
 * came with another body. */
int queue_decision(queue_t *self, const uuid_bc_t *uuid, entry_t *e, const void *body, size_t n,
                   int64_t *position);

/* ---- current state, kept beside the log ---- */

/* Newest record of each unit, by code; every version of every plan, in order. Each ends where EACH returns
 * non-zero, which is returned. */
int queue_unit_each(queue_t *self, int (*each)(void *arg, const char *json, size_t n), void *arg);
int queue_plan_each(queue_t *self, int (*each)(void *arg, const char *json, size_t n, int64_t position),
                    void *arg);
/* News for a unit after a position: plans, notices to it, successions, and documents that speak for it and
 * came from another outbox. *UPTO: how far it looked. Ends after MOST entries, or where EACH returns
 * non-zero: that entry counts as not looked at, and 0 is returned all the same. */
int queue_news(queue_t *self, const char *unit, const char *not_outbox, int64_t after, int most,
               queue_each_fn *each, void *arg, int64_t *upto);

/* Figures for status. */
typedef struct {
    int64_t documents, held, units, keys, codes_open;
    int64_t gaps; /* outboxes with numbers below their highest that never came */
    int64_t last_received;
    int64_t db_bytes, wal_bytes;
    int64_t ancestors;
} queue_counts_t;
int queue_counts(queue_t *self, queue_counts_t *out);
/* Earlier ids of this log, newest first, each with the last position that is in common. */
int queue_ancestors(queue_t *self, int (*each)(void *arg, const char *log, int64_t position), void *arg);
/* Copies the whole store to DIR/queue.db (fsynced) while in use; not within a transaction. */
int queue_backup(queue_t *self, const char *dir, refusal_t *why);
/* Within a transaction: gives a restored store a new log id and appends the `log` entry that names the
 * ancestor. */
int queue_restored(queue_t *self, const char *by, const char *reason, int64_t now, refusal_t *why);
/* Moves the WAL into the file when it has grown over MOST bytes, and keeps its room; with MOST 0, or after a
 * body was removed, it gives the room back, so that nothing stays in it. Called between transactions. */
int queue_tidy(queue_t *self, int64_t most);
/* Remembers a small fact ("public_endpoint", …); NULL where unknown; caller frees. */
int queue_fact_put(queue_t *self, const char *name, const char *value);
char *queue_fact(queue_t *self, const char *name);

#endif
