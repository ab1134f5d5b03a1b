/* SPDX-License-Identifier: MPL-2.0 */
/* status.c - where things stand, in words. */
#include "agent/status.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/outbox_document.h"
#include "agent/outbox_news.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define SKEW_MS 300000 /* PROTOCOL.md 4: more is worth a word */

/* Whose computer this is, and with which key; none of it secret. */
static const char *const peer_facts[] = {"endpoint", "server", "successor", "key_file"};
#define PEER_FACTS (sizeof peer_facts / sizeof peer_facts[0])

typedef struct {
    outbox_counts_t counts;
    int64_t contact, error_at, skew, news;
    char *unit, *name, *code, *vi, *en;
    char *peer[PEER_FACTS];
    size_t plans;
    int running;
} facts_t;

static int read_facts(agent_t *agent, facts_t *f) {
    outbox_t *o = agent->outbox;
    f->contact = outbox_fact_int(o, "contact", 0);
    f->error_at = outbox_fact_int(o, "error_at", 0);
    f->skew = outbox_fact_int(o, "skew", 0);
    f->news = outbox_notices_unread(o);
    f->unit = outbox_fact(o, "unit");
    f->name = outbox_fact(o, "name");
    for (size_t i = 0; i < PEER_FACTS; i++)
        f->peer[i] = outbox_fact(o, peer_facts[i]);
    f->code = outbox_fact(o, "error_code");
    f->vi = outbox_fact(o, "error_vi");
    f->en = outbox_fact(o, "error_en");
    f->plans = plans_count(outbox_plans(o));
    f->running = agent->courier != NULL;
    return outbox_counts(o, &f->counts);
}

static void free_facts(facts_t *f) {
    for (size_t i = 0; i < PEER_FACTS; i++)
        free(f->peer[i]);
    free(f->unit);
    free(f->name);
    free(f->code);
    free(f->vi);
    free(f->en);
}

static json_t *facts_json(const facts_t *f) {
    const int64_t *n = f->counts.state;
    json_t *j = json_pack("{sI sI sI sI sI sI sI sI sI sI sb}", "waiting", (json_int_t)n[KEPT_WAITING],
                          "later", (json_int_t)n[KEPT_LATER], "held", (json_int_t)n[KEPT_HELD], "refused",
                          (json_int_t)n[KEPT_REFUSED], "stored", (json_int_t)n[KEPT_STORED], "oldest",
                          (json_int_t)f->counts.oldest, "contact", (json_int_t)f->contact, "skew",
                          (json_int_t)f->skew, "plans", (json_int_t)f->plans, "news", (json_int_t)f->news,
                          "running", f->running);
    if (f->unit) json_object_set_new(j, "unit", json_string(f->unit));
    for (size_t i = 0; i < PEER_FACTS; i++)
        if (f->peer[i]) json_object_set_new(j, peer_facts[i], json_string(f->peer[i]));
    if (f->name) json_object_set_new(j, "name", json_string(f->name));
    if (f->code)
        json_object_set_new(j, "error",
                            json_pack("{ss ss ss sI}", "code", f->code, "vi", f->vi ? f->vi : "", "en",
                                      f->en ? f->en : "", "at", (json_int_t)f->error_at));
    return j;
}

static void print_waiting(const facts_t *f, io_t *io) {
    char at[17];
    const int64_t *n = f->counts.state;
    long long waiting = n[KEPT_WAITING] + n[KEPT_LATER];
    if (!waiting)
        io_say(io, "Không còn báo cáo nào chờ gửi. Đã nhận: %lld.\n",
               "Nothing waits to be sent. Received: %lld.\n", (long long)n[KEPT_STORED]);
    else
        io_say(io, "Chờ gửi: %lld (nhập sớm nhất lúc %s). Đã nhận: %lld.\n",
               "To be sent: %lld (the oldest entered at %s). Received: %lld.\n", waiting,
               clock_vi(f->counts.oldest, at), (long long)n[KEPT_STORED]);
    if (n[KEPT_HELD])
        io_say(io, "Chờ xử lý: %lld. Không phải làm gì, chờ Liên đoàn xem xét.\n",
               "Held: %lld. Nothing to do: the federation will decide.\n", (long long)n[KEPT_HELD]);
    if (n[KEPT_REFUSED])
        io_say(io, "Không được nhận: %lld. Xem lý do và sửa: baocao-agent list\n",
               "Refused: %lld. See why and mend them: baocao-agent list\n", (long long)n[KEPT_REFUSED]);
}

