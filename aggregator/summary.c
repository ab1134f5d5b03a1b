/* SPDX-License-Identifier: MPL-2.0 */
/* summary.c - asks roll-up and board, and writes down what they found. */
#include "aggregator/summary.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/board.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

static int ask_unit(const view_t *view, const char *code, asked_t *out, refusal_t *why) {
    if (code) {
        out->unit = tree_get(view_tree(view), code);
        if (out->unit) return BC_OK;
        return refuse(why, "unit-unknown", "unit", "Không có đơn vị mang mã \"%s\".",
                      "There is no unit \"%s\".", code);
    }
    out->unit = view_top(view, out->tree ? out->tree : out->period.to);
    if (out->unit) return BC_OK;
    return refuse(why, "unit-missing", "unit",
                  "Hãy cho biết đơn vị bằng --unit: không có đúng một đơn vị cấp cao nhất.",
                  "Name the unit by --unit: there is not just one at the top.");
}

static int ask_plan(const view_t *view, const char *number, asked_t *out, refusal_t *why) {
    if (!number) return BC_OK;
    out->plan = plans_get(view_plans(view), number, 0);
    if (out->plan) return BC_OK;
    char *list = plans_list(view_plans(view));
    refuse(why, "plan-unknown", "plan", "Không có kế hoạch số \"%s\"; các kế hoạch: %s.",
           "There is no plan \"%s\"; the plans: %s.", number, list);
    free(list);
    return BC_REFUSED;
}

static int ask_calendar(const char *id, const char *period, asked_t *out, refusal_t *why) {
    const calendar_t *own = out->plan ? plan_calendar(out->plan) : NULL;
    if (!id && strstr(period, "..")) id = "dotxuat"; /* no other calendar has such a period */
    if (!id) {
        out->calendar = own ? own : calendar_named("duonglich");
    } else {
        out->calendar = own && strcmp(calendar_id(own), id) == 0 ? own : calendar_named(id);
    }
    if (out->calendar) return BC_OK;
    return refuse(why, "calendar-unknown", "calendar",
                  "Không có lịch báo cáo \"%s\"; hãy dùng duonglich, nd09, tk1454 hoặc dotxuat.",
                  "There is no calendar \"%s\"; use duonglich, nd09, tk1454 or dotxuat.", id);
}

int summary_ask(const view_t *view, const question_t *q, asked_t *out, refusal_t *why) {
    *out = (asked_t){.tree = q->tree, .group = q->group};
    int rc = ask_plan(view, q->plan, out, why);
    if (!rc) rc = ask_calendar(q->calendar, q->period, out, why);
    if (!rc) rc = calendar_period(out->calendar, q->period, &out->period, why);
    if (!rc) rc = ask_unit(view, q->unit, out, why);
    out->boarded = !rc && out->plan && out->calendar == plan_calendar(out->plan) &&
                   strcmp(out->period.kind, plan_period_kind(out->plan)) == 0;
    return rc;
}

/* ---- what each way's figure is called ---- */

/* The newest definition of a measure: of the plan asked for, else of any. */
static const measure_t *newest(const view_t *view, const plan_t *asked, const char *id) {
    const plans_t *plans = view_plans(view);
    for (size_t i = plans_count(plans); i-- > 0;) {
        const plan_t *plan = plans_at(plans, i);
        if (asked && strcmp(plan_number(plan), plan_number(asked)) != 0) continue;
        const measure_t *m = plan_measure(plan, id);
        if (m) return m;
    }
    return NULL;
}

char **summary_names(const view_t *view, const plan_t *asked) {
    store_t *store = view_store(view);
    uint32_t n = store_ways(store);
    char **names = mem_alloc((n + 2) * sizeof *names); /* NULL-ended, [0] is not used */
    for (uint32_t i = 1; i <= n; i++) {
        const way_t *w = store_way_at(store, i);
        const measure_t *m = newest(view, asked, w->id);
        names[i] = m && m->add == w->add && m->scale == w->scale
                       ? mem_str(w->id)
                       : mem_printf("%s/%s/%d", w->id, measure_add_name(w->add), w->scale);
    }
    return names;
}

