/* SPDX-License-Identifier: MPL-2.0 */
/* part_fleet.h - many agents in one thread and over one socket: a ROUTER that connects once for each agent,
 * with the agent's own key. To the collector each is a connection like any other; the generator stays cheap.
 */
#ifndef BC_BENCH_FLEET_H
#define BC_BENCH_FLEET_H

#include <czmq.h>

#include "proto/frame.h"
#include "proto/keyfile.h"

typedef struct {
    char unit[33];
    curve_pair_t key;
    int64_t documents, bytes; /* the window it was given */
} member_t;

typedef struct {
    zsock_t *sock;
    member_t *member;
    int count;
    char host[64];
    int port; /* of the documents */
    uint8_t server[32];
} fleet_t;

#define FLEET_OUTBOX "0123456789abcdef0123456789abcdef"

/* Enrols an agent for each *.code file in DIR (at most MOST) over the enrolment port, as baocao-agent does.
 * Ends the program with a sentence where anything fails. */
fleet_t *fleet_enrol(const char *dir, int most);
/* Connects all, 256 handshakes at a time, says HELLO and takes each WELCOME. Nobody tries twice: a handshake
 * that fails ends the program. Returns how long it took, ms. */
int64_t fleet_connect(fleet_t *self);
void fleet_free(fleet_t **self_p);

/* Sends as member I. HEADER and BODY are copied by libzmq. */
int fleet_try(fleet_t *self, int i, command_t command, const char *header, const void *body, size_t n);
void fleet_send(fleet_t *self, int i, command_t command, const char *header, const void *body, size_t n);
/* A message that came: the member it is for, -1 where none comes within WAIT_MS. HEADER and BODY must be
 * closed by zmq_msg_close. */
int fleet_take(fleet_t *self, int wait_ms, zmq_msg_t *command, zmq_msg_t *header, zmq_msg_t *body);
/* Reads the window out of a header's text, without a JSON parser. */
void fleet_window(member_t *m, const zmq_msg_t *header);

/* Ends the program with a sentence. */
_Noreturn void bench_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* One of the lines that `make bench` is read by; RATIO is value/other, or other/value where less is better.
 */
void bench_line(const char *name, const char *value, const char *against, const char *other, double ratio);

#endif
