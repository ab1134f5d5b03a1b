/* SPDX-License-Identifier: MPL-2.0 */
/* board.c - one row for each unit that must report, and the sums over them. */
#include "aggregator/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/submission.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define DAYS 64 /* most of what was reported is of one month */

/* The units of one kind: until when they may report, how many have. */
typedef struct {
    const char *kind;
    day_t deadline;
    int64_t expected, sent, complete;
} level_t;

typedef struct {
    const view_t *view;
    const overlaps_t *overlaps;
    const board_scope_t *scope;
    submissions_t *submissions;
    uint32_t plan, top; /* words: of the plan, of the unit asked for */
    char period[80];
    level_t *level;
    size_t levels;
    json_t *more; /* what a unit's row says besides who it is and its status; empty between units */
    json_t *board, *units, *exempt, *coordinating, *statuses[STATUS_COUNT];
    struct {
        day_t day;
        json_t *text;
    } days[DAYS]; /* written before, by day */
    int64_t counts[STATUS_COUNT], accepted, on_time, late;
} board_t;

const char *status_name(status_t status) {
    static const char *const names[STATUS_COUNT] = {"covered",  "returned", "nil",    "complete",
                                                    "mismatch", "active",   "missing"};
    return names[status];
}

/* ---- one unit ---- */

static level_t *level_of(board_t *b, const char *kind) {
    for (size_t i = 0; i < b->levels; i++)
        if (strcmp(b->level[i].kind, kind) == 0) return &b->level[i];
    b->level = mem_grow(b->level, (b->levels + 1) * sizeof *b->level);
    b->level[b->levels] =
        (level_t){.kind = kind, .deadline = plan_deadline(b->scope->plan, &b->scope->period, kind)};
    return &b->level[b->levels++];
}

/* The earliest of the unit's own report and the aggregates that count for it; 0: none. */
static int64_t first_received(const board_t *b, uint32_t unit, const submission_t *f) {
    store_t *store = view_store(b->view);
    int64_t as_of = view_at(b->view)->position;
    int64_t first = f->submitted ? f->received : 0;
    if (f->rev > 1) first = store_first_received(store, &f->report, as_of);
    const aggregate_t *a = NULL;
    while ((a = overlaps_covering(b->overlaps, unit, b->plan, b->period, a))) {
        int64_t at = store_first_received(store, &a->id, as_of);
        if (!first || at < first) first = at;
    }
    return first;
}

static void judge_time(board_t *b, const unit_t *unit, day_t deadline, int64_t received, json_t *row) {
    char text[11];
    const board_scope_t *scope = b->scope;
    day_t until = rulings_until(view_rulings(b->view), view_tree(b->view), scope->plan, &scope->period, unit);
    if (until > deadline) { /* DAY_NONE is before every day */
        deadline = until;
        json_object_set_new(row, "until", json_string(day_iso(until, text)));
    }
    if (!received) return;
    day_t day = clock_day(received);
    if (day <= deadline) {
        b->on_time++;
    } else {
        b->late++;
        json_object_set_new(row, "late_days", json_integer(day - deadline));
    }
}

/* A day as text, borrowed. */
static json_t *day_json(board_t *b, day_t day) {
    char text[11];
    size_t at = (size_t)(uint32_t)day % DAYS;
    if (!b->days[at].text || b->days[at].day != day) {
        json_decref(b->days[at].text);
        b->days[at].text = json_string(day_iso(day, text));
        b->days[at].day = day;
    }
    return b->days[at].text;
}

/* Since when a unit has been silent. */
static void put_last(board_t *b, uint32_t unit, const submission_t *f, json_t *row) {
    day_t last = f->last;
    if (last == DAY_NONE)
        last = store_last_day(view_store(b->view), unit, b->scope->period.to, view_at(b->view)->position);
    if (last != DAY_NONE) json_object_set_nocheck(row, "last", day_json(b, last));
}

/* How many of each kind of unit are expected, have sent, are complete. */
static void count_level(level_t *level, status_t status) {
    level->expected++;
    level->sent += status != STATUS_ACTIVE && status != STATUS_MISSING;
    level->complete += status == STATUS_COVERED || status == STATUS_NIL || status == STATUS_COMPLETE;
}

