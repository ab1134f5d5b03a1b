/* SPDX-License-Identifier: MPL-2.0 */
/* hash.c - SHA-256 by the processor or else by libsodium, and strict lower-case hexadecimal. */
#include "proto/base/hash.h"

#include <sodium.h>
#include <string.h>

#include "proto/base/hash_ni.h"
#include "proto/base/rc.h"

hash_t hash_of(const void *p, size_t n) {
    hash_t h;
    if (hash_ni_there()) return hash_ni_of2(p, n, "", 0);
    crypto_hash_sha256(h.b, p, n); /* always 0 */
    return h;
}

hash_t hash_of2(const void *p, size_t n, const void *q, size_t m) {
    if (hash_ni_there()) return hash_ni_of2(p, n, q, m);
    crypto_hash_sha256_state state;
    hash_t h;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, p, n);
    crypto_hash_sha256_update(&state, q, m);
    crypto_hash_sha256_final(&state, h.b);
    return h;
}

int hash_equal(const hash_t *a, const hash_t *b) {
    return memcmp(a->b, b->b, HASH_LEN) == 0;
}

char *hex_write(const void *p, size_t n, char *out) {
    static const char digit[] = "0123456789abcdef";
    const uint8_t *b = p;
    char *to = out;
    for (size_t i = 0; i < n; i++) {
        *to++ = digit[b[i] >> 4];
        *to++ = digit[b[i] & 15];
    }
    *to = '\0';
    return out;
}

static int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

int hex_read(const char *text, void *out, size_t n) {
    uint8_t *b = out;
    for (size_t i = 0; i < n; i++) {
        int high = nibble(text[2 * i]);
        int low = high < 0 ? -1 : nibble(text[2 * i + 1]);
        if (low < 0) return BC_REFUSED;
        b[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * n] ? BC_REFUSED : BC_OK;
}
