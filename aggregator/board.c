/* SPDX-License-Identifier: MPL-2.0 */
/* board.c - looks at each unit's documents of the plan and period, and compares what its report lists with
 * what is there. */
#include "aggregator/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

typedef struct {
    uuid_bc_t id;
    int rev;
    hash_t sha256;
    int listed;
} live_t;

typedef struct {
    const view_t *view;
    const overlaps_t *overlaps;
    const board_scope_t *scope;
    uint32_t plan; /* word */
    char period[80];
    json_t *board, *units, *coordinating, *deadline;
    int64_t counts[STATUS_COUNT], on_time, late;
} board_t;

/* One unit's documents of the plan and period. */
typedef struct {
    const board_t *board;
    live_t *live; /* activities */
    size_t live_count;
    int submitted;
    uuid_bc_t report;
    fact_listed_t *listed;
    size_t listed_count;
} found_t;

const char *status_name(status_t status) {
    static const char *const names[STATUS_COUNT] = {"covered",  "nil",    "complete",
                                                    "mismatch", "active", "missing"};
    return names[status];
}

static void keep_listed(found_t *f, const row_t *row, const fact_t *fact) {
    const uint8_t *at = fact->listed_at;
    f->submitted = 1;
    f->report = row->id;
    f->listed = mem_alloc((fact->listed + 1) * sizeof *f->listed);
    while (f->listed_count < fact->listed && fact_listed(fact, &at, &f->listed[f->listed_count]))
        f->listed_count++;
}

static int find(void *arg, const row_t *row) {
    found_t *f = arg;
    fact_t fact;
    if (row->kind == ROW_AGGREGATE) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    if (fact_plan(&fact, f->board->plan) < 0) return BC_OK;
    if (row->kind == ROW_PERIOD) {
        if (!f->submitted && strcmp(row->period, f->board->period) == 0) keep_listed(f, row, &fact);
        return BC_OK;
    }
    f->live = mem_grow(f->live, (f->live_count + 1) * sizeof *f->live);
    f->live[f->live_count++] = (live_t){row->id, row->rev, row->sha256, 0};
    return BC_OK;
}

static int find_documents(const board_t *b, uint32_t unit, found_t *f) {
    *f = (found_t){.board = b};
    return store_each_of_unit(view_store(b->view), unit, b->scope->period.from, b->scope->period.to,
                              view_at(b->view)->position, find, f);
}

static void found_free(found_t *f) {
    free(f->live);
    free(f->listed);
}

/* ---- what a report lists against what is there ---- */

static void name(json_t *row, const char *key, const uuid_bc_t *id) {
    char text[UUID_TEXT];
    json_t *array = json_object_get(row, key);
    if (!array) {
        array = json_array();
        json_object_set_new(row, key, array);
    }
    json_array_append_new(array, json_string(uuid_text(id, text)));
}

/* What is wrong with a listed document that is not live in the period as listed; NULL if it was redacted. */
static const char *fault_of(const board_t *b, const fact_listed_t *listed, int *rc) {
    row_t row;
    *rc = store_document(view_store(b->view), &listed->id, view_at(b->view)->position, &row);
    if (*rc == BC_NOTFOUND) {
        *rc = BC_OK;
        return "missing";
    }
    if (*rc || row.rev < listed->rev) return "missing";
    int as_listed = row.rev == listed->rev && hash_equal(&row.sha256, &listed->sha256);
    return as_listed && row.kind == ROW_GONE ? NULL : "changed";
}

static int is_live(found_t *f, const fact_listed_t *listed) {
    for (size_t i = 0; i < f->live_count; i++) {
        live_t *l = &f->live[i];
        if (memcmp(&l->id, &listed->id, sizeof l->id) != 0) continue;
        l->listed = 1;
        return l->rev == listed->rev && hash_equal(&l->sha256, &listed->sha256);
    }
    return 0;
}

static int by_id(const void *a, const void *b) {
    return memcmp(a, b, sizeof(uuid_bc_t)); /* the id comes first in both */
}

