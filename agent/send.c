/* SPDX-License-Identifier: MPL-2.0 */
/* send.c - drives the courier until nothing waits. */
#include "agent/send.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/outbox_document.h"
#include "agent/outbox_news.h"
#include "proto/base/clock.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"

#define STALL_MS 60000 /* so long without a verdict: leave, and say what waits */

courier_times_t send_times(const conf_t *conf) {
    return (courier_times_t){.patience = conf_int(conf, "courier/patience"),
                             .backoff = conf_int(conf, "courier/backoff"),
                             .stay = conf_int(conf, "courier/stay"),
                             .look = conf_int(conf, "courier/look")};
}

/* What the courier last said of its failures. */
static void read_trouble(outbox_t *outbox, refusal_t *why) {
    char *code = outbox_fact(outbox, "error_code"), *vi = outbox_fact(outbox, "error_vi"),
         *en = outbox_fact(outbox, "error_en");
    if (code) {
        *why = (refusal_t){0};
        snprintf(why->code, sizeof why->code, "%s", code);
        snprintf(why->vi, sizeof why->vi, "%s", vi ? vi : "");
        snprintf(why->en, sizeof why->en, "%s", en ? en : "");
    } else {
        refuse(why, "send-waits", NULL, "Máy chủ đang bận, đề nghị gửi lại sau.",
               "The collector is busy and asks to be asked again later.");
    }
    free(code);
    free(vi);
    free(en);
}

/* Sleeps until something comes, at most UNTIL; 1 where a signal asks to stop. */
static int sleep_on(courier_t *courier, int signals, int64_t until) {
    zmq_pollitem_t items[3] = {{.fd = signals, .events = ZMQ_POLLIN}};
    size_t n = 1 + courier_items(courier, items + 1);
    int64_t due = courier_due(courier), left = (due < until ? due : until) - clock_mono_ms();
    zmq_poll(items, (int)n, left > 0 ? (long)left : 0);
    return signals >= 0 && signals_take(signals) > 0;
}

/* Turns until nothing waits (0), it has failed for too long or makes no progress (BC_AGAIN), or a stop. */
static int drive(courier_t *courier, int signals, int64_t keep) {
    int64_t verdicts = 0, since = clock_mono_ms(), failed_since = 0;
    for (;;) {
        int rc = courier_turn(courier);
        if (rc) return rc;
        int64_t now = clock_mono_ms();
        if (courier_idle(courier)) return BC_OK;
        if (courier_verdicts(courier) != verdicts) {
            verdicts = courier_verdicts(courier);
            since = now;
        }
        if (courier_failures(courier) == 0)
            failed_since = 0;
        else if (failed_since == 0)
            failed_since = now;
        /* The second key of the server deserves its try. */
        if (failed_since && now - failed_since >= keep && !courier_swapping(courier)) return BC_AGAIN;
        if (now - since > STALL_MS + keep) return BC_AGAIN;
        int64_t until =
            failed_since && !courier_swapping(courier) ? failed_since + keep : since + STALL_MS + keep + 1;
        if (sleep_on(courier, signals, until)) return BC_AGAIN;
    }
}

int send_now(agent_t *agent, const conf_t *conf, int64_t keep, refusal_t *why) {
    courier_times_t times = send_times(conf);
    outbox_counts_t counts;
    int signals = signals_open();
    times.stay = STALL_MS; /* it leaves when nothing waits; where courier/stay is 0 it would be gone unseen */
    log_level(LOG_ERR_);   /* the officer reads sentences, not events */
    courier_t *courier =
        courier_new(agent->outbox, agent->dir, conf_text(conf, "collector/endpoint"), &times, why);
    if (!courier) return BC_REFUSED;
    int rc = drive(courier, signals, keep);
    courier_free(&courier);
    if (!rc) rc = outbox_counts(agent->outbox, &counts);
    if (!rc && counts.state[KEPT_WAITING] + counts.state[KEPT_LATER] > 0) rc = BC_AGAIN;
    if (rc_again(rc)) read_trouble(agent->outbox, why);
    if (rc_stop(rc))
        refuse(why, "disk", NULL,
               "Không ghi được vào ổ đĩa. Hãy kiểm tra ổ đĩa; báo cáo đã lưu trước đó vẫn còn.",
               "Cannot write to the disk. Check it; what was kept before is still there.");
    return rc;
}

