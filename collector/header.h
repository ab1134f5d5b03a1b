/* SPDX-License-Identifier: MPL-2.0 */
/* header.h - fields of a message's header that come again in several commands (PROTOCOL.md 3 to 6). */
#ifndef BC_HEADER_H
#define BC_HEADER_H

#include <jansson.h>

#include "proto/frame.h"

#define HEADER_NUMBER_MOST 999999999999999LL /* PROTOCOL.md 1.4; no reader takes an entry with more */

/* Refuses "header-bad": FIELD of COMMAND's header is missing or wrong. */
int header_bad(command_t command, const char *field, refusal_t *why);
/* Checks `v`. Refuses "version-unsupported". */
int header_version(const json_t *header, refusal_t *why);
/* 1 if the field is a text of at most MOST bytes that is not empty; borrowed to *OUT. */
int header_text(const json_t *header, const char *field, size_t most, const char **out);
/* 1 if the field is BYTES in hexadecimal; the text, borrowed, to *OUT and the bytes to RAW (NULL: not
 * wanted). */
int header_hex(const json_t *header, const char *field, size_t bytes, const char **out, void *raw);
/* 1 if the field is a whole number from LEAST to HEADER_NUMBER_MOST. */
int header_number(const json_t *header, const char *field, int64_t least, int64_t *out);

#endif
