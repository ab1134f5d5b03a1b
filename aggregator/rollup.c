/* SPDX-License-Identifier: MPL-2.0 */
/* rollup.c - goes through the documents of the period, sees where they stand in the tree on their day, and
 * adds them to every group they belong to. Stocks come last, newest first, out of the whole past. */
#include "aggregator/rollup.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/carried.h"
#include "proto/base/rc.h"

#define TOPICS_FOUND 4 /* of a document; hardly any has more */

/* A document of the period with stocks. */
typedef struct {
    row_t row;
    size_t at;    /* where its body and its period lie in what is kept of all */
    size_t older; /* of the same day: its place + 1 */
} kept_t;

typedef struct {
    const view_t *view;
    const overlaps_t *overlaps;
    const scope_t *scope;
    rollup_t *out;
    int stock;       /* the walk over `last` measures, else the one over all others */
    groups_t latest; /* stocks of all units anywhere by plan (0: as asked): who has a later figure */
    uint32_t top;    /* word of the unit asked for */
    kept_t *kept;
    size_t kept_count, *newest; /* by day of the period: place + 1 of the newest document */
    buf_t kept_bytes;
    uint32_t *held;   /* by way: the scopes in which the host's value stands for the guest's being added */
    uuid_bc_t *hosts; /* of guests in other rows than their own */
} walk_t;

/* One document and where it goes. */
typedef struct {
    const row_t *row;
    fact_t fact;
    uint32_t main;  /* the scope whose values make the whole; 0: left out of it */
    uint32_t plans; /* the scopes of the plans in whose tables it stands */
    uint32_t child; /* row in the table of the unit asked for; 0: not beneath it */
    int inside;     /* its day lies in the period asked for */
    uint32_t joint; /* a guest: the scopes, as in `main` and `plans`, where its host counts as well */
    int apart;      /* and the host stands in another row */
    source_t source;
    uint32_t *covers;
    figures_t *in_child, *in_form, *in_plan[FACT_PLANS],
        *in_topic[TOPICS_FOUND]; /* found for a value before */
} place_t;

/* One value of a document on its way into the figures. */
typedef struct {
    walk_t *walk;
    place_t *place;
    fact_value_t value;
    add_t how;
} adding_t;

/* Which scopes of the document count; 0 where none does. */
static int find_scopes(const walk_t *w, place_t *p) {
    uint32_t all = 0;
    for (int i = 0; i < p->fact.plans; i++)
        all |= FACT_PLAN(i);
    if (p->row->kind == ROW_AGGREGATE) {
        const aggregate_t *a = overlaps_get(w->overlaps, p->row->position);
        if (!a || !a->counts) all = 0;
    }
    uint32_t out = overlaps_out(w->overlaps, p->row, &p->fact);
    if (w->scope->plan) {
        p->main = p->plans = FACT_PLAN(fact_plan(&p->fact, w->scope->plan)) & all & ~out;
    } else {
        p->main = all && !out ? FACT_WHOLE : 0;
        p->plans = all & ~out;
    }
    return p->main || p->plans;
}

/* The row of UNIT in the table asked for, on DAY or by the tree that was asked for; 0: it does not count. */
static uint32_t row_of(const walk_t *w, uint32_t unit, day_t day) {
    const scope_t *s = w->scope;
    if (!view_in_group(w->view, unit, &s->group)) return 0;
    return s->tree ? view_row_today(w->view, unit, s->unit, s->tree) : view_row(w->view, unit, w->top, day);
}

/* Where its unit stands: on its own day, but for stocks on the last day asked for, if it is open then. */
static uint32_t find_child(const walk_t *w, const row_t *row) {
    if (!w->stock) return row_of(w, row->unit, row->day);
    if (!view_open_on(w->view, row->unit, w->scope->to)) return 0;
    return row_of(w, row->unit, w->scope->to);
}