static void print_contact(const facts_t *f, io_t *io) {
    char at[17];
    if (f->contact)
        io_say(io, "Liên lạc với máy chủ lần cuối: %s.\n", "Last contact with the collector: %s.\n",
               clock_vi(f->contact, at));
    else
        io_say(io, "Chưa lần nào liên lạc được với máy chủ. Hãy nối mạng rồi chạy: baocao-agent send\n",
               "The collector was never reached yet. Connect to the network and run: baocao-agent send\n");
    if (f->code)
        io_say(io, "Lần gửi gần nhất không được (%s): %s\n", "The last attempt failed (%s): %s\n",
               clock_vi(f->error_at, at), tr(io->lang, f->vi ? f->vi : "", f->en ? f->en : ""));
    if (f->skew > SKEW_MS || f->skew < -SKEW_MS)
        io_say(io, "Đồng hồ máy này lệch %lld phút so với máy chủ. Hãy chỉnh lại giờ.\n",
               "This computer's clock differs from the collector's by %lld minutes. Set it right.\n",
               (long long)(llabs(f->skew) / 60000));
}

static void print_rest(const facts_t *f, io_t *io) {
    long long waiting = f->counts.state[KEPT_WAITING] + f->counts.state[KEPT_LATER];
    if (!f->plans)
        io_say(io, "Chưa nhận được kế hoạch nào. Hãy nối mạng rồi chạy: baocao-agent send\n",
               "No plan has come yet. Connect to the network and run: baocao-agent send\n");
    if (f->news)
        io_say(io, "Có %lld thông báo mới: baocao-agent news\n",
               "New notices: %lld. See: baocao-agent news\n", (long long)f->news);
    if (f->running)
        io_say(io, "Chương trình gửi đang chạy, có mạng là tự gửi.\n",
               "The program runs and sends by itself when there is a network.\n");
    else if (waiting)
        io_say(io, "Để gửi, nối mạng rồi chạy: baocao-agent send\n",
               "To send, connect to the network and run: baocao-agent send\n");
}

int status_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    facts_t f = {0};
    refusal_t why = {0};
    (void)args;
    (void)conf;
    int rc = read_facts(store, &f);
    if (rc) {
        refuse(&why, "disk", NULL, "Không đọc được hộp gửi trên ổ đĩa.",
               "The outbox cannot be read from the disk.");
    } else if (io->json) {
        json_t *j = facts_json(&f);
        io_json(io, j);
        json_decref(j);
    } else if (!f.unit) {
        io_say(io,
               "Máy này chưa ghi danh. Hãy lấy mã ghi danh do Liên đoàn cấp rồi chạy: baocao-agent join MÃ\n",
               "This computer is not enrolled yet. Take the code from the federation and run: baocao-agent "
               "join CODE\n");
    } else {
        io_say(io, "Đơn vị: %s %s\n", "Unit: %s %s\n", f.unit, f.name ? f.name : "");
        print_waiting(&f, io);
        print_contact(&f, io);
        print_rest(&f, io);
    }
    free_facts(&f);
    return rc ? io_refused(io, rc, &why) : EX_OK;
}

int status_verify_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    (void)args;
    (void)conf;
    int rc = db_check(outbox_db(agent->outbox), &why);
    if (rc) return io_refused(io, rc, &why);
    if (io->json) {
        json_t *j = json_pack("{sb}", "whole", 1);
        io_json(io, j);
        json_decref(j);
    } else {
        io_say(io, "Mọi thứ lưu trên máy này còn nguyên vẹn.\n",
               "All that is kept on this computer is whole.\n");
    }
    return EX_OK;
}
