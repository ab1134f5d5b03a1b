/* SPDX-License-Identifier: MPL-2.0 */
/* figure.c - the seven ways of adding up. */
#include "aggregator/figure.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/unitset.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

typedef unsigned __int128 wide_t; /* value·weight of 10^15 each, a hundred million times over */

typedef struct {
    uint32_t unit, order;
    uuid_bc_t id;
    char *text;
} quote_t;

typedef struct {
    unitset_t units; /* who has a figure */
    unitset_t yes;   /* count: who said true */
    wide_t total, weight;
    int overflow;
    uint32_t carried;
    json_t *codes;   /* union: a set */
    quote_t *quotes; /* list */
    size_t quote_count;
} figure_t;

struct figures {
    figure_t **by_way;
    uint32_t size;
};

figures_t *figures_new(void) {
    return mem_alloc(sizeof(figures_t));
}

static void figure_free(figure_t *f) {
    if (!f) return;
    unitset_free(&f->units);
    unitset_free(&f->yes);
    json_decref(f->codes);
    for (size_t i = 0; i < f->quote_count; i++)
        free(f->quotes[i].text);
    free(f->quotes);
    free(f);
}

void figures_free(figures_t **self_p) {
    figures_t *self = *self_p;
    if (!self) return;
    for (uint32_t i = 0; i < self->size; i++)
        figure_free(self->by_way[i]);
    free(self->by_way);
    free(self);
    *self_p = NULL;
}

static figure_t *figure_of(figures_t *self, uint32_t way) {
    if (way >= self->size) {
        uint32_t size = way + 16;
        self->by_way = mem_grow(self->by_way, size * sizeof *self->by_way);
        memset(self->by_way + self->size, 0, (size - self->size) * sizeof *self->by_way);
        self->size = size;
    }
    if (!self->by_way[way]) self->by_way[way] = mem_alloc(sizeof(figure_t));
    return self->by_way[way];
}

/* For whom the source speaks. */
static size_t speaks_for(const source_t *s, const uint32_t **units) {
    *units = s->covers ? s->covers : &s->unit;
    return s->covers ? s->cover_count : 1;
}

static void mark(unitset_t *set, const source_t *s) {
    if (!s->covers) {
        unitset_add(set, s->unit);
        return;
    }
    const uint32_t *units;
    size_t n = speaks_for(s, &units);
    for (size_t i = 0; i < n; i++)
        unitset_add(set, units[i]);
}

static void add_to(figure_t *f, wide_t *sum, wide_t more) {
    if (__builtin_add_overflow(*sum, more, sum)) f->overflow = 1;
}

static int add_last(figure_t *f, const fact_value_t *v, const source_t *s) {
    const uint32_t *units;
    size_t n = speaks_for(s, &units);
    for (size_t i = 0; i < n; i++)
        if (unitset_has(&f->units, units[i])) return FIGURE_LATER;
    mark(&f->units, s);
    add_to(f, &f->total, v->value);
    if (s->carried) f->carried += (uint32_t)n;
    return FIGURE_ADDED;
}

static void add_quote(figure_t *f, const source_t *s, uint32_t order, const char *text, size_t n) {
    if ((f->quote_count & (f->quote_count - 1)) == 0) /* grows by doubling */
        f->quotes = mem_grow(f->quotes, (f->quote_count ? f->quote_count * 2 : 1) * sizeof *f->quotes);
    f->quotes[f->quote_count++] = (quote_t){s->unit, order, s->id, mem_strn(text, n)};
}

static int add_texts(figure_t *f, add_t how, const fact_t *fact, const fact_value_t *v, const source_t *s) {
    const uint8_t *at = v->text_at;
    const char *text;
    size_t n;
    if (how == ADD_UNION && !f->codes) f->codes = json_object();
    for (uint32_t i = 0; i < v->texts; i++) {
        if (!fact_text(fact, &at, &text, &n)) return BC_CORRUPT;
        if (how == ADD_LIST) {
            add_quote(f, s, i, text, n);
        } else if (json_object_setn_new(f->codes, text, n, json_null())) {
            return BC_CORRUPT;
        }
    }
    return BC_OK;
}

