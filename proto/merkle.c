/* SPDX-License-Identifier: MPL-2.0 */
/* merkle.c - RFC 6962 hashing: leaves and nodes have different prefixes, so that neither passes for the
 * other, and the left subtree is the largest full one. */
#include "proto/merkle.h"

#include <assert.h>
#include <string.h>

hash_t merkle_leaf(const void *p, size_t n) {
    return hash_of2("\0", 1, p, n);
}

static hash_t node(const hash_t *left, const hash_t *right) {
    uint8_t both[1 + 2 * HASH_LEN] = {1};
    for (size_t i = 0; i < HASH_LEN; i++) {
        both[1 + i] = left->b[i];
        both[1 + HASH_LEN + i] = right->b[i];
    }
    return hash_of(both, sizeof both);
}

/* The largest power of two below N, for N of 2 and more. */
static size_t split(size_t n) {
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

hash_t merkle_root(const hash_t *leaves, size_t n) {
    if (n == 0) return (hash_t){{0}};
    if (n == 1) return leaves[0];
    size_t k = split(n);
    hash_t left = merkle_root(leaves, k), right = merkle_root(leaves + k, n - k);
    return node(&left, &right);
}

size_t merkle_path(const hash_t *leaves, size_t n, size_t i, merkle_step_t path[static MERKLE_PATH]) {
    assert(i < n && n <= (size_t)1 << MERKLE_PATH);
    if (n == 1) return 0;
    size_t k = split(n);
    int in_left = i < k;
    size_t steps = in_left ? merkle_path(leaves, k, i, path) : merkle_path(leaves + k, n - k, i - k, path);
    path[steps].right = in_left;
    path[steps].hash = in_left ? merkle_root(leaves + k, n - k) : merkle_root(leaves, k);
    return steps + 1;
}

static hash_t walk(const hash_t *leaves, size_t n, merkle_step_t (*paths)[MERKLE_PATH], size_t *steps) {
    if (n == 1) return leaves[0];
    size_t k = split(n);
    hash_t left = walk(leaves, k, paths, steps), right = walk(leaves + k, n - k, paths + k, steps + k);
    for (size_t i = 0; i < n; i++)
        paths[i][steps[i]++] = (merkle_step_t){.right = i < k, .hash = i < k ? right : left};
    return node(&left, &right);
}

hash_t merkle_paths(const hash_t *leaves, size_t n, merkle_step_t (*paths)[MERKLE_PATH], size_t *steps) {
    assert(n <= (size_t)1 << MERKLE_PATH);
    if (n == 0) return (hash_t){{0}};
    memset(steps, 0, n * sizeof *steps);
    return walk(leaves, n, paths, steps);
}

hash_t merkle_climb(const hash_t *leaf, const merkle_step_t *path, size_t n) {
    hash_t at = *leaf;
    for (size_t i = 0; i < n; i++)
        at = path[i].right ? node(&at, &path[i].hash) : node(&path[i].hash, &at);
    return at;
}
