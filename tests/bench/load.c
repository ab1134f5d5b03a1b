/* SPDX-License-Identifier: MPL-2.0 */
/* load.c - agents that send documents to a running collector, and what it took.
 *
 * usage: load durable CODES DOCUMENTS | load deadline CODES PID | load receipt CODES DIR
 *
 * durable:  as many agents as there are codes send batches made before the clock starts, as the credit lets them.
 * deadline: each agent hands in 20 documents at random moments of 60 seconds, one a message.
 * receipt:  one agent, one document at a time; against write and fdatasync of the same bytes into a file in DIR. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "proto/base/clock.h"
#include "proto/base/decimal.h"
#include "proto/base/file.h"
#include "tests/bench/part_fleet.h"
#include "tests/bench/part_report.h"

#define BATCH 64      /* documents in a message of `durable` */
#define FLIGHT 2      /* messages of one agent without an answer */
#define EACH 20       /* documents of one agent in `deadline` */
#define SPAN_MS 60000 /* of `deadline` */
#define ROUNDS 2000   /* of `receipt` */
#define WAIT_MS 30000

static int by_value(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int64_t percentile(int64_t *v, int n, int percent) {
    qsort(v, (size_t)n, sizeof *v, by_value);
    return v[(int64_t)(n - 1) * percent / 100];
}

/* ---- messages made before the clock starts ---- */

typedef struct {
    char *header;
    buf_t body;
    int count;
} message_t;

static message_t make_message(const char *unit, int64_t batch, int64_t first, int count) {
    message_t m = {.count = count};
    buf_t header = {0};
    buf_printf(&header, "{\"batch\":%lld,\"outbox\":\"" FLEET_OUTBOX "\",\"numbers\":[", (long long)batch);
    for (int i = 0; i < count; i++) {
        buf_printf(&header, "%s%lld", i ? "," : "", (long long)(first + i));
        report_write(&m.body, unit);
        buf_add(&m.body, "\n", 1);
    }
    buf_puts(&header, "]}");
    m.header = header.data;
    return m;
}

static void free_message(message_t *m) {
    free(m->header);
    buf_free(&m->body);
}

/* Waits for a RECEIPT, requires that all in it is stored, and reads the new window. Returns whose it is. */
static int take_receipt(fleet_t *fleet, int wait_ms, int wanted) {
    zmq_msg_t command, header, body;
    int i = fleet_take(fleet, wait_ms, &command, &header, &body);
    if (i < 0) return i;
    const char *p = zmq_msg_data(&body), *end = p + zmq_msg_size(&body);
    int stored = 0;
    for (const char *lf; p < end && (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1) {
        const char *verdict = memchr(p, ',', (size_t)(lf - p));
        if (!verdict || strncmp(verdict, ",\"verdict\":\"stored\"", 19) != 0)
            bench_fail("not stored: %.*s", (int)(lf - p), p);
        stored++;
    }
    if (stored != wanted)
        bench_fail("%d stored of %d: %.*s", stored, wanted, (int)zmq_msg_size(&header), (char *)zmq_msg_data(&header));
    fleet_window(&fleet->member[i], &header);
    zmq_msg_close(&command);
    zmq_msg_close(&header);
    zmq_msg_close(&body);
    return i;
}

/* ---- durable ---- */

static void send_next(fleet_t *fleet, message_t *all, int per_agent, int i, int *sent) {
    message_t *m = &all[i * per_agent + sent[i]++];
    fleet_send(fleet, i, CMD_DOCUMENTS, m->header, m->body.data, m->body.len);
}

static void durable(const char *codes, int documents) {
    fleet_t *fleet = fleet_enrol(codes, 64);
    fleet_connect(fleet);
    int per_agent = documents / BATCH / fleet->count, n = per_agent * fleet->count, bytes = 0;
    message_t *all = mem_alloc((size_t)n * sizeof *all);
    int *sent = mem_alloc((size_t)fleet->count * sizeof *sent);
    for (int k = 0; k < per_agent; k++)
        for (int i = 0; i < fleet->count; i++)
            all[i * per_agent + k] = make_message(fleet->member[i].unit, k + 1, (int64_t)k * BATCH + 1, BATCH);
    bytes = (int)(all[0].body.len / BATCH);
    int64_t began = clock_mono_us();
    for (int k = 0; k < FLIGHT; k++)
        for (int i = 0; i < fleet->count; i++)
            send_next(fleet, all, per_agent, i, sent);
    for (int done = 0; done < n; done++) {
        int i = take_receipt(fleet, WAIT_MS, BATCH);
        if (i < 0) bench_fail("no receipt within %d s", WAIT_MS / 1000);
        if (sent[i] < per_agent) send_next(fleet, all, per_agent, i, sent);
    }
    int64_t us = clock_mono_us() - began;
    printf("durable documents=%d bytes=%d agents=%d us=%lld rate=%.0f\n", n * BATCH, bytes, fleet->count, (long long)us,
           n * BATCH * 1e6 / (double)us);
    for (int k = 0; k < n; k++)
        free_message(&all[k]);
    free(all);
    free(sent);
    fleet_free(&fleet);
}

/* ---- deadline ---- */

static int64_t resident(const char *pid) {
    char path[64], line[256];
    int64_t kb = 0;
    snprintf(path, sizeof path, "/proc/%s/status", pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmRSS:", 6) == 0) kb = strtoll(line + 6, NULL, 10);
    if (f) fclose(f);
    return kb;
}

typedef struct {
    int64_t due; /* monotonic ms */
    int agent;
} moment_t;

static int by_due(const void *a, const void *b) {
    const moment_t *x = a, *y = b;
    return (x->due > y->due) - (x->due < y->due);
}

static moment_t *plan_moments(int agents) {
    unsigned seed = 160;
    moment_t *all = mem_alloc((size_t)agents * EACH * sizeof *all);
    for (int i = 0; i < agents * EACH; i++)
        all[i] = (moment_t){rand_r(&seed) % SPAN_MS, i % agents};
    qsort(all, (size_t)agents * EACH, sizeof *all, by_due);
    return all;
}

/* What an agent has under way: its documents are answered in the order they were sent. */
typedef struct {
    int64_t handed_in[EACH]; /* us */
    int sent, answered;
} agent_t;

static void hand_in(fleet_t *fleet, agent_t *agents, int i) {
    agent_t *a = &agents[i];
    message_t m = make_message(fleet->member[i].unit, a->sent + 1, a->sent + 1, 1);
    a->handed_in[a->sent++] = clock_mono_us();
    fleet_send(fleet, i, CMD_DOCUMENTS, m.header, m.body.data, m.body.len);
    free_message(&m);
}

static void deadline(const char *codes, const char *pid) {
    fleet_t *fleet = fleet_enrol(codes, 1 << 20);
    int n = fleet->count * EACH, next = 0, done = 0;
    int64_t before = resident(pid), connected = fleet_connect(fleet), idle = resident(pid);
    moment_t *moment = plan_moments(fleet->count);
    agent_t *agents = mem_alloc((size_t)fleet->count * sizeof *agents);
    int64_t *latency = mem_alloc((size_t)n * sizeof *latency), began = clock_mono_ms();
    while (done < n) {
        int64_t now = clock_mono_ms() - began;
        for (; next < n && moment[next].due <= now; next++)
            hand_in(fleet, agents, moment[next].agent);
        int wait = next < n ? (int)(moment[next].due - now) : WAIT_MS;
        int i = take_receipt(fleet, wait, 1);
        if (i >= 0) latency[done++] = clock_mono_us() - agents[i].handed_in[agents[i].answered++];
        if (i < 0 && next == n) bench_fail("%d of %d receipts did not come", n - done, n);
    }
    int64_t took = clock_mono_ms() - began, after = resident(pid), p50 = percentile(latency, n, 50);
    printf("deadline agents=%d documents=%d connect_ms=%lld took_ms=%lld p50_us=%lld p99_us=%lld max_us=%lld"
           " kb_connected=%.1f kb_after=%.1f\n",
           fleet->count, n, (long long)connected, (long long)took, (long long)p50,
           (long long)percentile(latency, n, 99), (long long)latency[n - 1],
           (double)(idle - before) / fleet->count, (double)(after - before) / fleet->count);
    free(moment);
    free(agents);
    free(latency);
    fleet_free(&fleet);
}

/* ---- receipt ---- */

static void floor_of_receipt(const char *dir, int64_t *us) {
    char *path = file_path(dir, "fdatasync");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) bench_fail("%s cannot be written", path);
    for (int i = 0; i < ROUNDS; i++) {
        message_t m = make_message("BD.1", 1, i, 1);
        int64_t began = clock_mono_us();
        if (write(fd, m.body.data, m.body.len) != (ssize_t)m.body.len || fdatasync(fd)) bench_fail("fdatasync failed");
        us[i] = clock_mono_us() - began;
        free_message(&m);
    }
    close(fd);
    unlink(path);
    free(path);
}

static void receipt(const char *codes, const char *dir) {
    int64_t ours[ROUNDS], theirs[ROUNDS];
    fleet_t *fleet = fleet_enrol(codes, 1);
    fleet_connect(fleet);
    for (int i = 0; i < ROUNDS; i++) {
        message_t m = make_message(fleet->member[0].unit, i + 1, i + 1, 1);
        int64_t began = clock_mono_us();
        fleet_send(fleet, 0, CMD_DOCUMENTS, m.header, m.body.data, m.body.len);
        if (take_receipt(fleet, WAIT_MS, 1) < 0) bench_fail("no receipt");
        ours[i] = clock_mono_us() - began;
        free_message(&m);
    }
    floor_of_receipt(dir, theirs);
    printf("receipt rounds=%d p50_us=%lld p99_us=%lld floor_p50_us=%lld floor_p99_us=%lld\n", ROUNDS,
           (long long)percentile(ours, ROUNDS, 50), (long long)percentile(ours, ROUNDS, 99),
           (long long)percentile(theirs, ROUNDS, 50), (long long)percentile(theirs, ROUNDS, 99));
    fleet_free(&fleet);
}

int main(int argc, char **argv) {
    zsys_handler_set(NULL);
    if (argc == 4 && strcmp(argv[1], "durable") == 0)
        durable(argv[2], atoi(argv[3]));
    else if (argc == 4 && strcmp(argv[1], "deadline") == 0)
        deadline(argv[2], argv[3]);
    else if (argc == 4 && strcmp(argv[1], "receipt") == 0)
        receipt(argv[2], argv[3]);
    else
        bench_fail("usage: load durable CODES DOCUMENTS | load deadline CODES PID | load receipt CODES DIR");
    return 0;
}
