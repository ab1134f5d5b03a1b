/* SPDX-License-Identifier: MPL-2.0 */
/* follow_entries.c - messages from the collector: ENTRIES are taken apart and folded, refusals are
 * understood. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/decision.h"
#include "aggregator/follow_impl.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"

#define REDACTED UINT32_MAX
#define TURN_MESSAGES 16 /* in one transaction, up to about 12 MB */
#define TURN_MS 500      /* then others get their turn: questions on the command line */

typedef struct {
    const uint8_t *at, *end;
} cut_t;

static int take_u32(cut_t *c, uint32_t *out) {
    if (c->end - c->at < 4) return 0;
    *out = (uint32_t)c->at[0] << 24 | (uint32_t)c->at[1] << 16 | (uint32_t)c->at[2] << 8 | c->at[3];
    c->at += 4;
    return 1;
}

static const void *take_bytes(cut_t *c, size_t n) {
    if ((size_t)(c->end - c->at) < n) return NULL;
    const void *p = c->at;
    c->at += n;
    return p;
}

/* One entry of the body of ENTRIES; 0 where it is cut off. */
static int take_entry(cut_t *c, const char **header, uint32_t *n, const char **body, uint32_t *body_len,
                      hash_t *chain) {
    if (!take_u32(c, n) || !(*header = take_bytes(c, *n)) || !take_u32(c, body_len)) return 0;
    *body = NULL;
    if (*body_len == REDACTED) {
        *body_len = 0;
    } else if (!(*body = take_bytes(c, *body_len))) {
        return 0;
    }
    const void *hash = take_bytes(c, HASH_LEN);
    if (hash) memcpy(chain->b, hash, HASH_LEN);
    return hash != NULL;
}

static int bad_message(follow_t *f) {
    refuse(&f->trouble, "entries-bad", NULL, "Máy chủ gửi một gói dữ liệu không đọc được.",
           "The collector sent a message that can not be read.");
    follow_fail(f);
    return BC_OK;
}

static int is_succession(const char *header, uint32_t n) {
    static const char kind[] = "\"kind\":\"succession\""; /* the header is canonical JSON */
    return memmem(header, n, kind, sizeof kind - 1) != NULL;
}

/* The key that comes after the collector's present one. The line is sealed with a key we know, so what stands
 * in its log is the collector's own word. */
static void learn_successor(follow_t *f, const char *body, uint32_t n) {
    uint8_t next[32];
    json_t *j = json_read(body, n, NULL);
    const char *key = json_text(j, "server");
    if (key && !hex_read(key, next, sizeof next) && memcmp(next, f->peer.server, sizeof next) != 0 &&
        memcmp(next, f->peer.successor, sizeof next) != 0) {
        memcpy(f->peer.successor, next, sizeof next);
        f->keys_changed = 1;
    }
    json_decref(j);
}

static int fold_all(follow_t *f, const frame_t *m, refusal_t *why) {
    cut_t cut = {(const uint8_t *)m->body, (const uint8_t *)m->body + m->body_len};
    while (cut.at < cut.end) {
        const char *header, *body;
        uint32_t n, body_len;
        hash_t chain;
        if (f->limit && fold_cursor(f->fold)->position >= f->limit) return BC_OK;
        if (!take_entry(&cut, &header, &n, &body, &body_len, &chain)) return bad_message(f);
        int rc = fold_entry(f->fold, header, n, body, body_len, &chain, why);
        if (rc) {
            log_error("follow.broken",
                      "position=%lld rc=%s do=\"on the collector run baocao-collector verify; then "
                      "rebuild\"",
                      (long long)fold_cursor(f->fold)->position + 1, rc_name(rc));
            return rc;
        }
        if (body && is_succession(header, n)) learn_successor(f, body, body_len);
    }
    return BC_OK;
}

static int take_entries(follow_t *f, const frame_t *m, refusal_t *why) {
    int64_t first = json_int(m->header, "first", -1), head = json_int(m->header, "head", -1);
    if (first < 1 || head < 0) return bad_message(f);
    if (first > fold_cursor(f->fold)->position + 1) return bad_message(f); /* a message was lost: ask anew */
    f->head = head;
    follow_heard(f);
    return fold_all(f, m, why);
}

