/* SPDX-License-Identifier: MPL-2.0 */
/* intake_consumer.c - what consumers say: SUBSCRIBE, COMMIT, DECISION; and ENTRIES to them (PROTOCOL.md 6).
 */
#include <stdlib.h>
#include <string.h>

#include "collector/header.h"
#include "collector/intake_impl.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/field.h"
#include "proto/ruling.h"

#define DECISION_MOST 65536 /* bytes */
#define PERSON_MOST 100     /* bytes, as decision_t */

/* ---- the feed ---- */

int intake_subscribe(intake_t *self, said_t *said, int64_t *batch, refusal_t *why) {
    (void)batch;
    feed_t *feed = feed_open(self->reader, said->frame->header, why);
    if (!feed) return BC_REFUSED;
    if (said->session) intake_rule_broken(self, said->frame, said->frame->bytes); /* as with HELLO */
    session_t *s = sessions_open(self->sessions, said->peer, said->key->serial, &self->purse);
    memcpy(s->unit, said->key->unit, sizeof s->unit);
    s->seen = clock_mono_ms();
    s->feed = feed;
    return BC_OK;
}

int intake_commit(intake_t *self, said_t *said, int64_t *batch, refusal_t *why) {
    (void)batch;
    session_t *s = said->session;
    int64_t before = feed_committed(s->feed);
    int rc = feed_commit(s->feed, self->reader, said->frame->header, why);
    if (rc == BC_REFUSED) return rc;
    if (rc != BC_OK)
        return refuse(why, "log-broken", NULL, "Không đọc được sổ nhận của máy chủ.",
                      "The collector's log cannot be read.");
    if (feed_committed(s->feed) == before || self->disk_low) return BC_OK;
    job_t *job = job_new(JOB_CURSOR, NULL);
    memcpy(job->cursor.consumer, s->unit, sizeof job->cursor.consumer);
    job->cursor.position = feed_committed(s->feed);
    job->cursor.now = clock_wall_ms();
    keeper_give(self->keeper, &job);
    return BC_OK;
}

/* One ENTRIES: 1 sent, 0 not. What is broken in the log stops this consumer and nobody else; for one that is
 * gone nothing more is read from the log. */
static int push(intake_t *self, session_t *s) {
    refusal_t why;
    buf_clear(&self->out);
    buf_clear(&self->body);
    zframe_t *to = session_address(s->peer);
    int rc = feed_next(s->feed, self->reader, &self->out, &self->body, &why);
    if (rc == BC_OK)
        rc = frame_send_text(self->documents, to, CMD_ENTRIES, self->out.data, self->body.data,
                             self->body.len);
    if (rc == BC_OK) {
        feed_sent(s->feed);
    } else if (rc == BC_NOTFOUND) {
        feed_free(&s->feed);
    } else if (rc != BC_AGAIN) {
        log_error("feed.broken", "consumer=%s rc=%s code=%s do=\"run baocao-collector verify\"", s->unit,
                  rc_name(rc), rc == BC_CORRUPT ? why.code : "");
        if (rc == BC_CORRUPT) frame_refuse(self->documents, to, CMD_SUBSCRIBE, 0, &why);
        feed_free(&s->feed);
    }
    zframe_destroy(&to);
    return rc == BC_OK;
}

typedef struct {
    intake_t *intake;
    int more;
} feeding_t;

static void feed_one(void *arg, session_t *s) {
    feeding_t *f = arg;
    int64_t head = stats_get(&f->intake->stats.position);
    if (s->feed && feed_due(s->feed, head) && push(f->intake, s)) f->more |= feed_due(s->feed, head);
}

int intake_feed(intake_t *self) {
    feeding_t f = {.intake = self};
    sessions_each(self->sessions, feed_one, &f);
    return f.more;
}

/* ---- decisions ---- */

static int check_person(const char *person) {
    size_t n = strlen(person);
    for (const char *p = person; *p; p++)
        if ((unsigned char)*p < 0x20) return 0;
    return text_is_nfc(person, n);
}

