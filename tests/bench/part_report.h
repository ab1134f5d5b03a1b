/* SPDX-License-Identifier: MPL-2.0 */
/* part_report.h - the documents that are measured: activities under plan 160, about 670 bytes each, all
 * different. */
#ifndef BC_BENCH_REPORT_H
#define BC_BENCH_REPORT_H

#include "proto/base/mem.h"

/* Appends one document of UNIT, without LF. */
void report_write(buf_t *out, const char *unit);
/* Removes a store of SQLite with what lies beside it. */
void report_forget(const char *path);

#endif
