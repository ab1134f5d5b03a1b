/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_find.c - looking documents of the outbox up, and walking through them. */
#include <stdlib.h>
#include <string.h>

#include "agent/outbox_row.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define COLUMNS                                                                                          \
    "SELECT d.row, d.no, d.number, d.rev, d.counts, d.withdrawn, d.state, d.day, d.made, d.changed, "    \
    "d.not_before,"                                                                                      \
    " d.sha256, d.bytes, d.id, d.kind, d.unit, d.title, d.plans, d.period, d.code, d.field, d.vi, d.en " \
    "FROM document d "
#define COLUMNS_DUE COLUMNS "INDEXED BY document_due "
/* For a row called d: no revision of its document was entered later. */
/* A held one that was released counts under a later number than it bears. */
#define NEWEST                                               \
    "NOT EXISTS (SELECT 1 FROM document o WHERE o.id = d.id" \
    " AND (o.counts, o.rev, o.row) > (d.counts, d.rev, d.row))"
#define NEWEST_FIRST " ORDER BY d.counts DESC, d.rev DESC, d.row DESC LIMIT 1"

kept_state_t row_state(const char *name) {
    for (int s = KEPT_WAITING; s <= KEPT_STORED; s++)
        if (strcmp(name, kept_state_name((kept_state_t)s)) == 0) return (kept_state_t)s;
    return KEPT_WAITING;
}

static const char *text_at(sqlite3_stmt *s, int column) {
    const char *t = (const char *)sqlite3_column_text(s, column);
    return t ? t : "";
}

static void read_row(sqlite3_stmt *s, kept_t *k) {
    *k = (kept_t){.row = sqlite3_column_int64(s, 0),
                  .no = sqlite3_column_int64(s, 1),
                  .number = sqlite3_column_int64(s, 2),
                  .rev = sqlite3_column_int(s, 3),
                  .counts = sqlite3_column_int(s, 4),
                  .withdrawn = sqlite3_column_int(s, 5),
                  .state = row_state(text_at(s, 6)),
                  .day = sqlite3_column_int(s, 7),
                  .made = sqlite3_column_int64(s, 8),
                  .changed = sqlite3_column_int64(s, 9),
                  .not_before = sqlite3_column_int64(s, 10),
                  .id = text_at(s, 13),
                  .kind = text_at(s, 14),
                  .unit = text_at(s, 15),
                  .title = text_at(s, 16),
                  .plans = text_at(s, 17),
                  .period = text_at(s, 18)};
    if (sqlite3_column_bytes(s, 11) == HASH_LEN) memcpy(k->sha256.b, sqlite3_column_blob(s, 11), HASH_LEN);
    k->bytes = sqlite3_column_blob(s, 12);
    k->len = (size_t)sqlite3_column_bytes(s, 12);
    snprintf(k->why.code, sizeof k->why.code, "%s", text_at(s, 19));
    snprintf(k->why.field, sizeof k->why.field, "%s", text_at(s, 20));
    snprintf(k->why.vi, sizeof k->why.vi, "%s", text_at(s, 21));
    snprintf(k->why.en, sizeof k->why.en, "%s", text_at(s, 22));
}

void kept_copy(const kept_t *kept, kept_t *out) {
    *out = *kept;
    out->bytes = mem_strn(kept->bytes, kept->len);
    out->id = mem_str(kept->id);
    out->kind = mem_str(kept->kind);
    out->unit = mem_str(kept->unit);
    out->title = mem_str(kept->title);
    out->plans = mem_str(kept->plans);
    out->period = mem_str(kept->period);
    out->owned = 1;
}

void kept_free(kept_t *kept) {
    if (kept->owned) {
        const char *own[] = {kept->bytes, kept->id,    kept->kind,  kept->unit,
                             kept->title, kept->plans, kept->period};
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            free((void *)own[i]);
    }
    *kept = (kept_t){0};
}

/* Goes through the rows of S: 0 after the last, what EACH returned, or a stop. */
static int walk(outbox_t *self, sqlite3_stmt *s, kept_fn *each, void *arg) {
    int rc;
    while ((rc = db_step(outbox_db(self), s)) == 1) {
        kept_t k;
        read_row(s, &k);
        int stop = each(arg, &k);
        if (!stop) continue;
        db_done(s);
        return stop;
    }
    return rc;
}

