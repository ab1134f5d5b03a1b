/* SPDX-License-Identifier: MPL-2.0 */
/* view.c - reads units, plans and decisions that held at a position. They change seldom: the newest are kept
 * with the store, and serve all questions until another such entry comes. */
#include "aggregator/view.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define DEEPEST 64 /* levels of a tree; deeper can only be a loop */

typedef struct {
    char *number;
    day_t day;
} published_t;
/* A unit by its word, its parent in the span of days that was asked for last, and the days it is open: what
 * is asked of each document lies here side by side. */
typedef struct {
    const unit_t *unit;
    day_t from, to;
    uint32_t parent; /* word; 0 none */
    day_t opened, closed;
} node_t;

/* What a view shows, shared between views. */
typedef struct {
    int64_t from; /* as of here, and behind it up to the next entry that is no document */
    tree_t *tree;
    uint32_t *word; /* of each unit of the tree */
    node_t *node;   /* by word; words that came later are no units */
    uint32_t words;
    plain_row_t *row; /* of each unit of the tree */
    plans_t *plans;
    published_t *published;
    size_t published_count;
    rulings_t *rulings;
    int users;
} state_t;
struct view {
    store_t *store;
    cursor_t at;
    state_t *state;
};

/* ---- the state ---- */

static day_t published(const state_t *self, const char *number) {
    for (size_t i = 0; i < self->published_count; i++)
        if (strcmp(self->published[i].number, number) == 0) return self->published[i].day;
    return DAY_NONE;
}

static int load_unit(void *arg, const row_t *row) {
    state_t *self = arg;
    unit_t *unit = unit_read(row->body, row->body_len, NULL);
    if (unit) tree_put(self->tree, &unit);
    return BC_OK;
}

static int load_plan(void *arg, const row_t *row) {
    state_t *self = arg;
    plan_t *plan = plan_read(row->body, row->body_len, NULL);
    if (!plan) return BC_OK; /* the fold has said so in the log */
    if (published(self, plan_number(plan)) == DAY_NONE) {
        size_t n = ++self->published_count;
        self->published = mem_grow(self->published, n * sizeof *self->published);
        self->published[n - 1] = (published_t){mem_str(plan_number(plan)), clock_day(row->received)};
    }
    plans_put(self->plans, &plan);
    return BC_OK;
}

static int load_decision(void *arg, const row_t *row) {
    state_t *self = arg;
    rulings_put(self->rulings, row->body, row->body_len, row->position, row->received);
    return BC_OK;
}

static void state_drop(void *what) {
    state_t *self = what;
    if (--self->users > 0) return;
    for (size_t i = 0; i < self->published_count; i++)
        free(self->published[i].number);
    free(self->published);
    rulings_free(&self->rulings);
    free(self->node);
    free(self->word);
    for (size_t i = 0; self->row && i < tree_count(self->tree); i++)
        json_decref(self->row[i].row);
    free(self->row);
    tree_free(&self->tree);
    plans_free(&self->plans);
    free(self);
}

static void find_nodes(state_t *self, const words_t *words) {
    self->words = words_count(words) + 1;
    self->node = mem_alloc(self->words * sizeof *self->node);
    self->word = mem_alloc((tree_count(self->tree) + 1) * sizeof *self->word);
    self->row = mem_alloc((tree_count(self->tree) + 1) * sizeof *self->row);
    for (size_t i = 0; i < tree_count(self->tree); i++) {
        const unit_t *unit = tree_at(self->tree, i);
        self->word[i] = words_find(words, unit_code(unit), strlen(unit_code(unit)));
        self->node[self->word[i]] = /* each record gave its code a word */
            (node_t){unit, 1, 0, 0, unit_opened(unit), unit_closed(unit)};
    }
}

static int state_load(store_t *store, int64_t position, state_t **out) {
    state_t *self = mem_alloc(sizeof *self);
    *self = (state_t){
        .from = position, .tree = tree_new(), .plans = plans_new(), .rulings = rulings_new(), .users = 1};
    int rc = store_each(store, ROW_UNIT, position, load_unit, self);
    if (rc == BC_OK) rc = store_each(store, ROW_PLAN, position, load_plan, self);
    if (rc == BC_OK) rc = store_each(store, ROW_DECISION, position, load_decision, self);
    if (rc == BC_OK) {
        find_nodes(self, store_words(store));
        *out = self;
    } else {
        state_drop(self);
    }
    return rc;
}

/* The state as of POSITION, for the caller to drop. */
static int state_at(store_t *store, int64_t position, state_t **out) {
    int64_t shaped = store_shaped(store);
    state_t *kept = store_kept(store);
    if (kept && kept->from >= shaped && position >= shaped) {
        kept->users++;
        *out = kept;
        return BC_OK;
    }
    int rc = state_load(store, position, out);
    if (rc == BC_OK && position >= shaped) {
        (*out)->users++;
        store_keep(store, *out, state_drop);
    }
    return rc;
}

/* ---- the view ---- */

