/* SPDX-License-Identifier: MPL-2.0 */
/* intake.c - the loop: takes what waits at each socket in turn, so that none starves another. */
#include "collector/intake.h"

#include <signal.h>
#include <zmq.h>

#include "collector/header.h"
#include "collector/intake_impl.h"
#include "proto/base/file.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"
#include "proto/base/sock.h"

#define TICK_MS 1000
#define LOOK_MS 200
#define SESSION_MS 600000 /* without a message (PROTOCOL.md 3) */
#define TURN_US 250       /* at one socket, or judging, before the others get their turn */

/* ---- messages on the documents port ---- */

enum { AGENT, CONSUMER, ANYBODY };

static const struct {
    int (*handle)(intake_t *self, said_t *said, int64_t *batch, refusal_t *why);
    int who;
    int opens; /* makes the session; the others need one */
} commands[CMD_COUNT] = {
    [CMD_HELLO] = {intake_hello, AGENT, 1},
    [CMD_DOCUMENTS] = {intake_take_documents, AGENT, 0},
    [CMD_PING] = {intake_ping, AGENT, 0},
    [CMD_BYE] = {intake_bye, ANYBODY, 0},
    [CMD_SUBSCRIBE] = {intake_subscribe, CONSUMER, 1},
    [CMD_COMMIT] = {intake_commit, CONSUMER, 0},
    [CMD_DECISION] = {intake_decision, CONSUMER, 1},
};

static int refuse_role(int consumer, refusal_t *why) {
    if (consumer)
        return refuse(why, "agent-only", NULL, "Lệnh này chỉ dành cho máy của đơn vị.",
                      "This command is for the agents of units only.");
    return refuse(why, "consumer-only", NULL, "Lệnh này chỉ dành cho chương trình tổng hợp.",
                  "This command is for consumers only.");
}

/* Whether this command may be said here and now. */
static int check_place(const said_t *said, refusal_t *why) {
    command_t c = said->frame->command;
    if (!commands[c].handle)
        return refuse(why, "command-misplaced", NULL, "Lệnh %s không dùng được ở cổng này.",
                      "The command %s has no place at this port.", frame_command_name(c));
    if (said->peer == 0)
        return refuse(why, "routing-id", NULL,
                      "Chương trình không được tự đặt định danh kết nối (routing id).",
                      "A client must not set a routing id.");
    if (commands[c].who != ANYBODY && commands[c].who != (said->key->consumer ? CONSUMER : AGENT))
        return refuse_role(said->key->consumer, why);
    if (!commands[c].opens && (!said->session || (c == CMD_COMMIT && !said->session->feed)))
        return refuse(why, "hello-first", NULL, "Phải gửi HELLO (hoặc SUBSCRIBE) trước lệnh %s.",
                      "HELLO (or SUBSCRIBE) must come before %s.", frame_command_name(c));
    return BC_OK;
}

static void hang_up(intake_t *self, int fd) {
    sock_hang_up(fd);
    self->hung_up = fd;
}

void intake_rule_broken(intake_t *self, const frame_t *f, size_t bytes) {
    int64_t ms = conduct_break(self->conduct, f->key, bytes, clock_mono_ms());
    if (!ms) return;
    log_warn("intake.put-out", "who=%s key=%lld command=%s ms=%lld do=\"see: baocao-collector status\"",
             f->user, (long long)f->key, frame_command_name(f->command), (long long)ms);
    hang_up(self, f->fd);
}

/* Whether F is from a key that was put out: what was read ahead of it, or it has another connection. */
static int is_out(intake_t *self, const frame_t *f) {
    unread_handed(self->unread, f->fd);
    if (!conduct_out(self->conduct, f->key, clock_mono_ms())) return 0;
    if (f->fd != self->hung_up) hang_up(self, f->fd);
    return 1;
}

/* RC is what frame_take said of F. */
static void handle(intake_t *self, frame_t *f, int rc, refusal_t *why) {
    int64_t batch = 0;
    if (is_out(self, f)) return;
    said_t said = {.frame = f, .key = f->user[0] ? registry_key(self->registry, f->key) : NULL};
    if (registry_key_ok(said.key, intake_received(self), why) != BC_OK || !said.key) rc = BC_REFUSED;
    if (rc == BC_OK) {
        said.peer = session_peer(f->from);
        said.session = sessions_get(self->sessions, said.peer);
        if (said.session && said.session->key != f->key) said.session = NULL;
        rc = check_place(&said, why);
    }
    if (rc == BC_OK) {
        if (said.session) said.session->seen = clock_mono_ms();
        rc = commands[f->command].handle(self, &said, &batch, why);
    }
    if (rc == BC_OK) return;
    frame_refuse(self->documents, f->from, f->command, batch, why);
    intake_rule_broken(self, f, f->bytes);
}

