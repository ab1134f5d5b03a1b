/* SPDX-License-Identifier: MPL-2.0 */
/* peer.c - enrolment of a consumer (PROTOCOL.md 5), and what is kept of it. Each code has a key pair of its
 * own, named by the code's token, so that joining again with a new code never touches the old key. */
#include "aggregator/peer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/program.h"
#include "proto/base/rc.h"
#include "proto/code.h"
#include "proto/frame.h"
#include "proto/line.h"

#define PEER_MAX 65536

static char *peer_path(const char *dir) {
    return file_path(dir, "collector.json");
}

static int bad(const char *path, refusal_t *why) {
    return refuse(why, "peer-bad", path, "Tệp \"%s\" bị hỏng; hãy xin mã ghi danh mới và chạy lệnh join.",
                  "The file \"%s\" is damaged; ask for a new code and run the verb join.", path);
}

static int read_peer(const char *dir, const char *path, const json_t *j, peer_t *out, refusal_t *why) {
    const char *name = json_text(j, "name"), *endpoint = json_text(j, "endpoint"), *key = json_text(j, "key");
    const char *server = json_text(j, "server"), *successor = json_text(j, "successor");
    if (!name || strlen(name) >= sizeof out->name || !endpoint || strlen(endpoint) >= sizeof out->endpoint ||
        !key || strchr(key, '/') || !server || !successor || hex_read(server, out->server, 32) ||
        hex_read(successor, out->successor, 32))
        return bad(path, why);
    strcpy(out->name, name);
    strcpy(out->endpoint, endpoint);
    char *keys = file_path(dir, "keys"), *file = file_path(keys, key);
    int rc = curve_pair_load(file, &out->pair, why);
    free(keys);
    free(file);
    return rc;
}

/* What `join` wrote, as a new reference to *OUT. */
static int load_file(const char *dir, const char *path, json_t **out, refusal_t *why) {
    buf_t text = {0};
    int rc = BC_OK;
    if (!file_exists(path))
        rc = refuse(why, "not-joined", dir,
                    "Chương trình tổng hợp chưa ghi danh với máy chủ; hãy chạy: baocao-aggregator join MÃ.",
                    "The aggregator is not enrolled with a collector yet; run: baocao-aggregator join CODE.");
    if (rc == BC_OK) rc = file_read(path, PEER_MAX, &text, why);
    *out = rc == BC_OK ? json_read(text.data, text.len, NULL) : NULL;
    buf_free(&text);
    return rc == BC_OK && !*out ? bad(path, why) : rc;
}

int peer_load(const char *dir, peer_t *out, refusal_t *why) {
    json_t *j;
    char *path = peer_path(dir);
    int rc = load_file(dir, path, &j, why);
    if (rc == BC_OK) rc = read_peer(dir, path, j, out, why);
    json_decref(j);
    free(path);
    return rc;
}

static void put_keys(json_t *j, const peer_t *peer) {
    char hex[65];
    json_object_set_new(j, "server", json_string(hex_write(peer->server, 32, hex)));
    json_object_set_new(j, "successor", json_string(hex_write(peer->successor, 32, hex)));
}

static int write_file(const char *path, const json_t *j, refusal_t *why) {
    char *text = json_pretty(j);
    int rc = file_write(path, text, strlen(text), 0600, why);
    free(text);
    return rc;
}

int peer_keep_keys(const char *dir, const peer_t *peer, refusal_t *why) {
    json_t *j;
    char *path = peer_path(dir);
    int rc = load_file(dir, path, &j, why);
    if (rc == BC_OK) {
        put_keys(j, peer);
        rc = write_file(path, j, why);
    }
    json_decref(j);
    free(path);
    return rc;
}

/* ---- joining ---- */

typedef struct {
    const char *dir, *here;
    code_t code;
    char key[40]; /* name of the key's file */
    int64_t until;
    line_t *line;
} joining_t;

/* The pair that belongs to this code, made at the first try. */
static int own_pair(joining_t *j, curve_pair_t *pair, refusal_t *why) {
    hash_t token = hash_of(j->code.token, sizeof j->code.token);
    char hex[17], *keys = file_path(j->dir, "keys");
    snprintf(j->key, sizeof j->key, "%s.key", hex_write(token.b, 8, hex));
    char *path = file_path(keys, j->key);
    int rc = file_mkdir(keys, 0700, why);
    if (rc == BC_OK && file_exists(path)) {
        rc = curve_pair_load(path, pair, why);
    } else if (rc == BC_OK) {
        curve_pair_make(pair);
        rc = curve_pair_save(path, pair, why);
    }
    free(path);
    free(keys);
    return rc;
}

