/* SPDX-License-Identifier: MPL-2.0 */
/* courier_impl.h - what the files of the courier share; for nobody else. */
#ifndef BC_COURIER_IMPL_H
#define BC_COURIER_IMPL_H

#include "agent/courier.h"
#include "agent/outbox_document.h"
#include "proto/credit.h"
#include "proto/frame.h"
#include "proto/line.h"

/* One line of a batch: which row was sent, and what its receipt must say. */
typedef struct {
    int64_t row, number;
    char id[UUID_TEXT];
    hash_t sha256;
} sent_t;

/* One DOCUMENTS without an answer. */
typedef struct batch {
    struct batch *next;
    int64_t number, bytes;
    size_t count;
    sent_t sent[];
} batch_t;

struct courier {
    outbox_t *outbox;
    courier_times_t times;
    curve_pair_t pair;
    uint8_t server[32], successor[32]; /* the collector's two keys */
    int try_successor;                 /* this attempt is made with the second */
    char *endpoint;

    courier_state_t state;
    line_t *line;
    int failures;
    int greet;          /* HELLO is to be sent again */
    int in_transaction; /* this turn has changed the outbox */
    int64_t wake;       /* resting: when to connect */
    int64_t called;     /* when the line was opened */
    int64_t deadline;   /* by when an answer must come, 0 where none is due */
    refusal_t trouble;  /* why the turn found the connection useless; code "" where it did not */

    /* While connected. */
    uint8_t sign[32];
    char log[LOG_ID];
    credit_t credit;
    batch_t *batches;
    int64_t batch_last, documents, bytes; /* number given last; how much is unanswered */
    int64_t cursor;                       /* rows up to here were sent in this pass */
    int held;                             /* this pass asks for what is held, too */
    int drained;                          /* the pass came to its end */
    int64_t again;                        /* when to begin a new pass for what is later, 0: none */
    int pinging;
    int64_t ping_at, news, head;
    int64_t idle_since;
    int64_t verdicts;
};

/* Opens the turn's transaction, once. */
int courier_begin(courier_t *c);
/* An answer is due now. */
void courier_expect(courier_t *c);
/* Finds the connection useless: the turn will end it. Returns BC_AGAIN. */
int courier_give_up(courier_t *c, const refusal_t *why);
/* For a message that no collector sends. Returns BC_AGAIN. */
int courier_nonsense(courier_t *c, const char *what);
/* Asks for another WELCOME on the same line, once what this turn changed is on disk. */
int courier_greet_again(courier_t *c);
/* WELCOME was good. */
void courier_opened(courier_t *c);
/* Takes the window in HEADER; where it is closed, the next PING is due after the wait. */
void courier_take_credit(courier_t *c, const json_t *header);
/* The collector has answered sensibly: forgets failures, remembers when. */
int courier_contact(courier_t *c);

/* courier_send.c */
int courier_send_due(courier_t *c);
int courier_receipt(courier_t *c, const frame_t *f);
void courier_forget_batches(courier_t *c);

/* courier_news.c */
int courier_welcome(courier_t *c, const frame_t *f);
int courier_pong(courier_t *c, const frame_t *f);
int courier_plan(courier_t *c, const frame_t *f);
int courier_notice(courier_t *c, const frame_t *f);
int courier_ping(courier_t *c);

#endif
