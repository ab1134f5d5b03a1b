/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.c - what `status` cannot see: the disk under the store, limits, keys, clock, and the ports from
 * outside. */
#include "collector/doctor.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "collector/admin.h"
#include "collector/spare.h"
#include "proto/base/clock.h"
#include "proto/base/doctor.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/keyfile.h"
#include "proto/probe.h"

#define PROBE_MS 3000
#define FILES_EACH 2 /* file descriptors for a unit: one, and as many again while all come anew */

int doctor_may_run(const char *dir, const conf_t *conf, refusal_t *why) {
    return conf_int(conf, "store/volatile") ? BC_OK : doctor_disk_refused(dir, 0, why);
}

/* What `status` sees is not seen twice. Returns the units there are, -1 where the store cannot be read. */
static int64_t look_at_status(doctor_t *d, const args_t *args, const conf_t *conf) {
    json_t *status = program_look(&admin_program, "status", args, conf, NULL), *problem;
    const json_t *error = json_object_get(status, "error");
    refusal_t what;
    size_t i;
    if (error) doctor_add_told(d, DOCTOR_BAD, error);
    json_array_foreach(json_object_get(status, "problems"), i, problem) {
        if (strcmp(json_text(problem, "code"), "disk-low") == 0) continue; /* doctor_disk has it */
        doctor_add_told(d, DOCTOR_BAD, problem);
    }
    int64_t units = json_int(status, "units", -1), behind = json_int(status, "received", 0) - clock_wall_ms();
    what = (refusal_t){0};
    if (behind > 60000)
        refuse(&what, "clock-behind", NULL,
               "Đồng hồ máy này chậm %lld phút so với mục cuối của sổ nhận. Hãy chỉnh lại giờ.",
               "This machine's clock stands %lld minutes behind the last entry of the log. Set it right.",
               (long long)(behind / 60000));
    doctor_add(d, DOCTOR_BAD, &what);
    json_decref(status);
    return units;
}

/* Of the collector that runs, else of this process, which has what the shell has. */
static long long file_limit(int pid) {
    struct rlimit own;
    char path[40], line[256];
    long long soft = -1, hard = -1;
    snprintf(path, sizeof path, "/proc/%d/limits", pid);
    FILE *limits = pid ? fopen(path, "re") : NULL;
    while (limits && fgets(line, sizeof line, limits))
        if (sscanf(line, "Max open files %lld %lld", &soft, &hard) == 2) break;
    if (limits) fclose(limits);
    if (soft >= 0) return soft;
    return getrlimit(RLIMIT_NOFILE, &own) ? -1 : (long long)own.rlim_max;
}

static void look_at_limits(doctor_t *d, int pid, int64_t units) {
    refusal_t what;
    long long limit = file_limit(pid), wanted = FILES_EACH * (long long)units + 64;
    if (limit < 0) return;
    if (limit < wanted)
        refuse(&what, "files-few", "LimitNOFILE",
               "Chỉ mở được %lld tệp cùng lúc, mà %lld đơn vị cần %lld. Hãy tăng LimitNOFILE của dịch vụ.",
               "Only %lld files may be open at once; %lld units need %lld. Raise LimitNOFILE of the service.",
               limit, (long long)units, wanted);
    else
        refuse(&what, "files-enough", "LimitNOFILE", "Mở được %lld tệp cùng lúc, đủ cho %lld đơn vị.",
               "%lld files may be open at once, enough for %lld units.", limit, (long long)units);
    doctor_add(d, limit < wanted ? DOCTOR_BAD : DOCTOR_WELL, &what);
}

