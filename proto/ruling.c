/* SPDX-License-Identifier: MPL-2.0 */
/* ruling.c - each kind of decision as a table of its fields, and where each field goes. */
#include "proto/ruling.h"

#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/field.h"

#define REASON \
    { "reason", FIELD_TEXT, 1, 1, 500 }
#define PERIOD \
    { "period", FIELD_ID, 1, 1, 31 }
#define NUMBER_MOST 999999999999999 /* PROTOCOL.md 1 */
/* Whose figures: the first fields of `close`, `reopen` and `sent`. */
#define FIGURES \
    {"unit", FIELD_UNIT, 1, 0, 0}, {"plan", FIELD_TEXT, 0, 1, 64}, {"calendar", FIELD_ID, 1, 1, 31}, PERIOD

static const field_t overlap_fields[] = {
    {"aggregate", FIELD_TEXT, 1, 36, 36}, {"choice", FIELD_TEXT, 1, 1, 16}, {0}};
static const field_t extend_fields[] = {{"plan", FIELD_TEXT, 1, 1, 64},   PERIOD,
                                        {"until", FIELD_DAY, 1, 0, 0},    REASON,
                                        {"unit", FIELD_UNIT, 0, 0, 0},    {"below", FIELD_BOOL, 0, 0, 0},
                                        {"group", FIELD_OBJECT, 0, 0, 0}, {0}};
static const field_t group_fields[] = {{"name", FIELD_TEXT, 1, 1, 64}, {"value", FIELD_TEXT, 1, 1, 64}, {0}};
static const field_t return_fields[] = {
    {"id", FIELD_TEXT, 1, 36, 36}, {"rev", FIELD_NUMBER, 1, 1, 999}, REASON, {0}};
static const field_t accept_fields[] = {{"id", FIELD_TEXT, 1, 36, 36}, {"rev", FIELD_NUMBER, 1, 1, 999}, {0}};
static const field_t close_fields[] = {FIGURES,
                                       {"position", FIELD_NUMBER, 1, 1, NUMBER_MOST},
                                       {"rules", FIELD_NUMBER, 1, 1, 999},
                                       {"sha256", FIELD_HASH, 1, 0, 0},
                                       {0}};
static const field_t reopen_fields[] = {FIGURES, REASON, {0}};
static const field_t sent_fields[] = {FIGURES,
                                      {"number", FIELD_TEXT, 1, 1, 64},
                                      {"date", FIELD_DAY, 1, 0, 0},
                                      {"signer", FIELD_TEXT, 1, 1, 100},
                                      {"to", FIELD_TEXT, 0, 1, 200},
                                      {"sha256", FIELD_HASH, 0, 0, 0},
                                      {0}};
static const field_t link_fields[] = {
    {"host", FIELD_TEXT, 0, 36, 36}, {"guests", FIELD_ARRAY, 1, 1, 100}, {0}};

static int bad(const char *field, refusal_t *why) {
    return refuse(why, "decision-bad", field, "Quyết định thiếu hoặc sai trường \"%s\".",
                  "The decision lacks the field \"%s\", or it is wrong.", field);
}

static int64_t number(const json_t *v) {
    return (int64_t)json_integer_value(v);
}

static int read_overlap(const json_t **v, ruling_t *out, refusal_t *why) {
    out->choice = json_string_value(v[1]);
    if (uuid_parse(json_string_value(v[0]), &out->id)) return bad("aggregate", why);
    int known = strcmp(out->choice, "aggregate") == 0 || strcmp(out->choice, "own") == 0;
    return known ? BC_OK : bad("choice", why);
}

static int read_extend(const json_t **v, ruling_t *out, refusal_t *why) {
    const json_t *g[2] = {NULL, NULL};
    out->plan = json_string_value(v[0]);
    out->period = json_string_value(v[1]);
    out->day = day_parse(json_string_value(v[2]));
    out->reason = json_string_value(v[3]);
    out->unit = json_string_value(v[4]);
    out->below = json_is_true(v[5]);
    if (out->below && !out->unit) return bad("below", why);
    if (v[6] && field_check(v[6], group_fields, "group", -1, g, NULL)) return bad("group", why);
    out->group = json_string_value(g[0]);
    out->value = json_string_value(g[1]);
    return BC_OK;
}

