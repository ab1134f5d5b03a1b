/* SPDX-License-Identifier: MPL-2.0 */
/* stage.c - asks for the summary of the days of each stage. */
#include "aggregator/stage.h"

#include <stdio.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

/* What was done from FROM to TO, into ROW. */
static int add_figures(const view_t *view, const asked_t *asked, day_t from, day_t to, json_t *row,
                       refusal_t *why) {
    asked_t days = *asked;
    char first[11], last[11], period[24];
    snprintf(period, sizeof period, "%s..%s", day_iso(from, first), day_iso(to, last));
    days.calendar = calendar_named("dotxuat");
    days.boarded = 0;
    int rc = calendar_period(days.calendar, period, &days.period, why);
    json_t *summary = rc == BC_OK ? summary_json(view, &days, why) : NULL;
    if (!summary) return BC_REFUSED;
    json_object_set(row, "activities", json_object_get(json_object_get(summary, "documents"), "activities"));
    json_object_set(row, "measures", json_object_get(summary, "measures"));
    json_decref(summary);
    return BC_OK;
}

static int add_stage(const view_t *view, const asked_t *asked, const json_t *stage, json_t *list,
                     refusal_t *why) {
    char text[11];
    day_t from = day_parse(json_text(stage, "from")), to = day_parse(json_text(stage, "to")),
          end = asked->period.to;
    json_t *row = json_copy((json_t *)stage);
    json_array_append_new(list, row);
    if (from > end) return BC_OK;
    if (to > end) json_object_set_new(row, "upto", json_string(day_iso(end, text)));
    return add_figures(view, asked, from, to < end ? to : end, row, why);
}

json_t *stage_json(const view_t *view, const asked_t *asked, refusal_t *why) {
    const json_t *stages = asked->plan ? json_object_get(plan_json(asked->plan), "stages") : NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(stages); i++)
        if (add_stage(view, asked, json_array_get(stages, i), list, why)) {
            json_decref(list);
            return NULL;
        }
    return list;
}
