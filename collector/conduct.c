/* SPDX-License-Identifier: MPL-2.0 */
/* conduct.c - a bucket for each key that broke a rule lately: what drips in is forgotten, what floods it puts
 * the key out. */
#include "collector/conduct.h"

#include <stdlib.h>

#include "proto/base/mem.h"

#define MOST 512                 /* a message weighs one, and one more for each WEIGHT bytes */
#define WEIGHT 4096              /* bytes */
#define FORGIVEN_MS 125          /* after which one is forgotten */
#define OUT_MS 60000             /* the first time; twice as long each further time */
#define OUT_MOST (60 * OUT_MS)   /* an hour, */
#define REMEMBERED_MS (OUT_MOST) /* after which the times before are forgotten as well */

typedef struct {
    int64_t key;
    int64_t full;  /* monotonic ms at which all will be forgotten, if nothing is added */
    int64_t until; /* it is or was out; 0: never */
    int times;     /* it was put out */
} record_t;

/* Few break rules, and those are forgotten: a plain list will do. */
struct conduct {
    record_t *record;
    size_t count, room;
};

conduct_t *conduct_new(void) {
    return mem_alloc(sizeof(conduct_t));
}

void conduct_free(conduct_t **self_p) {
    if (!*self_p) return;
    free((*self_p)->record);
    free(*self_p);
    *self_p = NULL;
}

static record_t *find(const conduct_t *self, int64_t key) {
    for (size_t i = 0; i < self->count; i++)
        if (self->record[i].key == key) return &self->record[i];
    return NULL;
}

static void forget(conduct_t *self, int64_t now) {
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        const record_t *r = &self->record[i];
        if (r->full > now || (r->times && r->until + REMEMBERED_MS > now)) self->record[kept++] = *r;
    }
    self->count = kept;
}

static record_t *record_of(conduct_t *self, int64_t key, int64_t now) {
    record_t *r = find(self, key);
    if (r) return r;
    forget(self, now); /* the list is looked through at every message */
    if (self->count == self->room) {
        self->room = self->room ? self->room * 2 : 16;
        self->record = mem_grow(self->record, self->room * sizeof *self->record);
    }
    r = &self->record[self->count++];
    *r = (record_t){.key = key, .full = now};
    return r;
}

int64_t conduct_break(conduct_t *self, int64_t key, size_t bytes, int64_t now) {
    record_t *r = record_of(self, key, now);
    if (r->until > now) return 0;
    if (r->times && r->until + REMEMBERED_MS <= now) r->times = 0;
    if (r->full < now) r->full = now;
    r->full += (int64_t)(1 + bytes / WEIGHT) * FORGIVEN_MS;
    if (r->full - now <= MOST * FORGIVEN_MS) return 0;
    int64_t out = OUT_MS;
    for (int i = 0; i < r->times && out < OUT_MOST; i++)
        out *= 2;
    if (out > OUT_MOST) out = OUT_MOST;
    r->times++;
    r->until = now + out;
    r->full = now;
    return out;
}

int64_t conduct_out(const conduct_t *self, int64_t key, int64_t now) {
    const record_t *r = find(self, key);
    return r && r->until > now ? r->until - now : 0;
}

void conduct_each(const conduct_t *self, int64_t now, void (*each)(void *arg, int64_t key, int64_t left),
                  void *arg) {
    for (size_t i = 0; i < self->count; i++)
        if (self->record[i].until > now) each(arg, self->record[i].key, self->record[i].until - now);
}
