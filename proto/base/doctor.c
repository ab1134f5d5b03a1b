/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.c - findings, and those about the machine, which need no store. */
#include "proto/base/doctor.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <zmq.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/version.h"

#define TMPFS 0x01021994
#define RAMFS 0x858458f6

typedef struct {
    doctor_level_t level;
    refusal_t what;
} finding_t;

struct doctor {
    finding_t *found;
    size_t count;
};

doctor_t *doctor_new(void) {
    return mem_alloc(sizeof(doctor_t));
}

void doctor_add(doctor_t *self, doctor_level_t level, const refusal_t *what) {
    if (!what->code[0]) return;
    self->found = mem_grow(self->found, (self->count + 1) * sizeof *self->found);
    self->found[self->count++] = (finding_t){level, *what};
}

void doctor_add_told(doctor_t *self, doctor_level_t level, const json_t *told) {
    const char *code = json_text(told, "code"), *vi = json_text(told, "vi"), *en = json_text(told, "en");
    refusal_t what;
    refuse(&what, code ? code : "json-malformed", json_text(told, "field"), "%1$s%2$.0s", "%2$s%1$.0s",
           vi ? vi : "?", en ? en : "?");
    doctor_add(self, level, &what);
}

/* ---- printing ---- */

static int any_bad(const doctor_t *self) {
    int bad = 0;
    for (size_t i = 0; i < self->count; i++)
        bad |= self->found[i].level == DOCTOR_BAD;
    return bad;
}

static void print_json(const doctor_t *self, io_t *io) {
    static const char *const levels[] = {"well", "note", "bad"};
    json_t *all = json_array();
    for (size_t i = 0; i < self->count; i++) {
        const refusal_t *w = &self->found[i].what;
        json_array_append_new(all, json_pack("{ss ss ss ss ss}", "code", w->code, "level",
                                             levels[self->found[i].level], "field", w->field, "vi", w->vi,
                                             "en", w->en));
    }
    json_t *j = json_pack("{sb so}", "ok", !any_bad(self), "findings", all);
    io_json(io, j);
    json_decref(j);
}

static void print_screen(const doctor_t *self, io_t *io) {
    static const char *const marks[] = {"  ", "- ", "! "};
    if (!any_bad(self)) io_say(io, "MỌI THỨ ĐỀU ỔN\n\n", "ALL IS WELL\n\n");
    for (int level = DOCTOR_BAD; level >= DOCTOR_WELL; level--)
        for (size_t i = 0; i < self->count; i++)
            if ((int)self->found[i].level == level)
                fprintf(io->out, "%s%s\n", marks[level], refusal_text(&self->found[i].what, io->lang));
}

int doctor_end(doctor_t **self_p, io_t *io) {
    doctor_t *self = *self_p;
    if (io->json)
        print_json(self, io);
    else
        print_screen(self, io);
    int status = any_bad(self);
    free(self->found);
    free(self);
    *self_p = NULL;
    return status;
}

/* ---- the machine ---- */

void doctor_versions(doctor_t *self, const char *program) {
    refusal_t what;
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    refuse(&what, "versions", NULL, "%s %s; libzmq %d.%d.%d, SQLite %s.",
           "%s %s; libzmq %d.%d.%d, SQLite %s.", program, BAOCAO_VERSION, major, minor, patch,
           sqlite3_libversion());
    doctor_add(self, DOCTOR_WELL, &what);
}

/* 1 if process PID has libeatmydata in it. */
static int eats_data(int pid) {
    char path[40], line[512];
    snprintf(path, sizeof path, pid ? "/proc/%d/maps" : "/proc/self/maps", pid);
    FILE *maps = fopen(path, "re");
    int found = 0;
    while (maps && !found && fgets(line, sizeof line, maps))
        found = strstr(line, "eatmydata") != NULL;
    if (maps) fclose(maps);
    return found;
}