int figures_add(figures_t *self, add_t how, const fact_t *fact, const fact_value_t *value,
                const source_t *source) {
    figure_t *f = figure_of(self, value->measure);
    if (how == ADD_LAST) return add_last(f, value, source);
    mark(&f->units, source);
    switch (how) {
    case ADD_SUM: add_to(f, &f->total, value->value); break;
    case ADD_COUNT:
        if (value->value) mark(&f->yes, source);
        break;
    case ADD_MAX:
        if (value->value > f->total) f->total = value->value;
        break;
    case ADD_WEIGHTED:
        add_to(f, &f->total, (wide_t)value->value * value->weight);
        add_to(f, &f->weight, value->weight);
        break;
    case ADD_UNION:
    case ADD_LIST: return add_texts(f, how, fact, value, source);
    case ADD_LAST: break;
    }
    return FIGURE_ADDED;
}

int figures_has(const figures_t *self, uint32_t measure, uint32_t unit) {
    return measure < self->size && self->by_way[measure] && unitset_has(&self->by_way[measure]->units, unit);
}

void figures_mark(figures_t *self, uint32_t measure, const source_t *source) {
    mark(&figure_of(self, measure)->units, source);
}

/* ---- as JSON ---- */

static void put(json_t *j, const figure_t *f, const char *key, wide_t number) {
    if (f->overflow || number > JSON_NUMBER_MAX) {
        json_object_set_new(j, "overflow", json_true());
    } else {
        json_object_set_new(j, key, json_integer((json_int_t)number));
    }
}

static void put_weighted(json_t *j, const figure_t *f) {
    put(j, f, "sum", f->total);
    put(j, f, "weight", f->weight);
    if (f->weight) put(j, f, "value", (2 * f->total + f->weight) / (2 * f->weight)); /* half up */
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_codes(json_t *j, const figure_t *f) {
    size_t n = json_object_size(f->codes), i = 0;
    const char **codes = mem_alloc((n + 1) * sizeof *codes);
    const char *key;
    json_t *unused, *array = json_array();
    json_object_foreach(f->codes, key, unused) codes[i++] = key;
    qsort(codes, n, sizeof *codes, by_text);
    for (i = 0; i < n; i++)
        json_array_append_new(array, json_string(codes[i]));
    free(codes);
    json_object_set_new(j, "codes", array);
    put(j, f, "value", n);
}

static int by_place(const void *a_, const void *b_, void *store) {
    const quote_t *a = a_, *b = b_;
    const words_t *words = store_words(store);
    int rc = strcmp(words_text(words, a->unit), words_text(words, b->unit));
    if (!rc) rc = memcmp(&a->id, &b->id, sizeof a->id);
    return rc ? rc : (a->order > b->order) - (a->order < b->order);
}

static void put_quotes(json_t *j, const figure_t *f, const store_t *store) {
    json_t *array = json_array();
    if (f->quote_count) qsort_r(f->quotes, f->quote_count, sizeof *f->quotes, by_place, (void *)store);
    for (size_t i = 0; i < f->quote_count; i++) {
        const quote_t *q = &f->quotes[i];
        char id[UUID_TEXT];
        json_array_append_new(array,
                              json_pack("{s:s,s:s,s:s}", "unit", words_text(store_words(store), q->unit),
                                        "id", uuid_text(&q->id, id), "text", q->text));
    }
    json_object_set_new(j, "texts", array);
    put(j, f, "value", f->quote_count);
}

static json_t *figure_json(const figure_t *f, const way_t *way, const store_t *store) {
    json_t *j =
        json_pack("{s:s,s:I}", "add", measure_add_name(way->add), "units", (json_int_t)f->units.count);
    if (way->scale) json_object_set_new(j, "scale", json_integer(way->scale));
    switch (way->add) {
    case ADD_LAST: json_object_set_new(j, "carried", json_integer(f->carried)); /* fall through */
    case ADD_SUM:
    case ADD_MAX: put(j, f, "value", f->total); break;
    case ADD_COUNT: put(j, f, "value", f->yes.count); break;
    case ADD_WEIGHTED: put_weighted(j, f); break;
    case ADD_UNION: put_codes(j, f); break;
    case ADD_LIST: put_quotes(j, f, store); break;
    }
    return j;
}

json_t *figures_json(const figures_t *self, const store_t *store, char *const *names) {
    json_t *j = json_object();
    for (uint32_t way = 1; way < self->size; way++)
        if (self->by_way[way])
            json_object_set_new(j, names[way],
                                figure_json(self->by_way[way], store_way_at(store, way), store));
    return j;
}