static json_t *new_row(const board_t *b, const unit_t *unit, const char *code, int status) {
    day_t day = b->scope->period.to;
    json_t *row = json_object(); /* there are thousands: what is a text already is not copied */
    json_object_set_nocheck(row, "code", unit_code_json(unit));
    json_object_set_nocheck(row, "name", unit_name_json(unit, day));
    json_object_set_nocheck(row, "kind", unit_kind_json(unit));
    const unit_t *parent = code ? tree_get(view_tree(b->view), code) : NULL;
    json_object_set_new_nocheck(row, "parent",
                                parent ? json_incref(unit_code_json(parent))
                                : code ? json_string(code)
                                       : json_null());
    json_t *contact = unit_contact_json(unit);
    if (contact) json_object_set_nocheck(row, "contact", contact);
    if (status >= 0) json_object_set_nocheck(row, "status", b->statuses[status]);
    return row;
}

/* New reference. */
static json_t *unit_row(board_t *b, const unit_t *unit, size_t i, int status) {
    day_t day = b->scope->period.to;
    const char *parent = unit_parent(unit, day);
    const void *name = unit_name_json(unit, day);
    plain_row_t *plain = view_plain_row(b->view, i);
    if (json_object_size(b->more)) {
        json_t *row = new_row(b, unit, parent, status);
        json_object_update(row, b->more);
        json_object_clear(b->more);
        return row;
    }
    if (!plain->row || plain->name != name || plain->parent != parent || plain->status != status) {
        json_decref(plain->row);
        *plain = (plain_row_t){new_row(b, unit, parent, status), name, parent, status};
    }
    return json_incref(plain->row);
}

/* Of a unit that no aggregate covers. A stop below 0. */
static int status_of(submission_t *f, json_t *row) {
    if (!f->submitted) return f->live_count ? STATUS_ACTIVE : STATUS_MISSING;
    int same = submission_compare(f, row);
    if (same < 0) return same;
    return !same ? STATUS_MISMATCH : f->listed_count ? STATUS_COMPLETE : STATUS_NIL;
}

static int add_expected(board_t *b, const unit_t *unit, size_t i, uint32_t word) {
    submission_t *f = submissions_of(b->submissions, word);
    level_t *level = level_of(b, unit_kind(unit));
    json_t *more = b->more;
    int covered = overlaps_covering(b->overlaps, word, b->plan, b->period, NULL) != NULL;
    int status = covered ? STATUS_COVERED : status_of(f, more);
    review_t review = submission_review(f, more);
    if (review == REVIEW_RETURNED && status > STATUS_COVERED) status = STATUS_RETURNED;
    if (review == REVIEW_ACCEPTED) json_object_set_new(more, "accepted", json_true());
    b->accepted += review == REVIEW_ACCEPTED;
    if (status >= 0) {
        b->counts[status]++;
        count_level(level, (status_t)status);
        if (status == STATUS_ACTIVE || status == STATUS_MISSING) put_last(b, word, f, more);
    }
    judge_time(b, unit, level->deadline, first_received(b, word, f), more);
    json_array_append_new(b->units, unit_row(b, unit, i, status));
    return status < 0 ? status : BC_OK;
}

/* Open, but need not report by its record. */
static void add_exempt(board_t *b, const unit_t *unit) {
    const char *decision = json_text(unit_json(unit), "decision");
    json_t *row = json_pack("{s:s,s:s,s:s}", "code", unit_code(unit), "name",
                            unit_name(unit, b->scope->period.to), "kind", unit_kind(unit));
    if (decision) json_object_set_new(row, "decision", json_string(decision));
    json_array_append_new(b->exempt, row);
}

