/* SPDX-License-Identifier: MPL-2.0 */
/* csv.h - a summary as one long table for a spreadsheet: a row for each figure of each table, each text and
 * each unit of the board, to be filtered and pivoted. */
#ifndef BC_EXPORT_CSV_H
#define BC_EXPORT_CSV_H

#include "aggregator/export/label.h"

/* Appends the table. */
void export_csv(const shown_t *shown, buf_t *out);

#endif
