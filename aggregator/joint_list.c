/* SPDX-License-Identifier: MPL-2.0 */
/* joint_list.c - all activities of the period with whose event they are part of, then put together. */
#include "aggregator/joint_list.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/joint.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

/* One activity. */
typedef struct {
    uuid_bc_t id, host; /* HOST: of the event it is part of */
    int guest, lost;    /* a guest of HOST; a guest whose host is not there */
    int apart;          /* staff said that it is its own */
    uint32_t unit;
    day_t day;
    char *place; /* folded, "" where none was given */
    json_t *json;
} item_t;

typedef struct {
    const view_t *view;
    const asked_t *asked;
    uint32_t plan;
    char **names;
    item_t *list;
    size_t count;
    json_t *hosts; /* {id: ACTIVITY} of all hosts that were found */
} listing_t;

/* ---- one activity ---- */

static json_t *values_json(const listing_t *l, const fact_t *fact) {
    const store_t *store = view_store(l->view);
    const uint8_t *at = fact->value_at;
    fact_value_t v;
    json_t *values = json_object();
    for (uint32_t i = 0; i < fact->values && fact_value(fact, &at, store_way_add, store, &v); i++)
        if (store_way_add(store, v.measure) == ADD_SUM && store_way_at(store, v.measure))
            json_object_set_new(values, l->names[v.measure], json_integer((json_int_t)v.value));
    return values;
}

static json_t *activity_json(const listing_t *l, const row_t *row, const fact_t *fact) {
    const char *code = view_text(l->view, row->unit);
    const unit_t *unit = tree_get(view_tree(l->view), code);
    char id[UUID_TEXT], day[11];
    json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:o}", "id", uuid_text(&row->id, id), "unit", code, "name",
                          unit ? unit_name(unit, row->day) : "", "day", day_iso(row->day, day), "values",
                          values_json(l, fact));
    if (fact->event) json_object_set_new(j, "code", json_string(view_text(l->view, fact->event)));
    if (fact->place_len) json_object_set_new(j, "place", json_stringn(fact->place, fact->place_len));
    return j;
}

typedef struct {
    listing_t *listing;
    item_t *item;
} joining_t;

static int take_host(void *arg, const row_t *row) {
    joining_t *j = arg;
    char id[UUID_TEXT];
    fact_t fact;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    j->item->guest = 1;
    j->item->host = row->id;
    if (!json_object_get(j->listing->hosts, uuid_text(&row->id, id)))
        json_object_set_new(j->listing->hosts, id, activity_json(j->listing, row, &fact));
    return BC_OK;
}

static int take(void *arg, const row_t *row) {
    listing_t *l = arg;
    fact_t fact;
    if (row->kind != ROW_ACTIVITY) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    if (l->plan && fact_plan(&fact, l->plan) < 0) return BC_OK;
    if (!view_in_group(l->view, row->unit, &l->asked->group)) return BC_OK;
    if (!view_row(l->view, row->unit, view_word(l->view, unit_code(l->asked->unit)), row->day)) return BC_OK;
    item_t item = {.id = row->id, .unit = row->unit, .day = row->day};
    joining_t j = {l, &item};
    int rc = joint_host(l->view, row, &fact, take_host, &j);
    if (rc) return rc;
    const ruled_t *link = rulings_link(view_rulings(l->view), &row->id);
    item.apart = link && link->says.alone;
    item.lost = !item.guest && !item.apart && (link || (fact.event && !fact.host));
    char *place = mem_strn(fact.place, fact.place_len);
    item.place = text_fold(place);
    free(place);
    item.json = activity_json(l, row, &fact);
    if ((l->count & (l->count - 1)) == 0) /* grows by doubling */
        l->list = mem_grow(l->list, (l->count ? 2 * l->count : 1) * sizeof item);
    l->list[l->count++] = item;
    return BC_OK;
}

/* ---- put together ---- */

static int by_unit(const item_t *a, const item_t *b) {
    int rc = strcmp(json_text(a->json, "unit"), json_text(b->json, "unit"));
    return rc ? rc : memcmp(&a->id, &b->id, sizeof a->id);
}