static int look_at_keys(doctor_t *d, const char *dir, curve_pair_t *server) {
    refusal_t what = {0};
    sign_pair_t sign;
    uint8_t spare[32];
    char *server_path = file_path(dir, "server.key"), *sign_path = file_path(dir, "sign.key");
    int rc = curve_pair_load(server_path, server, &what);
    doctor_add(d, DOCTOR_BAD, &what);
    what = (refusal_t){0};
    int others = sign_pair_load(sign_path, &sign, &what);
    if (!others) others = spare_load(dir, spare, &what);
    if (!others && !rc && memcmp(spare, server->public_, sizeof spare) == 0)
        refuse(&what, "spare-used", dir,
               "Việc thay khóa bị ngắt giữa chừng: khóa dự phòng nay đã là khóa chính. "
               "Hãy dừng máy chủ và chạy lại key succeed với cùng tờ giấy đó.",
               "A change of keys was cut off: the spare is the main key already. "
               "Stop the collector and give key succeed again, with the same paper.");
    doctor_add(d, DOCTOR_BAD, &what);
    if (!rc && !what.code[0])
        refuse(&what, "keys-well", dir, "Các tệp khóa đọc được và chỉ chủ nhân đọc được.",
               "The key files can be read, and by their owner alone.");
    if (strcmp(what.code, "keys-well") == 0) doctor_add(d, DOCTOR_WELL, &what);
    sodium_memzero(&sign, sizeof sign);
    free(server_path);
    free(sign_path);
    return rc;
}

/* An endpoint to listen at, as somebody on this machine calls it; caller frees. */
static char *from_here(const char *listen) {
    const char *port = strrchr(listen, ':');
    if (strncmp(listen, "tcp://*:", 8) == 0 || strncmp(listen, "tcp://0.0.0.0:", 14) == 0)
        return mem_printf("tcp://127.0.0.1%s", port);
    if (strncmp(listen, "tcp://[::]:", 11) == 0) return mem_printf("tcp://[::1]%s", port);
    return mem_str(listen);
}

/* Calls the port as a unit would, with a key that nobody knows: the right server leaves that in silence. */
static void look_at_port(doctor_t *d, const char *listen, const curve_pair_t *server) {
    refusal_t what = {0};
    curve_pair_t stranger;
    char *endpoint = from_here(listen);
    curve_pair_make(&stranger);
    const probe_t peer = {endpoint, server->public_, NULL};
    int rc = probe_peer(&peer, &stranger, PROBE_MS, &what);
    int well = rc == BC_OK || strcmp(what.code, "key-unknown") == 0;
    if (well)
        refuse(&what, "port-well", endpoint, "Cổng %s trả lời bằng khóa của máy chủ này.",
               "The port %s answers with this collector's key.", endpoint);
    else if (strcmp(what.code, "server-key-wrong") == 0)
        refuse(
            &what, "port-other", endpoint,
            "Cổng %s trả lời bằng khóa khác: một máy chủ khác đang giữ cổng này. Hãy dừng nó hoặc đổi cổng.",
            "The port %s answers with another key: another collector holds it. Stop that one, or change the "
            "port.",
            endpoint);
    else
        refuse(&what, "port-silent", endpoint,
               "Không kết nối được cổng %s. Hãy kiểm tra cấu hình listen/… và tường lửa.",
               "The port %s cannot be reached. Check listen/… in the configuration, and the firewall.",
               endpoint);
    doctor_add(d, well ? DOCTOR_WELL : DOCTOR_BAD, &what);
    sodium_memzero(&stranger, sizeof stranger);
    free(endpoint);
}

int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    refusal_t what = {0};
    curve_pair_t server;
    doctor_t *d = doctor_new();
    int pid = doctor_holder(args->dir);
    int64_t units = look_at_status(d, args, conf);
    doctor_disk(d, args->dir, conf_int(conf, "disk/low"));
    if (pid && doctor_disk_refused(args->dir, pid, &what) && strcmp(what.code, "disk-lies") == 0)
        doctor_add(d, DOCTOR_BAD, &what);
    if (units >= 0) look_at_limits(d, pid, units);
    if (file_exists(args->dir) && look_at_keys(d, args->dir, &server) == BC_OK && pid) {
        look_at_port(d, conf_text(conf, "listen/documents"), &server);
        look_at_port(d, conf_text(conf, "listen/enrol"), &server);
    }
    doctor_clock(d);
    doctor_versions(d, admin_program.name);
    sodium_memzero(&server, sizeof server);
    return doctor_end(&d, io);
}
