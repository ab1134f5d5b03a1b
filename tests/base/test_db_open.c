/* SPDX-License-Identifier: MPL-2.0 */
/* Whose database it is, what a killed writer left, and migrations. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "proto/base/db.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "tests/support.h"

#define APP 0x62616f31

static const char *const migration[] = {
    "CREATE TABLE unit (code TEXT PRIMARY KEY) STRICT",
    "ALTER TABLE unit ADD COLUMN name TEXT NOT NULL DEFAULT ''; UPDATE unit SET name = 'Đơn vị ' || code",
    /* breaks its own constraint */
    "INSERT INTO unit (code) VALUES ('x'); INSERT INTO unit (code) VALUES ('x')",
};
static const db_schema_t v1 = {APP, migration, 1, 0}, v2 = {APP, migration, 2, 0},
                         v3 = {APP, migration, 3, 0};
static const db_schema_t other = {0x12345678, migration, 1, 0};

static const char COUNT[] = "SELECT count(*) FROM unit";

static void expect_refused(const char *path, const db_schema_t *schema, db_mode_t mode, const char *code) {
    refusal_t why = {0};
    db_t *db = db_open(path, schema, mode, &why);
    assert_null(db);
    assert_string_equal(why.code, code);
    assert_true(strlen(why.vi) > 20);
}

