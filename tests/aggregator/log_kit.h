/* SPDX-License-Identifier: MPL-2.0 */
/* log_kit.h - a log made in memory: headers, bodies and chain as a collector would write them. */
#ifndef BC_LOG_KIT_H
#define BC_LOG_KIT_H

#include "aggregator/fold.h"
#include "aggregator/summary.h"

typedef struct {
    char *header, *body; /* body NULL: redacted */
    size_t header_len, body_len;
    hash_t chain;
} kit_entry_t;

typedef struct {
    char log[LOG_ID];
    kit_entry_t *list;
    size_t count;
    int64_t now; /* received, ms; each entry comes one second after the one before */
} kit_t;

/* A log with its first entry, on 1 November 2024. */
kit_t *kit_new(void);
void kit_free(kit_t **self_p);
/* From here on entries are received at 08:00 +07:00 of this day. */
void kit_day(kit_t *self, const char *iso);

/* Each appends one entry and returns its position. */
int64_t kit_unit(kit_t *self, const char *code, const char *kind, const char *parent);
int64_t kit_record(kit_t *self, const char *record); /* a whole unit record */
int64_t kit_plan(kit_t *self, const char *json);
/* The plan of these tests: "1/KH", every way of adding up, reported by month. */
int64_t kit_test_plan(kit_t *self, const char *number, int version);
int64_t kit_document(kit_t *self, const char *unit, const char *id, int rev, const char *json);
int64_t kit_decide(kit_t *self, const char *aggregate, const char *choice);
int64_t kit_decision(kit_t *self, const char *kind, const char *decision); /* the body as JSON */
int64_t kit_redact(kit_t *self, int64_t position); /* also takes the body out of the log */
int64_t kit_other(kit_t *self, const char *kind, const char *json);

/* Documents, made and appended. IDs are "a1" and so on: one letter and number, for kit_id. */
int64_t kit_activity(kit_t *self, const char *unit, const char *id, int rev, const char *day,
                     const char *measures);
int64_t kit_activity_of(kit_t *self, const char *unit, const char *id, int rev, const char *day,
                        const char *plans, const char *form, const char *topics, const char *measures);
int64_t kit_withdraw(kit_t *self, const char *unit, const char *id, int rev);
/* Lists the documents at these positions (0 ends the list). MEASURES may be NULL. */
int64_t kit_period(kit_t *self, const char *unit, const char *id, int rev, const char *period,
                   const char *measures, const int64_t *positions);
int64_t kit_aggregate(kit_t *self, const char *unit, const char *id, int rev, const char *period,
                      const char *covers, const char *measures);
/* The UUID for a short id; OUT is returned. */
const char *kit_id(const char *id, char out[static UUID_TEXT]);

/* Folds the entries up to UPTO (0: all) into STORE, committing after every BATCH. */
void kit_fold(const kit_t *self, store_t *store, int64_t upto, size_t batch);
/* A fresh store with everything folded; PATH must not be there. */
store_t *kit_store(const kit_t *self, const char *path, int64_t upto, size_t batch);
/* The summary's bytes; PLAN NULL: the whole. Caller frees. */
char *kit_summary(store_t *store, const char *unit, const char *plan, const char *period, int64_t as_of);
char *kit_answer(store_t *store, const question_t *q, int64_t as_of);
/* The same as JSON, without the chain. Caller frees. */
json_t *kit_ask(store_t *store, const char *unit, const char *plan, const char *period, int64_t as_of);
/* The integer at a path like "measures.sum_a.value" or "children.0.activities"; -1 where there is none. */
int64_t kit_int(const json_t *j, const char *path);
const char *kit_text(const json_t *j, const char *path); /* "" where there is none */

#endif
