/* SPDX-License-Identifier: MPL-2.0 */
/* gate.c - answers ZAP requests: a ROUTER, so that a malformed request can be dropped without an answer. */
#include "collector/gate.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/cause.h"
#include "proto/base/clock.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define SERVED_MAX 64

struct gate {
    zsock_t *sock;
    gate_counts_t counts;
};

/* A request of RFC 27; the frames are borrowed from the message. */
typedef struct {
    zframe_t *from, *id, *domain, *mechanism, *credentials;
} request_t;

/* What is known of keys. */
typedef struct {
    const registry_t *registry;
    const conduct_t *conduct;
    int64_t now;
} who_t;

/* What is answered; CODE NULL: nothing. */
typedef struct {
    const char *code, *text;
    char user[48];
    uint8_t metadata[128];
    size_t metadata_len;
} reply_t;

gate_t *gate_open(refusal_t *why) {
    gate_t *self = mem_alloc(sizeof *self);
    self->sock = zsock_new(ZMQ_ROUTER);
    if (self->sock) zsock_set_linger(self->sock, 0);
    if (!self->sock || zsock_bind(self->sock, "inproc://zeromq.zap.01")) {
        int err = errno;
        refuse(why, "gate-taken", NULL, "Không mở được bộ kiểm tra khóa: %1$s.%2$.0s",
               "The gate cannot be opened: %2$s.%1$.0s", cause_vi(err), cause_en(err));
        gate_close(&self);
    }
    return self;
}

void gate_close(gate_t **self_p) {
    if (!self_p || !*self_p) return;
    zsock_destroy(&(*self_p)->sock);
    free(*self_p);
    *self_p = NULL;
}

zsock_t *gate_socket(gate_t *self) {
    return self->sock;
}

gate_counts_t gate_counts(const gate_t *self) {
    return self->counts;
}

/* One property as in ZMTP: length and name, length in four bytes and value. */
static void add_metadata(reply_t *v, const char *name, const char *value) {
    size_t n = strlen(name), m = strlen(value);
    uint8_t *p = v->metadata + v->metadata_len;
    *p++ = (uint8_t)n;
    memcpy(p, name, n);
    p += n;
    *p++ = 0;
    *p++ = 0;
    *p++ = (uint8_t)(m >> 8);
    *p++ = (uint8_t)m;
    memcpy(p, value, m);
    v->metadata_len += 1 + n + 4 + m;
}

/* A client that may become known is left without an answer: its handshake runs out and it tries again by
 * itself. (Status 300 should do the same, but where it reaches libzmq's I/O thread before that asks for it,
 * the connection is closed at once, which to the client looks like a server with another key.) After 400 or
 * 500 libzmq's client is silent for ever. */
static void judge_documents(gate_t *self, const who_t *who, const uint8_t *public_, reply_t *v) {
    const access_key_t *key = registry_key_by_public(who->registry, public_);
    if (!key) {
        self->counts.unknown++;
    } else if (key->state == KEY_REVOKED) {
        self->counts.revoked++;
        v->code = "400", v->text = "revoked key";
    } else if (registry_key_ok(key, who->now, NULL)) {
        self->counts.expired++;
    } else if (conduct_out(who->conduct, key->serial, clock_mono_ms())) {
        self->counts.out++;
    } else {
        self->counts.accepted++;
        v->code = "200", v->text = "OK";
        snprintf(v->user, sizeof v->user, "%s%s", key->consumer ? "consumer:" : "", key->unit);
        char serial[24];
        snprintf(serial, sizeof serial, "%lld", (long long)key->serial);
        add_metadata(v, "Key-Serial", serial);
    }
}

static void judge_enrol(gate_t *self, const uint8_t *public_, reply_t *v) {
    self->counts.enrolling++;
    v->code = "200", v->text = "OK";
    strcpy(v->user, GATE_ENROL);
    char hex[65];
    add_metadata(v, "Public-Key", hex_write(public_, 32, hex));
}

static void judge(gate_t *self, const who_t *who, const request_t *r, reply_t *v) {
    int curve = zframe_streq(r->mechanism, "CURVE") && r->credentials && zframe_size(r->credentials) == 32;
    if (curve && zframe_streq(r->domain, GATE_DOCUMENTS)) {
        judge_documents(self, who, zframe_data(r->credentials), v);
    } else if (curve && zframe_streq(r->domain, GATE_ENROL)) {
        judge_enrol(self, zframe_data(r->credentials), v);
    } else {
        self->counts.malformed++;
        v->code = "500", v->text = "not a request for this gate";
    }
}

/* Takes MSG apart: address, empty frame, version, id, domain, peer's address, identity, mechanism,
 * credentials. */
static int read_request(zmsg_t *msg, request_t *r) {
    zframe_t *frame[9] = {zmsg_first(msg)};
    for (int i = 1; i < 9; i++)
        frame[i] = frame[i - 1] ? zmsg_next(msg) : NULL;
    if (!frame[7] || zmsg_size(msg) > 9 || zframe_size(frame[1]) || !zframe_streq(frame[2], "1.0"))
        return BC_REFUSED;
    *r = (request_t){frame[0], frame[3], frame[4], frame[7], frame[8]};
    return BC_OK;
}

static void answer(gate_t *self, const request_t *r, const reply_t *v) {
    zmsg_t *reply = zmsg_new();
    zmsg_addmem(reply, zframe_data(r->from), zframe_size(r->from));
    zmsg_addstr(reply, "");
    zmsg_addstr(reply, "1.0");
    zmsg_addmem(reply, zframe_data(r->id), zframe_size(r->id));
    zmsg_addstr(reply, v->code);
    zmsg_addstr(reply, v->text);
    zmsg_addstr(reply, v->user);
    zmsg_addmem(reply, v->metadata, v->metadata_len);
    /* Where the asking session is gone there is nobody to tell. */
    if (zmsg_send(&reply, self->sock)) zmsg_destroy(&reply);
}

/* A handler that cannot hear is dead: libzmq must not go on asking it. */
static int deaf(int err) {
    if (err == EINTR || err == EAGAIN) return BC_OK;
    log_error("gate.deaf", "cause=\"%s\" do=\"start the collector again\"", cause_en(err));
    return BC_BROKEN;
}

int gate_serve(gate_t *self, const registry_t *registry, const conduct_t *conduct, int64_t now) {
    const who_t who = {registry, conduct, now};
    for (int i = 0; i < SERVED_MAX && zsock_events(self->sock) & ZMQ_POLLIN; i++) {
        zmsg_t *msg = zmsg_recv(self->sock);
        if (!msg) return deaf(errno);
        request_t r;
        reply_t v = {0};
        if (read_request(msg, &r)) {
            self->counts.malformed++;
            log_warn("gate.malformed", "frames=%zu do=\"report it: libzmq sent what RFC 27 does not know\"",
                     zmsg_size(msg));
        } else {
            judge(self, &who, &r, &v);
            if (v.code) answer(self, &r, &v);
        }
        zmsg_destroy(&msg);
    }
    return BC_OK;
}
