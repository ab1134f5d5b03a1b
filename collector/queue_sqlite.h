/* SPDX-License-Identifier: MPL-2.0 */
/* queue_sqlite.h - what the queue_*.c files share; for nobody else. */
#ifndef BC_QUEUE_SQLITE_H
#define BC_QUEUE_SQLITE_H

#include "collector/queue.h"
#include "proto/base/db.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* News of the open transaction: runs of positions for one unit each, written when it commits. */
typedef struct {
    char unit[33];       /* "": for everybody */
    size_t first, count; /* in position */
} news_run_t;

typedef struct {
    news_run_t *run;
    int64_t *position;
    size_t runs, runs_room, count, count_room;
} news_pending_t;

struct queue {
    db_t *db;
    char *path;
    int writer;
    char first[LOG_ID]; /* the log's first id, where its chain begins */
    head_t head;        /* writer: kept here; reader: as it was last read */
    head_t saved;       /* head when the open transaction began */
    int64_t documents, saved_documents;
    buf_t header; /* of the entry being written */
    buf_t text;   /* of the row being written */
    news_pending_t news;
    int wiped; /* a body was removed: the WAL may still hold it */
};

/* States of a held document. */
enum { HELD_WAITS, HELD_RELEASED, HELD_DISCARDED };

/* queue_append where the hash of the body is in E already. */
int queue_append_hashed(queue_t *self, entry_t *e, const void *body, size_t n);
/* The entry at a position to EACH: what it returned, BC_NOTFOUND, or a stop. */
int queue_at(queue_t *self, int64_t position, queue_each_fn *each, void *arg);
/* An entry is news for a unit ("": for everybody) from the commit on. */
void queue_news_add(queue_t *self, const char *unit, int64_t position);
int queue_news_flush(queue_t *self);
void queue_news_clear(queue_t *self);
void queue_news_free(queue_t *self);
/* Receipt line of the document at a position. */
int queue_line_at(queue_t *self, int64_t position, char line[static RECEIPT_LINE]);
/* Appends the `document` entry of IN under REV and its row. */
int queue_store(queue_t *self, const incoming_t *in, int rev, int64_t *position);
/* Answers a document that conflicts, from what is held. Where nothing is known: holds it where WRITE, else
 * BC_AGAIN. */
int queue_hold(queue_t *self, const incoming_t *in, int write, outcome_t *out);
/* J (consumed) as text for an entry's body; caller frees. That it is valid UTF-8 was checked where it came
 * in. */
char *queue_json(json_t *j);

#endif
