/* SPDX-License-Identifier: MPL-2.0 */
/* The road from a command line to the program that holds the data directory. Only its owner can
 * walk it: the folder is 0700, and the kernel checks that at each connect. */
#include "proto/base/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/base/cause.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/mem.h"

/* A request may carry a file of 64 MiB, which base64 makes a third longer. */
enum { REQUEST_MAX = 96 * 1024 * 1024 };
enum {
    LOCK_MS = 5000,
    AGAIN_MS = 5
}; /* between two commands of somebody who looks again and again the lock is free for milliseconds only */
enum { LOOK_MS = 500 }; /* how often an asker looks whether the program still runs */

/* The path of the socket in DIR. Where it is too long for a socket, DIR is opened as *FD (else -1)
 * and the path goes through it; FD must then stay open as long as the path is used. */
static char *socket_path(const char *dir, int *fd) {
    *fd = -1;
    /* "./" since libzmq takes a path that begins with '@' or '*' for something else. */
    char *path = mem_printf("%s%s/run/ctl", *dir == '/' ? "" : "./", dir);
    if (strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path) return path;
    *fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    free(path);
    return mem_printf("/proc/self/fd/%d/run/ctl", *fd);
}

static void close_fd(int fd) {
    if (fd >= 0) close(fd);
}

static zsock_t *refuse_listen(const char *dir, refusal_t *why) {
    int err = errno;
    refuse(why, "ctl-failed", dir, "Không mở được cổng điều khiển trong \"%1$s/run\": %2$s.%3$.0s",
           "The control socket in \"%1$s/run\" cannot be opened: %3$s.%2$.0s", dir, cause_vi(err),
           cause_en(err));
    return NULL;
}

zsock_t *ctl_listen(const char *dir, refusal_t *why) {
    char *run = file_path(dir, "run");
    int failed = file_mkdir(run, 0700, why) != 0;
    if (!failed && chmod(run, 0700) != 0) { /* one that was there may have been looser */
        refuse_listen(dir, why);
        failed = 1;
    }
    free(run);
    if (failed) return NULL;
    int fd;
    char *path = socket_path(dir, &fd);
    zsock_t *ctl = zsock_new(ZMQ_ROUTER);
    if (ctl == NULL) abort(); /* only without memory or sockets, at the start */
    zsock_set_linger(ctl, 1000);
    zsock_set_rcvtimeo(ctl, 0);
    zsock_set_sndtimeo(ctl, 0);
    zsock_set_maxmsgsize(ctl, REQUEST_MAX);
    /* FD stays open until the program ends: a libzmq that removes the file does so by this path. */
    if (zsock_bind(ctl, "ipc://%s", path) < 0) {
        refuse_listen(dir, why);
        zsock_destroy(&ctl);
        close_fd(fd);
    }
    free(path);
    return ctl;
}

char *ctl_take(zsock_t *ctl, zframe_t **from_p) {
    *from_p = NULL;
    for (zmsg_t *msg; (msg = zmsg_recv(ctl)) != NULL; zmsg_destroy(&msg)) {
        if (zmsg_size(msg) != 3) continue;
        *from_p = zmsg_pop(msg);
        zframe_t *empty = zmsg_pop(msg);
        int well = zframe_size(empty) == 0;
        zframe_destroy(&empty);
        if (well) {
            char *request = zmsg_popstr(msg);
            zmsg_destroy(&msg);
            return request;
        }
        zframe_destroy(from_p);
    }
    return NULL;
}

void ctl_answer(zsock_t *ctl, zframe_t **from_p, const char *reply) {
    zmsg_t *msg = zmsg_new();
    zmsg_append(msg, from_p);
    zmsg_addmem(msg, "", 0);
    zmsg_addstr(msg, reply);
    if (zmsg_send(&msg, ctl) != 0) zmsg_destroy(&msg);
}

static int can_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path); /* socket_path keeps it short enough */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;
    int rc = connect(fd, (struct sockaddr *)&address, sizeof address);
    close(fd);
    return rc == 0;
}

int ctl_listening(const char *dir) {
    int fd;
    char *path = socket_path(dir, &fd);
    int listening = can_connect(path);
    free(path);
    close_fd(fd);
    return listening;
}

int ctl_lock(const char *dir, refusal_t *why) {
    for (int64_t until = clock_mono_ms() + LOCK_MS;; poll(NULL, 0, AGAIN_MS)) {
        refusal_t own = {0};
        int lock = file_lock_dir(dir, &own);
        if (lock >= 0) return lock;
        int busy = strcmp(own.code, "dir-locked") == 0;
        if (busy && !ctl_listening(dir) && clock_mono_ms() <= until) continue;
        if (why != NULL) *why = own;
        return -1;
    }
}

/* Waits for the reply in short turns, since a REQ socket does not tell that its peer is gone. */
static char *await(zsock_t *asker, const char *path, int wait_ms, int *ended) {
    int64_t until = clock_mono_ms() + wait_ms;
    while (!zsys_interrupted) {
        int64_t left = until - clock_mono_ms();
        if (left <= 0) return NULL;
        int gone = !can_connect(path);
        zsock_set_rcvtimeo(asker, (int)(left < LOOK_MS ? left : LOOK_MS));
        char *reply = zstr_recv(asker);
        *ended = reply == NULL && gone;
        if (reply != NULL || gone) return reply;
    }
    return NULL;
}

char *ctl_ask(const char *dir, const char *request, int wait_ms, int *ended) {
    int fd;
    *ended = 0;
    char *path = socket_path(dir, &fd), *reply = NULL;
    zsock_t *asker = zsock_new(ZMQ_REQ);
    if (asker == NULL) abort();
    zsock_set_linger(asker, 0);
    zsock_set_sndtimeo(asker, wait_ms);
    if (zsock_connect(asker, "ipc://%s", path) == 0 && zstr_send(asker, request) == 0)
        reply = await(asker, path, wait_ms, ended);
    zsock_destroy(&asker);
    free(path);
    close_fd(fd);
    return reply;
}
