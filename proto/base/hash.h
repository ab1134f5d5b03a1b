/* hash.h - SHA-256 (FIPS 180-4) and hexadecimal. */
#ifndef BC_HASH_H
#define BC_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_LEN 32
#define HASH_HEX 65 /* 64 digits and NUL */

typedef struct { uint8_t b[HASH_LEN]; } hash_t;

/* SHA-256 of N bytes. */
hash_t hash_of(const void *p, size_t n);
/* SHA-256 of two byte strings one behind the other. */
hash_t hash_of2(const void *p, size_t n, const void *q, size_t m);
int hash_equal(const hash_t *a, const hash_t *b);

/* Lower-case hex of N bytes with NUL, 2*N+1 bytes; returns OUT. */
char *hex_write(const void *p, size_t n, char *out);
/* Reads exactly 2*N lower-case hex digits; BC_REFUSED if TEXT is anything else (longer too). */
int hex_read(const char *text, void *out, size_t n);

#endif
