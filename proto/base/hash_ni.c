/* SPDX-License-Identifier: MPL-2.0 */
/* hash_ni.c - SHA-256 (FIPS 180-4) by the SHA extensions of x86-64. Elsewhere it says that it is not there. */
#include "proto/base/hash_ni.h"

#include <assert.h>
#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define BLOCK 64
#define SHA_BIT (1u << 29)   /* leaf 7, EBX */
#define SSE41_BIT (1u << 19) /* leaf 1, ECX */
#define SSSE3_BIT (1u << 9)

int hash_ni_there(void) {
    static _Atomic int there = -1; /* the same for every thread that asks */
    if (there >= 0) return there;
    unsigned a, b, c, d;
    int found = __get_cpuid(1, &a, &b, &c, &d) && (c & SSE41_BIT) && (c & SSSE3_BIT);
    found = found && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & SHA_BIT);
    there = found;
    return there;
}

static const uint32_t constant[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The state as the instructions want it: words A B E F, and C D G H, from the highest down. */
typedef struct {
    __m128i abef, cdgh;
} state_t;

/* Four rounds with the four words W of the schedule. */
#define ROUNDS(i, w)                                                                           \
    do {                                                                                       \
        __m128i sum = _mm_add_epi32(w, _mm_load_si128((const __m128i *)(constant + 4 * (i)))); \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);                                         \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));                \
    } while (0)

__attribute__((target("sha,sse4.1,ssse3"))) static void compress(state_t *s, const uint8_t *p,
                                                                 size_t blocks) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abef = s->abef, cdgh = s->cdgh;
    for (; blocks; blocks--, p += BLOCK) {
        __m128i before_abef = abef, before_cdgh = cdgh, w[4];
        for (int i = 0; i < 4; i++) {
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), swap);
            ROUNDS(i, w[i]);
        }
#pragma GCC unroll 12
        for (int i = 4; i < 16; i++) {
            __m128i w3 = w[(i + 3) & 3], next = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
            next = _mm_add_epi32(next, _mm_alignr_epi8(w3, w[(i + 2) & 3], 4));
            w[i & 3] = _mm_sha256msg2_epu32(next, w3);
            ROUNDS(i, w[i & 3]);
        }
        abef = _mm_add_epi32(abef, before_abef);
        cdgh = _mm_add_epi32(cdgh, before_cdgh);
    }
    s->abef = abef;
    s->cdgh = cdgh;
}

__attribute__((target("sse4.1,ssse3"))) static hash_t finish(const state_t *s) {
    uint32_t word[8] = {(uint32_t)_mm_extract_epi32(s->abef, 3), (uint32_t)_mm_extract_epi32(s->abef, 2),
                        (uint32_t)_mm_extract_epi32(s->cdgh, 3), (uint32_t)_mm_extract_epi32(s->cdgh, 2),
                        (uint32_t)_mm_extract_epi32(s->abef, 1), (uint32_t)_mm_extract_epi32(s->abef, 0),
                        (uint32_t)_mm_extract_epi32(s->cdgh, 1), (uint32_t)_mm_extract_epi32(s->cdgh, 0)};
    hash_t h;
    for (int i = 0; i < 8; i++) {
        uint32_t big = __builtin_bswap32(word[i]);
        memcpy(h.b + 4 * i, &big, sizeof big);
    }
    return h;
}

/* The rest of less than a block, a bit 1, zeros, and the length in bits. */
static void pad(state_t *s, const uint8_t *rest, size_t n, uint64_t bytes) {
    uint8_t last[2 * BLOCK] = {0};
    size_t blocks = n < BLOCK - 8 ? 1 : 2;
    uint64_t bits = __builtin_bswap64(bytes * 8);
    memcpy(last, rest, n);
    last[n] = 0x80;
    memcpy(last + blocks * BLOCK - 8, &bits, sizeof bits);
    compress(s, last, blocks);
}

hash_t hash_ni_of2(const void *p, size_t n, const void *q, size_t m) {
    state_t s = {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                 _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    const uint8_t *at = q;
    uint8_t joint[BLOCK];
    size_t rest = n % BLOCK, left = m;
    compress(&s, p, n / BLOCK);
    if (rest) memcpy(joint, (const uint8_t *)p + n - rest, rest);
    if (rest && rest + m >= BLOCK) { /* the block that holds the end of one and the beginning of the other */
        memcpy(joint + rest, at, BLOCK - rest);
        compress(&s, joint, 1);
        at += BLOCK - rest;
        left -= BLOCK - rest;
        rest = 0;
    }
    if (!rest) {
        compress(&s, at, left / BLOCK);
        at += left / BLOCK * BLOCK;
        left %= BLOCK;
    }
    if (left) memcpy(joint + rest, at, left);
    pad(&s, joint, rest + left, (uint64_t)n + m);
    return finish(&s);
}

#else

int hash_ni_there(void) {
    return 0;
}

hash_t hash_ni_of2(const void *p, size_t n, const void *q, size_t m) {
    (void)p, (void)n, (void)q, (void)m;
    assert(!"hash_ni_there said no");
    return (hash_t){{0}};
}

#endif