static void read_covers(place_t *p) {
    const uint8_t *at = p->fact.cover_at;
    p->covers = mem_alloc((p->fact.covers + 1) * sizeof *p->covers);
    for (uint32_t i = 0; i < p->fact.covers; i++)
        if (fact_word(&p->fact, &at, &p->covers[i])) p->source.cover_count++;
    p->source.covers = p->covers;
}

/* ---- joint events ---- */

/* Which of the guest's scopes are among SCOPES of the host, where both count: FACT_WHOLE stands for what the
 * whole is made of. */
static uint32_t common_scopes(const place_t *guest, const place_t *host, uint32_t scopes) {
    uint32_t common = guest->main && (scopes & host->main) ? FACT_WHOLE : 0;
    for (int i = 0; i < guest->fact.plans; i++) {
        int plan = fact_plan(&host->fact, guest->fact.plan[i].plan);
        if (plan >= 0 && (scopes & host->plans & FACT_PLAN(plan))) common |= guest->plans & FACT_PLAN(i);
    }
    return common;
}

/* What the host says by these ways makes the event's figure; the rest is everybody's own. */
static int hold(walk_t *w, const place_t *guest, const place_t *host) {
    const store_t *store = view_store(w->view);
    const uint8_t *at = host->fact.value_at;
    memset(w->held, 0, (store_ways(store) + 1) * sizeof *w->held);
    for (uint32_t i = 0; i < host->fact.values; i++) {
        fact_value_t v;
        if (!fact_value(&host->fact, &at, store_way_add, store, &v) || !store_way_at(store, v.measure))
            return BC_CORRUPT;
        add_t add = store_way_add(store, v.measure);
        if (add == ADD_SUM || add == ADD_MAX || add == ADD_WEIGHTED)
            w->held[v.measure] |= common_scopes(guest, host, v.scopes);
    }
    return BC_OK;
}

typedef struct {
    walk_t *walk;
    place_t *guest;
} joining_t;

static int look_host(void *arg, const row_t *row) {
    joining_t *j = arg;
    walk_t *w = j->walk;
    place_t host = {.row = row};
    if (row->day < w->scope->from || row->day > w->scope->to) return BC_OK;
    if (fact_read(row->body, row->body_len, &host.fact)) return BC_CORRUPT;
    if (w->scope->plan && fact_plan(&host.fact, w->scope->plan) < 0) return BC_OK;
    host.child = find_child(w, row);
    if (!host.child || !find_scopes(w, &host)) return BC_OK;
    j->guest->joint = common_scopes(j->guest, &host, ~0u);
    j->guest->apart = host.child != j->guest->child;
    if (j->guest->apart && (j->guest->joint & FACT_WHOLE)) {
        w->hosts = mem_grow(w->hosts, (size_t)(w->out->guests + 1) * sizeof *w->hosts);
        w->hosts[w->out->guests++] = row->id;
    }
    return hold(w, j->guest, &host);
}

/* Finds out what of an activity its host's report stands for. */
static int join(walk_t *w, place_t *p) {
    joining_t j = {w, p};
    if (p->row->kind != ROW_ACTIVITY || w->stock) return BC_OK;
    return joint_host(w->view, p->row, &p->fact, look_host, &j);
}

static int by_id(const void *a, const void *b) {
    return memcmp(a, b, sizeof(uuid_bc_t));
}

static int64_t count_events(walk_t *w) {
    int64_t events = 0;
    if (w->out->guests) qsort(w->hosts, (size_t)w->out->guests, sizeof *w->hosts, by_id);
    for (int64_t i = 0; i < w->out->guests; i++)
        events += i == 0 || by_id(&w->hosts[i - 1], &w->hosts[i]) != 0;
    return events;
}

/* ---- adding up ---- */

