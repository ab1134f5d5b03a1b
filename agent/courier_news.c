/* SPDX-License-Identifier: MPL-2.0 */
/* courier_news.c - what the collector tells of itself and of the unit: WELCOME, PONG, PLAN, NOTICE. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/courier_impl.h"
#include "agent/outbox_news.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define PING_MS 300000 /* PROTOCOL.md 4: at least every 5 minutes while connected */

int courier_contact(courier_t *c) {
    c->failures = 0;
    int rc = courier_begin(c);
    if (!rc) rc = outbox_fact_put_int(c->outbox, "contact", clock_wall_ms());
    return rc ? rc : outbox_fact_put(c->outbox, "error_code", NULL);
}

/* ---- WELCOME ---- */

/* The last position that LOG, known from before, has in common with the collector's log; 0 for another
 * log. */
static int64_t common_position(const char *log, const json_t *ancestors) {
    size_t i;
    json_t *a;
    json_array_foreach(ancestors, i, a) {
        const char *name = json_text(a, "log");
        if (name && strcmp(name, log) == 0) return json_int(a, "position", 0);
    }
    return 0;
}

/* The log this outbox has receipts from, and which of them still hold. A log that bears the same id but
 * is shorter than a receipt of ours was put back without `restore`; that is no reason to lose what came
 * after. */
static int meet_log(courier_t *c, const json_t *h) {
    const json_t *ancestors = json_object_get(h, "ancestors");
    char *known = outbox_fact(c->outbox, "log");
    int64_t position = json_int(h, "position", 0), lost = 0;
    int rc = BC_OK;
    if (known && strcmp(known, c->log)) {
        int64_t common = common_position(known, ancestors);
        if (c->news > common) rc = outbox_fact_put_int(c->outbox, "news", c->news = common);
        if (!rc) rc = outbox_reclaim(c->outbox, c->log, ancestors, &lost);
    } else if (known && outbox_furthest(c->outbox, c->log) > position) {
        json_t *shorter = json_pack("[{ss sI}]", "log", c->log, "position", (json_int_t)position);
        rc = outbox_reclaim(c->outbox, "", shorter, &lost);
        json_decref(shorter);
        if (!rc && c->news > position) rc = outbox_fact_put_int(c->outbox, "news", c->news = position);
    }
    if (lost) log_warn("courier.log-restored", "resend=%lld do=\"nothing\"", (long long)lost);
    free(known);
    return rc ? rc : outbox_fact_put(c->outbox, "log", c->log);
}

/* The collector answered under its second key: that is the first one now, and trying the other was no
 * failure. */
static int swap_keys(courier_t *c) {
    char first[65], second[65];
    if (!c->try_successor) return BC_OK;
    uint8_t key[32];
    memcpy(key, c->server, 32);
    memcpy(c->server, c->successor, 32);
    memcpy(c->successor, key, 32);
    c->try_successor = 0;
    c->failures = 0;
    int rc = outbox_fact_put(c->outbox, "server", hex_write(c->server, 32, first));
    return rc ? rc : outbox_fact_put(c->outbox, "successor", hex_write(c->successor, 32, second));
}

static int keep_facts(courier_t *c, const json_t *h) {
    char *grants = json_canonical(json_object_get(h, "grants"));
    int rc = outbox_fact_put(c->outbox, "unit", json_text(h, "unit"));
    if (!rc) rc = outbox_fact_put(c->outbox, "name", json_text(h, "name"));
    if (!rc) rc = outbox_fact_put(c->outbox, "sign", json_text(h, "sign"));
    if (!rc) rc = outbox_fact_put(c->outbox, "grants", grants);
    if (!rc) rc = outbox_fact_put_int(c->outbox, "skew", clock_wall_ms() - json_int(h, "now", 0));
    free(grants);
    return rc ? rc : swap_keys(c);
}

static int read_welcome(courier_t *c, const json_t *h) {
    const char *log = json_text(h, "log"), *sign = json_text(h, "sign");
    uint8_t raw[16];
    if (json_int(h, "v", 0) != 1 || !log || hex_read(log, raw, sizeof raw) || !sign ||
        hex_read(sign, c->sign, 32) || !json_text(h, "unit") || !json_text(h, "name") ||
        json_int(h, "now", 0) <= 0 || !json_is_array(json_object_get(h, "grants")))
        return BC_REFUSED;
    snprintf(c->log, sizeof c->log, "%s", log);
    courier_take_credit(c, h);
    return BC_OK;
}

int courier_welcome(courier_t *c, const frame_t *f) {
    if (c->state != COURIER_GREETING || read_welcome(c, f->header)) return courier_nonsense(c, "WELCOME");
    c->news = outbox_fact_int(c->outbox, "news", 0);
    int rc = courier_begin(c);
    if (!rc) rc = keep_facts(c, f->header);
    if (!rc) rc = meet_log(c, f->header);
    if (rc) return rc;
    int64_t lost = 0, highest = json_int(json_object_get(f->header, "outbox"), "highest", 0);
    if (highest >= outbox_next(c->outbox)) {
        rc = outbox_renew(c->outbox);
        return rc ? rc : courier_greet_again(c);
    }
    rc = outbox_reclaim_above(c->outbox, highest, &lost);
    if (lost) log_warn("courier.log-behind", "resend=%lld do=\"nothing\"", (long long)lost);
    if (!rc && lost) rc = outbox_fact_put_int(c->outbox, "news", c->news = 0);
    if (!rc) courier_opened(c);
    return rc;
}

/* ---- PING, PONG ---- */

