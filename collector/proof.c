/* SPDX-License-Identifier: MPL-2.0 */
/* proof.c - what queue_walk does not check by itself: that headers agree with their places, and removals with
 * their entries. */
#include "collector/proof.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

typedef struct {
    proof_t *out;
    int64_t *gone; /* positions whose body is missing and whose `redact` entry has not come yet */
    size_t count;
    refusal_t why;
} walk_t;

static void forgive(walk_t *walk, int64_t position) {
    for (size_t i = 0; i < walk->count; i++)
        if (walk->gone[i] == position) walk->gone[i] = walk->gone[--walk->count];
}

/* A `log` entry begins under a new id, which its own header has already; its ancestor is the id before. */
static int log_follows(const walk_t *walk, const entry_t *e, const queue_entry_t *entry) {
    if (strcmp(e->kind, "log")) return !strcmp(e->log, walk->out->log);
    json_t *body = json_loadb(entry->body, entry->body_len, 0, NULL);
    const char *log = json_text(body, "log"), *before = json_text(json_object_get(body, "ancestor"), "log");
    int right =
        log && !strcmp(log, e->log) && (before ? !strcmp(before, walk->out->log) : !walk->out->log[0]);
    json_decref(body);
    return right;
}

static int prove(void *arg, const queue_entry_t *entry) {
    walk_t *walk = arg;
    entry_t e;
    char *hold = NULL;
    if (entry_read(entry->header, entry->header_len, &e, &hold, NULL)) e = (entry_t){0};
    int right = e.kind && e.position == entry->position && log_follows(walk, &e, entry) &&
                (!entry->body || e.bytes == (int64_t)entry->body_len);
    if (right) {
        memcpy(walk->out->log, e.log, LOG_ID);
        walk->out->position = entry->position;
        walk->out->chain = entry->chain;
        if (!strcmp(e.kind, "redact")) forgive(walk, e.of);
    }
    free(hold);
    if (right && !entry->body) {
        walk->gone = mem_grow(walk->gone, (walk->count + 1) * sizeof *walk->gone);
        walk->gone[walk->count++] = entry->position;
    }
    if (right) return 0;
    return refuse(
        &walk->why, "log-broken", NULL,
        "Sổ nhận bị hỏng ở vị trí %lld: phần đầu của mục không khớp với vị trí hoặc nội dung.",
        "The log is broken at position %lld: the entry's header does not agree with its place or body.",
        (long long)entry->position);
}

static int unexplained(const walk_t *walk, refusal_t *why) {
    int64_t first = walk->gone[0];
    for (size_t i = 1; i < walk->count; i++)
        if (walk->gone[i] < first) first = walk->gone[i];
    return refuse(why, "log-broken", NULL,
                  "Sổ nhận bị hỏng ở vị trí %lld: nội dung đã mất mà không có mục nào ghi việc xóa.",
                  "The log is broken at position %lld: its body is gone and no entry says who removed it.",
                  (long long)first);
}

int proof_of(queue_t *queue, proof_t *out, refusal_t *why) {
    *out = (proof_t){0};
    walk_t walk = {.out = out};
    refusal_t inner = {0};
    int rc = queue_walk(queue, 0, prove, &walk, &inner);
    if (rc == BC_REFUSED) inner = walk.why;
    if (rc == BC_OK && walk.count) rc = unexplained(&walk, &inner);
    if (rc && !inner.code[0])
        refuse(&inner, "db-damaged", "queue.db",
               "Không đọc được sổ nhận sau vị trí %lld; hãy khôi phục từ bản sao lưu (restore).",
               "The log cannot be read after position %lld; restore a backup.", (long long)out->position);
    if (rc && why) *why = inner;
    free(walk.gone);
    return rc ? BC_REFUSED : BC_OK;
}
