/* SPDX-License-Identifier: MPL-2.0 */
/* verb_decide.c - decisions of staff about documents and deadlines. Each is kept, sent over a line of
 * its own and waited for; what is not answered is sent again by the next `run` or `sync`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/decision.h"
#include "aggregator/inquiry.h"
#include "aggregator/submission.h"
#include "proto/base/rc.h"
#include "proto/frame.h"
#include "proto/line.h"

/* Waits for the answer to the decision UUID. */
static int wait_decided(const char *dir, const char *uuid, const peer_t *peer, line_t *line, int64_t until,
                        refusal_t *why) {
    for (;;) {
        frame_t f;
        char whose[UUID_TEXT];
        int rc = frame_take(line_socket(line), 0, &f, NULL);
        if (rc != BC_AGAIN) {
            int mine = rc == BC_OK && f.command == CMD_DECIDED;
            if (mine) rc = decision_answered(dir, f.header, whose, why);
            frame_free(&f);
            if (mine && strcmp(whose, uuid) == 0) return rc;
            continue;
        }
        line_state_t state = line_state(line);
        if (line_dead(state) || clock_mono_ms() >= until) {
            line_why(state, peer->endpoint, why);
            return BC_AGAIN;
        }
        zmq_pollitem_t items[] = {{zsock_resolve(line_socket(line)), 0, ZMQ_POLLIN, 0},
                                  {zsock_resolve(line_monitor(line)), 0, ZMQ_POLLIN, 0}};
        zmq_poll(items, 2, 200);
    }
}

static int send_and_wait(const aggregator_t *self, const conf_t *conf, const peer_t *peer, const char *uuid,
                         refusal_t *why) {
    line_t *line = line_open(peer->endpoint, &peer->pair, peer->server, why);
    if (!line) return BC_AGAIN;
    int rc = BC_AGAIN;
    if (decision_send(self->dir, uuid, line_socket(line)) == 1)
        rc = wait_decided(self->dir, uuid, peer, line, clock_mono_ms() + conf_int(conf, "follow/patience"),
                          why);
    line_close(&line);
    return rc;
}

int decide_send(aggregator_t *self, const args_t *args, const conf_t *conf, io_t *io, const char *kind,
                json_t *body) {
    refusal_t why = {0};
    peer_t peer;
    char uuid[UUID_TEXT];
    const char *person = args_opt(args, "person") ? args_opt(args, "person") : args->person;
    int rc = peer_load(self->dir, &peer, &why);
    if (rc == BC_OK) rc = decision_keep(self->dir, kind, body, person, store_cursor(self->store), uuid, &why);
    json_decref(body);
    if (rc) return verbs_failed(io, rc, &why);
    rc = send_and_wait(self, conf, &peer, uuid, &why);
    if (rc == BC_AGAIN)
        io_say(io, "Quyết định %s đã được giữ lại và sẽ được gửi khi chạy run hoặc sync.\n",
               "The decision %s is kept and will be sent by run or sync.\n", uuid);
    if (rc) return verbs_failed(io, rc, &why);
    if (io->json) {
        json_t *j = json_pack("{s:s}", "uuid", uuid);
        io_json(io, j);
        json_decref(j);
    } else {
        io_say(io, "Máy chủ đã ghi quyết định %s; có hiệu lực khi được đọc lại từ sổ nhận.\n",
               "The collector has recorded the decision %s; it takes effect when it is read back.\n", uuid);
    }
    return EX_OK;
}

/* ---- overlap ---- */

static int check_aggregate(const aggregator_t *self, const char *text, const char *choice, refusal_t *why) {
    row_t row;
    uuid_bc_t id;
    if (uuid_parse(text, &id))
        return refuse(why, "id-bad", text, "\"%s\" không phải là mã của một báo cáo gộp.",
                      "\"%s\" is no id of an aggregate.", text);
    if (strcmp(choice, "aggregate") != 0 && strcmp(choice, "own") != 0)
        return refuse(why, "words-choice", choice, "Hãy chọn aggregate hoặc own, không phải \"%s\".",
                      "Choose aggregate or own, not \"%s\".", choice);
    if (store_document(self->store, &id, STORE_NOW, &row) == BC_OK && row.kind == ROW_AGGREGATE) return BC_OK;
    return refuse(why, "aggregate-unknown", NULL, "Không có báo cáo gộp nào mang mã này đang có hiệu lực.",
                  "There is no live aggregate of this id.");
}

int verb_decide(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    const char *choice = args->argv[1];
    int rc = check_aggregate(store, args->argv[0], choice, &why);
    if (rc) return verbs_failed(io, rc, &why);
    return decide_send(store, args, conf, io, "overlap",
                       json_pack("{s:s,s:s}", "aggregate", args->argv[0], "choice", choice));
}

/* ---- return and accept ---- */

