/* SPDX-License-Identifier: MPL-2.0 */
/* status.c - gathers figures, draws from them what is wrong, and prints both. */
#include "collector/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define BEHIND_MS (10 * 60000LL)   /* a consumer that has not committed for so long and has entries waiting */
#define REUSE_MS (30 * 86400000LL) /* how long a code used twice is shown */
#define FSYNC_SLOW_US 500000       /* p99 above which the disk is the trouble */
#define WAL_LARGE (512LL << 20)

/* ---- gathering ---- */

static int take_cursor(void *arg, const char *consumer, int64_t position, int64_t at) {
    json_object_set_new(arg, consumer,
                        json_pack("{sI sI}", "position", (json_int_t)position, "at", (json_int_t)at));
    return 0;
}

/* Consumers that were let in and never committed stand at 0. */
static int take_consumer(void *arg, const access_key_t *k) {
    if (k->consumer && k->state == KEY_ACTIVE && !json_object_get(arg, k->unit))
        json_object_set_new(arg, k->unit,
                            json_pack("{sI sI}", "position", (json_int_t)0, "at", (json_int_t)k->from));
    return 0;
}

static int take_any_plan(void *arg, const char *json, size_t n, int64_t position) {
    (void)json;
    (void)n;
    (void)position;
    ++*(int *)arg;
    return 0;
}

static int gather(admin_t *admin, json_t *out) {
    head_t head;
    queue_counts_t c;
    int plans = 0;
    json_t *consumers = json_object();
    json_object_set_new(out, "consumers", consumers);
    int rc = queue_head(admin->queue, &head);
    if (rc == BC_OK) rc = queue_counts(admin->queue, &c);
    if (rc == BC_OK) rc = queue_cursor_each(admin->queue, take_cursor, consumers);
    if (rc == BC_OK) rc = queue_key_each(admin->queue, take_consumer, consumers);
    if (rc == BC_OK) rc = queue_plan_each(admin->queue, take_any_plan, &plans);
    if (rc) return rc;
    const char *name;
    json_t *consumer;
    json_object_foreach(consumers, name, consumer)
        json_object_set_new(consumer, "lag", json_integer(head.position - json_int(consumer, "position", 0)));
    json_t *figures =
        json_pack("{ss sI sI sI sI sI sI sI sI sI sI si}", "log", head.log, "position",
                  (json_int_t)head.position, "received", (json_int_t)head.received, "documents",
                  (json_int_t)c.documents, "held", (json_int_t)c.held, "units", (json_int_t)c.units, "keys",
                  (json_int_t)c.keys, "codes_open", (json_int_t)c.codes_open, "gaps", (json_int_t)c.gaps,
                  "db_bytes", (json_int_t)c.db_bytes, "wal_bytes", (json_int_t)c.wal_bytes, "plans", plans);
    json_object_update(out, figures);
    json_decref(figures);
    char *reused = queue_fact(admin->queue, "code_reused");
    json_t *fact = reused ? json_loads(reused, 0, NULL) : NULL;
    if (fact) json_object_set_new(out, "code_reused", fact);
    free(reused);
    return BC_OK;
}

/* ---- judging ---- */

__attribute__((format(printf, 3, 5), format(printf, 4, 5))) static void
problem(json_t *out, const char *code, const char *vi, const char *en, ...) {
    char text[2][400];
    va_list args;
    va_start(args, en);
    vsnprintf(text[0], sizeof text[0], vi, args);
    va_end(args);
    va_start(args, en);
    vsnprintf(text[1], sizeof text[1], en, args);
    va_end(args);
    json_array_append_new(json_object_get(out, "problems"),
                          json_pack("{ss ss ss}", "code", code, "vi", text[0], "en", text[1]));
}

static long long figure(const json_t *j, const char *key) {
    return (long long)json_int(j, key, 0);
}

static void judge_setup(json_t *out) {
    if (!figure(out, "units"))
        problem(out, "no-units", "Chưa có đơn vị nào; hãy chạy unit import.",
                "There are no units; run unit import.");
    if (!figure(out, "plans"))
        problem(out, "no-plans", "Chưa công bố kế hoạch nào; hãy chạy plan publish.",
                "No plan is published; run plan publish.");
    if (figure(out, "held"))
        problem(out, "held", "%lld báo cáo chờ xử lý; hãy xem held list, rồi held release hoặc held discard.",
                "%lld documents are held; look at held list, then held release or held discard.",
                figure(out, "held"));
    const json_t *reused = json_object_get(out, "code_reused");
    if (reused && figure(out, "now") - figure(reused, "at") < REUSE_MS)
        problem(
            out, "code-reused",
            "Mã ghi danh của %s bị dùng lần thứ hai từ máy khác; hãy hỏi đơn vị, nếu nghi ngờ thì handover.",
            "The code of %s was used a second time by another computer; ask the unit, and handover if in "
            "doubt.",
            json_text(reused, "unit"));
}

