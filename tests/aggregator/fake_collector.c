/* SPDX-License-Identifier: MPL-2.0 */
/* fake_collector.c - the collector's end of a line, in the hands of a test. */
#include "tests/aggregator/fake_collector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/rc.h"
#include "proto/base/sock.h"

#define PATIENCE_MS 10000

fake_t *fake_new(void) {
    refusal_t why = {0};
    fake_t *self = mem_alloc(sizeof *self);
    curve_pair_make(&self->pair);
    self->sock = sock_server("tcp://127.0.0.1:*", self->pair.secret, self->pair.public_, "test", &why);
    if (!self->sock) fprintf(stderr, "%s\n", why.en);
    assert(self->sock);
    self->port = sock_port(self->sock);
    return self;
}

void fake_free(fake_t **self_p) {
    fake_t *self = *self_p;
    frame_free(&self->last);
    zsock_destroy(&self->sock);
    free(self);
    *self_p = NULL;
}

peer_t fake_peer(const fake_t *self) {
    peer_t peer = {.name = "test"};
    snprintf(peer.endpoint, sizeof peer.endpoint, "tcp://127.0.0.1:%d", self->port);
    memcpy(peer.server, self->pair.public_, 32);
    curve_pair_make(&peer.pair);
    return peer;
}

int fake_expect(fake_t *self, command_t command, void (*tick)(void *arg), void *arg) {
    for (int64_t until = clock_mono_ms() + PATIENCE_MS; clock_mono_ms() < until;) {
        frame_t f;
        if (tick) tick(arg);
        int rc = frame_take(self->sock, 1, &f, NULL);
        if (rc == BC_OK && f.command == command) {
            frame_free(&self->last);
            self->last = f;
            return 1;
        }
        if (rc == BC_AGAIN) {
            zmq_pollitem_t item = {zsock_resolve(self->sock), 0, ZMQ_POLLIN, 0};
            zmq_poll(&item, 1, 5);
        } else {
            frame_free(&f);
        }
    }
    return 0;
}

void fake_say(fake_t *self, command_t command, const char *header, const void *body, size_t n) {
    int rc = frame_send_text(self->sock, self->last.from, command, header, body, n);
    assert(rc == BC_OK);
    (void)rc;
}

static void put_u32(buf_t *out, uint32_t v) {
    const uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    buf_add(out, b, sizeof b);
}

void fake_entries(fake_t *self, const kit_t *kit, int64_t first, int64_t last) {
    buf_t body = {0};
    char header[160];
    for (int64_t i = first; i <= last; i++) {
        const kit_entry_t *e = &kit->list[i - 1];
        put_u32(&body, (uint32_t)e->header_len);
        buf_add(&body, e->header, e->header_len);
        put_u32(&body, e->body ? (uint32_t)e->body_len : UINT32_MAX);
        if (e->body) buf_add(&body, e->body, e->body_len);
        buf_add(&body, e->chain.b, HASH_LEN);
    }
    snprintf(header, sizeof header, "{\"log\":\"%s\",\"first\":%lld,\"last\":%lld,\"head\":%zu}", kit->log,
             (long long)first, (long long)last, kit->count);
    fake_say(self, CMD_ENTRIES, header, body.data ? body.data : "", body.len);
    buf_free(&body);
}
