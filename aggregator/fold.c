/* SPDX-License-Identifier: MPL-2.0 */
/* fold.c - from entries to rows. */
#include "aggregator/fold.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/fold_document.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"

struct fold {
    store_t *store;
    defs_t *defs;
    cursor_t cursor; /* with what the open transaction added */
    int open;        /* a transaction is open */
    buf_t fact;
};

/* A plan that the collector published was whole; one that can not be read leaves its documents unread. */
static int put_plan(fold_t *self, const void *body, size_t n, int64_t position) {
    refusal_t why = {0};
    plan_t *plan = plan_read(body, n, &why);
    if (plan) return defs_put(self->defs, self->store, &plan);
    log_error("fold.plan-unread",
              "position=%lld code=%s do=\"install the release that the collector has, then "
              "rebuild\"",
              (long long)position, why.code);
    return BC_OK;
}

static int load_plan(void *self, const row_t *row) {
    return put_plan(self, row->body, row->body_len, row->position);
}

fold_t *fold_new(store_t *store, refusal_t *why) {
    fold_t *self = mem_alloc(sizeof *self);
    self->store = store;
    self->defs = defs_new();
    self->cursor = *store_cursor(store);
    if (store_each(store, ROW_PLAN, STORE_NOW, load_plan, self) == BC_OK) return self;
    refuse(why, "db-damaged", NULL, "Không đọc được kho số liệu; hãy chạy lệnh rebuild.",
           "The store can not be read; run the verb rebuild.");
    fold_free(&self);
    return NULL;
}

void fold_free(fold_t **self_p) {
    fold_t *self = *self_p;
    if (!self) return;
    defs_free(&self->defs);
    buf_free(&self->fact);
    free(self);
    *self_p = NULL;
}

const cursor_t *fold_cursor(const fold_t *self) {
    return &self->cursor;
}

int fold_commit(fold_t *self) {
    if (!self->open) return BC_OK;
    self->open = 0;
    return store_commit(self->store, &self->cursor);
}

static int broken(int64_t position, const char *vi, const char *en, refusal_t *why) {
    refuse(why, "log-broken", NULL, "Dữ liệu sổ nhận bị sai ở vị trí %1$lld: %2$s%3$.0s.",
           "The log as received is wrong at position %1$lld: %2$.0s%3$s.", (long long)position, vi, en);
    return BC_CORRUPT;
}

/* Order, chain and the body's hash. 1: folded before. */
static int check(const fold_t *self, const entry_t *e, const char *header, size_t n, const void *body,
                 size_t body_len, const hash_t *chain, refusal_t *why) {
    if (e->position <= self->cursor.position) return 1;
    if (e->position != self->cursor.position + 1)
        return broken(e->position, "có mục bị bỏ qua trước đó", "entries before it were left out", why);
    hash_t before = self->cursor.position ? self->cursor.chain : chain_begin(e->log);
    hash_t after = chain_next(&before, header, n);
    if (!hash_equal(&after, chain))
        return broken(e->position, "chuỗi băm không khớp", "the hash chain does not hold", why);
    if (!body) return BC_OK;
    hash_t is = hash_of(body, body_len);
    if (!hash_equal(&is, &e->sha256) || (int64_t)body_len != e->bytes)
        return broken(e->position, "nội dung không khớp mã băm",
                      "the body has another hash than its header says", why);
    return BC_OK;
}

/* Which revision holds from here on: the one before ends, or this one never begins. */
static int supersede(fold_t *self, row_t *row) {
    row_t held;
    int rc = store_document(self->store, &row->id, STORE_NOW, &held);
    if (rc == BC_NOTFOUND) return BC_OK;
    if (rc) return rc;
    if (held.rev < row->rev) return store_end(self->store, held.position, row->position);
    row->until = row->position;
    return BC_OK;
}

