/* SPDX-License-Identifier: MPL-2.0 */
/* queue.c - the store in SQLite: opening, transactions, the head. The log itself is in queue_log.c. */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/queue_sqlite.h"
#include "proto/base/file.h"

#define APP_ID 0x62636f51 /* "bcoQ" */

/* The chain stands before the body so that reading it touches no overflow page. */
static const char *const migrations[] = {
    "CREATE TABLE entry(position INTEGER PRIMARY KEY, header TEXT NOT NULL, chain BLOB NOT NULL,"
    "  body BLOB) STRICT;"
    "CREATE TABLE document(id BLOB NOT NULL, rev INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  sha256 BLOB NOT NULL, unit TEXT NOT NULL, PRIMARY KEY(id, rev)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE news(unit TEXT NOT NULL, last INTEGER NOT NULL, before TEXT, PRIMARY KEY(unit, last))"
    "  STRICT, WITHOUT ROWID;" /* queue_news.c; unit '': for everyone */
    "CREATE TABLE outbox(id TEXT PRIMARY KEY, unit TEXT NOT NULL, key INTEGER NOT NULL,"
    "  contiguous INTEGER NOT NULL, highest INTEGER NOT NULL, beyond BLOB) STRICT, WITHOUT ROWID;"
    "CREATE TABLE held(n INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, rev INTEGER NOT NULL,"
    "  sha256 BLOB NOT NULL, unit TEXT NOT NULL, by TEXT NOT NULL, key INTEGER NOT NULL,"
    "  outbox TEXT NOT NULL, number INTEGER NOT NULL, received INTEGER NOT NULL, code TEXT NOT NULL,"
    "  field TEXT NOT NULL, vi TEXT NOT NULL, en TEXT NOT NULL, state INTEGER NOT NULL,"
    "  position INTEGER, ended_by TEXT, body BLOB, UNIQUE(id, rev, sha256)) STRICT;"
    "CREATE INDEX held_waits ON held(n) WHERE state=0;"
    "CREATE TABLE access_key(serial INTEGER PRIMARY KEY AUTOINCREMENT, public BLOB NOT NULL UNIQUE,"
    "  unit TEXT NOT NULL, consumer INTEGER NOT NULL, may_decide INTEGER NOT NULL, name TEXT NOT NULL,"
    "  state INTEGER NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL) STRICT;"
    "CREATE TABLE access_grant(holder TEXT NOT NULL, unit TEXT NOT NULL, subtree INTEGER NOT NULL,"
    "  begins INTEGER NOT NULL, ends INTEGER NOT NULL, PRIMARY KEY(holder, unit)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE access_code(token BLOB PRIMARY KEY, unit TEXT NOT NULL, consumer INTEGER NOT NULL,"
    "  may_decide INTEGER NOT NULL, expires INTEGER NOT NULL, key INTEGER NOT NULL,"
    "  cancelled INTEGER NOT NULL, made INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX access_code_free ON access_code(unit) WHERE key=0 AND cancelled=0;"
    "CREATE TABLE cursor(consumer TEXT PRIMARY KEY, position INTEGER NOT NULL, at INTEGER NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE decision(uuid BLOB PRIMARY KEY, position INTEGER NOT NULL, sha256 BLOB NOT NULL)"
    "  STRICT, WITHOUT ROWID;"
    "CREATE TABLE unit(code TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE plan(position INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE ancestor(n INTEGER PRIMARY KEY, log TEXT NOT NULL, position INTEGER NOT NULL) STRICT;"
    "CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;",
};
/* Pages of 8 KiB: half the writes into the WAL for as many documents, and little more for a single one. */
static const db_schema_t schema = {APP_ID, migrations, (int)(sizeof migrations / sizeof migrations[0]), 8192};

static int read_head(queue_t *self) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT position, header, chain FROM entry ORDER BY position DESC LIMIT 1", "");
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc; /* none yet: the head as it was zeroed */
    entry_t e;
    char *hold = NULL;
    rc = entry_read((const char *)sqlite3_column_text(s, 1), (size_t)sqlite3_column_bytes(s, 1), &e, &hold,
                    NULL);
    if (rc == BC_OK && sqlite3_column_bytes(s, 2) == HASH_LEN) {
        memcpy(self->head.log, e.log, LOG_ID);
        self->head.position = sqlite3_column_int64(s, 0);
        self->head.received = e.received;
        memcpy(self->head.chain.b, sqlite3_column_blob(s, 2), HASH_LEN);
    } else {
        rc = BC_CORRUPT;
    }
    free(hold);
    db_done(s);
    return rc;
}

static int read_first(queue_t *self) {
    char *first = queue_fact(self, "first_log");
    snprintf(self->first, sizeof self->first, "%s", first ? first : "");
    int rc = first ? BC_OK : BC_CORRUPT;
    free(first);
    self->documents =
        db_int(self->db, 0, "SELECT CAST(value AS INTEGER) FROM fact WHERE name='documents'", "");
    return rc;
}

static queue_t *open_as(const char *dir, db_mode_t mode, refusal_t *why) {
    queue_t *self = mem_alloc(sizeof *self);
    self->path = file_path(dir, "queue.db");
    self->writer = mode != DB_READER;
    self->db = db_open(self->path, &schema, mode, why);
    if (!self->db) queue_close(&self);
    return self;
}

