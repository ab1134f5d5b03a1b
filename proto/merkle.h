/* SPDX-License-Identifier: MPL-2.0 */
/* merkle.h - the Merkle tree hash of RFC 6962 section 2.1 and its audit paths. */
#ifndef BC_MERKLE_H
#define BC_MERKLE_H

#include <stddef.h>

#include "proto/base/hash.h"

#define MERKLE_PATH 20 /* deepest path: a million leaves */

typedef struct { int right; hash_t hash; } merkle_step_t; /* right: the sibling stands on the right */

/* Leaf hash of a line. */
hash_t merkle_leaf(const void *p, size_t n);
/* Root over N leaves; 32 zero bytes for none. */
hash_t merkle_root(const hash_t *leaves, size_t n);
/* Path of leaf I from the bottom up; returns its length. */
size_t merkle_path(const hash_t *leaves, size_t n, size_t i, merkle_step_t path[static MERKLE_PATH]);
/* All paths at once for little more than the root, which is returned: path I to PATHS[I], its length to
 * STEPS[I]. One by one the paths of 1,000 leaves cost 1,000 roots, near a second. */
hash_t merkle_paths(const hash_t *leaves, size_t n, merkle_step_t (*paths)[MERKLE_PATH], size_t *steps);
/* Root that LEAF and PATH lead to. */
hash_t merkle_climb(const hash_t *leaf, const merkle_step_t *path, size_t n);

#endif
