/* SPDX-License-Identifier: MPL-2.0 */
/* store.h - the folded store: one row for each entry of the log, with what it says and for how long it
 * holds. SQLite is behind it today, PostgreSQL may be tomorrow; no SQL stands anywhere else.
 *
 * A row holds from its position until the position of what superseded it (`until`), so that the state as of
 * any position can be read at any time. Nothing is deleted, but the bodies of redacted documents. Rows and
 * the cursor that says how far the log was read are committed together. One thread. */
#ifndef BC_STORE_H
#define BC_STORE_H

#include "aggregator/words.h"
#include "proto/base/clock.h"
#include "proto/entry.h"
#include "proto/measure.h"

#define STORE_RULES 1             /* version of the folding rules (PROTOCOL.md 13) */
#define STORE_EVER INT64_MAX      /* `until` of a row that holds still */
#define STORE_NOW (INT64_MAX - 1) /* as of the newest entry */

typedef struct store store_t;

/* Kinds below ROW_COMMON are few and can be walked one kind at a time. */
typedef enum {
    ROW_LOG = 1,
    ROW_UNIT,
    ROW_PLAN,
    ROW_DECISION,
    ROW_AGGREGATE,
    ROW_WITHDRAWN, /* a document whose highest revision takes it back */
    ROW_GONE,      /* a document whose body was redacted */
    ROW_UNREAD,    /* a document that this program can not read: no figures, and `status` says so */
    ROW_COMMON = 20,
    ROW_OTHER,
    ROW_ACTIVITY,
    ROW_PERIOD
} row_kind_t;

typedef struct {
    int64_t position, until;
    row_kind_t kind;
    int64_t received; /* ms */
    hash_t chain;
    uint32_t unit; /* word; 0 none */
    int has_id;    /* documents: id, rev, sha256 are there */
    uuid_bc_t id;
    int rev;
    hash_t sha256;
    day_t since, day;   /* the days of the period; of an activity DAY is its last day; else DAY_NONE */
    day_t stock;        /* = day where a `last` measure is among the values, else DAY_NONE */
    uint32_t event;     /* activities: word of the code of a joint event; 0 none */
    const char *period; /* "calendar/period" of period documents and aggregates, else NULL */
    const void *body;   /* documents: fact.h; unit, plan, log, decision: the entry's body; else NULL */
    size_t body_len;
} row_t;

/* "activity", "period" or "aggregate": what a document of this kind of row is called. */
const char *store_kind_name(row_kind_t kind);

/* How far the log was read. */
typedef struct {
    char log[LOG_ID]; /* "" before the first entry */
    int64_t position;
    hash_t chain;
    int64_t received; /* ms, of the last entry */
} cursor_t;

/* A way of adding up: every pair of measure id and definition that differs in it has its own number. */
typedef struct {
    const char *id;
    add_t add;
    int scale;
} way_t;

/* That UNIT ever had a `last` value that adds up by WAY in PLAN (0: in the whole), by itself or in an
 * aggregate that covers it, in any revision: SINCE is the first day of them. Whoever looks for the latest
 * need look no further where he has found one for each of these. */
typedef struct {
    uint32_t unit, plan, way;
    day_t since;
    uint32_t next; /* of the same unit, for store_stock_next */
} stock_t;

/* Opens PATH and creates it where it is missing. NULL with WHY: those of db_open, "rules-other" where it was
 * folded by other rules (rebuild it). */
store_t *store_open(const char *path, refusal_t *why);
/* Closing without commit leaves what the last commit left. */
void store_close(store_t **self_p);

/* ---- writing: between begin and commit; after a stop the store must be closed ---- */

int store_begin(store_t *self);
/* 0: rows and CURSOR are on disk. */
int store_commit(store_t *self, const cursor_t *cursor);
int store_put(store_t *self, const row_t *row);
/* The row at POSITION holds until UNTIL. */
int store_end(store_t *self, int64_t position, int64_t until);
/* Takes body, day and period of the document at POSITION away, for ever; its kind becomes ROW_GONE. */
int store_redact(store_t *self, int64_t position);
/* UNIT has a `last` value by WAY in PLAN on DAY. */
int store_stock(store_t *self, uint32_t unit, uint32_t plan, uint32_t way, day_t day);
/* Numbers of words and ways, made where they are new. 0 where the disk failed. */
uint32_t store_word(store_t *self, const char *text, size_t n);
uint32_t store_way(store_t *self, const char *id, add_t add, int scale);
/* The feed said that our log is not the collector's any more; kept until a rebuild. Outside a transaction. */
int store_fork(store_t *self, int forked);

/* ---- reading ---- */