/* A database of version 1 with units a and b. */
static void make_v1(const char *path) {
    db_t *db = db_open(path, &v1, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(db_exec(db, "INSERT INTO unit VALUES ('a'), ('b')"), BC_OK);
    db_close(&db);
}

static void test_db_open_makes_a_private_file(void **state) {
    char *path = dir_path(state, "x.db"), *wal = dir_path(state, "x.db-wal");
    db_t *db = db_open(path, &v1, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(db_int(db, 0, "PRAGMA application_id", ""), APP);
    assert_int_equal(db_int(db, 0, "PRAGMA user_version", ""), 1);
    assert_int_equal(db_int(db, 0, "PRAGMA synchronous", ""), 2);
    assert_int_equal(db_int(db, 9, "PRAGMA wal_autocheckpoint", ""), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(wal, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    db_close(&db);
    free(path);
    free(wal);
}

static void test_db_open_outbox_uses_the_rollback_journal(void **state) {
    char *path = dir_path(state, "outbox.db");
    db_t *db = db_open(path, &v1, DB_OUTBOX, NULL);
    assert_non_null(db);
    char *mode = db_text(db, "PRAGMA journal_mode", "");
    assert_string_equal(mode, "truncate");
    free(mode);
    assert_int_equal(db_int(db, 0, "PRAGMA synchronous", ""), 3);
    assert_int_equal(db_wal_bytes(db), 0);
    assert_int_equal(db_checkpoint(db), BC_OK);
    db_close(&db);
    free(path);
}

static void test_db_open_refuses_foreign_newer_and_older(void **state) {
    char *path = dir_path(state, "x.db");
    make_v1(path);
    expect_refused(path, &other, DB_LOG, "db-foreign");
    expect_refused(path, &other, DB_READER, "db-foreign");
    expect_refused(path, &v2, DB_READER, "db-older");
    db_t *db = db_open(path, &v2, DB_LOG, NULL);
    assert_non_null(db);
    db_close(&db);
    expect_refused(path, &v1, DB_LOG, "db-newer");
    expect_refused(path, &v1, DB_READER, "db-newer");
    free(path);
}

/* A database somebody made by hand has no application id, but it has tables. */
static void test_db_open_refuses_a_nameless_database(void **state) {
    char *path = dir_path(state, "x.db");
    sqlite3 *raw;
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "CREATE TABLE t (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(raw);
    expect_refused(path, &v1, DB_LOG, "db-foreign");
    free(path);
}

static void test_db_open_refuses_garbage_and_leaves_it(void **state) {
    char *path = dir_path(state, "x.db"), garbage[5000];
    memset(garbage, 'g', sizeof garbage);
    assert_int_equal(file_write(path, garbage, sizeof garbage, 0600, NULL), BC_OK);
    expect_refused(path, &v1, DB_LOG, "db-damaged");
    expect_refused(path, &v1, DB_READER, "db-damaged");
    expect_refused(path, &v1, DB_OUTBOX, "db-damaged");
    buf_t b = {0};
    assert_int_equal(file_read(path, sizeof garbage, &b, NULL), BC_OK);
    assert_int_equal(b.len, sizeof garbage);
    assert_memory_equal(b.data, garbage, sizeof garbage);
    buf_free(&b);
    free(path);
}

static void test_db_open_refuses_what_the_disk_does_not_give(void **state) {
    char *missing = dir_path(state, "x.db"), *nowhere = dir_path(state, "no/x.db");
    expect_refused(missing, &v1, DB_READER, "disk");
    expect_refused(nowhere, &v1, DB_LOG, "disk");
    expect_refused(*state, &v1, DB_LOG, "disk");
    free(missing);
    free(nowhere);
}

static void test_db_open_migrates_and_keeps_a_backup(void **state) {
    char *path = dir_path(state, "x.db"), *backup = dir_path(state, "x.db.before-2");
    make_v1(path);
    db_t *db = db_open(path, &v2, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(db_int(db, 0, "SELECT count(*) FROM unit WHERE name LIKE 'Đơn vị %'", ""), 2);
    db_close(&db);
    db = db_open(backup, &v1, DB_READER, NULL);
    assert_non_null(db);
    assert_int_equal(db_int(db, 0, COUNT, ""), 2);
    db_close(&db);
    free(path);
    free(backup);
}

static void test_db_open_undoes_a_failed_migration_whole(void **state) {
    char *path = dir_path(state, "x.db");
    make_v1(path);
    expect_refused(path, &v3, DB_LOG, "disk");
    expect_refused(path, &v3, DB_LOG, "disk"); /* the backup of the first attempt is not in the way */
    db_t *db = db_open(path, &v1, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(db_int(db, 0, COUNT, ""), 2);
    db_close(&db);
    free(path);
}

/* A writer that is killed leaves its rows in the WAL; the next one moves them before it answers. */
static void test_db_open_recovers_what_a_killed_writer_left(void **state) {
    char *path = dir_path(state, "x.db"), *wal = dir_path(state, "x.db-wal");
    make_v1(path);
    pid_t pid = fork();
    if (pid == 0) {
        db_t *db = db_open(path, &v1, DB_LOG, NULL);
        if (db_begin(db) || db_exec(db, "INSERT INTO unit VALUES ('c')") || db_commit(db)) _exit(1);
        if (db_begin(db) || db_exec(db, "INSERT INTO unit VALUES ('d')")) _exit(1);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    struct stat st;
    assert_int_equal(stat(wal, &st), 0);
    assert_true(st.st_size > 0);
    db_t *db = db_open(path, &v1, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(stat(wal, &st), 0);
    assert_int_equal(st.st_size, 0);
    assert_int_equal(db_int(db, 0, COUNT, ""), 3);
    db_close(&db);
    free(path);
    free(wal);
}

static void test_db_open_makes_pages_of_the_schemas_size(void **state) {
    const db_schema_t big = {APP, migration, 1, 8192};
    char *path = file_path(*state, "big.db");
    db_t *db = db_open(path, &big, DB_LOG, NULL);
    assert_int_equal(db_int(db, 0, "PRAGMA page_size", ""), 8192);
    db_close(&db);
    db = db_open(path, &v1, DB_LOG, NULL); /* a file that is there keeps its own */
    assert_int_equal(db_int(db, 0, "PRAGMA page_size", ""), 8192);
    db_close(&db);
    free(path);
}

/* For tests/faults/killed.py, which kills a migration at each of its calls: makes PATH at version 1, or
 * brings it to version 2, or counts what it holds, whichever version it has. */
static int alone(const char *what, const char *path) {
    refusal_t why = {0};
    if (strcmp(what, "make") == 0) {
        make_v1(path);
        return 0;
    }
    int version = strcmp(what, "migrate") == 0 || strcmp(what, "new") == 0 ? 2 : 1;
    db_t *db =
        db_open(path, version == 2 ? &v2 : &v1, strcmp(what, "migrate") == 0 ? DB_LOG : DB_READER, &why);
    if (!db) {
        puts(why.code);
        return 1;
    }
    printf("%lld %lld\n", (long long)db_int(db, 0, "PRAGMA user_version", ""),
           (long long)db_int(db, 0, COUNT, ""));
    db_close(&db);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3) return alone(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        IN_DIR(test_db_open_makes_a_private_file),
        IN_DIR(test_db_open_outbox_uses_the_rollback_journal),
        IN_DIR(test_db_open_refuses_foreign_newer_and_older),
        IN_DIR(test_db_open_refuses_a_nameless_database),
        IN_DIR(test_db_open_refuses_garbage_and_leaves_it),
        IN_DIR(test_db_open_refuses_what_the_disk_does_not_give),
        IN_DIR(test_db_open_migrates_and_keeps_a_backup),
        IN_DIR(test_db_open_undoes_a_failed_migration_whole),
        IN_DIR(test_db_open_recovers_what_a_killed_writer_left),
        IN_DIR(test_db_open_makes_pages_of_the_schemas_size),
    };
    return RUN(tests);
}
