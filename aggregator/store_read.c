/* SPDX-License-Identifier: MPL-2.0 */
/* store_read.c - reading the folded store as it stood at a position. */
#include <string.h>

#include "aggregator/store_sqlite.h"
#include "proto/base/rc.h"

/* A row holds as of a position from its own on and before that of what superseded it. */
#define HELD " AND position<=? AND until>? "
#define STRETCH 4 /* a stretch of the log is read where at least one row in so many is wanted */

const char *store_kind_name(row_kind_t kind) {
    return kind == ROW_AGGREGATE ? "aggregate" : kind == ROW_PERIOD ? "period" : "activity";
}

void store_look(store_t *self) {
    if (self->looking++ == 0 && sqlite3_get_autocommit(db_handle(self->db)))
        self->began = db_begin(self->db) == BC_OK;
}

void store_looked(store_t *self) {
    if (--self->looking > 0 || !self->began) return;
    self->began = 0;
    db_rollback(self->db);
}

int64_t store_shaped(const store_t *self) {
    return self->shaped;
}

void store_keep(store_t *self, void *what, void (*drop)(void *what)) {
    if (self->kept) self->drop(self->kept);
    self->kept = what;
    self->drop = drop;
}

void *store_kept(const store_t *self) {
    return self->kept;
}

static day_t day_of(sqlite3_stmt *s, int column) {
    return sqlite3_column_type(s, column) == SQLITE_NULL ? DAY_NONE : sqlite3_column_int(s, column);
}

static int read_bytes(sqlite3_stmt *s, int column, void *out, int n) {
    if (sqlite3_column_bytes(s, column) != n) return 0;
    memcpy(out, sqlite3_column_blob(s, column), (size_t)n);
    return 1;
}

/* The row a statement over STORE_COLUMNS stands on; its strings hold until the next step. */
static int read_row(sqlite3_stmt *s, row_t *row) {
    *row = (row_t){.position = sqlite3_column_int64(s, 0),
                   .until = sqlite3_column_int64(s, 1),
                   .kind = (row_kind_t)sqlite3_column_int(s, 2),
                   .received = sqlite3_column_int64(s, 3),
                   .unit = (uint32_t)sqlite3_column_int64(s, 5),
                   .has_id = sqlite3_column_type(s, 6) != SQLITE_NULL,
                   .rev = sqlite3_column_int(s, 7),
                   .since = day_of(s, 9),
                   .day = day_of(s, 10),
                   .stock = day_of(s, 11),
                   .period = (const char *)sqlite3_column_text(s, 12),
                   .body = sqlite3_column_blob(s, 13),
                   .body_len = (size_t)sqlite3_column_bytes(s, 13),
                   .event = (uint32_t)sqlite3_column_int64(s, 14)};
    if (!read_bytes(s, 4, row->chain.b, HASH_LEN)) return BC_CORRUPT;
    if (!row->has_id) return BC_OK;
    int fits = read_bytes(s, 6, row->id.b, sizeof row->id.b) && read_bytes(s, 8, row->sha256.b, HASH_LEN);
    return fits ? BC_OK : BC_CORRUPT;
}

static int walk(store_t *self, sqlite3_stmt *s, store_each_fn *each, void *arg) {
    row_t row;
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        rc = read_row(s, &row);
        if (rc == BC_OK) rc = each(arg, &row);
        if (rc) {
            db_done(s);
            return rc;
        }
    }
    return rc;
}

int store_each(store_t *self, row_kind_t kind, int64_t as_of, store_each_fn *each, void *arg) {
    /* `kind<20` stands here so that the partial index is used; `+?` because SQLite plans anew for each value
     * of a bare `?` that might belong to another partial index. */
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE kind<20 AND kind=+?" HELD "ORDER BY position",
        "iii", (int64_t)kind, as_of, as_of);
    return walk(self, s, each, arg);
}

int store_each_of_unit(store_t *self, uint32_t unit, day_t from, day_t to, int64_t as_of, store_each_fn *each,
                       void *arg) {
    sqlite3_stmt *s = db_bind(self->db,
                              "SELECT " STORE_COLUMNS " FROM entry WHERE unit=? AND day BETWEEN ? AND ?" HELD
                              "ORDER BY day,position",
                              "iiiii", (int64_t)unit, (int64_t)from, (int64_t)to, as_of, as_of);
    return walk(self, s, each, arg);
}

/* What was done in a month was mostly reported close together: then its stretch of the log is read from end
 * to end, which spares a search for each row. HAS: how many rows, their first and last position. Rows up to
 * UPTO that hold until after PAST. */
static sqlite3_stmt *select_days(store_t *self, day_t from, day_t to, int64_t upto, int64_t past,
                                 const int64_t has[static 3]) {
    if (has[0] >= (has[2] - has[1] + 1) / STRETCH)
        return db_bind(self->db,
                       "SELECT " STORE_COLUMNS " FROM entry NOT INDEXED WHERE position BETWEEN ? AND ?"
                       " AND day BETWEEN ? AND ? AND position<=? AND until>? ORDER BY position",
                       "iiiiii", has[1], has[2], (int64_t)from, (int64_t)to, upto, past);
    return db_bind(self->db,
                   "SELECT " STORE_COLUMNS " FROM entry INDEXED BY entry_when WHERE day BETWEEN ? AND ?"
                   " AND position<=? AND until>? ORDER BY position",
                   "iiii", (int64_t)from, (int64_t)to, upto, past);
}

static int count_days(store_t *self, day_t from, day_t to, int64_t has[static 3]) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT count(*),min(position),max(position) FROM entry WHERE day BETWEEN ? AND ?",
                "ii", (int64_t)from, (int64_t)to);
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc ? rc : BC_CORRUPT;
    for (int i = 0; i < 3; i++)
        has[i] = sqlite3_column_int64(s, i);
    db_done(s);
    return BC_OK;
}

