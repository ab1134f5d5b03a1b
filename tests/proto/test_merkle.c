/* SPDX-License-Identifier: MPL-2.0 */
/* test_merkle.c - RFC 6962 trees against vectors/receipt.json and for every size of a message. */
#include "proto/merkle.h"

#include "tests/proto/vector.h"
#include "tests/support.h"

#define MOST 1000 /* lines of a message */

static size_t load_leaves(const json_t *v, hash_t *leaves) {
    const json_t *lines = json_object_get(v, "lines");
    size_t n = json_array_size(lines);
    for (size_t i = 0; i < n; i++) {
        const char *line = json_string_value(json_array_get(lines, i));
        leaves[i] = merkle_leaf(line, strlen(line));
    }
    return n;
}

static void test_merkle_hashes_leaves_and_roots_as_in_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    hash_t leaves[16], want;
    size_t n = load_leaves(v, leaves);
    for (size_t i = 0; i < n; i++) {
        vector_hex_at(json_object_get(v, "leaves"), i, want.b, HASH_LEN);
        assert_true(hash_equal(&leaves[i], &want));
    }
    for (size_t i = 0; i <= n; i++) {
        hash_t root = merkle_root(leaves, i);
        vector_hex_at(json_object_get(v, "roots"), i, want.b, HASH_LEN);
        assert_true(hash_equal(&root, &want));
    }
    json_decref(v);
}

static void test_merkle_paths_are_those_of_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    hash_t leaves[16], want;
    size_t n = load_leaves(v, leaves);
    for (size_t i = 0; i < n; i++) {
        merkle_step_t path[MERKLE_PATH];
        const json_t *steps = json_array_get(json_object_get(v, "paths"), i);
        size_t count = merkle_path(leaves, n, i, path);
        assert_int_equal(count, json_array_size(steps));
        for (size_t k = 0; k < count; k++) {
            const json_t *step = json_array_get(steps, k);
            vector_hex_at(step, 1, want.b, HASH_LEN);
            assert_true(hash_equal(&path[k].hash, &want));
            assert_int_equal(path[k].right, *json_string_value(json_array_get(step, 0)) == 'R');
        }
    }
    json_decref(v);
}

static void test_merkle_every_leaf_climbs_to_the_root(void **state) {
    (void)state;
    static hash_t leaves[MOST];
    for (int i = 0; i < MOST; i++)
        leaves[i] = merkle_leaf(&i, sizeof i);
    const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 31, 33, MOST};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        hash_t root = merkle_root(leaves, n);
        for (size_t i = 0; i < n; i += n > 100 ? 97 : 1) {
            merkle_step_t path[MERKLE_PATH];
            size_t steps = merkle_path(leaves, n, i, path);
            hash_t top = merkle_climb(&leaves[i], path, steps);
            assert_true(hash_equal(&top, &root));
            if (!steps) continue;
            path[0].right = !path[0].right;
            top = merkle_climb(&leaves[i], path, steps);
            assert_false(hash_equal(&top, &root));
        }
    }
}

static void test_merkle_paths_at_once_are_the_same_as_one_by_one(void **state) {
    (void)state;
    static hash_t leaves[MOST];
    static merkle_step_t paths[MOST][MERKLE_PATH];
    static size_t steps[MOST];
    for (int i = 0; i < MOST; i++)
        leaves[i] = merkle_leaf(&i, sizeof i);
    const size_t sizes[] = {1, 2, 3, 6, 7, 8, 9, MOST};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        hash_t root = merkle_root(leaves, n), top = merkle_paths(leaves, n, paths, steps);
        assert_true(hash_equal(&root, &top));
        for (size_t i = 0; i < n; i += n > 100 ? 97 : 1) {
            merkle_step_t path[MERKLE_PATH];
            assert_int_equal(merkle_path(leaves, n, i, path), steps[i]);
            for (size_t k = 0; k < steps[i]; k++) {
                assert_int_equal(path[k].right, paths[i][k].right);
                assert_true(hash_equal(&path[k].hash, &paths[i][k].hash));
            }
        }
    }
    hash_t none = merkle_paths(NULL, 0, NULL, NULL), zero = {{0}};
    assert_true(hash_equal(&none, &zero));
}

static void test_merkle_root_of_nothing_is_zero(void **state) {
    (void)state;
    hash_t zero = {{0}}, root = merkle_root(NULL, 0);
    assert_true(hash_equal(&root, &zero));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merkle_hashes_leaves_and_roots_as_in_the_vectors),
        cmocka_unit_test(test_merkle_paths_are_those_of_the_vectors),
        cmocka_unit_test(test_merkle_every_leaf_climbs_to_the_root),
        cmocka_unit_test(test_merkle_paths_at_once_are_the_same_as_one_by_one),
        cmocka_unit_test(test_merkle_root_of_nothing_is_zero),
    };
    return RUN(tests);
}
