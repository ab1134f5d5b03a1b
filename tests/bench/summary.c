/* SPDX-License-Identifier: MPL-2.0 */
/* summary.c - how long a summary of a province for a month takes, with its board: 4,124 units that report
 * each month, say that it is all and how many members they have, out of ten years (a million documents),
 * against the same out of one year, and against SQL's GROUP BY over the raw documents. Leaves the store of
 * ten years as DIR/aggregator.db.
 *
 * usage: summary DIR */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/fold.h"
#include "aggregator/summary.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/plan.h"
#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

#define UPPER 15
#define GRASSROOTS 4124
#define YEARS 10
#define LAST_YEAR 2034
#define SILENT 20   /* every so many months a unit says nothing of its members: the last number is carried */
#define GROUP 20000 /* entries a transaction */
#define ASKED 100   /* times, after each month of the last year was asked for once */
#define MONTHS 12
#define LOG "0123456789abcdef0123456789abcdef"

/* A store being filled, and the same documents raw beside it where RAW is there. */
typedef struct {
    store_t *store;
    fold_t *fold;
    sqlite3_stmt *raw;
    int64_t count;
    hash_t chain;
    buf_t header;
} fill_t;

static void put(fill_t *f, const char *kind, const char *unit, const uuid_bc_t *id, const char *body,
                int64_t received) {
    refusal_t why = {0};
    size_t n = strlen(body);
    entry_t e = {.kind = kind, .unit = unit, .by = "BD", .position = ++f->count, .received = received};
    memcpy(e.log, LOG, sizeof LOG);
    if (id) {
        e.id = id;
        e.rev = 1;
        e.key = e.number = 1;
        e.outbox = LOG;
    }
    e.bytes = (int64_t)n;
    e.sha256 = hash_of(body, n);
    buf_clear(&f->header);
    entry_write(&e, &f->header);
    hash_t before = f->count > 1 ? f->chain : chain_begin(LOG);
    f->chain = chain_next(&before, f->header.data, f->header.len);
    int rc = fold_entry(f->fold, f->header.data, f->header.len, body, n, &f->chain, &why);
    if (rc == 0 && f->count % GROUP == 0) rc = fold_commit(f->fold);
    if (rc) bench_fail("entry %lld: %s", (long long)f->count, why.en);
}

static void put_unit(fill_t *f, const char *code, const char *kind, const char *parent) {
    char *text = mem_printf(
        "{\"unit\":\"%s\",\"kind\":\"%s\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"Đơn vị Ví dụ %s\"}],"
        "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":%s%s%s}],\"opened\":\"2020-01-01\",\"expected\":%"
        "s}",
        code, kind, code, parent ? "\"" : "", parent ? parent : "null", parent ? "\"" : "",
        parent ? "true" : "false");
    put(f, "unit", code, NULL, text, 1500000000000);
    free(text);
}

static void unit_of(int i, char out[static 24]) {
    snprintf(out, 24, "BD.%02d.%04d", i % UPPER + 1, i + 1);
}

static void put_units_and_plan(fill_t *f) {
    buf_t file = {0};
    refusal_t why;
    char code[24], parent[24];
    char *plan = file_read("proto/data/plan-160.json", 1000000, &file, &why)
                     ? NULL
                     : plan_complete(file.data, file.len, &why);
    if (!plan) bench_fail("%s", why.en);
    put(f, "log", NULL, NULL, "{\"log\":\"" LOG "\",\"reason\":\"init\"}", 1500000000000);
    put_unit(f, "BD", "federation", NULL);
    for (int i = 0; i < UPPER; i++) {
        snprintf(code, sizeof code, "BD.%02d", i + 1);
        put_unit(f, code, "upper-level", "BD");
    }
    for (int i = 0; i < GRASSROOTS; i++) {
        unit_of(i, code);
        snprintf(parent, sizeof parent, "BD.%02d", i % UPPER + 1);
        put_unit(f, code, "grassroots", parent);
    }
    put(f, "plan", NULL, NULL, plan, 1500000000000);
    free(plan);
    buf_free(&file);
}

static void put_raw(fill_t *f, const char *unit, const char *day, const char *body) {
    if (!f->raw) return;
    sqlite3_bind_text(f->raw, 1, unit, -1, SQLITE_STATIC);
    sqlite3_bind_text(f->raw, 2, day, -1, SQLITE_STATIC);
    sqlite3_bind_text(f->raw, 3, body, -1, SQLITE_STATIC);
    if (sqlite3_step(f->raw) != SQLITE_DONE) bench_fail("the raw document can not be stored");
    sqlite3_reset(f->raw);
}

