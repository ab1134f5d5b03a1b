/* SPDX-License-Identifier: MPL-2.0 */
/* xlsx.h - all tables of a paper as a workbook: a sheet each with real numbers, a frozen head and a
 * filter, and one with the chart. */
#ifndef BC_XLSX_H
#define BC_XLSX_H

#include <jansson.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

/* Appends the file's bytes to OUT. BC_REFUSED with WHY "document-failed". */
int xlsx_write(const json_t *paper, buf_t *out, refusal_t *why);

#endif
