/* SPDX-License-Identifier: MPL-2.0 */
/* part_message.c - what the generators send and get back. */
#include "tests/bench/part_message.h"

#include <stdlib.h>
#include <string.h>

message_t message_make(const char *unit, int64_t batch, int64_t first, int count) {
    message_t m = {0};
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

void message_free(message_t *m) {
    free(m->header);
    buf_free(&m->body);
    *m = (message_t){0};
}

void message_send(fleet_t *fleet, int i, const message_t *m) {
    fleet_send(fleet, i, CMD_DOCUMENTS, m->header, m->body.data, m->body.len);
}

static int64_t number_after(const char *p, size_t n, const char *name) {
    const char *at = memmem(p, n, name, strlen(name));
    return at ? strtoll(at + strlen(name), NULL, 10) : 0;
}

/* One line of RECEIPT, whose second field is the verdict. */
static void read_line(answer_t *a, const char *p, size_t n) {
    static const char stored[] = ",\"verdict\":\"stored\"", later[] = ",\"verdict\":\"later\"";
    const char *verdict = memchr(p, ',', n);
    if (verdict && strncmp(verdict, stored, sizeof stored - 1) == 0)
        a->stored++;
    else if (verdict && strncmp(verdict, later, sizeof later - 1) == 0)
        a->wait_ms = number_after(p, n, "\"wait_ms\":");
    else
        bench_fail("not stored: %.*s", (int)n, p);
}

answer_t answer_take(fleet_t *fleet, int wait_ms) {
    zmq_msg_t command, header, body;
    answer_t a = {.member = fleet_take(fleet, wait_ms, &command, &header, &body)};
    if (a.member < 0) return a;
    const char *head = zmq_msg_data(&header), *p = zmq_msg_data(&body), *end = p + zmq_msg_size(&body);
    a.pong = zmq_msg_size(&command) == 4;
    if (!a.pong && (zmq_msg_size(&command) != 7 || p == end))
        bench_fail("unexpected: %.*s", (int)zmq_msg_size(&header), head);
    fleet_window(&fleet->member[a.member], &header);
    if (a.pong) a.wait_ms = number_after(head, zmq_msg_size(&header), "\"wait_ms\":");
    for (const char *lf; p < end && (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1)
        read_line(&a, p, (size_t)(lf - p));
    zmq_msg_close(&command);
    zmq_msg_close(&header);
    zmq_msg_close(&body);
    return a;
}

static int by_value(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int64_t percentile(int64_t *v, int n, int percent) {
    qsort(v, (size_t)n, sizeof *v, by_value);
    return v[(int64_t)(n - 1) * percent / 100];
}