/* Takes what waits, for a while. */
static void take_documents(intake_t *self) {
    int64_t until = clock_mono_us() + TURN_US;
    do {
        frame_t f;
        refusal_t why;
        int rc = frame_take(self->documents, 1, &f, &why);
        if (rc != BC_AGAIN) handle(self, &f, rc, &why);
        frame_free(&f);
        if (rc == BC_AGAIN) return;
    } while (clock_mono_us() < until);
}

/* Judges for a while; what is judged goes to the keeper. */
static void judge(intake_t *self) {
    int64_t until = clock_mono_us() + TURN_US;
    for (job_t *job; (job = docket_next(self->docket, self->registry, until));)
        keeper_give(self->keeper, &job);
}

int64_t intake_received(intake_t *self) {
    int64_t now = clock_wall_ms();
    if (now > self->received) self->received = now;
    return self->received;
}

/* ---- what happens by time ---- */

static void age(void *arg, session_t *s) {
    intake_t *self = arg;
    int64_t now = clock_mono_ms();
    if (now - s->seen > SESSION_MS && s->bytes == 0) sessions_drop(self->sessions, s->peer, &self->purse);
}

static void look_at_disk(intake_t *self) {
    long long free_bytes = file_free_bytes(self->dir);
    int low = free_bytes >= 0 && free_bytes < conf_int(self->conf, "disk/low");
    if (low && !self->disk_low)
        log_error("intake.disk-low",
                  "free=%lld do=\"make room on the disk of %s: until then no documents are taken\"",
                  free_bytes, self->dir);
    if (!low && self->disk_low) log_info("intake.disk-ok", "free=%lld", free_bytes);
    self->disk_low = low;
}

static void look_at_lines(intake_t *self, int64_t now) {
    if (now - self->looked < LOOK_MS) return;
    self->looked = now;
    int cut = unread_look(self->unread);
    if (cut) log_warn("intake.endless", "lines=%d do=\"nothing: their messages had no end\"", cut);
}

static void tick(intake_t *self) {
    int64_t now = clock_mono_ms();
    look_at_lines(self, now);
    if (now - self->ticked < TICK_MS) return;
    self->ticked = now;
    look_at_disk(self);
    sessions_each(self->sessions, age, self);
}

static void take_signal(intake_t *self) {
    int number = signals_take(self->signals);
    if (number != SIGTERM && number != SIGINT) return;
    log_info("intake.draining", "signal=%d jobs=%lld", number, (long long)keeper_busy(self->keeper));
    intake_drain(self);
}

/* ---- the loop ---- */

enum { AT_KEEPER, AT_GATE, AT_DOCUMENTS, AT_ENROL, AT_CTL, AT_SIGNALS, PLACES };

/* WAIT_MS, or less where an answer is due before. */
static int until_due(const intake_t *self, int wait_ms) {
    int64_t left = self->due - clock_mono_ms();
    if (!self->due || left >= wait_ms) return wait_ms;
    return left > 0 ? (int)left : 0;
}

int intake_turn(intake_t *self, int wait_ms) {
    zmq_pollitem_t item[PLACES] = {
        [AT_KEEPER] = {.socket = zsock_resolve(keeper_socket(self->keeper)), .events = ZMQ_POLLIN},
        [AT_GATE] = {.socket = zsock_resolve(gate_socket(self->gate)), .events = ZMQ_POLLIN},
        [AT_DOCUMENTS] = {.socket = zsock_resolve(self->documents), .events = ZMQ_POLLIN},
        [AT_ENROL] = {.socket = zsock_resolve(self->enrol), .events = ZMQ_POLLIN},
        [AT_CTL] = {.socket = zsock_resolve(self->ctl), .events = ZMQ_POLLIN},
        [AT_SIGNALS] = {.fd = self->signals, .events = ZMQ_POLLIN},
    };
    int places = self->signals < 0 ? AT_SIGNALS : PLACES;
    if (docket_size(self->docket)) wait_ms = 0;
    wait_ms = until_due(self, wait_ms);
    if (zmq_poll(item, places, wait_ms) < 0) return errno == EINTR ? BC_OK : BC_BROKEN;
    for (job_t *job; (job = keeper_take(self->keeper));)
        intake_answer(self, &job);
    intake_answer_due(self);
    if (item[AT_GATE].revents && gate_serve(self->gate, self->registry, self->conduct, intake_received(self)))
        return BC_BROKEN;
    if (item[AT_DOCUMENTS].revents) take_documents(self);
    judge(self);
    if (item[AT_ENROL].revents) intake_take_enrol(self);
    if (item[AT_CTL].revents) intake_take_ctl(self);
    if (item[AT_SIGNALS].revents) take_signal(self);
    while (intake_feed(self) && zmq_poll(item, places, 0) == 0)
        ;
    tick(self);
    return BC_OK;
}

void intake_drain(intake_t *self) {
    self->draining = 1;
}

int intake_done(const intake_t *self) {
    return self->draining && docket_size(self->docket) == 0 && keeper_busy(self->keeper) == 0 &&
           zlist_size(self->put_off) == 0;
}
