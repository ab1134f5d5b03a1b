/* SPDX-License-Identifier: MPL-2.0 */
/* job.h - one thing the keeper does for intake. A job belongs to whoever holds its pointer: intake makes it,
 * the keeper fills in what became of it, intake answers and frees it. */
#ifndef BC_JOB_H
#define BC_JOB_H

#include "collector/batch.h"
#include "collector/enrol.h"

typedef enum {
    JOB_BATCH,    /* documents */
    JOB_ENROL,    /* a code becomes a key */
    JOB_DECISION, /* of staff, by a consumer */
    JOB_CURSOR,   /* how far a consumer is; nobody waits for it */
    JOB_CTL,      /* a command line */
    JOB_STOP      /* ends the thread */
} job_kind_t;

typedef struct {
    uuid_bc_t uuid;
    char person[101];
    char consumer[33];
    int64_t key, received;
    char *body; /* owned */
    /* out: */
    int rc; /* 0, BC_CONFLICT, or BC_REFUSED with why */
    refusal_t why;
    int64_t position;
} decision_t;

typedef struct {
    char consumer[33];
    int64_t position, now;
} cursor_t;

typedef struct {
    char *request; /* owned */
    json_t *live;  /* owned: admin_t.live */
    /* out: */
    char *reply; /* owned */
} command_line_t;

typedef struct {
    enrol_request_t request;
    int64_t now;
    enrol_result_t result; /* out */
} enrolment_t;

typedef struct {
    job_kind_t kind;
    zframe_t *from;  /* where to answer; owned; NULL for nobody */
    int64_t session; /* batch: number of the session it came by */
    int64_t due;     /* batch: monotonic ms at which it may be answered; 0: at once */
    int changed;     /* out: REGISTRY_… parts to reload before answering */
    union {
        batch_t *batch; /* owned */
        enrolment_t enrol;
        decision_t decision;
        cursor_t cursor;
        command_line_t ctl;
    };
} job_t;

/* New job that answers to *FROM_P (taken and cleared; NULL: to nobody). */
job_t *job_new(job_kind_t kind, zframe_t **from_p);
void job_free(job_t **self_p);

#endif
