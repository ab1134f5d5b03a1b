/* SPDX-License-Identifier: MPL-2.0 */
/* changes.c - each document of which something arrived is looked at as it stood then and as it stands now. */
#include "aggregator/changes.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/fact.h"
#include "proto/base/rc.h"

typedef struct {
    const view_t *then, *now;
    const asked_t *asked;
    uint32_t plan; /* word, 0: the whole */
    uuid_bc_t *seen;
    size_t seen_count;
    json_t *changes, *others;
} search_t;

/* One document as it stood in a view. */
typedef struct {
    const search_t *search;
    const view_t *view;
    row_kind_t kind;
    uint32_t unit;
    int rev; /* 0: it has no figures there */
    hash_t sha256;
    int64_t position, received;
} stand_t;

/* Whether the document has figures for what is asked. */
static int look(void *arg, const row_t *row) {
    stand_t *s = arg;
    const asked_t *asked = s->search->asked;
    fact_t fact;
    int has = row->kind == ROW_ACTIVITY || row->kind == ROW_PERIOD || row->kind == ROW_AGGREGATE;
    s->position = row->position;
    s->received = row->received;
    if (!has || row->day < asked->period.from || row->day > asked->period.to) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    if (s->search->plan && fact_plan(&fact, s->search->plan) < 0) return BC_OK;
    if (!view_row(s->view, row->unit, view_word(s->view, unit_code(asked->unit)), row->day)) return BC_OK;
    s->kind = row->kind;
    s->unit = row->unit;
    s->rev = row->rev;
    s->sha256 = row->sha256;
    return BC_OK;
}

static int stand(const search_t *search, const view_t *view, const uuid_bc_t *id, stand_t *out) {
    *out = (stand_t){.search = search, .view = view};
    return store_document_at(view_store(view), id, view_at(view)->position, look, out);
}

static json_t *rev_json(const stand_t *s) {
    return s->rev ? json_integer(s->rev) : json_null();
}

static int compare(search_t *search, const uuid_bc_t *id) {
    stand_t was, is;
    char text[UUID_TEXT];
    int rc = stand(search, search->then, id, &was);
    if (rc == BC_OK) rc = stand(search, search->now, id, &is);
    if (rc || (was.rev == is.rev && (!was.rev || hash_equal(&was.sha256, &is.sha256)))) return rc;
    const stand_t *known = is.rev ? &is : &was;
    json_array_append_new(search->changes,
                          json_pack("{s:s,s:s,s:s,s:o,s:o,s:I,s:I}", "id", uuid_text(id, text), "unit",
                                    view_text(search->now, known->unit), "kind", store_kind_name(known->kind),
                                    "was", rev_json(&was), "is", rev_json(&is), "position",
                                    (json_int_t)is.position, "received", (json_int_t)is.received));
    return BC_OK;
}

/* A decision on what counts: on an overlap or a joint event. */
static int is_choice(const search_t *search, int64_t position) {
    const rulings_t *rulings = view_rulings(search->now);
    for (size_t i = 0; i < rulings_count(rulings); i++)
        if (rulings_at(rulings, i)->position == position)
            return rulings_at(rulings, i)->says.kind == RULING_OVERLAP ||
                   rulings_at(rulings, i)->says.kind == RULING_LINK;
    return 0;
}

static int gather(void *arg, const row_t *row) {
    search_t *search = arg;
    int unit = row->kind == ROW_UNIT;
    if (row->has_id) {
        if ((search->seen_count & (search->seen_count - 1)) == 0) /* grows by doubling */
            search->seen = mem_grow(search->seen, (2 * search->seen_count + 1) * sizeof *search->seen);
        search->seen[search->seen_count++] = row->id;
    } else if (unit || (row->kind == ROW_DECISION && is_choice(search, row->position))) {
        json_t *j =
            json_pack("{s:I,s:s}", "position", (json_int_t)row->position, "kind", unit ? "unit" : "decision");
        if (unit) json_object_set_new(j, "unit", json_string(view_text(search->now, row->unit)));
        json_array_append_new(search->others, j);
    }
    return BC_OK;
}

static int by_id(const void *a, const void *b) {
    return memcmp(a, b, sizeof(uuid_bc_t));
}

static int by_position(const void *a, const void *b) {
    json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "position"));
    json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "position"));
    return (x > y) - (x < y);
}

/* ARRAY by `position`, in its place. */
static void sort(json_t *array) {
    size_t n = json_array_size(array);
    json_t **rows = mem_alloc((n + 1) * sizeof *rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = json_incref(json_array_get(array, i));
    qsort(rows, n, sizeof *rows, by_position);
    json_array_clear(array);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, rows[i]);
    free(rows);
}

json_t *changes_find(const view_t *then, const view_t *now, const asked_t *asked, refusal_t *why) {
    search_t s = {.then = then, .now = now, .asked = asked, .changes = json_array(), .others = json_array()};
    if (asked->plan) s.plan = view_word(now, plan_number(asked->plan));
    int rc = store_each_since(view_store(now), view_at(then)->position, view_at(now)->position, gather, &s);
    if (s.seen_count) qsort(s.seen, s.seen_count, sizeof *s.seen, by_id);
    for (size_t i = 0; i < s.seen_count && rc == BC_OK; i++)
        if (!i || by_id(&s.seen[i - 1], &s.seen[i]) != 0) rc = compare(&s, &s.seen[i]);
    free(s.seen);
    sort(s.changes);
    if (rc == BC_OK) return json_pack("{s:o,s:o}", "changes", s.changes, "others", s.others);
    json_decref(s.changes);
    json_decref(s.others);
    refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
           "The store can not be read; run the verb rebuild.");
    return NULL;
}
