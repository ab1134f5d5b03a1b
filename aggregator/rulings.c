/* SPDX-License-Identifier: MPL-2.0 */
/* rulings.c - decisions in the order of the log. What they say of one document is asked for every document,
 * so the newest of each is found by its id; of the rest there are few, and each question walks them. */
#include "aggregator/rulings.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* What is said of one document. */
typedef enum { ABOUT_OVERLAP = 1, ABOUT_REVIEW, ABOUT_LINK } about_t;
typedef struct {
    about_t about; /* 0: the slot is free */
    int rev;       /* of a review */
    uuid_bc_t id;
    size_t newest; /* in list */
} slot_t;

struct rulings {
    ruled_t *list;
    size_t count;
    slot_t *slots; /* open addressing, a power of two, at most half full */
    size_t slot_count, used;
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
    free(self->slots);
    free(self);
    *self_p = NULL;
}

/* ---- the newest about a document ---- */

/* The last bytes of an id are random, or a hash. */
static slot_t *slot_of(const rulings_t *self, about_t about, const uuid_bc_t *id, int rev) {
    uint64_t h;
    memcpy(&h, id->b + sizeof id->b - sizeof h, sizeof h);
    h = (h ^ (uint64_t)about ^ (uint64_t)rev << 8) * 1099511628211ULL;
    size_t i = (size_t)(h ^ h >> 32) & (self->slot_count - 1);
    for (;; i = (i + 1) & (self->slot_count - 1)) {
        slot_t *s = &self->slots[i];
        int same = s->about == about && s->rev == rev && memcmp(&s->id, id, sizeof *id) == 0;
        if (!s->about || same) return s;
    }
}

static const ruled_t *newest(const rulings_t *self, about_t about, const uuid_bc_t *id, int rev) {
    const slot_t *s = self->used ? slot_of(self, about, id, rev) : NULL;
    return s && s->about ? &self->list[s->newest] : NULL;
}

static void grow(rulings_t *self) {
    slot_t *old = self->slots;
    size_t n = self->slot_count;
    self->slot_count = n ? 2 * n : 64;
    self->slots = mem_alloc(self->slot_count * sizeof *self->slots);
    for (size_t i = 0; i < n; i++)
        if (old[i].about) *slot_of(self, old[i].about, &old[i].id, old[i].rev) = old[i];
    free(old);
}

/* The last of the list is the newest about this document. */
static void note(rulings_t *self, about_t about, const uuid_bc_t *id, int rev) {
    if (2 * self->used >= self->slot_count) grow(self);
    slot_t *s = slot_of(self, about, id, rev);
    self->used += !s->about;
    *s = (slot_t){about, rev, *id, self->count - 1};
}

static void note_all(rulings_t *self, const ruling_t *r) {
    uuid_bc_t guest;
    if (r->kind == RULING_OVERLAP) note(self, ABOUT_OVERLAP, &r->id, 0);
    if (r->kind == RULING_RETURN || r->kind == RULING_ACCEPT) note(self, ABOUT_REVIEW, &r->id, r->rev);
    for (size_t i = 0; i < json_array_size(r->guests); i++)
        if (uuid_parse(json_string_value(json_array_get(r->guests, i)), &guest) == BC_OK)
            note(self, ABOUT_LINK, &guest, 0);
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
    if ((self->count & (self->count - 1)) == 0) /* grows by doubling */
        self->list = mem_grow(self->list, (self->count ? 2 * self->count : 1) * sizeof d);
    self->list[self->count++] = d;
    note_all(self, &d.says);
}

size_t rulings_count(const rulings_t *self) {
    return self->count;
}

const ruled_t *rulings_at(const rulings_t *self, size_t i) {
    return &self->list[i];
}

choice_t rulings_choice(const rulings_t *self, const uuid_bc_t *aggregate, int64_t *position) {
    const ruled_t *d = newest(self, ABOUT_OVERLAP, aggregate, 0);
    *position = d ? d->position : 0;
    if (!d) return CHOICE_NONE;
    return strcmp(d->says.choice, "own") == 0 ? CHOICE_OWN : CHOICE_AGGREGATE;
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
    const ruled_t *d = newest(self, ABOUT_REVIEW, id, rev);
    if (!d) return REVIEW_NONE;
    if (ruled) *ruled = d;
    return d->says.kind == RULING_RETURN ? REVIEW_RETURNED : REVIEW_ACCEPTED;
}

const ruled_t *rulings_link(const rulings_t *self, const uuid_bc_t *guest) {
    return newest(self, ABOUT_LINK, guest, 0);
}

const ruled_t *rulings_closing(const rulings_t *self, const char *unit, const char *plan,
                               const char *calendar, const char *period) {
    ruling_t asked = {.unit = unit, .plan = plan, .calendar = calendar, .period = period};
    return closing_of(self, &asked);
}
