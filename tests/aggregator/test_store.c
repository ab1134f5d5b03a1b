/* SPDX-License-Identifier: MPL-2.0 */
/* The folded store: rows hold from a position until a position; cursor and rows are one. */
#include <sqlite3.h>

#include "aggregator/store.h"
#include "proto/base/db.h"
#include "proto/base/rc.h"
#include "tests/support.h"

static store_t *open_in(void **state, const char *name) {
    refusal_t why = {0};
    char *path = dir_path(state, name);
    store_t *store = store_open(path, &why);
    if (!store) print_error("%s\n", why.en);
    assert_non_null(store);
    free(path);
    return store;
}

static row_t document(int64_t position, uint8_t id, int rev, day_t day) {
    row_t row = {.position = position,
                 .until = STORE_EVER,
                 .kind = ROW_ACTIVITY,
                 .received = 1000 * position,
                 .unit = 1,
                 .has_id = 1,
                 .rev = rev,
                 .since = DAY_NONE,
                 .day = day,
                 .stock = DAY_NONE,
                 .body = "x",
                 .body_len = 1};
    memset(&row.id, id, sizeof row.id);
    return row;
}

static int gather(void *arg, const row_t *row) {
    char *list = arg, text[16];
    snprintf(text, sizeof text, "%d ", (int)row->position);
    strcat(list, text);
    return 0;
}

static void expect_unit(store_t *store, day_t from, day_t to, int64_t as_of, const char *positions) {
    char list[100] = "";
    assert_int_equal(store_each_of_unit(store, 1, from, to, as_of, gather, list), 0);
    assert_string_equal(list, positions);
}

static void commit(store_t *store, int64_t position) {
    cursor_t cursor = {
        .log = "0123456789abcdef0123456789abcdef", .position = position, .received = 1000 * position};
    assert_int_equal(store_commit(store, &cursor), 0);
}

static void test_store_gives_rows_as_of_a_position(void **state) {
    store_t *store = open_in(state, "s");
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_word(store, "BD", 2), 1);
    row_t one = document(1, 1, 1, 100), two = document(2, 2, 1, 99), three = document(3, 1, 2, 101);
    assert_int_equal(store_put(store, &one), 0);
    assert_int_equal(store_put(store, &two), 0);
    assert_int_equal(store_end(store, 1, 3), 0);
    assert_int_equal(store_put(store, &three), 0);
    commit(store, 3);
    expect_unit(store, 0, 1000, STORE_NOW, "2 3 ");
    expect_unit(store, 0, 1000, 2, "2 1 ");
    expect_unit(store, 0, 1000, 1, "1 ");
    expect_unit(store, 100, 100, STORE_NOW, "");
    expect_unit(store, DAY_NONE, 99, STORE_NOW, "2 ");
    char day[100] = "";
    store_look(store);
    assert_int_equal(store_each_day(store, 99, 101, STORE_NOW, gather, day), 0);
    assert_int_equal(store_each_day(store, 100, 101, 2, gather, day), 0);
    store_looked(store);
    assert_string_equal(day, "2 3 1 ");
    row_t got;
    assert_int_equal(store_document(store, &one.id, STORE_NOW, &got), 0);
    assert_int_equal(got.rev, 2);
    assert_int_equal(store_document(store, &one.id, 2, &got), 0);
    assert_int_equal(got.rev, 1);
    assert_int_equal(store_document(store, &two.id, 1, &got), BC_NOTFOUND);
    assert_int_equal(store_first_received(store, &one.id, STORE_NOW), 1000);
    char list[100] = "";
    assert_int_equal(store_earlier(store, &one.id, 2, STORE_NOW, gather, list), 0);
    assert_string_equal(list, "1 ");
    assert_int_equal(store_position_by(store, 999), 0); /* each was received a second after the one before */
    assert_int_equal(store_position_by(store, 1000), 1);
    assert_int_equal(store_position_by(store, 2999), 2);
    assert_int_equal(store_position_by(store, 3000), 3);
    assert_int_equal(store_position_by(store, INT64_MAX), 3);
    assert_int_equal(store_last_day(store, 1, 1000, STORE_NOW), 101);
    assert_int_equal(store_last_day(store, 1, 1000, 2), 100);
    assert_int_equal(store_last_day(store, 1, 98, STORE_NOW), DAY_NONE);
    char all[100] = "", since[100] = "";
    assert_int_equal(store_each_revision(store, &one.id, STORE_NOW, gather, all), 0);
    assert_string_equal(all, "1 3 ");
    assert_int_equal(store_each_since(store, 1, 2, gather, since), 0);
    assert_string_equal(since, "2 ");
    store_close(&store);
}