static void judge_disk(json_t *out) {
    long long mib = figure(out, "disk_free") >> 20, low = figure(out, "disk_low") >> 20;
    if (figure(out, "disk_free") < figure(out, "disk_low"))
        problem(out, "disk-low",
                "Đĩa chỉ còn %lld MiB (mức thấp %lld MiB): không nhận báo cáo mới; hãy dọn hoặc mở rộng đĩa.",
                "Only %lld MiB are free (low mark %lld MiB): no new documents are taken; make room.", mib,
                low);
    if (figure(out, "wal_bytes") > WAL_LARGE)
        problem(out, "wal-large",
                "Tệp queue.db-wal lớn %lld MiB: một chương trình đang đọc kho quá lâu; hãy kết thúc verify "
                "hoặc backup bị treo.",
                "queue.db-wal has %lld MiB: something has been reading the store for too long; end a verify "
                "or backup "
                "that hangs.",
                figure(out, "wal_bytes") >> 20);
}

static void judge_consumers(json_t *out) {
    const char *name;
    json_t *c;
    json_object_foreach(json_object_get(out, "consumers"), name, c) {
        long long minutes = (figure(out, "now") - figure(c, "at")) / 60000;
        if (figure(c, "lag") > 0 && minutes * 60000 > BEHIND_MS)
            problem(out, "consumer-behind",
                    "Nơi nhận %s chậm %lld mục, %lld phút chưa đọc thêm; hãy kiểm tra chương trình tổng hợp.",
                    "Consumer %s is %lld entries behind and has not read for %lld minutes; look at the "
                    "aggregator.",
                    name, figure(c, "lag"), minutes);
    }
}

static void judge_live(json_t *out, const json_t *live) {
    if (!live) {
        problem(out, "stopped",
                "Máy chủ nhận báo cáo không chạy; hãy chạy: systemctl start baocao-collector (hoặc: run).",
                "The collector does not run; start it: systemctl start baocao-collector (or: run).");
        return;
    }
    if (json_bool(live, "draining", 0))
        problem(out, "draining", "Đang trả lời nốt để dừng.", "It is answering what is left, to end.");
    if (figure(live, "fsync_p99_us") > FSYNC_SLOW_US)
        problem(out, "fsync-slow", "Đĩa ghi chậm: 1%% lần ghi lâu hơn %lld ms; hãy kiểm tra đĩa.",
                "The disk is slow: 1%% of commits take over %lld ms; check the disk.",
                figure(live, "fsync_p99_us") / 1000);
    if (figure(live, "credit_cap") && figure(live, "credit_granted") >= figure(live, "credit_cap"))
        problem(out, "credit-out",
                "Đã cấp hết hạn mức gửi; các đơn vị phải chờ. Nếu kéo dài, tăng credit/cap.",
                "All credit is granted; units wait. If it lasts, raise credit/cap.");
    size_t i, skews = json_array_size(json_object_get(live, "skews"));
    json_t *skew;
    json_array_foreach(json_object_get(live, "skews"), i, skew) {
        if (i == 3) break;
        problem(out, "clock-skew", "Đồng hồ máy của %s lệch %lld phút; hãy báo đơn vị chỉnh lại.",
                "The clock of %s is %lld minutes off; tell the unit to set it.", json_text(skew, "unit"),
                figure(skew, "ms") / 60000);
    }
    if (skews > 3)
        problem(out, "clock-skew", "Và đồng hồ của %zu máy khác.", "And the clocks of %zu more computers.",
                skews - 3);
}

/* A computer that does not keep to the protocol, whoever means it. */
static void judge_conduct(json_t *out, const json_t *live) {
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(live, "put_out"), i, one) {
        if (i == 3) break;
        problem(
            out, "put-out",
            "Một máy của %s gửi sai quy cách liên tục nên bị ngắt, còn %lld phút; hãy gọi đơn vị, nếu máy đã "
            "mất "
            "hoặc bị chiếm thì handover.",
            "A computer of %s sent against the rules without end and is put out for %lld minutes more; call "
            "the unit, and handover where the computer was lost or taken over.",
            json_text(one, "unit"), figure(one, "ms") / 60000 + 1);
    }
    size_t outs = json_array_size(json_object_get(live, "put_out"));
    if (outs > 3)
        problem(out, "put-out", "Và %zu máy khác cũng bị ngắt.", "And %zu more computers are put out.",
                outs - 3);
}

json_t *status_collect(admin_t *admin, int64_t disk_low, int64_t now) {
    json_t *out =
        json_pack("{sb sI sI sI s[]}", "running", admin->live != NULL, "now", (json_int_t)now, "disk_free",
                  (json_int_t)file_free_bytes(admin->dir), "disk_low", (json_int_t)disk_low, "problems");
    int rc = gather(admin, out);
    if (rc) {
        admin->broken = rc;
        json_decref(out);
        return NULL;
    }
    if (admin->live) json_object_set(out, "live", admin->live);
    judge_live(out, admin->live);
    judge_conduct(out, admin->live);
    judge_disk(out);
    judge_setup(out);
    judge_consumers(out);
    return out;
}

/* ---- printing ---- */

static void say(FILE *out, lang_t lang, const char *vi, const char *en, int n) {
    const char *text = tr(lang, vi, en);
    fprintf(out, "%s%*s", text, n - text_width(text), "");
}

