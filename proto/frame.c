/* SPDX-License-Identifier: MPL-2.0 */
/* frame.c - takes and sends messages of three frames. Whatever comes is hostile until read. */
#include "proto/frame.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "proto/base/decimal.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define PARTS 3 /* command, header, body */

static const char *const names[CMD_COUNT] = {
    [CMD_NONE] = "",           [CMD_HELLO] = "HELLO",         [CMD_WELCOME] = "WELCOME",
    [CMD_DOCUMENTS] = "DOCUMENTS", [CMD_RECEIPT] = "RECEIPT", [CMD_PLAN] = "PLAN",
    [CMD_NOTICE] = "NOTICE",   [CMD_PING] = "PING",           [CMD_PONG] = "PONG",
    [CMD_BYE] = "BYE",         [CMD_ENROL] = "ENROL",         [CMD_ENROLLED] = "ENROLLED",
    [CMD_SUBSCRIBE] = "SUBSCRIBE", [CMD_ENTRIES] = "ENTRIES", [CMD_COMMIT] = "COMMIT",
    [CMD_DECISION] = "DECISION", [CMD_DECIDED] = "DECIDED",
};

const char *frame_command_name(command_t c) {
    assert(c < CMD_COUNT);
    return names[c];
}

command_t frame_command(const char *p, size_t n) {
    for (int c = CMD_NONE + 1; c < CMD_COUNT; c++)
        if (strlen(names[c]) == n && memcmp(names[c], p, n) == 0) return (command_t)c;
    return CMD_NONE;
}

/* What the ZAP handler said about the sender. Only the last frame is asked: libzmq 4.3.4 loses metadata
 * on the identity frame. What does not fit is left out, since a name cut short may be another's. */
static void read_meta(zframe_t *part, frame_t *f) {
    const char *user = zframe_meta(part, "User-Id");
    if (user && strlen(user) < sizeof f->user) strcpy(f->user, user);
    const char *serial = zframe_meta(part, "Key-Serial");
    if (serial && (!decimal_read(&serial, &f->key) || *serial)) f->key = 0;
    /* What zmq_msg_get reads for ZMQ_SRCFD, which czmq's frames do not pass on. */
    const char *fd = zframe_meta(part, "__fd");
    int64_t n;
    if (fd && decimal_read(&fd, &n) && !*fd && n <= INT_MAX) f->fd = (int)n;
    const char *key = zframe_meta(part, "Public-Key");
    uint8_t raw[32];
    if (key && hex_read(key, raw, sizeof raw) == BC_OK) strcpy(f->public_hex, key);
}

/* Receives all frames of the waiting message and keeps the first PARTS behind the sender's address.
 * Returns how many there were behind it, -1 where nothing waits. */
static int receive(zsock_t *sock, int router, frame_t *f, zframe_t *part[static PARTS]) {
    if (!(zsock_events(sock) & ZMQ_POLLIN)) return -1;
    int n = 0, more = 1;
    if (router) {
        f->from = zframe_recv(sock);
        if (!f->from) return -1;
        more = zframe_more(f->from);
    }
    while (more) {
        zframe_t *next = zframe_recv(sock);
        if (!next) break;
        more = zframe_more(next);
        f->bytes += zframe_size(next);
        if (!more) read_meta(next, f);
        if (n < PARTS) {
            part[n] = next;
        } else {
            zframe_destroy(&next);
        }
        n++;
    }
    return n;
}

static int read_header(zframe_t *part, frame_t *f, refusal_t *why) {
    size_t n = zframe_size(part);
    if (n > FRAME_HEADER_MAX)
        return refuse(why, "header-large", NULL, "Phần đầu của thông điệp lớn quá %d byte.",
                      "The header of the message is larger than %d bytes.", FRAME_HEADER_MAX);
    refusal_t what;
    f->header = json_read((const char *)zframe_data(part), n, &what);
    if (f->header) return BC_OK;
    return refuse(why, "header-bad", NULL, "Không đọc được phần đầu của thông điệp: %.0s%s",
                  "The header of the message cannot be read: %s%.0s", what.en, what.vi);
}