static int check_decision(intake_t *self, const json_t *header, const json_t *body, decision_t *d,
                          refusal_t *why) {
    const char *text, *person, *log, *kind = json_text(header, "kind");
    int64_t position;
    if (!header_text(header, "uuid", UUID_TEXT, &text) || uuid_parse(text, &d->uuid))
        return header_bad(CMD_DECISION, "uuid", why);
    if (!header_text(header, "person", PERSON_MOST, &person) || !check_person(person))
        return header_bad(CMD_DECISION, "person", why);
    if (!header_hex(header, "log", 16, &log, NULL)) return header_bad(CMD_DECISION, "log", why);
    if (!header_number(header, "position", 1, &position) || position > stats_get(&self->stats.position))
        return header_bad(CMD_DECISION, "position", why);
    if (!kind) return header_bad(CMD_DECISION, "kind", why);
    strcpy(d->person, person);
    ruling_t ruling;
    return ruling_read(kind, body, &ruling, why);
}

/* The decision in the form of the log (PROTOCOL.md 12), or a refusal. */
static int read_decision(intake_t *self, said_t *said, decision_t *d, refusal_t *why) {
    const json_t *header = said->frame->header;
    if (!said->key->may_decide)
        return refuse(why, "decision-not-allowed", NULL, "\"%s\" không được phép gửi quyết định.",
                      "\"%s\" may not send decisions.", said->key->unit);
    if (said->frame->body_len > DECISION_MOST)
        return refuse(why, "body-large", NULL, "Quyết định dài quá %d byte.",
                      "The decision is over %d bytes.", DECISION_MOST);
    json_t *body = json_read(said->frame->body, said->frame->body_len, why);
    if (!body) return BC_REFUSED;
    int rc = check_decision(self, header, body, d, why);
    if (rc == BC_OK && !field_nfc(said->frame->body, said->frame->body_len, body))
        rc = refuse(why, "decision-nfc", NULL, "Quyết định không ở dạng Unicode NFC.",
                    "The decision is not in Unicode NFC.");
    if (rc == BC_OK) {
        json_t *j = json_pack("{ss ss ss sI ss sO}", "uuid", json_text(header, "uuid"), "kind",
                              json_text(header, "kind"), "person", d->person, "position",
                              (json_int_t)json_int(header, "position", 0), "log", json_text(header, "log"),
                              "decision", body);
        d->body = json_dumps(j, JSON_COMPACT);
        json_decref(j);
    }
    json_decref(body);
    return rc;
}

static void decided(intake_t *self, said_t *said, const char *verdict, const refusal_t *why) {
    const char *uuid = json_text(said->frame->header, "uuid");
    json_t *j = json_pack("{ss ss ss ss ss}", "uuid", uuid ? uuid : "", "verdict", verdict, "code", why->code,
                          "vi", why->vi, "en", why->en);
    frame_send(self->documents, said->frame->from, CMD_DECIDED, j, NULL, 0);
    json_decref(j);
}

int intake_decision(intake_t *self, said_t *said, int64_t *batch, refusal_t *unused) {
    (void)batch;
    (void)unused;
    refusal_t why;
    decision_t d = {.key = said->key->serial, .received = intake_received(self)};
    if (self->draining || self->disk_low) {
        refuse(&why, self->draining ? "collector-stopping" : "disk-low", NULL,
               "Máy chủ tạm thời chưa ghi được quyết định; hãy gửi lại sau.",
               "The collector cannot record a decision right now; send it again later.");
        decided(self, said, "later", &why);
        return BC_OK;
    }
    strcpy(d.consumer, said->key->unit);
    if (read_decision(self, said, &d, &why) != BC_OK) {
        decided(self, said, "refused", &why);
        return BC_OK;
    }
    job_t *job = job_new(JOB_DECISION, &said->frame->from);
    job->decision = d;
    keeper_give(self->keeper, &job);
    return BC_OK;
}
