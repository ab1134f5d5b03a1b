/* SPDX-License-Identifier: MPL-2.0 */
/* db.c - statements, transactions and checkpoints on one SQLite connection. Opening is in db_open.c. */
#include "proto/base/db.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/db_impl.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

static _Noreturn void our_mistake(db_t *self, const char *sql, int code) {
    log_error("db.sql", "sql=\"%s\" code=%d msg=\"%s\" do=\"report this\"", sql, code,
              sqlite3_errmsg(self->handle));
    abort();
}

_Atomic int db_broken, db_corrupt;

int db_any_broken(void) {
    return db_corrupt ? BC_CORRUPT : db_broken ? BC_DISK : 0;
}

/* Keeps the text, which the next call on the connection would overwrite. After a failure that means
 * "stop" the connection does nothing any more: a caller that overlooked it cannot promise anything. */
static int failed(db_t *self, const char *sql, int code) {
    int before = self->broken;
    self->code = code;
    snprintf(self->error, sizeof self->error, "%s (%d)", sqlite3_errmsg(self->handle), code);
    switch (code & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE: our_mistake(self, sql, code);
    case SQLITE_CONSTRAINT: return BC_CONFLICT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: self->broken = BC_CORRUPT; break;
    default: self->broken = code == SQLITE_IOERR_DATA ? BC_CORRUPT : BC_DISK; /* see db_seal.h */
    }
    if (!before) db_broken++;
    db_corrupt += (self->broken == BC_CORRUPT) - (before == BC_CORRUPT);
    /* Nor does its end: a checkpoint on closing would sync once more what failed to be synced. */
    sqlite3_db_config(self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    log_error("db.failed", "code=%d msg=\"%s\" do=\"check the disk, then start the program again\"", code,
              self->error);
    return self->broken;
}

/* The slot of SQL: where it stands, or the empty place where it belongs. */
static db_slot_t *slot_of(db_slot_t *slots, size_t count, const char *sql) {
    size_t i = ((uintptr_t)sql * 0x9e3779b97f4a7c15ULL >> 32) & (count - 1);
    while (slots[i].sql && slots[i].sql != sql)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static void grow(db_t *self) {
    size_t count = self->count ? self->count * 2 : 64;
    db_slot_t *slots = mem_alloc(count * sizeof *slots);
    for (size_t i = 0; i < self->count; i++)
        if (self->slots[i].sql) *slot_of(slots, count, self->slots[i].sql) = self->slots[i];
    free(self->slots);
    self->slots = slots;
    self->count = count;
}

/* The cached statement; NULL where the disk failed, now or before. */
static sqlite3_stmt *statement(db_t *self, const char *sql) {
    if (self->broken) return NULL;
    if (self->used * 2 >= self->count) grow(self);
    db_slot_t *slot = slot_of(self->slots, self->count, sql);
    if (slot->sql) {
        assert(strcmp(sqlite3_sql(slot->stmt), sql) == 0); /* the key is the address: it must not be reused */
        assert(!sqlite3_stmt_busy(slot->stmt));            /* somebody still reads its rows */
        return slot->stmt;
    }
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v3(self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (code != SQLITE_OK) {
        failed(self, sql, code);
        return NULL;
    }
    assert(stmt); /* SQL without a statement in it */
    *slot = (db_slot_t){.sql = sql, .stmt = stmt};
    self->used++;
    return stmt;
}

static int bind_one(sqlite3_stmt *stmt, int i, char type, va_list *args) {
    switch (type) {
    case 'i': return sqlite3_bind_int64(stmt, i, va_arg(*args, int64_t));
    case 's': return sqlite3_bind_text(stmt, i, va_arg(*args, const char *), -1, SQLITE_STATIC);
    case 'n': return sqlite3_bind_null(stmt, i);
    case 'b': {
        const void *p = va_arg(*args, const void *);
        size_t n = va_arg(*args, size_t);
        return sqlite3_bind_blob64(stmt, i, p, n, SQLITE_STATIC);
    }
    default: return SQLITE_MISUSE;
    }
}

static sqlite3_stmt *bind_all(db_t *self, const char *sql, const char *fmt, va_list *args) {
    sqlite3_stmt *stmt = statement(self, sql);
    if (!stmt) return NULL;
    assert((int)strlen(fmt) == sqlite3_bind_parameter_count(stmt));
    for (int i = 0; fmt[i]; i++) {
        int code = bind_one(stmt, i + 1, fmt[i], args);
        if (code != SQLITE_OK) our_mistake(self, sql, code);
    }
    return stmt;
}

sqlite3_stmt *db_bind(db_t *self, const char *sql, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    sqlite3_stmt *stmt = bind_all(self, sql, fmt, &args);
    va_end(args);
    return stmt;
}

int db_step(db_t *self, sqlite3_stmt *stmt) {
    if (!stmt) return self->broken;
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) return 1;
    int rc = code == SQLITE_DONE ? BC_OK : failed(self, sqlite3_sql(stmt), code);
    sqlite3_reset(stmt); /* repeats the step's code, which was handled */
    return rc;
}

void db_done(sqlite3_stmt *stmt) {
    if (stmt) sqlite3_reset(stmt);
}

int db_run(db_t *self, const char *sql, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    sqlite3_stmt *stmt = bind_all(self, sql, fmt, &args);
    va_end(args);
    int rc = db_step(self, stmt);
    if (rc != 1) return rc;
    db_done(stmt); /* RETURNING or a PRAGMA: the row is not wanted */
    return BC_OK;
}

int64_t db_int(db_t *self, int64_t def, const char *sql, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    sqlite3_stmt *stmt = bind_all(self, sql, fmt, &args);
    va_end(args);
    if (db_step(self, stmt) != 1) return def;
    int64_t v = sqlite3_column_type(stmt, 0) == SQLITE_NULL ? def : sqlite3_column_int64(stmt, 0);
    db_done(stmt);
    return v;
}

char *db_text(db_t *self, const char *sql, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    sqlite3_stmt *stmt = bind_all(self, sql, fmt, &args);
    va_end(args);
    if (db_step(self, stmt) != 1) return NULL;
    char *s = mem_str((const char *)sqlite3_column_text(stmt, 0));
    db_done(stmt);
    return s;
}

int db_exec(db_t *self, const char *sql) {
    if (self->broken) return self->broken;
    int code = sqlite3_exec(self->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? BC_OK : failed(self, sql, code);
}

int db_begin(db_t *self) {
    return self->mode == DB_READER ? db_run(self, "BEGIN", "") : db_run(self, "BEGIN IMMEDIATE", "");
}

int db_commit(db_t *self) {
    return db_run(self, "COMMIT", "");
}

void db_rollback(db_t *self) {
    if (!sqlite3_get_autocommit(self->handle)) db_run(self, "ROLLBACK", "");
}

static int checkpoint(db_t *self, int mode) {
    if (self->broken) return self->broken;
    int frames = 0;
    int code = sqlite3_wal_checkpoint_v2(self->handle, NULL, mode, &frames, NULL);
    if (code != SQLITE_OK && code != SQLITE_BUSY) return failed(self, "checkpoint", code);
    self->frames = self->frames_done = code == SQLITE_BUSY && frames > 0 ? frames : 0;
    return BC_OK;
}

int db_checkpoint(db_t *self) {
    return checkpoint(self, SQLITE_CHECKPOINT_TRUNCATE);
}

int db_checkpoint_keep(db_t *self) {
    return checkpoint(self, SQLITE_CHECKPOINT_RESTART);
}

int64_t db_wal_bytes(db_t *self) {
    return (int64_t)(self->frames - self->frames_done) * self->frame_bytes;
}

sqlite3 *db_handle(db_t *self) {
    return self->handle;
}

const char *db_error(db_t *self) {
    return self->error;
}

int db_changes(db_t *self) {
    return sqlite3_changes(self->handle);
}