static void test_store_forgets_what_was_not_committed(void **state) {
    store_t *store = open_in(state, "s");
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_word(store, "BD", 2), 1);
    assert_int_equal(store_way(store, "s", ADD_SUM, 0), 1);
    commit(store, 1);
    assert_int_equal(store_begin(store), 0);
    row_t row = document(2, 1, 1, 100);
    assert_int_equal(store_put(store, &row), 0);
    assert_int_equal(store_word(store, "BD.01", 5), 2);
    store_close(&store); /* as a kill would */
    store = open_in(state, "s");
    assert_int_equal(store_cursor(store)->position, 1);
    assert_string_equal(store_cursor(store)->log, "0123456789abcdef0123456789abcdef");
    assert_int_equal(words_count(store_words(store)), 1);
    assert_string_equal(store_way_at(store, 1)->id, "s");
    assert_null(store_way_at(store, 2));
    expect_unit(store, 0, 1000, STORE_NOW, "");
    store_close(&store);
}

/* Where few rows of a stretch of the log are wanted, they are looked up one by one. */
static void test_store_finds_the_days_of_a_long_log(void **state) {
    store_t *store = open_in(state, "s");
    char day[100] = "";
    assert_int_equal(store_begin(store), 0);
    for (int64_t i = 1; i <= 40; i++) {
        row_t row = document(i, (uint8_t)i, 1, i % 20 ? 500 : 140 - (day_t)i);
        assert_int_equal(store_put(store, &row), 0);
    }
    commit(store, 40);
    assert_int_equal(store_each_day(store, 100, 120, STORE_NOW, gather, day), 0);
    assert_int_equal(store_each_day(store, 100, 120, 39, gather, day), 0);
    assert_int_equal(store_each_day(store, 101, 119, STORE_NOW, gather, day), 0);
    assert_string_equal(day, "20 40 20 "); /* by position, not by day */
    store_close(&store);
}

static int drops;

static void drop(void *what) {
    drops += *(int *)what;
}

static void test_store_keeps_what_readers_made_of_it(void **state) {
    static int one = 1, ten = 10;
    store_t *store = open_in(state, "s");
    assert_null(store_kept(store));
    store_keep(store, &one, drop);
    assert_ptr_equal(store_kept(store), &one);
    store_keep(store, &ten, drop);
    assert_int_equal(drops, 1);
    row_t unit = {.position = 1, .until = STORE_EVER, .kind = ROW_UNIT, .unit = 1, .since = DAY_NONE};
    unit.day = unit.stock = DAY_NONE;
    row_t report = document(2, 1, 1, 100);
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_put(store, &unit), 0);
    assert_int_equal(store_put(store, &report), 0);
    assert_int_equal(store_shaped(store), 0); /* not committed yet */
    commit(store, 2);
    assert_int_equal(store_shaped(store), 1);
    store_close(&store);
    assert_int_equal(drops, 11);
    store = open_in(state, "s");
    assert_int_equal(store_shaped(store), 1);
    store_close(&store);
}

/* What the first schema kept of documents says too little for this one. */
static void test_store_of_the_first_schema_is_read_anew(void **state) {
    static const char *const first[] = {
        "CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), rules INTEGER NOT NULL, log TEXT NOT "
        "NULL, position INTEGER NOT NULL, chain BLOB NOT NULL, received INTEGER NOT NULL, forked INTEGER NOT "
        "NULL) STRICT;"
        "CREATE TABLE word (no INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
        "CREATE TABLE way (no INTEGER PRIMARY KEY, id TEXT NOT NULL, how INTEGER NOT NULL, scale INTEGER NOT "
        "NULL) STRICT;"
        "CREATE TABLE entry (position INTEGER PRIMARY KEY, until INTEGER NOT NULL, kind INTEGER NOT NULL,"
        " received INTEGER NOT NULL, chain BLOB NOT NULL, unit INTEGER, id BLOB, rev INTEGER, sha256 BLOB,"
        " since INTEGER, day INTEGER, stock INTEGER, period TEXT, body BLOB) STRICT;"
        "CREATE INDEX entry_few ON entry (kind, unit) WHERE kind < 20;"
        "INSERT INTO state VALUES (1, 1, '0123456789abcdef0123456789abcdef', 1, zeroblob(32), 5, 1);"
        "INSERT INTO word VALUES (1, 'BD');"
        "INSERT INTO entry (position,until,kind,received,chain) VALUES (1, 9, 22, 5, zeroblob(32));"};
    static const db_schema_t schema = {0x62634167, first, 1, 0};
    char *path = dir_path(state, "s");
    db_t *db = db_open(path, &schema, DB_LOG, NULL);
    assert_non_null(db);
    db_close(&db);
    store_t *store = open_in(state, "s");
    assert_int_equal(store_cursor(store)->position, 0);
    assert_string_equal(store_cursor(store)->log, "");
    assert_int_equal(words_count(store_words(store)), 0);
    assert_false(store_forked(store));
    row_t row = document(1, 1, 1, 100);
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_put(store, &row), 0);
    commit(store, 1);
    store_close(&store);
    free(path);
}

