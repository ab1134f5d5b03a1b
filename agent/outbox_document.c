/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_document.c - putting documents into the outbox, and what the collector says about them. */
#include "agent/outbox_document.h"

#include <stdlib.h>
#include <string.h>

#include "agent/outbox_row.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

static const char *const state_names[] = {"waiting", "later", "held", "refused", "stored"};

const char *kept_state_name(kept_state_t state) {
    return state_names[state];
}

const char *kept_state_label(kept_state_t state, lang_t lang) {
    static const char *const vi[] = {"Chờ gửi", "Chờ gửi lại", "Chờ xử lý", "Không được nhận", "Đã nhận"};
    static const char *const en[] = {"waiting", "sent again later", "held", "refused", "received"};
    return tr(lang, vi[state], en[state]);
}

/* What makes two activities look like one: unit, form, days and figures. Plans and title do not count: a
 * conference entered once for each plan would count twice in the whole. */
static hash_t likeness_of(const document_t *doc) {
    buf_t b = {0};
    const char *form = json_text(doc->json, "form");
    char *measures = doc->measures ? json_canonical(doc->measures) : mem_str("");
    buf_printf(&b, "%s\n%s\n%d\n%d\n%s", doc->unit, form ? form : "", doc->from, doc->to, measures);
    hash_t h = hash_of(b.data, b.len);
    free(measures);
    buf_free(&b);
    return h;
}

static char *plans_of(const document_t *doc) {
    buf_t b = {0};
    size_t i;
    json_t *p;
    buf_puts(&b, "\x1f");
    json_array_foreach(doc->plans, i, p) {
        const char *number = json_text(p, "plan");
        buf_printf(&b, "%s\x1f", number ? number : "");
    }
    return b.data;
}

/* The number people use: that of the document's other revisions, else the next. */
static int64_t number_for_people(db_t *db, const char *id) {
    int64_t no = db_int(db, 0, "SELECT no FROM document WHERE id = ? LIMIT 1", "s", id);
    return no ? no : db_int(db, 1, "SELECT coalesce(max(no), 0) + 1 FROM document", "");
}

/* Inserts a row of outbox '' and number 0, waiting. *ROW and *NO are filled. */
static int insert(outbox_t *self, const document_t *doc, const char *bytes, size_t n, int64_t now,
                  int64_t *row, int64_t *no) {
    db_t *db = outbox_db(self);
    char id[UUID_TEXT], *plans = plans_of(doc);
    uuid_text(&doc->id, id);
    const char *title = json_text(doc->json, "title");
    hash_t like = {0};
    int is_activity = doc->kind == DOC_ACTIVITY;
    if (is_activity && !doc->withdrawn) like = likeness_of(doc);
    *no = number_for_people(db, id);
    int rc = db_run(
        db,
        "INSERT INTO document (no, id, rev, counts, kind, unit, title, plans, period, day, withdrawn,"
        " likeness, outbox, number, state, made, changed, not_before, bytes, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 'waiting', ?, ?, 0, ?, ?)",
        "isiisssssiibiibb", *no, id, (int64_t)doc->rev, (int64_t)doc->rev, document_kind_name(doc->kind),
        doc->unit, title ? title : "", plans, doc->period ? doc->period : "", (int64_t)doc->to,
        (int64_t)doc->withdrawn, is_activity && !doc->withdrawn ? like.b : NULL, sizeof like.b,
        (int64_t)json_int(doc->json, "made", now), now, bytes, n, doc->hash.b, sizeof doc->hash.b);
    *row = rc ? 0 : sqlite3_last_insert_rowid(db_handle(db));
    if (!rc && doc->withdrawn) /* is listed under what it takes back */
        rc = db_run(db,
                    "UPDATE document SET (title, period, day) = (SELECT title, period, day FROM document"
                    " WHERE id = ? AND withdrawn = 0 ORDER BY rev DESC LIMIT 1)"
                    " WHERE row = ? AND EXISTS (SELECT 1 FROM document WHERE id = ? AND withdrawn = 0)",
                    "sis", id, *row, id);
    free(plans);
    return rc;
}

int outbox_add(outbox_t *self, const document_t *doc, const char *bytes, size_t n, int64_t now, int64_t *no) {
    int64_t row;
    int rc = insert(self, doc, bytes, n, now, &row, no);
    return rc ? rc : outbox_number(self, row);
}

/* 1 if BYTES say what DOC says, but for the moment it was entered. */
static int says_the_same(const document_t *doc, const void *bytes, size_t n) {
    json_t *mine = json_loadb(bytes ? bytes : "", n, 0, NULL), *theirs = json_copy(doc->json);
    json_object_del(mine, "made");
    json_object_del(theirs, "made");
    int same = mine && json_equal(mine, theirs);
    json_decref(mine);
    json_decref(theirs);
    return same;
}

