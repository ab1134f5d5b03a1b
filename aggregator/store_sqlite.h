/* SPDX-License-Identifier: MPL-2.0 */
/* store_sqlite.h - what store.c, store_read.c and store_compare.c share; for nobody else. */
#ifndef BC_STORE_SQLITE_H
#define BC_STORE_SQLITE_H

#include "aggregator/store.h"
#include "proto/base/db.h"

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
};

/* The columns of `entry` in the order in which rows are read and written. */
#define STORE_COLUMNS \
    "position,until,kind,received,chain,unit,id,rev,sha256,since,day,stock,period,body,event"

#endif
