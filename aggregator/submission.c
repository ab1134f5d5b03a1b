/* SPDX-License-Identifier: MPL-2.0 */
/* submission.c - looks at a unit's documents of the plan and period, and compares what its report lists with
 * what is there. */
#include "aggregator/submission.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/rc.h"

struct submissions {
    const view_t *view;
    char *period;
    submission_t *list; /* by the unit's word */
    uint32_t words;
};

static void keep_listed(submission_t *f, const row_t *row, const fact_t *fact) {
    const uint8_t *at = fact->listed_at;
    f->submitted = 1;
    f->report = row->id;
    f->rev = row->rev;
    f->received = row->received;
    f->listed = fact->listed <= 1 ? &f->one_listed : mem_alloc(fact->listed * sizeof *f->listed);
    while (f->listed_count < fact->listed && fact_listed(fact, &at, &f->listed[f->listed_count]))
        f->listed_count++;
}

static void add_live(submission_t *f, const row_t *row) {
    if (f->live_count == 0) {
        f->live = &f->one_live;
    } else if (f->live_count == 1) {
        f->live = mem_alloc(2 * sizeof *f->live);
        f->live[0] = f->one_live;
    } else if ((f->live_count & (f->live_count - 1)) == 0) { /* grows by doubling */
        f->live = mem_grow(f->live, f->live_count * 2 * sizeof *f->live);
    }
    f->live[f->live_count++] = (live_t){row->id, row->rev, row->sha256, 0};
}

static void take(submission_t *f, const row_t *row, const fact_t *fact) {
    f->last = row->day > f->last ? row->day : f->last; /* DAY_NONE is before every day */
    if (row->kind == ROW_AGGREGATE || fact_plan(fact, f->plan) < 0) return;
    if (row->kind == ROW_PERIOD) {
        if (!f->submitted && strcmp(row->period, f->period) == 0) keep_listed(f, row, fact);
        return;
    }
    add_live(f, row);
}

static int find(void *arg, const row_t *row) {
    fact_t fact;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    take(arg, row, &fact);
    return BC_OK;
}

int submission_find(const view_t *view, uint32_t unit, uint32_t plan, const char *period, const period_t *p,
                    submission_t *out) {
    *out = (submission_t){.view = view, .plan = plan, .period = period, .last = DAY_NONE};
    return store_each_of_unit(view_store(view), unit, p->from, p->to, view_at(view)->position, find, out);
}

void submission_free(submission_t *self) {
    if (self->live != &self->one_live) free(self->live);
    if (self->listed != &self->one_listed) free(self->listed);
}

submissions_t *submissions_new(const view_t *view, uint32_t plan, const char *period) {
    submissions_t *self = mem_alloc(sizeof *self);
    self->view = view;
    self->period = mem_str(period);
    self->words = words_count(store_words(view_store(view))) + 1;
    self->list = mem_alloc(self->words * sizeof *self->list);
    for (uint32_t i = 0; i < self->words; i++)
        self->list[i] = (submission_t){.view = view, .plan = plan, .period = self->period, .last = DAY_NONE};
    return self;
}

int submissions_take(void *self_, const row_t *row, const fact_t *fact) {
    submissions_t *self = self_;
    if (row->unit < self->words) take(&self->list[row->unit], row, fact);
    return BC_OK;
}

static int take_row(void *self, const row_t *row) {
    fact_t fact;
    return fact_read(row->body, row->body_len, &fact) ? BC_CORRUPT : submissions_take(self, row, &fact);
}

int submissions_read(submissions_t *self, const period_t *p) {
    return store_each_day(view_store(self->view), p->from, p->to, view_at(self->view)->position, take_row,
                          self);
}

void submissions_free(submissions_t **self_p) {
    submissions_t *self = *self_p;
    if (!self) return;
    for (uint32_t i = 0; i < self->words; i++)
        submission_free(&self->list[i]);
    free(self->list);
    free(self->period);
    free(self);
    *self_p = NULL;
}

submission_t *submissions_of(submissions_t *self, uint32_t unit) {
    return &self->list[unit];
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
static const char *fault_of(const submission_t *f, const fact_listed_t *listed, int *rc) {
    row_t row;
    *rc = store_document(view_store(f->view), &listed->id, view_at(f->view)->position, &row);
    if (*rc == BC_NOTFOUND) {
        *rc = BC_OK;
        return "missing";
    }
    if (*rc || row.rev < listed->rev) return "missing";
    int as_listed = row.rev == listed->rev && hash_equal(&row.sha256, &listed->sha256);
    return as_listed && row.kind == ROW_GONE ? NULL : "changed";
}

static int is_live(submission_t *f, const fact_listed_t *listed) {
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

int submission_compare(submission_t *f, json_t *row) {
    int same = 1, rc = BC_OK;
    if (f->listed_count > 1) qsort(f->listed, f->listed_count, sizeof *f->listed, by_id);
    if (f->live_count > 1) qsort(f->live, f->live_count, sizeof *f->live, by_id);
    for (size_t i = 0; i < f->listed_count && rc == BC_OK; i++) {
        if (is_live(f, &f->listed[i])) continue;
        const char *fault = fault_of(f, &f->listed[i], &rc);
        if (!fault) continue;
        same = 0;
        name(row, fault, &f->listed[i].id);
    }
    for (size_t i = 0; i < f->live_count; i++)
        if (!f->live[i].listed) {
            same = 0;
            name(row, "later", &f->live[i].id);
        }
    return rc ? rc : same;
}

/* ---- what staff said of it ---- */

review_t submission_review(const submission_t *f, json_t *row) {
    const rulings_t *rulings = view_rulings(f->view);
    if (!rulings_count(rulings)) return REVIEW_NONE;
    uuid_bc_t *ids = mem_alloc((f->live_count + 1) * sizeof *ids);
    size_t n = 0;
    for (size_t i = 0; i < f->live_count; i++)
        if (rulings_review(rulings, &f->live[i].id, f->live[i].rev, NULL) == REVIEW_RETURNED)
            ids[n++] = f->live[i].id;
    review_t review = f->submitted ? rulings_review(rulings, &f->report, f->rev, NULL) : REVIEW_NONE;
    if (review == REVIEW_RETURNED) ids[n++] = f->report;
    qsort(ids, n, sizeof *ids, by_id);
    for (size_t i = 0; i < n; i++)
        name(row, "returned", &ids[i]);
    free(ids);
    return review;
}
