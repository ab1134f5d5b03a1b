/* SPDX-License-Identifier: MPL-2.0 */
/* import_row.h - one row of an officer's table as an activity. */
#ifndef BC_IMPORT_ROW_H
#define BC_IMPORT_ROW_H

#include <jansson.h>

#include "agent/columns.h"

/* What rows are read from and by; all borrowed. */
typedef struct {
    const csv_t *csv;
    const columns_t *columns;
    const plans_t *plans;
    const plan_t *usual; /* where a row names no plan; NULL: it must */
} import_table_t;

typedef struct {
    json_t *doc;      /* what the row says, for compose_fill */
    const char *ref;  /* the row's own reference, borrowed from the table; NULL where it has none */
    json_t *warnings; /* [{"code","field","vi","en"}] */
    int column;       /* of the cell that a refusal is about, -1: of none */
} import_row_t;

/* Reads ROW of TABLE. Refuses those of cell.h, "cell-blank", "cell-word", "row-long", "plan-unknown",
 * "plan-which". OUT is freed by import_row_free, after a refusal too. */
int import_row_read(const import_table_t *table, size_t row, import_row_t *out, refusal_t *why);
void import_row_free(import_row_t *row);

/* An element of `warnings`: new JSON. */
json_t *import_row_warning(const refusal_t *what);

#endif
