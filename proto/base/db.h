/* db.h - one SQLite connection, opened the only safe ways, with numbered migrations.
 *
 * Debian 12 ships SQLite 3.40.1, whose WAL reset can corrupt a file that two connections write or
 * checkpoint at once (fixed in 3.51.3). So: one read-write connection per file, which alone
 * checkpoints; every other connection is read-only. Statements are prepared once per SQL text and
 * kept for the connection's life. A connection belongs to one thread. */
#ifndef BC_DB_H
#define BC_DB_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/refusal.h"

typedef struct db db_t;

/* What to do about a store that does not hold, in each of the three programs. */
#define DAMAGED_VI                                                                                          \
    "Ổ đĩa có thể đang hỏng. Máy chủ: khôi phục từ bản sao lưu (restore). Phần tổng hợp: chạy rebuild. Máy " \
    "của đơn vị: xin mã mới rồi join vào thư mục mới; Liên đoàn vẫn giữ những gì đã nhận."
#define DAMAGED_EN                                                                                          \
    "The disk may be failing. Collector: restore a backup. Aggregator: run rebuild. A unit's computer: ask " \
    "for a new code and join in a new folder; the federation still has what it received."

typedef enum {
    DB_LOG,    /* WAL, synchronous=FULL, checkpoints by db_checkpoint only: collector, aggregator */
    DB_OUTBOX, /* journal TRUNCATE, synchronous=EXTRA: agent */
    DB_READER  /* read-only beside the one writer */
} db_mode_t;

typedef struct {
    uint32_t app_id;              /* PRAGMA application_id, another program's file is refused */
    const char *const *migration; /* migration[i] takes the file from version i to i+1 */
    int count;                    /* = the schema's version, PRAGMA user_version */
    int page_size;                /* of a new file; 0: SQLite's own, 4096 */
} db_schema_t;

/* Opens PATH and creates it (mode 0600) for a writer. A writer first recovers and checkpoints the WAL and
 * requires success, for after a failed fsync the page cache shows rows that were never on disk. An older
 * schema is copied to PATH.before-N (N the new version) and migrated in one transaction. NULL with WHY:
 * "db-newer", "db-older" (a reader does not migrate), "db-foreign", "db-damaged", "disk". */
db_t *db_open(const char *path, const db_schema_t *schema, db_mode_t mode, refusal_t *why);
void db_close(db_t **self_p);
sqlite3 *db_handle(db_t *self);

/* The statement for SQL with its arguments bound, ready to step. SQL must be a literal or live as
 * long as the connection: its address is the cache's key. FMT, one letter an argument: i int64_t, s
 * const char * (NULL binds NULL), b const void * and size_t (NULL binds NULL), n nothing (binds
 * NULL). Text and bytes are taken by reference and must live until the last step. Wrong SQL is our
 * mistake and aborts; NULL where the disk failed, which db_step answers. A statement that gave a row
 * is taken again only after db_done. */
sqlite3_stmt *db_bind(db_t *self, const char *sql, const char *fmt, ...);
/* 1 a row is there, 0 no more (statement reset), negative bc_rc_t on failure (reset): BC_CONFLICT for
 * a broken constraint, BC_CORRUPT, else BC_DISK. After the last two every db_begin and db_commit
 * fails as well. */
int db_step(db_t *self, sqlite3_stmt *stmt);
/* Ends a statement before its last row. */
void db_done(sqlite3_stmt *stmt);
/* db_bind and db_step for a statement without rows: 0 or negative. */
int db_run(db_t *self, const char *sql, const char *fmt, ...);
/* The first column of the first row as integer, DEF where there is none. */
int64_t db_int(db_t *self, int64_t def, const char *sql, const char *fmt, ...);
/* The first column of the first row as new string (caller frees), NULL where there is none. */
char *db_text(db_t *self, const char *sql, const char *fmt, ...);
/* Runs SQL of several statements, for scripts without arguments. */
int db_exec(db_t *self, const char *sql);

int db_begin(db_t *self);
/* 0 means on disk. Anything else: stop the program. */
int db_commit(db_t *self);
void db_rollback(db_t *self);
/* Moves the WAL into the file and truncates it where no reader holds it; 0 also when a reader does. */
int db_checkpoint(db_t *self);
/* The same, but the WAL keeps its room on the disk and is written anew from its beginning: commits are faster
 * where no blocks have to be found. What was in it can be read there until it is written over. */
int db_checkpoint_keep(db_t *self);
/* A consistent copy of the whole database at TO while it is in use, fsynced; not within a transaction. */
int db_copy(db_t *self, const char *to, refusal_t *why);
/* Bytes of WAL written since the last checkpoint, so that the owner can decide when to make the next. */
int64_t db_wal_bytes(db_t *self);
/* BC_DISK or BC_CORRUPT as long as a connection of this process is open on which the disk failed or the store
 * did not hold (db_seal.h), else 0: what was read since may be nothing where something is, so nothing may be
 * concluded from it. */
int db_any_broken(void);
/* Reads every page and looks whether all of it holds together. 0, or BC_CORRUPT with WHY "db-damaged". */
int db_check(db_t *self, refusal_t *why);
/* English text of the last failure, for the log. */
const char *db_error(db_t *self);
/* Changed rows of the last statement. */
int db_changes(db_t *self);

#endif
