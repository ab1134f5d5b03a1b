/* SPDX-License-Identifier: MPL-2.0 */
/* courier.c - the connection's life: rest, greet, work, leave; and waiting longer after each failure. */
#include "agent/courier.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/courier_impl.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/version.h"

#define FIRST_WAIT 1000   /* ms; the longest wait after the first failure */
#define CALL_MS 10000     /* without TCP by then there is no way, which libzmq does not always tell */
#define AGAIN_MS 900000   /* PROTOCOL.md 3: nobody is asked to wait longer */
#define TURN_MESSAGES 256 /* read in one turn, so that other sockets get theirs */
#define FAR INT64_MAX

/* ---- states ---- */

/* The only place where the state changes. */
static void become(courier_t *c, courier_state_t state) {
    static const int allowed[3][3] = {
        [COURIER_RESTING] = {[COURIER_RESTING] = 1, [COURIER_GREETING] = 1},
        [COURIER_GREETING] = {[COURIER_RESTING] = 1, [COURIER_GREETING] = 1, [COURIER_OPEN] = 1},
        [COURIER_OPEN] = {[COURIER_RESTING] = 1, [COURIER_GREETING] = 1},
    };
    assert(allowed[c->state][state]);
    c->state = state;
    if (state == COURIER_OPEN) c->idle_since = clock_mono_ms();
    if (state != COURIER_OPEN) courier_forget_batches(c);
    if (state == COURIER_RESTING) line_close(&c->line);
    c->deadline = 0;
    c->pinging = 0;
}

/* Full jitter: anything between nothing and the longest wait, which doubles. */
static int64_t wait_after_failure(const courier_t *c) {
    int64_t most = FIRST_WAIT;
    for (int i = 1; i < c->failures && most < c->times.backoff; i++)
        most *= 2;
    if (most > c->times.backoff) most = c->times.backoff;
    return randombytes_uniform((uint32_t)most + 1);
}

/* When to connect if nothing is entered meanwhile: for what was asked for later, or to look for news. */
static int64_t next_visit(courier_t *c) {
    outbox_counts_t counts;
    int64_t wait = c->times.look;
    if (outbox_counts(c->outbox, &counts)) return clock_mono_ms(); /* the next transaction tells of it */
    if (counts.state[KEPT_WAITING]) wait = 0;
    int64_t due = counts.due ? counts.due - clock_wall_ms() : wait;
    if (due < wait) wait = due > 0 ? due : 0;
    return clock_mono_ms() + wait;
}

static int write_trouble(courier_t *c) {
    int rc = courier_begin(c);
    if (!rc) rc = outbox_fact_put(c->outbox, "error_code", c->trouble.code);
    if (!rc) rc = outbox_fact_put(c->outbox, "error_vi", c->trouble.vi);
    if (!rc) rc = outbox_fact_put(c->outbox, "error_en", c->trouble.en);
    return rc ? rc : outbox_fact_put_int(c->outbox, "error_at", clock_wall_ms());
}

/* Ends a useless connection and sets the time of the next attempt. */
static int end_attempt(courier_t *c) {
    int wrong_key = strcmp(c->trouble.code, "server-key-wrong") == 0;
    c->failures++;
    c->wake = clock_mono_ms() + wait_after_failure(c);
    /* The second key is as good as the first: both were in the code. */
    if (wrong_key && !sodium_is_zero(c->successor, 32)) c->try_successor = !c->try_successor;
    log_warn("courier.failed", "code=%s failures=%d wait_ms=%lld do=\"see: baocao-agent status\"",
             c->trouble.code, c->failures, (long long)(c->wake - clock_mono_ms()));
    become(c, COURIER_RESTING);
    int rc = write_trouble(c);
    c->trouble = (refusal_t){0};
    return rc;
}

int courier_begin(courier_t *c) {
    if (c->in_transaction) return BC_OK;
    int rc = outbox_begin(c->outbox);
    if (!rc) c->in_transaction = 1;
    return rc;
}

static int commit(courier_t *c) {
    if (!c->in_transaction) return BC_OK;
    c->in_transaction = 0;
    return outbox_commit(c->outbox);
}

void courier_expect(courier_t *c) {
    c->deadline = clock_mono_ms() + c->times.patience;
}

int courier_give_up(courier_t *c, const refusal_t *why) {
    c->trouble = *why;
    return BC_AGAIN;
}

int courier_nonsense(courier_t *c, const char *what) {
    refuse(
        &c->trouble, "collector-nonsense", NULL,
        "Máy chủ trả lời sai quy cách (%s). Sẽ tự thử lại; nếu kéo dài, hãy báo cho người phụ trách hệ "
        "thống.",
        "The collector's answer is not as the protocol says (%s). It will be tried again; if it lasts, tell "
        "the operator.",
        what);
    return BC_AGAIN;
}

