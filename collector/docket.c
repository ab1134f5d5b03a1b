/* SPDX-License-Identifier: MPL-2.0 */
/* docket.c - lanes of batches, served in turn. */
#include "collector/docket.h"

#include <stdlib.h>

#include "proto/base/clock.h"
#include "proto/base/mem.h"

#define SLICE_US 250 /* of one lane before the others get their turn */

typedef struct {
    int64_t key;
    zlist_t *jobs; /* the oldest first; never empty */
} lane_t;

struct docket {
    zlist_t *lanes; /* the next to be served first */
    size_t size;
};

/* Memory that czmq did not get. */
static zlist_t *list_new(void) {
    zlist_t *list = zlist_new();
    if (!list) abort();
    return list;
}

static void append(zlist_t *list, void *what) {
    if (zlist_append(list, what)) abort();
}

docket_t *docket_new(void) {
    docket_t *self = mem_alloc(sizeof *self);
    self->lanes = list_new();
    return self;
}

static void lane_free(lane_t *lane) {
    for (job_t *job; (job = zlist_pop(lane->jobs));)
        job_free(&job);
    zlist_destroy(&lane->jobs);
    free(lane);
}

void docket_free(docket_t **self_p) {
    docket_t *self = *self_p;
    if (!self) return;
    for (lane_t *lane; (lane = zlist_pop(self->lanes));)
        lane_free(lane);
    zlist_destroy(&self->lanes);
    free(self);
    *self_p = NULL;
}

static lane_t *lane_of(docket_t *self, int64_t key) {
    for (lane_t *lane = zlist_first(self->lanes); lane; lane = zlist_next(self->lanes))
        if (lane->key == key) return lane;
    lane_t *lane = mem_alloc(sizeof *lane);
    lane->key = key;
    lane->jobs = list_new();
    append(self->lanes, lane);
    return lane;
}

void docket_add(docket_t *self, job_t **job_p) {
    append(lane_of(self, batch_key((*job_p)->batch))->jobs, *job_p);
    self->size++;
    *job_p = NULL;
}

/* Behind the others; where nothing waits in it, it ends. */
static void put_back(docket_t *self, lane_t *lane) {
    if (zlist_size(lane->jobs))
        append(self->lanes, lane);
    else
        lane_free(lane);
}

job_t *docket_next(docket_t *self, const registry_t *registry, int64_t until) {
    for (int64_t now; zlist_size(self->lanes) && (now = clock_mono_us()) < until;) {
        lane_t *lane = zlist_pop(self->lanes);
        job_t *job = zlist_first(lane->jobs);
        int done = batch_judge(job->batch, registry, now + SLICE_US);
        if (done) zlist_pop(lane->jobs);
        put_back(self, lane);
        if (!done) continue;
        self->size--;
        return job;
    }
    return NULL;
}

size_t docket_size(const docket_t *self) {
    return self->size;
}