/* The live report of the period that the unit CODE sent for what Q asks. */
static int find_report(const inquiry_t *q, const char *code, uuid_bc_t *id, int *rev, refusal_t *why) {
    submission_t s;
    char name[80];
    if (!tree_get(view_tree(q->view), code))
        return refuse(why, "unit-unknown", code, "Không có đơn vị mang mã \"%s\".",
                      "There is no unit \"%s\".", code);
    uint32_t unit = view_word(q->view, code), plan = view_word(q->view, plan_number(q->asked.plan));
    snprintf(name, sizeof name, "%s/%s", calendar_id(q->asked.calendar), q->asked.period.id);
    int rc = submission_find(q->view, unit, plan, name, &q->asked.period, &s);
    *id = s.report;
    *rev = s.rev;
    if (rc == BC_OK && !s.submitted)
        rc = refuse(why, "report-none", code, "%s chưa gửi báo cáo kỳ %s.",
                    "%s has not sent its report of the period %s.", code, q->asked.period.id);
    submission_free(&s);
    return rc;
}

/* The document that the command line names: by its id, or the report of a unit by code and period. */
static int find_document(aggregator_t *self, const args_t *args, const io_t *io, uuid_bc_t *id, int *rev,
                         refusal_t *why) {
    row_t row;
    inquiry_t q = {0};
    const char *word = args->argv[0];
    if (uuid_parse(word, id) == BC_OK) {
        int rc = store_document(self->store, id, STORE_NOW, &row);
        *rev = row.rev;
        if (rc == BC_OK && row.kind != ROW_WITHDRAWN && row.kind != ROW_GONE) return BC_OK;
        if (rc != BC_OK && rc != BC_NOTFOUND) return rc;
        return refuse(why, "report-none", word, "Không có báo cáo nào mang mã %s đang có hiệu lực.",
                      "There is no live document %s.", word);
    }
    int rc = inquiry_open(self, args, io, &q, why);
    if (rc == BC_OK) rc = inquiry_boarded(&q, why);
    if (rc == BC_OK) rc = find_report(&q, word, id, rev, why);
    inquiry_close(&q);
    return rc;
}

static int review(void *store, const args_t *args, const conf_t *conf, io_t *io, const char *kind) {
    refusal_t why = {0};
    uuid_bc_t id;
    int rev = 0, back = strcmp(kind, "return") == 0;
    char text[UUID_TEXT];
    const char *reason = args_opt(args, "reason");
    int rc = find_document(store, args, io, &id, &rev, &why);
    if (rc == BC_OK && back && !reason) rc = verbs_missing("reason", &why);
    if (rc) return verbs_failed(io, rc, &why);
    json_t *body = json_pack("{s:s,s:i}", "id", uuid_text(&id, text), "rev", rev);
    if (back) json_object_set_new(body, "reason", json_string(reason));
    return decide_send(store, args, conf, io, kind, body);
}

int verb_return(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    return review(store, args, conf, io, "return");
}

int verb_accept(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    return review(store, args, conf, io, "accept");
}

/* ---- extend ---- */

/* Whom a longer deadline is for, out of --unit, --below and --group NAME=VALUE, into BODY. */
static int read_whom(const args_t *args, json_t *body, refusal_t *why) {
    const char *unit = args_opt(args, "unit");
    char *hold;
    group_of_t group;
    int rc = inquiry_group(args, &hold, &group, why);
    if (unit) json_object_set_new(body, "unit", json_string(unit));
    if (unit && args_opt(args, "below")) json_object_set_new(body, "below", json_true());
    if (rc == BC_OK && group.name)
        json_object_set_new(body, "group", json_pack("{s:s,s:s}", "name", group.name, "value", group.value));
    free(hold);
    return rc;
}

/* A longer deadline makes no sense for figures that are published. */
static int check_extension(const inquiry_t *q, day_t until, refusal_t *why) {
    if (inquiry_boarded(q, why)) return BC_REFUSED;
    if (until <= q->asked.period.to)
        return refuse(why, "option-day", "until", "Hạn mới phải sau ngày cuối của kỳ.",
                      "The new deadline must lie behind the last day of the period.");
    const rulings_t *rulings = view_rulings(q->view);
    for (size_t i = 0; i < rulings_count(rulings); i++) {
        const ruled_t *d = rulings_at(rulings, i);
        if (d->says.kind != RULING_CLOSE || !d->holds || d->ended || !d->says.plan) continue;
        if (strcmp(d->says.plan, plan_number(q->asked.plan)) == 0 &&
            strcmp(d->says.period, q->asked.period.id) == 0)
            return refuse(
                why, "period-closed", "period", "Kỳ %s đã được chốt số liệu; không gia hạn được nữa.",
                "The figures of %s are closed; the deadline can not be extended any more.", d->says.period);
    }
    return BC_OK;
}

int verb_extend(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    inquiry_t q = {0};
    char day[11];
    const char *reason = args_opt(args, "reason");
    day_t until = DAY_NONE;
    json_t *body = json_object();
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK && !reason) rc = verbs_missing("reason", &why);
    if (rc == BC_OK) rc = inquiry_day(args, "until", &until, &why);
    if (rc == BC_OK) rc = check_extension(&q, until, &why);
    if (rc == BC_OK) rc = read_whom(args, body, &why);
    if (rc == BC_OK) {
        json_object_set_new(body, "plan", json_string(plan_number(q.asked.plan)));
        json_object_set_new(body, "period", json_string(q.asked.period.id));
        json_object_set_new(body, "until", json_string(day_iso(until, day)));
        json_object_set_new(body, "reason", json_string(reason));
    }
    inquiry_close(&q);
    if (rc == BC_OK) return decide_send(store, args, conf, io, "extend", body);
    json_decref(body);
    return verbs_failed(io, rc, &why);
}
