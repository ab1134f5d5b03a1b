/* SPDX-License-Identifier: MPL-2.0 */
/* db_open.c - opening a database: whose it is, what the WAL still holds, how old its schema is; and
 * copies of it. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/cause.h"
#include "proto/base/db.h"
#include "proto/base/db_impl.h"
#include "proto/base/db_seal.h"
#include "proto/base/file.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define BUSY_MS 5000

static int refuse_damaged(const char *path, refusal_t *why) {
    return refuse(why, "db-damaged", path,
                  "Tệp cơ sở dữ liệu \"%s\" bị hỏng hoặc không phải là cơ sở dữ liệu. " DAMAGED_VI,
                  "The database file \"%s\" is damaged or is no database. " DAMAGED_EN, path);
}

/* ERR: an errno; 0 where REASON, in English, is all there is. */
static int refuse_disk(const char *path, int err, const char *reason, refusal_t *why) {
    refuse(why, "disk", path, "Không mở hoặc không ghi được cơ sở dữ liệu \"%1$s\": %2$s.%3$.0s",
           "The database \"%1$s\" cannot be opened or written: %3$s.%2$.0s", path,
           err ? cause_vi(err) : reason, reason);
    return BC_DISK;
}

/* What the system said, as far as SQLite passes it on. */
static int errno_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL: return ENOSPC;
    case SQLITE_IOERR: return EIO;
    case SQLITE_READONLY: return EROFS;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return EACCES;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return EBUSY;
    default: return 0;
    }
}

/* Fills WHY from what broke on the connection. */
static int refuse_broken(db_t *self, const char *path, refusal_t *why) {
    if (self->broken == BC_CORRUPT) return refuse_damaged(path, why);
    return refuse_disk(path, errno_of(self->code), self->error, why);
}

static int wal_grown(void *self_, sqlite3 *handle, const char *name, int frames) {
    (void)handle;
    (void)name;
    db_t *self = self_;
    self->frames = frames;
    if (frames < self->frames_done) self->frames_done = 0; /* the WAL began anew */
    return SQLITE_OK;
}

/* Sets a PRAGMA and requires that it took. */
static int set(db_t *self, const char *sql, const char *wanted) {
    char *got = db_text(self, sql, "");
    int same = got && strcmp(got, wanted) == 0;
    if (!same && !self->broken)
        snprintf(self->error, sizeof self->error, "%s gives %s", sql, got ? got : "nothing");
    free(got);
    return same ? BC_OK : BC_DISK;
}

