/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_news.h - what comes down from the collector: plans and notices. */
#ifndef BC_OUTBOX_NEWS_H
#define BC_OUTBOX_NEWS_H

#include "agent/outbox.h"

/* Keeps a plan, N bytes as received; the same version again changes nothing. Refuses what plan_read refuses.
 * Within a transaction. */
int outbox_plan_put(outbox_t *self, const char *p, size_t n, int64_t position, refusal_t *why);

/* Keeps a notice (its body as received); the same position of the same log again changes nothing. */
int outbox_notice_put(outbox_t *self, const char *log, int64_t position, const char *kind, const char *body,
                      int64_t now);
/* The notices, newest first. READ is 1 for those shown before. Non-zero ends the walk and is returned. */
typedef int(notice_fn)(void *arg, const char *kind, const char *body, int64_t received, int read);
int outbox_each_notice(outbox_t *self, notice_fn *each, void *arg);
/* Marks all as shown. */
int outbox_notices_read(outbox_t *self);
int64_t outbox_notices_unread(outbox_t *self);

#endif
