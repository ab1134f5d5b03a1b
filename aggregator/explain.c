/* SPDX-License-Identifier: MPL-2.0 */
/* explain.c - adds the figure up once more, and writes down each value that goes into it. */
#include "aggregator/explain.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

typedef struct {
    const view_t *view;
    const asked_t *asked;
    const char *measure;
    char **names;
    json_t *units; /* {code: {"unit", "name", "documents": […]}} */
} tracing_t;

static int add_revision(void *arg, const row_t *row) {
    json_array_append_new(arg, json_pack("{s:i,s:I,s:I,s:b}", "rev", row->rev, "position",
                                         (json_int_t)row->position, "received", (json_int_t)row->received,
                                         "withdrawn", row->kind == ROW_WITHDRAWN));
    return BC_OK;
}

/* The codes or texts of a value. */
static json_t *texts_json(const fact_t *fact, const fact_value_t *value) {
    const uint8_t *at = value->text_at;
    const char *text;
    size_t n;
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->texts && fact_text(fact, &at, &text, &n); i++)
        json_array_append_new(list, json_stringn(text, n));
    return list;
}

static json_t *document_json(const tracing_t *t, const row_t *row, const fact_t *fact, const fact_value_t *v,
                             seen_t how) {
    const way_t *way = store_way_at(view_store(t->view), v->measure);
    char id[UUID_TEXT], day[11];
    json_t *revisions = json_array();
    store_each_revision(view_store(t->view), &row->id, view_at(t->view)->position, add_revision, revisions);
    json_t *j = json_pack("{s:s,s:s,s:i,s:I,s:I,s:s,s:o}", "id", uuid_text(&row->id, id), "kind",
                          store_kind_name(row->kind), "rev", row->rev, "position", (json_int_t)row->position,
                          "received", (json_int_t)row->received, "day", day_iso(row->day, day), "revisions",
                          revisions);
    if (way->add == ADD_UNION || way->add == ADD_LIST) {
        json_object_set_new(j, "texts", texts_json(fact, v));
    } else {
        json_object_set_new(j, "value", json_integer((json_int_t)v->value));
    }
    if (way->add == ADD_WEIGHTED) json_object_set_new(j, "weight", json_integer((json_int_t)v->weight));
    if (how == SEEN_CARRIED) json_object_set_new(j, "carried", json_true());
    if (how == SEEN_JOINT) json_object_set_new(j, "joint", json_true());
    return j;
}

static json_t *unit_of(const tracing_t *t, const row_t *row) {
    const char *code = view_text(t->view, row->unit), *child;
    json_t *found = json_object_get(t->units, code);
    if (found) return found;
    const unit_t *unit = tree_get(view_tree(t->view), code);
    const char *above = unit_code(t->asked->unit);
    child = view_text(t->view, t->asked->tree
                                   ? view_row_today(t->view, row->unit, above, t->asked->tree)
                                   : view_row(t->view, row->unit, view_word(t->view, above), row->day));
    found = json_pack("{s:s,s:s,s:s?,s:[]}", "unit", code, "name",
                      unit ? unit_name(unit, t->asked->period.to) : "", "child", child, "documents");
    json_object_set_new(t->units, code, found);
    return found;
}

static void seen(void *arg, const row_t *row, const fact_t *fact, const fact_value_t *v, seen_t how) {
    tracing_t *t = arg;
    if (strcmp(t->names[v->measure], t->measure) != 0) return;
    json_array_append_new(json_object_get(unit_of(t, row), "documents"), document_json(t, row, fact, v, how));
}

/* The units by code. */
static json_t *sorted(const json_t *units) {
    json_t *list = json_array(), *text;
    char *canonical = json_canonical(units);
    json_t *ordered = json_loads(canonical, 0, NULL); /* canonical JSON has its keys sorted by bytes */
    const char *code;
    json_object_foreach(ordered, code, text) json_array_append(list, text);
    json_decref(ordered);
    free(canonical);
    return list;
}

static json_t *head_json(const tracing_t *t, const json_t *figure) {
    const cursor_t *at = view_at(t->view);
    const asked_t *a = t->asked;
    json_t *j =
        json_pack("{s:i,s:s,s:I,s:s,s:s,s:s,s:s,s:O}", "explain", 1, "log", at->log, "position",
                  (json_int_t)at->position, "unit", unit_code(a->unit), "calendar", calendar_id(a->calendar),
                  "period", a->period.id, "measure", t->measure, "figure", figure);
    json_object_set_new(j, "plan", a->plan ? json_string(plan_number(a->plan)) : json_null());
    return j;
}

json_t *explain_json(const view_t *view, const asked_t *asked, const char *measure, refusal_t *why) {
    tracing_t t = {.view = view, .asked = asked, .measure = measure, .units = json_object()};
    scope_t scope = summary_scope(view, asked, seen, &t);
    json_t *j = NULL;
    t.names = summary_names(view, asked->plan);
    overlaps_t *overlaps = overlaps_new(view, asked->period.to, why);
    rollup_t *rollup = overlaps ? rollup_new(view, overlaps, &scope, why) : NULL;
    if (rollup) {
        json_t *measures = figures_json(rollup->whole, view_store(view), t.names);
        const json_t *figure = json_object_get(measures, measure);
        if (figure) {
            j = head_json(&t, figure);
            json_object_set_new(j, "units", sorted(t.units));
        } else {
            refuse(why, "measure-none", "measure", "Không có số liệu \"%s\" của %s trong kỳ %s.",
                   "There is no figure \"%s\" of %s in %s.", measure, unit_code(asked->unit),
                   asked->period.id);
        }
        json_decref(measures);
    }
    json_decref(t.units);
    summary_names_free(&t.names);
    rollup_free(&rollup);
    overlaps_free(&overlaps);
    return j;
}
