/* SPDX-License-Identifier: MPL-2.0 */
/* paper_csv.h - all tables of a paper below each other, as a spreadsheet in Vietnam opens them
 * (base/csv.h). */
#ifndef BC_PAPER_CSV_H
#define BC_PAPER_CSV_H

#include <jansson.h>

#include "proto/base/mem.h"

/* Appends the tables: the title on a line, the heads, the rows, a blank line. */
void paper_csv(const json_t *paper, buf_t *out);

#endif
