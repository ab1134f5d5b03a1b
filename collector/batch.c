/* SPDX-License-Identifier: MPL-2.0 */
/* batch.c - reads, judges, stores and answers the documents of one message. */
#include "collector/batch.h"

#include <stdlib.h>
#include <string.h>

#include "collector/header.h"
#include "proto/base/rc.h"

#define WAIT_FULL 100   /* ms, see RECEIPT_ROOM */
#define WAIT_DISK 60000 /* ms */

/* One document. What is refused needs a whole refusal, what is stored only its line. */
typedef struct {
    int64_t number;
    verdict_t verdict; /* VERDICT_NONE: waits for the keeper */
    int rev;           /* 0: it could not be read */
    uuid_bc_t id;
    hash_t sha256;
    char unit[UNIT_CODE];
    size_t at, len; /* in body */
    size_t line;    /* of stored: where its line begins in lines */
    int fresh;      /* it was stored just now */
    refusal_t *why; /* owned; may be NULL */
} item_t;

struct batch {
    int64_t number, key, received;
    char outbox[LOG_ID], by[UNIT_CODE];
    char *body;
    size_t body_len;
    buf_t lines; /* receipt lines, each with a NUL behind */
    int64_t wait_ms;
    refusal_t later; /* for those without a reason of their own */
    int only_known;
    batch_counts_t counts;
    size_t judged; /* so many from the first on */
    size_t count;
    item_t item[];
};

/* ---- the message ---- */

static int batch_bad(const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "batch-bad", NULL, "%s%.0s", "%.0s%s", vi, en);
}

