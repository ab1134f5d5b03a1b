/* SPDX-License-Identifier: MPL-2.0 */
/* intake_impl.h - what the intake_*.c files share; for nobody else. */
#ifndef BC_INTAKE_IMPL_H
#define BC_INTAKE_IMPL_H

#include "collector/conduct.h"
#include "collector/docket.h"
#include "collector/gate.h"
#include "collector/intake.h"
#include "collector/keeper.h"
#include "collector/session.h"
#include "collector/unread.h"
#include "proto/base/version.h"

#define INTAKE_SKEW 300000 /* ms: clocks further off are shown (PROTOCOL.md 4, HELLO) */

struct intake {
    char *dir;
    const conf_t *conf;
    gate_t *gate;
    zsock_t *documents, *enrol, *ctl;
    zlist_t *put_off; /* jobs that are answered when they are due */
    int64_t due;      /* the earliest of them; 0: none */
    docket_t *docket; /* read, and not judged yet */
    keeper_t *keeper;
    queue_t *reader;
    registry_t *registry;
    sessions_t *sessions;
    conduct_t *conduct;
    unread_t *unread;
    int hung_up; /* the connection that was ended last, -1 none: what was read ahead of it still comes */
    purse_t purse;
    stats_t stats;
    sign_pair_t sign;
    char sign_hex[65];
    int64_t under_way; /* bytes of documents taken and not answered, those of ended sessions too */
    head_t head;       /* log id; position and chain as they were last asked for */
    int64_t received;  /* newest instant given to a document: it never runs backwards */
    int64_t started;   /* ms */
    int64_t lapsed;    /* monotonic ms of the last look for windows nobody uses */
    int64_t looked;    /* monotonic ms of the last look at what connections brought */
    int64_t ticked;    /* monotonic ms of the last tick */
    int documents_port, enrol_port;
    int signals; /* -1: none */
    int draining, disk_low;
    buf_t out, body; /* of the message being made */
};

/* A message on the documents port, from a key that may speak. */
typedef struct {
    frame_t *frame;
    const access_key_t *key;
    uint32_t peer;
    session_t *session; /* NULL before HELLO or SUBSCRIBE */
} said_t;

/* Handlers of commands: BC_REFUSED with WHY is answered by the caller, with *BATCH where it is set. */
int intake_hello(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_take_documents(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_ping(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_bye(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_subscribe(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_commit(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
int intake_decision(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);

/* The sender of F broke a rule of PROTOCOL.md 3 "Conduct": it is put out where that was one too many. BYTES:
 * what it weighs. */
void intake_rule_broken(intake_t *self, const frame_t *f, size_t bytes);
/* Answers a job that came back and frees it, now or when it is due. */
void intake_answer(intake_t *self, job_t **job_p);
/* Answers what is due by now. */
void intake_answer_due(intake_t *self);
/* Takes one waiting request to enrol, or one command line: 1; 0 where there is none. */
int intake_take_enrol(intake_t *self);
int intake_take_ctl(intake_t *self);

/* A new window for a session: grants from the purse, or nothing while draining or short of disk. */
credit_t intake_credit(intake_t *self, session_t *s);
/* Sends one ENTRIES to each consumer that may have one; 1 where some could be sent more at once. */
int intake_feed(intake_t *self);
/* Now for the log and for the dates of keys, which were made by it: the clock, but never less than before. A
 * clock that is set back would else shut out whoever was enrolled since. */
int64_t intake_received(intake_t *self);

#endif
