/* db_impl.h - what db.c and db_open.c share; for nobody else. */
#ifndef BC_DB_IMPL_H
#define BC_DB_IMPL_H

#include "proto/base/db.h"

typedef struct {
    const char *sql; /* NULL: an empty place */
    sqlite3_stmt *stmt;
} db_slot_t;

extern _Atomic int db_broken, db_corrupt; /* connections that are open and broken; of these, corrupt */

struct db {
    sqlite3 *handle;
    db_mode_t mode;
    db_slot_t *slots; /* hash table by the address of the SQL; count is a power of two, at least half empty */
    size_t count, used;
    int broken;              /* a bc_rc_t that means "stop", once it happened */
    int frames, frames_done; /* in the WAL, and those of them that a checkpoint has moved */
    int frame_bytes;
    char error[256]; /* of the last failure, and its SQLite code; 0: none of SQLite's */
    int code;
};

#endif