int courier_ping(courier_t *c) {
    json_t *h = json_pack("{sI sI}", "clock", (json_int_t)clock_wall_ms(), "news", (json_int_t)c->news);
    int rc = frame_send(line_socket(c->line), NULL, CMD_PING, h, NULL, 0);
    json_decref(h);
    c->ping_at = clock_mono_ms() + PING_MS;
    if (rc) return BC_OK; /* the pipe is full: the answers that are due empty it */
    c->pinging = 1;
    courier_expect(c);
    return BC_OK;
}

int courier_pong(courier_t *c, const frame_t *f) {
    int64_t news = json_int(f->header, "news", -1), head = json_int(f->header, "head", -1);
    if (c->state != COURIER_OPEN || !c->pinging || news < c->news || head < 0)
        return courier_nonsense(c, "PONG");
    /* Said to be behind, and yet not a step further: asking again at once would ask for ever. */
    if (news == c->news && news < head) head = news;
    c->pinging = 0;
    c->deadline = 0;
    if (c->batches) courier_expect(c);
    courier_take_credit(c, f->header);
    c->head = head;
    int rc = courier_begin(c);
    if (!rc && news > c->news) rc = outbox_fact_put_int(c->outbox, "news", c->news = news);
    return rc ? rc : courier_contact(c);
}

/* ---- news ---- */

int courier_plan(courier_t *c, const frame_t *f) {
    refusal_t why;
    int rc = courier_begin(c);
    if (!rc) rc = outbox_plan_put(c->outbox, f->body, f->body_len, json_int(f->header, "position", 0), &why);
    if (!rc_refused(rc)) return rc;
    log_warn("courier.plan-unreadable",
             "position=%lld code=%s do=\"install a newer version of this program\"",
             (long long)json_int(f->header, "position", 0), why.code);
    return BC_OK;
}

/* A document another computer of this unit sent, with a receipt of one line. */
static int take_document(courier_t *c, const frame_t *f) {
    const char *line = json_text(f->header, "line"), *root = json_text(f->header, "root"),
               *log = json_text(f->header, "log"), *signature = json_text(f->header, "signature");
    hash_t top;
    uint8_t sig[64];
    receipt_t receipt;
    document_t doc;
    refusal_t why;
    if (!line || !root || !log || !signature || hex_read(root, top.b, HASH_LEN) ||
        hex_read(signature, sig, 64))
        return BC_REFUSED;
    json_t *j = receipt_keep(line, NULL, 0, &top, log, json_int(f->header, "signed", 0), sig, c->sign);
    int rc = receipt_verify(j, c->sign, f->body, f->body_len, &receipt, &why);
    if (!rc) rc = document_read(f->body, f->body_len, &doc, &why);
    if (!rc) {
        char *text = json_canonical(j);
        rc = outbox_learn(c->outbox, &doc, f->body, f->body_len, &receipt, text, clock_wall_ms());
        free(text);
        document_free(&doc);
    }
    json_decref(j);
    return rc;
}

/* The collector will change its key: believed where the receipts' key has signed it. */
static int take_succession(courier_t *c, const frame_t *f) {
    refusal_t why;
    uint8_t signature[64], server[32];
    json_t *j = json_read(f->body, f->body_len, &why);
    const char *key = json_text(j, "server"), *from = json_text(j, "from"), *hex = json_text(j, "signature");
    int rc = BC_REFUSED;
    if (key && from && hex && !hex_read(key, server, 32) && !hex_read(hex, signature, 64)) {
        char *text = mem_printf("baocao-succession/1 %s %s", key, from);
        if (!crypto_sign_verify_detached(signature, (const uint8_t *)text, strlen(text), c->sign)) {
            memcpy(c->successor, server, 32);
            rc = outbox_fact_put(c->outbox, "successor", key);
        }
        free(text);
    }
    json_decref(j);
    return rc;
}

/* "Refused" answers one of our messages. */
static int take_refusal(courier_t *c, const frame_t *f) {
    const char *code = json_text(f->header, "code"), *vi = json_text(f->header, "vi"),
               *en = json_text(f->header, "en");
    if (!code || !vi || !en) return courier_nonsense(c, "NOTICE");
    if (strcmp(code, "hello-first") == 0) return courier_greet_again(c);
    refusal_t why = {0};
    snprintf(why.code, sizeof why.code, "%s", code);
    snprintf(why.vi, sizeof why.vi, "%s", vi);
    snprintf(why.en, sizeof why.en, "%s", en);
    if (strcmp(code, "key-revoked") == 0) line_why(LINE_KEY_REVOKED, c->endpoint, &why);
    return courier_give_up(c, &why);
}

int courier_notice(courier_t *c, const frame_t *f) {
    const char *kind = json_text(f->header, "kind");
    int64_t position = json_int(f->header, "position", 0);
    if (!kind) return courier_nonsense(c, "NOTICE");
    if (strcmp(kind, "refused") == 0) return take_refusal(c, f);
    if (c->state != COURIER_OPEN) return courier_nonsense(c, "NOTICE");
    int rc = courier_begin(c);
    if (rc) return rc;
    if (strcmp(kind, "document") == 0)
        rc = take_document(c, f);
    else if (strcmp(kind, "succession") == 0)
        rc = take_succession(c, f);
    else /* kinds of a later version are kept as well */
        rc = outbox_notice_put(c->outbox, c->log, position, kind, f->body, clock_wall_ms());
    if (!rc_refused(rc)) return rc;
    log_warn("courier.notice-unreadable", "kind=%s position=%lld do=\"tell the operator\"", kind,
             (long long)position);
    return BC_OK;
}
