/* SPDX-License-Identifier: MPL-2.0 */
/* document.h - a document: reading it and judging it, by the same code at agent and collector (PROTOCOL.md
 * 8). */
#ifndef BC_DOCUMENT_H
#define BC_DOCUMENT_H

#include <jansson.h>

#include "proto/base/hash.h"
#include "proto/base/uuid.h"
#include "proto/plan.h"

#define DOCUMENT_MAX 65536
#define DOCUMENT_WEIGHT 8192 /* commas and opening brackets outside of texts (PROTOCOL.md 14) */

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

/* Reads N bytes (one document without LF) and checks form, sizes, UTF-8, NFC, field types and everything
 * that needs no plan. On success DOC is filled and must be released with document_free. Refusals: those of
 * json_read, "document-large", "document-values", "document-nfc", "document-lf", "field-missing",
 * "field-type", "field-unknown", "field-range", "text-long", "text-control", "id-bad", "id-derived",
 * "date-bad", "date-order", "reason-missing", "reason-early", "withdrawn-content", "plan-twice", …
 * (PROTOCOL.md 15). */
int document_read(const char *p, size_t n, document_t *doc, refusal_t *why);
void document_free(document_t *doc);

/* "activity", "period", "aggregate". */
const char *document_kind_name(doc_kind_t kind);
/* The ids that PROTOCOL.md 8 derives from content. REF may be NULL for an aggregate: then the sorted
 * COVERS. */
uuid_bc_t document_period_id(const char *unit, const char *plan, const char *calendar, const char *period);
uuid_bc_t document_aggregate_id(const char *unit, const char *plan, const char *calendar, const char *period,
                                const char *ref, const json_t *covers);
uuid_bc_t document_row_id(const char *unit, const char *plans_joined, const char *ref);

#include "proto/judge.h"

#endif
