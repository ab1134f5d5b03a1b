/* SPDX-License-Identifier: MPL-2.0 */
/* store_days.c - the documents of days that were asked for lately are kept in memory. Staff ask for the same
 * month again and again, as a board, a table, a paper, while others still report for it: what is written to
 * the store is written here as well, so that what is kept is always what a reading would give. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/store_sqlite.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define SPANS 16          /* kept at most, */
#define ROWS_MOST 40000   /* rows of one; a year of a province is read anew each time */
#define BYTES (32u << 20) /* and bytes of all */

/* Every row with a day in FROM..TO, whether it holds still or not, by position. */
struct span {
    day_t from, to;
    row_t *row; /* bodies owned; periods are those of PERIOD */
    size_t count, room, bytes;
    char **period; /* few */
    size_t periods;
    int64_t used; /* when: by the count of questions */
};

static void forget(store_t *self, size_t i) {
    span_t *s = &self->span[i];
    for (size_t k = 0; k < s->count; k++)
        free((void *)s->row[k].body);
    for (size_t k = 0; k < s->periods; k++)
        free(s->period[k]);
    free(s->row);
    free(s->period);
    self->span[i] = self->span[--self->spans];
}

void days_free(store_t *self) {
    while (self->spans)
        forget(self, 0);
    free(self->span);
}

static const char *period_of(span_t *s, const char *period) {
    if (!period) return NULL;
    for (size_t i = s->periods; i-- > 0;)
        if (strcmp(s->period[i], period) == 0) return s->period[i];
    s->period = mem_grow(s->period, (s->periods + 1) * sizeof *s->period);
    return s->period[s->periods++] = mem_str(period);
}

/* Appends a copy of ROW, which comes behind those that are there. */
static void keep(span_t *s, const row_t *row) {
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 256;
        s->row = mem_grow(s->row, s->room * sizeof *s->row);
    }
    row_t *kept = &s->row[s->count++];
    *kept = *row;
    kept->body = row->body ? mem_strn(row->body, row->body_len) : NULL;
    kept->period = period_of(s, row->period);
    s->bytes += sizeof *kept + row->body_len + 32; /* what malloc takes for itself */
}

/* ---- what is written ---- */

void days_put(store_t *self, const row_t *row) {
    for (size_t i = self->spans; i-- > 0;) {
        span_t *s = &self->span[i];
        if (row->day < s->from || row->day > s->to) continue;
        keep(s, row);
        if (s->count > ROWS_MOST) forget(self, i);
    }
}

/* The kept row at POSITION, NULL where there is none. */
static row_t *find(span_t *s, int64_t position) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->row[mid].position < position)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->count && s->row[low].position == position ? &s->row[low] : NULL;
}

void days_end(store_t *self, int64_t position, int64_t until) {
    for (size_t i = 0; i < self->spans; i++) {
        row_t *row = find(&self->span[i], position);
        if (row) row->until = until;
    }
}

void days_redact(store_t *self, int64_t position) {
    for (size_t i = 0; i < self->spans; i++) {
        span_t *s = &self->span[i];
        row_t *row = find(s, position);
        if (!row) continue;
        if (row->body) explicit_bzero((void *)row->body, row->body_len);
        free((void *)row->body);
        s->count--;
        memmove(row, row + 1, (size_t)(s->row + s->count - row) * sizeof *row);
    }
}

/* ---- what is read ---- */

span_t *days_find(store_t *self, day_t from, day_t to) {
    for (size_t i = 0; i < self->spans; i++)
        if (self->span[i].from == from && self->span[i].to == to) {
            self->span[i].used = ++self->asked;
            return &self->span[i];
        }
    return NULL;
}

/* Room for one more: those go that were not asked for the longest. */
static void make_room(store_t *self, size_t rows) {
    for (;;) {
        size_t bytes = rows * sizeof(row_t), oldest = 0;
        for (size_t i = 0; i < self->spans; i++) {
            bytes += self->span[i].bytes;
            if (self->span[i].used < self->span[oldest].used) oldest = i;
        }
        if (!self->spans || (self->spans < SPANS && bytes < BYTES)) return;
        forget(self, oldest);
    }
}

span_t *days_begin(store_t *self, day_t from, day_t to, size_t rows) {
    if (rows > ROWS_MOST) return NULL;
    make_room(self, rows);
    if (!self->span) self->span = mem_alloc(SPANS * sizeof *self->span);
    self->span[self->spans] = (span_t){.from = from, .to = to, .used = ++self->asked};
    return &self->span[self->spans++];
}

int days_add(void *span, const row_t *row) {
    keep(span, row);
    return BC_OK;
}

void days_drop(store_t *self, span_t *span) {
    forget(self, (size_t)(span - self->span));
}

int days_each(const span_t *span, int64_t as_of, store_each_fn *each, void *arg) {
    for (size_t i = 0; i < span->count; i++) {
        const row_t *row = &span->row[i];
        if (row->position > as_of || row->until <= as_of) continue;
        int rc = each(arg, row);
        if (rc) return rc;
    }
    return BC_OK;
}
