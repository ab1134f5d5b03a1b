/* SPDX-License-Identifier: MPL-2.0 */
/* registry.c - loads units, plans, keys and grants from the store and answers from hash tables and
 * sorted arrays. */
#include "collector/registry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define LISTED_MAX 500     /* units listed for one grant (PROTOCOL.md 4) */
#define LISTED_BYTES 48000 /* for all grants, so that WELCOME's header stays under its limit */

/* Open addressing; a slot holds the index of a key plus one. At most half full. */
typedef struct {
    uint32_t *slot;
    size_t mask;
} index_t;

/* Everything REGISTRY_ACCESS covers. */
typedef struct {
    access_key_t *keys;
    size_t count, room;
    index_t by_public, by_serial;
    access_grant_t *grants; /* by holder, then unit */
    size_t grant_count, grant_room;
} access_t;

struct registry {
    tree_t *tree;
    plans_t *plans;
    access_t access;
};

/* ---- loading ---- */

/* Keys are made at random by their owners, and only those of our codes get in: their first bytes are
 * hash enough. */
static size_t hash_public(const uint8_t *public_) {
    uint64_t h;
    memcpy(&h, public_, sizeof h);
    return (size_t)h;
}

static size_t hash_serial(int64_t serial) {
    return (size_t)((uint64_t)serial * 0x9e3779b97f4a7c15u >> 20);
}

static void index_build(index_t *index, const access_t *access, int by_public) {
    size_t size = 16;
    while (size < access->count * 2)
        size *= 2;
    index->slot = mem_alloc(size * sizeof *index->slot);
    index->mask = size - 1;
    for (size_t i = 0; i < access->count; i++) {
        const access_key_t *k = &access->keys[i];
        size_t at = (by_public ? hash_public(k->public_) : hash_serial(k->serial)) & index->mask;
        while (index->slot[at])
            at = (at + 1) & index->mask;
        index->slot[at] = (uint32_t)i + 1;
    }
}

static void access_clear(access_t *access) {
    free(access->keys);
    free(access->grants);
    free(access->by_public.slot);
    free(access->by_serial.slot);
    *access = (access_t){0};
}

static int take_key(void *arg, const access_key_t *k) {
    access_t *access = arg;
    if (access->count == access->room) {
        access->room = access->room ? access->room * 2 : 64;
        access->keys = mem_grow(access->keys, access->room * sizeof *access->keys);
    }
    access->keys[access->count++] = *k;
    return 0;
}

static int take_grant(void *arg, const access_grant_t *g) {
    access_t *access = arg;
    if (access->grant_count == access->grant_room) {
        access->grant_room = access->grant_room ? access->grant_room * 2 : 16;
        access->grants = mem_grow(access->grants, access->grant_room * sizeof *access->grants);
    }
    access->grants[access->grant_count++] = *g;
    return 0;
}

static int compare_grants(const void *a, const void *b) {
    const access_grant_t *x = a, *y = b;
    int order = strcmp(x->holder, y->holder);
    return order ? order : strcmp(x->unit, y->unit);
}

static int load_access(access_t *access, queue_t *queue) {
    int rc = queue_key_each(queue, take_key, access);
    if (rc == BC_OK) rc = queue_grant_each(queue, take_grant, access);
    if (access->grant_count)
        qsort(access->grants, access->grant_count, sizeof *access->grants, compare_grants);
    index_build(&access->by_public, access, 1);
    index_build(&access->by_serial, access, 0);
    return rc;
}

typedef struct {
    void *into;
    refusal_t why;
} loading_t;

static int take_unit(void *arg, const char *json, size_t n) {
    loading_t *loading = arg;
    unit_t *unit = unit_read(json, n, &loading->why);
    if (!unit) return BC_REFUSED;
    tree_put(loading->into, &unit);
    return 0;
}

static int take_plan(void *arg, const char *json, size_t n, int64_t position) {
    (void)position;
    loading_t *loading = arg;
    plan_t *plan = plan_read(json, n, &loading->why);
    if (!plan) return BC_REFUSED;
    plans_put(loading->into, &plan);
    return 0;
}

