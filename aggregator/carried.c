/* SPDX-License-Identifier: MPL-2.0 */
/* carried.c - a heap of sources, one for each unit that lacks a stock and one for all aggregates; the one
 * with the newest row is served first. */
#include "aggregator/carried.h"

#include <stdlib.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* The next row of a unit; UNIT 0: of all aggregates. */
typedef struct {
    uint32_t unit;
    day_t day;
    int64_t position;
} source_row_t;

typedef struct {
    store_t *store;
    int64_t as_of;
    source_row_t *heap; /* the newest first */
    size_t count, room;
    uint32_t *lacking; /* units that lacked something at first */
    size_t lacking_count, met;
    carried_lacks_fn *lacks;
    void *arg;
} heap_t;

static int newer(const source_row_t *a, const source_row_t *b) {
    return a->day != b->day ? a->day > b->day : a->position > b->position;
}

static void swap(source_row_t *a, source_row_t *b) {
    source_row_t hold = *a;
    *a = *b;
    *b = hold;
}

static void push(heap_t *h, source_row_t row) {
    if (h->count == h->room) {
        h->room = h->room ? h->room * 2 : 64;
        h->heap = mem_grow(h->heap, h->room * sizeof *h->heap);
    }
    size_t i = h->count++;
    h->heap[i] = row;
    for (; i && newer(&h->heap[i], &h->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&h->heap[i], &h->heap[(i - 1) / 2]);
}

static source_row_t pop(heap_t *h) {
    source_row_t top = h->heap[0];
    h->heap[0] = h->heap[--h->count];
    for (size_t i = 0, child; (child = 2 * i + 1) < h->count; i = child) {
        if (child + 1 < h->count && newer(&h->heap[child + 1], &h->heap[child])) child++;
        if (!newer(&h->heap[child], &h->heap[i])) break;
        swap(&h->heap[i], &h->heap[child]);
    }
    return top;
}

/* The newest row of ROW's source before ROW itself, where there is one. */
static int push_before(heap_t *h, source_row_t row) {
    int rc = store_stock_before(h->store, row.unit, h->as_of, &row.day, &row.position);
    if (rc == 1) push(h, row);
    return rc < 0 ? rc : BC_OK;
}

static int fill(heap_t *h, uint32_t words, day_t before) {
    int rc = BC_OK;
    for (uint32_t unit = 1; unit <= words && rc == BC_OK; unit++) {
        if (!store_stock_first(h->store, unit) || !h->lacks(h->arg, unit)) continue;
        h->lacking[h->lacking_count++] = unit;
        rc = push_before(h, (source_row_t){.unit = unit, .day = before});
    }
    return rc ? rc : push_before(h, (source_row_t){.unit = 0, .day = before});
}

/* Whether anybody lacks something still. Who has all never lacks again. */
static int goes_on(heap_t *h) {
    while (h->met < h->lacking_count && !h->lacks(h->arg, h->lacking[h->met]))
        h->met++;
    return h->count && h->met < h->lacking_count;
}

int carried_each(store_t *store, uint32_t words, day_t before, int64_t as_of, carried_lacks_fn *lacks,
                 store_each_fn *each, void *arg) {
    heap_t h = {.store = store, .as_of = as_of, .lacks = lacks, .arg = arg};
    h.lacking = mem_alloc((words + 1) * sizeof *h.lacking);
    int rc = fill(&h, words, before);
    while (rc == BC_OK && goes_on(&h)) {
        source_row_t row = pop(&h);
        if (row.unit && !lacks(arg, row.unit)) continue;
        rc = store_row(store, row.position, each, arg);
        if (rc == BC_OK && (!row.unit || lacks(arg, row.unit))) rc = push_before(&h, row);
    }
    free(h.heap);
    free(h.lacking);
    return rc;
}
