/* SPDX-License-Identifier: MPL-2.0 */
/* outbox.c - the store's schema, its facts, and who the outbox is. */
#include "agent/outbox.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/decimal.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

struct outbox {
    db_t *db;
    plans_t *plans;
};

/* document: one row a revision, in the order of entering; `no` is the number people use, one for all
 * revisions. `counts` is the revision under which it counts, which differs from `rev` where a held document
 * was released. `plans` is the plan numbers, each between two 0x1F. receipt: also those of a lost log, for
 * they still prove when a report was handed in. */
static const char *const migrations[] = {
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE document ("
    "  row INTEGER PRIMARY KEY, no INTEGER NOT NULL,"
    "  id TEXT NOT NULL, rev INTEGER NOT NULL, counts INTEGER NOT NULL,"
    "  kind TEXT NOT NULL, unit TEXT NOT NULL, title TEXT NOT NULL, plans TEXT NOT NULL,"
    "  period TEXT NOT NULL, day INTEGER, withdrawn INTEGER NOT NULL, likeness BLOB,"
    "  outbox TEXT NOT NULL, number INTEGER NOT NULL,"
    "  state TEXT NOT NULL, made INTEGER NOT NULL, changed INTEGER NOT NULL, not_before INTEGER NOT NULL,"
    "  code TEXT, field TEXT, vi TEXT, en TEXT,"
    "  bytes BLOB NOT NULL, sha256 BLOB NOT NULL,"
    "  UNIQUE (id, rev, sha256)) STRICT;"
    "CREATE INDEX document_no ON document (no);"
    "CREATE INDEX document_state ON document (state);"
    "CREATE INDEX document_due ON document (row) WHERE state IN ('waiting', 'later', 'held');"
    "CREATE INDEX document_likeness ON document (likeness);"
    "CREATE INDEX document_day ON document (unit, day);"
    "CREATE TABLE receipt (row INTEGER NOT NULL REFERENCES document, log TEXT NOT NULL,"
    "  position INTEGER NOT NULL, received INTEGER NOT NULL, json TEXT NOT NULL,"
    "  PRIMARY KEY (row, log)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE plan (number TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  json TEXT NOT NULL, PRIMARY KEY (number, version)) STRICT;"
    "CREATE TABLE notice (log TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  received INTEGER NOT NULL, body TEXT NOT NULL, read INTEGER NOT NULL,"
    "  PRIMARY KEY (log, position)) STRICT;",
};

static const db_schema_t schema = {
    .app_id = 0x62634f42, /* "bcOB" */
    .migration = migrations,
    .count = sizeof migrations / sizeof *migrations,
};

/* Puts the kept plans into memory, oldest first. */
static int load_plans(outbox_t *self, refusal_t *why) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT json FROM plan ORDER BY position, number, version", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        const char *text = (const char *)sqlite3_column_text(s, 0);
        plan_t *plan = plan_read(text, (size_t)sqlite3_column_bytes(s, 0), why);
        if (!plan) {
            db_done(s);
            return BC_REFUSED;
        }
        plans_put(self->plans, &plan);
    }
    return rc;
}

/* A new id, from which on numbers count from 1. */
static int take_new_id(outbox_t *self) {
    uint8_t raw[16];
    char text[33];
    randombytes_buf(raw, sizeof raw);
    int rc = outbox_fact_put(self, "outbox", hex_write(raw, sizeof raw, text));
    return rc ? rc : outbox_fact_put_int(self, "next", 1);
}

static int found(outbox_t *self) {
    int rc = outbox_begin(self);
    if (!rc) rc = take_new_id(self);
    return rc ? rc : outbox_commit(self);
}

outbox_t *outbox_open(const char *dir, refusal_t *why) {
    outbox_t *self = mem_alloc(sizeof *self);
    char *path = file_path(dir, "outbox.db");
    self->plans = plans_new();
    self->db = db_open(path, &schema, DB_OUTBOX, why);
    free(path);
    if (!self->db) goto failed;
    if (outbox_fact_int(self, "next", 0) == 0 && found(self)) {
        refuse(why, "disk", NULL, "Không ghi được vào ổ đĩa: %s.", "Cannot write to the disk: %s.",
               db_error(self->db));
        goto failed;
    }
    if (load_plans(self, why)) goto failed;
    return self;
failed:
    outbox_close(&self);
    return NULL;
}

void outbox_close(outbox_t **self_p) {
    outbox_t *self = *self_p;
    if (!self) return;
    db_close(&self->db);
    plans_free(&self->plans);
    free(self);
    *self_p = NULL;
}

int outbox_begin(outbox_t *self) {
    return db_begin(self->db);
}

int outbox_commit(outbox_t *self) {
    return db_commit(self->db);
}

void outbox_rollback(outbox_t *self) {
    db_rollback(self->db);
}

db_t *outbox_db(outbox_t *self) {
    return self->db;
}

plans_t *outbox_plans(outbox_t *self) {
    return self->plans;
}

char *outbox_fact(outbox_t *self, const char *name) {
    return db_text(self->db, "SELECT value FROM fact WHERE name = ?", "s", name);
}

int64_t outbox_fact_int(outbox_t *self, const char *name, int64_t def) {
    return db_int(self->db, def, "SELECT CAST(value AS INTEGER) FROM fact WHERE name = ?", "s", name);
}

