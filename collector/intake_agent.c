/* SPDX-License-Identifier: MPL-2.0 */
/* intake_agent.c - what agents say: HELLO, DOCUMENTS, PING, BYE (PROTOCOL.md 3, 4). */
#include <stdlib.h>
#include <string.h>

#include "collector/header.h"
#include "collector/intake_impl.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define WANT_FIRST 65536 /* bytes of the first window; it doubles while it is used */
#define WANT_MOST (2 << 20)
#define GRANT_MS 1000      /* a window that was not used for so long may lapse */
#define LAPSE_MS 100       /* between two looks for such windows */
#define ANCESTORS_MOST 200 /* in WELCOME, whose header has a limit */
#define PROGRAM_MOST 256   /* bytes of 64 characters */
#define MOST_MS 60000      /* by when an agent knows of a smaller window */
#define NEWS_MOST 64
#define AGAIN 8 /* times what it weighs: news told again costs us more than anything else that is asked */
#define NEWS_BYTES 800000
#define WAIT_CREDIT 1000 /* ms */
#define WAIT_STOPPING 10000

/* ---- credit ---- */

static void lapse(void *arg, session_t *s) {
    intake_t *self = arg;
    if (s->held && s->bytes == 0 && clock_mono_ms() - s->granted > GRANT_MS)
        purse_release(&self->purse, &s->held);
}

/* Where the purse is empty, windows that nobody uses go back: thousands are connected, few of them send. */
static void make_room(intake_t *self) {
    int64_t now = clock_mono_ms();
    if (self->purse.cap - self->purse.granted >= WANT_MOST || now - self->lapsed < LAPSE_MS) return;
    self->lapsed = now;
    sessions_each(self->sessions, lapse, self);
}

/* What an agent of good faith may go by. */
static void remember_window(session_t *s) {
    int64_t now = clock_mono_ms();
    if (s->window.documents < s->most.documents && now - s->most_at < MOST_MS) return;
    if (s->window.documents == 0) return;
    s->most = s->window;
    s->most_at = now;
}

/* What is under way counts in the purse, whatever was granted. */
static void cover(intake_t *self, session_t *s) {
    if (s->held >= s->bytes) return;
    self->purse.granted += s->bytes - s->held;
    s->held = s->bytes;
}

/* The smallest window is given without taking it out of the purse: of thousands that are connected few send
 * at once, and what they send is counted when it comes. Larger ones are set aside; where all want more than
 * there is, each gets its share. */
credit_t intake_credit(intake_t *self, session_t *s) {
    static const credit_t smallest = {.documents = DOCUMENT_MAX / 256, .bytes = DOCUMENT_MAX + 1}; /* LF */
    make_room(self);
    int closed = self->draining || self->disk_low;
    int64_t share = self->purse.cap / (int64_t)(sessions_count(self->sessions) + 1);
    int64_t want = s->want < share ? s->want : share;
    s->window = purse_grant(&self->purse, &s->held, want, closed || want <= DOCUMENT_MAX);
    s->granted = clock_mono_ms();
    cover(self, s);
    if (s->window.documents == 0 && !closed && self->purse.granted < self->purse.cap) s->window = smallest;
    remember_window(s);
    return s->window;
}

/* From here on the batch is under way, whatever becomes of it. */
static void take_in(intake_t *self, session_t *s, const batch_t *batch) {
    s->documents += (int64_t)batch_count(batch);
    s->bytes += batch_bytes(batch);
    self->under_way += batch_bytes(batch);
}

static int beyond(const session_t *s, const credit_t *window) {
    /* One alone that is longer is longer than any document: it is to be refused, not put off for ever. */
    return s->documents > window->documents || (s->bytes > window->bytes && s->documents > 1);
}

/* Whether what is under way, the newest batch with it, is within the window and the purse. */
static int within(intake_t *self, session_t *s) {
    if (beyond(s, &s->window)) return 0;
    if (s->bytes > s->held) make_room(self);
    if (self->purse.granted + s->bytes - s->held > self->purse.cap) return 0;
    cover(self, s);
    return 1;
}

/* ---- HELLO ---- */

static int check_hello(const json_t *header, refusal_t *why) {
    const char *text;
    int64_t n;
    if (header_version(header, why)) return BC_REFUSED;
    if (!header_text(header, "program", PROGRAM_MOST, &text)) return header_bad(CMD_HELLO, "program", why);
    if (!header_hex(header, "outbox", 16, &text, NULL)) return header_bad(CMD_HELLO, "outbox", why);
    if (!header_number(header, "next", 1, &n)) return header_bad(CMD_HELLO, "next", why);
    if (!header_number(header, "clock", 0, &n)) return header_bad(CMD_HELLO, "clock", why);
    if (json_object_get(header, "log") && !header_hex(header, "log", 16, &text, NULL))
        return header_bad(CMD_HELLO, "log", why);
    return BC_OK;
}

static int add_ancestor(void *arg, const char *log, int64_t position) {
    json_t *all = arg;
    json_array_append_new(all, json_pack("{ss sI}", "log", log, "position", (json_int_t)position));
    return json_array_size(all) < ANCESTORS_MOST ? 0 : 1;
}

