/* SPDX-License-Identifier: MPL-2.0 */
/* deadline.c - the evening before a deadline: every agent is connected, and each hands in 20 documents at
 * random moments of 60 seconds, one a message. Agents obey their credit, and wait when they are told to.
 *
 * usage: deadline CODES PID (of the collector, whose memory is read) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "tests/bench/part_message.h"

#define EACH 20
#define SPAN_MS 60000
#define WAIT_MS 30000

/* What is handed in while a message is under way, or while the agent was told to wait, waits its turn. */
typedef struct {
    int64_t handed_in[EACH]; /* us */
    int due, answered;       /* documents handed in, and answered */
    int busy;                /* a message is not answered yet */
    int64_t until;           /* monotonic ms: told to wait; 0: not */
    message_t message;       /* of the document that is under way */
} agent_t;

typedef struct {
    int64_t at; /* ms from the beginning */
    int agent;
} moment_t;

typedef struct {
    fleet_t *fleet;
    agent_t *agent;
    moment_t *moment;
    int64_t *latency;
    int *waiting; /* agents that were told to wait, in no order */
    int n, next, done, waits, pings, laters;
} evening_t;

static int by_time(const void *a, const void *b) {
    const moment_t *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void plan(evening_t *e) {
    unsigned seed = 160;
    e->moment = mem_alloc((size_t)e->n * sizeof *e->moment);
    for (int i = 0; i < e->n; i++)
        e->moment[i] = (moment_t){rand_r(&seed) % SPAN_MS, i % e->fleet->count};
    qsort(e->moment, (size_t)e->n, sizeof *e->moment, by_time);
}

static void ping(evening_t *e, int i) {
    char *header = mem_printf("{\"clock\":%lld,\"news\":%lld}", (long long)clock_wall_ms(), 999999999LL);
    fleet_send(e->fleet, i, CMD_PING, header, "", 0);
    free(header);
    e->pings++;
}

/* Sends what agent I has to send and may send now. */
static void go_on(evening_t *e, int i) {
    agent_t *a = &e->agent[i];
    if (a->busy || a->until || a->answered == a->due) return;
    a->busy = 1;
    if (e->fleet->member[i].documents == 0) {
        ping(e, i);
        return;
    }
    if (!a->message.header)
        a->message = message_make(e->fleet->member[i].unit, a->answered + 1, a->answered + 1, 1);
    message_send(e->fleet, i, &a->message);
}

static void hand_in(evening_t *e, int i) {
    agent_t *a = &e->agent[i];
    a->handed_in[a->due++] = clock_mono_us();
    go_on(e, i);
}

static void take(evening_t *e, const answer_t *got) {
    agent_t *a = &e->agent[got->member];
    a->busy = 0;
    if (got->stored) {
        e->latency[e->done++] = clock_mono_us() - a->handed_in[a->answered++];
        message_free(&a->message);
    } else if (!got->pong || e->fleet->member[got->member].documents == 0) {
        e->laters += !got->pong;
        a->until = clock_mono_ms() + got->wait_ms;
        e->waiting[e->waits++] = got->member;
    }
    go_on(e, got->member);
}

/* Those that have waited long enough go on; returns the ms until the next may. */
static int wake(evening_t *e, int most) {
    int64_t now = clock_mono_ms();
    for (int k = 0; k < e->waits; k++) {
        int i = e->waiting[k];
        agent_t *a = &e->agent[i];
        if (a->until > now) {
            if (a->until - now < most) most = (int)(a->until - now);
            continue;
        }
        e->waiting[k--] = e->waiting[--e->waits];
        a->until = 0;
        go_on(e, i);
    }
    return most;
}

static int64_t pass(evening_t *e) {
    int64_t began = clock_mono_ms();
    while (e->done < e->n) {
        int64_t now = clock_mono_ms() - began;
        for (; e->next < e->n && e->moment[e->next].at <= now; e->next++)
            hand_in(e, e->moment[e->next].agent);
        int most = e->next < e->n ? (int)(e->moment[e->next].at - now) : WAIT_MS;
        answer_t got = answer_take(e->fleet, wake(e, most));
        if (got.member >= 0) take(e, &got);
        if (got.member < 0 && most == WAIT_MS && !e->waits)
            bench_fail("%d receipts did not come", e->n - e->done);
    }
    return clock_mono_ms() - began;
}

static double resident_kb(const char *pid) {
    char path[64], line[256];
    double kb = 0;
    snprintf(path, sizeof path, "/proc/%s/status", pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmRSS:", 6) == 0) kb = (double)strtoll(line + 6, NULL, 10);
    if (f) fclose(f);
    return kb;
}

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: deadline CODES PID");
    zsys_handler_set(NULL);
    evening_t e = {.fleet = fleet_enrol(argv[1], 1 << 20)};
    int agents = e.fleet->count;
    e.n = agents * EACH;
    e.agent = mem_alloc((size_t)agents * sizeof *e.agent);
    e.waiting = mem_alloc((size_t)agents * sizeof *e.waiting);
    e.latency = mem_alloc((size_t)e.n * sizeof *e.latency);
    plan(&e);
    double before = resident_kb(argv[2]);
    int64_t connected = fleet_connect(e.fleet);
    double idle = resident_kb(argv[2]);
    int64_t took = pass(&e);
    double after = resident_kb(argv[2]);
    int64_t p50 = percentile(e.latency, e.n, 50), p99 = percentile(e.latency, e.n, 99);
    printf("deadline agents=%d documents=%d connect_ms=%lld took_ms=%lld p50_us=%lld p99_us=%lld max_us=%lld"
           " pings=%d laters=%d kb_connected=%.1f kb_after=%.1f\n",
           agents, e.n, (long long)connected, (long long)took, (long long)p50, (long long)p99,
           (long long)e.latency[e.n - 1], e.pings, e.laters, (idle - before) / agents,
           (after - before) / agents);
    free(e.agent);
    free(e.waiting);
    free(e.latency);
    free(e.moment);
    fleet_free(&e.fleet);
    return 0;
}