int outbox_fact_put(outbox_t *self, const char *name, const char *value) {
    if (!value) return db_run(self->db, "DELETE FROM fact WHERE name = ?", "s", name);
    return db_run(self->db, "INSERT INTO fact VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                  "ss", name, value);
}

int outbox_fact_put_int(outbox_t *self, const char *name, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    return outbox_fact_put(self, name, text);
}

char *outbox_id(outbox_t *self) {
    return outbox_fact(self, "outbox");
}

int64_t outbox_next(outbox_t *self) {
    return outbox_fact_int(self, "next", 1);
}

int outbox_number(outbox_t *self, int64_t row) {
    char *id = outbox_id(self);
    int64_t next = outbox_next(self);
    int rc =
        db_run(self->db, "UPDATE document SET outbox = ?, number = ? WHERE row = ?", "sii", id, next, row);
    free(id);
    return rc ? rc : outbox_fact_put_int(self, "next", next + 1);
}

/* Rows are collected before they are changed, for a statement must not change what it walks over. */
typedef struct {
    int64_t *row;
    size_t count, cap;
} rows_t;

static void rows_add(rows_t *rows, int64_t row) {
    if (rows->count == rows->cap) {
        rows->cap = rows->cap ? rows->cap * 2 : 64;
        rows->row = mem_grow(rows->row, rows->cap * sizeof *rows->row);
    }
    rows->row[rows->count++] = row;
}

int outbox_renew(outbox_t *self) {
    rows_t rows = {0};
    sqlite3_stmt *s = db_bind(self->db,
                              "SELECT row FROM document WHERE state IN ('waiting', 'later', 'held')"
                              " AND number > 0 ORDER BY row",
                              "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1)
        rows_add(&rows, sqlite3_column_int64(s, 0));
    if (!rc) rc = take_new_id(self);
    /* What came under the old id was passed over as our own; some of it the other one sent. */
    if (!rc) rc = outbox_fact_put_int(self, "news", 0);
    for (size_t i = 0; !rc && i < rows.count; i++) {
        rc = outbox_number(self, rows.row[i]);
        if (!rc)
            rc = db_run(self->db, "UPDATE document SET state = 'waiting', not_before = 0 WHERE row = ?", "i",
                        rows.row[i]);
    }
    log_warn("outbox.renewed", "resend=%zu do=\"nothing: a copy of this folder has sent as well\"",
             rows.count);
    free(rows.row);
    return rc;
}

/* 1 where a receipt of POSITION in LOG still holds in the collector's log. */
static int covered(const char *log, int64_t position, const char *now, const json_t *ancestors) {
    size_t i;
    json_t *a;
    if (strcmp(log, now) == 0) return 1;
    json_array_foreach(ancestors, i, a) {
        const char *name = json_text(a, "log");
        if (name && strcmp(name, log) == 0) return position <= json_int(a, "position", 0);
    }
    return 0;
}

/* 1 if this unit may send the document again: what another unit entered for it, that one sends. */
static int ours_to_send(sqlite3_stmt *s, int column, const char *unit) {
    refusal_t why;
    json_t *j = json_read(sqlite3_column_blob(s, column), (size_t)sqlite3_column_bytes(s, column), &why);
    const char *by = j ? json_text(j, "entered_by") : NULL;
    int ours = by && unit && strcmp(by, unit) == 0;
    json_decref(j);
    return ours;
}

/* The rows all of whose receipts are of a branch that the log has lost. A row's receipts come one behind the
 * other, so LAST is the row under way and HOLDS whether one of them still counts. */
static int find_lost(outbox_t *self, const char *log, const json_t *ancestors, rows_t *out) {
    sqlite3_stmt *s =
        db_bind(self->db,
                "SELECT d.row, r.log, r.position, d.bytes FROM document d JOIN receipt r USING (row)"
                " WHERE d.state = 'stored' ORDER BY d.row",
                "");
    char *unit = outbox_fact(self, "unit");
    int64_t last = 0;
    int rc, holds = 1, ours = 0;
    while ((rc = db_step(self->db, s)) == 1) {
        int64_t row = sqlite3_column_int64(s, 0);
        if (row != last) {
            if (!holds && ours) rows_add(out, last);
            holds = 0;
            ours = ours_to_send(s, 3, unit);
            last = row;
        }
        holds |= covered((const char *)sqlite3_column_text(s, 1), sqlite3_column_int64(s, 2), log, ancestors);
    }
    if (!holds && ours) rows_add(out, last);
    free(unit);
    return rc;
}

int outbox_reclaim(outbox_t *self, const char *log, const json_t *ancestors, int64_t *count) {
    rows_t rows = {0};
    char *id = outbox_id(self);
    int rc = find_lost(self, log, ancestors, &rows);
    for (size_t i = 0; !rc && i < rows.count; i++) {
        rc = db_run(self->db, "UPDATE document SET state = 'waiting', not_before = 0 WHERE row = ?", "i",
                    rows.row[i]);
        int known =
            (int)db_int(self->db, 0, "SELECT outbox = ? FROM document WHERE row = ?", "si", id, rows.row[i]);
        if (!rc && !known) rc = outbox_number(self, rows.row[i]);
    }
    *count = (int64_t)rows.count;
    free(rows.row);
    free(id);
    return rc;
}

int outbox_reclaim_above(outbox_t *self, int64_t highest, int64_t *count) {
    char *id = outbox_id(self);
    int rc = db_run(self->db,
                    "UPDATE document SET state = 'waiting', not_before = 0"
                    " WHERE state = 'stored' AND outbox = ? AND number > ?",
                    "si", id, highest);
    free(id);
    *count = rc ? 0 : db_changes(self->db);
    return rc;
}

int64_t outbox_furthest(outbox_t *self, const char *log) {
    return db_int(self->db, 0, "SELECT max(position) FROM receipt WHERE log = ?", "s", log);
}
