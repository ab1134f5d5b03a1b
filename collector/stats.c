/* SPDX-License-Identifier: MPL-2.0 */
/* stats.c - percentiles of the last commits, and the rate of the last minute. */
#include "collector/stats.h"

#include <stdlib.h>

void stats_commit(stats_t *self, int64_t us, int64_t documents, int64_t position) {
    int64_t n = stats_get(&self->commits);
    atomic_store_explicit(&self->commit_us[n % STATS_COMMITS], (int)us, memory_order_relaxed);
    atomic_store_explicit(&self->last_batch, documents, memory_order_relaxed);
    atomic_store_explicit(&self->position, position, memory_order_relaxed);
    stats_add(&self->commits, 1);
}

static int by_value(const void *a, const void *b) {
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int64_t stats_commit_us(stats_t *self, int percent) {
    int us[STATS_COMMITS];
    int64_t commits = stats_get(&self->commits);
    int n = commits < STATS_COMMITS ? (int)commits : STATS_COMMITS;
    if (n == 0) return 0;
    for (int i = 0; i < n; i++)
        us[i] = atomic_load_explicit(&self->commit_us[i], memory_order_relaxed);
    qsort(us, (size_t)n, sizeof *us, by_value);
    return us[(n - 1) * percent / 100];
}

/* Makes NOW the newest second and clears those that passed without a document. */
static void advance(stats_t *self, int64_t now) {
    for (int64_t s = self->second_now + 1, i = 0; s <= now && i < STATS_SECONDS; s++, i++)
        atomic_store_explicit(&self->second[(now - i) % STATS_SECONDS], 0, memory_order_relaxed);
    if (now > self->second_now) self->second_now = now;
}

void stats_stored(stats_t *self, int64_t n, int64_t mono_ms) {
    int64_t now = mono_ms / 1000;
    advance(self, now);
    atomic_fetch_add_explicit(&self->second[now % STATS_SECONDS], (int)n, memory_order_relaxed);
}

double stats_rate(stats_t *self, int64_t mono_ms) {
    double sum = 0;
    advance(self, mono_ms / 1000);
    for (int i = 0; i < STATS_SECONDS; i++)
        sum += atomic_load_explicit(&self->second[i], memory_order_relaxed);
    return sum / STATS_SECONDS;
}
