/* SPDX-License-Identifier: MPL-2.0 */
/* defs.c - looks measures up by bisection in a table sorted once for each version. */
#include "aggregator/defs.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

struct version {
    uint32_t number;
    int64_t version;
    plan_t *plan;
    def_t *defs; /* sorted by id */
    size_t count;
};

struct defs {
    version_t **versions;
    size_t count;
};

static void version_free(version_t *v) {
    if (!v) return;
    plan_free(&v->plan);
    free(v->defs);
    free(v);
}

defs_t *defs_new(void) {
    return mem_alloc(sizeof(defs_t));
}

void defs_free(defs_t **self_p) {
    defs_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        version_free(self->versions[i]);
    free(self->versions);
    free(self);
    *self_p = NULL;
}

static int by_id(const void *a, const void *b) {
    return strcmp(((const def_t *)a)->id, ((const def_t *)b)->id);
}

static int number_ids(store_t *store, const json_t *array) {
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)array, i, item) {
        const char *id = json_text(item, "id");
        if (id && !store_word(store, id, strlen(id))) return BC_DISK;
    }
    return BC_OK;
}

static int fill(version_t *v, store_t *store) {
    const char *number = plan_number(v->plan);
    v->number = store_word(store, number, strlen(number));
    if (!v->number || number_ids(store, json_object_get(plan_json(v->plan), "forms")) ||
        number_ids(store, json_object_get(plan_json(v->plan), "topics")))
        return BC_DISK;
    v->version = plan_version(v->plan);
    v->count = plan_measures(v->plan);
    v->defs = mem_alloc((v->count + 1) * sizeof *v->defs);
    for (size_t i = 0; i < v->count; i++) {
        const measure_t *m = plan_measure_at(v->plan, i);
        v->defs[i] = (def_t){m->id, store_way(store, m->id, m->add, m->scale), m->add, m->in};
        if (!v->defs[i].way) return BC_DISK;
    }
    qsort(v->defs, v->count, sizeof *v->defs, by_id);
    return BC_OK;
}

int defs_put(defs_t *self, store_t *store, plan_t **plan_p) {
    version_t *v = mem_alloc(sizeof *v);
    v->plan = *plan_p;
    *plan_p = NULL;
    if (fill(v, store)) {
        version_free(v);
        return BC_DISK;
    }
    for (size_t i = 0; i < self->count; i++)
        if (self->versions[i]->number == v->number && self->versions[i]->version == v->version) {
            version_free(self->versions[i]);
            self->versions[i] = v;
            return BC_OK;
        }
    self->versions = mem_grow(self->versions, (self->count + 1) * sizeof(version_t *));
    self->versions[self->count++] = v;
    return BC_OK;
}

const version_t *defs_get(const defs_t *self, uint32_t number, int64_t version) {
    for (size_t i = self->count; i-- > 0;) /* the newest are asked for most */
        if (self->versions[i]->number == number && self->versions[i]->version == version)
            return self->versions[i];
    return NULL;
}

const def_t *defs_measure(const version_t *version, const char *id) {
    def_t key = {.id = id};
    return bsearch(&key, version->defs, version->count, sizeof key, by_id);
}

const plan_t *defs_plan(const version_t *version) {
    return version->plan;
}
