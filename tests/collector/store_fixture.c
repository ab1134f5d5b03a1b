/* SPDX-License-Identifier: MPL-2.0 */
/* store_fixture.c - a store in its own temporary directory, and documents to put into it. */
#include "tests/collector/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sqlite3.h>
#include <unistd.h>

#include "proto/base/mem.h"

#define OUTBOX "0123456789abcdef0123456789abcdef"

int store_setup(void **state) {
    store_t *s = mem_alloc(sizeof *s);
    refusal_t why = {0};
    strcpy(s->dir, "/tmp/baocao-test-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    assert_int_equal(queue_create(s->dir, "operator", &why), 0);
    s->queue = queue_open(s->dir, &why);
    assert_non_null(s->queue);
    *state = s;
    return 0;
}

void store_remove_dir(const char *dir) {
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (e->d_name[0] == '.') continue;
        if (unlink(path)) store_remove_dir(path);
    }
    if (d) closedir(d);
    rmdir(dir);
}

int store_teardown(void **state) {
    store_t *s = *state;
    queue_close(&s->reader);
    queue_close(&s->queue);
    store_remove_dir(s->dir);
    free(s);
    return 0;
}

void store_reopen(store_t *s) {
    refusal_t why = {0};
    queue_close(&s->reader);
    queue_close(&s->queue);
    s->queue = queue_open(s->dir, &why);
    assert_non_null(s->queue);
}

queue_t *store_reader(store_t *s) {
    refusal_t why = {0};
    if (!s->reader) s->reader = queue_open_reader(s->dir, &why);
    assert_non_null(s->reader);
    return s->reader;
}

incoming_t store_incoming(const char *seed, int rev, const char *text) {
    incoming_t in = {.id = uuid_v8(&seed, 1),
                     .rev = rev,
                     .sha256 = hash_of(text, strlen(text)),
                     .unit = "BD.01",
                     .by = "BD.01",
                     .key = 7,
                     .outbox = OUTBOX,
                     .number = 1,
                     .received = 1700000000000,
                     .body = text,
                     .body_len = strlen(text)};
    return in;
}

outcome_t store_put(store_t *s, const incoming_t *in) {
    outcome_t out;
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_document(s->queue, in, &out), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    return out;
}

void store_damage(store_t *s, const char *sql) {
    char path[96];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/queue.db", s->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t store_position(store_t *s) {
    head_t head;
    assert_int_equal(queue_head(s->queue, &head), 0);
    return head.position;
}
