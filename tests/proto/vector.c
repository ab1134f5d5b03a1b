/* SPDX-License-Identifier: MPL-2.0 */
/* vector.c - loads golden vectors for the tests of the formats. */
#include "tests/proto/vector.h"

#include "proto/base/hash.h"
#include "tests/support.h"

json_t *vector_load(const char *name) {
    char path[256];
    snprintf(path, sizeof path, "proto/vectors/%s", name);
    json_error_t error;
    json_t *j = json_load_file(path, 0, &error);
    if (!j) fail_msg("%s: %s", path, error.text);
    return j;
}

const char *vector_text(const json_t *j, const char *key) {
    const char *s = json_string_value(json_object_get(j, key));
    if (!s) fail_msg("vector without %s", key);
    return s;
}

void vector_hex(const json_t *j, const char *key, void *out, size_t n) {
    assert_int_equal(hex_read(vector_text(j, key), out, n), 0);
}

void vector_hex_at(const json_t *array, size_t i, void *out, size_t n) {
    const char *s = json_string_value(json_array_get(array, i));
    assert_non_null(s);
    assert_int_equal(hex_read(s, out, n), 0);
}
