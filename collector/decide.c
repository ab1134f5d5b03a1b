/* SPDX-License-Identifier: MPL-2.0 */
/* decide.c - looks whether the consumer answers for the units concerned, stores the decision, then the notice
 * that follows from it. */
#include "collector/decide.h"

#include <stdlib.h>
#include <string.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/ruling.h"
#include "proto/tree.h"

/* ---- whether it is theirs to decide ---- */

/* What a consumer may decide for, while the units that a decision concerns are looked at. */
typedef struct {
    queue_t *queue;
    const decision_t *decision;
    const tree_t *tree;
    const char *unit;
    day_t today;
    int grants, granted; /* it holds some; one of them has the unit */
    char *first;         /* one unit it may decide for */
} scope_t;

static int look_grant(void *arg, const access_grant_t *g) {
    scope_t *s = arg;
    if (strcmp(g->holder, s->decision->consumer) != 0) return BC_OK;
    s->grants++;
    if (!s->first) s->first = mem_str(g->unit);
    if (!s->unit || (g->from != DAY_NONE && s->today < g->from) || (g->to != DAY_NONE && s->today > g->to))
        return BC_OK;
    s->granted |=
        strcmp(s->unit, g->unit) == 0 || (g->subtree && tree_under(s->tree, s->unit, g->unit, s->today));
    return BC_OK;
}

/* 1 if UNIT (NULL: everybody, or nobody knows whom) is among what the consumer decides for; or a stop. */
static int is_granted(scope_t *s, const char *unit) {
    s->unit = unit;
    s->grants = s->granted = 0;
    int rc = queue_grant_each(s->queue, look_grant, s);
    return rc ? rc : !s->grants || s->granted;
}

static int document_granted(scope_t *s, const uuid_bc_t *id) {
    char unit[UNIT_CODE];
    int rc = queue_document_unit(s->queue, id, unit);
    if (rc && rc != BC_NOTFOUND) return rc;
    return is_granted(s, rc ? NULL : unit);
}

/* Host and guests all. */
static int link_granted(scope_t *s, const ruling_t *r) {
    uuid_bc_t guest;
    int yes = r->alone ? 1 : document_granted(s, &r->id);
    for (size_t i = 0; i < json_array_size(r->guests) && yes == 1; i++)
        if (uuid_parse(json_string_value(json_array_get(r->guests, i)), &guest) == BC_OK)
            yes = document_granted(s, &guest);
    return yes;
}

static int ruling_granted(scope_t *s, const ruling_t *r) {
    switch (r->kind) {
    case RULING_OVERLAP:
    case RULING_RETURN:
    case RULING_ACCEPT: return document_granted(s, &r->id);
    case RULING_LINK: return link_granted(s, r);
    case RULING_EXTEND:
    case RULING_CLOSE:
    case RULING_REOPEN:
    case RULING_SENT: return is_granted(s, r->unit);
    case RULING_KINDS: break;
    }
    return 0;
}

/* 1, 0 with D's why, or a stop. */
static int allowed(queue_t *queue, decision_t *d, const ruling_t *r) {
    scope_t s = {.queue = queue, .decision = d, .today = clock_day(d->received)};
    tree_t *tree = NULL;
    int rc = is_granted(&s, NULL); /* 1: it holds no grants */
    if (rc == 0) rc = registry_units(queue, &tree, NULL);
    if (tree) {
        s.tree = tree;
        rc = ruling_granted(&s, r);
    }
    tree_free(&tree);
    if (rc != 1 && !rc_stop(rc)) {
        refuse(&d->why, "decision-not-granted", "unit",
               "\"%s\" chỉ được quyết định cho đơn vị %s và các đơn vị bên dưới.",
               "\"%s\" may decide only for the unit %s and those beneath it.", d->consumer, s.first);
        rc = 0;
    }
    free(s.first);
    return rc;
}

/* ---- the news of it ---- */