/* WHY of a load that failed. A refusal is the reader's own: the store holds what another version wrote. */
static int loaded(int rc, const refusal_t *inner, refusal_t *why) {
    if (rc == BC_REFUSED && inner && why) *why = *inner;
    if (rc && rc != BC_REFUSED)
        refuse(why, "disk", "queue.db", "Không đọc được kho dữ liệu (%s).", "The store cannot be read (%s).",
               rc_name(rc));
    return rc;
}

int registry_units(queue_t *queue, tree_t **out, refusal_t *why) {
    tree_t *tree = tree_new();
    loading_t loading = {.into = tree};
    int rc = queue_unit_each(queue, take_unit, &loading);
    if (rc != BC_OK) tree_free(&tree);
    *out = tree;
    return loaded(rc, &loading.why, why);
}

static int load_plans(queue_t *queue, plans_t **out, refusal_t *why) {
    loading_t loading = {.into = *out = plans_new()};
    int rc = queue_plan_each(queue, take_plan, &loading);
    return loaded(rc, &loading.why, why);
}

int registry_reload(registry_t *self, queue_t *queue, int parts, refusal_t *why) {
    registry_t fresh = {0};
    int rc = BC_OK;
    if (parts & REGISTRY_UNITS) rc = registry_units(queue, &fresh.tree, why);
    if (rc == BC_OK && parts & REGISTRY_PLANS) rc = load_plans(queue, &fresh.plans, why);
    if (rc == BC_OK && parts & REGISTRY_ACCESS) rc = loaded(load_access(&fresh.access, queue), NULL, why);

    /* Swap what was loaded; what lies in FRESH afterwards is released, be it the old or the half loaded. */
    registry_t old = *self;
    if (rc == BC_OK && parts & REGISTRY_UNITS) self->tree = fresh.tree, fresh.tree = old.tree;
    if (rc == BC_OK && parts & REGISTRY_PLANS) self->plans = fresh.plans, fresh.plans = old.plans;
    if (rc == BC_OK && parts & REGISTRY_ACCESS) self->access = fresh.access, fresh.access = old.access;
    tree_free(&fresh.tree);
    plans_free(&fresh.plans);
    access_clear(&fresh.access);
    return rc;
}

registry_t *registry_load(queue_t *queue, refusal_t *why) {
    registry_t *self = mem_alloc(sizeof *self);
    if (registry_reload(self, queue, REGISTRY_ALL, why)) registry_free(&self);
    return self;
}

void registry_free(registry_t **self_p) {
    if (!self_p || !*self_p) return;
    tree_free(&(*self_p)->tree);
    plans_free(&(*self_p)->plans);
    access_clear(&(*self_p)->access);
    free(*self_p);
    *self_p = NULL;
}

/* ---- asking ---- */

const access_key_t *registry_key_by_public(const registry_t *self, const uint8_t public_[static 32]) {
    const index_t *index = &self->access.by_public;
    for (size_t at = hash_public(public_) & index->mask; index->slot[at]; at = (at + 1) & index->mask) {
        const access_key_t *k = &self->access.keys[index->slot[at] - 1];
        if (memcmp(k->public_, public_, sizeof k->public_) == 0) return k;
    }
    return NULL;
}

const access_key_t *registry_key(const registry_t *self, int64_t serial) {
    const index_t *index = &self->access.by_serial;
    for (size_t at = hash_serial(serial) & index->mask; index->slot[at]; at = (at + 1) & index->mask) {
        const access_key_t *k = &self->access.keys[index->slot[at] - 1];
        if (k->serial == serial) return k;
    }
    return NULL;
}

int registry_key_ok(const access_key_t *key, int64_t now, refusal_t *why) {
    if (!key)
        return refuse(why, "key-unknown", NULL,
                      "Khóa này chưa được ghi danh; hãy ghi danh bằng mã do cấp trên cấp.",
                      "This key is not enrolled; enrol it with a code from the federation.");
    if (key->state == KEY_REVOKED)
        return refuse(why, "key-revoked", NULL,
                      "Khóa số %lld của %s đã bị thu hồi; hãy đề nghị cấp trên cấp mã ghi danh mới.",
                      "Key %lld of %s was revoked; ask the federation for a new enrolment code.",
                      (long long)key->serial, key->unit);
    if (now < key->from || (key->to && now >= key->to))
        return refuse(why, "key-expired", NULL,
                      "Khóa số %lld của %s chưa đến hoặc đã hết thời hạn sử dụng; hãy liên hệ cấp trên.",
                      "Key %lld of %s is outside its dates; ask the federation.", (long long)key->serial,
                      key->unit);
    return BC_OK;
}

