/* SPDX-License-Identifier: MPL-2.0 */
/* Statements, transactions, checkpoints, and what happens when the disk says no. */
#include "proto/base/db.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "proto/base/rc.h"
#include "tests/support.h"

static const char *const migration[] = {"CREATE TABLE document (id TEXT PRIMARY KEY, n INTEGER, body BLOB) "
                                        "STRICT; CREATE INDEX by_n ON document (n)"};
static const db_schema_t schema = {.app_id = 0x62616f31, .migration = migration, .count = 1};

static const char INSERT[] = "INSERT INTO document (id, n, body) VALUES (?1, ?2, ?3)";
static const char COUNT[] = "SELECT count(*) FROM document";

static db_t *open_log(void **state) {
    char *path = dir_path(state, "log.db");
    refusal_t why = {0};
    db_t *db = db_open(path, &schema, DB_LOG, &why);
    if (!db) fail_msg("%s", why.en);
    free(path);
    return db;
}

static db_t *open_reader(void **state) {
    char *path = dir_path(state, "log.db");
    db_t *db = db_open(path, &schema, DB_READER, NULL);
    free(path);
    return db;
}

static void test_db_binds_every_kind(void **state) {
    db_t *db = open_log(state);
    assert_int_equal(db_run(db, INSERT, "sib", "á", (int64_t)1 << 40, "x\0y", (size_t)3), BC_OK);
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(db_run(db, INSERT, "snb", "b", (const void *)NULL, (size_t)0), BC_OK);
    assert_int_equal(db_run(db, INSERT, "snb", "c", "", (size_t)0), BC_OK);

    sqlite3_stmt *stmt = db_bind(db, "SELECT n, body FROM document WHERE id = ?1", "s", "á");
    assert_int_equal(db_step(db, stmt), 1);
    assert_int_equal(sqlite3_column_int64(stmt, 0), (int64_t)1 << 40);
    assert_int_equal(sqlite3_column_bytes(stmt, 1), 3);
    assert_memory_equal(sqlite3_column_blob(stmt, 1), "x\0y", 3);
    assert_int_equal(db_step(db, stmt), 0);

    assert_int_equal(db_int(db, -7, "SELECT n FROM document WHERE id = ?1", "s", "b"), -7);
    assert_int_equal(db_int(db, -7, "SELECT n FROM document WHERE id = ?1", "s", "none"), -7);
    assert_int_equal(db_int(db, 0, "SELECT count(*) FROM document WHERE body IS NULL", ""), 1);
    char *id = db_text(db, "SELECT id FROM document WHERE n > ?1", "i", (int64_t)5);
    assert_string_equal(id, "á");
    free(id);
    assert_null(db_text(db, "SELECT id FROM document WHERE n = ?1", "i", (int64_t)-5));
    db_close(&db);
    assert_null(db);
    db_close(&db);
}

static void test_db_keeps_many_statements(void **state) {
    static char sql[500][40];
    db_t *db = open_log(state);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 500; i++) {
            snprintf(sql[i], sizeof sql[i], "SELECT %d + ?1", i);
            assert_int_equal(db_int(db, -1, sql[i], "i", (int64_t)round), i + round);
        }
    db_close(&db);
}

static void test_db_broken_constraint_is_a_conflict(void **state) {
    db_t *db = open_log(state);
    assert_int_equal(db_begin(db), BC_OK);
    assert_int_equal(db_run(db, INSERT, "sin", "a", (int64_t)1), BC_OK);
    assert_int_equal(db_run(db, INSERT, "sin", "a", (int64_t)2), BC_CONFLICT);
    assert_non_null(strstr(db_error(db), "UNIQUE"));
    assert_int_equal(db_run(db, INSERT, "sin", "b", (int64_t)2), BC_OK);
    assert_int_equal(db_commit(db), BC_OK);
    assert_int_equal(db_int(db, 0, COUNT, ""), 2);
    db_close(&db);
}

static void test_db_rolls_back(void **state) {
    db_t *db = open_log(state);
    db_rollback(db); /* outside of a transaction nothing happens */
    assert_int_equal(db_begin(db), BC_OK);
    assert_int_equal(db_run(db, INSERT, "sin", "a", (int64_t)1), BC_OK);
    db_rollback(db);
    assert_int_equal(db_int(db, -1, COUNT, ""), 0);
    db_close(&db);
}

static void test_db_reader_sees_what_was_committed(void **state) {
    db_t *db = open_log(state), *reader = open_reader(state);
    assert_non_null(reader);
    assert_int_equal(db_begin(db), BC_OK);
    assert_int_equal(db_run(db, INSERT, "sin", "a", (int64_t)1), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 0);
    assert_int_equal(db_commit(db), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 1);
    /* A reader's transaction is one picture. */
    assert_int_equal(db_begin(reader), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 1);
    assert_int_equal(db_run(db, INSERT, "sin", "b", (int64_t)1), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 1);
    assert_int_equal(db_commit(reader), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 2);
    assert_int_equal(db_run(reader, "DELETE FROM document", ""), BC_DISK);
    db_close(&reader);
    db_close(&db);
}

static off_t wal_size(void **state) {
    char *path = dir_path(state, "log.db-wal");
    struct stat st;
    off_t size = stat(path, &st) ? -1 : st.st_size;
    free(path);
    return size;
}

