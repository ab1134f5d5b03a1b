/* SPDX-License-Identifier: MPL-2.0 */
/* registry.h - who may speak for whom, which units and plans there are: the store's current state in memory.
 *
 * Intake asks it for every document and the gate at every handshake, so that neither waits for the store. It
 * belongs to one thread. What it returned is borrowed until the next registry_reload. */
#ifndef BC_REGISTRY_H
#define BC_REGISTRY_H

#include "collector/queue.h"
#include "proto/tree.h"

typedef struct registry registry_t;

/* The parts of it, for registry_reload. */
enum { REGISTRY_UNITS = 1, REGISTRY_PLANS = 2, REGISTRY_ACCESS = 4, REGISTRY_ALL = 7 };

/* New registry with everything QUEUE (a reader or the writer, borrowed during the call) holds. NULL with
 * WHY: "disk", or the refusal of unit_read or plan_read where the store holds what this program cannot
 * read. */
registry_t *registry_load(queue_t *queue, refusal_t *why);
/* Reads PARTS anew. On failure everything stays as it was. 0, a refusal as above, or a stop. */
int registry_reload(registry_t *self, queue_t *queue, int parts, refusal_t *why);
void registry_free(registry_t **self_p);
/* Only the units QUEUE holds: *OUT is a new tree, NULL on failure. 0, a refusal as above, or a stop. */
int registry_units(queue_t *queue, tree_t **out, refusal_t *why);

/* ---- keys ---- */

/* The key with this public half or this serial; NULL if unknown. */
const access_key_t *registry_key_by_public(const registry_t *self, const uint8_t public_[static 32]);
const access_key_t *registry_key(const registry_t *self, int64_t serial);
/* Whether KEY may speak at NOW (ms): asked at every message. Refuses "key-unknown" (KEY is NULL),
 * "key-revoked", "key-expired" (outside its dates, or not yet in them). */
int registry_key_ok(const access_key_t *key, int64_t now, refusal_t *why);

/* ---- units, plans ---- */

const tree_t *registry_tree(const registry_t *self);
const plans_t *registry_plans(const registry_t *self);
/* 1 if the key of SERIAL may act for UNIT on TODAY: its own unit, or one that a grant in force names or
 * has under it on that day. 0 if not, -1 if there is no such unit. */
int registry_may_act(const registry_t *self, int64_t serial, const char *unit, day_t today);
/* 1 if UNIT is known and open on DAY. */
int registry_unit_open(const registry_t *self, const char *unit, day_t day);
/* `grants` of WELCOME as new JSON (PROTOCOL.md 4): the key's own unit first, then the grants in force on
 * TODAY. */
json_t *registry_grants(const registry_t *self, int64_t serial, day_t today);

#endif