/* Between the two, which may be nested, every reading shares one lock of the file; nothing may be written. */
void store_look(store_t *self);
void store_looked(store_t *self);
/* Position of the newest entry that is no document: what was made of these up to there holds still. */
int64_t store_shaped(const store_t *self);
/* Keeps one thing that a reader made of the store for the next one; DROP ends it when another takes its place
 * and when the store is closed. */
void store_keep(store_t *self, void *what, void (*drop)(void *what));
void *store_kept(const store_t *self); /* NULL where nothing is kept */

const cursor_t *store_cursor(const store_t *self); /* as committed last */
int store_forked(const store_t *self);
const words_t *store_words(const store_t *self);
const way_t *store_way_at(const store_t *self, uint32_t no); /* NULL if never given */
uint32_t store_ways(const store_t *self);                    /* the greatest number */
/* How the way of this number adds up, for fact_value; ADD_SUM if never given. STORE is a store_t. */
add_t store_way_add(const void *store, uint32_t no);
/* How the log stood at POSITION. BC_NOTFOUND past the cursor. */
int store_at(store_t *self, int64_t position, cursor_t *out);

/* Position of the last entry received at or before MS; 0 where there is none. */
int64_t store_position_by(store_t *self, int64_t ms);

/* Rows that held at position AS_OF, each borrowed for the call; non-zero from EACH ends the walk and is
 * returned. An EACH may call any function here but the one that runs it. */
typedef int(store_each_fn)(void *arg, const row_t *row);
/* All of one kind below ROW_COMMON, by position. */
int store_each(store_t *self, row_kind_t kind, int64_t as_of, store_each_fn *each, void *arg);
/* Activities, period documents and aggregates of UNIT whose day lies in FROM..TO, by day and position. */
int store_each_of_unit(store_t *self, uint32_t unit, day_t from, day_t to, int64_t as_of, store_each_fn *each,
                       void *arg);
/* The revision of a document that counts (period and body are not given); BC_NOTFOUND. */
int store_document(store_t *self, const uuid_bc_t *id, int64_t as_of, row_t *out);
/* Position of the newest record of a unit, 0 where there is none. */
int64_t store_unit(store_t *self, uint32_t unit);
/* The same with all that it says, to EACH; 0 where there is none. */
int store_document_at(store_t *self, const uuid_bc_t *id, int64_t as_of, store_each_fn *each, void *arg);
/* Every revision of a document that was received up to AS_OF, whether it holds or not, by position. */
int store_each_revision(store_t *self, const uuid_bc_t *id, int64_t as_of, store_each_fn *each, void *arg);
/* Every row from position AFTER + 1 to UPTO, whether it holds still or not, by position. */
int store_each_since(store_t *self, int64_t after, int64_t upto, store_each_fn *each, void *arg);
/* The highest revision below REV that has a day, to EACH; 0 where there is none. */
int store_earlier(store_t *self, const uuid_bc_t *id, int rev, int64_t as_of, store_each_fn *each, void *arg);
/* What is known of the stocks of UNIT, NULL where there is nothing more. Borrowed until the next writing. */
const stock_t *store_stock_first(const store_t *self, uint32_t unit);
const stock_t *store_stock_next(const store_t *self, const stock_t *stock);
/* The newest row with a `last` value of UNIT (0: of all aggregates; else no aggregate) before *DAY, or on it
 * before *POSITION, which are set to its own: 1; 0 where there is none; or a stop. */
int store_stock_before(store_t *self, uint32_t unit, int64_t as_of, day_t *day, int64_t *position);
/* The row at POSITION, to EACH. */
int store_row(store_t *self, int64_t position, store_each_fn *each, void *arg);
/* All documents with a day in FROM..TO, by position. */
int store_each_day(store_t *self, day_t from, day_t to, int64_t as_of, store_each_fn *each, void *arg);
/* Activities that name the joint event of this word, by position. */
int store_each_event(store_t *self, uint32_t event, int64_t as_of, store_each_fn *each, void *arg);
/* When the first entry of a document was received, ms; 0 where there is none. */
int64_t store_first_received(store_t *self, const uuid_bc_t *id, int64_t as_of);
/* The newest day up to TO of the documents of UNIT that held at AS_OF; DAY_NONE where there is none. */
day_t store_last_day(store_t *self, uint32_t unit, day_t to, int64_t as_of);
/* How many rows of a kind below ROW_COMMON hold now. */
int64_t store_count(store_t *self, row_kind_t kind);

/* Compares two stores of the same log row by row. BC_CONFLICT with WHY "store-differs", naming table, row and
 * column where they first differ. */
int store_compare(store_t *a, store_t *b, refusal_t *why);

#endif