/* ---- connecting ---- */

static int hello(courier_t *c) {
    c->greet = 0;
    char *id = outbox_id(c->outbox), *log = outbox_fact(c->outbox, "log");
    json_t *h = json_pack("{si ss ss sI sI}", "v", 1, "program", "baocao-agent/" BAOCAO_VERSION, "outbox", id,
                          "next", (json_int_t)outbox_next(c->outbox), "clock", (json_int_t)clock_wall_ms());
    if (log) json_object_set_new(h, "log", json_string(log));
    int rc = frame_send(line_socket(c->line), NULL, CMD_HELLO, h, NULL, 0);
    json_decref(h);
    free(id);
    free(log);
    become(c, COURIER_GREETING);
    courier_expect(c);
    return rc ? courier_nonsense(c, "HELLO") : BC_OK;
}

static int connect_now(courier_t *c) {
    refusal_t why;
    c->line = line_open(c->endpoint, &c->pair, c->try_successor ? c->successor : c->server, &why);
    if (!c->line) return courier_give_up(c, &why);
    c->called = clock_mono_ms();
    return hello(c);
}

int courier_greet_again(courier_t *c) {
    c->greet = 1;
    return BC_OK;
}

void courier_take_credit(courier_t *c, const json_t *header) {
    int64_t now = clock_mono_ms();
    c->credit = credit_read(json_object_get(header, "credit"));
    if (!c->credit.documents && now + c->credit.wait_ms < c->ping_at) c->ping_at = now + c->credit.wait_ms;
}

void courier_opened(courier_t *c) {
    become(c, COURIER_OPEN);
    c->cursor = c->again = 0;
    c->held = 1;
    c->drained = 0;
    c->head = -1;
    c->ping_at = clock_mono_ms(); /* asks for news at once */
}

/* ---- one turn ---- */

static int take(courier_t *c, const frame_t *f) {
    switch (f->command) {
    case CMD_WELCOME: return courier_welcome(c, f);
    case CMD_RECEIPT: return courier_receipt(c, f);
    case CMD_PONG: return courier_pong(c, f);
    case CMD_PLAN: return courier_plan(c, f);
    case CMD_NOTICE: return courier_notice(c, f);
    default: log_info("courier.ignored", "command=%s", frame_command_name(f->command)); return BC_OK;
    }
}

static int read_messages(courier_t *c) {
    int rc = BC_OK;
    for (int i = 0; !rc && i < TURN_MESSAGES && c->line; i++) {
        frame_t f;
        refusal_t why;
        rc = frame_take(line_socket(c->line), 0, &f, &why);
        if (rc == BC_AGAIN) return BC_OK;
        if (rc_refused(rc)) log_warn("courier.unreadable", "code=%s do=\"tell the operator\"", why.code);
        rc = rc ? BC_OK : take(c, &f);
        frame_free(&f);
    }
    return rc;
}

/* What the line itself tells. Messages were read before, since the last of them may say why it ended. */
static int look_at_line(courier_t *c) {
    line_state_t state = line_state(c->line);
    refusal_t why;
    if (line_dead(state)) {
        line_why(state, c->endpoint, &why);
        return courier_give_up(c, &why);
    }
    int64_t now = clock_mono_ms();
    int late = c->deadline && now >= c->deadline;
    if (!late && (state != LINE_CALLING || now < c->called + CALL_MS)) return BC_OK;
    line_why(state, c->endpoint, &why);
    return courier_give_up(c, &why);
}

/* What was put off before this connection, or by a clock that runs otherwise than the one we wait by. */
static int plan_again(courier_t *c) {
    outbox_counts_t counts;
    int rc = outbox_counts(c->outbox, &counts);
    int64_t wait = counts.due - clock_wall_ms();
    if (wait < 0) wait = 0;
    if (!rc && counts.due) c->again = clock_mono_ms() + (wait < AGAIN_MS ? wait : AGAIN_MS) + 1;
    return rc;
}

/* Everything an open connection has to do now. */
static int work(courier_t *c) {
    int64_t now = clock_mono_ms();
    if (c->again && now >= c->again && !c->batches) {
        c->cursor = c->again = 0;
        c->held = c->drained = 0; /* what is held was asked for in the first pass */
    }
    int rc = courier_send_due(c);
    if (!rc && c->drained && !c->batches && !c->again) rc = plan_again(c);
    if (!rc && !c->pinging && (now >= c->ping_at || c->news < c->head)) rc = courier_ping(c);
    if (rc) return rc;
    if (!courier_idle(c))
        c->idle_since = now;
    else if (now - c->idle_since >= c->times.stay)
        courier_leave(c);
    return BC_OK;
}