static int by_host(const void *a_, const void *b_) {
    const item_t *a = a_, *b = b_;
    int rc = a->guest && b->guest ? memcmp(&a->host, &b->host, sizeof a->host) : b->guest - a->guest;
    return rc ? rc : by_unit(a, b);
}

static int by_place(const void *a_, const void *b_) {
    const item_t *a = a_, *b = b_;
    int rc = (a->day > b->day) - (a->day < b->day);
    if (!rc) rc = strcmp(a->place, b->place);
    return rc ? rc : by_unit(a, b);
}

static json_t *events_json(listing_t *l) {
    json_t *events = json_array(), *guests = NULL;
    if (l->count) qsort(l->list, l->count, sizeof *l->list, by_host);
    for (size_t i = 0; i < l->count && l->list[i].guest; i++) {
        const item_t *item = &l->list[i];
        char id[UUID_TEXT];
        if (i == 0 || memcmp(&item[-1].host, &item->host, sizeof item->host) != 0) {
            guests = json_array();
            json_array_append_new(events, json_pack("{s:O,s:o}", "host",
                                                    json_object_get(l->hosts, uuid_text(&item->host, id)),
                                                    "guests", guests));
        }
        json_array_append(guests, item->json);
    }
    return events;
}

static json_t *lost_json(const listing_t *l) {
    json_t *list = json_array();
    for (size_t i = 0; i < l->count; i++)
        if (l->list[i].lost) json_array_append(list, l->list[i].json);
    return list;
}

/* The N activities at one day and place, where at least two units say it. */
static void add_candidates(json_t *out, const item_t *items, size_t n) {
    json_t *list = json_array();
    int units = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].guest || items[i].apart) continue;
        if (json_array_size(list) &&
            strcmp(json_text(json_array_get(list, json_array_size(list) - 1), "unit"),
                   json_text(items[i].json, "unit")) != 0)
            units = 1;
        json_array_append(list, items[i].json);
    }
    if (units) json_array_append(out, list);
    json_decref(list);
}

static json_t *candidates_json(listing_t *l) {
    json_t *out = json_array();
    if (l->count) qsort(l->list, l->count, sizeof *l->list, by_place);
    for (size_t i = 0, end; i < l->count; i = end) {
        const item_t *first = &l->list[i];
        for (end = i + 1; end < l->count; end++)
            if (l->list[end].day != first->day || strcmp(l->list[end].place, first->place) != 0) break;
        if (*first->place) add_candidates(out, first, end - i);
    }
    return out;
}

json_t *joint_list_json(const view_t *view, const asked_t *asked, refusal_t *why) {
    const cursor_t *at = view_at(view);
    listing_t l = {.view = view, .asked = asked, .hosts = json_object()};
    l.names = summary_names(view, asked->plan);
    l.plan = asked->plan ? view_word(view, plan_number(asked->plan)) : 0;
    json_t *j = NULL;
    if (store_each_day(view_store(view), asked->period.from, asked->period.to, at->position, take, &l)) {
        refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
               "The store can not be read; run the verb rebuild.");
    } else {
        json_t *events = events_json(&l), *lost = lost_json(&l);
        j = json_pack("{s:i,s:s,s:I,s:s,s:s,s:s,s:o,s:o,s:o}", "joint", 1, "log", at->log, "position",
                      (json_int_t)at->position, "unit", unit_code(asked->unit), "calendar",
                      calendar_id(asked->calendar), "period", asked->period.id, "events", events,
                      "without_host", lost, "candidates", candidates_json(&l));
        json_object_set_new(j, "plan", asked->plan ? json_string(plan_number(asked->plan)) : json_null());
    }
    for (size_t i = 0; i < l.count; i++) {
        free(l.list[i].place);
        json_decref(l.list[i].json);
    }
    free(l.list);
    summary_names_free(&l.names);
    json_decref(l.hosts);
    return j;
}
