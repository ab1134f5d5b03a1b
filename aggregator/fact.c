/* SPDX-License-Identifier: MPL-2.0 */
/* fact.c - packing and unpacking what a document says. */
#include "aggregator/fact.h"

#include <string.h>

#include "proto/base/rc.h"

#define LISTED_BYTES (16 + 2 + HASH_LEN)

void fact_put(buf_t *out, uint64_t number) {
    uint8_t b[10];
    size_t n = 0;
    while (number >= 0x80) {
        b[n++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    b[n++] = (uint8_t)number;
    buf_add(out, b, n);
}

void fact_put_text(buf_t *out, const char *text, size_t n) {
    fact_put(out, n);
    buf_add(out, text, n);
}

void fact_put_listed(buf_t *out, const fact_listed_t *listed) {
    uint8_t rev[2] = {(uint8_t)(listed->rev >> 8), (uint8_t)listed->rev};
    buf_add(out, listed->id.b, sizeof listed->id.b);
    buf_add(out, rev, sizeof rev);
    buf_add(out, listed->sha256.b, HASH_LEN);
}

static int take(const uint8_t **at, const uint8_t *end, uint64_t *out) {
    uint64_t number = 0;
    for (int shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t b = *(*at)++;
        number |= (uint64_t)(b & 0x7f) << shift;
        if (b < 0x80) {
            *out = number;
            return 1;
        }
    }
    return 0;
}

static int take32(const uint8_t **at, const uint8_t *end, uint32_t *out) {
    uint64_t wide;
    if (!take(at, end, &wide) || wide > UINT32_MAX) return 0;
    *out = (uint32_t)wide;
    return 1;
}

static int read_plans(const uint8_t **at, fact_t *out) {
    uint32_t n;
    if (!take32(at, out->end, &n) || n > FACT_PLANS) return 0;
    for (uint32_t i = 0; i < n; i++)
        if (!take32(at, out->end, &out->plan[i].plan) || !take32(at, out->end, &out->plan[i].version))
            return 0;
    out->plans = (int)n;
    return 1;
}

/* A list of words: how many, and where the first is; moves behind the last. */
static int read_words(const uint8_t **at, const fact_t *f, uint32_t *n, const uint8_t **first) {
    uint32_t unused;
    if (!take32(at, f->end, n)) return 0;
    *first = *at;
    for (uint32_t i = 0; i < *n; i++)
        if (!take32(at, f->end, &unused)) return 0;
    return 1;
}

/* When and where an activity was, and whether it was part of a joint event. */
static int read_event(const uint8_t **at, fact_t *out) {
    uint64_t n;
    uint32_t role = 0;
    if (!take32(at, out->end, &out->span) || !take32(at, out->end, &out->event)) return 0;
    if (out->event && !take32(at, out->end, &role)) return 0;
    out->host = role == FACT_HOST;
    if (!take(at, out->end, &n) || n > (size_t)(out->end - *at)) return 0;
    out->place = (const char *)*at;
    out->place_len = n;
    *at += n;
    return 1;
}

int fact_read(const void *p, size_t n, fact_t *out) {
    const uint8_t *at = p;
    *out = (fact_t){.end = at + n};
    if (!read_plans(&at, out) || !take32(&at, out->end, &out->form)) return BC_CORRUPT;
    if (!read_event(&at, out)) return BC_CORRUPT;
    if (!read_words(&at, out, &out->topics, &out->topic_at)) return BC_CORRUPT;
    if (!read_words(&at, out, &out->covers, &out->cover_at)) return BC_CORRUPT;
    if (!take32(&at, out->end, &out->listed)) return BC_CORRUPT;
    out->listed_at = at;
    if ((size_t)(out->end - at) / LISTED_BYTES < out->listed) return BC_CORRUPT;
    at += (size_t)out->listed * LISTED_BYTES;
    if (!take32(&at, out->end, &out->values)) return BC_CORRUPT;
    out->value_at = at;
    return BC_OK;
}

int fact_word(const fact_t *self, const uint8_t **at, uint32_t *out) {
    return take32(at, self->end, out);
}

int fact_listed(const fact_t *self, const uint8_t **at, fact_listed_t *out) {
    if (self->end - *at < LISTED_BYTES) return 0;
    memcpy(out->id.b, *at, 16);
    out->rev = (*at)[16] << 8 | (*at)[17];
    memcpy(out->sha256.b, *at + 18, HASH_LEN);
    *at += LISTED_BYTES;
    return 1;
}

int fact_text(const fact_t *self, const uint8_t **at, const char **text, size_t *n) {
    uint64_t len;
    if (!take(at, self->end, &len) || len > (size_t)(self->end - *at)) return 0;
    *text = (const char *)*at;
    *n = len;
    *at += len;
    return 1;
}

static int skip_texts(const fact_t *self, const uint8_t **at, fact_value_t *out) {
    const char *text;
    size_t n;
    if (!take32(at, self->end, &out->texts)) return 0;
    out->text_at = *at;
    for (uint32_t i = 0; i < out->texts; i++)
        if (!fact_text(self, at, &text, &n)) return 0;
    return 1;
}

int fact_value(const fact_t *self, const uint8_t **at, add_t (*how)(const void *arg, uint32_t measure),
               const void *arg, fact_value_t *out) {
    *out = (fact_value_t){0};
    if (!take32(at, self->end, &out->measure) || !take32(at, self->end, &out->scopes)) return 0;
    add_t add = how(arg, out->measure);
    if (add == ADD_UNION || add == ADD_LIST) return skip_texts(self, at, out);
    if (!take(at, self->end, &out->value)) return 0;
    return add != ADD_WEIGHTED || take(at, self->end, &out->weight);
}

int fact_plan(const fact_t *self, uint32_t plan) {
    for (int i = 0; i < self->plans; i++)
        if (self->plan[i].plan == plan) return i;
    return -1;
}
