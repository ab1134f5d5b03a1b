/* SPDX-License-Identifier: MPL-2.0 */
/* queue_held.c - documents that conflict with what is stored, until staff release or discard them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/queue_sqlite.h"

#define REV_MOST 999

/* ---- on the way in ---- */

static int refuse_discarded(const incoming_t *in, outcome_t *out) {
    out->verdict = VERDICT_REFUSED;
    refuse(&out->why, "held-discarded", "rev",
           "Bản chỉnh lý %d này trùng số với một bản khác đã nhận và đã được cấp trên xem xét, quyết định "
           "không nhận; "
           "nếu còn cần, hãy lập bản chỉnh lý mới.",
           "This revision %d had the number of another one that was received before, and staff decided not "
           "to take "
           "it; if it is still needed, make a new revision.",
           in->rev);
    return BC_OK;
}

static void refuse_conflict(const incoming_t *in, outcome_t *out) {
    out->verdict = VERDICT_HELD;
    refuse(&out->why, "revision-conflict", "rev",
           "Một bản khác của báo cáo này đã được nhận với cùng số bản %d; bản này được giữ lại chờ xử lý. "
           "Đơn vị "
           "không phải gửi lại.",
           "Another version of this document was received with the same revision %d; this one is held until "
           "staff "
           "decide. There is no need to send it again.",
           in->rev);
}

/* A document without the moment it was entered: what two computers make of one table differs in that. */
static json_t *content_of(const void *body, size_t n) {
    json_t *j = json_loadb(body ? body : "", n, 0, NULL);
    json_object_del(j, "made");
    return j;
}

/* 1 if the stored document of this id and revision says the same as IN, 0 if not, or a stop. */
static int says_the_same(queue_t *self, const incoming_t *in) {
    sqlite3_stmt *s = db_bind(self->db,
                              "SELECT e.body FROM document d JOIN entry e ON e.position=d.position"
                              " WHERE d.id=?1 AND d.rev=?2",
                              "bi", in->id.b, sizeof in->id.b, (int64_t)in->rev);
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc;
    json_t *there = content_of(sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
    json_t *here = content_of(in->body, in->body_len);
    int same = there && here && json_equal(there, here);
    json_decref(there);
    json_decref(here);
    db_done(s);
    return same;
}

/* Nothing for staff to decide: the same table was entered on two computers of a unit. */
static void refuse_known(outcome_t *out) {
    out->verdict = VERDICT_REFUSED;
    refuse(
        &out->why, "entered-elsewhere", "id",
        "Máy khác của đơn vị đã gửi đúng báo cáo này và đã được nhận; không phải làm gì thêm.",
        "Another computer of the unit sent this same report, and it was received; there is nothing to do.");
}

static int hold_new(queue_t *self, const incoming_t *in, const refusal_t *why) {
    return db_run(
        self->db,
        "INSERT INTO held(id, rev, sha256, unit, by, key, outbox, number, received, code, field, vi, en,"
        " state, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        "bibssisiissssib", in->id.b, sizeof in->id.b, (int64_t)in->rev, in->sha256.b, (size_t)HASH_LEN,
        in->unit, in->by, in->key, in->outbox, in->number, in->received, why->code, why->field, why->vi,
        why->en, (int64_t)HELD_WAITS, in->body, in->body_len);
}

int queue_hold(queue_t *self, const incoming_t *in, int write, outcome_t *out) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT state, position FROM held WHERE id=?1 AND rev=?2 AND sha256=?3", "bib",
                in->id.b, sizeof in->id.b, (int64_t)in->rev, in->sha256.b, (size_t)HASH_LEN);
    int rc = db_step(self->db, s);
    if (rc < 0) return rc;
    int state = rc ? sqlite3_column_int(s, 0) : HELD_WAITS;
    int64_t position = rc ? sqlite3_column_int64(s, 1) : 0;
    if (rc) db_done(s);
    if (state == HELD_DISCARDED) return refuse_discarded(in, out);
    if (state == HELD_RELEASED) {
        out->verdict = VERDICT_STORED;
        return queue_line_at(self, position, out->line);
    }
    int same = rc ? 0 : says_the_same(self, in);
    if (same < 0) return same;
    if (same) {
        refuse_known(out);
        return BC_OK;
    }
    if (rc == 0 && !write) return BC_AGAIN;
    refuse_conflict(in, out);
    return rc == 0 ? hold_new(self, in, &out->why) : BC_OK;
}

/* ---- for staff ---- */

#define COLUMNS "n, id, rev, unit, key, received, sha256, body, code, field, vi, en"

static void copy_text(char *to, size_t size, sqlite3_stmt *s, int column) {
    const char *text = (const char *)sqlite3_column_text(s, column);
    snprintf(to, size, "%s", text ? text : "");
}

static int take_row(sqlite3_stmt *s, held_t *h) {
    memset(h, 0, sizeof *h);
    h->n = sqlite3_column_int64(s, 0);
    h->rev = sqlite3_column_int(s, 2);
    copy_text(h->unit, sizeof h->unit, s, 3);
    h->key = sqlite3_column_int64(s, 4);
    h->received = sqlite3_column_int64(s, 5);
    h->body = sqlite3_column_blob(s, 7);
    h->body_len = (size_t)sqlite3_column_bytes(s, 7);
    copy_text(h->why.code, sizeof h->why.code, s, 8);
    copy_text(h->why.field, sizeof h->why.field, s, 9);
    copy_text(h->why.vi, sizeof h->why.vi, s, 10);
    copy_text(h->why.en, sizeof h->why.en, s, 11);
    if (sqlite3_column_bytes(s, 1) != sizeof h->id.b || sqlite3_column_bytes(s, 6) != HASH_LEN)
        return BC_CORRUPT;
    memcpy(h->id.b, sqlite3_column_blob(s, 1), sizeof h->id.b);
    memcpy(h->sha256.b, sqlite3_column_blob(s, 6), HASH_LEN);
    return BC_OK;
}

