/* SPDX-License-Identifier: MPL-2.0 */
/* intake_answer.c - what came back from the keeper is answered; and the two doors whose messages go straight
 * to it: enrolment and command lines. */
#include <stdlib.h>
#include <string.h>

#include "collector/intake_impl.h"
#include "proto/base/ctl.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"

#define WANT_MOST (2 << 20) /* bytes of the largest window */
#define REFUSED_MS 2        /* for each refused document, and for each KiB of a message of them */
#define SKEWS_MOST 50       /* clocks shown by status */

/* ---- documents ---- */

static void count(intake_t *self, const batch_t *batch) {
    batch_counts_t c = batch_counts(batch);
    stats_add(&self->stats.stored, c.stored);
    stats_add(&self->stats.duplicates, c.duplicates);
    stats_add(&self->stats.refused, c.refused);
    stats_add(&self->stats.held, c.held);
    stats_add(&self->stats.later, c.later);
    if (c.stored) stats_stored(&self->stats, c.stored, clock_mono_ms());
}

/* The session a batch came by, if it is still the same one. */
static session_t *session_of(intake_t *self, const job_t *job) {
    session_t *s = sessions_get(self->sessions, session_peer(job->from));
    return s && s->number == job->session ? s : NULL;
}

static int mostly_refused(const batch_t *batch) {
    return batch_counts(batch).refused * 2 > (int64_t)batch_count(batch);
}

/* A window that was used to half is doubled, for there is more behind it; one that was not used to an eighth
 * is halved, as is that of whoever sends what must be refused: it costs most and is worth least. */
static credit_t credit_after(intake_t *self, session_t *s, const batch_t *batch) {
    int bad = mostly_refused(batch);
    if (!bad && s->bytes * 2 >= s->window.bytes && s->want < WANT_MOST) s->want *= 2;
    if ((bad || s->bytes * 8 < s->window.bytes) && s->want > DOCUMENT_MAX) s->want /= 2;
    s->bytes -= batch_bytes(batch);
    s->documents -= (int64_t)batch_count(batch);
    return intake_credit(self, s);
}

static void answer_batch(intake_t *self, job_t *job) {
    credit_t credit = {.wait_ms = 1000};
    session_t *s = session_of(self, job);
    self->under_way -= batch_bytes(job->batch);
    if (s) credit = credit_after(self, s, job->batch);
    buf_clear(&self->out);
    buf_clear(&self->body);
    batch_receipt(job->batch, &self->sign, self->head.log, clock_wall_ms(), &credit, &self->out, &self->body);
    frame_send_text(self->documents, job->from, CMD_RECEIPT, self->out.data, self->body.data, self->body.len);
    count(self, job->batch);
}

/* Whoever has much refused hears of it a little later: as he waits for answers before he sends more, he takes
 * a hundredth of the machine and not a half. An officer whose whole table is wrong does not notice. */
static int put_off(intake_t *self, job_t *job) {
    if (job->due || self->draining || !mostly_refused(job->batch)) return 0;
    job->due =
        clock_mono_ms() + REFUSED_MS * (batch_counts(job->batch).refused + batch_bytes(job->batch) / 1024);
    if (zlist_append(self->put_off, job)) abort(); /* memory that czmq did not get */
    if (!self->due || job->due < self->due) self->due = job->due;
    return 1;
}

void intake_answer_due(intake_t *self) {
    int64_t now = clock_mono_ms();
    if (!self->due || (now < self->due && !self->draining)) return;
    self->due = 0;
    for (size_t n = zlist_size(self->put_off); n; n--) {
        job_t *job = zlist_pop(self->put_off);
        if (job->due <= now || self->draining) {
            answer_batch(self, job);
            job_free(&job);
            continue;
        }
        if (zlist_append(self->put_off, job)) abort();
        if (!self->due || job->due < self->due) self->due = job->due;
    }
}

/* ---- decisions ---- */

static void answer_decision(intake_t *self, job_t *job) {
    char uuid[UUID_TEXT];
    refusal_t why = job->decision.why;
    json_t *j;
    uuid_text(&job->decision.uuid, uuid);
    if (job->decision.rc == BC_CONFLICT)
        refuse(&why, "decision-conflict", "uuid", "Mã quyết định này đã dùng cho một quyết định khác.",
               "This uuid was used for another decision.");
    if (job->decision.rc) {
        j = json_pack("{ss ss ss ss ss}", "uuid", uuid, "verdict", "refused", "code", why.code, "vi", why.vi,
                      "en", why.en);
    } else {
        j = json_pack("{ss ss sI}", "uuid", uuid, "verdict", "stored", "position",
                      (json_int_t)job->decision.position);
    }
    frame_send(self->documents, job->from, CMD_DECIDED, j, NULL, 0);
    json_decref(j);
}

/* ---- enrolment ---- */

static void send_enrolled(intake_t *self, zframe_t *to, json_t *answer) {
    frame_send(self->enrol, to, CMD_ENROLLED, answer, NULL, 0);
    json_decref(answer);
}

