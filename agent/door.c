/* SPDX-License-Identifier: MPL-2.0 */
/* door.c - watches the drop folder and takes one file at a time, so that nothing else waits long. */
#include "agent/door.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/import.h"
#include "agent/report.h"
#include "proto/base/cause.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define STILL_MS 2000 /* how long a file must not change: nobody says when he has written it whole */
#define FILE_MOST (64u << 20)

/* A name in the folder, as it was when it last changed. */
typedef struct {
    char *name;
    struct stat st;
    int64_t since; /* monotonic ms */
    int present;   /* met in this look */
    int left;      /* will not be touched, until it changes */
} seen_t;

struct door {
    agent_t *agent;
    char *folder, *taken, *refused;
    seen_t *seen;
    size_t count, cap;
    int64_t due;
};

static char *subfolder(const char *folder, const char *name, refusal_t *why) {
    char *path = file_path(folder, name);
    if (file_mkdir(path, 0700, why) == BC_OK) return path;
    free(path);
    return NULL;
}

door_t *door_open(agent_t *agent, const char *folder, refusal_t *why) {
    door_t *self = mem_alloc(sizeof *self);
    self->agent = agent;
    self->folder = mem_str(folder);
    self->due = INT64_MIN;
    self->taken = subfolder(folder, "taken", why);
    if (self->taken) self->refused = subfolder(folder, "refused", why);
    if (!self->refused) door_close(&self);
    return self;
}

void door_close(door_t **self_p) {
    door_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        free(self->seen[i].name);
    free(self->seen);
    free(self->folder);
    free(self->taken);
    free(self->refused);
    free(self);
    *self_p = NULL;
}

/* ---- looking ---- */

static int ends_with(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcasecmp(name + n - m, end) == 0;
}

static int is_ours(const char *name, const struct stat *st) {
    return S_ISREG(st->st_mode) && (ends_with(name, ".csv") || ends_with(name, ".json"));
}

static seen_t *find(door_t *self, const char *name) {
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->seen[i].name, name) == 0) return &self->seen[i];
    if (self->count == self->cap) {
        self->cap = self->cap ? 2 * self->cap : 16;
        self->seen = mem_grow(self->seen, self->cap * sizeof *self->seen);
    }
    self->seen[self->count] = (seen_t){.name = mem_str(name)};
    return &self->seen[self->count++];
}

static int unchanged(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && (a->st_mode & S_IFMT) == (b->st_mode & S_IFMT);
}

static void meet(door_t *self, const char *name, const struct stat *st, int64_t mono) {
    seen_t *seen = find(self, name);
    seen->present = 1;
    if (unchanged(&seen->st, st)) return;
    int known = seen->st.st_ino != 0;
    seen->st = *st;
    seen->since = mono;
    seen->left = !is_ours(name, st);
    if (seen->left && !known)
        log_info("door.left",
                 "name=\"%s\" do=\"nothing, or take it out: only .csv and .json files are taken\"", name);
}

/* Forgets what is no longer in the folder. */
static void forget(door_t *self) {
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (self->seen[i].present)
            self->seen[kept++] = self->seen[i];
        else
            free(self->seen[i].name);
    }
    self->count = kept;
}

static void look(door_t *self, int64_t mono) {
    DIR *dir = opendir(self->folder);
    if (!dir) {
        log_error("door.closed", "error=\"%s\" do=\"make the drop folder readable\"", strerror(errno));
        return;
    }
    for (size_t i = 0; i < self->count; i++)
        self->seen[i].present = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        struct stat st;
        if (e->d_name[0] == '.' || fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW)) continue;
        if (!S_ISDIR(st.st_mode)) meet(self, e->d_name, &st, mono);
    }
    closedir(dir);
    forget(self);
}

/* The first by name of the files that stood still; NULL where none did. *MORE: there are others. */
static seen_t *ready(door_t *self, int64_t mono, int *more) {
    seen_t *first = NULL;
    int n = 0;
    for (size_t i = 0; i < self->count; i++) {
        seen_t *s = &self->seen[i];
        if (s->left || mono - s->since < STILL_MS) continue;
        n++;
        if (!first || strcmp(s->name, first->name) < 0) first = s;
    }
    *more = n > 1;
    return first;
}

/* ---- taking ---- */

static int refuse_unreadable(refusal_t *why) {
    int err = errno;
    return refuse(why, "file-unreadable", NULL, "Không đọc được tệp: %1$s.%2$.0s",
                  "The file cannot be read: %2$s.%1$.0s", cause_vi(err), cause_en(err));
}

/* The whole of FD. */
static int read_all(int fd, buf_t *out, refusal_t *why) {
    ssize_t n = 1;
    while (n != 0 && out->len <= FILE_MOST) {
        n = read(fd, buf_room(out, 1 << 16), 1 << 16);
        if (n < 0 && errno != EINTR) return refuse_unreadable(why);
        if (n > 0) out->len += (size_t)n;
    }
    if (out->len > FILE_MOST)
        return refuse(why, "file-large", NULL, "Tệp lớn hơn 64 MiB; hãy chia nhỏ.",
                      "The file is over 64 MiB; split it.");
    buf_puts(out, "");
    return BC_OK;
}