static int load(view_t *self, int64_t as_of, refusal_t *why) {
    int64_t position = as_of == STORE_NOW ? store_cursor(self->store)->position : as_of;
    int rc = store_at(self->store, position, &self->at);
    if (rc == BC_NOTFOUND) {
        refuse(why, "position-unknown", "as-of", "Chưa đọc đến vị trí %lld của sổ nhận; mới đến %lld.",
               "Position %lld of the log was not read yet; it was read up to %lld.", (long long)position,
               (long long)store_cursor(self->store)->position);
        return BC_NOTFOUND;
    }
    if (rc == BC_OK) rc = state_at(self->store, position, &self->state);
    if (rc)
        refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
               "The store can not be read; run the verb rebuild.");
    return rc;
}

view_t *view_new(store_t *store, int64_t as_of, refusal_t *why) {
    view_t *self = mem_alloc(sizeof *self);
    self->store = store;
    store_look(store);
    if (load(self, as_of, why)) view_free(&self);
    return self;
}

void view_free(view_t **self_p) {
    view_t *self = *self_p;
    if (!self) return;
    store_looked(self->store);
    if (self->state) state_drop(self->state);
    free(self);
    *self_p = NULL;
}

store_t *view_store(const view_t *self) {
    return self->store;
}

const cursor_t *view_at(const view_t *self) {
    return &self->at;
}

const tree_t *view_tree(const view_t *self) {
    return self->state->tree;
}

const plans_t *view_plans(const view_t *self) {
    return self->state->plans;
}

day_t view_published(const view_t *self, const char *number) {
    return published(self->state, number);
}

const plan_t *view_only_plan(const view_t *self) {
    return self->state->published_count == 1
               ? plans_get(self->state->plans, self->state->published[0].number, 0)
               : NULL;
}

const unit_t *view_top(const view_t *self, day_t day) {
    const unit_t *top = NULL;
    for (size_t i = 0; i < tree_count(self->state->tree); i++) {
        const unit_t *u = tree_at(self->state->tree, i);
        if (!unit_open_on(u, day) || unit_coordinating(u) || unit_parent(u, day)) continue;
        if (top) return NULL;
        top = u;
    }
    return top;
}

const rulings_t *view_rulings(const view_t *self) {
    return self->state->rulings;
}

uint32_t view_word(const view_t *self, const char *text) {
    return words_find(store_words(self->store), text, strlen(text));
}

uint32_t view_word_at(const view_t *self, size_t i) {
    return self->state->word[i];
}

plain_row_t *view_plain_row(const view_t *self, size_t i) {
    return &self->state->row[i];
}

const char *view_text(const view_t *self, uint32_t word) {
    return words_text(store_words(self->store), word);
}

/* The word of the parent on DAY, 0 where there is none. */
static uint32_t parent_of(const view_t *self, node_t *node, day_t day) {
    if (node->unit && (day < node->from || day > node->to)) {
        const char *parent = unit_parent_span(node->unit, day, &node->from, &node->to);
        node->parent = parent ? view_word(self, parent) : 0;
    }
    return node->parent;
}

/* The unit of a word, NULL where it is none. */
static const unit_t *unit_of(const view_t *self, uint32_t word) {
    return word < self->state->words ? self->state->node[word].unit : NULL;
}

int view_open_on(const view_t *self, uint32_t unit, day_t day) {
    if (!unit_of(self, unit)) return 0;
    const node_t *node = &self->state->node[unit];
    return day >= node->opened && (node->closed == DAY_NONE || day <= node->closed);
}

uint32_t view_parent(const view_t *self, uint32_t unit, day_t day) {
    return unit_of(self, unit) ? parent_of(self, &self->state->node[unit], day) : 0;
}

uint32_t view_row(const view_t *self, uint32_t unit, uint32_t above, day_t day) {
    if (unit == above) return unit;
    for (int level = 0; unit && unit < self->state->words && level < DEEPEST; level++) {
        uint32_t parent = parent_of(self, &self->state->node[unit], day);
        if (parent && parent == above) return unit;
        unit = parent;
    }
    return 0;
}

int view_in_group(const view_t *self, uint32_t unit, const group_of_t *group) {
    if (!group->name) return 1;
    const unit_t *u = unit_of(self, unit);
    return u && unit_in_group(u, group->name, group->value);
}

/* Who carries on what CODE was on DAY: itself while it is open, where nobody does, and where the links lead
 * back to it. NULL: not known. */
static const unit_t *heir(const view_t *self, const char *code, day_t day) {
    const unit_t *first = tree_get(self->state->tree, code), *unit = first;
    for (int step = 0; unit && step < DEEPEST; step++) {
        const char *next = unit_open_on(unit, day) ? NULL : unit_heir(unit, day);
        const unit_t *after = next ? tree_get(self->state->tree, next) : NULL;
        if (!after) return unit;
        unit = after;
    }
    return first;
}

uint32_t view_row_today(const view_t *self, uint32_t unit, const char *above, day_t day) {
    const unit_t *at = heir(self, view_text(self, unit), day);
    for (int level = 0; at && level < DEEPEST; level++) {
        if (level == 0 && strcmp(unit_code(at), above) == 0) return view_word(self, above);
        day_t then = unit_open_on(at, day) || unit_closed(at) == DAY_NONE ? day : unit_closed(at);
        const char *code = unit_parent(at, then);
        const unit_t *parent = code ? heir(self, code, day) : NULL;
        if (!parent) return 0;
        if (strcmp(unit_code(parent), above) == 0) return view_word(self, unit_code(at));
        at = parent;
    }
    return 0;
}
