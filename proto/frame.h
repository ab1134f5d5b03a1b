/* SPDX-License-Identifier: MPL-2.0 */
/* frame.h - the three frames of a message: command, JSON header, body (PROTOCOL.md 2 to 6). */
#ifndef BC_FRAME_H
#define BC_FRAME_H

#include <czmq.h>
#include <jansson.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

#define FRAME_HEADER_MAX 65536
#define FRAME_BODY_MAX 1000000
#define FRAME_ENTRIES_MAX 1048000 /* of ENTRIES: its frame is around the body of one largest entry */

typedef enum {
    CMD_NONE = 0, CMD_HELLO, CMD_WELCOME, CMD_DOCUMENTS, CMD_RECEIPT, CMD_PLAN, CMD_NOTICE, CMD_PING,
    CMD_PONG, CMD_BYE, CMD_ENROL, CMD_ENROLLED, CMD_SUBSCRIBE, CMD_ENTRIES, CMD_COMMIT, CMD_DECISION,
    CMD_DECIDED, CMD_COUNT
} command_t;

const char *frame_command_name(command_t c);
command_t frame_command(const char *p, size_t n); /* CMD_NONE if unknown */

/* A received message, its payload copied out of libzmq's frames at once (a frame longer than 33 bytes pins
 * its connection's whole receive buffer). */
typedef struct {
    zframe_t *from; /* ROUTER only: where to answer; owned */
    command_t command;
    json_t *header; /* owned; NULL after a refusal */
    char *body;     /* owned, NUL behind */
    size_t body_len;
    char user[64];       /* ZAP User-Id, read from the body frame, "" if none */
    int64_t key;         /* metadata Key-Serial, 0 if none */
    size_t bytes;        /* of all its frames */
    int fd;              /* the TCP connection it came by, -1 unknown: see sock_hang_up */
    char public_hex[65]; /* metadata Public-Key (enrolment port), "" if none */
} frame_t;

/* Takes one waiting message without blocking. 0 with F filled, to be released with frame_free; BC_AGAIN when
 * there is none; BC_REFUSED with WHY "frames-bad", "command-unknown", "header-bad", "header-large" or
 * "body-large": then from, user, key and command are valid, so that it can be answered, and frame_free is due
 * as well. */
int frame_take(zsock_t *sock, int router, frame_t *f, refusal_t *why);
void frame_free(frame_t *f);

/* Sends one message without blocking. TO (ROUTER) is borrowed, NULL for DEALER. HEADER is borrowed; NULL: {}.
 * 0; BC_AGAIN when the pipe is full (drop the message: the peer will ask again); BC_NOTFOUND when the peer is
 * gone, for ever, since one that comes back has another address; BC_REFUSED when it is over the limits. */
int frame_send(zsock_t *sock, zframe_t *to, command_t command, const json_t *header, const void *body,
               size_t n);
/* The same with the header as text, for the path of every document. */
int frame_send_text(zsock_t *sock, zframe_t *to, command_t command, const char *header, const void *body,
                    size_t n);
/* NOTICE kind refused. BATCH 0: left out. */
int frame_refuse(zsock_t *sock, zframe_t *to, command_t answered, int64_t batch, const refusal_t *why);

#endif
