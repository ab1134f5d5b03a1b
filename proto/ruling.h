/* SPDX-License-Identifier: MPL-2.0 */
/* ruling.h - what staff may decide: the kinds of decision and what each says (PROTOCOL.md 12). The collector
 * checks with it what it takes, the aggregator reads with it what the log holds. */
#ifndef BC_RULING_H
#define BC_RULING_H

#include <jansson.h>

#include "proto/base/clock.h"
#include "proto/base/hash.h"
#include "proto/base/refusal.h"
#include "proto/base/uuid.h"
#include "proto/tree.h"

typedef enum {
    RULING_OVERLAP, /* which counts where an aggregate meets a unit's own documents */
    RULING_EXTEND,  /* a later deadline */
    RULING_RETURN,  /* a document goes back to its unit, with the reason */
    RULING_ACCEPT,  /* staff have looked at a document */
    RULING_CLOSE,   /* the figures of a period as they stood at a position are those that were published */
    RULING_REOPEN,
    RULING_SENT, /* a document with these figures went up */
    RULING_LINK, /* activities are part of another's event, or of none */
    RULING_KINDS
} ruling_kind_t;

/* One ruling. All texts are borrowed from the JSON it was read from; what its kind does not have is NULL, 0
 * or DAY_NONE. */
typedef struct {
    ruling_kind_t kind;
    uuid_bc_t id;                  /* overlap: the aggregate; return, accept: the document; link: the host */
    int alone;                     /* link: there is no host */
    const json_t *guests;          /* link: their ids, as texts */
    int rev;                       /* return, accept */
    const char *choice;            /* overlap: "aggregate" or "own" */
    const char *unit;              /* extend: NULL for all units; close, reopen, sent: whose figures */
    int below;                     /* extend: for all beneath UNIT as well */
    const char *group, *value;     /* extend: those of a group */
    const char *plan;              /* NULL: the whole, over all plans (close, reopen, sent) */
    const char *calendar, *period; /* extend: the plan's own calendar, NULL here */
    day_t day;                     /* extend: until; sent: date of the document */
    const char *reason;            /* extend, return, reopen */
    int64_t position;              /* close: where the figures stood */
    int64_t rules;                 /* close: by which rules they were folded */
    hash_t sha256;                 /* close: of the summary's bytes; sent: of the file, all 0 where none */
    const char *number, *signer, *to; /* sent; TO may be NULL */
} ruling_t;

/* "overlap", "extend", … */
const char *ruling_name(ruling_kind_t kind);
/* Reads the body of a decision of the kind named KIND. BC_REFUSED with WHY "decision-kind" where there
 * is none of this name, "decision-bad" naming the field that is missing or wrong. BODY must outlive OUT. */
int ruling_read(const char *kind, const json_t *body, ruling_t *out, refusal_t *why);
/* 1 if the longer deadline R is for UNIT, by the tree as it stands on DAY. */
int ruling_extends(const ruling_t *r, const tree_t *tree, const unit_t *unit, day_t day);
/* 1 if both are about the figures of the same unit, plan, calendar and period. */
int ruling_same_figures(const ruling_t *a, const ruling_t *b);

#endif