static queue_t *open_existing(const char *dir, db_mode_t mode, refusal_t *why) {
    char *path = file_path(dir, "queue.db");
    int there = file_exists(path);
    free(path);
    if (!there) {
        refuse(why, "queue-missing", dir,
               "Trong \"%s\" chưa có kho dữ liệu; hãy chạy `baocao-collector init`.",
               "There is no store in \"%s\" yet; run `baocao-collector init`.", dir);
        return NULL;
    }
    queue_t *self = open_as(dir, mode, why);
    if (!self) return NULL;
    int rc = read_first(self);
    if (rc == BC_OK) rc = read_head(self);
    if (rc == BC_OK) return self;
    refuse(why, "log-broken", dir,
           "Không đọc được mục cuối của sổ nhận trong \"%s\"; hãy khôi phục từ bản sao.",
           "The last entry of the log in \"%s\" cannot be read; restore from a backup.", dir);
    queue_close(&self);
    return NULL;
}

queue_t *queue_open(const char *dir, refusal_t *why) {
    queue_t *self = open_existing(dir, DB_LOG, why);
    if (self) db_exec(self->db, "PRAGMA cache_size=-32768");
    return self;
}

queue_t *queue_open_reader(const char *dir, refusal_t *why) {
    return open_existing(dir, DB_READER, why);
}

void queue_close(queue_t **self_p) {
    queue_t *self = *self_p;
    if (!self) return;
    if (self->db && self->writer) db_rollback(self->db);
    db_close(&self->db);
    buf_free(&self->header);
    buf_free(&self->text);
    queue_news_free(self);
    free(self->path);
    free(self);
    *self_p = NULL;
}

/* Random, as the log's id and the ids that follow it. */
static void new_log(char log[static LOG_ID]) {
    uint8_t b[16];
    if (sodium_init() < 0) abort();
    randombytes_buf(b, sizeof b);
    hex_write(b, sizeof b, log);
}

static int write_first(queue_t *self, const char *by) {
    new_log(self->head.log);
    memcpy(self->first, self->head.log, LOG_ID);
    self->head.chain = chain_begin(self->first);
    char *body = mem_printf("{\"log\":\"%s\",\"reason\":\"init\"}", self->head.log);
    entry_t e = {.kind = "log", .by = by, .received = clock_wall_ms()};
    int rc = queue_begin(self);
    if (rc == BC_OK) rc = queue_append(self, &e, body, strlen(body));
    if (rc == BC_OK) rc = queue_fact_put(self, "first_log", self->first);
    if (rc == BC_OK) rc = queue_fact_put(self, "documents", "0");
    if (rc == BC_OK) rc = queue_commit(self);
    free(body);
    return rc;
}

int queue_create(const char *dir, const char *by, refusal_t *why) {
    char *path = file_path(dir, "queue.db");
    int there = file_exists(path);
    free(path);
    if (there)
        return refuse(why, "dir-taken", dir, "Trong \"%s\" đã có kho dữ liệu.",
                      "There is a store in \"%s\" already.", dir);
    queue_t *self = open_as(dir, DB_LOG, why);
    if (!self) return BC_DISK;
    int rc = write_first(self, by);
    if (rc == BC_OK) rc = queue_tidy(self, 0); /* the file alone is whole, and may be moved */
    if (rc != BC_OK)
        refuse(why, "disk", dir, "Không ghi được kho dữ liệu trong \"%s\": %s.",
               "The store in \"%s\" cannot be written: %s.", dir, db_error(self->db));
    queue_close(&self);
    return rc;
}

int queue_begin(queue_t *self) {
    assert(self->writer);
    self->saved = self->head;
    self->saved_documents = self->documents;
    return db_begin(self->db);
}

int queue_commit(queue_t *self) {
    int rc = queue_news_flush(self);
    if (rc == BC_OK && self->documents != self->saved_documents)
        rc = db_run(self->db, "UPDATE fact SET value=CAST(?1 AS TEXT) WHERE name='documents'", "i",
                    self->documents);
    return rc == BC_OK ? db_commit(self->db) : rc;
}

void queue_rollback(queue_t *self) {
    db_rollback(self->db);
    queue_news_clear(self);
    self->head = self->saved;
    self->documents = self->saved_documents;
}

int queue_head(queue_t *self, head_t *out) {
    int rc = self->writer ? BC_OK : read_head(self);
    *out = self->head;
    return rc;
}

int queue_tidy(queue_t *self, int64_t most) {
    if (self->wiped || most == 0) {
        self->wiped = 0;
        return db_checkpoint(self->db);
    }
    return db_wal_bytes(self->db) > most ? db_checkpoint_keep(self->db) : BC_OK;
}

int queue_backup(queue_t *self, const char *dir, refusal_t *why) {
    char *to = file_path(dir, "queue.db");
    int rc = db_copy(self->db, to, why);
    free(to);
    return rc;
}

int queue_restored(queue_t *self, const char *by, const char *reason, int64_t now, refusal_t *why) {
    head_t before = self->head;
    int rc = db_run(self->db, "INSERT INTO ancestor(log, position) VALUES(?1, ?2)", "si", before.log,
                    before.position);
    new_log(self->head.log);
    char *text = queue_json(json_pack("{s:s, s:{s:s, s:I}, s:s}", "log", self->head.log, "ancestor", "log",
                                      before.log, "position", (json_int_t)before.position, "reason", reason));
    entry_t e = {.kind = "log", .by = by, .received = now};
    if (rc == BC_OK) rc = queue_append(self, &e, text, strlen(text));
    if (rc != BC_OK)
        refuse(why, "disk", NULL, "Không ghi được kho dữ liệu: %s.", "The store cannot be written: %s.",
               db_error(self->db));
    free(text);
    return rc;
}

int queue_check(queue_t *self, refusal_t *why) {
    return db_check(self->db, why);
}