/* The same table was entered here as well: what has no receipt makes way for what was received. */
static int forget_double(outbox_t *self, const char *id, const document_t *doc) {
    db_t *db = outbox_db(self);
    int64_t row = 0;
    sqlite3_stmt *s = db_bind(db,
                              "SELECT row, bytes FROM document WHERE id = ? AND rev = ? AND sha256 <> ?"
                              " AND state <> 'stored'",
                              "sib", id, (int64_t)doc->rev, doc->hash.b, sizeof doc->hash.b);
    int rc;
    while ((rc = db_step(db, s)) == 1 && !row)
        if (says_the_same(doc, sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1)))
            row = sqlite3_column_int64(s, 0);
    if (rc == 1) db_done(s);
    if (rc < 0 || !row) return rc < 0 ? rc : BC_OK;
    return db_run(db, "DELETE FROM document WHERE row = ?", "i", row);
}

int outbox_learn(outbox_t *self, const document_t *doc, const char *bytes, size_t n, const receipt_t *receipt,
                 const char *kept_receipt, int64_t now) {
    char id[UUID_TEXT];
    int64_t no,
        row = db_int(outbox_db(self), 0, "SELECT row FROM document WHERE id = ? AND rev = ? AND sha256 = ?",
                     "sib", uuid_text(&doc->id, id), (int64_t)doc->rev, doc->hash.b, sizeof doc->hash.b);
    int rc = row ? BC_OK : insert(self, doc, bytes, n, now, &row, &no);
    if (!rc) rc = forget_double(self, id, doc);
    return rc ? rc : outbox_stored(self, row, receipt, kept_receipt, now);
}

int outbox_stored(outbox_t *self, int64_t row, const receipt_t *receipt, const char *kept_receipt,
                  int64_t now) {
    db_t *db = outbox_db(self);
    int rc =
        db_run(db,
               "UPDATE document SET state = 'stored', counts = ?, changed = ?, not_before = 0, code = NULL,"
               " field = NULL, vi = NULL, en = NULL WHERE row = ?",
               "iii", (int64_t)receipt->rev, now, row);
    if (rc) return rc;
    return db_run(db,
                  "INSERT INTO receipt (row, log, position, received, json) VALUES (?, ?, ?, ?, ?)"
                  " ON CONFLICT DO UPDATE SET position = excluded.position, received = excluded.received,"
                  " json = excluded.json",
                  "isiis", row, receipt->log, receipt->position, receipt->received, kept_receipt);
}

int outbox_verdict(outbox_t *self, int64_t row, kept_state_t state, const refusal_t *why, int64_t not_before,
                   int64_t now) {
    return db_run(
        outbox_db(self),
        "UPDATE document SET state = ?, changed = ?, not_before = ?, code = ?, field = ?, vi = ?, en = ?"
        " WHERE row = ?",
        "siissssi", kept_state_name(state), now, not_before, why->code, why->field, why->vi, why->en, row);
}

char *outbox_receipt(outbox_t *self, int64_t row, int first) {
    if (first)
        return db_text(outbox_db(self), "SELECT json FROM receipt WHERE row = ? ORDER BY received LIMIT 1",
                       "i", row);
    return db_text(outbox_db(self), "SELECT json FROM receipt WHERE row = ? ORDER BY received DESC LIMIT 1",
                   "i", row);
}

int64_t outbox_alike(outbox_t *self, const document_t *doc) {
    char id[UUID_TEXT];
    if (doc->kind != DOC_ACTIVITY || doc->withdrawn) return 0;
    hash_t like = likeness_of(doc);
    return db_int(outbox_db(self), 0,
                  "SELECT d.no FROM document d WHERE d.likeness = ? AND d.id <> ? AND " ROW_IS_LIVE
                  " LIMIT 1",
                  "bs", like.b, sizeof like.b, uuid_text(&doc->id, id));
}

int outbox_revision(outbox_t *self, const char *id) {
    return (int)db_int(outbox_db(self), 0, "SELECT max(max(rev, counts)) FROM document WHERE id = ?", "s",
                       id);
}

int outbox_counts(outbox_t *self, outbox_counts_t *out) {
    db_t *db = outbox_db(self);
    sqlite3_stmt *s = db_bind(db, "SELECT state, count(*) FROM document GROUP BY state", "");
    int rc;
    *out = (outbox_counts_t){0};
    while ((rc = db_step(db, s)) == 1)
        out->state[row_state((const char *)sqlite3_column_text(s, 0))] = sqlite3_column_int64(s, 1);
    out->oldest = db_int(db, 0, "SELECT min(made) FROM document WHERE state IN ('waiting', 'later')", "");
    out->due = db_int(db, 0, "SELECT min(not_before) FROM document WHERE state = 'later'", "");
    return rc;
}

int64_t outbox_unanswered(const outbox_counts_t *counts) {
    return counts->state[KEPT_WAITING] + counts->state[KEPT_LATER] + counts->state[KEPT_HELD];
}