static int read_review(const json_t **v, ruling_t *out, refusal_t *why) {
    if (uuid_parse(json_string_value(v[0]), &out->id)) return bad("id", why);
    out->rev = (int)number(v[1]);
    if (out->kind == RULING_RETURN) out->reason = json_string_value(v[2]);
    return BC_OK;
}

static int read_figures(const json_t **v, ruling_t *out, refusal_t *why) {
    (void)why;
    out->unit = json_string_value(v[0]);
    out->plan = json_string_value(v[1]);
    out->calendar = json_string_value(v[2]);
    out->period = json_string_value(v[3]);
    if (out->kind == RULING_REOPEN) {
        out->reason = json_string_value(v[4]);
    } else if (out->kind == RULING_CLOSE) {
        out->position = number(v[4]);
        out->rules = number(v[5]);
        hex_read(json_string_value(v[6]), out->sha256.b, HASH_LEN);
    } else {
        out->number = json_string_value(v[4]);
        out->day = day_parse(json_string_value(v[5]));
        out->signer = json_string_value(v[6]);
        out->to = json_string_value(v[7]);
        if (v[8]) hex_read(json_string_value(v[8]), out->sha256.b, HASH_LEN);
    }
    return BC_OK;
}

/* Guests once each, and not the host. */
static int read_link(const json_t **v, ruling_t *out, refusal_t *why) {
    size_t n = json_array_size(v[1]);
    uuid_bc_t id, other;
    out->alone = !v[0];
    out->guests = v[1];
    if (v[0] && uuid_parse(json_string_value(v[0]), &out->id)) return bad("host", why);
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(v[1], i));
        if (!text || uuid_parse(text, &id)) return bad("guests", why);
        if (v[0] && memcmp(&id, &out->id, sizeof id) == 0) return bad("guests", why);
        for (size_t k = 0; k < i; k++)
            if (uuid_parse(json_string_value(json_array_get(v[1], k)), &other) == BC_OK &&
                memcmp(&id, &other, sizeof id) == 0)
                return bad("guests", why);
    }
    return BC_OK;
}

static const struct {
    const char *name;
    const field_t *fields;
    int (*read)(const json_t **values, ruling_t *out, refusal_t *why);
} kinds[RULING_KINDS] = {
    [RULING_OVERLAP] = {"overlap", overlap_fields, read_overlap},
    [RULING_EXTEND] = {"extend", extend_fields, read_extend},
    [RULING_RETURN] = {"return", return_fields, read_review},
    [RULING_ACCEPT] = {"accept", accept_fields, read_review},
    [RULING_CLOSE] = {"close", close_fields, read_figures},
    [RULING_REOPEN] = {"reopen", reopen_fields, read_figures},
    [RULING_SENT] = {"sent", sent_fields, read_figures},
    [RULING_LINK] = {"link", link_fields, read_link},
};

const char *ruling_name(ruling_kind_t kind) {
    return kinds[kind].name;
}

int ruling_read(const char *kind, const json_t *body, ruling_t *out, refusal_t *why) {
    const json_t *values[FIELD_MOST] = {NULL};
    refusal_t inner = {0};
    for (ruling_kind_t k = 0; k < RULING_KINDS; k++) {
        if (strcmp(kinds[k].name, kind) != 0) continue;
        *out = (ruling_t){.kind = k, .day = DAY_NONE};
        if (!json_is_object(body)) return bad("", why);
        if (field_check(body, kinds[k].fields, NULL, -1, values, &inner)) return bad(inner.field, why);
        return kinds[k].read(values, out, why);
    }
    return refuse(why, "decision-kind", "kind", "Chưa có loại quyết định \"%s\".",
                  "There is no kind of decision \"%s\".", kind);
}

int ruling_extends(const ruling_t *r, const tree_t *tree, const unit_t *unit, day_t day) {
    const char *code = unit_code(unit);
    if (r->unit && strcmp(r->unit, code) != 0 && !(r->below && tree_under(tree, code, r->unit, day)))
        return 0;
    return !r->group || unit_in_group(unit, r->group, r->value);
}

int ruling_same_figures(const ruling_t *a, const ruling_t *b) {
    int same_plan = a->plan && b->plan ? strcmp(a->plan, b->plan) == 0 : !a->plan && !b->plan;
    return same_plan && strcmp(a->unit, b->unit) == 0 && strcmp(a->calendar, b->calendar) == 0 &&
           strcmp(a->period, b->period) == 0;
}
