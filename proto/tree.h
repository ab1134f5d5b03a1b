/* SPDX-License-Identifier: MPL-2.0 */
/* tree.h - all units and who stood under whom on which day (PROTOCOL.md 10). */
#ifndef BC_TREE_H
#define BC_TREE_H

#include <stddef.h>

#include "proto/unit.h"

typedef struct tree tree_t;

tree_t *tree_new(void);
void tree_free(tree_t **self_p);
/* Checks UNIT against the tree: parents exist ("tree-parent") and no loop on any day arises ("tree-loop").
 * The top is a unit whose parent is null. */
int tree_check(const tree_t *self, const unit_t *unit, refusal_t *why);
/* Takes *UNIT_P and clears it; replaces the unit of the same code. Without tree_check: what the log holds
 * was checked. */
void tree_put(tree_t *self, unit_t **unit_p);
const unit_t *tree_get(const tree_t *self, const char *code); /* NULL if unknown */
size_t tree_count(const tree_t *self);
const unit_t *tree_at(const tree_t *self, size_t i);          /* by code, rising (bytes) */
/* 1 if CODE is ABOVE or stands somewhere under it on that day. */
int tree_under(const tree_t *self, const char *code, const char *above, day_t day);

#endif
