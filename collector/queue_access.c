/* SPDX-License-Identifier: MPL-2.0 */
/* queue_access.c - keys, grants and enrolment codes in the store. */
#include <stdio.h>
#include <string.h>

#include "collector/queue_sqlite.h"

static void copy_text(char *to, size_t size, sqlite3_stmt *s, int column) {
    const char *text = (const char *)sqlite3_column_text(s, column);
    snprintf(to, size, "%s", text ? text : "");
}

static int copy_bytes(void *to, int size, sqlite3_stmt *s, int column) {
    if (sqlite3_column_bytes(s, column) != size) return BC_CORRUPT;
    memcpy(to, sqlite3_column_blob(s, column), (size_t)size);
    return BC_OK;
}

/* ---- keys ---- */

int queue_key_add(queue_t *self, access_key_t *key) {
    int rc = db_run(self->db,
                    "INSERT INTO access_key(public, unit, consumer, may_decide, name, state, begins, ends)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    "bsiisiii", key->public_, sizeof key->public_, key->unit, (int64_t)key->consumer,
                    (int64_t)key->may_decide, key->name, (int64_t)key->state, key->from, key->to);
    if (rc == BC_OK) key->serial = sqlite3_last_insert_rowid(db_handle(self->db));
    return rc;
}

int queue_key_each(queue_t *self, int (*each)(void *arg, const access_key_t *k), void *arg) {
    sqlite3_stmt *s = db_bind(self->db,
                              "SELECT serial, public, unit, consumer, may_decide, name, state, begins, ends"
                              " FROM access_key ORDER BY serial",
                              "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        access_key_t k = {.serial = sqlite3_column_int64(s, 0),
                          .consumer = sqlite3_column_int(s, 3),
                          .may_decide = sqlite3_column_int(s, 4),
                          .state = sqlite3_column_int(s, 6) == KEY_ACTIVE ? KEY_ACTIVE : KEY_REVOKED,
                          .from = sqlite3_column_int64(s, 7),
                          .to = sqlite3_column_int64(s, 8)};
        copy_text(k.unit, sizeof k.unit, s, 2);
        copy_text(k.name, sizeof k.name, s, 5);
        rc = copy_bytes(k.public_, sizeof k.public_, s, 1);
        if (rc == BC_OK) rc = each(arg, &k);
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_key_state(queue_t *self, int64_t serial, key_state_t state, int64_t to) {
    int rc = db_run(self->db, "UPDATE access_key SET state=?2, ends=?3 WHERE serial=?1", "iii", serial,
                    (int64_t)state, to);
    return rc == BC_OK && db_changes(self->db) == 0 ? BC_NOTFOUND : rc;
}

/* ---- grants ---- */

int queue_grant_add(queue_t *self, const access_grant_t *g) {
    return db_run(self->db,
                  "INSERT OR REPLACE INTO access_grant(holder, unit, subtree, begins, ends)"
                  " VALUES(?1, ?2, ?3, ?4, ?5)",
                  "ssiii", g->holder, g->unit, (int64_t)g->subtree, (int64_t)g->from, (int64_t)g->to);
}

int queue_grant_each(queue_t *self, int (*each)(void *arg, const access_grant_t *g), void *arg) {
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT holder, unit, subtree, begins, ends FROM access_grant ORDER BY holder, unit", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        access_grant_t g = {.subtree = sqlite3_column_int(s, 2),
                            .from = sqlite3_column_int(s, 3),
                            .to = sqlite3_column_int(s, 4)};
        copy_text(g.holder, sizeof g.holder, s, 0);
        copy_text(g.unit, sizeof g.unit, s, 1);
        rc = each(arg, &g);
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

/* ---- codes ---- */

#define COLUMNS "token, unit, consumer, may_decide, expires, key, cancelled, made"

static int code_row(sqlite3_stmt *s, access_code_t *c) {
    *c = (access_code_t){.consumer = sqlite3_column_int(s, 2),
                         .may_decide = sqlite3_column_int(s, 3),
                         .expires = sqlite3_column_int(s, 4),
                         .key = sqlite3_column_int64(s, 5),
                         .cancelled = sqlite3_column_int(s, 6),
                         .made = sqlite3_column_int64(s, 7)};
    copy_text(c->unit, sizeof c->unit, s, 1);
    return copy_bytes(c->token, sizeof c->token, s, 0);
}

int queue_code_add(queue_t *self, const access_code_t *c) {
    return db_run(self->db, "INSERT INTO access_code(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                  "bsiiiiii", c->token, sizeof c->token, c->unit, (int64_t)c->consumer,
                  (int64_t)c->may_decide, (int64_t)c->expires, c->key, (int64_t)c->cancelled, c->made);
}

int queue_code_get(queue_t *self, const uint8_t token[static 16], access_code_t *out) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT " COLUMNS " FROM access_code WHERE token=?1", "b", token, (size_t)16);
    int rc = db_step(self->db, s);
    if (rc == 0) return BC_NOTFOUND;
    if (rc < 0) return rc;
    rc = code_row(s, out);
    db_done(s);
    return rc;
}

int queue_code_used(queue_t *self, const uint8_t token[static 16], int64_t key) {
    return db_run(self->db, "UPDATE access_code SET key=?2 WHERE token=?1", "bi", token, (size_t)16, key);
}

int queue_code_each(queue_t *self, int (*each)(void *arg, const access_code_t *c), void *arg) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT " COLUMNS " FROM access_code ORDER BY unit, made, token", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        access_code_t c;
        rc = code_row(s, &c);
        if (rc == BC_OK) rc = each(arg, &c);
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_code_cancel(queue_t *self, const char *unit) {
    return db_run(self->db, "UPDATE access_code SET cancelled=1 WHERE unit=?1 AND key=0 AND cancelled=0", "s",
                  unit);
}
