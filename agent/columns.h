/* SPDX-License-Identifier: MPL-2.0 */
/* columns.h - what each column of an officer's table means, told by its head. */
#ifndef BC_COLUMNS_H
#define BC_COLUMNS_H

#include "proto/base/csv.h"
#include "proto/plan.h"

typedef enum {
    COLUMN_NONE, /* neither head nor cells, or the row's number: STT */
    COLUMN_NOTE, /* known and left out: Ghi chú */
    COLUMN_UNIT,
    COLUMN_PLANS,
    COLUMN_DATE,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_FORM,
    COLUMN_TOPICS,
    COLUMN_DOCUMENTS,
    COLUMN_INTEGRATED,
    COLUMN_TITLE,
    COLUMN_PLACE,
    COLUMN_EVENT,
    COLUMN_ROLE,
    COLUMN_REF,
    COLUMN_SOURCE,
    COLUMN_ARRIVED,
    COLUMN_EVIDENCE,
    COLUMN_MEASURE, /* a measure of a plan, by id or label */
    COLUMN_WEIGHT /* the weight of a measure that is an average: "ID.weight", "LABEL (số người được tính)" */
} column_kind_t;

typedef struct {
    column_kind_t kind;
    const measure_t *measure; /* borrowed from the plans */
} column_t;

typedef struct columns columns_t;

/* Reads the heads of CSV (borrowed). Heads are compared folded, in Vietnamese or English; measures are those
 * of the newest version of each plan, PLAN first (NULL: none is preferred). NULL with WHY "column-unknown"
 * (with the nearest head), "column-twice", "column-missing" (form, date, or any measure). */
columns_t *columns_read(const csv_t *csv, const plans_t *plans, const plan_t *plan, refusal_t *why);
void columns_free(columns_t **self_p);

column_t columns_at(const columns_t *self, size_t column);
/* The column of this kind, -1 where there is none. */
int columns_of(const columns_t *self, column_kind_t kind);
/* The column a refusal's FIELD speaks of ("to", "measures.attendances", a measure's id …), -1 where none
 * does. */
int columns_of_field(const columns_t *self, const char *field);
/* As a spreadsheet calls it: 0 is "A", 26 "AA"; returns OUT. */
char *columns_letter(size_t column, char out[static 8]);

#endif
