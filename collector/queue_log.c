/* SPDX-License-Identifier: MPL-2.0 */
/* queue_log.c - the log in the store: appending, walking, proving, removing a body. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/queue_sqlite.h"
#include "proto/base/json.h"

/* ---- appending ---- */

/* A notice is news for each unit it names. */
static void add_notice(queue_t *self, const char *body, size_t n, int64_t position) {
    json_t *j = json_loadb(body, n, 0, NULL);
    size_t i;
    json_t *unit;
    json_array_foreach(json_object_get(j, "to"), i, unit) {
        if (json_is_string(unit)) queue_news_add(self, json_string_value(unit), position);
    }
    json_decref(j);
}

/* What follows from an entry, kept beside the log. */
static int follow(queue_t *self, const entry_t *e, const void *body, size_t n) {
    if (strcmp(e->kind, "document") == 0) queue_news_add(self, e->unit, e->position);
    if (strcmp(e->kind, "plan") == 0 || strcmp(e->kind, "succession") == 0)
        queue_news_add(self, "", e->position);
    if (strcmp(e->kind, "notice") == 0) add_notice(self, body, n, e->position);
    if (strcmp(e->kind, "plan") == 0)
        return db_run(self->db, "INSERT INTO plan(position) VALUES(?1)", "i", e->position);
    if (strcmp(e->kind, "unit") == 0)
        return db_run(self->db, "INSERT OR REPLACE INTO unit(code, position) VALUES(?1, ?2)", "si", e->unit,
                      e->position);
    return BC_OK;
}

int queue_append_hashed(queue_t *self, entry_t *e, const void *body, size_t n) {
    assert(self->writer && e->kind);
    memcpy(e->log, self->head.log, LOG_ID);
    e->position = self->head.position + 1;
    e->bytes = (int64_t)n;
    if (e->received < self->head.received) e->received = self->head.received;
    buf_clear(&self->header);
    entry_write(e, &self->header);
    hash_t chain = chain_next(&self->head.chain, self->header.data, self->header.len);
    sqlite3_stmt *s =
        db_bind(self->db, "INSERT INTO entry(position, header, chain, body) VALUES(?1, ?2, ?3, ?4)", "isbb",
                e->position, self->header.data, chain.b, (size_t)HASH_LEN, n ? body : "", n);
    int rc = db_step(self->db, s);
    if (rc == BC_OK) rc = follow(self, e, body, n);
    if (rc != BC_OK) return rc;
    self->head.position = e->position;
    self->head.received = e->received;
    self->head.chain = chain;
    return BC_OK;
}

int queue_append(queue_t *self, entry_t *e, const void *body, size_t n) {
    e->sha256 = hash_of(body, n);
    return queue_append_hashed(self, e, body, n);
}

char *queue_json(json_t *j) {
    char *text = json_dumps(j, JSON_COMPACT);
    assert(text);
    json_decref(j);
    return text;
}

/* ---- reading ---- */

#define COLUMNS "position, header, chain, body"

/* The row of S, which selects COLUMNS; BC_CORRUPT where it can not be one. */
static int take_row(sqlite3_stmt *s, queue_entry_t *out) {
    out->position = sqlite3_column_int64(s, 0);
    out->header = (const char *)sqlite3_column_text(s, 1);
    out->header_len = (size_t)sqlite3_column_bytes(s, 1);
    const void *chain = sqlite3_column_blob(s, 2);
    int redacted = sqlite3_column_type(s, 3) == SQLITE_NULL;
    out->body = sqlite3_column_blob(s, 3);
    out->body_len = (size_t)sqlite3_column_bytes(s, 3);
    if (!redacted && !out->body) out->body = ""; /* SQLite gives NULL for an empty one */
    if (!out->header || !chain || sqlite3_column_bytes(s, 2) != HASH_LEN) return BC_CORRUPT;
    memcpy(out->chain.b, chain, HASH_LEN);
    return BC_OK;
}

int queue_at(queue_t *self, int64_t position, queue_each_fn *each, void *arg) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT " COLUMNS " FROM entry WHERE position=?1", "i", position);
    int rc = db_step(self->db, s);
    if (rc == 0) return BC_NOTFOUND;
    if (rc < 0) return rc;
    queue_entry_t entry;
    rc = take_row(s, &entry);
    if (rc == BC_OK) rc = each(arg, &entry);
    db_done(s);
    return rc;
}

