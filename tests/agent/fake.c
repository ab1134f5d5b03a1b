/* SPDX-License-Identifier: MPL-2.0 */
/* fake.c - the collector's side of the wire, as far as the courier's tests need it. */
#include "tests/agent/fake.h"

#include <sodium.h>

#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/sock.h"
#include "proto/receipt.h"
#include "tests/support.h"

static void put(agent_t *agent, const char *name, const char *value) {
    assert_int_equal(outbox_fact_put(agent->outbox, name, value), 0);
}

void fake_open(fake_t *fake, agent_t *agent) {
    refusal_t why = {0};
    curve_pair_t own;
    char hex[65], *path = file_path(agent->dir, "test.key");
    *fake = (fake_t){.log = FAKE_LOG, .position = 10, .documents = 100};
    curve_pair_make(&fake->pair);
    sign_pair_make(&fake->sign);
    curve_pair_make(&own);
    assert_int_equal(curve_pair_save(path, &own, &why), 0);
    /* No ZAP handler in this process: libzmq lets everyone in. */
    fake->sock = sock_server("tcp://127.0.0.1:*", fake->pair.secret, fake->pair.public_, "test", &why);
    assert_non_null(fake->sock);
    snprintf(fake->endpoint, sizeof fake->endpoint, "tcp://127.0.0.1:%d", sock_port(fake->sock));
    hex_write(fake->sign.public_, 32, fake->sign_hex);
    put(agent, "key_file", "test.key");
    put(agent, "endpoint", fake->endpoint);
    put(agent, "server", hex_write(fake->pair.public_, 32, hex));
    free(path);
}

void fake_close(fake_t *fake) {
    zframe_destroy(&fake->from);
    zsock_destroy(&fake->sock);
}

void fake_turn(courier_t *courier) {
    zmq_pollitem_t items[2];
    assert_int_equal(courier_turn(courier), 0);
    size_t n = courier_items(courier, items);
    int64_t left = courier_due(courier) - clock_mono_ms();
    zmq_poll(items, (int)n, left < 0 ? 0 : left > 5 ? 5 : (long)left);
}

/* 1 and F if a message has come. */
static int take(fake_t *fake, frame_t *f) {
    refusal_t why;
    if (frame_take(fake->sock, 1, f, &why)) return 0;
    zframe_destroy(&fake->from);
    fake->from = f->from;
    f->from = NULL;
    return 1;
}

void fake_expect(fake_t *fake, courier_t *courier, command_t command, frame_t *f) {
    int64_t end = clock_mono_ms() + 5000;
    while (!take(fake, f)) {
        if (clock_mono_ms() > end) fail_msg("no %s came", frame_command_name(command));
        fake_turn(courier);
    }
    if (f->command != command)
        fail_msg("%s came instead of %s", frame_command_name(f->command), frame_command_name(command));
}

void fake_pass(fake_t *fake, courier_t *courier, command_t command) {
    frame_t f;
    fake_expect(fake, courier, command, &f);
    frame_free(&f);
}

void fake_nothing(fake_t *fake, courier_t *courier) {
    frame_t f;
    for (int i = 0; i < 20; i++) {
        fake_turn(courier);
        if (take(fake, &f)) fail_msg("%s came", frame_command_name(f.command));
    }
}

void fake_send(fake_t *fake, command_t command, json_t *header, const char *body) {
    assert_int_equal(
        frame_send(fake->sock, fake->from, command, header, body ? body : "", body ? strlen(body) : 0), 0);
    json_decref(header);
}

static json_t *credit(const fake_t *fake) {
    return json_pack("{sI sI sI}", "documents", (json_int_t)fake->documents, "bytes",
                     (json_int_t)(fake->documents ? 1000000 : 0), "wait_ms",
                     (json_int_t)(fake->documents ? 0 : 50));
}

