/* SPDX-License-Identifier: MPL-2.0 */
/* compose.c - fills documents in. */
#include "agent/compose.h"

#include <stdlib.h>
#include <string.h>

#include "agent/event.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/document.h"

/* A text in NFC: new JSON. */
static json_t *nfc(const char *s) {
    char *t = text_nfc(s, strlen(s));
    json_t *j = json_string(t ? t : s);
    free(t);
    return j;
}

/* Every text below J becomes NFC; keys are ids and stay. */
static void make_nfc(json_t *j) {
    const char *key;
    void *next;
    json_t *value;
    size_t i;
    json_object_foreach_safe(j, next, key, value) {
        if (json_is_string(value))
            json_object_set_new(j, key, nfc(json_string_value(value)));
        else
            make_nfc(value);
    }
    json_array_foreach(j, i, value) {
        if (json_is_string(value))
            json_array_set_new(j, i, nfc(json_string_value(value)));
        else
            make_nfc(value);
    }
}

static void set_default(json_t *doc, const char *key, const char *value) {
    if (!json_object_get(doc, key)) json_object_set_new(doc, key, json_string(value));
}

/* An aggregate says whom it covers, a period report is of a period, the rest are activities. */
static const char *kind_by_shape(const json_t *doc) {
    if (json_object_get(doc, "covers")) return "aggregate";
    return json_object_get(doc, "period") ? "period" : "activity";
}

static int is_activity(const json_t *doc) {
    const char *kind = json_text(doc, "doc");
    return kind && strcmp(kind, "activity") == 0;
}

/* One element of `plans` as the protocol wants it: new JSON, NULL with WHY. */
static json_t *whole_plan(agent_t *agent, const json_t *given, refusal_t *why) {
    static const char *const known[] = {"plan", "version", NULL};
    const char *number = json_is_string(given) ? json_string_value(given) : json_text(given, "plan");
    if (!number) {
        refuse(why, "field-type", "plans", "Trường \"plans\" phải ghi số kế hoạch, ví dụ [\"160/KH-LĐLĐ\"].",
               "Field \"plans\" must name plans, such as [\"160/KH-LĐLĐ\"].");
        return NULL;
    }
    if (json_is_object(given) && json_only(given, known, "plans.", why)) return NULL;
    const plan_t *plan = agent_plan(agent, number, why);
    if (!plan) return NULL;
    json_t *version = json_incref(json_object_get(given, "version"));
    if (!version) version = json_integer(plan_version(plan));
    return json_pack("{ss so}", "plan", number, "version", version);
}

/* Puts ONE (taken) where its number belongs. */
static void insert_sorted(json_t *list, json_t *one) {
    size_t at = 0;
    while (at < json_array_size(list) &&
           strcmp(json_text(json_array_get(list, at), "plan"), json_text(one, "plan")) <= 0)
        at++;
    json_array_insert_new(list, at, one);
}

/* The plans DOC names in any of the ways allowed: new array. */
static json_t *named_plans(const json_t *doc) {
    json_t *given = json_object_get(doc, "plans"), *one = json_object_get(doc, "plan");
    json_t *list = json_is_array(given) ? json_copy(given) : json_array();
    if (given && !json_is_array(given)) json_array_append(list, given);
    if (one) json_array_append(list, one);
    return list;
}

/* `plans` whole and sorted by number, so that the id does not depend on the order in which they were
 * named. */
static int fill_plans(agent_t *agent, json_t *doc, const char *usual, refusal_t *why) {
    json_t *named = named_plans(doc), *whole = json_array(), *given;
    size_t i;
    int rc = BC_OK;
    if (json_array_size(named) == 0) {
        const plan_t *plan = agent_plan(agent, usual, why);
        if (!plan) rc = BC_REFUSED;
        if (plan) json_array_append_new(named, json_string(plan_number(plan)));
    }
    json_array_foreach(named, i, given) {
        json_t *one = rc ? NULL : whole_plan(agent, given, why);
        if (!one) rc = BC_REFUSED;
        if (one) insert_sorted(whole, one);
    }
    json_decref(named);
    if (!rc) json_object_set(doc, "plans", whole);
    if (!rc) json_object_del(doc, "plan");
    json_decref(whole);
    return rc;
}

