/* SPDX-License-Identifier: MPL-2.0 */
/* sock.c - makes the only two kinds of TCP socket baocao uses. */
#include "proto/base/sock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/base/cause.h"
#include "proto/base/rc.h"

/* What is read ahead of one peer: the rest waits at the peer, in TCP. */
#define SERVER_AHEAD 32

/* A handshake is six journeys there and back at most, of 2 s on the slowest line. The client's runs out
 * first: then a server that hangs up in a handshake has refused it, and did not merely grow tired of it. */
enum { CLIENT_HANDSHAKE_MS = 20000, SERVER_HANDSHAKE_MS = 30000 };

/* Whether SIZE bytes of option OPTION are VALUE: 0, or -1 with errno. */
static int check(void *sock, int option, const void *value, size_t size) {
    char got[256];
    if (zmq_getsockopt(sock, option, got, &size)) return -1;
    if (memcmp(got, value, size) == 0) return 0;
    errno = EPROTO;
    return -1;
}

/* Sets an option and reads it back: 0, or -1 with errno. */
static int set(void *sock, int option, const void *value, size_t size) {
    if (zmq_setsockopt(sock, option, value, size)) return -1;
    return check(sock, option, value, size);
}

/* The same for text, which is read with its NUL. */
static int set_text(void *sock, int option, const char *value) {
    if (zmq_setsockopt(sock, option, value, strlen(value))) return -1;
    return check(sock, option, value, strlen(value) + 1);
}

static int set_int(void *sock, int option, int value) {
    return set(sock, option, &value, sizeof value);
}

/* What both kinds have in common. A half-dead TCP connection ends after 60 + 4 * 15 seconds. */
static int set_common(void *sock, const uint8_t *secret, const uint8_t *public_) {
    int64_t max = SOCK_FRAME_MAX;
    return set_int(sock, ZMQ_LINGER, 0) || set_int(sock, ZMQ_IPV6, 1) ||
           set_int(sock, ZMQ_TCP_KEEPALIVE, 1) || set_int(sock, ZMQ_TCP_KEEPALIVE_IDLE, 60) ||
           set_int(sock, ZMQ_TCP_KEEPALIVE_INTVL, 15) || set_int(sock, ZMQ_TCP_KEEPALIVE_CNT, 4) ||
           set(sock, ZMQ_MAXMSGSIZE, &max, sizeof max) || set(sock, ZMQ_CURVE_PUBLICKEY, public_, 32) ||
           set(sock, ZMQ_CURVE_SECRETKEY, secret, 32);
}

static int set_server(void *sock, const char *zap_domain) {
    int on = 1, off = 0;
    /* The two router options can be set but not read. */
    return set_int(sock, ZMQ_CURVE_SERVER, 1) || set_int(sock, ZMQ_HANDSHAKE_IVL, SERVER_HANDSHAKE_MS) ||
           set_int(sock, ZMQ_RCVHWM, SERVER_AHEAD) || set_text(sock, ZMQ_ZAP_DOMAIN, zap_domain) ||
           set_int(sock, ZMQ_BACKLOG, 4096) || zmq_setsockopt(sock, ZMQ_ROUTER_MANDATORY, &on, sizeof on) ||
           zmq_setsockopt(sock, ZMQ_ROUTER_HANDOVER, &off, sizeof off);
}

zsock_t *sock_server(const char *endpoint, const uint8_t secret[static 32], const uint8_t public_[static 32],
                     const char *zap_domain, refusal_t *why) {
    zsock_t *self = zsock_new(ZMQ_ROUTER);
    if (self && !set_common(zsock_resolve(self), secret, public_) &&
        !set_server(zsock_resolve(self), zap_domain) && zsock_bind(self, "%s", endpoint) >= 0)
        return self;
    int err = errno;
    refuse(why, "bind-failed", endpoint, "Không mở được cổng \"%1$s\": %2$s.%3$.0s",
           "The endpoint \"%1$s\" cannot be opened: %3$s.%2$.0s", endpoint, cause_vi(err), cause_en(err));
    zsock_destroy(&self);
    return NULL;
}