/* The content of FILE; BC_AGAIN where it changed or went meanwhile. */
static int read_file(const char *path, const seen_t *file, buf_t *out, refusal_t *why) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ELOOP)) return BC_AGAIN;
    if (fd < 0) return refuse_unreadable(why);
    int rc = read_all(fd, out, why);
    if (fstat(fd, &st) || !unchanged(&st, &file->st)) rc = BC_AGAIN;
    close(fd);
    return rc;
}

static int enter(door_t *self, const char *name, const buf_t *content, json_t **out, refusal_t *why) {
    static const import_options_t rows;
    static const report_how_t documents;
    if (ends_with(name, ".csv")) return import_csv(self->agent, &rows, content->data, content->len, out, why);
    return report_take(self->agent, &documents, content->data, content->len, out, why);
}

/* A path below DIR that nothing has, and whose .reason nothing has: NAME, or with a number before its
 * ending. */
static char *free_path(const char *dir, const char *name) {
    const char *dot = strrchr(name, '.');
    for (int n = 1;; n++) {
        char *path = n == 1 ? mem_printf("%s/%s", dir, name)
                            : mem_printf("%s/%.*s-%d%s", dir, (int)(dot - name), name, n, dot);
        char *beside = mem_printf("%s.reason", path);
        struct stat st;
        int there = lstat(path, &st) == 0 || lstat(beside, &st) == 0;
        free(beside);
        if (!there) return path;
        free(path);
    }
}

static void say(const json_t *out, const refusal_t *why, FILE *to, lang_t lang) {
    io_t io = {.out = to, .err = to, .lang = lang};
    if (!out) {
        io_say(&io, "Không nhận tệp này (%s): %s\n", "This file was not taken (%s): %s\n", why->code,
               refusal_text(why, lang));
        return;
    }
    if (!import_whole(out))
        io_say(&io, "Tệp này có chỗ chưa nhận; những gì đúng đã được lưu.\n",
               "A part of this file was not taken; what is good of it is kept.\n");
    import_say(out, &io);
}

/* Writes PATH.reason: what became of the file, in both languages. */
static int write_reason(const char *path, const json_t *out, const refusal_t *why, refusal_t *fault) {
    char *text = NULL, *beside = mem_printf("%s.reason", path);
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (!to) abort(); /* out of memory */
    say(out, why, to, LANG_VI);
    fputc('\n', to);
    say(out, why, to, LANG_EN);
    fclose(to);
    int rc = file_write(beside, text, n, 0600, fault);
    free(text);
    free(beside);
    return rc;
}

static int has_warning(const json_t *out) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(out, "rows"), i, row) {
        if (json_array_size(json_object_get(row, "warnings"))) return 1;
    }
    return 0;
}

/* Moves a file that was dealt with, after the outbox is on disk. */
static int put_away(door_t *self, const seen_t *file, const char *from, const json_t *out,
                    const refusal_t *why, refusal_t *fault) {
    int whole = out && import_whole(out), rc = BC_OK;
    char *to = free_path(whole ? self->taken : self->refused, file->name);
    if (!whole || has_warning(out)) rc = write_reason(to, out, why, fault);
    if (rc == BC_OK) rc = file_move(from, to, fault);
    free(to);
    return rc;
}

static void tell(const seen_t *file, const json_t *out, const refusal_t *why) {
    if (!out)
        log_warn("door.refused", "name=\"%s\" code=%s do=\"read its .reason in refused/\"", file->name,
                 why->code);
    else
        log_info("door.taken", "name=\"%s\" added=%lld known=%lld questions=%lld refused=%lld", file->name,
                 (long long)json_int(out, "added", 0), (long long)json_int(out, "known", 0),
                 (long long)json_int(out, "questions", 0), (long long)json_int(out, "refused", 0));
}

/* What follows when FILE was dealt with. One that cannot be moved stays and is not taken again until it
 * changes; taken once more it would add nothing. */
static void end(door_t *self, seen_t *file, const char *path, const json_t *out, const refusal_t *why) {
    refusal_t fault = {0};
    tell(file, out, why);
    file->left = 1;
    if (put_away(self, file, path, out, why, &fault))
        log_error("door.stuck",
                  "name=\"%s\" code=%s do=\"make taken/ and refused/ in the drop folder writable\"",
                  file->name, fault.code);
}

/* 0 or a stop. */
static int take(door_t *self, seen_t *file, int64_t *added) {
    refusal_t why = {0};
    buf_t content = {0};
    json_t *out = NULL;
    char *path = file_path(self->folder, file->name);
    int rc = read_file(path, file, &content, &why);
    if (!rc) rc = enter(self, file->name, &content, &out, &why);
    if (!rc || rc_refused(rc)) end(self, file, path, out, &why);
    *added = json_int(out, "added", 0);
    if (*added && self->agent->courier) courier_nudge(self->agent->courier);
    json_decref(out);
    buf_free(&content);
    free(path);
    return rc_stop(rc) ? rc : BC_OK;
}

int64_t door_tick(door_t *self, int64_t mono, int64_t *added) {
    int more = 0, rc = BC_OK;
    *added = 0;
    if (mono < self->due) return self->due - mono;
    look(self, mono);
    /* Without a plan nothing can be judged; it comes with the first connection. */
    seen_t *file = plans_count(outbox_plans(self->agent->outbox)) ? ready(self, mono, &more) : NULL;
    if (file) rc = take(self, file, added);
    self->due = more ? mono : mono + STILL_MS;
    return rc ? rc : self->due - mono;
}
