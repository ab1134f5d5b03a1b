/* SPDX-License-Identifier: MPL-2.0 */
/* floor.c - what can be had without a network, cryptography and checks: the same documents parsed with
 * jansson and inserted into SQLite with the same group commit, in one thread.
 *
 * usage: floor DIR DOCUMENTS GROUP */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/db.h"
#include "proto/base/file.h"
#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

#define WAL_MOST (64 << 20) /* as the collector */

static const char *const migrations[] = {
    "CREATE TABLE document(position INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
};
static const db_schema_t schema = {0x666c6f72, migrations, 1, 8192}; /* as the collector */

/* One document: parsed, and into the open transaction. */
static void store(db_t *db, const char *p, size_t n, int64_t position) {
    json_t *j = json_loadb(p, n, 0, NULL);
    if (!j || db_run(db, "INSERT INTO document(position, body) VALUES(?1, ?2)", "ib", position, p, n))
        bench_fail("document %lld was not stored", (long long)position);
    json_decref(j);
}

int main(int argc, char **argv) {
    if (argc != 4) bench_fail("usage: floor DIR DOCUMENTS GROUP");
    int n = atoi(argv[2]), group = atoi(argv[3]);
    refusal_t why;
    char *path = file_path(argv[1], "floor.db");
    db_t *db = db_open(path, &schema, DB_LOG, &why);
    if (!db) bench_fail("%s", why.en);
    buf_t all = {0};
    size_t *at = mem_alloc(((size_t)n + 1) * sizeof *at);
    char unit[16];
    for (int i = 0; i < n; i++) {
        snprintf(unit, sizeof unit, "BD.%d", i % 64 + 1);
        report_write(&all, unit);
        at[i + 1] = all.len;
    }
    int64_t began = clock_mono_us();
    for (int i = 0; i < n; i++) {
        if (i % group == 0 && db_begin(db)) bench_fail("begin failed");
        store(db, all.data + at[i], at[i + 1] - at[i], i + 1);
        if (((i + 1) % group == 0 || i + 1 == n) && db_commit(db)) bench_fail("commit failed");
        if ((i + 1) % group == 0 && db_wal_bytes(db) > WAL_MOST && db_checkpoint_keep(db))
            bench_fail("checkpoint failed");
    }
    int64_t us = clock_mono_us() - began;
    printf("floor documents=%d group=%d us=%lld rate=%.0f\n", n, group, (long long)us, n * 1e6 / (double)us);
    db_close(&db);
    unlink(path);
    free(path);
    free(at);
    buf_free(&all);
    return 0;
}