const tree_t *registry_tree(const registry_t *self) {
    return self->tree;
}

const plans_t *registry_plans(const registry_t *self) {
    return self->plans;
}

/* The first grant that HOLDER may have; grants_end is behind the last. */
static const access_grant_t *grants_begin(const access_t *access, const char *holder) {
    size_t low = 0, high = access->grant_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(access->grants[mid].holder, holder) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return access->grants ? access->grants + low : NULL;
}

static int held_by(const access_t *access, const access_grant_t *g, const char *holder) {
    return g < access->grants + access->grant_count && strcmp(g->holder, holder) == 0;
}

static int in_force(const access_grant_t *g, day_t today) {
    return (g->from == DAY_NONE || today >= g->from) && (g->to == DAY_NONE || today <= g->to);
}

int registry_may_act(const registry_t *self, int64_t serial, const char *unit, day_t today) {
    const access_key_t *key = registry_key(self, serial);
    int agent = key && !key->consumer;
    if (agent && strcmp(key->unit, unit) == 0) return 1;
    if (!tree_get(self->tree, unit)) return -1;
    if (!agent) return 0;
    const access_t *access = &self->access;
    for (const access_grant_t *g = grants_begin(access, key->unit); g && held_by(access, g, key->unit); g++) {
        if (!in_force(g, today)) continue;
        if (strcmp(g->unit, unit) == 0 || (g->subtree && tree_under(self->tree, unit, g->unit, today)))
            return 1;
    }
    return 0;
}

int registry_unit_open(const registry_t *self, const char *unit, day_t day) {
    const unit_t *u = tree_get(self->tree, unit);
    return u && unit_open_on(u, day);
}

/* ---- grants of WELCOME ---- */

/* Adds [code, name, kind] while there is room in the header; *LEFT counts it down. */
static int list_unit(json_t *units, const unit_t *u, day_t today, size_t *left) {
    const char *code = unit_code(u), *name = unit_name(u, today), *kind = unit_kind(u);
    /* A character may need six bytes where the header is written with escapes; ours never is. */
    size_t bytes = strlen(code) + strlen(name) + strlen(kind) + 12;
    if (bytes > *left || json_array_size(units) == LISTED_MAX) return 0;
    *left -= bytes;
    json_array_append_new(units, json_pack("[sss]", code, name, kind));
    return 1;
}

static json_t *grant_json(const registry_t *self, const access_grant_t *g, day_t today, size_t *left) {
    const unit_t *top = tree_get(self->tree, g->unit);
    json_t *units = json_array();
    if (top) list_unit(units, top, today, left);
    for (size_t i = 0; g->subtree && i < tree_count(self->tree); i++) {
        const unit_t *u = tree_at(self->tree, i);
        if (u == top || !unit_open_on(u, today) || !tree_under(self->tree, unit_code(u), g->unit, today))
            continue;
        if (!list_unit(units, u, today, left)) break;
    }
    json_t *out = json_pack("{ss ss ss}", "unit", g->unit, "name", top ? unit_name(top, today) : g->unit,
                            "scope", g->subtree ? "subtree" : "one");
    assert(out);
    char day[11];
    if (g->from != DAY_NONE) json_object_set_new(out, "from", json_string(day_iso(g->from, day)));
    if (g->to != DAY_NONE) json_object_set_new(out, "to", json_string(day_iso(g->to, day)));
    json_object_set_new(out, "units", units);
    return out;
}

json_t *registry_grants(const registry_t *self, int64_t serial, day_t today) {
    json_t *out = json_array();
    const access_key_t *key = registry_key(self, serial);
    if (!key || key->consumer) return out;
    size_t left = LISTED_BYTES;
    access_grant_t own = {.from = DAY_NONE, .to = DAY_NONE};
    memcpy(own.unit, key->unit, sizeof own.unit);
    json_array_append_new(out, grant_json(self, &own, today, &left));
    const access_t *access = &self->access;
    for (const access_grant_t *g = grants_begin(access, key->unit); g && held_by(access, g, key->unit); g++)
        if (in_force(g, today)) json_array_append_new(out, grant_json(self, g, today, &left));
    return out;
}
