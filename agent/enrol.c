/* SPDX-License-Identifier: MPL-2.0 */
/* enrol.c - asks the enrolment port, with a key that is already on disk. */
#include "agent/enrol.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/outbox_document.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/version.h"
#include "proto/frame.h"
#include "proto/line.h"

/* ---- the key ---- */

/* One key for each code: the token's hash names it. New string. */
static char *key_file_of(const code_t *code) {
    char hex[HASH_HEX];
    hash_t h = hash_of(code->token, sizeof code->token);
    return mem_printf("key-%.8s.key", hex_write(h.b, HASH_LEN, hex));
}

/* The pair of an attempt that was cut off, else a new one, on disk. */
static int have_pair(const agent_t *agent, const char *name, curve_pair_t *pair, refusal_t *why) {
    char *path = file_path(agent->dir, name);
    int rc = BC_OK;
    if (file_exists(path)) {
        rc = curve_pair_load(path, pair, why);
    } else {
        curve_pair_make(pair);
        rc = curve_pair_save(path, pair, why);
    }
    free(path);
    return rc;
}

/* ---- asking ---- */

typedef struct {
    const code_t *code;
    const curve_pair_t *pair;
    const char *name; /* of this computer; NULL: its host name */
    char *unit;       /* whose documents are here already, NULL none; ours */
    int64_t patience;
} asking_t;

/* The unit of the documents in the outbox: new string, NULL while there are none. */
static char *unit_here(const agent_t *agent) {
    return outbox_next(agent->outbox) > 1 ? outbox_fact(agent->outbox, "unit") : NULL;
}

static int send_enrol(line_t *line, const asking_t *ask) {
    char token[33], host[101] = "";
    if (gethostname(host, sizeof host - 1)) host[0] = '\0';
    json_t *h = json_pack("{si ss ss ss ss ss*}", "v", 1, "token",
                          hex_write(ask->code->token, sizeof ask->code->token, token), "name",
                          ask->name ? ask->name : host, "program", "baocao-agent/" BAOCAO_VERSION, "role",
                          "agent", "unit", ask->unit);
    int rc = h ? frame_send(line_socket(line), NULL, CMD_ENROL, h, NULL, 0) : BC_REFUSED;
    json_decref(h);
    return rc;
}

static int refused_there(const json_t *refused, refusal_t *why) {
    const char *code = json_text(refused, "code"), *vi = json_text(refused, "vi"),
               *en = json_text(refused, "en");
    snprintf(why->code, sizeof why->code, "%s", code ? code : "header-bad");
    why->field[0] = '\0';
    snprintf(why->vi, sizeof why->vi, "%s", vi ? vi : "Máy chủ không chấp nhận mã ghi danh này.");
    snprintf(why->en, sizeof why->en, "%s", en ? en : "The collector did not accept this code.");
    return BC_REFUSED;
}

/* One message: the answer (new) to *OUT, BC_AGAIN where it is none, or what was refused. */
static int take_answer(line_t *line, json_t **out, refusal_t *why) {
    frame_t f;
    int rc = frame_take(line_socket(line), 0, &f, why);
    if (rc == BC_AGAIN) return rc;
    if (!rc && f.command == CMD_ENROLLED) {
        json_t *refused = json_object_get(f.header, "refused");
        rc = refused ? refused_there(refused, why) : BC_OK;
        if (!rc) *out = json_incref(f.header);
    } else if (!rc && f.command == CMD_NOTICE) {
        rc = refused_there(f.header, why);
    } else if (!rc) {
        rc = BC_AGAIN;
    }
    frame_free(&f);
    return rc;
}

/* Waits for the answer until the line dies or the patience ends. */
static int await(line_t *line, const char *endpoint, int64_t deadline, json_t **out, refusal_t *why) {
    for (;;) {
        int rc = take_answer(line, out, why);
        if (rc != BC_AGAIN) return rc;
        line_state_t state = line_state(line);
        int64_t left = deadline - clock_mono_ms();
        if (line_dead(state) || left <= 0) {
            rc = line_why(state, endpoint, why);
            return rc == BC_REFUSED ? rc : BC_AGAIN;
        }
        zmq_pollitem_t items[] = {{.socket = zsock_resolve(line_socket(line)), .events = ZMQ_POLLIN},
                                  {.socket = zsock_resolve(line_monitor(line)), .events = ZMQ_POLLIN}};
        zmq_poll(items, 2, (long)left);
        if (zsys_interrupted)
            return refuse(why, "interrupted", NULL, "Đã dừng theo yêu cầu.", "Stopped as asked.");
    }
}

