/* SPDX-License-Identifier: MPL-2.0 */
/* A page that is not what was written is noticed, wherever in the file it is. */
#include "proto/base/db_seal.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "proto/base/db.h"
#include "proto/base/rc.h"
#include "tests/support.h"

static const char *const migrations[] = {"CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT) STRICT;"};
static const db_schema_t schema = {.app_id = 0x62635445, .migration = migrations, .count = 1};

/* A database of many pages; its path. */
static char *make(void **state, db_mode_t mode) {
    refusal_t why = {0};
    char *path = dir_path(state, "sealed.db");
    db_t *db = db_open(path, &schema, mode, &why);
    assert_non_null(db);
    assert_int_equal(db_begin(db), 0);
    for (int i = 0; i < 400; i++)
        assert_int_equal(
            db_run(db, "INSERT INTO t VALUES (?, printf('%0500d', ?))", "ii", (int64_t)i, (int64_t)i), 0);
    assert_int_equal(db_commit(db), 0);
    assert_int_equal(db_check(db, &why), 0);
    db_close(&db);
    return path;
}

/* Reads every row, then every page: 0, or what went wrong first. */
static int look(const char *path) {
    refusal_t why = {0};
    db_t *db = db_open(path, &schema, DB_READER, &why);
    if (!db) return BC_REFUSED;
    int64_t sum = db_int(db, -1, "SELECT sum(length(text)) FROM t", "");
    int rc = sum != 400 * 500 ? BC_CORRUPT : db_check(db, &why);
    assert_int_equal(db_any_broken() != 0, sum == -1 || (rc && db_any_broken()));
    db_close(&db);
    assert_int_equal(db_any_broken(), 0);
    return rc;
}

static void flip(const char *path, off_t at) {
    uint8_t byte;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 4;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void each_page(void **state, db_mode_t mode) {
    char *path = make(state, mode);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size > 40 * 4096);
    assert_int_equal(look(path), 0);
    for (off_t at = 1000; at < st.st_size; at += 4096) {
        flip(path, at);
        assert_true(look(path) < 0);
        flip(path, at);
    }
    assert_int_equal(look(path), 0);
    free(path);
}

static void test_db_seal_notices_a_flipped_bit_in_any_page(void **state) {
    each_page(state, DB_OUTBOX);
}

static void test_db_seal_holds_through_a_wal(void **state) {
    each_page(state, DB_LOG);
}

static void test_db_seal_notices_a_page_in_another_s_place(void **state) {
    char *path = make(state, DB_LOG), page[4096];
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, page, sizeof page, 20 * 4096), sizeof page);
    assert_int_equal(pwrite(fd, page, sizeof page, 21 * 4096), sizeof page);
    close(fd);
    assert_true(look(path) < 0);
    free(path);
}

static void test_db_seal_notices_a_file_that_ends_too_early(void **state) {
    char *path = make(state, DB_OUTBOX);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    const off_t missing[] = {1, 8, 9, 100, 4095, 4096, 5000, 40960};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        assert_int_equal(truncate(path, st.st_size - missing[i]), 0);
        assert_true(look(path) < 0);
    }
    free(path);
}

static void test_db_seal_survives_a_copy(void **state) {
    refusal_t why = {0};
    char *path = make(state, DB_LOG), *copy = dir_path(state, "copy.db");
    db_t *db = db_open(path, &schema, DB_LOG, &why);
    assert_non_null(db);
    assert_int_equal(db_copy(db, copy, &why), 0);
    db_close(&db);
    assert_int_equal(look(copy), 0);
    flip(copy, 30000);
    assert_true(look(copy) < 0);
    free(copy);
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_db_seal_notices_a_flipped_bit_in_any_page),
        IN_DIR(test_db_seal_holds_through_a_wal),
        IN_DIR(test_db_seal_notices_a_page_in_another_s_place),
        IN_DIR(test_db_seal_notices_a_file_that_ends_too_early),
        IN_DIR(test_db_seal_survives_a_copy),
    };
    return RUN(tests);
}
