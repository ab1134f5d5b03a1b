/* SPDX-License-Identifier: MPL-2.0 */
/* unread.c - bytes that came (TCP_INFO) against bytes that had come when the last message was handed over. */
#include "collector/unread.h"

#include <dirent.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/base/mem.h"
#include "proto/base/sock.h"

const unread_limits_t unread_limits = {.grown = 16 << 20, .one = 16 << 20, .all = 128 << 20};

typedef struct {
    int fd;
    uint64_t bytes; /* unread */
} line_t;

struct unread {
    unread_limits_t limits;
    uint64_t *handed; /* by descriptor: what had come when the last message was handed over */
    size_t room;
    int knows;      /* it was told by which connection a message came: libzmq may cease to tell */
    size_t settled; /* resident bytes when nobody was over the limits */
    line_t *line;   /* of the look that goes on */
    size_t lines, line_room;
};

/* Resident bytes of this process; 0 where the system does not tell. */
static size_t resident(void) {
    unsigned long all, pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    if (fscanf(file, "%lu %lu", &all, &pages) != 2) pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

unread_t *unread_new(const unread_limits_t *limits) {
    unread_t *self = mem_alloc(sizeof *self);
    self->limits = *limits;
    self->settled = resident();
    return self;
}

void unread_free(unread_t **self_p) {
    if (!*self_p) return;
    free((*self_p)->handed);
    free((*self_p)->line);
    free(*self_p);
    *self_p = NULL;
}

/* Bytes that came by FD since it was opened: 0, or -1 where it is no TCP connection. */
static int came(int fd, uint64_t *bytes) {
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size)) return -1;
    *bytes = info.tcpi_bytes_received;
    return 0;
}

static void make_room(unread_t *self, size_t fd) {
    if (fd < self->room) return;
    size_t room = self->room ? self->room : 256;
    while (room <= fd)
        room *= 2;
    self->handed = mem_grow(self->handed, room * sizeof *self->handed);
    for (size_t i = self->room; i < room; i++)
        self->handed[i] = 0;
    self->room = room;
}

void unread_handed(unread_t *self, int fd) {
    uint64_t bytes;
    if (fd < 0 || came(fd, &bytes)) return;
    make_room(self, (size_t)fd);
    self->knows = 1;
    self->handed[fd] = bytes;
}

/* A descriptor that was closed may be another connection's now, which has brought less than was handed over
 * of the one before; or as much, and then it counts as new only from the next message on. */
static void add_line(unread_t *self, int fd) {
    uint64_t bytes;
    if (came(fd, &bytes)) return;
    make_room(self, (size_t)fd);
    if (bytes < self->handed[fd]) self->handed[fd] = 0;
    if (bytes == self->handed[fd]) return;
    if (self->lines == self->line_room) {
        self->line_room = self->line_room ? self->line_room * 2 : 64;
        self->line = mem_grow(self->line, self->line_room * sizeof *self->line);
    }
    self->line[self->lines++] = (line_t){fd, bytes - self->handed[fd]};
}

static void take_lines(unread_t *self) {
    self->lines = 0;
    DIR *dir = opendir("/proc/self/fd");
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));) {
        char *end;
        long fd = strtol(e->d_name, &end, 10);
        if (end != e->d_name && !*end) add_line(self, (int)fd);
    }
    closedir(dir);
}

static int most_first(const void *a, const void *b) {
    const line_t *x = a, *y = b;
    return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

int unread_look(unread_t *self) {
    size_t now = resident();
    int cut = 0;
    if (now < self->settled) self->settled = now;
    if (!self->knows || now - self->settled < self->limits.grown) return 0;
    take_lines(self);
    uint64_t all = 0;
    for (size_t i = 0; i < self->lines; i++)
        all += self->line[i].bytes;
    if (self->lines) qsort(self->line, self->lines, sizeof *self->line, most_first);
    for (size_t i = 0; i < self->lines; i++) {
        if (self->line[i].bytes <= self->limits.one && all <= self->limits.all) break;
        sock_hang_up(self->line[i].fd);
        all -= self->line[i].bytes;
        cut++;
    }
    if (!cut) self->settled = now;
    return cut;
}
