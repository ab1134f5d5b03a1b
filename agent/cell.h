/* SPDX-License-Identifier: MPL-2.0 */
/* cell.h - one cell, or one VALUE of --set, as a value of a document. */
#ifndef BC_CELL_H
#define BC_CELL_H

#include <jansson.h>

#include "proto/plan.h"

/* The value TEXT (not blank) as measure M wants it: new JSON. NULL with WHY "cell-number", "cell-yes-no".
 * *ODD (may be NULL) is filled where it can be read in two ways, such as 1.234; else its code is "". A
 * weighted measure is "VALUE/WEIGHT", or only the value where WEIGHT (NULL: none) is given. */
json_t *cell_measure(const measure_t *m, const char *text, const char *weight, refusal_t *odd,
                     refusal_t *why);
/* "x", "1", "có", "yes" … to 1, "", "0", "không", "no" … to 0; anything else refuses "cell-yes-no". */
int cell_yes_no(const char *text, int *value, refusal_t *why);
/* A date as people write it, as new text. NULL with WHY "cell-date". */
json_t *cell_date(const char *text, refusal_t *why);
/* Id of the form named by id or label; NULL with WHY "form-unknown". Borrowed from PLAN. */
const char *cell_form(const plan_t *plan, const char *text, refusal_t *why);
/* Topic ids named by id or label, and document numbers by number or label, of any of N PLANS; split at
 * '|', line ends, ';' or ',': new array. NULL with WHY "topic-unknown", "document-unknown". */
json_t *cell_topics(const plan_t *const *plans, size_t n, const char *text, refusal_t *why);
json_t *cell_documents(const plan_t *const *plans, size_t n, const char *text, refusal_t *why);
/* TEXT split at any of SEPARATORS, trimmed, blank parts left out: new array. */
json_t *cell_list(const char *text, const char *separators);

#endif