static int send_enrol(joining_t *j) {
    char token[33], *program = mem_printf("baocao-aggregator/%s", program_version());
    json_t *header = json_pack("{s:i,s:s,s:s,s:s,s:s}", "v", 1, "token", hex_write(j->code.token, 16, token),
                               "name", j->here, "program", program, "role", "consumer");
    int rc = frame_send(line_socket(j->line), NULL, CMD_ENROL, header, NULL, 0);
    json_decref(header);
    free(program);
    return rc;
}

/* ENROLLED as it came; NULL with WHY when nothing came in time or the line died. */
static json_t *wait_answer(joining_t *j, const char *endpoint, refusal_t *why) {
    frame_t f;
    for (;;) {
        int rc = frame_take(line_socket(j->line), 0, &f, why);
        if (rc == BC_OK && f.command == CMD_ENROLLED) {
            json_t *header = json_incref(f.header);
            frame_free(&f);
            return header;
        }
        if (rc != BC_AGAIN) {
            frame_free(&f);
            continue;
        }
        line_state_t state = line_state(j->line);
        if (line_dead(state) || clock_mono_ms() >= j->until) {
            line_why(state, endpoint, why);
            return NULL;
        }
        zmq_pollitem_t items[] = {{zsock_resolve(line_socket(j->line)), 0, ZMQ_POLLIN, 0},
                                  {zsock_resolve(line_monitor(j->line)), 0, ZMQ_POLLIN, 0}};
        zmq_poll(items, 2, 200);
    }
}

static int keep(const joining_t *j, const peer_t *peer, refusal_t *why) {
    char *path = peer_path(j->dir);
    json_t *file = json_pack("{s:s,s:s,s:s}", "name", peer->name, "endpoint", peer->endpoint, "key", j->key);
    put_keys(file, peer);
    int rc = write_file(path, file, why);
    json_decref(file);
    free(path);
    return rc;
}

static int refused_by(const json_t *refused, refusal_t *why) {
    const char *code = json_text(refused, "code"), *vi = json_text(refused, "vi"),
               *en = json_text(refused, "en");
    refuse(why, "collector-refused", NULL, "%1$s%2$.0s", "%1$.0s%2$s", vi ? vi : "?", en ? en : "?");
    if (why && code) snprintf(why->code, sizeof why->code, "%s", code); /* the collector's own code */
    return BC_REFUSED;
}

static int take_answer(joining_t *j, const json_t *answer, peer_t *out, refusal_t *why) {
    const json_t *refused = json_object_get(answer, "refused");
    if (refused) return refused_by(refused, why);
    const char *name = json_text(answer, "unit"), *role = json_text(answer, "role");
    int64_t port = json_int(answer, "port", 0);
    const char *colon = strrchr(j->code.endpoint, ':');
    if (!name || strlen(name) >= sizeof out->name || !role || port < 1 || port > 65535 || !colon)
        return refuse(why, "header-bad", NULL, "Không đọc được trả lời của máy chủ.",
                      "The collector's answer can not be read.");
    if (strcmp(role, "consumer") != 0)
        return refuse(why, "code-role", NULL,
                      "Mã ghi danh này dành cho đơn vị \"%s\", không phải cho chương trình tổng hợp.",
                      "This code is for the unit \"%s\", not for an aggregator.", name);
    strcpy(out->name, name);
    snprintf(out->endpoint, sizeof out->endpoint, "tcp://%.*s:%d", (int)(colon - j->code.endpoint),
             j->code.endpoint, (int)port);
    memcpy(out->server, j->code.server, 32);
    memcpy(out->successor, j->code.successor, 32);
    return keep(j, out, why);
}

/* One attempt, with the key the server is expected to have. */
static json_t *ask(joining_t *j, const curve_pair_t *pair, const uint8_t server[static 32], refusal_t *why) {
    char *endpoint = mem_printf("tcp://%s", j->code.endpoint);
    json_t *answer = NULL;
    j->line = line_open(endpoint, pair, server, why);
    if (j->line && send_enrol(j) == BC_OK) answer = wait_answer(j, endpoint, why);
    line_close(&j->line);
    free(endpoint);
    return answer;
}

int peer_join(const char *dir, const char *text, const char *here, int64_t wait_ms, peer_t *out,
              refusal_t *why) {
    joining_t j = {.dir = dir, .here = here, .until = clock_mono_ms() + wait_ms};
    refusal_t first = {0};
    *out = (peer_t){0};
    int rc = code_read(text, &j.code, why);
    if (rc == BC_OK) rc = own_pair(&j, &out->pair, why);
    if (rc) return rc;
    json_t *answer = ask(&j, &out->pair, j.code.server, &first);
    /* The second key is as good as the first: both were in the code. */
    if (!answer && strcmp(first.code, "server-key-wrong") == 0)
        answer = ask(&j, &out->pair, j.code.successor, &first);
    rc = answer ? take_answer(&j, answer, out, &first) : BC_AGAIN;
    json_decref(answer);
    if (rc && why) *why = first;
    return rc;
}