void fake_welcome(fake_t *fake, int64_t highest, const char *ancestors) {
    json_t *older = json_loads(ancestors, 0, NULL);
    fake_send(fake, CMD_WELCOME,
              json_pack("{si ss sI so sI ss ss s[] s{sI sI} so ss}", "v", 1, "log", fake->log, "position",
                        (json_int_t)(fake->head ? fake->head : fake->position), "ancestors", older, "now",
                        (json_int_t)clock_wall_ms(), "unit", KIT_UNIT, "name", "Công đoàn Ví dụ", "grants",
                        "outbox", "contiguous", (json_int_t)highest, "highest", (json_int_t)highest, "credit",
                        credit(fake), "sign", fake->sign_hex),
              NULL);
}

void fake_pong(fake_t *fake, int64_t news, int64_t head) {
    fake_send(fake, CMD_PONG,
              json_pack("{sI so sI sI}", "now", (json_int_t)clock_wall_ms(), "credit", credit(fake), "news",
                        (json_int_t)news, "head", (json_int_t)head),
              NULL);
}

/* The receipt line of the document of N bytes. */
static void line_of(fake_t *fake, const char *p, size_t n, char spoil, char out[static RECEIPT_LINE]) {
    refusal_t why;
    json_t *doc = json_read(p, n, &why);
    receipt_t r = {.position = ++fake->position,
                   .rev = (int)json_int(doc, "rev", 0),
                   .received = clock_wall_ms(),
                   .sha256 = hash_of(p, spoil == 'h' ? n - 1 : n)};
    strcpy(r.log, fake->log);
    snprintf(r.unit, sizeof r.unit, "%s", json_text(doc, "unit"));
    assert_int_equal(uuid_parse(json_text(doc, "id"), &r.id), 0);
    receipt_line(&r, out);
    json_decref(doc);
}

/* Verdict lines of all documents to BODY; the leaves of the stored ones to LEAVES. */
static size_t judge(fake_t *fake, const frame_t *f, const char *verdicts, char spoil, buf_t *body,
                    hash_t *leaves) {
    static const verdict_t kinds[128] = {
        ['s'] = VERDICT_STORED, ['r'] = VERDICT_REFUSED, ['l'] = VERDICT_LATER, ['h'] = VERDICT_HELD};
    const json_t *numbers = json_object_get(f->header, "numbers");
    const char *at = f->body;
    size_t stored = 0;
    refusal_t why;
    refuse(&why, "example", NULL, "Một lý do.", "A reason.");
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        const char *lf = strchr(at, '\n');
        verdict_t v = kinds[(unsigned char)verdicts[i % strlen(verdicts)]];
        int64_t number = json_integer_value(json_array_get(numbers, i)) + (spoil == 'n');
        char line[RECEIPT_LINE] = "";
        if (!spoil && number > fake->highest) fake->highest = number;
        if (v == VERDICT_STORED) {
            line_of(fake, at, (size_t)(lf - at), spoil, line);
            leaves[stored++] = merkle_leaf(line, strlen(line));
        }
        verdict_write(body, number, v, line, &why, 50);
        at = lf + 1;
    }
    return stored;
}

void fake_receipt(fake_t *fake, const frame_t *f, const char *verdicts, char spoil) {
    hash_t leaves[1000];
    buf_t body = {0};
    uint8_t signature[64];
    char root_hex[65], signature_hex[129];
    size_t stored = judge(fake, f, verdicts, spoil, &body, leaves);
    hash_t root = merkle_root(leaves, stored);
    if (spoil == 'r') root.b[0] ^= 1;
    int64_t at = clock_wall_ms();
    sign_pair_t other;
    sign_pair_make(&other);
    receipt_sign(spoil == 'k' ? other.secret : fake->sign.secret, fake->log, &root, at, signature);
    if (spoil == 's') signature[0] ^= 1;
    if (spoil == 'k') hex_write(other.public_, 32, root_hex);
    char sign_hex[65];
    strcpy(sign_hex, spoil == 'k' ? root_hex : fake->sign_hex);
    fake_send(fake, CMD_RECEIPT,
              json_pack("{sI ss ss sI ss ss so}", "batch", (json_int_t)json_int(f->header, "batch", 0), "log",
                        fake->log, "root", hex_write(root.b, 32, root_hex), "signed", (json_int_t)at,
                        "signature", hex_write(signature, 64, signature_hex), "sign", sign_hex, "credit",
                        credit(fake)),
              body.data);
    buf_free(&body);
}