int doctor_disk_refused(const char *dir, int pid, refusal_t *why) {
    struct statfs fs;
    if (statfs(dir, &fs) == 0 && (fs.f_type == TMPFS || fs.f_type == RAMFS))
        return refuse(
            why, "disk-volatile", dir,
            "Thư mục \"%s\" nằm trong bộ nhớ, mất điện là mất hết. Hãy đặt thư mục dữ liệu trên ổ đĩa.",
            "\"%s\" lies in memory and is gone when the power is. Put the data directory on a disk.", dir);
    if (eats_data(pid))
        return refuse(
            why, "disk-lies", dir,
            "Chương trình đang chạy với eatmydata: báo đã ghi xuống đĩa mà chưa ghi. Hãy chạy lại không "
            "có eatmydata.",
            "The program runs under eatmydata, which says that data is on disk and does not put it "
            "there. Start it again without.");
    return BC_OK;
}

/* Of a file system that other machines serve; NULL for others. */
static const char *remote(const char *dir) {
    static const struct {
        unsigned long type;
        const char *name;
    } known[] = {{0x6969, "NFS"}, {0xff534d42, "CIFS"}, {0xfe534d42, "SMB"}, {0x65735546, "FUSE"}};
    struct statfs fs;
    for (size_t i = 0; statfs(dir, &fs) == 0 && i < sizeof known / sizeof known[0]; i++)
        if (((unsigned long)fs.f_type & 0xffffffff) == known[i].type) return known[i].name;
    return NULL;
}

void doctor_disk(doctor_t *self, const char *dir, long long low) {
    refusal_t what = {0};
    long long room = file_free_bytes(dir);
    if (room < 0) return;
    if (doctor_disk_refused(dir, 0, &what) == BC_OK) {
        const char *name = remote(dir);
        if (name)
            refuse(
                &what, "disk-remote", dir,
                "Thư mục dữ liệu nằm trên ổ đĩa mạng (%s); khóa tệp và ghi xuống đĩa có thể không chắc. Nên "
                "dùng ổ đĩa của chính máy này.",
                "The data directory lies on a network disk (%s), whose locks and writes may not be sure. "
                "Better use a disk of this machine.",
                name);
        doctor_add(self, DOCTOR_NOTE, &what);
    } else {
        doctor_add(self, DOCTOR_BAD, &what);
    }
    if (room < low)
        refuse(&what, "disk-low", dir,
               "Ổ đĩa chỉ còn %lld MiB trống (cần ít nhất %lld MiB). Hãy xóa bớt tệp khác.",
               "Only %lld MiB are free on the disk (at least %lld MiB are needed). Make room.", room >> 20,
               low >> 20);
    else
        refuse(&what, "disk-room", dir, "Ổ đĩa còn %lld MiB trống.", "%lld MiB are free on the disk.",
               room >> 20);
    doctor_add(self, room < low ? DOCTOR_BAD : DOCTOR_WELL, &what);
}

void doctor_clock(doctor_t *self) {
    struct timex t = {0};
    refusal_t what;
    int state = adjtimex(&t);
    int kept = state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
    if (kept)
        refuse(&what, "clock-kept", NULL, "Đồng hồ máy được chỉnh tự động.", "The clock is kept right.");
    else
        refuse(&what, "clock-unkept", NULL,
               "Đồng hồ máy không được chỉnh tự động (NTP); nên bật để giờ luôn đúng.",
               "Nothing keeps this machine's clock right (NTP); better switch it on.");
    doctor_add(self, kept ? DOCTOR_WELL : DOCTOR_NOTE, &what);
}

int doctor_holder(const char *dir) {
    char *path = file_path(dir, "lock"), line[256];
    struct stat st;
    int holder = 0, there = stat(path, &st) == 0;
    free(path);
    FILE *locks = there ? fopen("/proc/locks", "re") : NULL;
    while (locks && fgets(line, sizeof line, locks)) {
        unsigned major, minor;
        unsigned long inode;
        int pid;
        if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%lu", &pid, &major, &minor, &inode) == 4 &&
            inode == st.st_ino && major == major(st.st_dev) && minor == minor(st.st_dev))
            holder = pid;
    }
    if (locks) fclose(locks);
    return holder;
}
