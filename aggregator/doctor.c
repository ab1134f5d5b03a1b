/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.c - what keeps the figures from being up to date: each thing with what to do about it. */
#include "aggregator/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/peer.h"
#include "aggregator/verbs.h"
#include "proto/base/clock.h"
#include "proto/base/doctor.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/probe.h"

#define ROOM (256LL << 20) /* a rebuild needs the store twice */
#define OLD_MS 86400000LL  /* no entry read for so long */
#define PROBE_MS 12000

static void look_at_reading(doctor_t *d, const json_t *s) {
    refusal_t what = {0};
    char at[17];
    int64_t lag = json_int(s, "lag", 0), received = json_int(s, "received", 0);
    int forked = json_bool(s, "forked", 0), running = json_bool(s, "running", 0);
    int old = !running && received && clock_wall_ms() - received > OLD_MS;
    if (forked)
        refuse(
            &what, "log-forked", NULL,
            "Sổ nhận của máy chủ đã rẽ nhánh (được khôi phục từ bản sao lưu). Hãy chạy: baocao-aggregator "
            "rebuild",
            "The collector's log has forked (it was restored from a backup). Run: baocao-aggregator rebuild");
    else if (running && lag > 0)
        refuse(&what, "unread-some", NULL, "Còn %lld mục của sổ nhận chưa đọc.",
               "%lld entries of the log are not read yet.", (long long)lag);
    else if (!received)
        refuse(&what, "log-unread", NULL,
               "Chưa đọc sổ nhận lần nào. Hãy chạy: baocao-aggregator run (hoặc sync)",
               "The log was never read. Run: baocao-aggregator run (or sync)");
    else
        refuse(
            &what, old ? "unread-old" : "read-to", NULL,
            running
                ? "Đã đọc đến mục cuối cùng, nhận lúc %s."
                : "Đã đọc đến mục nhận lúc %s. Chương trình không chạy; để đọc tiếp: baocao-aggregator run",
            running ? "Read to the last entry, received at %s."
                    : "Read up to what was received at %s. The program does not run; to read on: "
                      "baocao-aggregator run",
            clock_vi(received, at));
    int bad = forked || !received || old;
    doctor_add(d, bad ? DOCTOR_BAD : running && lag <= 0 ? DOCTOR_WELL : DOCTOR_NOTE, &what);
}

static void look_at_rest(doctor_t *d, const json_t *s) {
    refusal_t what = {0};
    if (json_int(s, "decisions_waiting", 0))
        refuse(&what, "decisions-waiting", NULL,
               "%lld quyết định chưa được máy chủ trả lời; chúng được gửi lại khi nối được với máy chủ.",
               "%lld decisions were not answered yet; they are sent again when the collector is reached.",
               (long long)json_int(s, "decisions_waiting", 0));
    doctor_add(d, DOCTOR_NOTE, &what);
    what = (refusal_t){0};
    if (json_int(s, "unread", 0))
        refuse(
            &what, "entries-unknown", NULL,
            "%lld mục của sổ nhận bản này không hiểu và không tính. Hãy cài bản mới rồi chạy rebuild.",
            "%lld entries of the log are of a kind this release does not know, and are not counted. Install "
            "the newer one and rebuild.",
            (long long)json_int(s, "unread", 0));
    doctor_add(d, DOCTOR_BAD, &what);
}

static void look_at_collector(doctor_t *d, const char *dir) {
    peer_t peer;
    refusal_t what = {0};
    if (peer_load(dir, &peer, &what)) {
        doctor_add(d, DOCTOR_BAD, &what);
        return;
    }
    const probe_t probe = {peer.endpoint, peer.server, peer.successor};
    probe_add(d, &probe, &peer.pair, PROBE_MS);
}

int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    doctor_t *d = doctor_new();
    json_t *status = program_look(&verbs_program, "status", args, conf, NULL);
    const json_t *error = json_object_get(status, "error");
    if (error) {
        doctor_add_told(d, DOCTOR_BAD, error);
    } else {
        look_at_reading(d, status);
        look_at_rest(d, status);
    }
    look_at_collector(d, args->dir);
    doctor_disk(d, args->dir, ROOM);
    doctor_clock(d);
    doctor_versions(d, verbs_program.name);
    json_decref(status);
    return doctor_end(&d, io);
}