static void add_coordinating(board_t *b, const unit_t *unit, uint32_t word) {
    json_array_append_new(b->coordinating,
                          json_pack("{s:s,s:s,s:I}", "code", unit_code(unit), "name",
                                    unit_name(unit, b->scope->period.to), "activities",
                                    (json_int_t)submissions_of(b->submissions, word)->live_count));
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
        uint32_t word = view_word_at(b->view, i);
        if (!unit_open_on(unit, day) || !view_in_group(b->view, word, &b->scope->group)) continue;
        if (!view_row(b->view, word, b->top, day)) continue;
        if (unit_coordinating(unit)) {
            add_coordinating(b, unit, word);
        } else if (!unit_expected(unit)) {
            add_exempt(b, unit);
        } else if (due) {
            rc = add_expected(b, unit, i, word);
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
        if (view_in_group(b->view, a->unit, &b->scope->group) &&
            view_row(b->view, a->unit, b->top, b->scope->period.to))
            found[n++] = a;
    }
    qsort(found, n, sizeof *found, by_aggregate);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, overlap_json(b, found[i]));
    free(found);
    return list;
}

static void put_levels(board_t *b) {
    json_t *levels = json_object(), *deadline = json_object();
    for (size_t i = 0; i < b->levels; i++) {
        const level_t *l = &b->level[i];
        char day[11];
        json_object_set_new(levels, l->kind,
                            json_pack("{s:I,s:I,s:I}", "expected", (json_int_t)l->expected, "sent",
                                      (json_int_t)l->sent, "complete", (json_int_t)l->complete));
        json_object_set_new(deadline, l->kind, json_string(day_iso(l->deadline, day)));
    }
    json_object_set_new(b->board, "levels", levels);
    json_object_set_new(b->board, "deadline", deadline);
}

static void put_counts(board_t *b) {
    int64_t submitted = b->counts[STATUS_RETURNED] + b->counts[STATUS_NIL] + b->counts[STATUS_COMPLETE] +
                        b->counts[STATUS_MISMATCH],
            expected = 0;
    for (int i = 0; i < STATUS_COUNT; i++) {
        json_object_set_new(b->board, status_name((status_t)i), json_integer(b->counts[i]));
        expected += b->counts[i];
    }
    json_object_set_new(b->board, "expected", json_integer(expected));
    json_object_set_new(b->board, "submitted", json_integer(submitted));
    json_object_set_new(b->board, "accepted", json_integer(b->accepted));
    json_object_set_new(b->board, "on_time", json_integer(b->on_time));
    json_object_set_new(b->board, "late", json_integer(b->late));
}

/* As a document of the period names it. */
static void name_period(const board_scope_t *scope, char out[static 80]) {
    snprintf(out, 80, "%s/%s", calendar_id(plan_calendar(scope->plan)), scope->period.id);
}

submissions_t *board_submissions(const view_t *view, const board_scope_t *scope) {
    char period[80];
    name_period(scope, period);
    return submissions_new(view, view_word(view, plan_number(scope->plan)), period);
}

json_t *board_json(const view_t *view, const overlaps_t *overlaps, const board_scope_t *scope,
                   submissions_t *submissions, refusal_t *why) {
    submissions_t *own = submissions ? NULL : board_submissions(view, scope);
    int rc = own ? submissions_read(own, &scope->period) : BC_OK;
    board_t b = {.view = view,
                 .overlaps = overlaps,
                 .scope = scope,
                 .submissions = own ? own : submissions,
                 .more = json_object(),
                 .board = json_object(),
                 .units = json_array(),
                 .exempt = json_array(),
                 .coordinating = json_array()};
    b.plan = view_word(view, plan_number(scope->plan));
    b.top = view_word(view, scope->unit);
    name_period(scope, b.period);
    for (int i = 0; i < STATUS_COUNT; i++)
        b.statuses[i] = json_string(status_name((status_t)i));
    json_object_set_new(b.board, "units", b.units);
    json_object_set_new(b.board, "exempt", b.exempt);
    json_object_set_new(b.board, "coordinating", b.coordinating);
    if (rc == BC_OK) rc = add_units(&b);
    put_levels(&b);
    put_counts(&b);
    submissions_free(&own);
    for (int i = 0; i < STATUS_COUNT; i++)
        json_decref(b.statuses[i]);
    for (int i = 0; i < DAYS; i++)
        json_decref(b.days[i].text);
    json_decref(b.more);
    free(b.level);
    json_object_set_new(b.board, "overlaps", overlaps_json(&b));
    if (rc == BC_OK) return b.board;
    json_decref(b.board);
    refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
           "The store can not be read; run the verb rebuild.");
    return NULL;
}
