/* SPDX-License-Identifier: MPL-2.0 */
/* session.c - the table of sessions: open addressing over the connections' numbers, which libzmq counts up.
 */
#include "collector/session.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"

#define ADDRESS_LEN 5

struct sessions {
    session_t **slot; /* at most half of them taken */
    size_t mask, count;
    int64_t opened; /* so far */
};

sessions_t *sessions_new(void) {
    sessions_t *self = mem_alloc(sizeof *self);
    self->mask = 63;
    self->slot = mem_alloc((self->mask + 1) * sizeof *self->slot);
    return self;
}

static size_t home(const sessions_t *self, uint32_t peer) {
    return (peer * 2654435769u >> 7) & self->mask;
}

/* The slot of PEER: where it is, or the empty one where it belongs. */
static size_t slot_of(const sessions_t *self, uint32_t peer) {
    size_t i = home(self, peer);
    while (self->slot[i] && self->slot[i]->peer != peer)
        i = (i + 1) & self->mask;
    return i;
}

static void grow(sessions_t *self) {
    size_t old = self->mask + 1;
    session_t **slot = self->slot;
    self->mask = old * 2 - 1;
    self->slot = mem_alloc(old * 2 * sizeof *slot);
    for (size_t i = 0; i < old; i++)
        if (slot[i]) self->slot[slot_of(self, slot[i]->peer)] = slot[i];
    free(slot);
}

static void clear(session_t *s, purse_t *purse) {
    purse_release(purse, &s->held);
    feed_free(&s->feed);
}

void sessions_free(sessions_t **self_p, purse_t *purse) {
    sessions_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i <= self->mask; i++)
        if (self->slot[i]) {
            clear(self->slot[i], purse);
            free(self->slot[i]);
        }
    free(self->slot);
    free(self);
    *self_p = NULL;
}

size_t sessions_count(const sessions_t *self) {
    return self->count;
}

session_t *sessions_get(sessions_t *self, uint32_t peer) {
    return self->slot[slot_of(self, peer)];
}

session_t *sessions_open(sessions_t *self, uint32_t peer, int64_t key, purse_t *purse) {
    if (self->count * 2 > self->mask) grow(self);
    size_t i = slot_of(self, peer);
    if (!self->slot[i]) {
        self->slot[i] = mem_alloc(sizeof **self->slot);
        self->count++;
    }
    clear(self->slot[i], purse);
    *self->slot[i] = (session_t){.peer = peer, .number = ++self->opened, .key = key};
    return self->slot[i];
}

void sessions_drop(sessions_t *self, uint32_t peer, purse_t *purse) {
    size_t hole = slot_of(self, peer);
    if (!self->slot[hole]) return;
    clear(self->slot[hole], purse);
    free(self->slot[hole]);
    self->count--;
    /* Those behind it move up, unless they would move in front of where they belong. */
    for (size_t i = (hole + 1) & self->mask; self->slot[i]; i = (i + 1) & self->mask) {
        size_t way = (i - home(self, self->slot[i]->peer)) & self->mask;
        if (way < ((i - hole) & self->mask)) continue;
        self->slot[hole] = self->slot[i];
        hole = i;
    }
    self->slot[hole] = NULL;
}

void sessions_each(sessions_t *self, void (*each)(void *arg, session_t *s), void *arg) {
    uint32_t *peer = mem_alloc((self->count + 1) * sizeof *peer);
    size_t n = 0;
    for (size_t i = 0; i <= self->mask; i++)
        if (self->slot[i]) peer[n++] = self->slot[i]->peer;
    for (size_t i = 0; i < n; i++)
        each(arg, sessions_get(self, peer[i]));
    free(peer);
}

uint32_t session_peer(zframe_t *from) {
    const uint8_t *b = zframe_data(from);
    if (zframe_size(from) != ADDRESS_LEN || b[0] != 0) return 0;
    return (uint32_t)b[1] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 8 | b[4];
}

zframe_t *session_address(uint32_t peer) {
    const uint8_t b[ADDRESS_LEN] = {0, (uint8_t)(peer >> 24), (uint8_t)(peer >> 16), (uint8_t)(peer >> 8),
                                    (uint8_t)peer};
    return zframe_new(b, sizeof b);
}
