/* SPDX-License-Identifier: MPL-2.0 */
/* queue_document.c - storing a document exactly once, and what an outbox has sent. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/queue_sqlite.h"

/* ---- documents ---- */

static int line_of(void *arg, const queue_entry_t *stored) {
    entry_t e;
    char *hold = NULL;
    if (entry_read(stored->header, stored->header_len, &e, &hold, NULL)) return BC_CORRUPT;
    receipt_t r = {.position = e.position, .rev = e.rev, .sha256 = e.sha256, .received = e.received};
    int rc = e.id && e.unit && strlen(e.unit) < sizeof r.unit ? BC_OK : BC_CORRUPT;
    if (rc == BC_OK) {
        memcpy(r.log, e.log, LOG_ID);
        r.id = *e.id;
        strcpy(r.unit, e.unit);
        receipt_line(&r, arg);
    }
    free(hold);
    return rc;
}

/* The log named in the line is the one it was stored in, so that the line stays the same after a restore. */
int queue_line_at(queue_t *self, int64_t position, char line[static RECEIPT_LINE]) {
    int rc = queue_at(self, position, line_of, line);
    return rc == BC_NOTFOUND ? BC_CORRUPT : rc;
}

int queue_store(queue_t *self, const incoming_t *in, int rev, int64_t *position) {
    entry_t e = {.kind = "document",
                 .received = in->received,
                 .unit = in->unit,
                 .by = in->by,
                 .key = in->key,
                 .outbox = in->outbox,
                 .number = in->number,
                 .id = &in->id,
                 .rev = rev,
                 .sha256 = in->sha256};
    int rc = queue_append_hashed(self, &e, in->body, in->body_len);
    if (rc == BC_OK)
        rc = db_run(self->db,
                    "INSERT INTO document(id, rev, position, sha256, unit) VALUES(?1, ?2, ?3, ?4, ?5)",
                    "biibs", in->id.b, sizeof in->id.b, (int64_t)rev, e.position, in->sha256.b,
                    (size_t)HASH_LEN, in->unit);
    if (rc == BC_CONFLICT) return BC_CORRUPT; /* it was looked for and not found */
    if (rc == BC_OK) self->documents++;
    *position = e.position;
    return rc;
}

int queue_document_unit(queue_t *self, const uuid_bc_t *id, char unit[static 33]) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT unit FROM document WHERE id=?1 LIMIT 1", "b", id->b, sizeof id->b);
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc ? rc : BC_NOTFOUND;
    snprintf(unit, 33, "%s", (const char *)sqlite3_column_text(s, 0));
    db_done(s);
    return BC_OK;
}

/* What is known of the revisions of an id. */
typedef struct {
    int64_t same;  /* position of the same revision with the same content */
    int taken;     /* the revision is there with other content */
    char unit[33]; /* for whom an other revision speaks, "" if all speak for the same */
} known_t;

static int look(queue_t *self, const incoming_t *in, known_t *k) {
    sqlite3_stmt *s = db_bind(self->db, "SELECT rev, position, sha256, unit FROM document WHERE id=?1", "b",
                              in->id.b, sizeof in->id.b);
    int rc;
    while ((rc = db_step(self->db, s)) == 1) {
        const char *unit = (const char *)sqlite3_column_text(s, 3);
        if (strcmp(unit, in->unit) != 0) strncat(k->unit, unit, k->unit[0] ? 0 : sizeof k->unit - 1);
        if (sqlite3_column_int(s, 0) != in->rev) continue;
        int same = sqlite3_column_bytes(s, 2) == HASH_LEN &&
                   !memcmp(sqlite3_column_blob(s, 2), in->sha256.b, HASH_LEN);
        if (same)
            k->same = sqlite3_column_int64(s, 1);
        else
            k->taken = 1;
    }
    return rc;
}

static int refuse_unit(const incoming_t *in, const known_t *k, outcome_t *out) {
    out->verdict = VERDICT_REFUSED;
    refuse(
        &out->why, "unit-changed", "unit",
        "Báo cáo này đã được gửi cho đơn vị %s, nên bản chỉnh lý không thể chuyển sang đơn vị %s; hãy rút "
        "văn "
        "bản cũ và lập báo cáo mới.",
        "This document was sent for unit %s before, so a revision cannot speak for unit %s; withdraw the old "
        "one and make a new document.",
        k->unit, in->unit);
    return BC_OK;
}

static int refuse_disk_low(outcome_t *out) {
    out->verdict = VERDICT_LATER;
    refuse(&out->why, "disk-low", NULL,
           "Máy chủ sắp hết chỗ lưu trữ; báo cáo được giữ ở máy của đơn vị và sẽ tự gửi lại.",
           "The collector is short of disk space; the document stays at the unit and will be sent again.");
    return BC_OK;
}

