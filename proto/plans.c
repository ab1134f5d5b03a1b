/* SPDX-License-Identifier: MPL-2.0 */
/* plans.c - plans by number and version: asked for each document, so the number is looked up in a hash
 * table. */
#include "proto/plans.h"

#include <stdlib.h>

#include "proto/base/mem.h"

/* The versions of one plan, rising. */
typedef struct {
    plan_t **version;
    size_t count;
} group_t;

struct plans {
    json_t *index; /* number -> place in groups */
    group_t *groups;
    size_t group_count;
    plan_t **all; /* owned here, in order of first being put in */
    size_t count;
};

plans_t *plans_new(void) {
    plans_t *self = mem_alloc(sizeof *self);
    self->index = json_object();
    if (!self->index) abort();
    return self;
}

void plans_free(plans_t **self_p) {
    plans_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        plan_free(&self->all[i]);
    for (size_t i = 0; i < self->group_count; i++)
        free(self->groups[i].version);
    free(self->groups);
    free(self->all);
    json_decref(self->index);
    free(self);
    *self_p = NULL;
}

static group_t *group_of(const plans_t *self, const char *number) {
    const json_t *at = json_object_get(self->index, number);
    return at ? &self->groups[json_integer_value(at)] : NULL;
}

static group_t *group_new(plans_t *self, const char *number) {
    self->groups = mem_grow(self->groups, (self->group_count + 1) * sizeof *self->groups);
    if (json_object_set_new(self->index, number, json_integer((json_int_t)self->group_count)) != 0) abort();
    group_t *group = &self->groups[self->group_count++];
    *group = (group_t){0};
    return group;
}

/* Puts PLAN in the place of OLD in every list. */
static void replace(plans_t *self, group_t *group, plan_t *old, plan_t *plan) {
    for (size_t i = 0; i < group->count; i++)
        if (group->version[i] == old) group->version[i] = plan;
    for (size_t i = 0; i < self->count; i++)
        if (self->all[i] == old) self->all[i] = plan;
    plan_free(&old);
}

void plans_put(plans_t *self, plan_t **plan_p) {
    plan_t *plan = *plan_p;
    *plan_p = NULL;
    group_t *group = group_of(self, plan_number(plan));
    if (!group) group = group_new(self, plan_number(plan));
    size_t at = group->count;
    while (at > 0 && plan_version(group->version[at - 1]) > plan_version(plan))
        at--;
    if (at > 0 && plan_version(group->version[at - 1]) == plan_version(plan)) {
        replace(self, group, group->version[at - 1], plan);
        return;
    }
    group->version = mem_grow(group->version, (group->count + 1) * sizeof(plan_t *));
    for (size_t i = group->count++; i > at; i--)
        group->version[i] = group->version[i - 1];
    group->version[at] = plan;
    self->all = mem_grow(self->all, (self->count + 1) * sizeof(plan_t *));
    self->all[self->count++] = plan;
}

const plan_t *plans_get(const plans_t *self, const char *number, int version) {
    const group_t *group = group_of(self, number);
    if (!group) return NULL;
    if (version == 0) return group->version[group->count - 1];
    for (size_t i = group->count; i > 0; i--) /* the newest are asked for most */
        if (plan_version(group->version[i - 1]) == version) return group->version[i - 1];
    return NULL;
}

int plans_known(const plans_t *self, const char *number) {
    const plan_t *newest = plans_get(self, number, 0);
    return newest ? plan_version(newest) : 0;
}

size_t plans_count(const plans_t *self) {
    return self->count;
}

const plan_t *plans_at(const plans_t *self, size_t i) {
    return self->all[i];
}

char *plans_list(const plans_t *self) {
    buf_t list = {0};
    for (size_t i = 0; i < self->group_count; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", plan_number(self->groups[i].version[0]));
    return list.data ? list.data : mem_str("-");
}
