/* SPDX-License-Identifier: MPL-2.0 */
/* redis.c - the same documents into a Redis stream, for information: XADD over plain RESP, with as many of
 * them in flight as in `durable`. The server must have been started with `appendfsync always`.
 *
 * usage: redis PORT DOCUMENTS CONNECTIONS IN_FLIGHT_EACH */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

#define CHUNK 65536

typedef struct {
    int fd;
    buf_t out;   /* all it sends */
    size_t *end; /* where each command ends in it */
    size_t sent;
    int allowed; /* commands that may be on their way */
    int count, answered;
} client_t;

static void prepare(client_t *c, int count, int in_flight) {
    buf_t doc = {0};
    c->count = count;
    c->allowed = in_flight < count ? in_flight : count;
    c->end = mem_alloc((size_t)count * sizeof *c->end);
    for (int i = 0; i < count; i++) {
        buf_clear(&doc);
        report_write(&doc, "BD.1");
        buf_printf(&c->out, "*5\r\n$4\r\nXADD\r\n$1\r\ns\r\n$1\r\n*\r\n$1\r\nd\r\n$%zu\r\n", doc.len);
        buf_add(&c->out, doc.data, doc.len);
        buf_puts(&c->out, "\r\n");
        c->end[i] = c->out.len;
    }
    buf_free(&doc);
}

static void dial(client_t *c, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) bench_fail("no redis at port %d", port);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void push(client_t *c) {
    size_t limit = c->allowed ? c->end[c->allowed - 1] : 0;
    if (c->sent == limit) return;
    ssize_t n = send(c->fd, c->out.data + c->sent, limit - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) bench_fail("redis went away");
    if (n > 0) c->sent += (size_t)n;
}

/* Each answer is $LEN CRLF ID CRLF: two lines. */
static int pull(client_t *c) {
    static char in[CHUNK];
    static int half[1024]; /* lines seen of an answer not complete yet, by descriptor */
    ssize_t n = recv(c->fd, in, sizeof in, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) bench_fail("redis went away");
    int answers = 0;
    for (ssize_t i = 0; i < n; i++) {
        if (in[i] == '-') { /* never in an id's first place: those begin with $ or a digit */
            if (i == 0 || in[i - 1] == '\n') bench_fail("redis: %.*s", (int)(n - i), in + i);
        }
        if (in[i] == '\n' && ++half[c->fd] == 2) {
            half[c->fd] = 0;
            answers++;
        }
    }
    c->answered += answers;
    c->allowed = c->allowed + answers < c->count ? c->allowed + answers : c->count;
    return answers;
}

int main(int argc, char **argv) {
    if (argc != 5) bench_fail("usage: redis PORT DOCUMENTS CONNECTIONS IN_FLIGHT_EACH");
    int connections = atoi(argv[3]), each = atoi(argv[2]) / connections, n = each * connections, done = 0;
    client_t *client = mem_alloc((size_t)connections * sizeof *client);
    struct pollfd *poller = mem_alloc((size_t)connections * sizeof *poller);
    for (int i = 0; i < connections; i++) {
        prepare(&client[i], each, atoi(argv[4]));
        dial(&client[i], atoi(argv[1]));
    }
    int64_t began = clock_mono_us();
    while (done < n) {
        for (int i = 0; i < connections; i++) {
            push(&client[i]);
            int more = client[i].allowed && client[i].sent < client[i].end[client[i].allowed - 1];
            poller[i] = (struct pollfd){client[i].fd, (short)(POLLIN | (more ? POLLOUT : 0)), 0};
        }
        poll(poller, (nfds_t)connections, 1000);
        for (int i = 0; i < connections; i++)
            if (poller[i].revents & POLLIN) done += pull(&client[i]);
    }
    int64_t us = clock_mono_us() - began;
    printf("redis documents=%d us=%lld rate=%.0f\n", n, (long long)us, n * 1e6 / (double)us);
    for (int i = 0; i < connections; i++) {
        close(client[i].fd);
        buf_free(&client[i].out);
        free(client[i].end);
    }
    free(client);
    free(poller);
    return 0;
}
