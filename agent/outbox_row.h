/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_row.h - what the two files over the table `document` share; for nobody else. */
#ifndef BC_OUTBOX_ROW_H
#define BC_OUTBOX_ROW_H

#include "agent/outbox_document.h"

/* Of the revisions that count or will, the highest; where two have the same one, that which is stored,
 * then the later. What is held or refused does not count. */
#define ROW_RANK(t) "(" #t ".counts * 2 + (" #t ".state = 'stored'))"
#define ROW_COUNTS(t) #t ".state IN ('waiting', 'later', 'stored')"
/* For a row called d: it is that revision, and not a withdrawal. */
#define ROW_IS_LIVE                                                                                          \
    "d.withdrawn = 0 AND " ROW_COUNTS(d) " AND NOT EXISTS (SELECT 1 FROM document o WHERE o.id = d.id"       \
                                         " AND " ROW_COUNTS(o) " AND (" ROW_RANK(o) ", o.row) > (" ROW_RANK( \
                                             d) ", d.row))"

/* The state of this name; KEPT_WAITING for an unknown one. */
kept_state_t row_state(const char *name);

#endif
