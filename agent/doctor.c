/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.c - what keeps an office's reports from going out: each thing with what to do about it. */
#include "agent/doctor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/doctor.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/probe.h"

#define ROOM (64LL << 20)     /* an outbox of years */
#define OLD_MS 86400000LL     /* a report that waits longer has a reason */
#define SILENT_MS 604800000LL /* no contact for a week */
#define SKEW_MS 300000
#define PROBE_MS 12000

/* The store: opened as any command opens it. What it said of itself, NULL where it cannot be read. */
static json_t *look_at_store(doctor_t *d, const args_t *args, const conf_t *conf) {
    json_t *status = program_look(&agent_program, "status", args, conf, NULL);
    if (json_object_get(status, "waiting")) {
        json_t *whole = program_look(&agent_program, "verify", args, conf, NULL),
               *broken = json_object_get(whole, "error");
        if (broken) doctor_add_told(d, DOCTOR_BAD, broken);
        json_decref(whole);
        return status;
    }
    doctor_add_told(d, DOCTOR_BAD, json_object_get(status, "error"));
    json_decref(status);
    return NULL;
}

static void look_at_waiting(doctor_t *d, const json_t *s) {
    refusal_t what;
    char at[17];
    int64_t waiting = json_int(s, "waiting", 0) + json_int(s, "later", 0), oldest = json_int(s, "oldest", 0);
    if (waiting == 0)
        refuse(&what, "unsent-none", NULL, "Không còn báo cáo nào chờ gửi.", "No report waits to be sent.");
    else
        refuse(&what, "unsent-old", NULL,
               "%1$lld báo cáo chờ gửi, sớm nhất nhập lúc %2$s. Hãy nối mạng rồi chạy: baocao-agent send",
               "%1$lld reports wait to be sent, the oldest since %2$s. Connect to the network and run: "
               "baocao-agent send",
               (long long)waiting, clock_vi(oldest, at));
    int old = waiting && clock_wall_ms() - oldest > OLD_MS;
    doctor_add(d, old ? DOCTOR_BAD : waiting ? DOCTOR_NOTE : DOCTOR_WELL, &what);
    if (!json_int(s, "refused", 0)) return;
    refuse(&what, "refused-some", NULL, "%lld báo cáo không được nhận. Xem lý do và sửa: baocao-agent list",
           "%lld reports were refused. See why and mend them: baocao-agent list",
           (long long)json_int(s, "refused", 0));
    doctor_add(d, DOCTOR_BAD, &what);
}

static void look_at_contact(doctor_t *d, const json_t *s) {
    refusal_t what = {0};
    char at[17];
    int64_t contact = json_int(s, "contact", 0), skew = json_int(s, "skew", 0);
    if (contact && clock_wall_ms() - contact > SILENT_MS)
        refuse(&what, "contact-old", NULL, "Lần cuối liên lạc với máy chủ: %s. Hãy chạy: baocao-agent send",
               "The last contact with the collector was at %s. Run: baocao-agent send",
               clock_vi(contact, at));
    doctor_add(d, DOCTOR_NOTE, &what);
    what = (refusal_t){0};
    if (llabs(skew) > SKEW_MS)
        refuse(&what, "clock-skew", NULL,
               "Đồng hồ máy này lệch %lld phút so với máy chủ. Hãy chỉnh lại ngày giờ của máy.",
               "This computer's clock differs from the collector's by %lld minutes. Set its date and time "
               "right.",
               llabs(skew) / 60000);
    doctor_add(d, DOCTOR_BAD, &what);
    what = (refusal_t){0};
    if (!json_int(s, "plans", 0))
        refuse(
            &what, "plan-none", NULL,
            "Chưa nhận được kế hoạch nào nên chưa nhập được báo cáo. Hãy nối mạng rồi chạy: baocao-agent "
            "send",
            "No plan has come yet, so nothing can be entered. Connect to the network and run: baocao-agent "
            "send");
    doctor_add(d, DOCTOR_BAD, &what);
}

/* The key, and whether the collector it belongs to is there and knows it. */
static void look_at_collector(doctor_t *d, const args_t *args, const conf_t *conf, const json_t *s) {
    uint8_t server[32], successor[32] = {0};
    curve_pair_t pair;
    refusal_t what = {0};
    const char *name = json_text(s, "key_file"), *key = json_text(s, "server"),
               *set = json_text(s, "successor");
    const char *own = conf_text(conf, "collector/endpoint"),
               *endpoint = *own ? own : json_text(s, "endpoint");
    if (!name || !key || !endpoint || hex_read(key, server, sizeof server)) {
        refuse(&what, "not-joined", NULL,
               "Máy này chưa ghi danh. Hãy lấy mã ghi danh do Liên đoàn cấp rồi chạy: baocao-agent join MÃ",
               "This computer is not enrolled yet. Take the code from the federation and run: baocao-agent "
               "join CODE");
        doctor_add(d, DOCTOR_BAD, &what);
        return;
    }
    char *path = file_path(args->dir, name);
    if (curve_pair_load(path, &pair, &what)) {
        doctor_add(d, DOCTOR_BAD, &what);
    } else {
        int second = set && !hex_read(set, successor, sizeof successor);
        const probe_t peer = {endpoint, server, second ? successor : NULL};
        probe_add(d, &peer, &pair, PROBE_MS);
    }
    free(path);
}

/* Where other programs put files for us; it is there once the agent has run. */
static void look_at_door(doctor_t *d, const args_t *args, const conf_t *conf) {
    refusal_t what = {0};
    const char *set = conf_text(conf, "door/folder");
    char *folder = *set ? mem_str(set) : file_path(args->dir, "drop");
    if ((*set || file_exists(folder)) && access(folder, R_OK | W_OK | X_OK))
        refuse(&what, "door-closed", folder,
               "Thư mục nhận tệp \"%s\" không có hoặc không được ghi. Hãy tạo thư mục đó và cấp quyền ghi.",
               "The drop folder \"%s\" is not there or may not be written. Make it, with the right to write.",
               folder);
    doctor_add(d, DOCTOR_BAD, &what);
    free(folder);
}

int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    doctor_t *d = doctor_new();
    json_t *status = look_at_store(d, args, conf);
    if (status && json_text(status, "unit")) {
        look_at_waiting(d, status);
        look_at_contact(d, status);
    }
    if (status) look_at_collector(d, args, conf, status);
    doctor_disk(d, args->dir, ROOM);
    look_at_door(d, args, conf);
    doctor_clock(d);
    doctor_versions(d, agent_program.name);
    json_decref(status);
    return doctor_end(&d, io);
}