/* The unit says that this activity is all there was, and how many members it has, if not every month. */
static void put_report(fill_t *f, int i, int year, int month, const uuid_bc_t *activity, const char *bytes) {
    char unit[24], text[UUID_TEXT], own[UUID_TEXT], sha256[HASH_HEX];
    uuid_bc_t id = uuid_v7(1732060800000 + f->count);
    hash_t hash = hash_of(bytes, strlen(bytes));
    unit_of(i, unit);
    char *stock =
        (i + month) % SILENT ? mem_printf(",\"measures\":{\"members\":%d}", 20 + i % 300) : mem_str("");
    char *body =
        mem_printf("{\"doc\":\"period\",\"id\":\"%s\",\"rev\":1,\"unit\":\"%s\",\"entered_by\":\"%s\","
                   "\"source\":\"agent\",\"made\":1732060800000,\"plans\":[{\"plan\":\"160/KH-LĐLĐ\","
                   "\"version\":1}],\"calendar\":\"duonglich\",\"period\":\"%04d-%02d\",\"activities\":[{"
                   "\"id\":\"%s\",\"rev\":1,\"sha256\":\"%s\"}]%s}",
                   uuid_text(&id, own), unit, unit, year, month, uuid_text(activity, text),
                   hex_write(hash.b, HASH_LEN, sha256), stock);
    free(stock);
    put(f, "document", unit, &id, body, 1732060800000 + f->count);
    free(body);
}

static void put_activity(fill_t *f, int i, int year, int month) {
    char unit[24], day[48], text[UUID_TEXT];
    uuid_bc_t id = uuid_v7(1732060800000 + f->count);
    unit_of(i, unit);
    snprintf(day, sizeof day, "%04d-%02d-%02d", year, month, i % 28 + 1);
    char *body = mem_printf("{\"doc\":\"activity\",\"id\":\"%s\",\"rev\":1,\"unit\":\"%s\",\"entered_by\":\"%"
                            "s\",\"source\":\"agent\",\"made\":"
                            "1732060800000,\"plans\":[{\"plan\":\"160/"
                            "KH-LĐLĐ\",\"version\":1}],\"from\":\"%s\",\"to\":\"%s\",\"form\":\"F%d\","
                            "\"topics\":[\"vai-tro\",\"ke-thua\"],\"measures\":{\"sessions\":%d,"
                            "\"attendances\":%d,\"att_members\":%d,"
                            "\"att_female\":%d,\"leaflets\":%d,\"cost_union\":%d}}",
                            uuid_text(&id, text), unit, unit, day, day, i % 12 + 1, i % 3 + 1, 40 + i % 60,
                            30 + i % 9, 10 + i % 9, i % 7, 1000 * (i % 50));
    put(f, "document", unit, &id, body, 1732060800000 + f->count);
    put_raw(f, unit, day, body);
    if (year != LAST_YEAR - 1 || month != 12)
        put_report(f, i, year, month, &id, body); /* there all are missing */
    free(body);
}

/* A new store at PATH with the reports of the last YEARS years. */
static store_t *filled(const char *path, int years, sqlite3_stmt *raw) {
    refusal_t why = {0};
    fill_t f = {.store = store_open(path, &why), .raw = raw};
    f.fold = f.store ? fold_new(f.store, &why) : NULL;
    if (!f.fold) bench_fail("%s", why.en);
    put_units_and_plan(&f);
    for (int year = LAST_YEAR - years + 1; year <= LAST_YEAR; year++)
        for (int month = 1; month <= 12; month++)
            for (int i = 0; i < GRASSROOTS; i++)
                put_activity(&f, i, year, month);
    if (fold_commit(f.fold)) bench_fail("the store can not be committed");
    fold_free(&f.fold);
    buf_free(&f.header);
    return f.store;
}

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t p99(int64_t *times) {
    qsort(times, ASKED, sizeof *times, by_time);
    return times[ASKED - 1 - ASKED / 100];
}

/* Asks for the last month of a year, another one each time; microseconds of the p99 question, and into FIRST
 * those of a usual one for a month that nobody had asked for. */
