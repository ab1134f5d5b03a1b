/* SPDX-License-Identifier: MPL-2.0 */
/* stats.h - what intake and keeper count while they run; read by `status` and by the feed.
 *
 * Each field has one writing thread; any thread may read. They start at zero with the program. */
#ifndef BC_STATS_H
#define BC_STATS_H

#include <stdatomic.h>
#include <stdint.h>

#define STATS_COMMITS 1000 /* commits over which the percentiles go */
#define STATS_SECONDS 60   /* over which the rate goes */

typedef struct {
    /* the keeper's */
    atomic_llong position;   /* head of the log that is on disk */
    atomic_llong commits;    /* transactions on disk */
    atomic_llong last_batch; /* documents in the last one */
    atomic_int commit_us[STATS_COMMITS];
    /* intake's */
    atomic_llong received;                                 /* documents taken from the wire */
    atomic_llong stored, duplicates, refused, held, later; /* verdicts given */
    atomic_int second[STATS_SECONDS]; /* documents stored in each second, by its number modulo 60 */
    int64_t second_now;               /* number of the newest second (intake only) */
} stats_t;

/* Adds to a counter of one's own thread. */
static inline void stats_add(atomic_llong *counter, int64_t n) {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}
static inline int64_t stats_get(atomic_llong *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Keeper: a transaction of DOCUMENTS documents reached the disk in US microseconds; the log ends at POSITION.
 */
void stats_commit(stats_t *self, int64_t us, int64_t documents, int64_t position);
/* Microseconds within which PERCENT of the last commits reached the disk; 0 before the first. */
int64_t stats_commit_us(stats_t *self, int percent);
/* Intake: N documents were stored at MONO_MS. */
void stats_stored(stats_t *self, int64_t n, int64_t mono_ms);
/* Documents a second over the last minute. */
double stats_rate(stats_t *self, int64_t mono_ms);

#endif