/* Nil, complete, or mismatch, the latter with its reasons in ROW, each by id. */
static int compare(const board_t *b, found_t *f, json_t *row, status_t *status) {
    int same = 1, rc = BC_OK;
    qsort(f->listed, f->listed_count, sizeof *f->listed, by_id);
    if (f->live_count) qsort(f->live, f->live_count, sizeof *f->live, by_id);
    for (size_t i = 0; i < f->listed_count && rc == BC_OK; i++) {
        if (is_live(f, &f->listed[i])) continue;
        const char *fault = fault_of(b, &f->listed[i], &rc);
        if (!fault) continue;
        same = 0;
        name(row, fault, &f->listed[i].id);
    }
    for (size_t i = 0; i < f->live_count; i++)
        if (!f->live[i].listed) {
            same = 0;
            name(row, "later", &f->live[i].id);
        }
    *status = !same ? STATUS_MISMATCH : f->listed_count ? STATUS_COMPLETE : STATUS_NIL;
    return rc;
}

/* ---- one unit ---- */

/* The earliest of the unit's own report and the aggregates that count for it; 0: none. */
static int64_t first_received(const board_t *b, uint32_t unit, const found_t *f) {
    store_t *store = view_store(b->view);
    int64_t as_of = view_at(b->view)->position;
    int64_t first = f->submitted ? store_first_received(store, &f->report, as_of) : 0;
    const aggregate_t *a = NULL;
    while ((a = overlaps_covering(b->overlaps, unit, b->plan, b->period, a))) {
        int64_t at = store_first_received(store, &a->id, as_of);
        if (!first || at < first) first = at;
    }
    return first;
}

static void judge_time(board_t *b, const unit_t *unit, int64_t received, json_t *row) {
    char text[11];
    day_t deadline = plan_deadline(b->scope->plan, &b->scope->period, unit_kind(unit));
    json_object_set_new(b->deadline, unit_kind(unit), json_string(day_iso(deadline, text)));
    if (!received) return;
    day_t day = clock_day(received);
    if (day <= deadline) {
        b->on_time++;
    } else {
        b->late++;
        json_object_set_new(row, "late_days", json_integer(day - deadline));
    }
}

static json_t *unit_row(const board_t *b, const unit_t *unit) {
    day_t day = b->scope->period.to;
    json_t *row = json_pack("{s:s,s:s,s:s}", "code", unit_code(unit), "name", unit_name(unit, day), "kind",
                            unit_kind(unit));
    const char *parent = unit_parent(unit, day);
    json_object_set_new(row, "parent", parent ? json_string(parent) : json_null());
    json_t *contact = json_object_get(unit_json(unit), "contact");
    if (contact) json_object_set(row, "contact", contact);
    return row;
}

static int add_expected(board_t *b, const unit_t *unit, uint32_t word) {
    found_t f;
    int rc = find_documents(b, word, &f);
    json_t *row = unit_row(b, unit);
    status_t status = f.live_count ? STATUS_ACTIVE : STATUS_MISSING;
    if (overlaps_covering(b->overlaps, word, b->plan, b->period, NULL)) {
        status = STATUS_COVERED;
    } else if (rc == BC_OK && f.submitted) {
        rc = compare(b, &f, row, &status);
    }
    b->counts[status]++;
    json_object_set_new(row, "status", json_string(status_name(status)));
    judge_time(b, unit, first_received(b, word, &f), row);
    json_array_append_new(b->units, row);
    found_free(&f);
    return rc;
}

static int add_coordinating(board_t *b, const unit_t *unit, uint32_t word) {
    found_t f;
    int rc = find_documents(b, word, &f);
    json_array_append_new(b->coordinating, json_pack("{s:s,s:s,s:I}", "code", unit_code(unit), "name",
                                                     unit_name(unit, b->scope->period.to), "activities",
                                                     (json_int_t)f.live_count));
    found_free(&f);
    return rc;
}

/* The plan was known before the period ended, and runs on a day of it. */
static int is_due(const board_t *b) {
    const plan_t *plan = b->scope->plan;
    const period_t *p = &b->scope->period;
    day_t published = view_published(b->view, plan_number(plan)), ends = plan_ends(plan);
    return published <= p->to && plan_begins(plan) <= p->to && (ends == DAY_NONE || ends >= p->from);
}

