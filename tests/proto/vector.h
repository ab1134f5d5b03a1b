/* SPDX-License-Identifier: MPL-2.0 */
/* vector.h - golden vectors of proto/vectors; tests run from the project's root. */
#ifndef BC_TEST_VECTOR_H
#define BC_TEST_VECTOR_H

#include <jansson.h>
#include <stddef.h>

/* The file proto/vectors/NAME; new. Ends the test where it cannot be read. */
json_t *vector_load(const char *name);
/* The string at KEY; borrowed. Ends the test where there is none. */
const char *vector_text(const json_t *j, const char *key);
/* Reads the N bytes at KEY, which stand in hexadecimal. */
void vector_hex(const json_t *j, const char *key, void *out, size_t n);
/* The bytes of the I-th element of an array of hexadecimal strings. */
void vector_hex_at(const json_t *array, size_t i, void *out, size_t n);

#endif