void summary_names_free(char ***names_p) {
    if (!*names_p) return;
    for (char **name = *names_p + 1; *name; name++)
        free(*name);
    free(*names_p);
    *names_p = NULL;
}

/* ---- the parts ---- */

typedef struct {
    const view_t *view;
    const asked_t *asked;
    const rollup_t *rollup;
    char *const *names;
} parts_t;

static json_t *figures_of(const parts_t *p, const figures_t *figures) {
    return figures_json(figures, view_store(p->view), p->names);
}

/* `forms`, `topics`, `plans`: those with an activity, and the form of aggregates. WHOLE: the figures of all
 * of them; NULL: each has its own. */
static json_t *table_json(const parts_t *p, const groups_t *groups, const figures_t *whole) {
    json_t *table = json_object();
    for (size_t i = 0; i < groups->count; i++) {
        const group_t *g = &groups->list[i];
        if (!g->activities && g->word) continue;
        json_object_set_new(table, g->word ? view_text(p->view, g->word) : "-",
                            json_pack("{s:I,s:o}", "activities", (json_int_t)g->activities, "measures",
                                      figures_of(p, whole ? whole : g->figures)));
    }
    return table;
}

/* The day whose names and tree are shown. */
static day_t tree_day(const asked_t *asked) {
    return asked->tree ? asked->tree : asked->period.to;
}

static json_t *child_json(const parts_t *p, const unit_t *unit, const group_t *group) {
    json_t *measures = group ? figures_of(p, group->figures) : json_object();
    return json_pack("{s:s,s:s,s:s,s:I,s:o}", "code", unit_code(unit), "name",
                     unit_name(unit, tree_day(p->asked)), "kind", unit_kind(unit), "activities",
                     (json_int_t)(group ? group->activities : 0), "measures", measures);
}

/* OWN: the word of the unit asked for. */
static int is_child(const parts_t *p, const unit_t *unit, uint32_t word, uint32_t own) {
    day_t day = tree_day(p->asked);
    if (p->asked->tree)
        return unit_open_on(unit, day) &&
               view_row_today(p->view, word, unit_code(p->asked->unit), day) == word;
    return view_parent(p->view, word, day) == own && unit_open_on(unit, day);
}

static json_t *children_json(const parts_t *p) {
    const tree_t *tree = view_tree(p->view);
    const groups_t *groups = &p->rollup->children;
    json_t *rows = json_array();
    uint32_t own = view_word(p->view, unit_code(p->asked->unit));
    json_array_append_new(rows, child_json(p, p->asked->unit, groups_find(groups, own)));
    for (size_t i = 0; i < tree_count(tree); i++) {
        const unit_t *unit = tree_at(tree, i);
        uint32_t word = view_word_at(p->view, i);
        const group_t *group = groups_find(groups, word);
        if (unit != p->asked->unit && (group || is_child(p, unit, word, own)))
            json_array_append_new(rows, child_json(p, unit, group));
    }
    return rows;
}

static json_t *documents_json(const rollup_t *r) {
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "activities", (json_int_t)r->activities, "periods",
                     (json_int_t)r->periods, "aggregates", (json_int_t)r->aggregates, "withdrawn",
                     (json_int_t)r->withdrawn, "redacted", (json_int_t)r->redacted, "left_out",
                     (json_int_t)r->left_out);
}

/* What the rows of the children say of joint events, and the whole does not. */
static json_t *joint_json(const parts_t *p) {
    return json_pack("{s:I,s:I,s:o}", "events", (json_int_t)p->rollup->events, "guests",
                     (json_int_t)p->rollup->guests, "measures", figures_of(p, p->rollup->joint));
}

