/* SPDX-License-Identifier: MPL-2.0 */
/* joint.c - a decision of staff says whose event an activity belongs to, or else the code that the host made
 * and the guest entered. */
#include "aggregator/joint.h"

#include <string.h>

#include "proto/base/rc.h"

/* The search for the host of one guest. */
typedef struct {
    const view_t *view;
    const row_t *guest;
    const fact_t *fact;
    int found;
    uuid_bc_t id;
    store_each_fn *each;
    void *arg;
} search_t;

/* 1 if a decision gave the activity to a host. */
static int is_given(const view_t *view, const uuid_bc_t *id) {
    const ruled_t *link = rulings_link(view_rulings(view), id);
    return link && !link->says.alone;
}

static int look_by_code(void *arg, const row_t *row) {
    search_t *s = arg;
    fact_t host;
    if (fact_read(row->body, row->body_len, &host)) return BC_CORRUPT;
    day_t begins = row->day - (day_t)host.span, guest_begins = s->guest->day - (day_t)s->fact->span;
    int apart = row->day < guest_begins || s->guest->day < begins;
    if (!host.host || apart || is_given(s->view, &row->id)) return BC_OK;
    if (s->found && memcmp(&row->id, &s->id, sizeof s->id) > 0) return BC_OK;
    s->found = 1;
    s->id = row->id;
    return BC_OK;
}

/* The id of the host that the guest names, live or not; `found` where there is one. */
static int find(search_t *s) {
    const ruled_t *link = rulings_link(view_rulings(s->view), &s->guest->id);
    if (link) {
        s->found = !link->says.alone;
        s->id = link->says.id;
        return BC_OK;
    }
    if (!s->fact->event || s->fact->host) return BC_OK;
    return store_each_event(view_store(s->view), s->fact->event, view_at(s->view)->position, look_by_code, s);
}

int joint_is_guest(const view_t *view, const row_t *row, const fact_t *fact) {
    search_t s = {.view = view, .guest = row, .fact = fact};
    int rc = find(&s);
    return rc ? rc : s.found;
}

static int give(void *arg, const row_t *row) {
    const search_t *s = arg;
    fact_t fact;
    if (row->kind != ROW_ACTIVITY) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    int guest = joint_is_guest(s->view, row, &fact);
    return guest ? (guest < 0 ? guest : BC_OK) : s->each(s->arg, row);
}

int joint_host(const view_t *view, const row_t *row, const fact_t *fact, store_each_fn *each, void *arg) {
    search_t s = {.view = view, .guest = row, .fact = fact, .each = each, .arg = arg};
    int rc = find(&s);
    if (rc || !s.found) return rc;
    return store_document_at(view_store(view), &s.id, view_at(view)->position, give, &s);
}