/* What staff think of a document, to its unit. NULL where the document is not there: then nobody is told. */
static json_t *reviewed(queue_t *queue, const ruling_t *r, int *rc) {
    char unit[UNIT_CODE], id[UUID_TEXT];
    *rc = queue_document_unit(queue, &r->id, unit);
    if (*rc == BC_OK) {
        int back = r->kind == RULING_RETURN;
        json_t *j = json_pack("{s[s] ss ss s{ss si}}", "to", unit, "kind", back ? "returned" : "accepted",
                              "text", back ? r->reason : "Liên đoàn đã xem và chấp nhận báo cáo này.",
                              "document", "id", uuid_text(&r->id, id), "rev", r->rev);
        json_object_set_new(j, "subject", json_sprintf("%s, bản %d", unit, r->rev));
        return j;
    }
    if (*rc == BC_NOTFOUND) *rc = BC_OK;
    return NULL;
}

/* The open units that must report and have a later deadline now, by the tree of the day of the decision. */
static json_t *concerned(const tree_t *tree, const ruling_t *r, day_t day) {
    json_t *to = json_array();
    for (size_t i = 0; i < tree_count(tree); i++) {
        const unit_t *unit = tree_at(tree, i);
        if (unit_expected(unit) && unit_open_on(unit, day) && ruling_extends(r, tree, unit, day))
            json_array_append_new(to, json_string(unit_code(unit)));
    }
    return to;
}

/* NULL where it concerns nobody. */
static json_t *extended(queue_t *queue, const ruling_t *r, int64_t received, int *rc) {
    tree_t *tree = NULL;
    char until[11];
    *rc = registry_units(queue, &tree, NULL);
    if (*rc && !rc_stop(*rc)) *rc = BC_OK; /* a record that can not be read is `verify`'s to name */
    if (!tree) return NULL;
    json_t *to = concerned(tree, r, clock_day(received)), *j = NULL;
    tree_free(&tree);
    if (json_array_size(to)) {
        j = json_pack("{sO ss ss ss}", "to", to, "kind", "extension", "text", r->reason, "until",
                      day_iso(r->day, until));
        json_object_set_new(j, "subject", json_sprintf("%s, kỳ %s", r->plan, r->period));
    }
    json_decref(to);
    return j;
}

static int tell(queue_t *queue, const decision_t *d, const ruling_t *r) {
    int rc = BC_OK;
    json_t *notice = NULL;
    if (r->kind == RULING_RETURN || r->kind == RULING_ACCEPT) notice = reviewed(queue, r, &rc);
    if (r->kind == RULING_EXTEND) notice = extended(queue, r, d->received, &rc);
    if (notice && rc == BC_OK) {
        entry_t e = {.kind = "notice", .received = d->received, .by = d->person};
        char *text = json_canonical(notice);
        rc = queue_append(queue, &e, text, strlen(text));
        free(text);
    }
    json_decref(notice);
    return rc;
}

/* Stores what is new and allowed. */
static int store_new(queue_t *queue, decision_t *d, const ruling_t *r) {
    entry_t e = {.kind = "decision", .by = d->person, .key = d->key, .received = d->received};
    int known = queue_decided(queue, &d->uuid);
    int rc = known ? known : allowed(queue, d, r);
    if (rc == 0) d->rc = BC_REFUSED;
    if (rc != 1) return rc;
    d->rc = queue_decision(queue, &d->uuid, &e, d->body, strlen(d->body), &d->position);
    if (d->rc == BC_CONFLICT || known) return rc_stop(d->rc) ? d->rc : BC_OK;
    return d->rc ? d->rc : tell(queue, d, r);
}

int decide_store(queue_t *queue, decision_t *d) {
    ruling_t r;
    json_t *body = json_loads(d->body, 0, NULL);
    const char *kind = json_text(body, "kind");
    int rc = BC_CORRUPT; /* intake has read it */
    if (kind && ruling_read(kind, json_object_get(body, "decision"), &r, NULL) == BC_OK)
        rc = store_new(queue, d, &r);
    json_decref(body);
    return rc;
}