char *compose_plans(const json_t *doc) {
    buf_t b = {0};
    size_t i;
    json_t *p;
    buf_puts(&b, "");
    json_array_foreach(json_object_get(doc, "plans"), i, p)
        buf_printf(&b, "%s%s", i ? "," : "", json_text(p, "plan") ? json_text(p, "plan") : "");
    return b.data;
}

json_t *compose_content(const json_t *doc) {
    static const char *const circumstances[] = {"id", "rev", "reason", "made", "entered_by"};
    json_t *content = json_deep_copy(doc), *plan;
    size_t i;
    for (i = 0; i < sizeof circumstances / sizeof *circumstances; i++)
        json_object_del(content, circumstances[i]);
    json_array_foreach(json_object_get(content, "plans"), i, plan) json_object_del(plan, "version");
    return content;
}

/* The id of an activity: from its row's reference, else from what it says. */
static uuid_bc_t activity_id(const json_t *doc, const char *ref) {
    json_t *content = compose_content(doc);
    char *plans = compose_plans(doc), *text = json_canonical(content);
    const char *unit = json_text(doc, "unit");
    uuid_bc_t id = document_row_id(unit ? unit : "", plans, ref ? ref : text);
    json_decref(content);
    free(plans);
    free(text);
    return id;
}

static void fill_id(json_t *doc, const compose_t *how) {
    const char *kind = json_text(doc, "doc"), *unit = json_text(doc, "unit"),
               *period = json_text(doc, "period"), *calendar = json_text(doc, "calendar");
    const char *plan = json_text(json_array_get(json_object_get(doc, "plans"), 0), "plan");
    char text[UUID_TEXT];
    uuid_bc_t id;
    int has_period = unit && plan && period && calendar;
    if (json_object_get(doc, "id")) return;
    if (is_activity(doc))
        id = how->fresh ? uuid_v7(clock_wall_ms()) : activity_id(doc, how->ref);
    else if (kind && strcmp(kind, "period") == 0 && has_period)
        id = document_period_id(unit, plan, calendar, period);
    else if (has_period)
        id = document_aggregate_id(unit, plan, calendar, period, how->ref, json_object_get(doc, "covers"));
    else
        return; /* document_read says what is missing */
    json_object_set_new(doc, "id", json_string(uuid_text(&id, text)));
}

static int all_texts(const json_t *array) {
    size_t i;
    json_t *one;
    json_array_foreach(array, i, one) {
        if (!json_is_string(one)) return 0;
    }
    return 1;
}

int compose_fill(agent_t *agent, json_t *doc, const compose_t *how, refusal_t *why) {
    char *own = agent_unit(agent, why);
    if (!own) return BC_REFUSED;
    make_nfc(doc);
    set_default(doc, "doc", kind_by_shape(doc));
    set_default(doc, "unit", how->unit ? how->unit : own);
    set_default(doc, "entered_by", own);
    set_default(doc, "source", "agent");
    free(own);
    if (!all_texts(json_object_get(doc, "covers")))
        return refuse(why, "field-type", "covers", "Trường \"covers\" phải là danh sách mã đơn vị.",
                      "Field \"covers\" must be a list of unit codes.");
    int rc = fill_plans(agent, doc, how->plan, why);
    if (rc) return rc;
    if (json_object_get(doc, "period")) {
        const char *number = json_text(json_array_get(json_object_get(doc, "plans"), 0), "plan");
        const plan_t *plan = agent_plan(agent, number, why);
        if (plan) set_default(doc, "calendar", calendar_id(plan_calendar(plan)));
    }
    if (is_activity(doc) && json_text(doc, "from")) set_default(doc, "to", json_text(doc, "from"));
    fill_id(doc, how);
    if (is_activity(doc)) event_fill(doc);
    if (!json_object_get(doc, "made")) json_object_set_new(doc, "made", json_integer(clock_wall_ms()));
    return BC_OK;
}
