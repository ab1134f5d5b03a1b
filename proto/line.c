/* SPDX-License-Identifier: MPL-2.0 */
/* line.c - a DEALER socket and its monitor. */
#include "proto/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "proto/base/cause.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"

#define HWM 1000     /* over the answers one credit and one PING can bring, so that nothing stops reading */
#define LEAVE_MS 300 /* for BYE to leave */
#define EVENTS                                                                                         \
    (ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |                      \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

#define GREET_MS 2000 /* how long a peer may take to begin to speak */

struct line {
    zsock_t *sock, *monitor;
    char *endpoint;
    line_state_t state;
};

static int watch(line_t *self) {
    static int serial; /* monitors of one process need different names */
    char name[64];
    snprintf(name, sizeof name, "inproc://line-%d", __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED));
    if (zmq_socket_monitor(zsock_resolve(self->sock), name, EVENTS)) return -1;
    self->monitor = zsock_new(ZMQ_PAIR);
    if (!self->monitor) return -1;
    zsock_set_linger(self->monitor, 0);
    return zsock_connect(self->monitor, "%s", name);
}

/* The monitor listens before the socket connects, or the first events would be missed. */
line_t *line_open(const char *endpoint, const curve_pair_t *pair, const uint8_t server[static 32],
                  refusal_t *why) {
    line_t *self = mem_alloc(sizeof *self);
    self->endpoint = mem_str(endpoint);
    self->sock = sock_client(NULL, pair->secret, pair->public_, server, HWM, why);
    if (!self->sock) goto failed;
    if (watch(self)) {
        int err = errno;
        refuse(why, "sockets-none", NULL,
               "Máy không mở thêm được kết nối nào (%1$s). Hãy khởi động lại máy.%2$.0s",
               "This computer cannot open another connection (%2$s). Restart it.%1$.0s", cause_vi(err),
               cause_en(err));
        goto failed;
    }
    if (zsock_connect(self->sock, "%s", endpoint)) {
        int err = errno;
        refuse(why, "connect-failed", endpoint, "Địa chỉ máy chủ \"%1$s\" không dùng được: %2$s.%3$.0s",
               "The address \"%1$s\" of the collector cannot be used: %3$s.%2$.0s", endpoint, cause_vi(err),
               cause_en(err));
        goto failed;
    }
    return self;
failed:
    line_close(&self);
    return NULL;
}

void line_close(line_t **self_p) {
    line_t *self = *self_p;
    if (!self) return;
    free(self->endpoint);
    if (self->monitor && self->sock) zmq_socket_monitor(zsock_resolve(self->sock), NULL, 0);
    zsock_destroy(&self->monitor);
    if (self->sock) zsock_set_linger(self->sock, LEAVE_MS);
    zsock_destroy(&self->sock);
    free(self);
    *self_p = NULL;
}

zsock_t *line_socket(line_t *self) {
    return self->sock;
}

zsock_t *line_monitor(line_t *self) {
    return self->monitor;
}

/* Who hung up in the handshake? A server that cannot read it, since it was made for another key, does so,
 * and greets whoever calls. A router, a proxy or another service does not; to take one for a false collector
 * would alarm the officer for nothing. */
static line_state_t hung_up(const line_t *self) {
    return sock_greets(self->endpoint, GREET_MS) ? LINE_KEY_WRONG : LINE_LOST;
}

/* What one event means. A server that does not know our key lets the handshake run out, ours before its own
 * (sock.c). */
static line_state_t after(line_t *self, int event, int value) {
    line_state_t state = self->state;
    switch (event) {
    case ZMQ_EVENT_CONNECTED: return LINE_GREETING;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return LINE_OPEN;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return value == 400 ? LINE_KEY_REVOKED : LINE_KEY_UNKNOWN;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: return LINE_KEY_WRONG;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        return value == EAGAIN || value == ETIMEDOUT ? LINE_KEY_UNKNOWN : hung_up(self);
    case ZMQ_EVENT_CLOSED: return LINE_UNREACHABLE;
    case ZMQ_EVENT_DISCONNECTED: return state == LINE_OPEN ? LINE_LOST : state;
    default: return state;
    }
}

/* One event without waiting: 0, or -1 where there is none. */
static int take_event(zsock_t *monitor, int *event, int *value) {
    uint8_t raw[6];
    uint16_t e;
    uint32_t v;
    int n = zmq_recv(zsock_resolve(monitor), raw, sizeof raw, ZMQ_DONTWAIT);
    if (n < 0) return -1;
    char endpoint[8];
    zmq_recv(zsock_resolve(monitor), endpoint, sizeof endpoint, ZMQ_DONTWAIT); /* frame 2, not needed */
    memcpy(&e, raw, sizeof e);
    memcpy(&v, raw + 2, sizeof v);
    *event = e;
    *value = (int)v;
    return n == sizeof raw ? 0 : -1;
}

line_state_t line_state(line_t *self) {
    int event, value;
    while (take_event(self->monitor, &event, &value) == 0)
        if (!line_dead(self->state)) self->state = after(self, event, value);
    return self->state;
}

int line_dead(line_state_t state) {
    return state >= LINE_UNREACHABLE;
}

int line_why(line_state_t state, const char *endpoint, refusal_t *why) {
    const char *at = strncmp(endpoint, "tcp://", 6) == 0 ? endpoint + 6 : endpoint;
    switch (state) {
    case LINE_CALLING:
    case LINE_UNREACHABLE:
        refuse(why, "collector-unreachable", NULL,
               "Chưa kết nối được với máy chủ nhận báo cáo (%s). Hãy kiểm tra mạng Internet của máy này.",
               "The collector (%s) cannot be reached. Check this computer's network.", at);
        return BC_AGAIN;
    case LINE_KEY_WRONG:
        refuse(why, "server-key-wrong", NULL,
               "Đây không phải máy chủ của Liên đoàn: máy chủ tại %s không có khóa ghi trong mã ghi danh, "
               "nên chưa "
               "gửi gì cho nó. Hãy báo cho người phụ trách hệ thống ở Liên đoàn.",
               "This is not your federation's collector: the server at %s does not have the key that stands "
               "in the "
               "enrolment code, so nothing was sent to it. Tell the federation's operator.",
               at);
        return BC_AGAIN;
    case LINE_GREETING: /* silence is all there is, for a key it does not know as from a server that stands */
    case LINE_KEY_UNKNOWN:
        refuse(why, "key-unknown", NULL,
               "Máy chủ tại %s chưa cho máy này vào: đang bận, hoặc chưa nhận ra khóa của máy. Hãy thử lại "
               "sau; nếu đến mai vẫn vậy, hãy báo cho người phụ trách hệ thống ở Liên đoàn.",
               "The server at %s has not let this computer in: it is busy, or does not know its key. Try "
               "again later; if it is the same tomorrow, tell the federation's operator.",
               at);
        return BC_AGAIN;
    case LINE_KEY_REVOKED:
        return refuse(
            why, "key-revoked", NULL,
            "Khóa của máy này đã bị hủy. Hãy xin Liên đoàn mã ghi danh mới rồi chạy lệnh join. Những gì đã "
            "có vẫn còn nguyên trên máy.",
            "The key of this computer was revoked. Ask the federation for a new code and run the verb join. "
            "What is on this computer stays as it is.");
    default:
        refuse(why, "collector-silent", NULL,
               "Máy chủ nhận báo cáo (%s) không trả lời. Hãy thử lại sau ít phút.",
               "The collector (%s) does not answer. Try again in a few minutes.", at);
        return BC_AGAIN;
    }
}