static int64_t ask(store_t *store, int64_t *first) {
    int64_t each[MONTHS + ASKED], *times = each + MONTHS;
    for (int i = -MONTHS; i < ASKED; i++) {
        char period[32];
        refusal_t why = {0};
        asked_t asked;
        snprintf(period, sizeof period, "%d-%02d", LAST_YEAR, (i + MONTHS) % MONTHS + 1);
        question_t q = {.unit = "BD", .plan = "160/KH-LĐLĐ", .period = period};
        int64_t began = clock_mono_us();
        view_t *view = view_new(store, STORE_NOW, &why);
        json_t *j =
            view && summary_ask(view, &q, &asked, &why) == 0 ? summary_json(view, &asked, &why) : NULL;
        times[i] = clock_mono_us() - began;
        if (!j) bench_fail("%s", why.en);
        if (json_integer_value(json_object_get(json_object_get(j, "documents"), "activities")) != GRASSROOTS)
            bench_fail("a report is missing");
        if (json_integer_value(json_object_get(json_object_get(j, "board"), "complete")) != GRASSROOTS)
            bench_fail("a unit is not complete");
        json_decref(j);
        view_free(&view);
    }
    qsort(each, MONTHS, sizeof *each, by_time);
    *first = each[MONTHS / 2];
    return p99(times);
}

/* The sums of the same six measures by upper-level union and by form, out of the raw documents. */
static int64_t ask_sql(sqlite3 *db) {
    static const char *const by[] = {"substr(unit,1,5)", "json_extract(body,'$.form')"};
    int64_t times[ASKED];
    sqlite3_stmt *s[2];
    for (int k = 0; k < 2; k++) {
        char *sql = mem_printf(
            "SELECT %s,count(*),count(DISTINCT unit),sum(json_extract(body,'$.measures.sessions')),"
            "sum(json_extract(body,'$.measures.attendances')),sum(json_extract(body,'$.measures.att_members')"
            "),"
            "sum(json_extract(body,'$.measures.att_female')),sum(json_extract(body,'$.measures.leaflets')),"
            "sum(json_extract(body,'$.measures.cost_union')) FROM raw WHERE day BETWEEN ?1 AND ?2 GROUP BY 1",
            by[k]);
        if (sqlite3_prepare_v2(db, sql, -1, &s[k], NULL)) bench_fail("%s", sqlite3_errmsg(db));
        free(sql);
    }
    for (int i = -MONTHS; i < ASKED; i++) {
        char from[16], to[16];
        snprintf(from, sizeof from, "%d-%02d-01", LAST_YEAR, (i + MONTHS) % MONTHS + 1);
        snprintf(to, sizeof to, "%d-%02d-31", LAST_YEAR, (i + MONTHS) % MONTHS + 1);
        int64_t began = clock_mono_us();
        for (int k = 0; k < 2; k++) {
            sqlite3_bind_text(s[k], 1, from, -1, SQLITE_STATIC);
            sqlite3_bind_text(s[k], 2, to, -1, SQLITE_STATIC);
            while (sqlite3_step(s[k]) == SQLITE_ROW)
                ;
            sqlite3_reset(s[k]);
        }
        if (i >= 0) times[i] = clock_mono_us() - began;
    }
    for (int k = 0; k < 2; k++)
        sqlite3_finalize(s[k]);
    return p99(times);
}

static void line(const char *name, int64_t value, const char *against, int64_t other) {
    char a[32], b[32];
    snprintf(a, sizeof a, "%.1fms", (double)value / 1000);
    snprintf(b, sizeof b, "%.1fms", (double)other / 1000);
    bench_line(name, a, against, b, (double)value / (double)other);
}

int main(int argc, char **argv) {
    if (argc != 2) bench_fail("usage: summary DIR");
    sqlite3 *db;
    sqlite3_stmt *raw;
    char *ten = file_path(argv[1], "aggregator.db"), *one = file_path(argv[1], "one.db"),
         *flat = file_path(argv[1], "raw.db");
    report_forget(ten);
    report_forget(one);
    report_forget(flat);
    if (sqlite3_open(flat, &db) ||
        sqlite3_exec(
            db,
            "PRAGMA synchronous=OFF; CREATE TABLE raw(unit TEXT, day TEXT, body TEXT); CREATE INDEX raw_day "
            "ON raw(day); BEGIN",
            NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "INSERT INTO raw VALUES(?1,?2,?3)", -1, &raw, NULL))
        bench_fail("%s", sqlite3_errmsg(db));
    store_t *small = filled(one, 1, NULL), *large = filled(ten, YEARS, raw);
    sqlite3_finalize(raw);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    int64_t first, other_first, again = ask(large, &first);
    line("summary", again, "sql", ask_sql(db));
    line("summary-years", again, "one-year", ask(small, &other_first));
    line("summary-first", first, "one-year", other_first);
    store_close(&small);
    store_close(&large);
    sqlite3_close(db);
    report_forget(one);
    report_forget(flat);
    free(ten);
    free(one);
    free(flat);
    return 0;
}
