/* SPDX-License-Identifier: MPL-2.0 */
/* follow.c - the life of the connection; what comes over it is taken apart in follow_entries.c. */
#include "aggregator/follow.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "aggregator/decision.h"
#include "aggregator/follow_impl.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/program.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"

#define FIRST_WAIT 1000 /* ms; the longest wait after the first failure */

/* The only place where the state changes. */
static void become(follow_t *f, follow_state_t state) {
    static const int allowed[3][3] = {
        [FOLLOW_RESTING] = {[FOLLOW_RESTING] = 1, [FOLLOW_ASKING] = 1},
        [FOLLOW_ASKING] = {[FOLLOW_RESTING] = 1, [FOLLOW_OPEN] = 1},
        [FOLLOW_OPEN] = {[FOLLOW_RESTING] = 1, [FOLLOW_ASKING] = 1},
    };
    assert(allowed[f->state][state]);
    f->state = state;
    if (state == FOLLOW_RESTING) line_close(&f->line);
}

follow_t *follow_new(const char *dir, const peer_t *peer, const conf_t *conf, store_t *store,
                     refusal_t *why) {
    fold_t *fold = fold_new(store, why);
    if (!fold) return NULL;
    follow_t *self = mem_alloc(sizeof *self);
    self->dir = mem_str(dir);
    self->peer = *peer;
    self->store = store;
    self->fold = fold;
    self->patience = conf_int(conf, "follow/patience");
    self->backoff = conf_int(conf, "follow/backoff");
    self->window = conf_int(conf, "follow/window");
    self->due = clock_mono_ms();
    return self;
}

void follow_free(follow_t **self_p) {
    follow_t *self = *self_p;
    if (!self) return;
    if (self->line && self->state == FOLLOW_OPEN)
        frame_send(line_socket(self->line), NULL, CMD_BYE, NULL, NULL, 0);
    line_close(&self->line);
    fold_free(&self->fold);
    sodium_memzero(&self->peer, sizeof self->peer);
    free(self->dir);
    free(self);
    *self_p = NULL;
}

void follow_limit(follow_t *self, int64_t position) {
    self->limit = position;
}

int64_t follow_head(const follow_t *self) {
    return self->head;
}

const refusal_t *follow_trouble(const follow_t *self) {
    return &self->trouble;
}

int follow_done(const follow_t *self) {
    int64_t end = self->limit ? self->limit : self->head;
    return (self->greeted || self->limit) && store_cursor(self->store)->position >= end;
}

/* SUBSCRIBE from the cursor: at the beginning of a line, and again on it to hear whether it still lives. */
static int subscribe(follow_t *f) {
    const cursor_t *at = store_cursor(f->store);
    char chain[HASH_HEX], *program = mem_printf("baocao-aggregator/%s", program_version());
    json_t *j = json_pack("{s:i,s:s,s:I,s:I}", "v", 1, "program", program, "position",
                          (json_int_t)at->position, "window", (json_int_t)f->window);
    if (at->position) {
        json_object_set_new(j, "log", json_string(at->log));
        json_object_set_new(j, "chain", json_string(hex_write(at->chain.b, HASH_LEN, chain)));
    }
    int rc = frame_send(line_socket(f->line), NULL, CMD_SUBSCRIBE, j, NULL, 0);
    json_decref(j);
    free(program);
    become(f, FOLLOW_ASKING);
    f->due = clock_mono_ms() + f->patience;
    return rc;
}

static void connect_line(follow_t *f) {
    f->line = line_open(f->peer.endpoint, &f->peer.pair,
                        f->try_successor ? f->peer.successor : f->peer.server, &f->trouble);
    if (!f->line || subscribe(f)) follow_fail(f);
}

void follow_fail(follow_t *f) {
    int64_t most = FIRST_WAIT;
    for (int i = 0; i < f->failures && most < f->backoff; i++)
        most *= 2;
    f->failures++;
    if (most > f->backoff) most = f->backoff;
    int64_t wait = randombytes_uniform((uint32_t)most + 1); /* full jitter */
    /* The second key is as good as the first: both were in the enrolment code. */
    if (strcmp(f->trouble.code, "server-key-wrong") == 0) f->try_successor = !f->try_successor;
    log_warn("follow.failed", "code=%s failures=%d wait_ms=%lld do=\"see: baocao-aggregator status\"",
             f->trouble.code, f->failures, (long long)wait);
    become(f, FOLLOW_RESTING);
    f->due = clock_mono_ms() + wait;
}

