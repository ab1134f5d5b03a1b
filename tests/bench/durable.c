/* SPDX-License-Identifier: MPL-2.0 */
/* durable.c - as many agents as there are codes send batches made before the clock starts, and wait for
 * receipts.
 *
 * usage: durable CODES DOCUMENTS */
#include <stdio.h>
#include <stdlib.h>

#include "proto/base/clock.h"
#include "tests/bench/part_message.h"

#define BATCH 64 /* documents in a message */
#define FLIGHT 2 /* messages of one agent without an answer */
#define WAIT_MS 30000

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: durable CODES DOCUMENTS");
    zsys_handler_set(NULL);
    fleet_t *fleet = fleet_enrol(argv[1], 1 << 20);
    fleet_connect(fleet);
    int agents = fleet->count, each = atoi(argv[2]) / BATCH / agents, n = each * agents, sent = 0;
    message_t *all =
        mem_alloc((size_t)n * sizeof *all); /* by turns: message k of agent i at k * agents + i */
    int *next = mem_alloc((size_t)agents * sizeof *next);
    for (int k = 0; k < n; k++)
        all[k] = message_make(fleet->member[k % agents].unit, k / agents + 1,
                              (int64_t)(k / agents) * BATCH + 1, BATCH);
    size_t bytes = all[0].body.len / BATCH;
    int64_t began = clock_mono_us();
    for (; sent < n && sent < FLIGHT * agents; sent++)
        message_send(fleet, sent % agents, &all[next[sent % agents]++ * agents + sent % agents]);
    for (int done = 0; done < n; done++) {
        answer_t a = answer_take(fleet, WAIT_MS);
        if (a.member < 0) bench_fail("no receipt within %d s", WAIT_MS / 1000);
        if (a.stored != BATCH) bench_fail("%d of %d stored", a.stored, BATCH);
        if (next[a.member] < each) message_send(fleet, a.member, &all[next[a.member]++ * agents + a.member]);
    }
    int64_t us = clock_mono_us() - began;
    printf("durable documents=%d bytes=%zu agents=%d us=%lld rate=%.0f\n", n * BATCH, bytes, agents,
           (long long)us, n * BATCH * 1e6 / (double)us);
    for (int k = 0; k < n; k++)
        message_free(&all[k]);
    free(all);
    free(next);
    fleet_free(&fleet);
    return 0;
}
