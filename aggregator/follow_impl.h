/* SPDX-License-Identifier: MPL-2.0 */
/* follow_impl.h - what follow.c and follow_entries.c share; for nobody else. */
#ifndef BC_FOLLOW_IMPL_H
#define BC_FOLLOW_IMPL_H

#include "aggregator/follow.h"
#include "proto/frame.h"
#include "proto/line.h"

typedef enum {
    FOLLOW_RESTING, /* no line; the next attempt at `due` */
    FOLLOW_ASKING,  /* SUBSCRIBE was sent; an answer is due by `due` */
    FOLLOW_OPEN     /* it was answered; asked again at `due` where nothing comes */
} follow_state_t;

struct follow {
    char *dir;
    peer_t peer;
    store_t *store;
    fold_t *fold;
    follow_state_t state;
    line_t *line;
    int64_t due; /* clock_mono_ms */
    int64_t patience, backoff, window;
    int64_t limit, head;
    int greeted; /* the head was told once */
    int failures, try_successor;
    int keys_changed; /* the collector's, and not kept in the file yet */
    int keys_said;    /* that they could not be kept */
    refusal_t trouble;
};

/* The collector was heard: the line is good. */
void follow_heard(follow_t *f);
/* Gives the line up because of f->trouble and sets the time of the next attempt. */
void follow_fail(follow_t *f);
/* Takes all that has come, folds and commits it. As follow_tick. */
int follow_take(follow_t *f, refusal_t *why);

#endif
