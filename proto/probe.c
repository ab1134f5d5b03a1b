/* SPDX-License-Identifier: MPL-2.0 */
/* probe.c - one connection, looked at from outside. */
#include "proto/probe.h"

#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/rc.h"
#include "proto/line.h"

static int try_key(const probe_t *peer, const uint8_t *key, const curve_pair_t *pair, int wait_ms,
                   refusal_t *why) {
    line_t *line = line_open(peer->endpoint, pair, key, why);
    if (!line) return BC_REFUSED;
    line_state_t state = line_state(line);
    for (int64_t until = clock_mono_ms() + wait_ms, left; (left = until - clock_mono_ms()) > 0;) {
        if (state == LINE_OPEN || line_dead(state)) break;
        zmq_pollitem_t item = {.socket = zsock_resolve(line_monitor(line)), .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, (long)left);
        state = line_state(line);
    }
    line_close(&line);
    return state == LINE_OPEN ? BC_OK : line_why(state, peer->endpoint, why);
}

int probe_peer(const probe_t *peer, const curve_pair_t *pair, int wait_ms, refusal_t *why) {
    refusal_t second;
    int rc = try_key(peer, peer->server, pair, wait_ms, why);
    /* The second key is as good as the first: both were in the code. */
    if (rc && peer->successor && strcmp(why->code, "server-key-wrong") == 0 &&
        try_key(peer, peer->successor, pair, wait_ms, &second) == BC_OK)
        rc = BC_OK;
    return rc;
}

void probe_add(doctor_t *doctor, const probe_t *peer, const curve_pair_t *pair, int wait_ms) {
    refusal_t what = {0};
    int rc = probe_peer(peer, pair, wait_ms, &what);
    const char *at = strncmp(peer->endpoint, "tcp://", 6) == 0 ? peer->endpoint + 6 : peer->endpoint;
    if (rc == BC_OK)
        refuse(&what, "collector-right", at, "Kết nối được với máy chủ của Liên đoàn (%s).",
               "The federation's collector is reached (%s).", at);
    doctor_add(doctor, rc == BC_OK ? DOCTOR_WELL : DOCTOR_BAD, &what);
}
