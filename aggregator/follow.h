/* SPDX-License-Identifier: MPL-2.0 */
/* follow.h - following the collector's log: SUBSCRIBE, ENTRIES, COMMIT (PROTOCOL.md 6).
 *
 * What an entry changes and the cursor that says it was read commit together, many entries at a time; only
 * then is COMMIT sent. Whatever goes wrong on the line, the next attempt begins at the cursor. It never gives
 * up, but where going on would hide something: a log that forked, a chain that breaks, a revoked key. */
#ifndef BC_FOLLOW_H
#define BC_FOLLOW_H

#include "aggregator/fold.h"
#include "aggregator/peer.h"
#include "proto/base/conf.h"
#include "proto/base/progress.h"

#include <czmq.h>

typedef struct follow follow_t;

/* Follows for the data directory DIR into STORE, which must outlive it, as PEER (copied). CONF: "follow/…".
 * NULL with WHY where the store can not be read. */
follow_t *follow_new(const char *dir, const peer_t *peer, const conf_t *conf, store_t *store, refusal_t *why);
void follow_free(follow_t **self_p);
/* Folds nothing behind this position; 0, the default: no end. */
void follow_limit(follow_t *self, int64_t position);

/* Does all that is due and returns without waiting: takes what has come, folds and commits it, connects
 * again. 0; BC_REFUSED with WHY where the program should end: "log-forked" (kept in the store),
 * "key-revoked", "consumer-only", "log-broken"; or a stop. */
int follow_tick(follow_t *self, refusal_t *why);
/* Waits until a tick is worth while, at most MS; also for the descriptor FD (-1: none) and the socket OTHER
 * (may be NULL). */
void follow_wait(follow_t *self, int fd, zsock_t *other, int64_t ms);

/* 1 when the collector has said where its head is and all up to there (or the limit) is committed. */
int follow_done(const follow_t *self);
int64_t follow_head(const follow_t *self); /* as last told; 0 before that */
/* What stands in the way just now; code "" while nothing does. */
const refusal_t *follow_trouble(const follow_t *self);

/* Ticks until follow_done, for command lines: BC_AGAIN with WHY (the trouble) when nothing moved for
 * WAIT_MS. SIGNALS (signals_open, -1: none): BC_AGAIN with "interrupted" when one came. PROGRESS (may be
 * NULL) is told of each position. */
int follow_until_done(follow_t *self, int signals, int64_t wait_ms, progress_t *progress, refusal_t *why);

#endif