/* Asks with one of the server's keys. */
static int ask_one(const asking_t *ask, const uint8_t server[static 32], json_t **out, refusal_t *why) {
    char endpoint[128];
    snprintf(endpoint, sizeof endpoint, "tcp://%s", ask->code->endpoint);
    line_t *line = line_open(endpoint, ask->pair, server, why);
    if (!line) return BC_REFUSED;
    int rc = send_enrol(line, ask);
    if (!rc) rc = await(line, endpoint, clock_mono_ms() + ask->patience, out, why);
    line_close(&line);
    return rc;
}

/* ---- keeping the answer ---- */

/* "tcp://HOST:PORT" of the documents, on the host of the enrolment. */
static char *documents_endpoint(const code_t *code, int64_t port) {
    const char *colon = strrchr(code->endpoint, ':');
    int host = colon ? (int)(colon - code->endpoint) : (int)strlen(code->endpoint);
    return mem_printf("tcp://%.*s:%lld", host, code->endpoint, (long long)port);
}

static int check_answer(agent_t *agent, const json_t *a, refusal_t *why) {
    const char *unit = json_text(a, "unit"), *role = json_text(a, "role"), *sign = json_text(a, "sign");
    if (!unit || !role || !sign || !json_text(a, "name") || json_int(a, "port", 0) <= 0)
        return refuse(why, "collector-nonsense", NULL,
                      "Máy chủ trả lời sai quy cách (%s). Hãy báo cho người phụ trách hệ thống.",
                      "The collector's answer is not as the protocol says (%s). Tell the operator.",
                      "ENROLLED");
    if (strcmp(role, "agent"))
        return refuse(
            why, "code-role", NULL,
            "Mã này dành cho chương trình tổng hợp, không dùng để gửi báo cáo. Hãy xin mã ghi danh của đơn "
            "vị.",
            "This code is for a program that reads, not for sending reports. Ask for your unit's code.");
    char *known = unit_here(agent);
    int rc = BC_OK;
    if (known && strcmp(known, unit))
        rc = refuse(why, "unit-other", NULL,
                    "Mã này là của đơn vị %s, nhưng thư mục này đang giữ báo cáo của đơn vị %s. Hãy dùng thư "
                    "mục khác "
                    "(-d) và xin mã mới.",
                    "This code is for unit %s, but this folder holds reports of unit %s. Use another folder "
                    "(-d) and ask "
                    "for a new code.",
                    unit, known);
    free(known);
    return rc;
}

static int keep(agent_t *agent, const code_t *code, const json_t *a, const char *key_file, int swapped) {
    char server[65], successor[65], *endpoint = documents_endpoint(code, json_int(a, "port", 0));
    hex_write(swapped ? code->successor : code->server, 32, server);
    hex_write(swapped ? code->server : code->successor, 32, successor);
    const struct {
        const char *name, *value;
    } facts[] = {{"unit", json_text(a, "unit")},
                 {"name", json_text(a, "name")},
                 {"sign", json_text(a, "sign")},
                 {"endpoint", endpoint},
                 {"server", server},
                 {"successor", successor},
                 {"key_file", key_file},
                 {"error_code", NULL}};
    int rc = outbox_begin(agent->outbox);
    for (size_t i = 0; !rc && i < sizeof facts / sizeof *facts; i++)
        rc = outbox_fact_put(agent->outbox, facts[i].name, facts[i].value);
    if (!rc) rc = outbox_fact_put_int(agent->outbox, "key", json_int(a, "key", 0));
    if (!rc) rc = outbox_commit(agent->outbox);
    free(endpoint);
    return rc;
}

/* The key of an earlier enrolment is of no use any more. */
static void remove_old_key(agent_t *agent, const char *old, const char *now) {
    if (!old || strcmp(old, now) == 0) return;
    char *path = file_path(agent->dir, old);
    unlink(path); /* a secret left behind is a pity, no failure */
    free(path);
}

int enrol_join(agent_t *agent, const code_t *code, const char *name, int64_t patience, refusal_t *why) {
    curve_pair_t pair;
    json_t *answer = NULL;
    char *key_file = key_file_of(code), *old = outbox_fact(agent->outbox, "key_file");
    asking_t ask = {code, &pair, name, unit_here(agent), patience};
    int swapped = 0, rc = have_pair(agent, key_file, &pair, why);
    if (!rc) {
        rc = ask_one(&ask, code->server, &answer, why);
        swapped = rc == BC_AGAIN && strcmp(why->code, "server-key-wrong") == 0;
        if (swapped) rc = ask_one(&ask, code->successor, &answer, why);
    }
    if (!rc) rc = check_answer(agent, answer, why);
    if (!rc) rc = keep(agent, code, answer, key_file, swapped);
    if (!rc) remove_old_key(agent, old, key_file);
    if (rc_stop(rc)) refuse(why, "disk", NULL, "Không ghi được vào ổ đĩa.", "Cannot write to the disk.");
    sodium_memzero(&pair, sizeof pair);
    json_decref(answer);
    free(ask.unit);
    free(key_file);
    free(old);
    return rc;
}
