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

typedef struct {
    int next, flight; /* messages sent, and not answered */
} agent_t;

typedef struct {
    fleet_t *fleet;
    agent_t *agent;
    message_t *all; /* by turns: message k of agent i at k * agents + i */
    int each;       /* messages of one agent */
} load_t;

/* Sends what the window of agent I lets it send. */
static void go_on(load_t *l, int i) {
    agent_t *a = &l->agent[i];
    const member_t *m = &l->fleet->member[i];
    while (a->next < l->each && a->flight < FLIGHT) {
        const message_t *message = &l->all[a->next * l->fleet->count + i];
        int64_t bytes = (int64_t)message->body.len * (a->flight + 1); /* all are about as long */
        if (BATCH * (a->flight + 1) > m->documents || bytes > m->bytes) break;
        message_send(l->fleet, i, message);
        a->next++;
        a->flight++;
    }
    if (a->flight == 0 && a->next < l->each) bench_fail("an agent was left without credit");
}

static int64_t pass(load_t *l) {
    int agents = l->fleet->count, n = l->each * agents;
    int64_t began = clock_mono_us();
    for (int i = 0; i < agents; i++)
        go_on(l, i);
    for (int done = 0; done < n; done++) {
        answer_t got = answer_take(l->fleet, WAIT_MS);
        if (got.member < 0) bench_fail("no receipt within %d s", WAIT_MS / 1000);
        if (got.stored != BATCH) bench_fail("%d of %d stored", got.stored, BATCH);
        l->agent[got.member].flight--;
        go_on(l, got.member);
    }
    return clock_mono_us() - began;
}

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: durable CODES DOCUMENTS");
    zsys_handler_set(NULL);
    load_t l = {.fleet = fleet_enrol(argv[1], 1 << 20)};
    fleet_connect(l.fleet);
    int agents = l.fleet->count, n = atoi(argv[2]) / BATCH / agents * agents;
    l.each = n / agents;
    l.all = mem_alloc((size_t)n * sizeof *l.all);
    l.agent = mem_alloc((size_t)agents * sizeof *l.agent);
    for (int k = 0; k < n; k++)
        l.all[k] = message_make(l.fleet->member[k % agents].unit, k / agents + 1,
                                (int64_t)(k / agents) * BATCH + 1, BATCH);
    size_t bytes = l.all[0].body.len / BATCH;
    int64_t us = pass(&l);
    printf("durable documents=%d bytes=%zu agents=%d us=%lld rate=%.0f\n", n * BATCH, bytes, agents,
           (long long)us, n * BATCH * 1e6 / (double)us);
    for (int k = 0; k < n; k++)
        message_free(&l.all[k]);
    free(l.all);
    free(l.agent);
    fleet_free(&l.fleet);
    return 0;
}
