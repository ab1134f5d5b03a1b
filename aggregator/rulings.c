/* SPDX-License-Identifier: MPL-2.0 */
/* rulings.c - decisions in the order of the log; they are few, so each question walks them from the
 * newest. */
#include "aggregator/rulings.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

struct rulings {
    ruled_t *list;
    size_t count;
};

rulings_t *rulings_new(void) {
    return mem_alloc(sizeof(rulings_t));
}

void rulings_free(rulings_t **self_p) {
    rulings_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        json_decref(self->list[i].json);
    free(self->list);
    free(self);
    *self_p = NULL;
}

/* The closing of the figures that R is about, among those that hold still. */
static ruled_t *closing_of(const rulings_t *self, const ruling_t *r) {
    for (size_t i = self->count; i-- > 0;) {
        ruled_t *c = &self->list[i];
        if (c->says.kind == RULING_CLOSE && c->holds && !c->ended && ruling_same_figures(&c->says, r))
            return c;
    }
    return NULL;
}

/* What closes, reopens and went up holds only where it fits what came before. */
static void settle(rulings_t *self, ruled_t *d) {
    d->holds = 1;
    if (d->says.kind != RULING_CLOSE && d->says.kind != RULING_REOPEN && d->says.kind != RULING_SENT) return;
    ruled_t *closing = closing_of(self, &d->says);
    if (d->says.kind == RULING_CLOSE) {
        d->holds = !closing && d->says.position < d->position;
    } else if (!closing) {
        d->holds = 0;
    } else if (d->says.kind == RULING_REOPEN) {
        closing->ended = d->position;
    } else {
        d->closing = closing->position;
    }
}

void rulings_put(rulings_t *self, const char *body, size_t n, int64_t position, int64_t received) {
    ruled_t d = {.position = position, .received = received, .json = json_loadb(body, n, 0, NULL)};
    const char *kind = json_text(d.json, "kind");
    d.person = json_text(d.json, "person");
    d.uuid = json_text(d.json, "uuid");
    if (!kind || !d.person || !d.uuid ||
        ruling_read(kind, json_object_get(d.json, "decision"), &d.says, NULL)) {
        json_decref(d.json);
        return;
    }
    settle(self, &d);
    self->list = mem_grow(self->list, (self->count + 1) * sizeof d);
    self->list[self->count++] = d;
}

size_t rulings_count(const rulings_t *self) {
    return self->count;
}

const ruled_t *rulings_at(const rulings_t *self, size_t i) {
    return &self->list[i];
}

choice_t rulings_choice(const rulings_t *self, const uuid_bc_t *aggregate, int64_t *position) {
    for (size_t i = self->count; i-- > 0;) {
        const ruled_t *d = &self->list[i];
        if (d->says.kind != RULING_OVERLAP || memcmp(&d->says.id, aggregate, sizeof *aggregate) != 0)
            continue;
        *position = d->position;
        return strcmp(d->says.choice, "own") == 0 ? CHOICE_OWN : CHOICE_AGGREGATE;
    }
    *position = 0;
    return CHOICE_NONE;
}

day_t rulings_until(const rulings_t *self, const tree_t *tree, const plan_t *plan, const period_t *period,
                    const unit_t *unit) {
    day_t until = DAY_NONE;
    for (size_t i = 0; i < self->count; i++) {
        const ruling_t *r = &self->list[i].says;
        if (r->kind != RULING_EXTEND || strcmp(r->plan, plan_number(plan)) != 0 ||
            strcmp(r->period, period->id) != 0)
            continue;
        if (r->day > until && ruling_extends(r, tree, unit, period->to)) until = r->day;
    }
    return until;
}

review_t rulings_review(const rulings_t *self, const uuid_bc_t *id, int rev, const ruled_t **ruled) {
    for (size_t i = self->count; i-- > 0;) {
        const ruled_t *d = &self->list[i];
        int review = d->says.kind == RULING_RETURN || d->says.kind == RULING_ACCEPT;
        if (!review || d->says.rev != rev || memcmp(&d->says.id, id, sizeof *id) != 0) continue;
        if (ruled) *ruled = d;
        return d->says.kind == RULING_RETURN ? REVIEW_RETURNED : REVIEW_ACCEPTED;
    }
    return REVIEW_NONE;
}

const ruled_t *rulings_closing(const rulings_t *self, const char *unit, const char *plan,
                               const char *calendar, const char *period) {
    ruling_t asked = {.unit = unit, .plan = plan, .calendar = calendar, .period = period};
    return closing_of(self, &asked);
}
