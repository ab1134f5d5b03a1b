/* SPDX-License-Identifier: MPL-2.0 */
/* part_fleet.c - enrols and connects a fleet of agents. */
#include "tests/bench/part_fleet.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zmq.h>

#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/sock.h"
#include "proto/code.h"

#define WAIT_MS 60000
#define AT_ONCE 256 /* handshakes under way: each costs both sides 0.7 ms, and here both are one machine */

void bench_fail(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void bench_line(const char *name, const char *value, const char *against, const char *other, double ratio) {
    printf("bench: name=%s value=%s against=%s other=%s ratio=%.2f\n", name, value, against, other, ratio);
    fflush(stdout);
}

/* ---- messages ---- */

int fleet_try(fleet_t *self, int i, command_t command, const char *header, const void *body, size_t n) {
    void *sock = zsock_resolve(self->sock);
    uint32_t id = (uint32_t)i + 1;
    const char *name = frame_command_name(command);
    return zmq_send(sock, &id, sizeof id, ZMQ_SNDMORE) < 0 ||
                   zmq_send(sock, name, strlen(name), ZMQ_SNDMORE) < 0 ||
                   zmq_send(sock, header, strlen(header), ZMQ_SNDMORE) < 0 || zmq_send(sock, body, n, 0) < 0
               ? -1
               : 0;
}

void fleet_send(fleet_t *self, int i, command_t command, const char *header, const void *body, size_t n) {
    if (fleet_try(self, i, command, header, body, n))
        bench_fail("member %d cannot send: %s", i, zmq_strerror(errno));
}

int fleet_take(fleet_t *self, int wait_ms, zmq_msg_t *command, zmq_msg_t *header, zmq_msg_t *body) {
    void *sock = zsock_resolve(self->sock);
    uint32_t id;
    if (zmq_recv(sock, &id, sizeof id, ZMQ_DONTWAIT) != sizeof id) {
        zmq_pollitem_t item = {.socket = sock, .events = ZMQ_POLLIN};
        if (wait_ms == 0 || zmq_poll(&item, 1, wait_ms) <= 0) return -1;
        if (zmq_recv(sock, &id, sizeof id, ZMQ_DONTWAIT) != sizeof id) return -1;
    }
    zmq_msg_init(command);
    zmq_msg_init(header);
    zmq_msg_init(body);
    if (zmq_msg_recv(command, sock, 0) < 0 || zmq_msg_recv(header, sock, 0) < 0 ||
        zmq_msg_recv(body, sock, 0) < 0)
        bench_fail("a message has not three frames");
    return (int)id - 1;
}

static int64_t number_after(const char *p, size_t n, const char *name) {
    const char *at = memmem(p, n, name, strlen(name));
    return at ? strtoll(at + strlen(name), NULL, 10) : 0;
}

void fleet_window(member_t *m, const zmq_msg_t *header) {
    const char *p = zmq_msg_data((zmq_msg_t *)header);
    size_t n = zmq_msg_size(header);
    const char *credit = memmem(p, n, "\"credit\":", 9);
    if (!credit) bench_fail("a header without credit");
    n -= (size_t)(credit - p);
    m->documents = number_after(credit, n, "\"documents\":");
    m->bytes = number_after(credit, n, "\"bytes\":");
}

/* ---- enrolment ---- */

static code_t load_code(const char *path) {
    buf_t text = {0};
    refusal_t why;
    code_t code;
    if (file_read(path, 4096, &text, &why) || code_read(text.data, &code, &why))
        bench_fail("%s: %s", path, why.en);
    buf_free(&text);
    return code;
}

/* One router for all: CURVE options hold for the connections made after they were set. */
static zsock_t *connector(void) {
    zsock_t *sock = zsock_new(ZMQ_ROUTER);
    zsock_set_linger(sock, 0);
    zsock_set_sndhwm(sock, 0);
    zsock_set_rcvhwm(sock, 0);
    zsock_set_reconnect_ivl(sock, -1);
    zsock_set_handshake_ivl(sock, WAIT_MS);
    return sock;
}

static void connect_member(fleet_t *self, int i, const char *host, int port) {
    void *sock = zsock_resolve(self->sock);
    member_t *m = &self->member[i];
    uint32_t id = (uint32_t)i + 1;
    int mandatory = 1;
    if (zmq_setsockopt(sock, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof mandatory) ||
        zmq_setsockopt(sock, ZMQ_CURVE_SERVERKEY, self->server, 32) ||
        zmq_setsockopt(sock, ZMQ_CURVE_PUBLICKEY, m->key.public_, 32) ||
        zmq_setsockopt(sock, ZMQ_CURVE_SECRETKEY, m->key.secret, 32) ||
        zmq_setsockopt(sock, ZMQ_CONNECT_ROUTING_ID, &id, sizeof id) ||
        zsock_connect(self->sock, "tcp://%s:%d", host, port))
        bench_fail("member %d cannot connect: %s", i, zmq_strerror(errno));
}

static json_t *take_json(fleet_t *self, int *i, const char *wanted) {
    zmq_msg_t command, header, body;
    refusal_t why;
    *i = fleet_take(self, WAIT_MS, &command, &header, &body);
    if (*i < 0) bench_fail("no %s within a minute", wanted);
    json_t *j = json_read(zmq_msg_data(&header), zmq_msg_size(&header), &why);
    if (!j || frame_command(zmq_msg_data(&command), zmq_msg_size(&command)) !=
                  frame_command(wanted, strlen(wanted)))
        bench_fail("instead of %s: %.*s", wanted, (int)zmq_msg_size(&header), (char *)zmq_msg_data(&header));
    zmq_msg_close(&command);
    zmq_msg_close(&header);
    zmq_msg_close(&body);
    return j;
}

static int by_name(const struct dirent *e) {
    const char *dot = strrchr(e->d_name, '.');
    return dot && strcmp(dot, ".code") == 0;
}

static void send_enrol(fleet_t *self, int i, const char *path) {
    char token[33];
    code_t code = load_code(path);
    memcpy(self->server, code.server, 32);
    curve_pair_make(&self->member[i].key);
    char *colon = strrchr(code.endpoint, ':');
    snprintf(self->host, sizeof self->host, "%.*s", (int)(colon - code.endpoint), code.endpoint);
    connect_member(self, i, self->host, atoi(colon + 1));
    char *header = mem_printf("{\"v\":1,\"token\":\"%s\",\"name\":\"bench\",\"program\":\"bench\"}",
                              hex_write(code.token, sizeof code.token, token));
    fleet_send(self, i, CMD_ENROL, header, "", 0);
    free(header);
}

static void take_enrolled(fleet_t *self) {
    int i;
    json_t *j = take_json(self, &i, "ENROLLED");
    const char *unit = json_text(j, "unit");
    if (!unit) bench_fail("a code was refused");
    snprintf(self->member[i].unit, sizeof self->member[i].unit, "%s", unit);
    self->port = (int)json_int(j, "port", 0);
    json_decref(j);
}

static void enrol_all(fleet_t *self, const char *dir, struct dirent **files) {
    for (int i = 0; i < self->count; i++) {
        char *path = file_path(dir, files[i]->d_name);
        send_enrol(self, i, path);
        free(path);
        if (i >= AT_ONCE) take_enrolled(self);
    }
    for (int i = 0; i < self->count && i < AT_ONCE; i++)
        take_enrolled(self);
}

fleet_t *fleet_enrol(const char *dir, int most) {
    struct dirent **files;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    fleet_t *self = mem_alloc(sizeof *self);
    int n = scandir(dir, &files, by_name, alphasort);
    if (n <= 0) bench_fail("no codes in %s", dir);
    self->count = n < most ? n : most;
    self->member = mem_alloc((size_t)self->count * sizeof *self->member);
    self->sock = connector();
    enrol_all(self, dir, files);
    zsock_destroy(&self->sock);
    for (int i = 0; i < n; i++)
        free(files[i]);
    free(files);
    return self;
}

static void send_hello(fleet_t *self, int i) {
    char *header = mem_printf("{\"v\":1,\"program\":\"bench\",\"outbox\":\"" FLEET_OUTBOX
                              "\",\"next\":1,\"clock\":%lld}",
                              (long long)clock_wall_ms());
    connect_member(self, i, self->host, self->port);
    fleet_send(self, i, CMD_HELLO, header, "", 0);
    free(header);
}

static void take_welcome(fleet_t *self) {
    zmq_msg_t command, header, body;
    int i = fleet_take(self, WAIT_MS, &command, &header, &body);
    if (i < 0) bench_fail("an agent was not welcomed within a minute");
    fleet_window(&self->member[i], &header);
    zmq_msg_close(&command);
    zmq_msg_close(&header);
    zmq_msg_close(&body);
}

int64_t fleet_connect(fleet_t *self) {
    int64_t began = clock_mono_ms();
    self->sock = connector();
    for (int i = 0; i < self->count; i++) {
        send_hello(self, i);
        if (i >= AT_ONCE) take_welcome(self);
    }
    for (int i = 0; i < self->count && i < AT_ONCE; i++)
        take_welcome(self);
    return clock_mono_ms() - began;
}

void fleet_free(fleet_t **self_p) {
    fleet_t *self = *self_p;
    if (!self) return;
    zsock_destroy(&self->sock);
    free(self->member);
    free(self);
    *self_p = NULL;
}