static size_t body_max(command_t command) {
    return command == CMD_ENTRIES ? FRAME_ENTRIES_MAX : FRAME_BODY_MAX;
}

/* Copied out, for a frame keeps the receive buffer of its connection. */
static int read_parts(zframe_t *const part[static PARTS], int n, frame_t *f, refusal_t *why) {
    if (n >= 1) f->command = frame_command((const char *)zframe_data(part[0]), zframe_size(part[0]));
    if (n != PARTS)
        return refuse(why, "frames-bad", NULL, "Thông điệp có %d khung, phải có đúng %d.",
                      "The message has %d frames, it must have exactly %d.", n, PARTS);
    if (f->command == CMD_NONE)
        return refuse(why, "command-unknown", NULL, "Thông điệp có lệnh không biết.",
                      "The message has an unknown command.");
    size_t size = zframe_size(part[2]);
    size_t max = body_max(f->command);
    if (size > max)
        return refuse(why, "body-large", NULL, "Phần thân của thông điệp lớn quá %zu byte.",
                      "The body of the message is larger than %zu bytes.", max);
    int rc = read_header(part[1], f, why);
    if (rc) return rc;
    f->body = mem_strn(zframe_data(part[2]), size);
    f->body_len = size;
    return BC_OK;
}

int frame_take(zsock_t *sock, int router, frame_t *f, refusal_t *why) {
    zframe_t *part[PARTS] = {NULL};
    *f = (frame_t){.fd = -1};
    int n = receive(sock, router, f, part);
    int rc = n < 0 ? BC_AGAIN : read_parts(part, n, f, why);
    for (int i = 0; i < PARTS; i++)
        zframe_destroy(&part[i]);
    return rc;
}

void frame_free(frame_t *f) {
    zframe_destroy(&f->from);
    json_decref(f->header);
    free(f->body);
    *f = (frame_t){0};
}

/* One frame without blocking: 0 or -1. */
static int send_part(zsock_t *sock, const void *p, size_t n, int more) {
    int rc;
    do {
        rc = zmq_send(zsock_resolve(sock), n ? p : "", n, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
    } while (rc < 0 && errno == EINTR);
    return rc < 0 ? -1 : 0;
}

int frame_send_text(zsock_t *sock, zframe_t *to, command_t command, const char *header, const void *body,
                    size_t n) {
    size_t header_len = strlen(header);
    if (header_len > FRAME_HEADER_MAX || n > body_max(command)) return BC_REFUSED;
    const char *name = frame_command_name(command);
    if (to && send_part(sock, zframe_data(to), zframe_size(to), 1))
        return errno == EHOSTUNREACH ? BC_NOTFOUND : BC_AGAIN;
    int lost = send_part(sock, name, strlen(name), 1);
    if (lost && !to) return BC_AGAIN;
    /* Once begun, a message is sent to its end even where the peer went meanwhile: libzmq drops the rest,
     * and would take what comes next for it. */
    lost |= send_part(sock, header, header_len, 1);
    lost |= send_part(sock, body, n, 0);
    return lost ? BC_AGAIN : BC_OK;
}

int frame_send(zsock_t *sock, zframe_t *to, command_t command, const json_t *header, const void *body,
               size_t n) {
    if (!header) return frame_send_text(sock, to, command, "{}", body, n);
    char *text = json_dumps(header, JSON_COMPACT);
    if (!text) return BC_REFUSED; /* text that is not UTF-8 */
    int rc = frame_send_text(sock, to, command, text, body, n);
    free(text);
    return rc;
}

int frame_refuse(zsock_t *sock, zframe_t *to, command_t answered, int64_t batch, const refusal_t *why) {
    json_t *j = json_pack("{ss ss ss ss ss}", "kind", "refused", "to", frame_command_name(answered), "code",
                          why->code, "vi", why->vi, "en", why->en);
    if (batch) json_object_set_new(j, "batch", json_integer(batch));
    if (why->field[0]) json_object_set_new(j, "field", json_string(why->field));
    int rc = frame_send(sock, to, CMD_NOTICE, j, NULL, 0);
    json_decref(j);
    return rc;
}
