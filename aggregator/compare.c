/* SPDX-License-Identifier: MPL-2.0 */
/* compare.c - the same question for other periods; and medians of units of like size. */
#include "aggregator/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

#define LEAST 8        /* members of a group of like size; fewer say nothing about what is usual */
#define FAR 3.5        /* Iglewicz and Hoaglin */
#define SIZE "workers" /* the measure that says how large a unit is */

/* ---- other periods ---- */

/* The measures of the period P, of the same unit and plan; NULL with WHY. */
static json_t *measures_of(const view_t *view, const asked_t *asked, const period_t *p, refusal_t *why) {
    asked_t other = *asked;
    other.period = *p;
    other.boarded = 0; /* nobody asks for the board */
    json_t *summary = summary_json(view, &other, why);
    json_t *measures = summary ? json_incref(json_object_get(summary, "measures")) : NULL;
    json_decref(summary);
    return measures;
}

static void put_values(json_t *out, const char *key, const json_t *measures) {
    const char *name;
    json_t *figure;
    json_object_foreach((json_t *)measures, name, figure) {
        json_t *value = json_object_get(figure, "value"), *row = json_object_get(out, name);
        if (!value || strcmp(json_text(figure, "add"), "list") == 0) continue;
        if (!row) {
            row = json_pack("{s:n,s:n,s:n}", "value", "before", "last_year");
            json_object_set_new(out, name, row);
        }
        json_object_set(row, key, value);
    }
}

json_t *compare_json(const view_t *view, const asked_t *asked, refusal_t *why) {
    static const char *const keys[] = {"value", "before", "last_year"};
    const cursor_t *at = view_at(view);
    period_t periods[3] = {asked->period};
    int there[3] = {1, calendar_before(asked->calendar, &asked->period, &periods[1]) == BC_OK,
                    calendar_year_before(asked->calendar, &asked->period, &periods[2]) == BC_OK};
    json_t *out = json_object();
    json_t *j = json_pack("{s:i,s:s,s:I,s:s,s:s,s:s,s:o}", "compare", 1, "log", at->log, "position",
                          (json_int_t)at->position, "unit", unit_code(asked->unit), "calendar",
                          calendar_id(asked->calendar), "period", asked->period.id, "measures", out);
    json_object_set_new(j, "plan", asked->plan ? json_string(plan_number(asked->plan)) : json_null());
    for (int i = 0; i < 3; i++) {
        if (i) json_object_set_new(j, keys[i], there[i] ? json_string(periods[i].id) : json_null());
        if (!there[i]) continue;
        json_t *measures = measures_of(view, asked, &periods[i], why);
        if (!measures) {
            json_decref(j);
            return NULL;
        }
        put_values(out, keys[i], measures);
        json_decref(measures);
    }
    return j;
}

/* ---- what is far from others ---- */

static int by_number(const void *a_, const void *b_) {
    double a = *(const double *)a_, b = *(const double *)b_;
    return (a > b) - (a < b);
}

static double median(double *list, size_t n) {
    qsort(list, n, sizeof *list, by_number);
    return n % 2 ? list[n / 2] : (list[n / 2 - 1] + list[n / 2]) / 2;
}

/* 0: not known; else 1 for 1, 2 for 2 to 3, 3 for 4 to 7, … */
static int size_class(int64_t size) {
    int class = 0;
    for (; size > 0; size /= 2)
        class ++;
    return class;
}

/* Scores the samples of one class; LIST has room for them all. */
static void score_class(sample_t *samples, size_t n, int class, double *list) {
    size_t members = 0;
    for (size_t i = 0; i < n; i++)
        if (size_class(samples[i].size) == class) list[members++] = (double)samples[i].value;
    if (members < LEAST) return;
    double middle = median(list, members);
    for (size_t i = 0; i < members; i++)
        list[i] = fabs(list[i] - middle);
    double usual = median(list, members);
    for (size_t i = 0; i < n && usual > 0; i++)
        if (size_class(samples[i].size) == class)
            samples[i].score = 0.6745 * fabs((double)samples[i].value - middle) / usual;
}

void compare_score(sample_t *samples, size_t n) {
    double *list = mem_alloc((n + 1) * sizeof *list);
    for (size_t i = 0; i < n; i++)
        samples[i].score = 0;
    for (int class = 0; class <= 64; class ++)
        score_class(samples, n, class, list);
    free(list);
}

typedef struct {
    const view_t *view;
    uint32_t words, ways;
    int64_t *sums;  /* by way and the unit's word; -1: none */
    int64_t *sizes; /* by the unit's word */
} gathering_t;

static int64_t *sum_of(const gathering_t *g, uint32_t way, uint32_t unit) {
    return &g->sums[(size_t)way * g->words + unit];
}