static void insert(db_t *db, int n) {
    char id[12];
    snprintf(id, sizeof id, "%d", n);
    assert_int_equal(db_run(db, INSERT, "sin", id, (int64_t)n), BC_OK);
}

static void test_db_checkpoint_waits_for_no_reader(void **state) {
    db_t *db = open_log(state), *reader = open_reader(state);
    for (int i = 0; i < 50; i++)
        insert(db, i);
    int64_t written = db_wal_bytes(db);
    assert_true(written >= 50 * 4096);
    assert_int_equal(db_begin(reader), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 50);
    insert(db, 50);
    assert_int_equal(db_checkpoint(db), BC_OK);
    assert_int_equal(db_wal_bytes(db), 0);
    assert_true(wal_size(state) > 0);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 50);
    assert_int_equal(db_commit(reader), BC_OK);
    insert(db, 51);
    assert_in_range(db_wal_bytes(db), 4096, 20 * 4096);
    assert_int_equal(db_checkpoint(db), BC_OK);
    assert_int_equal(wal_size(state), 0);
    assert_int_equal(db_wal_bytes(db), 0);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 52);
    /* A reader of the newest rows lets all be moved, and the WAL begin anew, but not be cut. */
    for (int i = 52; i < 80; i++)
        insert(db, i);
    assert_int_equal(db_begin(reader), BC_OK);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 80);
    assert_int_equal(db_checkpoint(db), BC_OK);
    assert_true(wal_size(state) > 0);
    assert_int_equal(db_commit(reader), BC_OK);
    insert(db, 80);
    assert_in_range(db_wal_bytes(db), 4096, 20 * 4096);
    db_close(&reader);
    db_close(&db);
}

static void test_db_checkpoint_keep_writes_into_the_same_room(void **state) {
    db_t *db = open_log(state), *reader = open_reader(state);
    for (int i = 0; i < 50; i++)
        insert(db, i);
    int64_t size = wal_size(state);
    assert_int_equal(db_checkpoint_keep(db), BC_OK);
    assert_int_equal(db_wal_bytes(db), 0);
    assert_int_equal(wal_size(state), size);
    for (int i = 50; i < 60; i++)
        insert(db, i);
    assert_in_range(db_wal_bytes(db), 4096, 50 * 4096);
    assert_int_equal(wal_size(state), size);
    assert_int_equal(db_int(reader, -1, COUNT, ""), 60);
    assert_int_equal(db_checkpoint(db), BC_OK);
    assert_int_equal(wal_size(state), 0);
    db_close(&reader);
    db_close(&db);
}

static void test_db_copy_is_whole_while_in_use(void **state) {
    db_t *db = open_log(state);
    assert_int_equal(db_run(db, INSERT, "sin", "a", (int64_t)1), BC_OK);
    char *to = dir_path(state, "copy.db"), *nowhere = dir_path(state, "no/such/copy.db");
    assert_int_equal(db_copy(db, to, NULL), BC_OK);
    assert_int_equal(db_run(db, INSERT, "sin", "b", (int64_t)1), BC_OK);
    assert_int_equal(db_copy(db, to, NULL), BC_OK); /* replaces the older copy */
    refusal_t why = {0};
    assert_int_equal(db_copy(db, nowhere, &why), BC_DISK);
    assert_string_equal(why.code, "disk");
    assert_int_equal(db_run(db, INSERT, "sin", "c", (int64_t)1),
                     BC_OK); /* which does not harm the original */
    db_close(&db);

    struct stat st;
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    db = db_open(to, &schema, DB_LOG, NULL);
    assert_non_null(db);
    assert_int_equal(db_int(db, -1, COUNT, ""), 2);
    db_close(&db);
    free(to);
    free(nowhere);
}

/* In a child with a limit on file size, which looks like a full disk. Exits with 0 if all is right. */
static void fill_the_disk(db_t *db) {
    struct rlimit limit = {.rlim_cur = 300000, .rlim_max = 300000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    static char body[50000];
    int rc = BC_OK;
    char id[2] = "a";
    for (; id[0] < 'u' && rc == BC_OK; id[0]++)
        rc = db_run(db, INSERT, "snb", id, body, sizeof body);
    if (rc != BC_DISK) _exit(1);
    if (db_begin(db) != BC_DISK) _exit(2);
    if (db_commit(db) != BC_DISK) _exit(3);
    _exit(0);
}

static void test_db_promises_nothing_after_a_disk_failure(void **state) {
    pid_t pid = fork();
    if (pid == 0) fill_the_disk(open_log(state));
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    db_t *db = open_log(state);
    assert_in_range(db_int(db, -1, COUNT, ""), 1, 19);
    char *check = db_text(db, "PRAGMA integrity_check", "");
    assert_string_equal(check, "ok");
    free(check);
    db_close(&db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_db_binds_every_kind),
        IN_DIR(test_db_keeps_many_statements),
        IN_DIR(test_db_broken_constraint_is_a_conflict),
        IN_DIR(test_db_rolls_back),
        IN_DIR(test_db_reader_sees_what_was_committed),
        IN_DIR(test_db_checkpoint_waits_for_no_reader),
        IN_DIR(test_db_checkpoint_keep_writes_into_the_same_room),
        IN_DIR(test_db_copy_is_whole_while_in_use),
        IN_DIR(test_db_promises_nothing_after_a_disk_failure),
    };
    return RUN(tests);
}
