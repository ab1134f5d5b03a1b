/* SPDX-License-Identifier: MPL-2.0 */
/* fold.c - how fast the aggregator folds: entries checked (chain, body's hash), read, and committed to its
 * store, against jansson alone reading the same documents once.
 *
 * usage: fold DIR DOCUMENTS */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/fold.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/plan.h"
#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

#define UNITS 64
#define GROUP 10000 /* entries a transaction; the follower takes up to 16 messages of some 800 entries */
#define LOG "0123456789abcdef0123456789abcdef"

/* The entries, one behind the other as they come in ENTRIES. */
typedef struct {
    buf_t headers, bodies;
    size_t *header_at, *body_at;
    hash_t *chains;
    size_t count;
} log_t;

static void append(log_t *log, entry_t *e, size_t body_from) {
    size_t n = log->bodies.len - body_from, from = log->headers.len, i = log->count++;
    memcpy(e->log, LOG, sizeof LOG);
    e->position = (int64_t)i + 1;
    e->received = 1732060800000 + (int64_t)i;
    e->by = "BD";
    e->bytes = (int64_t)n;
    e->sha256 = hash_of(log->bodies.data + body_from, n);
    entry_write(e, &log->headers);
    hash_t before = i ? log->chains[i - 1] : chain_begin(LOG);
    log->chains[i] = chain_next(&before, log->headers.data + from, log->headers.len - from);
    log->header_at[i + 1] = log->headers.len;
    log->body_at[i + 1] = log->bodies.len;
}

static void append_text(log_t *log, const char *kind, const char *unit, const char *text) {
    size_t from = log->bodies.len;
    entry_t e = {.kind = kind, .unit = unit};
    buf_puts(&log->bodies, text);
    append(log, &e, from);
}

static void append_unit(log_t *log, const char *code) {
    char *text = mem_printf(
        "{\"unit\":\"%s\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"CĐCS\"}],"
        "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":null}],\"opened\":\"2020-01-01\","
        "\"expected\":true}",
        code);
    append_text(log, "unit", code, text);
    free(text);
}

static void append_plan(log_t *log) {
    buf_t file = {0};
    refusal_t why;
    char *text = NULL;
    if (file_read("proto/data/plan-160.json", 1000000, &file, &why) == 0)
        text = plan_complete(file.data, file.len, &why);
    if (!text) bench_fail("%s", why.en);
    append_text(log, "plan", NULL, text);
    free(text);
    buf_free(&file);
}

static void append_document(log_t *log, const char *unit, int64_t number) {
    size_t from = log->bodies.len;
    report_write(&log->bodies, unit);
    json_t *j = json_loadb(log->bodies.data + from, log->bodies.len - from, 0, NULL);
    uuid_bc_t id;
    if (!j || uuid_parse(json_string_value(json_object_get(j, "id")), &id)) bench_fail("a document is wrong");
    entry_t e = {
        .kind = "document", .unit = unit, .key = 1, .outbox = LOG, .number = number, .id = &id, .rev = 1};
    append(log, &e, from);
    json_decref(j);
}

static void make_log(log_t *log, int documents) {
    size_t room = (size_t)documents + UNITS + 3;
    char unit[16];
    *log = (log_t){.header_at = mem_alloc(room * sizeof(size_t)),
                   .body_at = mem_alloc(room * sizeof(size_t)),
                   .chains = mem_alloc(room * sizeof(hash_t))};
    append_text(log, "log", NULL, "{\"log\":\"" LOG "\",\"reason\":\"init\"}");
    for (int i = 0; i < UNITS; i++) {
        snprintf(unit, sizeof unit, "BD.%d", i + 1);
        append_unit(log, unit);
    }
    append_plan(log);
    for (int i = 0; i < documents; i++) {
        snprintf(unit, sizeof unit, "BD.%d", i % UNITS + 1);
        append_document(log, unit, i + 1);
    }
}

static double parse_rate(const log_t *log) {
    int64_t began = clock_mono_us();
    for (size_t i = UNITS + 2; i < log->count; i++) {
        json_t *j =
            json_loadb(log->bodies.data + log->body_at[i], log->body_at[i + 1] - log->body_at[i], 0, NULL);
        if (!j) bench_fail("a document can not be read");
        json_decref(j);
    }
    return (double)(log->count - UNITS - 2) * 1e6 / (double)(clock_mono_us() - began);
}

static double fold_rate(const log_t *log, store_t *store) {
    refusal_t why = {0};
    fold_t *fold = fold_new(store, &why);
    if (!fold) bench_fail("%s", why.en);
    int64_t began = clock_mono_us();
    for (size_t i = 0; i < log->count; i++) {
        int rc = fold_entry(fold, log->headers.data + log->header_at[i],
                            log->header_at[i + 1] - log->header_at[i], log->bodies.data + log->body_at[i],
                            log->body_at[i + 1] - log->body_at[i], &log->chains[i], &why);
        if (rc == 0 && ((i + 1) % GROUP == 0 || i + 1 == log->count)) rc = fold_commit(fold);
        if (rc) bench_fail("entry %zu: %s", i + 1, why.en);
    }
    double rate = (double)log->count * 1e6 / (double)(clock_mono_us() - began);
    fold_free(&fold);
    return rate;
}

int main(int argc, char **argv) {
    if (argc != 3 || atoi(argv[2]) < 1) bench_fail("usage: fold DIR DOCUMENTS");
    log_t log;
    make_log(&log, atoi(argv[2]));
    refusal_t why = {0};
    char *path = file_path(argv[1], "fold.db");
    report_forget(path);
    double parsed = parse_rate(&log);
    store_t *store = store_open(path, &why);
    if (!store) bench_fail("%s", why.en);
    double folded = fold_rate(&log, store);
    if (store_count(store, ROW_UNREAD)) bench_fail("documents could not be read");
    store_close(&store);
    report_forget(path);
    char value[32], other[32];
    snprintf(value, sizeof value, "%.0f/s", folded);
    snprintf(other, sizeof other, "%.0f/s", parsed);
    bench_line("fold", value, "jansson", other, folded / parsed);
    free(path);
    buf_free(&log.headers);
    buf_free(&log.bodies);
    free(log.header_at);
    free(log.body_at);
    free(log.chains);
    return 0;
}