/* The log we read is not the collector's any more. Nobody may go on as if nothing were. */
static int forked(follow_t *f, refusal_t *why) {
    int rc = fold_commit(f->fold); /* what came before it in this turn */
    if (rc) return rc;
    const cursor_t *at = store_cursor(f->store);
    refuse(why, "log-forked", NULL,
           "Sổ nhận của máy chủ đã rẽ nhánh: sổ nhận %s đã đọc đến vị trí %lld không còn nằm trong đó (máy "
           "chủ được "
           "khôi phục từ bản sao lưu, hoặc bị thay thế). Số liệu ở đây có thể chứa những báo cáo mà máy chủ "
           "không còn. "
           "Hãy chạy: baocao-aggregator rebuild.",
           "The collector's log has forked: the log %s as read up to position %lld does not stand in it any "
           "more (the "
           "collector was restored from a backup, or replaced). The figures here may hold reports which it "
           "no longer "
           "has. Run: baocao-aggregator rebuild.",
           at->log, (long long)at->position);
    log_error("follow.forked", "log=%s position=%lld do=\"run baocao-aggregator rebuild\"", at->log,
              (long long)at->position);
    rc = store_fork(f->store, 1);
    return rc ? rc : BC_REFUSED;
}

static int take_notice(follow_t *f, const frame_t *m, refusal_t *why) {
    static const char *const final[] = {"key-revoked", "key-expired", "consumer-only", "version-unsupported"};
    const char *kind = json_text(m->header, "kind"), *code = json_text(m->header, "code");
    const char *vi = json_text(m->header, "vi"), *en = json_text(m->header, "en");
    if (!kind || strcmp(kind, "refused") != 0 || !code) return BC_OK;
    if (strcmp(code, "log-forked") == 0) return forked(f, why);
    refuse(&f->trouble, "collector-refused", NULL, "%1$s%2$.0s", "%1$.0s%2$s", vi ? vi : "?", en ? en : "?");
    snprintf(f->trouble.code, sizeof f->trouble.code, "%s", code); /* the collector's own code */
    follow_fail(f);
    for (size_t i = 0; i < sizeof final / sizeof *final; i++)
        if (strcmp(code, final[i]) == 0) {
            if (why) *why = f->trouble;
            return BC_REFUSED;
        }
    return BC_OK;
}

static int take_decided(follow_t *f, const frame_t *m) {
    char uuid[UUID_TEXT];
    refusal_t why = {0};
    int rc = decision_answered(f->dir, m->header, uuid, &why);
    if (rc == BC_REFUSED)
        log_warn("decision.refused", "uuid=%s code=%s do=\"decide again\"", uuid, why.code);
    else if (rc == BC_OK)
        log_info("decision.stored", "uuid=%s", uuid);
    return BC_OK;
}

static int take_message(follow_t *f, const frame_t *m, refusal_t *why) {
    switch (m->command) {
    case CMD_ENTRIES: return take_entries(f, m, why);
    case CMD_NOTICE: return take_notice(f, m, why);
    case CMD_DECIDED: return take_decided(f, m);
    default: return BC_OK; /* not for us */
    }
}

/* Where that fails, it is tried again at the next turn, and said once. */
static void keep_keys(follow_t *f) {
    refusal_t why;
    if (!f->keys_changed) return;
    int failed = peer_keep_keys(f->dir, &f->peer, &why) != BC_OK;
    if (failed && !f->keys_said)
        log_warn("follow.keys-not-kept", "code=%s do=\"see: baocao-aggregator doctor\"", why.code);
    f->keys_changed = f->keys_said = failed;
}

static void send_commit(follow_t *f) {
    const cursor_t *at = store_cursor(f->store);
    char chain[HASH_HEX];
    json_t *j = json_pack("{s:s,s:I,s:s}", "log", at->log, "position", (json_int_t)at->position, "chain",
                          hex_write(at->chain.b, HASH_LEN, chain));
    frame_send(line_socket(f->line), NULL, CMD_COMMIT, j, NULL, 0); /* lost: the next one says more */
    json_decref(j);
}

int follow_take(follow_t *f, refusal_t *why) {
    int64_t until = clock_mono_ms() + TURN_MS, before = store_cursor(f->store)->position;
    int rc = BC_OK;
    for (int i = 0; i < TURN_MESSAGES && f->line && rc == BC_OK && clock_mono_ms() < until; i++) {
        frame_t m;
        rc = frame_take(line_socket(f->line), 0, &m, NULL);
        if (rc == BC_AGAIN) break;
        rc = rc == BC_OK ? take_message(f, &m, why) : BC_OK; /* what no one can read: a gap will show */
        frame_free(&m);
    }
    if (rc_stop(rc)) return rc;
    int committed = fold_commit(f->fold);
    if (committed) return committed;
    keep_keys(f);
    if (f->line && store_cursor(f->store)->position > before) send_commit(f);
    return rc == BC_AGAIN ? BC_OK : rc;
}