int courier_turn(courier_t *self) {
    int rc = BC_OK;
    if (self->state == COURIER_RESTING) {
        if (clock_mono_ms() < self->wake) return BC_OK;
        rc = connect_now(self);
    } else {
        rc = read_messages(self);
        if (!rc) rc = look_at_line(self);
    }
    /* On disk before anything is sent that builds on it. */
    if (!rc) rc = commit(self);
    if (!rc && self->greet) rc = hello(self);
    if (!rc && self->state == COURIER_OPEN) rc = work(self);
    if (self->trouble.code[0]) rc = end_attempt(self);
    if (rc_stop(rc)) return rc;
    return commit(self);
}

/* ---- for the owner ---- */

size_t courier_items(courier_t *self, zmq_pollitem_t out[static 2]) {
    if (!self->line) return 0;
    out[0] = (zmq_pollitem_t){.socket = zsock_resolve(line_socket(self->line)), .events = ZMQ_POLLIN};
    out[1] = (zmq_pollitem_t){.socket = zsock_resolve(line_monitor(self->line)), .events = ZMQ_POLLIN};
    return 2;
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t courier_due(const courier_t *self) {
    if (self->state == COURIER_RESTING) return self->wake;
    int64_t due = self->deadline ? self->deadline : FAR;
    if (self->state == COURIER_GREETING)
        return line_state(self->line) == LINE_CALLING ? earlier(due, self->called + CALL_MS) : due;
    if (!self->pinging) due = earlier(due, self->ping_at);
    if (self->again && !self->batches) due = earlier(due, self->again);
    if (courier_idle(self)) due = earlier(due, self->idle_since + self->times.stay);
    return due;
}

void courier_nudge(courier_t *self) {
    self->drained = 0;
    if (self->state == COURIER_RESTING && !self->failures) self->wake = clock_mono_ms();
}

void courier_leave(courier_t *self) {
    if (self->state == COURIER_RESTING) return;
    if (self->state == COURIER_OPEN) frame_send(line_socket(self->line), NULL, CMD_BYE, NULL, NULL, 0);
    become(self, COURIER_RESTING);
    self->wake = next_visit(self);
}

courier_state_t courier_state(const courier_t *self) {
    return self->state;
}

int courier_idle(const courier_t *self) {
    return self->state == COURIER_OPEN && !self->batches && self->drained && !self->pinging &&
           self->head >= 0 && self->news >= self->head;
}

int courier_failures(const courier_t *self) {
    return self->failures;
}

int courier_swapping(const courier_t *self) {
    return self->try_successor && self->failures == 1;
}

int64_t courier_verdicts(const courier_t *self) {
    return self->verdicts;
}

/* ---- making one ---- */

/* A fact of hex64 into 32 bytes; zeros where there is none. */
static void read_key(outbox_t *outbox, const char *name, uint8_t out[static 32]) {
    char *hex = outbox_fact(outbox, name);
    if (!hex || hex_read(hex, out, 32)) memset(out, 0, 32);
    free(hex);
}

static int load_pair(courier_t *c, const char *dir, refusal_t *why) {
    char *name = outbox_fact(c->outbox, "key_file");
    if (!name)
        return refuse(
            why, "not-joined", NULL,
            "Máy này chưa ghi danh. Hãy lấy mã ghi danh do Liên đoàn cấp rồi chạy: baocao-agent join MÃ",
            "This computer is not enrolled yet. Take the code from the federation and run: baocao-agent "
            "join CODE");
    char *path = file_path(dir, name);
    int rc = curve_pair_load(path, &c->pair, why);
    free(path);
    free(name);
    return rc;
}

courier_t *courier_new(outbox_t *outbox, const char *dir, const char *endpoint, const courier_times_t *times,
                       refusal_t *why) {
    courier_t *self = mem_alloc(sizeof *self);
    self->outbox = outbox;
    self->times = *times;
    self->head = -1;
    self->wake = clock_mono_ms();
    if (load_pair(self, dir, why)) goto failed;
    self->endpoint = *endpoint ? mem_str(endpoint) : outbox_fact(outbox, "endpoint");
    read_key(outbox, "server", self->server);
    read_key(outbox, "successor", self->successor);
    return self;
failed:
    courier_free(&self);
    return NULL;
}

void courier_free(courier_t **self_p) {
    courier_t *self = *self_p;
    if (!self) return;
    if (self->state == COURIER_OPEN) frame_send(line_socket(self->line), NULL, CMD_BYE, NULL, NULL, 0);
    courier_forget_batches(self);
    line_close(&self->line);
    sodium_memzero(&self->pair, sizeof self->pair);
    free(self->endpoint);
    free(self);
    *self_p = NULL;
}
