/* SPDX-License-Identifier: MPL-2.0 */
/* courier_send.c - DOCUMENTS out, RECEIPT in. A document is "stored" here only after the receipt was
 * proven: the root is that of its lines, the signature is the collector's, and each line speaks of the
 * bytes that were sent. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/courier_impl.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/verdict.h"

#define LINES_MAX 1000

/* ---- out ---- */

typedef struct {
    courier_t *c;
    batch_t *batch;
    buf_t body;
    int full; /* another document is there, but neither credit nor the frame has room for it */
} packing_t;

static int pack_one(void *arg, const kept_t *kept) {
    packing_t *p = arg;
    const courier_t *c = p->c;
    int64_t size = (int64_t)kept->len + 1;
    int64_t before = c->documents + (int64_t)p->batch->count;
    /* Credit that is not zero covers one document, however long: nothing behind it waits for ever. */
    int covered = before == 0 ||
                  (before < c->credit.documents && c->bytes + (int64_t)p->body.len + size <= c->credit.bytes);
    if (!covered || p->batch->count == LINES_MAX || p->body.len + (size_t)size > FRAME_BODY_MAX) {
        p->full = 1;
        return 1;
    }
    sent_t *s = &p->batch->sent[p->batch->count++];
    *s = (sent_t){.row = kept->row, .number = kept->number, .sha256 = kept->sha256};
    snprintf(s->id, sizeof s->id, "%s", kept->id);
    buf_add(&p->body, kept->bytes, kept->len);
    buf_puts(&p->body, "\n");
    return 0;
}

static int send_batch(courier_t *c, const batch_t *batch, const buf_t *body) {
    char *id = outbox_id(c->outbox);
    json_t *numbers = json_array();
    for (size_t i = 0; i < batch->count; i++)
        json_array_append_new(numbers, json_integer(batch->sent[i].number));
    json_t *h = json_pack("{sI ss so}", "batch", (json_int_t)batch->number, "outbox", id, "numbers", numbers);
    int rc = frame_send(line_socket(c->line), NULL, CMD_DOCUMENTS, h, body->data, body->len);
    json_decref(h);
    free(id);
    return rc;
}

/* Packs and sends one batch: 1 sent, 0 nothing to send now, or a stop. */
static int send_next(courier_t *c) {
    packing_t p = {.c = c, .batch = mem_alloc(sizeof(batch_t) + LINES_MAX * sizeof(sent_t))};
    int rc = outbox_each_due(c->outbox, c->cursor, c->held, clock_wall_ms(), pack_one, &p);
    if (rc >= 0) rc = 0;
    if (!rc && !p.full) c->drained = 1;
    p.batch->number = c->batch_last + 1;
    p.batch->bytes = (int64_t)p.body.len;
    if (rc || !p.batch->count || send_batch(c, p.batch, &p.body)) {
        if (!rc && p.batch->count) c->drained = 0; /* the pipe is full: a later turn */
        free(p.batch);
        buf_free(&p.body);
        return rc;
    }
    c->batch_last++;
    c->documents += (int64_t)p.batch->count;
    c->bytes += p.batch->bytes;
    c->cursor = p.batch->sent[p.batch->count - 1].row;
    p.batch->next = c->batches;
    c->batches = mem_grow(p.batch, sizeof(batch_t) + p.batch->count * sizeof(sent_t));
    courier_expect(c);
    buf_free(&p.body);
    return 1;
}

int courier_send_due(courier_t *c) {
    int rc = 0;
    while (!c->drained && c->credit.documents > c->documents && (rc = send_next(c)) == 1)
        continue;
    return rc < 0 ? rc : BC_OK;
}

void courier_forget_batches(courier_t *c) {
    while (c->batches) {
        batch_t *gone = c->batches;
        c->batches = gone->next;
        free(gone);
    }
    c->documents = c->bytes = 0;
}

/* ---- in ---- */

/* A RECEIPT taken apart. */
typedef struct {
    int64_t signed_ms;
    hash_t root;
    uint8_t signature[64];
    const char *log;
    verdict_line_t *line; /* one for each document of the batch */
    hash_t *leaves;       /* of the stored ones */
    size_t stored;
} receipts_t;

static batch_t *unlink_batch(courier_t *c, int64_t number) {
    for (batch_t **at = &c->batches; *at; at = &(*at)->next) {
        batch_t *b = *at;
        if (b->number != number) continue;
        *at = b->next;
        c->documents -= (int64_t)b->count;
        c->bytes -= b->bytes;
        return b;
    }
    return NULL;
}

/* The verdict of one document; what says `stored` must speak of what was sent. */
static int read_line(receipts_t *r, const sent_t *sent, const char *p, size_t n, verdict_line_t *v) {
    receipt_t said;
    char id[UUID_TEXT];
    if (verdict_read(p, n, v, NULL) || v->number != sent->number) return BC_REFUSED;
    if (v->verdict != VERDICT_STORED) return BC_OK;
    /* Its log may be an ancestor of the one that signs: what was stored once keeps its line. */
    if (receipt_read(v->line, &said, NULL) || strcmp(uuid_text(&said.id, id), sent->id) ||
        !hash_equal(&said.sha256, &sent->sha256))
        return BC_REFUSED;
    r->leaves[r->stored++] = merkle_leaf(v->line, strlen(v->line));
    return BC_OK;
}

