/* SPDX-License-Identifier: MPL-2.0 */
/* unit.h - one unit's record (PROTOCOL.md 10). */
#ifndef BC_UNIT_H
#define BC_UNIT_H

#include <jansson.h>

#include "proto/base/clock.h"
#include "proto/base/refusal.h"

#define UNIT_CODE 33 /* 32 characters and NUL */

typedef struct unit unit_t;

/* 1 for `[A-Z0-9][A-Z0-9.-]{0,31}`. */
int unit_code_ok(const char *code);
/* New unit from its record, N bytes. NULL with WHY "unit-field" and those of json_read. */
unit_t *unit_read(const char *p, size_t n, refusal_t *why);
void unit_free(unit_t **self_p);
const char *unit_code(const unit_t *self);
const char *unit_kind(const unit_t *self);
/* The name on that day, before the first name the first; never NULL. */
const char *unit_name(const unit_t *self, day_t day);
/* The same as JSON, borrowed: to stand in another text without a copy. */
json_t *unit_code_json(const unit_t *self);
json_t *unit_kind_json(const unit_t *self);
json_t *unit_name_json(const unit_t *self, day_t day);
json_t *unit_contact_json(const unit_t *self);          /* NULL where there is none */
const char *unit_parent(const unit_t *self, day_t day); /* NULL: top, or not there yet */
/* The same, and from which day until which it is so. */
const char *unit_parent_span(const unit_t *self, day_t day, day_t *from, day_t *to);
int unit_open_on(const unit_t *self, day_t day);
day_t unit_opened(const unit_t *self);
day_t unit_closed(const unit_t *self); /* its last day; DAY_NONE: open */
/* The unit that carries on what this one was, by a link dated up to DAY (the first of several); NULL. */
const char *unit_heir(const unit_t *self, day_t day);
/* 1 if VALUE is what the record says of the group NAME, such as a sector: groups stand beside the tree. */
int unit_in_group(const unit_t *self, const char *name, const char *value);
int unit_expected(const unit_t *self); /* `expected` and not coordinating */
int unit_coordinating(const unit_t *self);
const json_t *unit_json(const unit_t *self); /* borrowed */

#endif
