/* SPDX-License-Identifier: MPL-2.0 */
/* decide.c - stores the decision, then the notice that follows from it. */
#include "collector/decide.h"

#include <stdlib.h>
#include <string.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/ruling.h"
#include "proto/tree.h"

/* NULL where the document is not there: then nobody is told. */
static json_t *returned(queue_t *queue, const ruling_t *r, int *rc) {
    char unit[UNIT_CODE], id[UUID_TEXT];
    *rc = queue_document_unit(queue, &r->id, unit);
    if (*rc == BC_OK) {
        json_t *j = json_pack("{s[s] ss ss s{ss si}}", "to", unit, "kind", "returned", "text", r->reason,
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

static int tell(queue_t *queue, const decision_t *d) {
    ruling_t r;
    int rc = BC_OK;
    json_t *body = json_loads(d->body, 0, NULL), *notice = NULL;
    const char *kind = json_text(body, "kind");
    if (kind && ruling_read(kind, json_object_get(body, "decision"), &r, NULL) == BC_OK) {
        if (r.kind == RULING_RETURN) notice = returned(queue, &r, &rc);
        if (r.kind == RULING_EXTEND) notice = extended(queue, &r, d->received, &rc);
    }
    if (notice && rc == BC_OK) {
        entry_t e = {.kind = "notice", .received = d->received, .by = d->person};
        char *text = json_canonical(notice);
        rc = queue_append(queue, &e, text, strlen(text));
        free(text);
    }
    json_decref(notice);
    json_decref(body);
    return rc;
}

int decide_store(queue_t *queue, decision_t *d) {
    entry_t e = {.kind = "decision", .by = d->person, .key = d->key, .received = d->received};
    head_t before;
    int rc = queue_head(queue, &before);
    if (rc) return rc;
    d->rc = queue_decision(queue, &d->uuid, &e, d->body, strlen(d->body), &d->position);
    if (d->rc == BC_CONFLICT) return BC_OK;
    if (d->rc || d->position <= before.position) return d->rc; /* a stop, or it was there */
    return tell(queue, d);
}
