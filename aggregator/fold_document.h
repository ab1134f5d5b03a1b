/* SPDX-License-Identifier: MPL-2.0 */
/* fold_document.h - reading a document of the log into a row and a packed fact. */
#ifndef BC_FOLD_DOCUMENT_H
#define BC_FOLD_DOCUMENT_H

#include "aggregator/defs.h"

/* Fills kind, days and period of ROW and appends the fact to FACT. PERIOD (caller's, at least 80 bytes) holds
 * what row->period points at. What the collector let in fits; what does not fit all the same becomes
 * ROW_UNREAD. 0 or a stop. */
int fold_document(const defs_t *defs, store_t *store, const void *body, size_t n, row_t *row, buf_t *fact,
                  char period[static 80]);

#endif