static int read_lines(receipts_t *r, const batch_t *b, const frame_t *f) {
    const char *at = f->body, *end = f->body + f->body_len;
    for (size_t i = 0; i < b->count; i++) {
        const char *lf = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        if (!lf || read_line(r, &b->sent[i], at, (size_t)(lf - at), &r->line[i])) return BC_REFUSED;
        at = lf + 1;
    }
    return at == end ? BC_OK : BC_REFUSED;
}

/* Header, lines, root and signature: 0 where everything proves true. */
static int read_receipts(courier_t *c, receipts_t *r, const batch_t *b, const frame_t *f) {
    const char *root = json_text(f->header, "root"), *signature = json_text(f->header, "signature"),
               *sign = json_text(f->header, "sign");
    uint8_t key[32];
    r->log = json_text(f->header, "log");
    r->signed_ms = json_int(f->header, "signed", -1);
    if (!root || !signature || !sign || !r->log || r->signed_ms < 0 || hex_read(root, r->root.b, HASH_LEN) ||
        hex_read(signature, r->signature, 64) || hex_read(sign, key, 32) || memcmp(key, c->sign, 32) ||
        strcmp(r->log, c->log) || read_lines(r, b, f))
        return BC_REFUSED;
    hash_t mine = merkle_root(r->leaves, r->stored);
    if (!hash_equal(&mine, &r->root)) return BC_REFUSED;
    return receipt_signature_ok(c->sign, r->log, &r->root, r->signed_ms, r->signature) ? BC_OK : BC_REFUSED;
}

/* Keeps the receipt of the document whose line is leaf LEAF. */
static int keep_stored(courier_t *c, const receipts_t *r, const sent_t *sent, const char *line, size_t leaf) {
    merkle_step_t path[MERKLE_PATH];
    receipt_t receipt;
    size_t steps = merkle_path(r->leaves, r->stored, leaf, path);
    json_t *j = receipt_keep(line, path, steps, &r->root, r->log, r->signed_ms, r->signature, c->sign);
    char *text = json_canonical(j);
    json_decref(j);
    int rc = receipt_read(line, &receipt, NULL);
    if (!rc) rc = outbox_stored(c->outbox, sent->row, &receipt, text, clock_wall_ms());
    free(text);
    return rc;
}

static int keep_other(courier_t *c, const sent_t *sent, const verdict_line_t *v) {
    int64_t wait = v->wait_ms < OUTBOX_WAIT_MOST ? v->wait_ms : OUTBOX_WAIT_MOST;
    int64_t now = clock_wall_ms(), again = clock_mono_ms() + wait;
    kept_state_t state = v->verdict == VERDICT_REFUSED ? KEPT_REFUSED : KEPT_HELD;
    if (v->verdict != VERDICT_LATER) return outbox_verdict(c->outbox, sent->row, state, &v->why, 0, now);
    if (!c->again || again < c->again) c->again = again;
    return outbox_verdict(c->outbox, sent->row, KEPT_LATER, &v->why, now + wait, now);
}

static int keep_all(courier_t *c, const receipts_t *r, const batch_t *b) {
    size_t leaf = 0;
    int rc = courier_begin(c);
    for (size_t i = 0; !rc && i < b->count; i++) {
        const verdict_line_t *v = &r->line[i];
        rc = v->verdict == VERDICT_STORED ? keep_stored(c, r, &b->sent[i], v->line, leaf++)
                                          : keep_other(c, &b->sent[i], v);
    }
    c->verdicts += (int64_t)b->count;
    return rc ? rc : courier_contact(c);
}

int courier_receipt(courier_t *c, const frame_t *f) {
    batch_t *b = unlink_batch(c, json_int(f->header, "batch", 0));
    if (c->state != COURIER_OPEN || !b) {
        free(b);
        return courier_nonsense(c, "RECEIPT");
    }
    receipts_t r = {.line = mem_alloc(b->count * sizeof *r.line),
                    .leaves = mem_alloc(b->count * sizeof *r.leaves)};
    int rc = read_receipts(c, &r, b, f);
    courier_take_credit(c, f->header);
    if (rc) {
        refuse(&c->trouble, "receipt-signature", NULL,
               "Xác nhận của máy chủ không đúng (chữ ký hoặc nội dung), nên báo cáo chưa được coi là đã nhận "
               "và sẽ được "
               "gửi lại. Nếu kéo dài, hãy báo cho người phụ trách hệ thống.",
               "The collector's receipt does not prove true (signature or content), so nothing counts as "
               "received and it "
               "will be sent again. If it lasts, tell the operator.");
        rc = BC_AGAIN;
    } else {
        rc = keep_all(c, &r, b);
        c->deadline = 0;
        if (c->batches || c->pinging) courier_expect(c);
    }
    free(r.line);
    free(r.leaves);
    free(b);
    return rc;
}
