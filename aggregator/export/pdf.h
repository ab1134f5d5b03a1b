/* SPDX-License-Identifier: MPL-2.0 */
/* pdf.h - a paper as it is printed: A4 by the template, embedded fonts, a chart, page numbers from the
 * second page. */
#ifndef BC_PDF_H
#define BC_PDF_H

#include <jansson.h>

#include "proto/base/mem.h"
#include "proto/base/progress.h"
#include "proto/base/refusal.h"

/* Appends the file's bytes to OUT; PROGRESS (may be NULL) is told of each page. BC_REFUSED with WHY: "font-
 * missing" where no font of the metrics of the template's is installed (Debian: fonts-liberation2),
 * "document-failed". */
int pdf_write(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why);

#endif