/* Counts the document itself. */
static void count(walk_t *w, const place_t *p) {
    rollup_t *out = w->out;
    int activity = p->row->kind == ROW_ACTIVITY;
    for (int i = 0; i < p->fact.plans && activity; i++)
        if (p->plans & ~p->joint & FACT_PLAN(i)) groups_of(&out->plans, p->fact.plan[i].plan)->activities++;
    if (!p->main) {
        out->left_out += p->row->kind != ROW_PERIOD;
        return;
    }
    group_t *child = groups_of(&out->children, p->child);
    int joint = (p->joint & FACT_WHOLE) != 0;
    child->activities += activity && !(joint && !p->apart);
    out->activities += activity && !joint;
    out->periods += p->row->kind == ROW_PERIOD;
    out->aggregates += p->row->kind == ROW_AGGREGATE;
    if (p->row->kind == ROW_AGGREGATE) groups_of(&out->forms, 0);
    if (!activity || joint) return;
    groups_of(&out->forms, p->fact.form)->activities++;
    const uint8_t *at = p->fact.topic_at;
    for (uint32_t i = 0, topic; i < p->fact.topics && fact_word(&p->fact, &at, &topic); i++)
        groups_of(&out->topics, topic)->activities++;
}

/* HELD: the value is not added, but the figure speaks for the unit as well. */
static int add_figure(const adding_t *a, figures_t *figures, int held) {
    if (!held) return figures_add(figures, a->how, &a->place->fact, &a->value, &a->place->source);
    figures_mark(figures, a->value.measure, &a->place->source);
    return FIGURE_ADDED;
}

/* FOUND: where the group's figures were found for another value of the document, NULL before. */
static int add_to(const adding_t *a, groups_t *groups, uint32_t word, figures_t **found, int held) {
    if (!*found) *found = groups_of(groups, word)->figures;
    return add_figure(a, *found, held);
}

/* Whether a stock stands, among those of all units: 1 yes, 0 a later one does. */
static int stands(const adding_t *a, uint32_t plan) {
    walk_t *w = a->walk;
    return !w->stock || add_figure(a, groups_of(&w->latest, plan)->figures, 0) == FIGURE_ADDED;
}

static int add_topics(const adding_t *a) {
    place_t *p = a->place;
    const uint8_t *at = p->fact.topic_at;
    int rc = FIGURE_ADDED;
    for (uint32_t i = 0, topic; i < p->fact.topics && rc >= 0 && fact_word(&p->fact, &at, &topic); i++) {
        figures_t *other = NULL;
        rc = add_to(a, &a->walk->out->topics, topic, i < TOPICS_FOUND ? &p->in_topic[i] : &other, 0);
    }
    return rc;
}

static int add_main(const adding_t *a) {
    place_t *p = a->place;
    const scope_t *scope = a->walk->scope;
    rollup_t *out = a->walk->out;
    int held = p->joint && (a->walk->held[a->value.measure] & FACT_WHOLE);
    int rc = add_figure(a, out->whole, held);
    if (rc == FIGURE_ADDED && scope->seen)
        scope->seen(scope->arg, p->row, &p->fact, &a->value,
                    held                ? SEEN_JOINT
                    : p->source.carried ? SEEN_CARRIED
                                        : SEEN_ADDED);
    if (rc >= 0) rc = add_to(a, &out->children, p->child, &p->in_child, held && !p->apart);
    if (rc >= 0 && held && p->apart && a->how != ADD_MAX) rc = add_figure(a, out->joint, 0);
    if (!p->inside || p->row->kind == ROW_PERIOD || held) return rc;
    if (rc >= 0) rc = add_to(a, &out->forms, p->fact.form, &p->in_form, 0);
    return rc >= 0 ? add_topics(a) : rc;
}