/* Header of WELCOME as new JSON; NULL where the store cannot be read. */
static json_t *welcome(intake_t *self, const session_t *s, int64_t now) {
    int64_t contiguous = 0, highest = 0;
    char chain[HASH_HEX];
    json_t *ancestors = json_array();
    const unit_t *unit = tree_get(registry_tree(self->registry), s->unit);
    int rc = queue_head(self->reader, &self->head);
    if (rc == BC_OK) rc = queue_outbox(self->reader, s->outbox, &contiguous, &highest);
    if (rc == BC_OK) rc = queue_ancestors(self->reader, add_ancestor, ancestors);
    if (rc < 0) {
        json_decref(ancestors);
        return NULL;
    }
    hex_write(self->head.chain.b, HASH_LEN, chain);
    day_t today = clock_day(now);
    json_t *j =
        json_pack("{si ss ss sI ss so sI ss ss so s{sI sI} so ss s{si si}}", "v", 1, "program",
                  "baocao-collector/" BAOCAO_VERSION, "log", self->head.log, "position",
                  (json_int_t)self->head.position, "chain", chain, "ancestors", ancestors, "now",
                  (json_int_t)now, "unit", s->unit, "name", unit ? unit_name(unit, today) : s->unit, "grants",
                  registry_grants(self->registry, s->key, today), "outbox", "contiguous",
                  (json_int_t)contiguous, "highest", (json_int_t)highest, "credit", credit_json(&s->window),
                  "sign", self->sign_hex, "limits", "document", DOCUMENT_MAX, "body", FRAME_BODY_MAX);
    return j;
}

static int unreadable(refusal_t *why) {
    return refuse(why, "log-broken", NULL,
                  "Máy chủ không đọc được kho dữ liệu của mình; hãy báo cho người quản trị.",
                  "The collector cannot read its store; tell its operator.");
}

int intake_hello(intake_t *self, said_t *said, int64_t *batch, refusal_t *why) {
    (void)batch;
    const json_t *header = said->frame->header;
    if (check_hello(header, why)) return BC_REFUSED;
    if (said->session)
        intake_rule_broken(self, said->frame, said->frame->bytes); /* it may greet again, but not for ever */
    int64_t now = clock_wall_ms();
    session_t *s = sessions_open(self->sessions, said->peer, said->key->serial, &self->purse);
    memcpy(s->unit, said->key->unit, sizeof s->unit);
    memcpy(s->outbox, json_text(header, "outbox"), LOG_ID);
    s->skew = json_int(header, "clock", now) - now;
    s->seen = clock_mono_ms();
    s->want = WANT_FIRST;
    intake_credit(self, s);
    json_t *answer = welcome(self, s, now);
    if (!answer) return unreadable(why);
    frame_send(self->documents, said->frame->from, CMD_WELCOME, answer, NULL, 0);
    json_decref(answer);
    return BC_OK;
}

/* ---- DOCUMENTS ---- */

static job_t *job_of(said_t *said, batch_t *batch) {
    job_t *job = job_new(JOB_BATCH, &said->frame->from);
    job->session = said->session->number;
    job->batch = batch;
    return job;
}

static int answer_later(intake_t *self, said_t *said, batch_t *batch, const refusal_t *why, int64_t wait_ms) {
    job_t *job = job_of(said, batch);
    batch_later(batch, why, wait_ms);
    intake_answer(self, &job);
    return BC_OK;
}

static int later_stopping(intake_t *self, said_t *said, batch_t *batch) {
    refusal_t why;
    refuse(&why, "collector-stopping", NULL, "Máy chủ đang tạm dừng; báo cáo sẽ tự được gửi lại.",
           "The collector is stopping; the document will be sent again.");
    return answer_later(self, said, batch, &why, WAIT_STOPPING);
}

static int later_credit(intake_t *self, said_t *said, batch_t *batch) {
    refusal_t why;
    refuse(&why, "credit-exceeded", NULL,
           "Máy chủ đang bận nhận từ nhiều đơn vị; báo cáo sẽ tự được gửi lại.",
           "The collector is busy with others; the document will be sent again.");
    return answer_later(self, said, batch, &why, WAIT_CREDIT);
}

int intake_take_documents(intake_t *self, said_t *said, int64_t *number, refusal_t *why) {
    session_t *s = said->session;
    batch_t *batch = batch_new(said->frame, said->key, intake_received(self), number, why);
    if (!batch) return BC_REFUSED;
    if (strcmp(batch_outbox(batch), s->outbox) != 0) {
        batch_free(&batch);
        return header_bad(CMD_DOCUMENTS, "outbox", why);
    }
    stats_add(&self->stats.received, (int64_t)batch_count(batch));
    take_in(self, s, batch);
    if (beyond(s, &s->most)) intake_rule_broken(self, said->frame, said->frame->bytes);
    if (self->draining) return later_stopping(self, said, batch);
    /* HELLO begins a new window while the old one may still be under way. */
    if (self->under_way > self->purse.cap || (!self->disk_low && !within(self, s)))
        return later_credit(self, said, batch);
    if (self->disk_low) batch_only_known(batch);
    job_t *job = job_of(said, batch);
    docket_add(self->docket, &job);
    return BC_OK;
}