static int set_client(void *sock, const uint8_t *server, int hwm) {
    return set(sock, ZMQ_CURVE_SERVERKEY, server, 32) ||
           set_int(sock, ZMQ_HANDSHAKE_IVL, CLIENT_HANDSHAKE_MS) || set_int(sock, ZMQ_RECONNECT_IVL, -1) ||
           set_int(sock, ZMQ_SNDHWM, hwm) || set_int(sock, ZMQ_RCVHWM, hwm);
}

zsock_t *sock_client(const char *endpoint, const uint8_t secret[static 32], const uint8_t public_[static 32],
                     const uint8_t server[static 32], int hwm, refusal_t *why) {
    zsock_t *self = zsock_new(ZMQ_DEALER);
    if (self && !set_common(zsock_resolve(self), secret, public_) &&
        !set_client(zsock_resolve(self), server, hwm) &&
        (!endpoint || zsock_connect(self, "%s", endpoint) == 0))
        return self;
    int err = errno;
    if (!endpoint) endpoint = "-";
    refuse(why, "connect-failed", endpoint, "Không kết nối được đến \"%1$s\": %2$s.%3$.0s",
           "Cannot connect to \"%1$s\": %3$s.%2$.0s", endpoint, cause_vi(err), cause_en(err));
    zsock_destroy(&self);
    return NULL;
}

/* Waits for EVENTS on FD: 1, or 0 where time is up. */
static int ready(int fd, short events, int wait_ms) {
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, wait_ms) == 1;
}

/* A connection to ADDRESS, or -1. */
static int call(const struct addrinfo *address, int wait_ms) {
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
    socklen_t size = sizeof error;
    if (fd < 0) return -1;
    int rc = connect(fd, address->ai_addr, address->ai_addrlen);
    if (rc && errno == EINPROGRESS && ready(fd, POLLOUT, wait_ms) &&
        !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && error == 0)
        rc = 0;
    if (rc == 0) return fd;
    close(fd);
    return -1;
}

/* "host:port" or "[v6]:port" of ENDPOINT as addresses; NULL where there are none. freeaddrinfo. */
static struct addrinfo *resolve(const char *endpoint) {
    char host[256];
    const char *at = strncmp(endpoint, "tcp://", 6) == 0 ? endpoint + 6 : endpoint, *port = strrchr(at, ':');
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int brackets = *at == '[' && port && port[-1] == ']';
    if (!port || (size_t)(port - at) >= sizeof host) return NULL;
    snprintf(host, sizeof host, "%.*s", (int)(port - at) - 2 * brackets, at + brackets);
    return getaddrinfo(host, port + 1, &hints, &found) ? NULL : found;
}

int sock_greets(const char *endpoint, int wait_ms) {
    uint8_t said[10] = {0}; /* the signature of ZMTP, which each side sends before it hears anything */
    size_t heard = 0;
    struct addrinfo *found = resolve(endpoint);
    int fd = found ? call(found, wait_ms) : -1;
    while (fd >= 0 && heard < sizeof said && ready(fd, POLLIN, wait_ms)) {
        ssize_t n = recv(fd, said + heard, sizeof said - heard, 0);
        if (n <= 0) break;
        heard += (size_t)n;
    }
    if (fd >= 0) close(fd);
    if (found) freeaddrinfo(found);
    return heard == sizeof said && said[0] == 0xff && said[9] == 0x7f;
}

void sock_hang_up(int fd) {
    if (fd >= 0) shutdown(fd, SHUT_RDWR);
}

int sock_port(zsock_t *sock) {
    char endpoint[256];
    size_t size = sizeof endpoint;
    if (zmq_getsockopt(zsock_resolve(sock), ZMQ_LAST_ENDPOINT, endpoint, &size)) return 0;
    const char *colon = strrchr(endpoint, ':');
    return colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}