int store_each_day(store_t *self, day_t from, day_t to, int64_t as_of, store_each_fn *each, void *arg) {
    int64_t has[3];
    span_t *span = days_find(self, from, to);
    if (span) return days_each(span, as_of, each, arg);
    int rc = count_days(self, from, to, has);
    if (rc) return rc;
    span = days_begin(self, from, to, (size_t)has[0]);
    if (!span) return walk(self, select_days(self, from, to, as_of, as_of, has), each, arg);
    rc = walk(self, select_days(self, from, to, STORE_EVER, 0, has), days_add, span);
    if (rc == BC_OK) return days_each(span, as_of, each, arg);
    days_drop(self, span);
    return rc;
}

int store_each_event(store_t *self, uint32_t event, int64_t as_of, store_each_fn *each, void *arg) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE event=?" HELD "ORDER BY position", "iii",
                (int64_t)event, as_of, as_of);
    return walk(self, s, each, arg);
}

int store_row(store_t *self, int64_t position, store_each_fn *each, void *arg) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE position=?", "i", position);
    return walk(self, s, each, arg);
}

static int keep_row(void *arg, const row_t *row) {
    row_t *out = arg;
    *out = *row;
    out->period = NULL;
    out->body = NULL;
    out->body_len = 0;
    return 1;
}

int store_document(store_t *self, const uuid_bc_t *id, int64_t as_of, row_t *out) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE id=?" HELD, "bii", id->b,
                              sizeof id->b, as_of, as_of);
    int rc = walk(self, s, keep_row, out);
    return rc == 0 ? BC_NOTFOUND : rc < 0 ? rc : BC_OK;
}

int store_document_at(store_t *self, const uuid_bc_t *id, int64_t as_of, store_each_fn *each, void *arg) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE id=?" HELD, "bii", id->b,
                              sizeof id->b, as_of, as_of);
    return walk(self, s, each, arg);
}

int store_each_revision(store_t *self, const uuid_bc_t *id, int64_t as_of, store_each_fn *each, void *arg) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE id=? AND position<=? ORDER BY position",
                "bi", id->b, sizeof id->b, as_of);
    return walk(self, s, each, arg);
}

int store_each_since(store_t *self, int64_t after, int64_t upto, store_each_fn *each, void *arg) {
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT " STORE_COLUMNS " FROM entry WHERE position>? AND position<=? ORDER BY position",
        "ii", after, upto);
    return walk(self, s, each, arg);
}

/* `received` never falls, so that the last entry up to MS is found by halving. */
int64_t store_position_by(store_t *self, int64_t ms) {
    int64_t low = 0, high = self->cursor.position;
    while (low < high) {
        int64_t mid = low + (high - low + 1) / 2;
        if (db_int(self->db, INT64_MAX, "SELECT received FROM entry WHERE position=?", "i", mid) <= ms) {
            low = mid;
        } else {
            high = mid - 1;
        }
    }
    return low;
}

int64_t store_unit(store_t *self, uint32_t unit) {
    return db_int(self->db, 0, "SELECT position FROM entry WHERE kind<20 AND kind=+? AND unit=? AND until=?",
                  "iii", (int64_t)ROW_UNIT, (int64_t)unit, STORE_EVER);
}

int store_earlier(store_t *self, const uuid_bc_t *id, int rev, int64_t as_of, store_each_fn *each,
                  void *arg) {
    sqlite3_stmt *s = db_bind(self->db,
                              "SELECT " STORE_COLUMNS " FROM entry WHERE id=? AND rev<? AND position<=?"
                              " AND day IS NOT NULL ORDER BY rev DESC LIMIT 1",
                              "bii", id->b, sizeof id->b, (int64_t)rev, as_of);
    return walk(self, s, each, arg);
}

int64_t store_first_received(store_t *self, const uuid_bc_t *id, int64_t as_of) {
    return db_int(self->db, 0,
                  "SELECT received FROM entry WHERE id=? AND position<=? ORDER BY position LIMIT 1", "bi",
                  id->b, sizeof id->b, as_of);
}

day_t store_last_day(store_t *self, uint32_t unit, day_t to, int64_t as_of) {
    return (day_t)db_int(self->db, DAY_NONE,
                         "SELECT day FROM entry WHERE unit=? AND day<=?" HELD "ORDER BY day DESC LIMIT 1",
                         "iiii", (int64_t)unit, (int64_t)to, as_of, as_of);
}

int64_t store_count(store_t *self, row_kind_t kind) {
    return db_int(self->db, 0, "SELECT count(*) FROM entry WHERE kind<20 AND kind=+? AND until=?", "ii",
                  (int64_t)kind, STORE_EVER);
}

static int keep_log(void *arg, const row_t *row) {
    json_t *j = json_loadb(row->body ? row->body : "", row->body_len, 0, NULL);
    const char *log = json_string_value(json_object_get(j, "log"));
    if (log && strlen(log) < LOG_ID) strcpy(((cursor_t *)arg)->log, log);
    json_decref(j);
    return 0;
}

int store_at(store_t *self, int64_t position, cursor_t *out) {
    *out = (cursor_t){.position = position};
    if (position > self->cursor.position || position < 0) return BC_NOTFOUND;
    if (position == 0) return BC_OK;
    sqlite3_stmt *s = db_bind(self->db, "SELECT received,chain FROM entry WHERE position=?", "i", position);
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc ? rc : BC_CORRUPT;
    out->received = sqlite3_column_int64(s, 0);
    int fits = read_bytes(s, 1, out->chain.b, HASH_LEN);
    db_done(s);
    return fits ? store_each(self, ROW_LOG, position, keep_log, out) : BC_CORRUPT;
}
