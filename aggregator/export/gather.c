/* SPDX-License-Identifier: MPL-2.0 */
/* gather.c - each text as the sorted set of its folded words; alike are those that share most of them. */
#include "aggregator/export/gather.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/text.h"

#define COMPARED \
    2000 /* texts beyond are only compared as wholes: each new one is held against all kept ones */

/* A kept text with its words. */
typedef struct {
    char *folded;
    char **words; /* sorted, each once, within FOLDED */
    size_t count;
} words_of_t;

static int by_word(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static words_of_t split(const char *text) {
    words_of_t w = {.folded = text_fold(text)};
    size_t n = 0, all = strlen(w.folded);
    w.words = mem_alloc((all / 2 + 2) * sizeof *w.words);
    for (char *at = w.folded; *at;) {
        at += strspn(at, " .,;:!?()\"'-/\n\t");
        size_t len = strcspn(at, " .,;:!?()\"'-/\n\t");
        if (!len) break;
        char *end = at + len;
        int last = *end == '\0';
        *end = '\0';
        w.words[n++] = at;
        at = last ? end : end + 1;
    }
    qsort(w.words, n, sizeof *w.words, by_word);
    for (size_t i = 0; i < n; i++)
        if (!i || strcmp(w.words[i], w.words[w.count - 1]) != 0) w.words[w.count++] = w.words[i];
    return w;
}

/* The words behind each other: new string. */
static char *key_of(const words_of_t *w) {
    buf_t key = {0};
    buf_puts(&key, "");
    for (size_t i = 0; i < w->count; i++)
        buf_printf(&key, "%s ", w->words[i]);
    return key.data ? key.data : mem_str("");
}

static void words_free(words_of_t *w) {
    free(w->words);
    free(w->folded);
}

/* |A ∩ B| · 5 >= |A ∪ B| · 4 */
static int alike(const words_of_t *a, const words_of_t *b) {
    size_t i = 0, k = 0, common = 0;
    if (5 * a->count < 4 * b->count || 5 * b->count < 4 * a->count) return 0;
    while (i < a->count && k < b->count) {
        int rc = strcmp(a->words[i], b->words[k]);
        common += rc == 0;
        i += rc <= 0;
        k += rc >= 0;
    }
    return 5 * common >= 4 * (a->count + b->count - common);
}

static void add_unit(gathered_t *g, const char *unit) {
    g->said++;
    for (size_t i = 0; i < g->unit_count; i++)
        if (strcmp(g->units[i], unit) == 0) return;
    g->units = mem_grow(g->units, (g->unit_count + 1) * sizeof *g->units);
    g->units[g->unit_count++] = unit;
}

/* Most units first; the texts lie in one JSON array, whose order breaks ties. */
typedef struct {
    gathered_t g;
    size_t no;
} ranked_t;

static int by_units(const void *a_, const void *b_) {
    const ranked_t *a = a_, *b = b_;
    if (a->g.unit_count != b->g.unit_count) return a->g.unit_count < b->g.unit_count ? 1 : -1;
    return (a->no > b->no) - (a->no < b->no);
}

static gathered_t *ranked(gathered_t *list, size_t n) {
    ranked_t *order = mem_alloc((n + 1) * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = (ranked_t){list[i], i};
    qsort(order, n, sizeof *order, by_units);
    for (size_t i = 0; i < n; i++)
        list[i] = order[i].g;
    free(order);
    return list;
}

gathered_t *gather_texts(const json_t *figure, size_t *count) {
    const json_t *texts = json_object_get(figure, "texts");
    size_t all = json_array_size(texts), n = 0, i;
    gathered_t *list = mem_alloc((all + 1) * sizeof *list);
    words_of_t *words = mem_alloc((all + 1) * sizeof *words);
    json_t *one, *same = json_object(); /* the place of each set of words */
    json_array_foreach((json_t *)texts, i, one) {
        words_of_t w = split(json_text(one, "text"));
        char *key = key_of(&w);
        size_t compared = n < COMPARED ? n : COMPARED, k = 0;
        const json_t *place = json_object_get(same, key);
        while (!place && k < compared && !alike(&words[k], &w))
            k++;
        if (place) k = (size_t)json_integer_value(place);
        if (place || k < compared) {
            words_free(&w);
        } else {
            k = n++;
            words[k] = w;
            list[k] = (gathered_t){.text = json_text(one, "text")};
        }
        if (!place) json_object_set_new(same, key, json_integer((json_int_t)k));
        free(key);
        add_unit(&list[k], json_text(one, "unit"));
    }
    json_decref(same);
    for (i = 0; i < n; i++)
        words_free(&words[i]);
    free(words);
    *count = n;
    return ranked(list, n);
}

void gather_free(gathered_t **list_p, size_t count) {
    for (size_t i = 0; i < count; i++)
        free((*list_p)[i].units);
    free(*list_p);
    *list_p = NULL;
}
