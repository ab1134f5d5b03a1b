/* SPDX-License-Identifier: MPL-2.0 */
/* unit_csv.h - the list of units as people keep it in a spreadsheet (PROTOCOL.md 10), turned into unit
 * records.
 *
 * Each row is laid over the record known of that unit, so that a row that says what is known adds
 * nothing. A column that is missing keeps what is known; a blank cell in a column that is there says
 * "none". */
#ifndef BC_UNIT_CSV_H
#define BC_UNIT_CSV_H

#include <jansson.h>

#include "proto/tree.h"

/* Reads N bytes against the units in TREE, which gets the changed ones put in. New JSON:
 *   changes   [{"row","unit","new":bool,"fields":[names of what changed],"record":{…}}]
 *   same      how many rows say what is known
 *   problems  [{"row","column","code","vi","en"}]: while there is one, nothing may be stored
 *   notes     [{"row","vi","en"}]: odd, but taken
 *
 * Problems have codes "csv-column", "csv-cell", "csv-double", or those of unit_read and tree_check. NULL
 * with WHY (csv_read) where the file is no table at all. */
json_t *unit_csv_read(const char *p, size_t n, tree_t *tree, day_t today, refusal_t *why);

#endif
