/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_document.h - the documents of the outbox: each revision, its state, its receipts. */
#ifndef BC_OUTBOX_DOCUMENT_H
#define BC_OUTBOX_DOCUMENT_H

#include "agent/outbox.h"
#include "proto/document.h"
#include "proto/receipt.h"

typedef enum {
    KEPT_WAITING, /* to be sent */
    KEPT_LATER,   /* the collector asked to be asked again, not before `not_before` */
    KEPT_HELD,    /* somebody there must decide; asked again at each connection */
    KEPT_REFUSED, /* will never be taken as it is */
    KEPT_STORED   /* there is a receipt */
} kept_state_t;

/* One revision of a document. */
typedef struct {
    int64_t row;    /* grows in the order of entering */
    int64_t no;     /* the number people use; one for all revisions of a document */
    int64_t number; /* the outbox's; 0: entered on another computer */
    int rev;        /* as it stands in the document */
    int counts;     /* revision under which it counts: rev, or another where it was held and released */
    int withdrawn;
    kept_state_t state;
    day_t day;                         /* last day of an activity, else DAY_NONE */
    int64_t made, changed, not_before; /* ms; changed: when the last verdict came */
    hash_t sha256;
    size_t len;
    const char *bytes, *id, *kind, *unit;
    const char *title;  /* "" where there is none */
    const char *plans;  /* each number between two 0x1F */
    const char *period; /* "" for an activity */
    refusal_t why;      /* of later, held, refused */
    int owned;          /* the strings are its own (kept_free), not the walk's */
} kept_t;

/* Non-zero ends the walk and is returned. KEPT is borrowed. */
typedef int(kept_fn)(void *arg, const kept_t *kept);

/* "waiting", "later", "held", "refused", "stored": as in the table and in --json. */
const char *kept_state_name(kept_state_t state);
/* The same for people. */
const char *kept_state_label(kept_state_t state, lang_t lang);
/* A copy with strings of its own, to be freed; and freeing what outbox_find and its like filled. */
void kept_copy(const kept_t *kept, kept_t *out);
void kept_free(kept_t *kept);

/* Adds a document that was judged: waiting, with the next number. BYTES are kept as they are. *NO becomes its
 * number for people. BC_CONFLICT where the very same revision is there. Within a transaction. */
int outbox_add(outbox_t *self, const document_t *doc, const char *bytes, size_t n, int64_t now, int64_t *no);
/* Adds a document that another computer of the unit sent, with its receipt (parsed, and as kept); where the
 * same bytes are here already, only the receipt. Within a transaction. */
int outbox_learn(outbox_t *self, const document_t *doc, const char *bytes, size_t n, const receipt_t *receipt,
                 const char *kept_receipt, int64_t now);

/* The newest revision of the document that people call WORD: its number, or the beginning of its id (4
 * characters at least). Refuses "document-none", "document-many". OUT is the caller's, see kept_free. */
int outbox_find(outbox_t *self, const char *word, kept_t *out, refusal_t *why);
/* The newest revision of this id, and the newest that has content; BC_NOTFOUND. */
int outbox_newest(outbox_t *self, const char *id, kept_t *out);
int outbox_content(outbox_t *self, const char *id, kept_t *out);
/* The greatest revision of this id, as it stands or as it counts; 0 where there is none. */
int outbox_revision(outbox_t *self, const char *id);
/* The number of a live activity of the same unit, form, days and figures under another id; 0: none. */
int64_t outbox_alike(outbox_t *self, const document_t *doc);

/* The newest revision of every document, by number. */
int outbox_each(outbox_t *self, kept_fn *each, void *arg);
/* Every revision of one document, oldest first. */
int outbox_each_revision(outbox_t *self, const char *id, kept_fn *each, void *arg);
/* The live activities of UNIT in PLAN whose last day lies in PERIOD, in order of day: what counts, or will
 * once it is sent. */
int outbox_each_live(outbox_t *self, const char *unit, const char *plan, const period_t *period,
                     kept_fn *each, void *arg);
/* The collector never asks for a longer wait (PROTOCOL.md 3), in ms. A time further off was written while
 * this computer's clock stood wrong. */
#define OUTBOX_WAIT_MOST 900000
/* What is to be sent at NOW, behind row AFTER, in order of entering: waiting, later whose time has come, and
 * held where HELD. */
int outbox_each_due(outbox_t *self, int64_t after, int held, int64_t now, kept_fn *each, void *arg);

/* The collector's verdict on a row. Within a transaction. */
int outbox_stored(outbox_t *self, int64_t row, const receipt_t *receipt, const char *kept_receipt,
                  int64_t now);
int outbox_verdict(outbox_t *self, int64_t row, kept_state_t state, const refusal_t *why, int64_t not_before,
                   int64_t now);
/* The kept receipt of a row: the newest, or the one of the earliest reception where FIRST. New string, NULL
 * where there is none. */
char *outbox_receipt(outbox_t *self, int64_t row, int first);

/* How many rows are in which state. */
typedef struct {
    int64_t state[KEPT_STORED + 1];
    int64_t oldest; /* when the oldest that waits was entered, 0 where none does */
    int64_t due;    /* the earliest not_before of what is later, 0 where none is */
} outbox_counts_t;

int outbox_counts(outbox_t *self, outbox_counts_t *out);
/* Rows in the states waiting, later and held: what the collector still has to answer. */
int64_t outbox_unanswered(const outbox_counts_t *counts);

#endif