static void test_store_redacts_for_ever(void **state) {
    store_t *store = open_in(state, "s");
    row_t row = document(1, 1, 1, 100), got;
    row.body = "PERSONAL TEXT";
    row.body_len = 13;
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_put(store, &row), 0);
    commit(store, 1);
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_redact(store, 1), 0);
    commit(store, 2);
    assert_int_equal(store_document(store, &row.id, 1, &got), 0);
    assert_int_equal(got.kind, ROW_GONE);
    expect_unit(store, 0, 1000, STORE_NOW, "");
    for (int i = 0; i < 2; i++) { /* not even on the disk */
        static char all[1000000];
        char *path = dir_path(state, i ? "s-wal" : "s");
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        size_t n = fread(all, 1, sizeof all, f);
        assert_true(n < sizeof all);
        assert_null(memmem(all, n, "PERSONAL", 8));
        fclose(f);
        free(path);
    }
    store_close(&store);
}

static void test_store_compares_row_by_row(void **state) {
    store_t *a = open_in(state, "a"), *b = open_in(state, "b");
    refusal_t why = {0};
    for (int i = 0; i < 2; i++) {
        store_t *store = i ? b : a;
        row_t one = document(1, 1, 1, 100), two = document(2, 2, 1, i ? 100 : 101);
        assert_int_equal(store_begin(store), 0);
        assert_int_equal(store_put(store, &one), 0);
        commit(store, 1);
        if (i == 1) assert_int_equal(store_compare(a, b, &why), BC_CONFLICT); /* a has a row more */
        assert_int_equal(store_begin(store), 0);
        assert_int_equal(store_put(store, &two), 0);
        commit(store, 2);
    }
    assert_non_null(strstr(why.en, "row 2"));
    assert_int_equal(store_compare(a, b, &why), BC_CONFLICT);
    assert_string_equal(why.code, "store-differs");
    assert_non_null(strstr(why.en, "table entry, row 2, column day"));
    store_close(&a);
    store_close(&b);
}

static void test_store_keeps_that_the_log_forked(void **state) {
    store_t *store = open_in(state, "s");
    assert_false(store_forked(store));
    assert_int_equal(store_fork(store, 1), 0);
    store_close(&store);
    store = open_in(state, "s");
    assert_true(store_forked(store));
    store_close(&store);
}

static void test_store_refuses_other_rules_and_damage(void **state) {
    store_t *store = open_in(state, "s");
    store_close(&store);
    refusal_t why = {0};
    char *path = dir_path(state, "s");
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE state SET rules=99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_null(store_open(path, &why));
    assert_string_equal(why.code, "rules-other");
    FILE *f = fopen(path, "r+b");
    fwrite("not a database at all, not any more", 1, 35, f);
    fclose(f);
    assert_null(store_open(path, &why));
    assert_string_equal(why.code, "db-damaged");
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_store_gives_rows_as_of_a_position),
        IN_DIR(test_store_forgets_what_was_not_committed),
        IN_DIR(test_store_finds_the_days_of_a_long_log),
        IN_DIR(test_store_keeps_what_readers_made_of_it),
        IN_DIR(test_store_of_the_first_schema_is_read_anew),
        IN_DIR(test_store_redacts_for_ever),
        IN_DIR(test_store_compares_row_by_row),
        IN_DIR(test_store_keeps_that_the_log_forked),
        IN_DIR(test_store_refuses_other_rules_and_damage),
    };
    return RUN(tests);
}