static int add_value(const adding_t *a) {
    place_t *p = a->place;
    uint32_t scopes = a->value.scopes;
    int rc = BC_OK;
    if ((scopes & p->main) && stands(a, 0) && p->child) rc = add_main(a);
    if (a->walk->scope->plan) return rc < 0 ? rc : BC_OK; /* its table says what the whole says */
    for (int i = 0; i < p->fact.plans && rc >= 0; i++)
        if ((scopes & p->plans & FACT_PLAN(i)) && stands(a, p->fact.plan[i].plan) && p->child)
            rc = add_to(a, &a->walk->out->plans, p->fact.plan[i].plan, &p->in_plan[i],
                        p->joint && (a->walk->held[a->value.measure] & FACT_PLAN(i)));
    return rc < 0 ? rc : BC_OK;
}

static int add_values(walk_t *w, place_t *p) {
    const store_t *store = view_store(w->view);
    const uint8_t *at = p->fact.value_at;
    int rc = BC_OK;
    for (uint32_t i = 0; i < p->fact.values && rc == BC_OK; i++) {
        adding_t a = {.walk = w, .place = p};
        if (!fact_value(&p->fact, &at, store_way_add, store, &a.value)) return BC_CORRUPT;
        const way_t *way = store_way_at(store, a.value.measure);
        if (!way) return BC_CORRUPT;
        a.how = way->add;
        if ((a.how == ADD_LAST) == w->stock) rc = add_value(&a);
    }
    return rc;
}

/* Of the documents of the period, which come by position, those with stocks are looked at once more, the
 * newest day first and of a day the newest position first. */
static void keep_stock(walk_t *w, const row_t *row) {
    size_t *newest = &w->newest[row->day - w->scope->from];
    if ((w->kept_count & (w->kept_count - 1)) == 0) /* grows by doubling */
        w->kept = mem_grow(w->kept, (w->kept_count ? w->kept_count * 2 : 1) * sizeof *w->kept);
    w->kept[w->kept_count++] = (kept_t){*row, w->kept_bytes.len, *newest};
    *newest = w->kept_count;
    buf_add(&w->kept_bytes, row->body, row->body_len);
    if (row->period) buf_add(&w->kept_bytes, row->period, strlen(row->period) + 1);
}

/* Once all are there and what is kept of them moves no more. */
static void point_at_kept(walk_t *w) {
    for (size_t i = 0; i < w->kept_count; i++) {
        row_t *row = &w->kept[i].row;
        const char *bytes = w->kept_bytes.data + w->kept[i].at;
        row->body = bytes;
        if (row->period) row->period = bytes + row->body_len;
    }
}

static int add_document(void *arg, const row_t *row) {
    walk_t *w = arg;
    place_t p = {.row = row, .source = {.unit = row->unit, .id = row->id}};
    if (!w->stock && row->stock != DAY_NONE) keep_stock(w, row);
    if (fact_read(row->body, row->body_len, &p.fact)) return BC_CORRUPT;
    if (w->scope->each && !w->stock && w->scope->each(w->scope->each_arg, row, &p.fact)) return BC_CORRUPT;
    if (w->scope->plan && fact_plan(&p.fact, w->scope->plan) < 0) return BC_OK;
    p.child = find_child(w, row);
    if (!p.child && !w->stock) return BC_OK;
    int counts = find_scopes(w, &p);
    if (counts && join(w, &p)) return BC_CORRUPT;
    if (!w->stock) count(w, &p);
    if (!counts) return BC_OK;
    p.inside = row->day >= w->scope->from;
    p.source.carried = !p.inside;
    if (row->kind == ROW_AGGREGATE) read_covers(&p);
    int rc = add_values(w, &p);
    free(p.covers);
    return rc;
}

/* ---- documents without figures ---- */

static int count_withdrawn(void *arg, const row_t *row) {
    walk_t *w = arg;
    fact_t fact;
    if (row->day < w->scope->from || row->day > w->scope->to) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    if (w->scope->plan && fact_plan(&fact, w->scope->plan) < 0) return BC_OK;
    if (row_of(w, row->unit, row->day)) w->out->withdrawn++;
    return BC_OK;
}

