/* SPDX-License-Identifier: MPL-2.0 */
/* target.c - adds the plan up from its first day, and keeps for each target what its units of that level
 * said. */
#include "aggregator/target.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/board.h"
#include "aggregator/unitset.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define UNITS "units:" /* how many units have a figure, instead of the figure */
#define EXPECTED "expected"

/* One side of a target: a measure, how many units have one, or how many must report. */
typedef struct {
    const char *measure; /* NULL: expected */
    int units;
    uint64_t sum;
    unitset_t set;
} side_t;

typedef struct {
    const view_t *view;
    const char *level;
    day_t until;
    side_t side[2];
} counting_t;

static side_t side_of(const char *text) {
    side_t s = {.measure = text};
    if (strcmp(text, EXPECTED) == 0) s.measure = NULL;
    if (strncmp(text, UNITS, sizeof UNITS - 1) == 0) {
        s.measure = text + sizeof UNITS - 1;
        s.units = 1;
    }
    return s;
}

static int of_level(const counting_t *c, uint32_t unit) {
    const unit_t *u = tree_get(view_tree(c->view), view_text(c->view, unit));
    return u && strcmp(unit_kind(u), c->level) == 0;
}

/* The units a document speaks for: its own, or those an aggregate covers. */
static void add_units(const counting_t *c, side_t *s, const row_t *row, const fact_t *fact) {
    const uint8_t *at = fact->cover_at;
    uint32_t unit;
    if (row->kind != ROW_AGGREGATE) {
        if (of_level(c, row->unit)) unitset_add(&s->set, row->unit);
        return;
    }
    for (uint32_t i = 0; i < fact->covers && fact_word(fact, &at, &unit); i++)
        if (of_level(c, unit)) unitset_add(&s->set, unit);
}

/* Sums what units of the level said; an aggregate counts where the units it covers are of it. */
static void add_value(const counting_t *c, side_t *s, const row_t *row, const fact_t *fact, uint64_t value) {
    const uint8_t *at = fact->cover_at;
    uint32_t first = row->unit;
    if (row->kind == ROW_AGGREGATE) fact_word(fact, &at, &first);
    if (of_level(c, first)) s->sum += value;
}

static void seen(void *arg, const row_t *row, const fact_t *fact, const fact_value_t *v, seen_t how) {
    counting_t *c = arg;
    const way_t *way = store_way_at(view_store(c->view), v->measure);
    if (row->day > c->until || v->texts) return;
    for (int i = 0; i < 2; i++) {
        side_t *s = &c->side[i];
        if (!s->measure || strcmp(s->measure, way->id) != 0 || !v->value) continue;
        if (s->units) {
            add_units(c, s, row, fact);
        } else if (how != SEEN_JOINT) {
            add_value(c, s, row, fact, v->value);
        }
    }
}

static int64_t value_of(const side_t *s, int64_t expected) {
    return !s->measure ? expected : s->units ? (int64_t)s->set.count : (int64_t)s->sum;
}

/* Of a percentage that is no whole number nothing is rounded: 79.9 is below 80. */
static json_t *row_json(const json_t *target, int64_t numerator, int64_t denominator) {
    json_t *j = json_object();
    static const char *const same[] = {"id", "vi", "en", "level", "date", "value"};
    for (int i = 0; i < 6; i++)
        if (json_object_get(target, same[i])) json_object_set(j, same[i], json_object_get(target, same[i]));
    json_object_set_new(j, "numerator", json_integer(numerator));
    json_object_set_new(j, "denominator", json_integer(denominator));
    int reached = denominator > 0 && numerator * 100 >= json_int(target, "value", 0) * denominator;
    json_object_set_new(j, "reached", json_boolean(reached));
    return j;
}

static json_t *one(const view_t *view, const asked_t *asked, const overlaps_t *overlaps, const json_t *target,
                   const json_t *levels, refusal_t *why) {
    counting_t c = {
        .view = view, .level = json_text(target, "level"), .until = day_parse(json_text(target, "date"))};
    c.side[0] = side_of(json_text(target, "numerator"));
    c.side[1] = side_of(json_text(target, "denominator"));
    scope_t scope = summary_scope(view, asked, seen, &c);
    scope.from = plan_begins(asked->plan);
    rollup_t *rollup = rollup_new(view, overlaps, &scope, why);
    int64_t expected = json_int(json_object_get(levels, c.level), "expected", 0);
    json_t *j =
        rollup ? row_json(target, value_of(&c.side[0], expected), value_of(&c.side[1], expected)) : NULL;
    rollup_free(&rollup);
    for (int i = 0; i < 2; i++)
        unitset_free(&c.side[i].set);
    return j;
}

/* Who must report, by kind of unit: from the board of the period of the plan's own kind that holds the
 * last day asked for. New. */
static json_t *levels_of(const view_t *view, const asked_t *asked, const overlaps_t *overlaps,
                         refusal_t *why) {
    board_scope_t scope = {.plan = asked->plan, .unit = unit_code(asked->unit), .group = asked->group};
    if (calendar_holding(plan_calendar(asked->plan), plan_period_kind(asked->plan), asked->period.to,
                         &scope.period))
        return json_object();
    json_t *board = board_json(view, overlaps, &scope, NULL, why);
    json_t *levels = board ? json_incref(json_object_get(board, "levels")) : NULL;
    json_decref(board);
    return levels;
}

json_t *target_json(const view_t *view, const asked_t *asked, refusal_t *why) {
    const json_t *targets = asked->plan ? json_object_get(plan_json(asked->plan), "targets") : NULL;
    json_t *list = json_array(), *target;
    size_t i;
    if (!json_array_size(targets)) return list;
    overlaps_t *overlaps = overlaps_new(view, asked->period.to, why);
    json_t *levels = overlaps ? levels_of(view, asked, overlaps, why) : NULL;
    int ok = levels != NULL;
    json_array_foreach((json_t *)targets, i, target) {
        json_t *j = ok ? one(view, asked, overlaps, target, levels, why) : NULL;
        ok = j != NULL;
        if (j) json_array_append_new(list, j);
    }
    json_decref(levels);
    overlaps_free(&overlaps);
    if (ok) return list;
    json_decref(list);
    return NULL;
}
