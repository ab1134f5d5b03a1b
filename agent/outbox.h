/* SPDX-License-Identifier: MPL-2.0 */
/* outbox.h - the agent's store, DIR/outbox.db: everything this unit has entered, and what the collector
 * said about it.
 *
 * Nothing is ever deleted: after a restore of the collector the fleet of outboxes is what it is repaired
 * from, so what was sent is kept with its receipts (PROTOCOL.md 1.3).
 *
 * Changes happen between outbox_begin and outbox_commit; outbox_commit returning 0 means on disk. After any
 * rc_stop() result the program stops. One thread. The other parts of the store: outbox_document.h,
 * outbox_news.h. */
#ifndef BC_OUTBOX_H
#define BC_OUTBOX_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/db.h"
#include "proto/base/refusal.h"
#include "proto/plan.h"

typedef struct outbox outbox_t;

/* Opens DIR/outbox.db, made with a random outbox id where there is none, and reads the plans it keeps. NULL
 * with WHY: those of db_open and plan_read. */
outbox_t *outbox_open(const char *dir, refusal_t *why);
void outbox_close(outbox_t **self_p);

int outbox_begin(outbox_t *self);
int outbox_commit(outbox_t *self);
void outbox_rollback(outbox_t *self);

/* ---- facts: what the collector and the enrolment told ----
 *
 * Of the enrolment: "unit", "name", "key" (serial), "key_file", "endpoint" (of the documents), "server",
 * "successor" (hex64). Of WELCOME: "log", "sign" (hex64), "grants" (JSON), "skew" (ms). "news": how far the
 * log was looked through. Of the courier: "contact", "error_at" (ms), "error_code", "error_vi" and
 * "error_en". */

/* New string, NULL where unknown. */
char *outbox_fact(outbox_t *self, const char *name);
int64_t outbox_fact_int(outbox_t *self, const char *name, int64_t def);
/* VALUE NULL forgets it. 0 or a stop. */
int outbox_fact_put(outbox_t *self, const char *name, const char *value);
int outbox_fact_put_int(outbox_t *self, const char *name, int64_t value);

/* ---- who this outbox is ---- */

/* Its id (hex32), as HELLO tells it; new string. */
char *outbox_id(outbox_t *self);
/* The number it will give next. A number belongs to a document and revision and is given in the transaction
 * that adds it, so every number ever sent is below this one. */
int64_t outbox_next(outbox_t *self);
/* Gives a row of the table `document` the next number under the present id. */
int outbox_number(outbox_t *self, int64_t row);
/* It met its own future: it is a clone, or came back from a backup. A new id; what has no receipt is numbered
 * anew under it and waits to be sent again, and the news are looked through from the beginning. Within a
 * transaction. */
int outbox_renew(outbox_t *self);
/* The collector's log is LOG with ANCESTORS (as in WELCOME, borrowed). What has no receipt that LOG still
 * covers waits to be sent again; its earlier receipts are kept. *COUNT of them. Within a transaction. */
int outbox_reclaim(outbox_t *self, const char *log, const json_t *ancestors, int64_t *count);

/* The collector knows the numbers of this outbox up to HIGHEST. What was stored under a higher one stood
 * in a log that has been put back since, and waits to be sent again. *COUNT of them. Within a
 * transaction. */
int outbox_reclaim_above(outbox_t *self, int64_t highest, int64_t *count);

/* The furthest position in LOG that a receipt names; 0 where there is none. */
int64_t outbox_furthest(outbox_t *self, const char *log);

/* For the other files of the store. */
db_t *outbox_db(outbox_t *self);
/* The plans it keeps; borrowed, changed by outbox_plan_put. */
plans_t *outbox_plans(outbox_t *self);

#endif
