/* SPDX-License-Identifier: MPL-2.0 */
/* queue_state.c - the current state beside the log: units, plans, cursors, decisions, counts, facts. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/queue_sqlite.h"

/* ---- units and plans ---- */

int queue_unit_each(queue_t *self, int (*each)(void *arg, const char *json, size_t n), void *arg) {
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT e.body FROM unit u JOIN entry e ON e.position=u.position ORDER BY u.code", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        rc = each(arg, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_plan_each(queue_t *self, int (*each)(void *arg, const char *json, size_t n, int64_t position),
                    void *arg) {
    sqlite3_stmt *s = db_bind(
        self->db,
        "SELECT e.body, e.position FROM plan p JOIN entry e ON e.position=p.position ORDER BY p.position",
        "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        rc = each(arg, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0),
                  sqlite3_column_int64(s, 1));
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

/* ---- consumers and decisions ---- */

int queue_cursor_put(queue_t *self, const char *consumer, int64_t position, int64_t now) {
    return db_run(self->db, "INSERT OR REPLACE INTO cursor(consumer, position, at) VALUES(?1, ?2, ?3)", "sii",
                  consumer, position, now);
}

int queue_cursor_each(queue_t *self,
                      int (*each)(void *arg, const char *consumer, int64_t position, int64_t at), void *arg) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT consumer, position, at FROM cursor ORDER BY consumer", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        rc = each(arg, (const char *)sqlite3_column_text(s, 0), sqlite3_column_int64(s, 1),
                  sqlite3_column_int64(s, 2));
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_decided(queue_t *self, const uuid_bc_t *uuid) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT 1 FROM decision WHERE uuid=?1", "b", uuid->b, sizeof uuid->b);
    int rc = db_step(self->db, s);
    if (rc == 1) db_done(s);
    return rc;
}

int queue_decision(queue_t *self, const uuid_bc_t *uuid, entry_t *e, const void *body, size_t n,
                   int64_t *position) {
    hash_t hash = hash_of(body, n);
    sqlite3_stmt *s = db_bind(self->db, "SELECT position, sha256 FROM decision WHERE uuid=?1", "b", uuid->b,
                              sizeof uuid->b);
    int rc = db_step(self->db, s);
    if (rc < 0) return rc;
    if (rc) {
        *position = sqlite3_column_int64(s, 0);
        int same =
            sqlite3_column_bytes(s, 1) == HASH_LEN && !memcmp(sqlite3_column_blob(s, 1), hash.b, HASH_LEN);
        db_done(s);
        return same ? BC_OK : BC_CONFLICT;
    }
    rc = queue_append(self, e, body, n);
    if (rc == BC_OK)
        rc = db_run(self->db, "INSERT INTO decision(uuid, position, sha256) VALUES(?1, ?2, ?3)", "bib",
                    uuid->b, sizeof uuid->b, e->position, hash.b, (size_t)HASH_LEN);
    *position = e->position;
    return rc;
}

/* ---- counts, ancestors, facts ---- */

static int64_t file_bytes(const char *path, const char *suffix) {
    struct stat st;
    char *full = mem_printf("%s%s", path, suffix);
    int64_t n = stat(full, &st) == 0 ? (int64_t)st.st_size : 0; /* no WAL: none was written */
    free(full);
    return n;
}

int queue_counts(queue_t *self, queue_counts_t *out) {
    sqlite3_stmt *s = db_bind(
        self->db,
        "SELECT (SELECT CAST(value AS INTEGER) FROM fact WHERE name='documents'),"
        " (SELECT count(*) FROM held WHERE state=0), (SELECT count(*) FROM unit),"
        " (SELECT count(*) FROM access_key WHERE state=0),"
        " (SELECT count(*) FROM access_code WHERE key=0 AND cancelled=0), (SELECT count(*) FROM ancestor),"
        " (SELECT count(*) FROM outbox WHERE highest>contiguous AND highest<999999999999999)", /* QUEUE_SHARED
                                                                                                */
        "");
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc < 0 ? rc : BC_CORRUPT;
    *out = (queue_counts_t){.documents = sqlite3_column_int64(s, 0),
                            .held = sqlite3_column_int64(s, 1),
                            .units = sqlite3_column_int64(s, 2),
                            .keys = sqlite3_column_int64(s, 3),
                            .codes_open = sqlite3_column_int64(s, 4),
                            .ancestors = sqlite3_column_int64(s, 5),
                            .gaps = sqlite3_column_int64(s, 6)};
    db_done(s);
    head_t head;
    rc = queue_head(self, &head);
    out->last_received = head.received;
    out->db_bytes = file_bytes(self->path, "");
    out->wal_bytes = file_bytes(self->path, "-wal");
    return rc;
}

int queue_ancestors(queue_t *self, int (*each)(void *arg, const char *log, int64_t position), void *arg) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT log, position FROM ancestor ORDER BY n DESC", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        rc = each(arg, (const char *)sqlite3_column_text(s, 0), sqlite3_column_int64(s, 1));
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_fact_put(queue_t *self, const char *name, const char *value) {
    return db_run(self->db, "INSERT OR REPLACE INTO fact(name, value) VALUES(?1, ?2)", "ss", name, value);
}

char *queue_fact(queue_t *self, const char *name) {
    return db_text(self->db, "SELECT value FROM fact WHERE name=?1", "s", name);
}