static void print_problems(const json_t *status, lang_t lang, FILE *out) {
    const json_t *problems = json_object_get(status, "problems");
    size_t i;
    json_t *p;
    if (!json_array_size(problems)) fprintf(out, "%s\n\n", tr(lang, "ĐANG THÔNG SUỐT", "IT FLOWS"));
    json_array_foreach(problems, i, p) fprintf(out, "! %s\n", json_text(p, tr(lang, "vi", "en")));
    if (json_array_size(problems)) fputc('\n', out);
}

/* "12 KiB", "3 MiB", "80 GiB": the largest unit of which there are ten. */
static const char *size_of(long long bytes, char out[static 24]) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int i = 0;
    for (; bytes >= 10 * 1024 && i < 4; i++)
        bytes /= 1024;
    snprintf(out, 24, "%lld %s", bytes, units[i]);
    return out;
}

static void print_log(const json_t *s, lang_t lang, FILE *out) {
    char at[17], position[28], documents[28];
    say(out, lang, "Sổ nhận", "Log", 12);
    fprintf(out, "%s  %s  %s %s\n", json_text(s, "log"), text_grouped(figure(s, "position"), position),
            tr(lang, "mục cuối", "last entry"), clock_vi(figure(s, "received"), at));
    say(out, lang, "Báo cáo", "Documents", 12);
    fprintf(out, "%s %s, %lld %s, %lld %s\n", text_grouped(figure(s, "documents"), documents),
            tr(lang, "đã nhận", "stored"), figure(s, "held"), tr(lang, "chờ xử lý", "held"),
            figure(s, "gaps"), tr(lang, "máy gửi còn thiếu số", "outboxes with gaps"));
    say(out, lang, "Đơn vị", "Units", 12);
    fprintf(out, "%lld, %lld %s, %lld %s; %lld %s\n", figure(s, "units"), figure(s, "keys"),
            tr(lang, "khóa", "keys"), figure(s, "codes_open"), tr(lang, "mã chưa dùng", "unused codes"),
            figure(s, "plans"), tr(lang, "bản kế hoạch", "plan versions"));
    say(out, lang, "Đĩa", "Disk", 12);
    char room[24], db[24], wal[24];
    fprintf(out, "%s %s; %s %s, WAL %s\n", tr(lang, "còn", "free"), size_of(figure(s, "disk_free"), room),
            tr(lang, "kho", "store"), size_of(figure(s, "db_bytes"), db),
            size_of(figure(s, "wal_bytes"), wal));
}

static void print_live(const json_t *live, lang_t lang, FILE *out) {
    const json_t *doors = json_object_get(live, "handshakes");
    char since[17], granted[24], cap[24];
    say(out, lang, "Đang chạy", "Running", 12);
    fprintf(out, "%s %s, %lld %s, %.1f %s\n", tr(lang, "từ", "since"),
            clock_vi(figure(live, "started"), since), figure(live, "sessions"), tr(lang, "phiên", "sessions"),
            json_number_value(json_object_get(live, "rate")),
            tr(lang, "báo cáo/giây trong phút qua", "documents/s over the last minute"));
    say(out, lang, "Ghi đĩa", "Commits", 12);
    fprintf(out, "p50 %.1f ms, p99 %.1f ms; %s %s / %s\n", (double)figure(live, "fsync_p50_us") / 1000,
            (double)figure(live, "fsync_p99_us") / 1000, tr(lang, "hạn mức đã cấp", "credit granted"),
            size_of(figure(live, "credit_granted"), granted), size_of(figure(live, "credit_cap"), cap));
    say(out, lang, "Bắt tay", "Handshakes", 12);
    fprintf(out, "%lld %s, %lld %s, %lld %s, %lld %s, %lld %s\n", figure(doors, "accepted"),
            tr(lang, "chấp nhận", "accepted"), figure(doors, "enrolling"), tr(lang, "ghi danh", "enrolling"),
            figure(doors, "unknown"), tr(lang, "khóa lạ", "unknown"), figure(doors, "expired"),
            tr(lang, "hết hạn", "expired"), figure(doors, "revoked"), tr(lang, "đã thu hồi", "revoked"));
}

void status_print(const json_t *status, lang_t lang, FILE *out) {
    const json_t *live = json_object_get(status, "live");
    const char *name;
    json_t *c;
    print_problems(status, lang, out);
    if (live) print_live(live, lang, out);
    print_log(status, lang, out);
    json_object_foreach(json_object_get(status, "consumers"), name, c) {
        say(out, lang, "Nơi nhận", "Consumer", 12);
        fprintf(out, "%s: %s %lld\n", name, tr(lang, "còn chậm", "behind by"), figure(c, "lag"));
    }
}

int admin_status(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    json_t *status = status_collect(store, conf_int(conf, "disk/low"), clock_wall_ms());
    if (!status) return rc_exit(BC_DISK);
    if (io->json)
        io_json(io, status);
    else
        status_print(status, io->lang, io->out);
    json_decref(status);
    return 0;
}