/* The collector answered under its second key: that is the first one now. */
static void swap_keys(follow_t *f) {
    uint8_t key[32];
    memcpy(key, f->peer.server, sizeof key);
    memcpy(f->peer.server, f->peer.successor, sizeof key);
    memcpy(f->peer.successor, key, sizeof key);
    f->try_successor = 0;
    f->keys_changed = 1;
    log_info("follow.key-changed", "do=\"nothing\"");
}

void follow_heard(follow_t *f) {
    if (f->try_successor) swap_keys(f);
    f->failures = 0;
    f->greeted = 1;
    f->trouble = (refusal_t){0};
    if (f->state == FOLLOW_ASKING) {
        become(f, FOLLOW_OPEN);
        decision_send(f->dir, NULL, line_socket(f->line));
    }
    f->due = clock_mono_ms() + f->patience;
}

/* What has become of a silent line. */
static int check_line(follow_t *f, refusal_t *why) {
    line_state_t state = line_state(f->line);
    int late = clock_mono_ms() >= f->due;
    if (!line_dead(state) && !late) return BC_OK;
    if (!line_dead(state) && f->state == FOLLOW_OPEN) return subscribe(f) ? (follow_fail(f), BC_OK) : BC_OK;
    int rc = line_why(state, f->peer.endpoint, &f->trouble);
    if (rc == BC_REFUSED && why) *why = f->trouble;
    follow_fail(f);
    return rc == BC_REFUSED ? rc : BC_OK;
}

int follow_tick(follow_t *self, refusal_t *why) {
    if (!self->line) {
        if (clock_mono_ms() >= self->due) connect_line(self);
        return BC_OK;
    }
    int rc = follow_take(self, why);
    return rc == BC_OK && self->line ? check_line(self, why) : rc;
}

void follow_wait(follow_t *self, int fd, zsock_t *other, int64_t ms) {
    zmq_pollitem_t items[4];
    int n = 0;
    int64_t left = self->due - clock_mono_ms();
    if (left < ms) ms = left > 0 ? left : 0;
    if (self->line) {
        items[n++] = (zmq_pollitem_t){zsock_resolve(line_socket(self->line)), 0, ZMQ_POLLIN, 0};
        items[n++] = (zmq_pollitem_t){zsock_resolve(line_monitor(self->line)), 0, ZMQ_POLLIN, 0};
    }
    if (fd >= 0) items[n++] = (zmq_pollitem_t){NULL, fd, ZMQ_POLLIN, 0};
    if (other) items[n++] = (zmq_pollitem_t){zsock_resolve(other), 0, ZMQ_POLLIN, 0};
    zmq_poll(items, n, (long)ms);
}

int follow_until_done(follow_t *self, int signals, int64_t wait_ms, progress_t *progress, refusal_t *why) {
    int64_t moved = clock_mono_ms(), at = store_cursor(self->store)->position;
    while (!follow_done(self)) {
        int rc = follow_tick(self, why);
        if (rc) return rc;
        int64_t position = store_cursor(self->store)->position;
        if (position != at) moved = clock_mono_ms();
        at = position;
        if (self->head) progress_step(progress, position, self->limit ? self->limit : self->head);
        if (signals >= 0 && signals_take(signals)) {
            refuse(why, "interrupted", NULL, "Đã dừng theo yêu cầu; lần sau sẽ tiếp tục từ chỗ này.",
                   "Stopped as asked; it will go on from here.");
            return BC_AGAIN;
        }
        if (clock_mono_ms() - moved > wait_ms) {
            if (why) *why = self->trouble;
            if (!self->trouble.code[0]) line_why(LINE_LOST, self->peer.endpoint, why);
            return BC_AGAIN;
        }
        if (!follow_done(self)) follow_wait(self, signals, NULL, 200);
    }
    return BC_OK;
}
