/* SPDX-License-Identifier: MPL-2.0 */
/* store.c - the folded store in SQLite: opening it, and everything that changes it. */
#include "aggregator/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/store_sqlite.h"
#include "proto/base/rc.h"

#define WAL_MOST (64 << 20) /* bytes of WAL before a checkpoint */

/* Indices are partial: most columns are NULL in most kinds of rows. */
static const char *const migrations[] = {
    "CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), rules INTEGER NOT NULL, log TEXT NOT NULL,"
    " position INTEGER NOT NULL, chain BLOB NOT NULL, received INTEGER NOT NULL, forked INTEGER NOT NULL) "
    "STRICT;"
    "CREATE TABLE word (no INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE way (no INTEGER PRIMARY KEY, id TEXT NOT NULL, how INTEGER NOT NULL, scale INTEGER NOT "
    "NULL)"
    " STRICT;"
    "CREATE TABLE entry (position INTEGER PRIMARY KEY, until INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " received INTEGER NOT NULL, chain BLOB NOT NULL, unit INTEGER, id BLOB, rev INTEGER, sha256 BLOB,"
    " since INTEGER, day INTEGER, stock INTEGER, period TEXT, body BLOB) STRICT;"
    "CREATE INDEX entry_id ON entry (id, rev) WHERE id IS NOT NULL;"
    "CREATE INDEX entry_day ON entry (unit, day) WHERE day IS NOT NULL;"
    "CREATE INDEX entry_stock ON entry (stock) WHERE stock IS NOT NULL;"
    "CREATE INDEX entry_few ON entry (kind, unit) WHERE kind < 20;"
    "INSERT INTO state VALUES (1, 1, '', 0, zeroblob(32), 0, 0);",
    /* Facts say more than before: the log is read again from its beginning. */
    "DELETE FROM entry; DELETE FROM word; DELETE FROM way;"
    "UPDATE state SET log='', position=0, chain=zeroblob(32), received=0, forked=0;"
    "ALTER TABLE entry ADD COLUMN event INTEGER;"
    "CREATE INDEX entry_event ON entry (event) WHERE event IS NOT NULL;"
    "CREATE INDEX entry_when ON entry (day) WHERE day IS NOT NULL;",
    "DELETE FROM entry; DELETE FROM word; DELETE FROM way;"
    "UPDATE state SET log='', position=0, chain=zeroblob(32), received=0, forked=0;"
    "CREATE TABLE stock (unit INTEGER NOT NULL, plan INTEGER NOT NULL, way INTEGER NOT NULL,"
    " since INTEGER NOT NULL, PRIMARY KEY (unit, plan, way)) STRICT, WITHOUT ROWID;"
    "DROP INDEX IF EXISTS entry_stock;"
    "CREATE INDEX entry_stock ON entry (unit, stock) WHERE stock IS NOT NULL;"
    "CREATE INDEX entry_gross ON entry (stock) WHERE kind = 5 AND stock IS NOT NULL;"};
static const db_schema_t schema = {.app_id = 0x62634167 /* "bcAg" */,
                                   .migration = migrations,
                                   .count = sizeof migrations / sizeof *migrations};

static int read_state(store_t *self, const char *path, refusal_t *why) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT rules,log,position,chain,received,forked FROM state", "");
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc ? rc : BC_CORRUPT;
    int rules = sqlite3_column_int(s, 0);
    const char *log = (const char *)sqlite3_column_text(s, 1);
    int fits = log && strlen(log) < LOG_ID && sqlite3_column_bytes(s, 3) == HASH_LEN;
    if (fits) {
        strcpy(self->cursor.log, log);
        self->cursor.position = sqlite3_column_int64(s, 2);
        memcpy(self->cursor.chain.b, sqlite3_column_blob(s, 3), HASH_LEN);
        self->cursor.received = sqlite3_column_int64(s, 4);
        self->forked = sqlite3_column_int(s, 5);
    }
    db_done(s);
    if (!fits) return BC_CORRUPT;
    if (rules == STORE_RULES) return BC_OK;
    return refuse(
        why, "rules-other", path,
        "Kho số liệu \"%s\" được tính theo quy tắc bản %d, chương trình này dùng bản %d; hãy chạy lệnh "
        "rebuild.",
        "The store \"%s\" was folded by rules version %d, this program has %d; run the verb rebuild.", path,
        rules, STORE_RULES);
}