int intake_take_enrol(intake_t *self) {
    frame_t f;
    refusal_t why;
    enrol_request_t request;
    int rc = frame_take(self->enrol, 1, &f, &why);
    if (rc == BC_AGAIN) {
        frame_free(&f);
        return 0;
    }
    if (rc == BC_OK && f.command != CMD_ENROL)
        rc = refuse(&why, "command-misplaced", NULL, "Cổng ghi danh chỉ nhận lệnh ENROL.",
                    "The enrolment port takes ENROL only.");
    if (rc != BC_OK) {
        frame_refuse(self->enrol, f.from, f.command, 0, &why);
    } else if (enrol_read(f.header, f.public_hex, &request, &why) != BC_OK) {
        send_enrolled(self, f.from, enrol_refused(&why));
    } else if (!self->draining) {
        job_t *job = job_new(JOB_ENROL, &f.from);
        job->enrol.request = request;
        job->enrol.now = intake_received(self);
        keeper_give(self->keeper, &job);
    }
    frame_free(&f);
    return 1;
}

/* ---- command lines ---- */

static void add_skew(void *arg, session_t *s) {
    json_t *list = arg;
    if (json_array_size(list) >= SKEWS_MOST || (s->skew <= INTAKE_SKEW && s->skew >= -INTAKE_SKEW)) return;
    json_array_append_new(list, json_pack("{ss sI}", "unit", s->unit, "ms", (json_int_t)s->skew));
}

static void put(json_t *j, const char *name, int64_t value) {
    json_object_set_new(j, name, json_integer(value));
}

static void count_feed(void *arg, session_t *s) {
    *(int64_t *)arg += s->feed != NULL;
}

/* How many consumers read along. */
static int64_t feeds(intake_t *self) {
    int64_t n = 0;
    sessions_each(self->sessions, count_feed, &n);
    return n;
}

static json_t *handshakes(const gate_t *gate) {
    gate_counts_t g = gate_counts(gate);
    json_t *j = json_object();
    put(j, "accepted", g.accepted);
    put(j, "enrolling", g.enrolling);
    put(j, "unknown", g.unknown);
    put(j, "expired", g.expired);
    put(j, "revoked", g.revoked);
    put(j, "malformed", g.malformed);
    put(j, "put_out", g.out);
    return j;
}

static json_t *skews(intake_t *self) {
    json_t *list = json_array();
    sessions_each(self->sessions, add_skew, list);
    return list;
}

typedef struct {
    const registry_t *registry;
    json_t *list;
} outs_t;

static void add_out(void *arg, int64_t serial, int64_t left) {
    outs_t *outs = arg;
    const access_key_t *key = registry_key(outs->registry, serial);
    json_array_append_new(outs->list, json_pack("{ss sI sI}", "unit", key ? key->unit : "?", "key",
                                                (json_int_t)serial, "ms", (json_int_t)left));
}

static json_t *put_out(intake_t *self) {
    outs_t outs = {self->registry, json_array()};
    conduct_each(self->conduct, clock_mono_ms(), add_out, &outs);
    return outs.list;
}

/* What only the running collector knows (status.h). */
static json_t *live(intake_t *self) {
    stats_t *t = &self->stats;
    json_t *j = json_object();
    put(j, "started", self->started);
    put(j, "sessions", (int64_t)sessions_count(self->sessions));
    put(j, "feeds", feeds(self));
    json_object_set_new(j, "rate", json_real(stats_rate(t, clock_mono_ms())));
    put(j, "taken", stats_get(&t->received));
    put(j, "received", stats_get(&t->stored));
    put(j, "duplicates", stats_get(&t->duplicates));
    put(j, "refused", stats_get(&t->refused));
    put(j, "held", stats_get(&t->held));
    put(j, "later", stats_get(&t->later));
    put(j, "commits", stats_get(&t->commits));
    put(j, "last_batch", stats_get(&t->last_batch));
    put(j, "fsync_p50_us", stats_commit_us(t, 50));
    put(j, "fsync_p99_us", stats_commit_us(t, 99));
    put(j, "credit_granted", self->purse.granted);
    put(j, "credit_cap", self->purse.cap);
    json_object_set_new(j, "draining", json_boolean(self->draining));
    json_object_set_new(j, "disk_low", json_boolean(self->disk_low));
    json_object_set_new(j, "skews", skews(self));
    json_object_set_new(j, "put_out", put_out(self));
    json_object_set_new(j, "handshakes", handshakes(self->gate));
    return j;
}

int intake_take_ctl(intake_t *self) {
    zframe_t *from = NULL;
    char *request = ctl_take(self->ctl, &from);
    if (!request) return 0;
    job_t *job = job_new(JOB_CTL, &from);
    job->ctl.request = request;
    job->ctl.live = live(self);
    keeper_give(self->keeper, &job);
    return 1;
}

/* ---- all of them ---- */

static void reload(intake_t *self, int parts) {
    refusal_t why;
    int rc = registry_reload(self->registry, self->reader, parts, &why);
    if (rc != BC_OK)
        log_error("intake.reload", "rc=%s code=%s do=\"run baocao-collector verify, then start it again\"",
                  rc_name(rc), why.code);
}

void intake_answer(intake_t *self, job_t **job_p) {
    job_t *job = *job_p;
    if (job->changed) reload(self, job->changed);
    if (job->kind == JOB_BATCH && put_off(self, job)) {
        *job_p = NULL;
        return;
    }
    switch (job->kind) {
    case JOB_BATCH: answer_batch(self, job); break;
    case JOB_DECISION: answer_decision(self, job); break;
    case JOB_ENROL:
        send_enrolled(self, job->from,
                      enrol_answer(&job->enrol.result, self->registry, self->head.log, self->sign.public_,
                                   self->documents_port, clock_wall_ms()));
        break;
    case JOB_CTL: ctl_answer(self->ctl, &job->from, job->ctl.reply); break;
    default: break;
    }
    job_free(job_p);
}
