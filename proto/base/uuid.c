/* SPDX-License-Identifier: MPL-2.0 */
/* uuid.c - ids of documents: time-ordered (version 7) and hashed from content (version 8), RFC 9562. */
#include "proto/base/uuid.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "proto/base/hash.h"
#include "proto/base/rc.h"

#define TIME_MAX ((1ULL << 48) - 1)
#define LOW_MAX ((1ULL << 62) - 1)

/* The last id made: 48 bits of time, then 12 and 62 bits that count up while the time stands still. */
static struct {
    pthread_mutex_t lock;
    uint64_t ms, high, low;
} last = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A random start leaves the upper half of the counter free, so that it does not overflow. */
static void restart(uint64_t ms) {
    last.ms = ms;
    last.high = randombytes_random() & 0x7ff;
    randombytes_buf(&last.low, sizeof last.low);
    last.low &= LOW_MAX;
}

/* A random step keeps the next id hard to guess. */
static void count_up(void) {
    last.low += 1 + (uint64_t)randombytes_random();
    if (last.low <= LOW_MAX) return;
    last.low &= LOW_MAX;
    if (++last.high > 0xfff) restart(last.ms + 1);
}

static void put(uint8_t *to, uint64_t v, int bytes) {
    for (int i = bytes - 1; i >= 0; i--, v >>= 8)
        to[i] = (uint8_t)v;
}

uuid_bc_t uuid_v7(int64_t wall_ms) {
    uint64_t ms = wall_ms < 0 ? 0 : (uint64_t)wall_ms & TIME_MAX;
    uuid_bc_t id = {0};
    pthread_mutex_lock(&last.lock);
    if (ms > last.ms) {
        restart(ms);
    } else {
        count_up();
    }
    put(id.b, last.ms, 6);
    put(id.b + 6, 0x7000 | last.high, 2);
    put(id.b + 8, 1ULL << 63 | last.low, 8);
    pthread_mutex_unlock(&last.lock);
    return id;
}

uuid_bc_t uuid_v8(const char *const *parts, size_t n) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < n; i++) {
        if (i) crypto_hash_sha256_update(&state, (const uint8_t *)"\x1f", 1);
        crypto_hash_sha256_update(&state, (const uint8_t *)parts[i], strlen(parts[i]));
    }
    hash_t h;
    crypto_hash_sha256_final(&state, h.b);

    uuid_bc_t id = {0};
    memcpy(id.b, h.b, sizeof id.b);
    id.b[6] = (id.b[6] & 0x0f) | 0x80;
    id.b[8] = (id.b[8] & 0x3f) | 0x80;
    return id;
}

/* Bytes in front of which a hyphen stands. */
static int hyphen_before(size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

char *uuid_text(const uuid_bc_t *id, char out[static UUID_TEXT]) {
    char *to = out;
    for (size_t i = 0; i < sizeof id->b; i++, to += 2) {
        if (hyphen_before(i)) *to++ = '-';
        hex_write(id->b + i, 1, to);
    }
    return out;
}

int uuid_parse(const char *text, uuid_bc_t *id) {
    if (!text || strlen(text) != UUID_TEXT - 1) return BC_REFUSED;
    char hex[33];
    size_t n = 0;
    for (size_t i = 0; i < sizeof id->b; i++, text += 2) {
        if (hyphen_before(i) && *text++ != '-') return BC_REFUSED;
        hex[n++] = text[0];
        hex[n++] = text[1];
    }
    hex[n] = '\0';
    uuid_bc_t read = {0};
    if (hex_read(hex, read.b, sizeof read.b)) return BC_REFUSED;
    int version = read.b[6] >> 4;
    if ((version != 7 && version != 8) || (read.b[8] & 0xc0) != 0x80) return BC_REFUSED;
    *id = read;
    return BC_OK;
}
