/* SPDX-License-Identifier: MPL-2.0 */
/* feed.h - one consumer's place in the log, and the ENTRIES that are sent to it (PROTOCOL.md 6).
 *
 * What is sent and not committed yet is bounded by the consumer's window, in bytes of bodies. */
#ifndef BC_FEED_H
#define BC_FEED_H

#include <jansson.h>

#include "collector/queue.h"
#include "proto/frame.h"

typedef struct feed feed_t;

/* A feed from the header of SUBSCRIBE (borrowed). NULL with WHY: "version-unsupported", "header-bad",
 * "log-forked" where its position and chain do not stand in this log; or a stop that was logged, as
 * "log-broken". */
feed_t *feed_open(queue_t *reader, const json_t *header, refusal_t *why);
void feed_free(feed_t **self_p);

/* COMMIT: everything up to a position is in the consumer's store. Refuses "header-bad", "log-forked". */
int feed_commit(feed_t *self, queue_t *reader, const json_t *header, refusal_t *why);
/* Position of the last commit. */
int64_t feed_committed(const feed_t *self);

/* 1 if something is to be sent now: an entry up to HEAD within the window, or the first answer. */
int feed_due(const feed_t *self, int64_t head);
/* Makes the next ENTRIES: HEADER and BODY are appended to empty buffers. 0; BC_CORRUPT with WHY "log-broken".
 * What was made counts as sent only after feed_sent. */
int feed_next(feed_t *self, queue_t *reader, buf_t *header, buf_t *body, refusal_t *why);
void feed_sent(feed_t *self);

#endif
