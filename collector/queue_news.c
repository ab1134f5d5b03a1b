/* SPDX-License-Identifier: MPL-2.0 */
/* queue_news.c - which entries are news for which unit.
 *
 * A row lists what one transaction brought for one unit: `last` its last position, `before` those in front of
 * it as text. A row for each document would be a third of the work of storing it. */
#include <stdlib.h>
#include <string.h>

#include "collector/queue_sqlite.h"
#include "proto/base/decimal.h"

/* ---- writing ---- */

void queue_news_add(queue_t *self, const char *unit, int64_t position) {
    news_pending_t *p = &self->news;
    if (p->count == p->count_room) {
        p->count_room = p->count_room ? p->count_room * 2 : 256;
        p->position = mem_grow(p->position, p->count_room * sizeof *p->position);
    }
    if (p->runs == 0 || strcmp(p->run[p->runs - 1].unit, unit) != 0) {
        if (p->runs == p->runs_room) {
            p->runs_room = p->runs_room ? p->runs_room * 2 : 64;
            p->run = mem_grow(p->run, p->runs_room * sizeof *p->run);
        }
        news_run_t *fresh = &p->run[p->runs++];
        *fresh = (news_run_t){.first = p->count};
        strncpy(fresh->unit, unit, sizeof fresh->unit - 1);
    }
    p->position[p->count++] = position;
    p->run[p->runs - 1].count++;
}

static int by_unit(const void *a, const void *b) {
    const news_run_t *x = a, *y = b;
    int order = strcmp(x->unit, y->unit);
    return order ? order : (x->first > y->first) - (x->first < y->first);
}

/* All runs of one unit, which stand together from FIRST up to END, as one row. */
static int write_row(queue_t *self, size_t first, size_t end) {
    const news_pending_t *p = &self->news;
    int64_t last = 0;
    buf_clear(&self->text);
    for (size_t r = first; r < end; r++)
        for (size_t i = 0; i < p->run[r].count; i++) {
            if (p->position[p->run[r].first + i] == last) continue; /* a notice may name a unit twice */
            if (last) {
                char *to = buf_room(&self->text, DECIMAL_MAX + 1);
                *decimal_write(last, to) = ' ';
                self->text.len += strcspn(to, " ") + 1;
            }
            last = p->position[p->run[r].first + i];
        }
    size_t n = self->text.len;
    if (n) self->text.data[n] = '\0';
    return db_run(self->db, "INSERT INTO news(unit, last, before) VALUES(?1, ?2, ?3)", "sis",
                  p->run[first].unit, last, n ? self->text.data : NULL);
}

int queue_news_flush(queue_t *self) {
    news_pending_t *p = &self->news;
    int rc = BC_OK;
    if (p->runs) qsort(p->run, p->runs, sizeof *p->run, by_unit);
    for (size_t first = 0, end; rc == BC_OK && first < p->runs; first = end) {
        for (end = first + 1; end < p->runs && strcmp(p->run[end].unit, p->run[first].unit) == 0;)
            end++;
        rc = write_row(self, first, end);
    }
    queue_news_clear(self);
    return rc;
}

void queue_news_clear(queue_t *self) {
    self->news.runs = self->news.count = 0;
}

void queue_news_free(queue_t *self) {
    free(self->news.run);
    free(self->news.position);
    self->news = (news_pending_t){0};
}

/* ---- reading ---- */

#define LOOK 64 /* positions looked at in one call: a unit's own documents are passed over, and others wait */

/* Positions for one unit, in order. */
typedef struct {
    int64_t at[LOOK];
    int count;
} found_t;

static void take(found_t *f, int64_t position, int64_t after) {
    if (position > after && f->count < LOOK) f->at[f->count++] = position;
}

static int find(queue_t *self, const char *unit, int64_t after, found_t *f) {
    sqlite3_stmt *s = db_bind(
        self->db, "SELECT before, last FROM news WHERE unit=?1 AND last>?2 ORDER BY last", "si", unit, after);
    int rc;
    f->count = 0;
    while ((rc = db_step(self->db, s)) == 1) {
        const char *before = (const char *)sqlite3_column_text(s, 0);
        int64_t position;
        while (before && decimal_read(&before, &position)) {
            take(f, position, after);
            before += *before == ' ';
        }
        take(f, sqlite3_column_int64(s, 1), after);
        if (f->count < LOOK) continue;
        db_done(s);
        return BC_OK;
    }
    return rc;
}

/* Those for the unit and those for everybody, in order: their number, or a stop. */
static int find_all(queue_t *self, const char *unit, int64_t after, int64_t out[static LOOK]) {
    found_t own, all;
    int rc = find(self, unit, after, &own);
    if (rc == BC_OK) rc = find(self, "", after, &all);
    if (rc != BC_OK) return rc;
    int n = 0, i = 0, k = 0;
    while (n < LOOK && (i < own.count || k < all.count)) {
        int mine = k == all.count || (i < own.count && own.at[i] < all.at[k]);
        out[n++] = mine ? own.at[i++] : all.at[k++];
    }
    return n;
}

typedef struct {
    const char *not_outbox;
    queue_each_fn *each;
    void *arg;
    int given;
} telling_t;

static int one_news(void *arg, const queue_entry_t *entry) {
    telling_t *t = arg;
    if (!entry->body) return BC_OK; /* redacted: nothing to hand over */
    entry_t e;
    char *hold = NULL;
    if (entry_read(entry->header, entry->header_len, &e, &hold, NULL)) return BC_CORRUPT;
    int own = e.outbox && strcmp(e.outbox, t->not_outbox) == 0;
    free(hold);
    if (own) return BC_OK;
    if (t->each(t->arg, entry)) return BC_AGAIN;
    t->given++;
    return BC_OK;
}

int queue_news(queue_t *self, const char *unit, const char *not_outbox, int64_t after, int most,
               queue_each_fn *each, void *arg, int64_t *upto) {
    head_t head;
    int64_t at[LOOK] = {0};
    *upto = after;
    int rc = queue_head(self, &head);
    int n = rc == BC_OK ? find_all(self, unit, after, at) : rc;
    if (n < 0) return n;
    telling_t t = {.not_outbox = not_outbox, .each = each, .arg = arg};
    for (int i = 0; i < n; i++) {
        if (t.given == most) return BC_OK;
        rc = queue_at(self, at[i], one_news, &t);
        if (rc == BC_AGAIN) return BC_OK;
        if (rc != BC_OK) return rc == BC_NOTFOUND ? BC_CORRUPT : rc;
        *upto = at[i];
    }
    if (n < LOOK && head.position > *upto) *upto = head.position;
    return BC_OK;
}