static int read_words(store_t *self) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT no,text FROM word ORDER BY no", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        const char *text = (const char *)sqlite3_column_text(s, 1);
        size_t n = (size_t)sqlite3_column_bytes(s, 1);
        if (words_find(self->words, text, n) ||
            words_add(self->words, text, n) != sqlite3_column_int64(s, 0)) {
            db_done(s);
            return BC_CORRUPT;
        }
    }
    return rc;
}

static uint32_t add_way(store_t *self, const char *id, add_t add, int scale) {
    uint32_t no = ++self->way_count;
    self->ways = mem_grow(self->ways, (no + 1) * sizeof *self->ways);
    self->ways[no] = (way_t){.id = mem_str(id), .add = add, .scale = scale};
    return no;
}

static int read_ways(store_t *self) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT no,id,how,scale FROM way ORDER BY no", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        const char *id = (const char *)sqlite3_column_text(s, 1);
        int add = sqlite3_column_int(s, 2);
        int fits = add >= 0 && add <= ADD_LIST && sqlite3_column_int64(s, 0) == self->way_count + 1;
        if (fits) {
            add_way(self, id, (add_t)add, sqlite3_column_int(s, 3));
        } else {
            db_done(s);
            return BC_CORRUPT;
        }
    }
    return rc;
}

static int read_stocks(store_t *self) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT unit,plan,way,since FROM stock", "");
    int rc;
    while ((rc = db_step(self->db, s)) == 1)
        stock_note(self, (uint32_t)sqlite3_column_int64(s, 0), (uint32_t)sqlite3_column_int64(s, 1),
                   (uint32_t)sqlite3_column_int64(s, 2), sqlite3_column_int(s, 3));
    return rc;
}

store_t *store_open(const char *path, refusal_t *why) {
    refusal_t first = {0};
    store_t *self = mem_alloc(sizeof *self);
    self->words = words_new();
    self->ways = mem_alloc(sizeof *self->ways);
    self->db = db_open(path, &schema, DB_LOG, &first);
    int rc = self->db ? BC_OK : BC_REFUSED;
    /* Pages of what was redacted are overwritten; the cache holds the upper pages of the indices of years. */
    if (rc == BC_OK) rc = db_exec(self->db, "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536");
    if (rc == BC_OK) rc = read_state(self, path, &first);
    if (rc == BC_OK) rc = read_words(self);
    if (rc == BC_OK) rc = read_ways(self);
    if (rc == BC_OK) rc = read_stocks(self);
    if (rc == BC_OK)
        self->shaped = db_int(
            self->db, 0, "SELECT max(position) FROM entry INDEXED BY entry_few WHERE kind<20 AND kind<=?",
            "i", (int64_t)ROW_DECISION);
    if (rc == BC_OK) return self;
    if (!first.code[0])
        refuse(&first, "db-damaged", path, "Kho số liệu \"%s\" bị hỏng; hãy chạy lệnh rebuild.",
               "The store \"%s\" is damaged; run the verb rebuild.", path);
    if (why) *why = first;
    store_close(&self);
    return NULL;
}

void store_close(store_t **self_p) {
    store_t *self = *self_p;
    if (!self) return;
    store_keep(self, NULL, NULL);
    db_close(&self->db);
    words_free(&self->words);
    for (uint32_t i = 1; i <= self->way_count; i++)
        free((char *)self->ways[i].id);
    free(self->ways);
    free(self->stocks);
    free(self->stock_of);
    days_free(self);
    free(self);
    *self_p = NULL;
}

int store_begin(store_t *self) {
    self->shaping = self->shaped;
    return db_begin(self->db);
}