static void seen(void *arg, const row_t *row, const fact_t *fact, const fact_value_t *v, seen_t how) {
    gathering_t *g = arg;
    const way_t *way = store_way_at(view_store(g->view), v->measure);
    (void)fact;
    (void)how; /* a guest's part of a joint event is what its unit said */
    if (row->kind == ROW_AGGREGATE || row->unit >= g->words || v->measure >= g->ways || v->texts) return;
    if (strcmp(way->id, SIZE) == 0 && g->sizes[row->unit] < 0) g->sizes[row->unit] = (int64_t)v->value;
    if (way->add != ADD_SUM) return;
    int64_t *sum = sum_of(g, v->measure, row->unit);
    *sum = (*sum < 0 ? 0 : *sum) + (int64_t)v->value;
}

/* What each unit said of each sum, and how large it is. 0, or BC_REFUSED with WHY. */
static int gather(const view_t *view, const asked_t *asked, gathering_t *g, refusal_t *why) {
    store_t *store = view_store(view);
    *g = (gathering_t){
        .view = view, .words = words_count(store_words(store)) + 1, .ways = store_ways(store) + 1};
    size_t n = (size_t)g->words * g->ways;
    g->sums = mem_alloc(n * sizeof *g->sums);
    g->sizes = mem_alloc(g->words * sizeof *g->sizes);
    memset(g->sums, 0xFF, n * sizeof *g->sums);
    memset(g->sizes, 0xFF, g->words * sizeof *g->sizes);
    scope_t scope = summary_scope(view, asked, seen, g);
    overlaps_t *overlaps = overlaps_new(view, asked->period.to, why);
    rollup_t *rollup = overlaps ? rollup_new(view, overlaps, &scope, why) : NULL;
    int rc = rollup ? BC_OK : BC_REFUSED;
    rollup_free(&rollup);
    overlaps_free(&overlaps);
    return rc;
}

/* Those who said something of WAY: new array of *N. */
static sample_t *samples_of(const gathering_t *g, uint32_t way, size_t *n) {
    sample_t *list = mem_alloc(g->words * sizeof *list);
    *n = 0;
    for (uint32_t unit = 0; unit < g->words; unit++)
        if (*sum_of(g, way, unit) >= 0)
            list[(*n)++] = (sample_t){.unit = unit,
                                      .value = *sum_of(g, way, unit),
                                      .size = g->sizes[unit] > 0 ? g->sizes[unit] : 0};
    return list;
}

/* What was usual among those of its size. */
static int64_t median_of(const sample_t *samples, size_t n, int64_t size) {
    double *list = mem_alloc((n + 1) * sizeof *list);
    size_t members = 0;
    for (size_t i = 0; i < n; i++)
        if (size_class(samples[i].size) == size_class(size)) list[members++] = (double)samples[i].value;
    int64_t middle = members ? (int64_t)(median(list, members) + 0.5) : 0;
    free(list);
    return middle;
}

static void add_far(const view_t *view, const asked_t *asked, const char *measure, const sample_t *samples,
                    size_t n, json_t *out) {
    for (size_t i = 0; i < n; i++) {
        const char *code = view_text(view, samples[i].unit);
        const unit_t *unit = tree_get(view_tree(view), code);
        if (samples[i].score <= FAR) continue;
        json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I}", "measure", measure, "unit",
                                             code, "name", unit ? unit_name(unit, asked->period.to) : "",
                                             "value", (json_int_t)samples[i].value, "median",
                                             (json_int_t)median_of(samples, n, samples[i].size), "size",
                                             (json_int_t)samples[i].size, "score",
                                             (json_int_t)(10 * samples[i].score + 0.5)));
    }
}

static int by_score(const void *a_, const void *b_) {
    const json_t *a = *(json_t *const *)a_, *b = *(json_t *const *)b_;
    int64_t x = json_int(a, "score", 0), y = json_int(b, "score", 0);
    if (x != y) return x < y ? 1 : -1;
    int rc = strcmp(json_text(a, "measure"), json_text(b, "measure"));
    return rc ? rc : strcmp(json_text(a, "unit"), json_text(b, "unit"));
}

static json_t *sorted(json_t *list) {
    size_t n = json_array_size(list);
    json_t **rows = mem_alloc((n + 1) * sizeof *rows), *out = json_array();
    for (size_t i = 0; i < n; i++)
        rows[i] = json_array_get(list, i);
    qsort(rows, n, sizeof *rows, by_score);
    for (size_t i = 0; i < n; i++)
        json_array_append(out, rows[i]);
    free(rows);
    json_decref(list);
    return out;
}

json_t *compare_outliers(const view_t *view, const asked_t *asked, refusal_t *why) {
    gathering_t g;
    json_t *out = json_array();
    char **names = summary_names(view, asked->plan);
    int rc = gather(view, asked, &g, why);
    for (uint32_t way = 1; way < g.ways && rc == BC_OK; way++) {
        size_t n;
        sample_t *samples = samples_of(&g, way, &n);
        compare_score(samples, n);
        add_far(view, asked, names[way], samples, n, out);
        free(samples);
    }
    summary_names_free(&names);
    free(g.sums);
    free(g.sizes);
    if (rc == BC_OK) return sorted(out);
    json_decref(out);
    return NULL;
}