/* ---- PING ---- */

typedef struct {
    intake_t *intake;
    zframe_t *to;
    size_t bytes;
} telling_t;

static void tell_plan(telling_t *t, const queue_entry_t *e, const entry_t *h) {
    intake_t *self = t->intake;
    char sha[HASH_HEX];
    json_t *plan = json_loadb(e->body, e->body_len, 0, NULL);
    hex_write(h->sha256.b, HASH_LEN, sha);
    const char *number = json_text(plan, "plan");
    json_t *j =
        json_pack("{sI ss ss sI ss}", "position", (json_int_t)e->position, "log", self->head.log, "plan",
                  number ? number : "", "version", (json_int_t)json_int(plan, "version", 0), "sha256", sha);
    frame_send(self->documents, t->to, CMD_PLAN, j, e->body, e->body_len);
    json_decref(j);
    json_decref(plan);
}

/* A document that another outbox sent, with a receipt of its own: a tree of one leaf. */
static json_t *document_header(intake_t *self, const queue_entry_t *e, const entry_t *h) {
    char line[RECEIPT_LINE], root_hex[HASH_HEX], signature_hex[129];
    uint8_t signature[64];
    int64_t now = clock_wall_ms();
    receipt_t r = {
        .position = h->position, .id = *h->id, .rev = h->rev, .sha256 = h->sha256, .received = h->received};
    memcpy(r.log, h->log, LOG_ID);
    strncpy(r.unit, h->unit, sizeof r.unit - 1);
    hash_t root = merkle_leaf(line, receipt_line(&r, line));
    receipt_sign(self->sign.secret, self->head.log, &root, now, signature);
    hex_write(root.b, HASH_LEN, root_hex);
    hex_write(signature, sizeof signature, signature_hex);
    return json_pack("{ss sI ss si ss ss sI ss ss}", "kind", "document", "position", (json_int_t)e->position,
                     "log", self->head.log, "number", 0, "line", line, "root", root_hex, "signed",
                     (json_int_t)now, "signature", signature_hex, "sign", self->sign_hex);
}

static void tell_notice(telling_t *t, const queue_entry_t *e, const entry_t *h) {
    intake_t *self = t->intake;
    json_t *j = h->id ? document_header(self, e, h)
                      : json_pack("{ss sI ss}", "kind", h->kind, "position", (json_int_t)e->position, "log",
                                  self->head.log);
    frame_send(self->documents, t->to, CMD_NOTICE, j, e->body, e->body_len);
    json_decref(j);
}

static int tell(void *arg, const queue_entry_t *e) {
    telling_t *t = arg;
    entry_t h;
    char *hold = NULL;
    if (t->bytes && t->bytes + e->body_len > NEWS_BYTES) return 1;
    t->bytes += e->body_len;
    if (entry_read(e->header, e->header_len, &h, &hold, NULL) == BC_OK) {
        if (strcmp(h.kind, "plan") == 0)
            tell_plan(t, e, &h);
        else
            tell_notice(t, e, &h);
    }
    free(hold);
    return 0;
}

int intake_ping(intake_t *self, said_t *said, int64_t *batch, refusal_t *why) {
    (void)batch;
    session_t *s = said->session;
    int64_t clock, news, upto, now = clock_wall_ms();
    telling_t t = {.intake = self, .to = said->frame->from};
    if (!header_number(said->frame->header, "clock", 0, &clock)) return header_bad(CMD_PING, "clock", why);
    if (!header_number(said->frame->header, "news", 0, &news)) return header_bad(CMD_PING, "news", why);
    s->skew = clock - now;
    int rc = queue_head(self->reader, &self->head);
    if (rc == BC_OK) rc = queue_news(self->reader, s->unit, s->outbox, news, NEWS_MOST, tell, &t, &upto);
    if (rc != BC_OK) return unreadable(why);
    /* An agent asks once for what is new, and keeps it. */
    if (upto <= s->news)
        intake_rule_broken(self, said->frame, said->frame->bytes + (news < s->news ? AGAIN * t.bytes : 0));
    s->news = upto;
    credit_t credit = intake_credit(self, s);
    int64_t head = upto > self->head.position ? upto : self->head.position;
    json_t *j = json_pack("{sI so sI sI}", "now", (json_int_t)now, "credit", credit_json(&credit), "news",
                          (json_int_t)upto, "head", (json_int_t)head);
    frame_send(self->documents, said->frame->from, CMD_PONG, j, NULL, 0);
    json_decref(j);
    return BC_OK;
}

int intake_bye(intake_t *self, said_t *said, int64_t *batch, refusal_t *why) {
    (void)batch;
    (void)why;
    sessions_drop(self->sessions, said->peer, &self->purse);
    return BC_OK;
}