static json_t *head_json(const view_t *view, const asked_t *asked) {
    const cursor_t *at = view_at(view);
    const period_t *p = &asked->period;
    char chain[HASH_HEX], from[11], to[11];
    json_t *j = json_pack("{s:i,s:i,s:s,s:I,s:s,s:s}", "summary", 1, "rules", STORE_RULES, "log", at->log,
                          "position", (json_int_t)at->position, "chain",
                          hex_write(at->chain.b, HASH_LEN, chain), "calendar", calendar_id(asked->calendar));
    json_object_set_new(j, "plan", asked->plan ? json_string(plan_number(asked->plan)) : json_null());
    json_object_set_new(j, "unit",
                        json_pack("{s:s,s:s,s:s}", "code", unit_code(asked->unit), "name",
                                  unit_name(asked->unit, tree_day(asked)), "kind", unit_kind(asked->unit)));
    if (asked->group.name)
        json_object_set_new(j, "group",
                            json_pack("{s:s,s:s}", "name", asked->group.name, "value", asked->group.value));
    if (asked->tree) json_object_set_new(j, "tree", json_string(day_iso(asked->tree, to)));
    json_object_set_new(j, "period",
                        json_pack("{s:s,s:s,s:s,s:b}", "id", p->id, "from", day_iso(p->from, from), "to",
                                  day_iso(p->to, to), "cumulative", p->cumulative));
    return j;
}

static board_scope_t board_scope(const asked_t *asked) {
    return (board_scope_t){asked->plan, asked->period, unit_code(asked->unit), asked->group};
}

json_t *summary_board(const view_t *view, const asked_t *asked, refusal_t *why) {
    overlaps_t *overlaps = overlaps_new(view, asked->period.to, why);
    board_scope_t scope = board_scope(asked);
    json_t *board = overlaps ? board_json(view, overlaps, &scope, NULL, why) : NULL;
    overlaps_free(&overlaps);
    return board;
}

scope_t summary_scope(const view_t *view, const asked_t *asked, rollup_seen_fn *seen, void *arg) {
    return (scope_t){.unit = unit_code(asked->unit),
                     .from = asked->period.from,
                     .to = asked->period.to,
                     .tree = asked->tree,
                     .group = asked->group,
                     .plan = asked->plan ? view_word(view, plan_number(asked->plan)) : 0,
                     .seen = seen,
                     .arg = arg};
}

json_t *summary_json(const view_t *view, const asked_t *asked, refusal_t *why) {
    scope_t scope = summary_scope(view, asked, NULL, NULL);
    board_scope_t boarded = board_scope(asked);
    submissions_t *submissions = asked->boarded ? board_submissions(view, &boarded) : NULL;
    if (submissions) { /* one reading for both */
        scope.each = submissions_take;
        scope.each_arg = submissions;
    }
    overlaps_t *overlaps = overlaps_new(view, asked->period.to, why);
    rollup_t *rollup = overlaps ? rollup_new(view, overlaps, &scope, why) : NULL;
    json_t *board = !rollup       ? NULL
                    : submissions ? board_json(view, overlaps, &boarded, submissions, why)
                                  : json_null();
    json_t *j = NULL;
    if (board) {
        char **names = summary_names(view, asked->plan);
        parts_t parts = {view, asked, rollup, names};
        j = head_json(view, asked);
        json_object_set_new(j, "documents", documents_json(rollup));
        json_object_set_new(j, "measures", figures_of(&parts, rollup->whole));
        json_object_set_new(j, "forms", table_json(&parts, &rollup->forms, NULL));
        json_object_set_new(j, "topics", table_json(&parts, &rollup->topics, NULL));
        json_object_set_new(j, "plans",
                            table_json(&parts, &rollup->plans, asked->plan ? rollup->whole : NULL));
        json_object_set_new(j, "children", children_json(&parts));
        if (rollup->guests) json_object_set_new(j, "joint", joint_json(&parts));
        json_object_set(j, "board", board);
        summary_names_free(&names);
    }
    json_decref(board);
    submissions_free(&submissions);
    rollup_free(&rollup);
    overlaps_free(&overlaps);
    return j;
}

void summary_write(const json_t *summary, buf_t *out) {
    char *text = json_canonical(summary);
    buf_puts(out, text);
    buf_puts(out, "\n");
    free(text);
}