static int put_document(fold_t *self, const entry_t *e, const void *body, size_t n, row_t *row) {
    char period[80];
    row->has_id = 1;
    row->id = *e->id;
    row->rev = e->rev;
    row->sha256 = e->sha256;
    row->kind = ROW_GONE;
    int rc = supersede(self, row);
    if (rc) return rc;
    if (!body) return store_put(self->store, row);
    buf_clear(&self->fact);
    rc = fold_document(self->defs, self->store, body, n, row, &self->fact, period);
    if (rc) return rc;
    if (row->kind == ROW_UNREAD)
        log_error("fold.document-unread",
                  "position=%lld do=\"install the release that the collector has, then "
                  "rebuild\"",
                  (long long)row->position);
    if (self->fact.len) {
        row->body = self->fact.data;
        row->body_len = self->fact.len;
    }
    return store_put(self->store, row);
}

static int put_unit(fold_t *self, const void *body, size_t n, row_t *row) {
    json_t *j = json_loadb(body, n, 0, NULL);
    const char *code = json_text(j, "unit");
    int rc = BC_OK;
    if (!code) {
        row->kind = ROW_OTHER;
        log_error("fold.unit-unread", "position=%lld do=\"report this\"", (long long)row->position);
    } else if (!(row->unit = store_word(self->store, code, strlen(code)))) {
        rc = BC_DISK;
    } else {
        int64_t before = store_unit(self->store, row->unit);
        if (before) rc = store_end(self->store, before, row->position);
    }
    json_decref(j);
    return rc ? rc : store_put(self->store, row);
}

/* An entry whose body the fold keeps as it is. */
static int put_whole(fold_t *self, row_kind_t kind, const void *body, size_t n, row_t *row) {
    row->kind = kind;
    row->body = body;
    row->body_len = n;
    if (kind == ROW_UNIT) return put_unit(self, body, n, row);
    int rc = store_put(self->store, row);
    return rc == BC_OK && kind == ROW_PLAN ? put_plan(self, body, n, row->position) : rc;
}

static row_kind_t kept_kind(const char *kind) {
    if (strcmp(kind, "unit") == 0) return ROW_UNIT;
    if (strcmp(kind, "plan") == 0) return ROW_PLAN;
    if (strcmp(kind, "decision") == 0) return ROW_DECISION;
    if (strcmp(kind, "log") == 0) return ROW_LOG;
    return ROW_OTHER;
}

static int put_entry(fold_t *self, const entry_t *e, const void *body, size_t n, const hash_t *chain) {
    row_t row = {.position = e->position,
                 .until = STORE_EVER,
                 .kind = ROW_OTHER,
                 .received = e->received,
                 .chain = *chain,
                 .since = DAY_NONE,
                 .day = DAY_NONE,
                 .stock = DAY_NONE};
    if (e->unit && !(row.unit = store_word(self->store, e->unit, strlen(e->unit)))) return BC_DISK;
    if (strcmp(e->kind, "document") == 0 && e->id) return put_document(self, e, body, n, &row);
    row_kind_t kind = kept_kind(e->kind);
    if (kind != ROW_OTHER && body) return put_whole(self, kind, body, n, &row);
    int rc = store_put(self->store, &row);
    if (rc == BC_OK && strcmp(e->kind, "redact") == 0) rc = store_redact(self->store, e->of);
    return rc;
}

int fold_entry(fold_t *self, const char *header, size_t n, const void *body, size_t body_len,
               const hash_t *chain, refusal_t *why) {
    entry_t e;
    char *hold = NULL;
    if (entry_read(header, n, &e, &hold, why)) return BC_CORRUPT;
    int rc = check(self, &e, header, n, body, body_len, chain, why);
    if (rc == BC_OK && !self->open) {
        rc = store_begin(self->store);
        self->open = rc == BC_OK;
    }
    if (rc == BC_OK) {
        rc = put_entry(self, &e, body, body_len, chain);
        memcpy(self->cursor.log, e.log, LOG_ID);
        self->cursor.position = e.position;
        self->cursor.chain = *chain;
        self->cursor.received = e.received;
    }
    free(hold);
    return rc == 1 ? BC_OK : rc;
}