static int store_new(queue_t *self, const incoming_t *in, outcome_t *out) {
    receipt_t r = {.id = in->id, .rev = in->rev, .sha256 = in->sha256};
    assert(strlen(in->unit) < sizeof r.unit);
    int rc = queue_store(self, in, in->rev, &r.position);
    if (rc != BC_OK) return rc;
    memcpy(r.log, self->head.log, LOG_ID);
    strcpy(r.unit, in->unit);
    r.received = self->head.received;
    receipt_line(&r, out->line);
    out->verdict = VERDICT_STORED;
    out->fresh = 1;
    return BC_OK;
}

static int answer(queue_t *self, const incoming_t *in, int write, outcome_t *out) {
    known_t k = {0};
    out->fresh = 0;
    int rc = look(self, in, &k);
    if (rc != BC_OK) return rc;
    if (k.same) {
        out->verdict = VERDICT_STORED;
        return queue_line_at(self, k.same, out->line);
    }
    if (k.unit[0]) return refuse_unit(in, &k, out);
    if (k.taken) rc = queue_hold(self, in, write, out);
    if (k.taken && rc != BC_AGAIN) return rc;
    return write ? store_new(self, in, out) : refuse_disk_low(out);
}

int queue_document(queue_t *self, const incoming_t *in, outcome_t *out) {
    return answer(self, in, 1, out);
}

int queue_document_known(queue_t *self, const incoming_t *in, outcome_t *out) {
    return answer(self, in, 0, out);
}

/* ---- outboxes ---- */

/* What an outbox has sent: all up to contiguous, and a sorted list of single numbers beyond. */
typedef struct {
    int64_t contiguous, highest;
    int64_t *beyond;
    size_t count;
} marks_t;

#define BEYOND_MOST \
    4096 /* a list that would grow past this stays as it is: only the display of gaps suffers */

static int marks_read(queue_t *self, const char *outbox, marks_t *m) {
    sqlite3_stmt *s =
        db_bind(self->db, "SELECT contiguous, highest, beyond FROM outbox WHERE id=?1", "s", outbox);
    int rc = db_step(self->db, s);
    if (rc <= 0) return rc;
    m->contiguous = sqlite3_column_int64(s, 0);
    m->highest = sqlite3_column_int64(s, 1);
    size_t bytes = (size_t)sqlite3_column_bytes(s, 2);
    m->count = bytes / sizeof *m->beyond;
    if (bytes) m->beyond = memcpy(mem_alloc(bytes), sqlite3_column_blob(s, 2), bytes);
    db_done(s);
    return BC_OK;
}

static int by_number(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Numbers in order, which is how they come, need no list at all. */
static void marks_add(marks_t *m, const int64_t *numbers, size_t n) {
    int64_t *all = mem_grow(m->beyond, (m->count + n) * sizeof *all);
    m->beyond = all;
    for (size_t i = 0; i < n; i++)
        if (numbers[i] == m->contiguous + 1)
            m->contiguous++;
        else if (numbers[i] > m->contiguous && m->count < BEYOND_MOST)
            all[m->count++] = numbers[i];
    if (m->count == 0) return;
    qsort(all, m->count, sizeof *all, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++)
        if (all[i] == m->contiguous + 1)
            m->contiguous++;
        else if (all[i] > m->contiguous && (kept == 0 || all[kept - 1] != all[i]))
            all[kept++] = all[i];
    m->count = kept;
}

static int marked(const marks_t *m, int64_t number) {
    return number <= m->contiguous ||
           (m->beyond && bsearch(&number, m->beyond, m->count, sizeof number, by_number));
}

int queue_outbox_mark(queue_t *self, const char *outbox, const char *unit, int64_t key,
                      const int64_t *numbers, size_t n, size_t fresh, int64_t highest) {
    marks_t m = {0};
    int rc = marks_read(self, outbox, &m);
    if (rc == BC_OK) {
        for (size_t i = 0; i < fresh; i++)
            if (marked(&m, numbers[i])) highest = QUEUE_SHARED;
        if (n) marks_add(&m, numbers, n);
        if (highest > m.highest) m.highest = highest;
        rc = db_run(self->db,
                    "INSERT OR REPLACE INTO outbox(id, unit, key, contiguous, highest, beyond)"
                    " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                    "ssiiib", outbox, unit, key, m.contiguous, m.highest, m.count ? m.beyond : NULL,
                    m.count * sizeof *m.beyond);
    }
    free(m.beyond);
    return rc;
}

int queue_outbox(queue_t *self, const char *outbox, int64_t *contiguous, int64_t *highest) {
    marks_t m = {0};
    int rc = marks_read(self, outbox, &m);
    *contiguous = m.contiguous;
    *highest = m.highest;
    free(m.beyond);
    return rc;
}