static int add_units(board_t *b) {
    const tree_t *tree = view_tree(b->view);
    day_t day = b->scope->period.to;
    int due = is_due(b), rc = BC_OK;
    for (size_t i = 0; i < tree_count(tree) && rc == BC_OK; i++) {
        const unit_t *unit = tree_at(tree, i);
        uint32_t word = view_word(b->view, unit_code(unit));
        if (!unit_open_on(unit, day) || !view_row(b->view, word, b->scope->unit, day)) continue;
        if (unit_coordinating(unit)) {
            rc = add_coordinating(b, unit, word);
        } else if (due && unit_expected(unit)) {
            rc = add_expected(b, unit, word);
        }
    }
    return rc;
}

/* ---- overlaps and sums ---- */

static json_t *overlap_json(const board_t *b, const aggregate_t *a) {
    char id[UUID_TEXT];
    json_t *with = json_array();
    for (size_t i = 0; i < a->with_count; i++)
        json_array_append_new(with, json_string(view_text(b->view, a->with[i])));
    const char *choice = a->choice == CHOICE_AGGREGATE ? "aggregate" : "own";
    return json_pack("{s:s,s:s,s:o,s:o}", "aggregate", uuid_text(&a->id, id), "unit",
                     view_text(b->view, a->unit), "with", with, "choice",
                     a->choice == CHOICE_NONE ? json_null() : json_string(choice));
}

static int by_aggregate(const void *a, const void *b) {
    return memcmp(&(*(const aggregate_t *const *)a)->id, &(*(const aggregate_t *const *)b)->id,
                  sizeof(uuid_bc_t));
}

static json_t *overlaps_json(const board_t *b) {
    size_t n = 0, all = overlaps_count(b->overlaps);
    const aggregate_t **found = mem_alloc((all + 1) * sizeof *found);
    for (size_t i = 0; i < all; i++) {
        const aggregate_t *a = overlaps_at(b->overlaps, i);
        if (!a->with_count || a->plan != b->plan || strcmp(a->period, b->period) != 0) continue;
        if (view_row(b->view, a->unit, b->scope->unit, b->scope->period.to)) found[n++] = a;
    }
    qsort(found, n, sizeof *found, by_aggregate);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, overlap_json(b, found[i]));
    free(found);
    return list;
}

static void put_counts(board_t *b) {
    int64_t submitted = b->counts[STATUS_NIL] + b->counts[STATUS_COMPLETE] + b->counts[STATUS_MISMATCH],
            expected = 0;
    for (int i = 0; i < STATUS_COUNT; i++) {
        json_object_set_new(b->board, status_name((status_t)i), json_integer(b->counts[i]));
        expected += b->counts[i];
    }
    json_object_set_new(b->board, "expected", json_integer(expected));
    json_object_set_new(b->board, "submitted", json_integer(submitted));
    json_object_set_new(b->board, "on_time", json_integer(b->on_time));
    json_object_set_new(b->board, "late", json_integer(b->late));
}

json_t *board_json(const view_t *view, const overlaps_t *overlaps, const board_scope_t *scope,
                   refusal_t *why) {
    board_t b = {.view = view,
                 .overlaps = overlaps,
                 .scope = scope,
                 .board = json_object(),
                 .units = json_array(),
                 .coordinating = json_array(),
                 .deadline = json_object()};
    b.plan = view_word(view, plan_number(scope->plan));
    snprintf(b.period, sizeof b.period, "%s/%s", calendar_id(plan_calendar(scope->plan)), scope->period.id);
    json_object_set_new(b.board, "units", b.units);
    json_object_set_new(b.board, "coordinating", b.coordinating);
    json_object_set_new(b.board, "deadline", b.deadline);
    int rc = add_units(&b);
    put_counts(&b);
    json_object_set_new(b.board, "overlaps", overlaps_json(&b));
    if (rc == BC_OK) return b.board;
    json_decref(b.board);
    refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
           "The store can not be read; run the verb rebuild.");
    return NULL;
}
