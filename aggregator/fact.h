/* SPDX-License-Identifier: MPL-2.0 */
/* fact.h - what one document says, packed: its plans, form, topics, the units it covers or the documents it
 * lists, and its values. A month of a province is some ten thousand of these, read for every summary.
 *
 * Layout (numbers as LEB128): plans (word, version)*, form, days before the last one, code of the joint event
 * (0 none) and then 1 for its host, 2 for a guest, place, topics, covered units, listed documents
 * (id 16, rev 2, SHA-256 32 bytes), values. Words are store.h's numbers. */
#ifndef BC_FACT_H
#define BC_FACT_H

#include "proto/base/hash.h"
#include "proto/base/mem.h"
#include "proto/base/uuid.h"
#include "proto/measure.h"

#define FACT_PLANS 16 /* most plans of a document (PROTOCOL.md 8) */
#define FACT_HOST 1   /* roles in a joint event */
#define FACT_GUEST 2
#define FACT_WHOLE 1u            /* in `scopes`: counts in the whole */
#define FACT_PLAN(i) (2u << (i)) /* in `scopes`: counts in the document's plan number i, from 0 */

typedef struct {
    uint32_t plan;
    uint32_t version;
} fact_plan_t;
typedef struct {
    uuid_bc_t id;
    int rev;
    hash_t sha256;
} fact_listed_t;

/* One value. `union` and `list` have TEXTS texts instead of a number. */
typedef struct {
    uint32_t measure; /* store_measure's number: id, way of adding up and scale */
    uint32_t scopes;  /* FACT_WHOLE, FACT_PLAN(i) */
    uint64_t value, weight;
    uint32_t texts;
    const uint8_t *text_at; /* for fact_text */
} fact_value_t;

/* A fact being read. Everything is borrowed from the bytes given to fact_read. */
typedef struct {
    fact_plan_t plan[FACT_PLANS];
    int plans;
    uint32_t form;
    uint32_t span;     /* an activity's first day is so many before its last */
    uint32_t event;    /* word of the code of a joint event; 0 none */
    int host;          /* of the event; else a guest */
    const char *place; /* not NUL-ended */
    size_t place_len;
    uint32_t topics, covers, listed, values; /* how many there are */
    const uint8_t *topic_at, *cover_at, *listed_at, *value_at, *end;
} fact_t;

/* ---- reading: the bytes are our own, so what does not fit is BC_CORRUPT, and a walk ends there ---- */

int fact_read(const void *p, size_t n, fact_t *out);
/* Each takes the next one at *AT, which starts as a copy of topic_at, cover_at, …; 1 or 0 at the end. The
 * caller counts: he asks `topics` times, and so on. */
int fact_word(const fact_t *self, const uint8_t **at, uint32_t *out); /* topics and covers */
int fact_listed(const fact_t *self, const uint8_t **at, fact_listed_t *out);
int fact_value(const fact_t *self, const uint8_t **at, add_t (*how)(const void *arg, uint32_t measure),
               const void *arg, fact_value_t *out);
/* The next text of a value; *AT starts as its text_at. */
int fact_text(const fact_t *self, const uint8_t **at, const char **text, size_t *n);
/* Which of the fact's plans PLAN is, from 0, or -1. */
int fact_plan(const fact_t *self, uint32_t plan);

/* ---- writing: the caller appends the parts in the order of the layout, each list behind its length ---- */

void fact_put(buf_t *out, uint64_t number);
void fact_put_text(buf_t *out, const char *text, size_t n);
void fact_put_listed(buf_t *out, const fact_listed_t *listed);

#endif