/* The first row of S as OUT: 0, BC_NOTFOUND or a stop. */
static int first(outbox_t *self, sqlite3_stmt *s, kept_t *out) {
    *out = (kept_t){0};
    int rc = db_step(outbox_db(self), s);
    if (rc != 1) return rc ? rc : BC_NOTFOUND;
    kept_t k;
    read_row(s, &k);
    kept_copy(&k, out);
    db_done(s);
    return BC_OK;
}

int outbox_newest(outbox_t *self, const char *id, kept_t *out) {
    return first(self, db_bind(outbox_db(self), COLUMNS "WHERE d.id = ?" NEWEST_FIRST, "s", id), out);
}

int outbox_content(outbox_t *self, const char *id, kept_t *out) {
    return first(self,
                 db_bind(outbox_db(self), COLUMNS "WHERE d.id = ? AND d.withdrawn = 0" NEWEST_FIRST, "s", id),
                 out);
}

static int none(const char *word, refusal_t *why) {
    return refuse(why, "document-none", NULL,
                  "Không có báo cáo số \"%s\" trên máy này. Xem các báo cáo bằng: baocao-agent list",
                  "There is no report \"%s\" on this computer. See what there is with: baocao-agent list",
                  word);
}

/* By the number people use. */
static int find_number(outbox_t *self, const char *word, int64_t no, kept_t *out, refusal_t *why) {
    int rc = first(self, db_bind(outbox_db(self), COLUMNS "WHERE d.no = ? AND " NEWEST, "i", no), out);
    return rc == BC_NOTFOUND ? none(word, why) : rc;
}

int outbox_find(outbox_t *self, const char *word, kept_t *out, refusal_t *why) {
    size_t n = strlen(word);
    *out = (kept_t){0};
    if (n > 0 && n < 10 && strspn(word, "0123456789") == n)
        return find_number(self, word, strtoll(word, NULL, 10), out, why);
    if (n < 4 || n >= UUID_TEXT || strspn(word, "0123456789abcdef-") != n) return none(word, why);
    db_t *db = outbox_db(self);
    int64_t count = db_int(db, 0, "SELECT count(DISTINCT id) FROM document WHERE substr(id, 1, ?) = ?", "is",
                           (int64_t)n, word);
    if (count > 1)
        return refuse(why, "document-many", NULL,
                      "Có %d báo cáo bắt đầu bằng \"%s\". Hãy dùng số trong: baocao-agent list",
                      "%d reports begin with \"%s\". Use the number from: baocao-agent list", (int)count,
                      word);
    if (count == 0) return none(word, why);
    return first(
        self, db_bind(db, COLUMNS "WHERE substr(d.id, 1, ?) = ? AND " NEWEST, "is", (int64_t)n, word), out);
}

int outbox_each(outbox_t *self, kept_fn *each, void *arg) {
    return walk(self, db_bind(outbox_db(self), COLUMNS "WHERE " NEWEST " ORDER BY d.no", ""), each, arg);
}

int outbox_each_revision(outbox_t *self, const char *id, kept_fn *each, void *arg) {
    return walk(self, db_bind(outbox_db(self), COLUMNS "WHERE d.id = ? ORDER BY d.rev, d.row", "s", id), each,
                arg);
}

int outbox_each_live(outbox_t *self, const char *unit, const char *plan, const period_t *period,
                     kept_fn *each, void *arg) {
    char *wanted = mem_printf("\x1f%s\x1f", plan);
    int rc =
        walk(self,
             db_bind(outbox_db(self),
                     COLUMNS "WHERE d.unit = ? AND d.kind = 'activity' AND d.day BETWEEN ?"
                             " AND ? AND instr(d.plans, ?) > 0 AND " ROW_IS_LIVE " ORDER BY d.day, d.row",
                     "siis", unit, (int64_t)period->from, (int64_t)period->to, wanted),
             each, arg);
    free(wanted);
    return rc;
}

int outbox_each_due(outbox_t *self, int64_t after, int held, int64_t now, kept_fn *each, void *arg) {
    return walk(self,
                db_bind(outbox_db(self),
                        COLUMNS_DUE "WHERE d.state IN ('waiting', 'later', 'held') AND d.row > ?"
                                    " AND d.not_before NOT BETWEEN ? AND ? AND (? OR d.state <> 'held')"
                                    " AND d.number > 0 ORDER BY d.row",
                        "iiii", after, now + 1, now + OUTBOX_WAIT_MOST, (int64_t)held),
                each, arg);
}
