/* uuid.h - ids of documents: UUIDv7 for new ones, UUIDv8 hashed from content (RFC 9562). */
#ifndef BC_UUID_H
#define BC_UUID_H

#include <stddef.h>
#include <stdint.h>

#define UUID_TEXT 37 /* 36 characters and NUL */

typedef struct { uint8_t b[16]; } uuid_bc_t;

/* Strictly increasing within one process, even when the clock steps back. */
uuid_bc_t uuid_v7(int64_t wall_ms);
/* First 16 bytes of SHA-256 over N parts joined by U+001F, version 8 and variant bits set. The same
 * parts give the same id on every machine, which is what makes a file imported twice add nothing. */
uuid_bc_t uuid_v8(const char *const *parts, size_t n);
/* Canonical lower-case text; returns OUT. */
char *uuid_text(const uuid_bc_t *id, char out[static UUID_TEXT]);
/* Only the canonical lower-case form of a version 7 or 8 UUID; BC_REFUSED otherwise. */
int uuid_parse(const char *text, uuid_bc_t *id);

#endif
