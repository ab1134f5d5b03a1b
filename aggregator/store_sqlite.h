/* SPDX-License-Identifier: MPL-2.0 */
/* store_sqlite.h - what store.c, store_read.c and store_compare.c share; for nobody else. */
#ifndef BC_STORE_SQLITE_H
#define BC_STORE_SQLITE_H

#include "aggregator/store.h"
#include "proto/base/db.h"

typedef struct span span_t; /* store_days.c: the documents of some days, kept in memory */

struct store {
    db_t *db;
    cursor_t cursor;
    int forked;
    int redacted;            /* in the open transaction */
    int looking, began;      /* how often nested; whether that began a transaction */
    int64_t shaped, shaping; /* as committed; in the open transaction */
    void *kept;
    void (*drop)(void *what);
    words_t *words;
    way_t *ways; /* [0] is not used; ids are owned */
    uint32_t way_count;
    stock_t *stocks; /* [0] is not used */
    uint32_t stock_count;
    uint32_t *stock_of; /* by unit: the first of its stocks, 0 none */
    uint32_t stock_units;
    span_t *span;
    size_t spans;
    int64_t asked; /* how often for spans */
};

/* Notes a stock in memory; the place it has, 0 where it was known as early. */
uint32_t stock_note(store_t *self, uint32_t unit, uint32_t plan, uint32_t way, day_t since);

/* What is written to the rows of spans that are kept. */
void days_put(store_t *self, const row_t *row);
void days_end(store_t *self, int64_t position, int64_t until);
void days_redact(store_t *self, int64_t position);
/* The span of these days, NULL where it is not kept. Borrowed until the next call of these. */
span_t *days_find(store_t *self, day_t from, day_t to);
/* A new one for about so many rows, to be filled with days_add by position and dropped where that fails; NULL
 * where they are too many. */
span_t *days_begin(store_t *self, day_t from, day_t to, size_t rows);
int days_add(void *span, const row_t *row); /* store_each_fn */
void days_drop(store_t *self, span_t *span);
/* Those of its rows that held at AS_OF. */
int days_each(const span_t *span, int64_t as_of, store_each_fn *each, void *arg);
void days_free(store_t *self);

/* The columns of `entry` in the order in which rows are read and written. */
#define STORE_COLUMNS \
    "position,until,kind,received,chain,unit,id,rev,sha256,since,day,stock,period,body,event"

#endif