int queue_chain_at(queue_t *self, int64_t position, hash_t *out) {
    if (position == 0) {
        *out = chain_begin(self->first);
        return BC_OK;
    }
    sqlite3_stmt *s = db_bind(self->db, "SELECT chain FROM entry WHERE position=?1", "i", position);
    int rc = db_step(self->db, s);
    if (rc == 0) return BC_NOTFOUND;
    if (rc < 0) return rc;
    if (sqlite3_column_bytes(s, 0) != HASH_LEN)
        rc = BC_CORRUPT;
    else
        memcpy(out->b, sqlite3_column_blob(s, 0), HASH_LEN);
    db_done(s);
    return rc == 1 ? BC_OK : rc;
}

/* `sha256` is the last field of a header (PROTOCOL.md 12), so it is found without parsing. */
static int body_matches(const queue_entry_t *e) {
    if (!e->body) return 1;
    if (e->header_len < HASH_HEX + 1) return 0;
    hash_t hash = hash_of(e->body, e->body_len);
    char hex[HASH_HEX];
    hex_write(hash.b, HASH_LEN, hex);
    return memcmp(e->header + e->header_len - HASH_HEX - 1, hex, HASH_HEX - 1) == 0;
}

static int broken(int64_t position, refusal_t *why) {
    refuse(
        why, "log-broken", NULL,
        "Sổ nhận bị hỏng ở vị trí %lld: nội dung không khớp với mã băm. Hãy giữ nguyên kho và khôi phục từ "
        "bản sao.",
        "The log is broken at position %lld: what is stored does not match its hash. Keep the store as it is "
        "and restore from a backup.",
        (long long)position);
    return BC_CORRUPT;
}

int queue_walk(queue_t *self, int64_t after, queue_each_fn *each, void *arg, refusal_t *why) {
    hash_t chain;
    int rc = queue_chain_at(self, after, &chain);
    if (rc != BC_OK) return rc == BC_CORRUPT ? broken(after, why) : rc;
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT " COLUMNS " FROM entry WHERE position>?1 ORDER BY position", "i", after);
    for (int64_t next = after + 1; (rc = db_step(self->db, s)) == 1; next++) {
        queue_entry_t entry;
        rc = take_row(s, &entry);
        if (rc == BC_OK) {
            chain = chain_next(&chain, entry.header, entry.header_len);
            if (entry.position != next || !hash_equal(&chain, &entry.chain) || !body_matches(&entry))
                rc = BC_CORRUPT;
        }
        if (rc == BC_CORRUPT) rc = broken(next, why);
        if (rc == BC_OK) rc = each(arg, &entry);
        if (rc == BC_OK) continue;
        db_done(s);
        return rc;
    }
    return rc;
}

/* ---- removing a body ---- */

static int is_document(void *arg, const queue_entry_t *e) {
    int *redacted = arg;
    entry_t h;
    char *hold = NULL;
    int rc = entry_read(e->header, e->header_len, &h, &hold, NULL) ? BC_CORRUPT : BC_OK;
    if (rc == BC_OK && strcmp(h.kind, "document") != 0) rc = BC_REFUSED;
    free(hold);
    *redacted = !e->body;
    return rc;
}

/* What was removed must not stay in free pages of the file. */
static int wipe(queue_t *self, int64_t position) {
    int rc = db_exec(self->db, "PRAGMA secure_delete=ON");
    if (rc == BC_OK) rc = db_run(self->db, "UPDATE entry SET body=NULL WHERE position=?1", "i", position);
    int off = db_exec(self->db, "PRAGMA secure_delete=OFF");
    self->wiped = 1;
    return rc ? rc : off;
}

int queue_redact(queue_t *self, int64_t position, const char *by, const char *reason, int64_t now,
                 refusal_t *why) {
    int redacted = 0;
    long long shown = position;
    int rc = queue_at(self, position, is_document, &redacted);
    if (rc == BC_NOTFOUND)
        return refuse(why, "redact-position", NULL, "Sổ nhận không có mục ở vị trí %lld.",
                      "The log has no entry at position %lld.", shown);
    if (rc == BC_REFUSED)
        return refuse(
            why, "redact-kind", NULL,
            "Mục ở vị trí %lld không phải là báo cáo của đơn vị; chỉ xóa được nội dung báo cáo của đơn vị.",
            "The entry at position %lld is no unit's document; only the content of those can be removed.",
            shown);
    if (rc == BC_OK && redacted)
        return refuse(why, "redact-done", NULL, "Nội dung của mục ở vị trí %lld đã được xóa từ trước.",
                      "The content of the entry at position %lld was removed before.", shown);
    if (rc == BC_OK) rc = wipe(self, position);
    if (rc != BC_OK) return rc;
    char *body = queue_json(json_pack("{s:I, s:s}", "position", (json_int_t)position, "reason", reason));
    entry_t e = {.kind = "redact", .by = by, .of = position, .received = now};
    rc = queue_append(self, &e, body, strlen(body));
    free(body);
    return rc;
}