/* Durability as MODE promises it, read back, for SQLite takes a wrong value silently. */
static int make_durable(db_t *self) {
    if (self->mode == DB_OUTBOX) {
        if (set(self, "PRAGMA journal_mode=TRUNCATE", "truncate")) return BC_DISK;
        if (db_exec(self, "PRAGMA synchronous=EXTRA")) return BC_DISK;
        return set(self, "PRAGMA synchronous", "3");
    }
    if (set(self, "PRAGMA journal_mode=WAL", "wal")) return BC_DISK;
    if (db_exec(self, "PRAGMA synchronous=FULL")) return BC_DISK;
    if (set(self, "PRAGMA synchronous", "2")) return BC_DISK;
    self->frame_bytes = (int)db_int(self, 4096, "PRAGMA page_size", "") + 24;
    sqlite3_wal_autocheckpoint(self->handle, 0);
    sqlite3_wal_hook(self->handle, wal_grown, self);
    int code = sqlite3_wal_checkpoint_v2(self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    self->code = code;
    if (code != SQLITE_OK) snprintf(self->error, sizeof self->error, "checkpoint: %s", sqlite3_errstr(code));
    return code == SQLITE_OK ? BC_OK : BC_DISK;
}

/* Whether the file is ours, and its version to *VERSION. */
static int identify(db_t *self, const char *path, const db_schema_t *schema, int *version, refusal_t *why) {
    int64_t app = db_int(self, 0, "PRAGMA application_id", "");
    *version = (int)db_int(self, 0, "PRAGMA user_version", "");
    int64_t tables = db_int(self, 0, "SELECT count(*) FROM sqlite_master", "");
    if (self->broken) return refuse_broken(self, path, why);
    int empty = app == 0 && *version == 0 && tables == 0;
    if ((uint32_t)app != schema->app_id && !empty)
        return refuse(why, "db-foreign", path, "Tệp \"%s\" là cơ sở dữ liệu của một chương trình khác.",
                      "The file \"%s\" is another program's database.", path);
    if (*version > schema->count)
        return refuse(why, "db-newer", path,
                      "Cơ sở dữ liệu \"%s\" do một bản mới hơn tạo ra (lược đồ %d, bản này biết đến %d); hãy "
                      "cài bản mới.",
                      "The database \"%s\" was made by a newer release (schema %d, this one knows %d); "
                      "install that one.",
                      path, *version, schema->count);
    if (self->mode == DB_READER && *version < schema->count)
        return refuse(why, "db-older", path,
                      "Cơ sở dữ liệu \"%s\" còn ở lược đồ %d; hãy chạy chương trình để nâng cấp lên %d.",
                      "The database \"%s\" is still at schema %d; run the program to bring it to %d.", path,
                      *version, schema->count);
    return BC_OK;
}

static int migrate(db_t *self, const char *path, const db_schema_t *schema, int version, refusal_t *why) {
    if (version == schema->count) return BC_OK;
    if (version > 0) {
        char *backup = mem_printf("%s.before-%d", path, schema->count);
        int rc = db_copy(self, backup, why);
        free(backup);
        if (rc) return rc;
    }
    int rc = db_begin(self);
    for (int i = version; i < schema->count && rc == BC_OK; i++)
        rc = db_exec(self, schema->migration[i]);
    char *mark =
        mem_printf("PRAGMA application_id=%d; PRAGMA user_version=%d", (int)schema->app_id, schema->count);
    if (rc == BC_OK) rc = db_exec(self, mark);
    free(mark);
    if (rc == BC_OK) rc = db_commit(self);
    /* Closing undoes what was begun. */
    if (rc != BC_OK) refuse_disk(path, errno_of(self->code), self->error, why);
    return rc;
}

static int open_handle(db_t *self, const char *path, int page_size, refusal_t *why) {
    int flags = self->mode == DB_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    /* SQLite would create it readable for all; its WAL and journal take over the mode of the file. */
    if (self->mode != DB_READER && !file_exists(path)) {
        int rc = file_write(path, "", 0, 0600, why);
        if (rc) return rc;
    }
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nobody asks, and it locks at each allocation */
    int code = db_seal_use();
    if (code == SQLITE_OK)
        code =
            sqlite3_open_v2(path, &self->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) return refuse_disk(path, errno_of(code), sqlite3_errstr(code), why);
    sqlite3_busy_timeout(self->handle, BUSY_MS);
    char sql[40];
    snprintf(sql, sizeof sql, "PRAGMA page_size=%d", page_size);
    if (page_size && self->mode != DB_READER && db_exec(self, sql)) return refuse_broken(self, path, why);
    if (self->mode != DB_READER && db_seal_room(self->handle)) return refuse_broken(self, path, why);
    return BC_OK;
}

db_t *db_open(const char *path, const db_schema_t *schema, db_mode_t mode, refusal_t *why) {
    db_t *self = mem_alloc(sizeof *self);
    self->mode = mode;
    int version = 0;
    int rc = open_handle(self, path, schema->page_size, why);
    if (rc == BC_OK) rc = identify(self, path, schema, &version, why);
    if (rc == BC_OK && mode != DB_READER) {
        if (make_durable(self)) rc = refuse_broken(self, path, why);
        if (rc == BC_OK) rc = migrate(self, path, schema, version, why);
        if (rc == BC_OK && mode == DB_LOG && db_checkpoint(self)) rc = refuse_broken(self, path, why);
        /* Of its WAL or journal, too, which is there by now: SQLite syncs it and overlooks a failure. */
        if (rc == BC_OK) rc = file_sync_name(path, why);
    }
    if (rc != BC_OK) {
        db_close(&self);
        return NULL;
    }
    if (mode == DB_LOG) sqlite3_busy_timeout(self->handle, 0); /* a checkpoint never waits for a reader */
    return self;
}

int db_check(db_t *self, refusal_t *why) {
    char *said = db_text(self, "PRAGMA integrity_check(1)", "");
    int whole = said && strcmp(said, "ok") == 0;
    free(said);
    if (whole) return BC_OK;
    refuse_damaged(sqlite3_db_filename(self->handle, "main"), why);
    return BC_CORRUPT;
}

void db_close(db_t **self_p) {
    db_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        sqlite3_finalize(self->slots[i].stmt);
    int code = sqlite3_close(self->handle);
    if (self->broken) db_broken--;
    if (self->broken == BC_CORRUPT) db_corrupt--;
    assert(code == SQLITE_OK); /* a statement made past db_bind is still open */
    (void)code;
    free(self->slots);
    free(self);
    *self_p = NULL;
}

/* 0, or SQLite's code. Not through db_run: a full disk over there does not break us. */
static int vacuum_into(db_t *self, const char *to) {
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(self->handle, "VACUUM INTO ?1", -1, &stmt, NULL);
    if (code == SQLITE_OK) code = sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC);
    if (code == SQLITE_OK) code = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* 0 or an errno. */
static int sync_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    int err = fsync(fd) ? errno : 0;
    close(fd);
    return err;
}

int db_copy(db_t *self, const char *to, refusal_t *why) {
    assert(sqlite3_get_autocommit(self->handle));
    char *part = mem_printf("%s.part", to);
    int rc = file_write(part, "", 0, 0600, why);
    if (rc == BC_OK) {
        int code = vacuum_into(self, part), err = code ? 0 : sync_file(part);
        if (code) rc = refuse_disk(to, errno_of(code), sqlite3_errstr(code), why);
        if (err) rc = refuse_disk(to, err, cause_en(err), why);
    }
    if (rc == BC_OK) rc = file_move(part, to, why);
    if (rc != BC_OK) unlink(part);
    free(part);
    return rc;
}