static size_t count_lines(const char *p, size_t n) {
    size_t lines = 0;
    for (const char *end = p + n, *lf; p < end && (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1)
        lines++;
    return lines;
}

static int check_lines(const frame_t *f, size_t numbers, refusal_t *why) {
    size_t lines = count_lines(f->body, f->body_len);
    if (lines == 0 || f->body[f->body_len - 1] != '\n')
        return batch_bad("Phần thân của DOCUMENTS trống, hoặc dòng cuối không kết thúc bằng LF.",
                         "The body of DOCUMENTS is empty, or its last line does not end with LF.", why);
    if (lines > BATCH_LINES)
        return batch_bad("Phần thân của DOCUMENTS có quá 1.000 dòng.",
                         "The body of DOCUMENTS has more than 1,000 lines.", why);
    if (lines != numbers)
        return batch_bad("Số dòng trong phần thân khác với số phần tử của \"numbers\".",
                         "The body has another number of lines than \"numbers\" has elements.", why);
    return BC_OK;
}

static int take_numbers(batch_t *self, const json_t *numbers, refusal_t *why) {
    for (size_t i = 0; i < self->count; i++) {
        const json_t *n = json_array_get(numbers, i);
        self->item[i].number = json_is_integer(n) ? json_integer_value(n) : 0;
        if (self->item[i].number < 1 || self->item[i].number > HEADER_NUMBER_MOST)
            return header_bad(CMD_DOCUMENTS, "numbers", why);
    }
    return BC_OK;
}

static void take_lines(batch_t *self) {
    const char *p = self->body;
    for (size_t i = 0; i < self->count; i++) {
        const char *lf = memchr(p, '\n', (size_t)(self->body + self->body_len - p));
        self->item[i].at = (size_t)(p - self->body);
        self->item[i].len = (size_t)(lf - p);
        p = lf + 1;
    }
}

/* What the header must have; the batch's number, when it can be read, goes back with the refusal. */
static int check_header(const json_t *header, int64_t *number, const char **outbox, refusal_t *why) {
    if (!header_number(header, "batch", 1, number)) {
        *number = 0;
        return header_bad(CMD_DOCUMENTS, "batch", why);
    }
    if (!header_hex(header, "outbox", 16, outbox, NULL)) return header_bad(CMD_DOCUMENTS, "outbox", why);
    if (!json_is_array(json_object_get(header, "numbers"))) return header_bad(CMD_DOCUMENTS, "numbers", why);
    return BC_OK;
}

batch_t *batch_new(frame_t *f, const access_key_t *key, int64_t received, int64_t *batch_number,
                   refusal_t *why) {
    const char *outbox = "";
    if (check_header(f->header, batch_number, &outbox, why)) return NULL;
    const json_t *numbers = json_object_get(f->header, "numbers");
    size_t count = json_array_size(numbers);
    if (check_lines(f, count, why)) return NULL;
    batch_t *self = mem_alloc(sizeof *self + count * sizeof *self->item);
    self->number = *batch_number;
    self->key = key->serial;
    self->received = received;
    self->count = count;
    memcpy(self->outbox, outbox, LOG_ID);
    memcpy(self->by, key->unit, sizeof self->by);
    self->body = f->body;
    self->body_len = f->body_len;
    f->body = NULL;
    take_lines(self);
    if (take_numbers(self, numbers, why)) batch_free(&self);
    return self;
}

void batch_free(batch_t **self_p) {
    batch_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        free(self->item[i].why);
    buf_free(&self->lines);
    free(self->body);
    free(self);
    *self_p = NULL;
}

size_t batch_count(const batch_t *self) {
    return self->count;
}

int64_t batch_bytes(const batch_t *self) {
    return (int64_t)self->body_len;
}

int64_t batch_key(const batch_t *self) {
    return self->key;
}

const char *batch_outbox(const batch_t *self) {
    return self->outbox;
}

batch_counts_t batch_counts(const batch_t *self) {
    return self->counts;
}

/* ---- judging ---- */

static void decide(batch_t *self, item_t *item, verdict_t verdict, const refusal_t *why) {
    item->verdict = verdict;
    item->why = mem_grow(NULL, sizeof *why);
    *item->why = *why;
    self->counts.refused += verdict == VERDICT_REFUSED;
    self->counts.held += verdict == VERDICT_HELD;
    self->counts.later += verdict == VERDICT_LATER;
}

typedef struct {
    const registry_t *registry;
    int64_t key;
    day_t today;
} asked_t;

static int may_act(void *arg, const char *unit) {
    const asked_t *a = arg;
    return registry_may_act(a->registry, a->key, unit, a->today);
}

static int unit_open(void *arg, const char *unit, day_t day) {
    const asked_t *a = arg;
    return registry_unit_open(a->registry, unit, day);
}

static int judge_one(const batch_t *self, item_t *item, const judge_t *judge, refusal_t *why) {
    document_t doc;
    int rc = document_read(self->body + item->at, item->len, &doc, why);
    if (rc != BC_OK) return rc;
    rc = document_judge(&doc, judge, why);
    item->id = doc.id;
    item->rev = doc.rev;
    item->sha256 = doc.hash;
    strncpy(item->unit, doc.unit, sizeof item->unit - 1); /* a known unit's code fits */
    document_free(&doc);
    return rc;
}

int batch_judge(batch_t *self, const registry_t *registry, int64_t until) {
    asked_t asked = {.registry = registry, .key = self->key, .today = clock_day(self->received)};
    judge_t judge = {.plans = registry_plans(registry),
                     .today = asked.today,
                     .future_refused = 1,
                     .may_act = may_act,
                     .unit_open = unit_open,
                     .sender = self->by,
                     .arg = &asked};
    refusal_t why;
    do {
        item_t *item = &self->item[self->judged++];
        if (judge_one(self, item, &judge, &why) != BC_OK) decide(self, item, VERDICT_REFUSED, &why);
    } while (self->judged < self->count && clock_mono_us() < until);
    return self->judged == self->count;
}

void batch_later(batch_t *self, const refusal_t *why, int64_t wait_ms) {
    self->wait_ms = wait_ms;
    self->later = *why;
    for (size_t i = 0; i < self->count; i++)
        self->item[i].verdict = VERDICT_LATER;
    self->counts.later = (int64_t)self->count;
}

void batch_only_known(batch_t *self) {
    self->only_known = 1;
    self->wait_ms = WAIT_DISK;
}

/* ---- storing ---- */

static incoming_t incoming_of(const batch_t *self, const item_t *item) {
    return (incoming_t){.id = item->id,
                        .rev = item->rev,
                        .sha256 = item->sha256,
                        .unit = item->unit,
                        .by = self->by,
                        .key = self->key,
                        .outbox = self->outbox,
                        .number = item->number,
                        .received = self->received,
                        .body = self->body + item->at,
                        .body_len = item->len};
}

static void take_outcome(batch_t *self, item_t *item, const outcome_t *out) {
    if (out->verdict != VERDICT_STORED) {
        decide(self, item, out->verdict, &out->why);
        return;
    }
    item->verdict = VERDICT_STORED;
    item->line = self->lines.len;
    item->fresh = out->fresh;
    buf_add(&self->lines, out->line, strlen(out->line) + 1);
    self->counts.stored += out->fresh;
    self->counts.duplicates += !out->fresh;
}

static int store_one(batch_t *self, item_t *item, queue_t *queue, outcome_t *out) {
    incoming_t in = incoming_of(self, item);
    int rc = self->only_known ? queue_document_known(queue, &in, out) : queue_document(queue, &in, out);
    if (rc == BC_OK) take_outcome(self, item, out);
    return rc;
}

/* What was stored once answers so for ever (PROTOCOL.md 1), though today it would be refused: a grant has
 * ended, the unit was closed. The same for what waits for staff. */
static int recall(batch_t *self, item_t *item, queue_t *queue, outcome_t *out) {
    incoming_t in = incoming_of(self, item);
    int rc = queue_document_known(queue, &in, out);
    if (rc != BC_OK || (out->verdict != VERDICT_STORED && out->verdict != VERDICT_HELD)) return rc;
    self->counts.refused--;
    free(item->why);
    item->why = NULL;
    take_outcome(self, item, out);
    return BC_OK;
}

/* What was stored or refused is done, the fresh ones in front; what is held or must come later is only known
 * to be there. */
static int mark_outbox(const batch_t *self, queue_t *queue) {
    int64_t done[BATCH_LINES], highest = 0;
    size_t n = 0, fresh = 0;
    for (size_t i = 0; i < self->count; i++) {
        const item_t *item = &self->item[i];
        if (item->number > highest) highest = item->number;
        if (item->fresh) done[n++] = item->number;
    }
    fresh = n;
    for (size_t i = 0; i < self->count; i++) {
        const item_t *item = &self->item[i];
        if (item->fresh) continue;
        if (item->verdict == VERDICT_STORED || item->verdict == VERDICT_REFUSED) done[n++] = item->number;
    }
    return queue_outbox_mark(queue, self->outbox, self->by, self->key, done, n, fresh, highest);
}

int batch_store(batch_t *self, queue_t *queue) {
    outcome_t out;
    for (size_t i = 0; i < self->count; i++) {
        item_t *item = &self->item[i];
        int rc = BC_OK;
        if (item->verdict == VERDICT_NONE)
            rc = store_one(self, item, queue, &out);
        else if (item->verdict == VERDICT_REFUSED && item->rev)
            rc = recall(self, item, queue, &out);
        if (rc != BC_OK) return rc;
    }
    return self->only_known ? BC_OK : mark_outbox(self, queue);
}

/* ---- answering ---- */

/* A thousand refusals with long sentences would not fit into a body. Where this much is written, what is
 * refused is told to come again, which costs a short line. */
#define RECEIPT_ROOM 600000

static void write_line(const batch_t *self, const item_t *item, buf_t *body) {
    if (item->verdict == VERDICT_STORED || body->len < RECEIPT_ROOM) {
        const char *line = item->verdict == VERDICT_STORED ? self->lines.data + item->line : "";
        verdict_write(body, item->number, item->verdict, line, item->why ? item->why : &self->later,
                      self->wait_ms);
        return;
    }
    refusal_t why;
    refuse(&why, "receipt-full", NULL, "Xác nhận đã đầy; hãy gửi lại báo cáo này.",
           "The receipt is full; send this document again.");
    verdict_write(body, item->number, VERDICT_LATER, "", &why, WAIT_FULL);
}

static hash_t write_lines(const batch_t *self, buf_t *body) {
    hash_t leaf[BATCH_LINES];
    size_t leaves = 0;
    buf_room(body, self->lines.len + self->count * 64);
    for (size_t i = 0; i < self->count; i++) {
        const item_t *item = &self->item[i];
        write_line(self, item, body);
        if (item->verdict != VERDICT_STORED) continue;
        const char *line = self->lines.data + item->line;
        leaf[leaves++] = merkle_leaf(line, strlen(line));
    }
    return merkle_root(leaf, leaves);
}

void batch_receipt(const batch_t *self, const sign_pair_t *sign, const char *log, int64_t now,
                   const credit_t *credit, buf_t *header, buf_t *body) {
    uint8_t signature[64];
    char root_hex[HASH_HEX], signature_hex[129], sign_hex[65];
    hash_t root = write_lines(self, body);
    receipt_sign(sign->secret, log, &root, now, signature);
    hex_write(root.b, HASH_LEN, root_hex);
    hex_write(signature, sizeof signature, signature_hex);
    hex_write(sign->public_, sizeof sign->public_, sign_hex);
    buf_printf(
        header,
        "{\"batch\":%lld,\"log\":\"%s\",\"root\":\"%s\",\"signed\":%lld,\"signature\":\"%s\",\"sign\":\"%s\","
        "\"credit\":{\"documents\":%lld,\"bytes\":%lld,\"wait_ms\":%lld}}",
        (long long)self->number, log, root_hex, (long long)now, signature_hex, sign_hex,
        (long long)credit->documents, (long long)credit->bytes, (long long)credit->wait_ms);
}