/* ---- the verb ---- */

static json_t *counts_json(const outbox_counts_t *c) {
    return json_pack("{sI sI sI sI sI}", "waiting", (json_int_t)c->state[KEPT_WAITING], "later",
                     (json_int_t)c->state[KEPT_LATER], "held", (json_int_t)c->state[KEPT_HELD], "refused",
                     (json_int_t)c->state[KEPT_REFUSED], "stored", (json_int_t)c->state[KEPT_STORED]);
}

/* What became of the reports; RC is that of the sending. */
static void say_counts(agent_t *agent, int rc, const outbox_counts_t *before, const outbox_counts_t *c,
                       io_t *io) {
    long long sent = c->state[KEPT_STORED] - before->state[KEPT_STORED];
    long long waiting = c->state[KEPT_WAITING] + c->state[KEPT_LATER],
              news = outbox_notices_unread(agent->outbox);
    if (sent > 0)
        io_say(io, "Đã nhận xác nhận cho %lld báo cáo.\n", "Receipts came for %lld reports.\n", sent);
    if (waiting)
        io_say(io, "Còn %lld báo cáo chờ gửi; tất cả vẫn ở trên máy này.\n",
               "%lld reports still wait; they are all safe on this computer.\n", waiting);
    else if (!rc)
        io_say(io, "Không còn báo cáo nào chờ gửi.\n", "Nothing waits to be sent.\n");
    if (c->state[KEPT_HELD])
        io_say(io, "Chờ xử lý: %lld (xem: baocao-agent list).\n", "Held: %lld (see: baocao-agent list).\n",
               (long long)c->state[KEPT_HELD]);
    if (c->state[KEPT_REFUSED])
        io_say(io, "Không được nhận: %lld. Xem lý do và sửa: baocao-agent list\n",
               "Refused: %lld. See why and mend them: baocao-agent list\n",
               (long long)c->state[KEPT_REFUSED]);
    if (news)
        io_say(io, "Có %lld thông báo mới: baocao-agent news\n",
               "New notices: %lld. See: baocao-agent news\n", news);
}

/* "90", "90s", "5m": ms; -1 for anything else. */
static int64_t read_wait(const char *text) {
    char *end;
    if (!text) return 0;
    if (*text < '0' || *text > '9') return -1;
    int64_t n = strtoll(text, &end, 10);
    int64_t unit = *end == 'm' ? 60000 : *end == 'h' ? 3600000 : 1000;
    if (*end && (!strchr("smh", *end) || end[1])) return -1;
    return n > 86400 ? -1 : n * unit;
}

int send_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    outbox_counts_t before, after;
    int64_t keep = read_wait(args_opt(args, "wait"));
    if (keep < 0)
        return io_refused(io,
                          refuse(&why, "option-value", "--wait",
                                 "Tùy chọn --wait phải là thời gian như 90s hoặc 5m.",
                                 "The option --wait must be a time such as 90s or 5m."),
                          &why);
    int rc = outbox_counts(agent->outbox, &before);
    if (!rc && agent->courier) {
        courier_nudge(agent->courier);
        rc = before.state[KEPT_WAITING] + before.state[KEPT_LATER] ? BC_AGAIN : BC_OK;
        if (rc)
            refuse(&why, "send-running", NULL,
                   "Chương trình gửi đang chạy và đã được nhắc gửi ngay. Xem kết quả: "
                   "baocao-agent status",
                   "The program runs and was told to send now. See: baocao-agent status");
    } else if (!rc) {
        rc = send_now(agent, conf, keep, &why);
    }
    if (!rc_stop(rc) && !outbox_counts(agent->outbox, &after)) {
        json_t *j = counts_json(&after);
        if (io->json && !rc) io_json(io, j);
        json_decref(j);
        if (!io->json) say_counts(agent, rc, &before, &after, io);
    }
    return rc ? io_refused(io, rc, &why) : EX_OK;
}