/* Steps S through EACH until it returns non-zero. *SEEN counts. */
static int each_row(queue_t *self, sqlite3_stmt *s, held_each_fn *each, void *arg, int *seen) {
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        held_t h;
        rc = take_row(s, &h);
        if (rc == BC_OK) rc = each(arg, &h);
        ++*seen;
        if (rc == BC_OK) continue;
        db_done(s);
        break;
    }
    return rc;
}

int queue_held_each(queue_t *self, held_each_fn *each, void *arg) {
    int seen = 0;
    sqlite3_stmt *s = db_bind(self->db, "SELECT " COLUMNS " FROM held WHERE state=0 ORDER BY n", "");
    return each_row(self, s, each, arg, &seen);
}

int queue_held_get(queue_t *self, int64_t n, held_each_fn *each, void *arg) {
    int seen = 0;
    sqlite3_stmt *s = db_bind(self->db, "SELECT " COLUMNS " FROM held WHERE state=0 AND n=?1", "i", n);
    int rc = each_row(self, s, each, arg, &seen);
    return rc == BC_OK && !seen ? BC_NOTFOUND : rc;
}

static int refuse_unknown(int64_t n, refusal_t *why) {
    return refuse(why, "held-unknown", NULL, "Không có báo cáo chờ xử lý số %lld.",
                  "There is no held document number %lld.", (long long)n);
}

/* The body is no longer needed here: the log has it, or nobody wanted it. */
static int end(queue_t *self, int64_t n, int state, int64_t position, const char *by) {
    return db_run(self->db, "UPDATE held SET state=?2, position=?3, ended_by=?4, body=NULL WHERE n=?1",
                  "iiis", n, (int64_t)state, position, by);
}

static int release(queue_t *self, sqlite3_stmt *s, int rev, int64_t now, int64_t *position) {
    if (sqlite3_column_bytes(s, 0) != (int)sizeof(uuid_bc_t) || sqlite3_column_bytes(s, 1) != HASH_LEN)
        return BC_CORRUPT;
    incoming_t in = {.rev = rev,
                     .unit = (const char *)sqlite3_column_text(s, 2),
                     .by = (const char *)sqlite3_column_text(s, 3),
                     .key = sqlite3_column_int64(s, 4),
                     .outbox = (const char *)sqlite3_column_text(s, 5),
                     .number = sqlite3_column_int64(s, 6),
                     .received = now,
                     .body = sqlite3_column_blob(s, 7),
                     .body_len = (size_t)sqlite3_column_bytes(s, 7)};
    memcpy(in.id.b, sqlite3_column_blob(s, 0), sizeof in.id.b);
    memcpy(in.sha256.b, sqlite3_column_blob(s, 1), HASH_LEN);
    return queue_store(self, &in, rev, position);
}

int queue_held_release(queue_t *self, int64_t n, const char *by, int64_t now, int64_t *position,
                       refusal_t *why) {
    int64_t rev = db_int(self->db, 0,
                         "SELECT max(d.rev)+1 FROM document d JOIN held h ON d.id=h.id WHERE h.n=?1", "i", n);
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT id, sha256, unit, by, key, outbox, number, body FROM held WHERE n=?1 AND state=0",
        "i", n);
    int rc = db_step(self->db, s);
    if (rc < 0) return rc;
    if (rc == 0) return refuse_unknown(n, why);
    if (rev > REV_MOST)
        rc = refuse(why, "held-full", NULL,
                    "Báo cáo đã có %d bản, không còn số bản nào cho bản chờ xử lý số %lld.",
                    "The document has %d revisions; none is free for held document number %lld.", REV_MOST,
                    (long long)n);
    else
        rc = release(self, s, (int)rev, now, position);
    db_done(s);
    return rc == BC_OK ? end(self, n, HELD_RELEASED, *position, by) : rc;
}

static int discard(queue_t *self, sqlite3_stmt *s, const char *by, const char *reason, int64_t now) {
    if (sqlite3_column_bytes(s, 0) != (int)sizeof(uuid_bc_t) || sqlite3_column_bytes(s, 1) != HASH_LEN)
        return BC_CORRUPT;
    uuid_bc_t id;
    char id_text[UUID_TEXT], sha[HASH_HEX];
    memcpy(id.b, sqlite3_column_blob(s, 0), sizeof id.b);
    uuid_text(&id, id_text);
    hex_write(sqlite3_column_blob(s, 1), HASH_LEN, sha);
    int rev = sqlite3_column_int(s, 2);
    char *body = queue_json(
        json_pack("{s:s, s:i, s:s, s:s}", "id", id_text, "rev", rev, "sha256", sha, "reason", reason));
    entry_t e = {.kind = "discard",
                 .received = now,
                 .unit = (const char *)sqlite3_column_text(s, 3),
                 .by = by,
                 .id = &id,
                 .rev = rev};
    int rc = queue_append(self, &e, body, strlen(body));
    free(body);
    return rc;
}

int queue_held_discard(queue_t *self, int64_t n, const char *by, const char *reason, int64_t now,
                       refusal_t *why) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT id, sha256, rev, unit FROM held WHERE n=?1 AND state=0", "i", n);
    int rc = db_step(self->db, s);
    if (rc < 0) return rc;
    if (rc == 0) return refuse_unknown(n, why);
    rc = discard(self, s, by, reason, now);
    db_done(s);
    return rc == BC_OK ? end(self, n, HELD_DISCARDED, self->head.position, by) : rc;
}