static int find_withdrawn(void *arg, const row_t *row) {
    walk_t *w = arg;
    return store_earlier(view_store(w->view), &row->id, row->rev, view_at(w->view)->position, count_withdrawn,
                         w);
}

static int count_redacted(void *arg, const row_t *row) {
    walk_t *w = arg;
    if (row_of(w, row->unit, w->scope->to)) w->out->redacted++;
    return BC_OK;
}

/* ---- stocks ---- */

/* Whether a stock of UNIT may stand in a document from before the period. */
static int lacks(void *arg, uint32_t unit) {
    walk_t *w = arg;
    const store_t *store = view_store(w->view);
    for (const stock_t *s = store_stock_first(store, unit); s; s = store_stock_next(store, s)) {
        if (s->since >= w->scope->from || (w->scope->plan && s->plan != w->scope->plan)) continue;
        const group_t *latest = groups_find(&w->latest, w->scope->plan ? 0 : s->plan);
        if (!latest || !figures_has(latest->figures, s->way, unit)) return 1;
    }
    return 0;
}

static int walk_stocks(walk_t *w) {
    store_t *store = view_store(w->view);
    int rc = BC_OK;
    w->stock = 1;
    point_at_kept(w);
    for (day_t day = w->scope->to; day >= w->scope->from && rc == BC_OK; day--)
        for (size_t at = w->newest[day - w->scope->from]; at && rc == BC_OK; at = w->kept[at - 1].older)
            rc = add_document(w, &w->kept[at - 1].row);
    return rc ? rc
              : carried_each(store, words_count(store_words(store)), w->scope->from,
                             view_at(w->view)->position, lacks, add_document, w);
}

static int walk_all(walk_t *w) {
    store_t *store = view_store(w->view);
    int64_t as_of = view_at(w->view)->position;
    int rc = store_each_day(store, w->scope->from, w->scope->to, as_of, add_document, w);
    if (rc == BC_OK) rc = walk_stocks(w);
    if (rc == BC_OK) rc = store_each(store, ROW_WITHDRAWN, as_of, find_withdrawn, w);
    if (rc == BC_OK) rc = store_each(store, ROW_GONE, as_of, count_redacted, w);
    return rc;
}

rollup_t *rollup_new(const view_t *view, const overlaps_t *overlaps, const scope_t *scope, refusal_t *why) {
    uint32_t words = words_count(store_words(view_store(view)));
    rollup_t *self = mem_alloc(sizeof *self);
    walk_t w = {.view = view, .overlaps = overlaps, .scope = scope, .out = self};
    self->whole = figures_new();
    self->joint = figures_new();
    w.held = mem_alloc((store_ways(view_store(view)) + 1) * sizeof *w.held);
    day_t days = scope->to - scope->from + 1; /* none up to the end of a plan that has not begun */
    w.newest = mem_alloc((size_t)(days > 0 ? days : 1) * sizeof *w.newest);
    w.top = view_word(view, scope->unit);
    groups_init(&self->forms, words);
    groups_init(&self->topics, words);
    groups_init(&self->plans, words);
    groups_init(&self->children, words);
    groups_init(&w.latest, words);
    int rc = walk_all(&w);
    self->events = count_events(&w);
    groups_free(&w.latest);
    free(w.held);
    free(w.kept);
    free(w.newest);
    buf_free(&w.kept_bytes);
    free(w.hosts);
    if (rc == BC_OK) return self;
    refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
           "The store can not be read; run the verb rebuild.");
    rollup_free(&self);
    return NULL;
}

void rollup_free(rollup_t **self_p) {
    rollup_t *self = *self_p;
    if (!self) return;
    figures_free(&self->whole);
    figures_free(&self->joint);
    groups_free(&self->forms);
    groups_free(&self->topics);
    groups_free(&self->plans);
    groups_free(&self->children);
    free(self);
    *self_p = NULL;
}
