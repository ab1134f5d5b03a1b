/* SPDX-License-Identifier: MPL-2.0 */
/* document.h - a document: reading it and judging it, by the same code at agent and collector (PROTOCOL.md 8). */
#ifndef BC_DOCUMENT_H
#define BC_DOCUMENT_H

#include <jansson.h>

#include "proto/base/hash.h"
#include "proto/base/uuid.h"
#include "proto/plan.h"

#define DOCUMENT_MAX 65536

typedef enum { DOC_ACTIVITY, DOC_PERIOD, DOC_AGGREGATE } doc_kind_t;

/* A document read into its parts. Strings and arrays are borrowed from json. */
typedef struct {
    json_t *json;          /* owned */
    doc_kind_t kind;
    uuid_bc_t id;
    int rev;
    int withdrawn;
    const char *unit, *entered_by, *source;
    const json_t *plans;   /* [{"plan","version"}] */
    day_t from, to;        /* activity; else DAY_NONE */
    const char *calendar, *period; /* period, aggregate; else NULL */
    const json_t *covers;  /* aggregate; else NULL */
    const json_t *activities; /* period; else NULL */
    const json_t *measures;   /* may be NULL */
    hash_t hash;           /* SHA-256 of the bytes */
} document_t;

/* What a document is judged against. */
typedef struct {
    const plans_t *plans;
    day_t today;           /* the reader's civil day */
    int future_refused;    /* collector: 1; the agent's clock may be wrong, so it only warns */
    /* 1 if the sender may act for this unit today, 0 if not, -1 if there is no such unit. */
    int (*may_act)(void *arg, const char *unit);
    /* 1 if the unit existed on that day. NULL: not asked (agent). */
    int (*unit_open)(void *arg, const char *unit, day_t day);
    const char *sender;    /* unit code of the key; entered_by must be it. NULL: not asked */
    void *arg;
    /* Called for each thing that is odd but not refused; NULL: warnings are not wanted. */
    void (*warn)(void *arg, const refusal_t *what);
} judge_t;

/* Reads N bytes (one document without LF) and checks form, sizes, UTF-8, NFC, field types and everything that needs no plan. On success DOC is
 * filled and must be released with document_free. Refusals: those of json_read, "document-large", "document-nfc", "document-lf",
 * "field-missing", "field-type", "field-unknown", "field-range", "text-long", "text-control", "id-bad", "id-derived", "date-bad", "date-order", "reason-missing", "reason-early",
 * "withdrawn-content", "plan-twice", … (PROTOCOL.md 15). */
int document_read(const char *p, size_t n, document_t *doc, refusal_t *why);
void document_free(document_t *doc);

/* Judges a document that was read: units, plans and versions, dates, forms, topics, measures, checks. Refusals: "unit-unknown", "unit-not-granted",
 * "sender-wrong", "unit-closed", "plan-unknown", "plan-version-unknown", "date-future", "date-before-plan", "date-after-plan", "form-unknown", "topic-unknown", "measure-unknown",
 * "measure-missing", "check-failed", "period-unknown", "period-future", "calendar-wrong", … */
int document_judge(const document_t *doc, const judge_t *judge, refusal_t *why);

/* "activity", "period", "aggregate". */
const char *document_kind_name(doc_kind_t kind);
/* The ids that PROTOCOL.md 8 derives from content. REF may be NULL for an aggregate: then the sorted COVERS. */
uuid_bc_t document_period_id(const char *unit, const char *plan, const char *calendar, const char *period);
uuid_bc_t document_aggregate_id(const char *unit, const char *plan, const char *calendar, const char *period, const char *ref, const json_t *covers);
uuid_bc_t document_row_id(const char *unit, const char *plans_joined, const char *ref);

#endif