int store_commit(store_t *self, const cursor_t *cursor) {
    int rc = db_run(self->db, "UPDATE state SET log=?,position=?,chain=?,received=?", "sibi", cursor->log,
                    cursor->position, cursor->chain.b, (size_t)HASH_LEN, cursor->received);
    if (rc == BC_OK) rc = db_commit(self->db);
    if (rc != BC_OK) return rc;
    self->cursor = *cursor;
    self->shaped = self->shaping;
    int wipe = self->redacted || db_wal_bytes(self->db) > WAL_MOST; /* a removed text stands in the WAL yet */
    self->redacted = 0;
    return wipe ? db_checkpoint(self->db) : BC_OK;
}

static void bind_day(sqlite3_stmt *s, int column, day_t day) {
    if (day != DAY_NONE) sqlite3_bind_int(s, column, day);
}

int store_put(store_t *self, const row_t *row) {
    if (row->day != DAY_NONE) days_put(self, row);
    if (row->kind <= ROW_DECISION) self->shaping = row->position;
    sqlite3_stmt *s =
        db_bind(self->db, "INSERT INTO entry (" STORE_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                "iiiibnnnnnnnsbn", row->position, row->until, (int64_t)row->kind, row->received, row->chain.b,
                (size_t)HASH_LEN, row->period, row->body, row->body_len);
    if (s && row->unit) sqlite3_bind_int64(s, 6, row->unit);
    if (s && row->has_id) {
        sqlite3_bind_blob(s, 7, row->id.b, sizeof row->id.b, SQLITE_STATIC);
        sqlite3_bind_int(s, 8, row->rev);
        sqlite3_bind_blob(s, 9, row->sha256.b, HASH_LEN, SQLITE_STATIC);
    }
    if (s) {
        bind_day(s, 10, row->since);
        bind_day(s, 11, row->day);
        bind_day(s, 12, row->stock);
        if (row->event) sqlite3_bind_int64(s, 15, row->event);
    }
    return db_step(self->db, s);
}

int store_end(store_t *self, int64_t position, int64_t until) {
    days_end(self, position, until);
    return db_run(self->db, "UPDATE entry SET until=? WHERE position=?", "ii", until, position);
}

int store_redact(store_t *self, int64_t position) {
    self->redacted = 1;
    days_redact(self, position);
    return db_run(self->db,
                  "UPDATE entry SET kind=?,since=NULL,day=NULL,stock=NULL,period=NULL,body=NULL,event=NULL"
                  " WHERE position=? AND id IS NOT NULL",
                  "ii", (int64_t)ROW_GONE, position);
}

uint32_t store_word(store_t *self, const char *text, size_t n) {
    uint32_t no = words_find(self->words, text, n);
    if (no) return no;
    no = words_add(self->words, text, n);
    int rc = db_run(self->db, "INSERT INTO word (no,text) VALUES (?,?)", "is", (int64_t)no,
                    words_text(self->words, no));
    return rc == BC_OK ? no : 0;
}

uint32_t store_way(store_t *self, const char *id, add_t add, int scale) {
    for (uint32_t i = 1; i <= self->way_count; i++)
        if (self->ways[i].add == add && self->ways[i].scale == scale && strcmp(self->ways[i].id, id) == 0)
            return i;
    int rc = db_run(self->db, "INSERT INTO way (no,id,how,scale) VALUES (?,?,?,?)", "isii",
                    (int64_t)self->way_count + 1, id, (int64_t)add, (int64_t)scale);
    return rc == BC_OK ? add_way(self, id, add, scale) : 0;
}

int store_fork(store_t *self, int forked) {
    int rc = db_begin(self->db);
    if (rc == BC_OK) rc = db_run(self->db, "UPDATE state SET forked=?", "i", (int64_t)forked);
    if (rc == BC_OK) rc = db_commit(self->db);
    if (rc == BC_OK) self->forked = forked;
    return rc;
}

const cursor_t *store_cursor(const store_t *self) {
    return &self->cursor;
}

int store_forked(const store_t *self) {
    return self->forked;
}

const words_t *store_words(const store_t *self) {
    return self->words;
}

const way_t *store_way_at(const store_t *self, uint32_t no) {
    return no >= 1 && no <= self->way_count ? &self->ways[no] : NULL;
}

uint32_t store_ways(const store_t *self) {
    return self->way_count;
}

add_t store_way_add(const void *store, uint32_t no) {
    const way_t *way = store_way_at(store, no);
    return way ? way->add : ADD_SUM;
}
