/* SPDX-License-Identifier: MPL-2.0 */
/* unit_change.h - what a reorganisation says of a unit: who carries it on after its last day, and who
 * looks after it meanwhile (PROTOCOL.md 10). Codes are never reused; a unit that is renamed or moved
 * keeps its own. */
#ifndef BC_UNIT_CHANGE_H
#define BC_UNIT_CHANGE_H

#include <jansson.h>

#include "proto/tree.h"

/* Sets the successors of RECORD, which is closed: TEXT has their codes, apart by blanks or commas; one
 * is a merger, several a split. Blank: none. The links are dated the day after its last and name the
 * record's decision. BC_REFUSED with WHY "unit-successor". */
int unit_change_into(json_t *record, const char *text, refusal_t *why);
/* From FROM on the unit CODE looks after that of RECORD; blank: nobody does any more. The same again changes
 * nothing. BC_REFUSED with WHY "unit-custody". */
int unit_change_custody(json_t *record, const char *code, day_t from, refusal_t *why);
/* Checks the successors and custodians of UNIT against TREE as it will be: they are there, open on the
 * first day, and not the unit itself. */
int unit_change_check(const tree_t *tree, const unit_t *unit, refusal_t *why);

#endif
