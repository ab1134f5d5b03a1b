/* SPDX-License-Identifier: MPL-2.0 */
/* job.c - making and freeing jobs. */
#include "collector/job.h"

#include <stdlib.h>

job_t *job_new(job_kind_t kind, zframe_t **from_p) {
    job_t *self = mem_alloc(sizeof *self);
    self->kind = kind;
    if (from_p) {
        self->from = *from_p;
        *from_p = NULL;
    }
    return self;
}

void job_free(job_t **self_p) {
    job_t *self = *self_p;
    if (!self) return;
    zframe_destroy(&self->from);
    if (self->kind == JOB_BATCH) batch_free(&self->batch);
    if (self->kind == JOB_DECISION) free(self->decision.body);
    if (self->kind == JOB_CTL) {
        free(self->ctl.request);
        free(self->ctl.reply);
        json_decref(self->ctl.live);
    }
    free(self);
    *self_p = NULL;
}
