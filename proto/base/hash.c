/* SPDX-License-Identifier: MPL-2.0 */
/* hash.c - SHA-256 by libcrypto, which uses the instructions of the processor, and strict lower-case hex. */
#include "proto/base/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/rc.h"

static const EVP_MD *algorithm;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

/* Looking it up at each hash would cost as much as hashing a document. */
static void fetch(void) {
    algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
}

hash_t hash_of2(const void *p, size_t n, const void *q, size_t m) {
    hash_t h;
    unsigned length = 0;
    pthread_once(&fetched, fetch);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int ok = algorithm && context && EVP_DigestInit_ex2(context, algorithm, NULL) &&
             EVP_DigestUpdate(context, p, n) && EVP_DigestUpdate(context, q, m) &&
             EVP_DigestFinal_ex(context, h.b, &length);
    EVP_MD_CTX_free(context);
    if (!ok || length != HASH_LEN) abort(); /* out of memory, or a library without SHA-256 */
    return h;
}

hash_t hash_of(const void *p, size_t n) {
    return hash_of2(p, n, "", 0);
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
