/* SPDX-License-Identifier: MPL-2.0 */
/* overlap.c - aggregates are few; each covered unit's documents of the period are looked up one by one. */
#include "aggregator/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/rc.h"

/* An aggregate in the chain of those that cover one unit. */
typedef struct link {
    size_t aggregate;
    struct link *next;
} link_t;

struct overlaps {
    const view_t *view;
    aggregate_t *list; /* by position */
    size_t count;
    link_t **by_unit; /* all live aggregates that cover the unit of this word */
    uint32_t words;
    day_t to;
};

static void cover(overlaps_t *self, uint32_t unit, size_t aggregate) {
    link_t *link = mem_alloc(sizeof *link);
    *link = (link_t){aggregate, self->by_unit[unit]};
    self->by_unit[unit] = link;
}

static int load(void *arg, const row_t *row) {
    overlaps_t *self = arg;
    fact_t fact;
    if (row->since > self->to) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact) || fact.plans != 1 || !row->period) return BC_CORRUPT;
    self->list = mem_grow(self->list, (self->count + 1) * sizeof *self->list);
    aggregate_t *a = &self->list[self->count];
    *a = (aggregate_t){.position = row->position,
                       .id = row->id,
                       .unit = row->unit,
                       .plan = fact.plan[0].plan,
                       .since = row->since,
                       .day = row->day,
                       .period = mem_str(row->period)};
    a->covers = mem_alloc((fact.covers + 1) * sizeof *a->covers);
    a->with = mem_alloc((fact.covers + 1) * sizeof *a->with);
    a->choice = rulings_choice(view_rulings(self->view), &row->id, &a->decided);
    size_t no = self->count++;
    const uint8_t *at = fact.cover_at;
    for (uint32_t i = 0, unit; i < fact.covers && fact_word(&fact, &at, &unit) && unit < self->words; i++) {
        a->covers[a->cover_count++] = unit;
        cover(self, unit, no);
    }
    return BC_OK;
}

static int same_period(const aggregate_t *a, uint32_t plan, const char *period) {
    return a->plan == plan && strcmp(a->period, period) == 0;
}

/* Of an activity or period document: does it meet the aggregate? */
static int meets(void *arg, const row_t *row) {
    const aggregate_t *a = arg;
    fact_t fact;
    if (row->kind == ROW_AGGREGATE) return 0;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    if (fact_plan(&fact, a->plan) < 0) return 0;
    return row->kind == ROW_ACTIVITY || strcmp(row->period, a->period) == 0;
}

static int covered_twice(const overlaps_t *self, uint32_t unit, size_t no) {
    const aggregate_t *a = &self->list[no];
    for (const link_t *l = self->by_unit[unit]; l; l = l->next)
        if (l->aggregate != no && same_period(&self->list[l->aggregate], a->plan, a->period)) return 1;
    return 0;
}

static int find_with(overlaps_t *self, size_t no) {
    aggregate_t *a = &self->list[no];
    for (size_t i = 0; i < a->cover_count; i++) {
        int rc = covered_twice(self, a->covers[i], no);
        if (!rc)
            rc = store_each_of_unit(view_store(self->view), a->covers[i], a->since, a->day,
                                    view_at(self->view)->position, meets, a);
        if (rc < 0) return rc;
        if (rc) a->with[a->with_count++] = a->covers[i];
    }
    a->counts = a->with_count == 0;
    return BC_OK;
}

static int by_decision(const void *a_, const void *b_) {
    const aggregate_t *a = *(aggregate_t *const *)a_, *b = *(aggregate_t *const *)b_;
    return (a->decided < b->decided) - (a->decided > b->decided);
}

/* 1 if an aggregate of the same plan and period is in and covers a unit of A. */
static int taken(const overlaps_t *self, const aggregate_t *a) {
    for (size_t i = 0; i < a->cover_count; i++)
        for (const link_t *l = self->by_unit[a->covers[i]]; l; l = l->next) {
            const aggregate_t *b = &self->list[l->aggregate];
            if (b != a && b->counts && same_period(b, a->plan, a->period)) return 1;
        }
    return 0;
}

/* Takes in what was decided so, the newest decision first. */
static void decide(overlaps_t *self) {
    aggregate_t **order = mem_alloc((self->count + 1) * sizeof *order);
    size_t n = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->list[i].with_count && self->list[i].choice == CHOICE_AGGREGATE) order[n++] = &self->list[i];
    qsort(order, n, sizeof *order, by_decision);
    for (size_t i = 0; i < n; i++)
        order[i]->counts = !taken(self, order[i]);
    free(order);
}

overlaps_t *overlaps_new(const view_t *view, day_t to, refusal_t *why) {
    overlaps_t *self = mem_alloc(sizeof *self);
    store_t *store = view_store(view);
    self->view = view;
    self->to = to;
    self->words = words_count(store_words(store)) + 1;
    self->by_unit = mem_alloc(self->words * sizeof *self->by_unit);
    int rc = store_each(store, ROW_AGGREGATE, view_at(view)->position, load, self);
    for (size_t i = 0; i < self->count && rc == BC_OK; i++)
        rc = find_with(self, i);
    if (rc) {
        refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
               "The store can not be read; run the verb rebuild.");
        overlaps_free(&self);
        return NULL;
    }
    decide(self);
    return self;
}

void overlaps_free(overlaps_t **self_p) {
    overlaps_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++) {
        free(self->list[i].period);
        free(self->list[i].covers);
        free(self->list[i].with);
    }
    for (uint32_t i = 0; i < self->words; i++)
        for (link_t *l = self->by_unit[i], *next; l; l = next) {
            next = l->next;
            free(l);
        }
    free(self->list);
    free(self->by_unit);
    free(self);
    *self_p = NULL;
}

size_t overlaps_count(const overlaps_t *self) {
    return self->count;
}

const aggregate_t *overlaps_at(const overlaps_t *self, size_t i) {
    return &self->list[i];
}

const aggregate_t *overlaps_get(const overlaps_t *self, int64_t position) {
    for (size_t low = 0, high = self->count; low < high;) {
        size_t mid = (low + high) / 2;
        if (self->list[mid].position == position) return &self->list[mid];
        if (self->list[mid].position < position) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

uint32_t overlaps_out(const overlaps_t *self, const row_t *row, const fact_t *fact) {
    uint32_t out = 0;
    if (row->kind == ROW_AGGREGATE || row->unit >= self->words) return 0;
    for (const link_t *l = self->by_unit[row->unit]; l; l = l->next) {
        const aggregate_t *a = &self->list[l->aggregate];
        int plan = fact_plan(fact, a->plan);
        if (!a->counts || plan < 0) continue;
        int meet = row->kind == ROW_ACTIVITY ? row->day >= a->since && row->day <= a->day
                                             : strcmp(row->period, a->period) == 0;
        if (meet) out |= FACT_PLAN(plan);
    }
    return out;
}

const aggregate_t *overlaps_covering(const overlaps_t *self, uint32_t unit, uint32_t plan, const char *period,
                                     const aggregate_t *last) {
    const aggregate_t *found = NULL;
    if (unit >= self->words) return NULL;
    for (const link_t *l = self->by_unit[unit]; l; l = l->next) { /* the chain is newest first */
        const aggregate_t *a = &self->list[l->aggregate];
        if (a->counts && same_period(a, plan, period) && (!last || a->position < last->position)) {
            found = a;
            break;
        }
    }
    return found;
}
