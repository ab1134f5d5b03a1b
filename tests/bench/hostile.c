/* SPDX-License-Identifier: MPL-2.0 */
/* hostile.c - one enrolled agent that means harm: it sends without end, heeds no window, and keeps FLIGHT
 * messages without an answer until it is ended by a signal. Says "hostile sending" once it has begun, and
 * "hostile out=1 messages=N ms=N" where the collector puts it out. Two of them heed their window: `busy`, who
 * means well, and `patient`, whose documents are all refused.
 *
 * usage: hostile CODES busy|patient|refused|deep|large|pings|hellos */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "tests/bench/part_message.h"

#define FLIGHT 16
#define WAIT_MS 30000
#define BODY 900000
#define BUSY 64 /* documents in a message of one who means well */
#define LARGE 60000
#define LINE 125000000 /* bytes a second: what a line of 1 Gbit/s carries */

typedef struct {
    command_t command;
    message_t message;
} weapon_t;

/* As many documents as a body holds, each made by WRITE, with the header that numbers them. */
static message_t batch_of(void (*write)(buf_t *out)) {
    message_t m = {0};
    buf_t header = {0};
    buf_printf(&header, "{\"batch\":1,\"outbox\":\"" FLEET_OUTBOX "\",\"numbers\":[");
    for (int i = 0; m.body.len < BODY && i < 1000; i++) {
        buf_printf(&header, "%s%d", i ? "," : "", i + 1);
        write(&m.body);
        buf_add(&m.body, "\n", 1);
    }
    buf_puts(&header, "]}");
    m.header = header.data;
    return m;
}

static void write_refused(buf_t *out) {
    report_write(out, "BD.999999"); /* everything is right but the unit */
}

static void write_deep(buf_t *out) {
    for (int i = 0; i < LARGE / 6; i++)
        buf_puts(out, "{\"a\":");
    buf_puts(out, "1");
}

static void write_large(buf_t *out) {
    buf_puts(out, "{\"doc\":\"activity\",\"title\":[");
    for (int i = 0; i < LARGE / 4; i++)
        buf_puts(out, "[1],");
    buf_puts(out, "1]}");
}

static message_t ping(void) {
    return (message_t){.header = mem_printf("{\"clock\":%lld,\"news\":0}", (long long)clock_wall_ms())};
}

static message_t hello(void) {
    return (message_t){.header = mem_printf("{\"v\":1,\"program\":\"bench\",\"outbox\":\"" FLEET_OUTBOX
                                            "\",\"next\":1,\"clock\":%lld}",
                                            (long long)clock_wall_ms())};
}

static weapon_t choose(const char *name) {
    if (strcmp(name, "refused") == 0) return (weapon_t){CMD_DOCUMENTS, batch_of(write_refused)};
    if (strcmp(name, "deep") == 0) return (weapon_t){CMD_DOCUMENTS, batch_of(write_deep)};
    if (strcmp(name, "large") == 0) return (weapon_t){CMD_DOCUMENTS, batch_of(write_large)};
    if (strcmp(name, "pings") == 0) return (weapon_t){CMD_PING, ping()};
    if (strcmp(name, "hellos") == 0) return (weapon_t){CMD_HELLO, hello()};
    bench_fail("no such weapon: %s", name);
}

/* Any answer will do: 0, or -1 where none comes. */
static int take_answer(fleet_t *fleet) {
    zmq_msg_t command, header, body;
    if (fleet_take(fleet, WAIT_MS, &command, &header, &body) < 0) return -1;
    zmq_msg_close(&command);
    zmq_msg_close(&header);
    zmq_msg_close(&body);
    return 0;
}

/* A neighbour who means well and has much to send: new documents, as many as its window lets it. */
static _Noreturn void send_well(fleet_t *fleet) {
    for (int64_t batch = 1, next = 1;; batch++) {
        const member_t *m = &fleet->member[0];
        int n = m->documents < BUSY ? (int)m->documents : BUSY;
        message_t message = message_make(m->unit, batch, next, n);
        message_send(fleet, 0, &message);
        if (answer_take(fleet, WAIT_MS).stored != n) bench_fail("not all was stored");
        message_free(&message);
        next += n;
    }
}

/* As many documents as the smallest window holds, one message at a time. */
static void send_patiently(fleet_t *fleet) {
    message_t m = {0};
    buf_t header = {0};
    buf_printf(&header, "{\"batch\":1,\"outbox\":\"" FLEET_OUTBOX "\",\"numbers\":[");
    for (int i = 0; i < BUSY; i++) {
        buf_printf(&header, "%s%d", i ? "," : "", i + 1);
        write_refused(&m.body);
        buf_add(&m.body, "\n", 1);
    }
    buf_puts(&header, "]}");
    while (!fleet_try(fleet, 0, CMD_DOCUMENTS, header.data, m.body.data, m.body.len) && !take_answer(fleet))
        ;
}

static void send_without_end(fleet_t *fleet, const char *name) {
    weapon_t w = choose(name);
    int64_t began = clock_mono_us(), bytes = 0, n = 0;
    for (;; n++) {
        bytes += (int64_t)(strlen(w.message.header) + w.message.body.len);
        for (int64_t early; (early = began + bytes * 1000000 / LINE - clock_mono_us()) > 0;)
            usleep((useconds_t)early); /* the pause between messages */
        if (fleet_try(fleet, 0, w.command, w.message.header, w.message.body.data, w.message.body.len)) break;
        if (n >= FLIGHT && take_answer(fleet)) break;
    }
    printf("hostile out=1 messages=%lld ms=%lld\n", (long long)n,
           (long long)(clock_mono_us() - began) / 1000);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: hostile CODES WEAPON");
    zsys_handler_set(NULL);
    fleet_t *fleet = fleet_enrol(argv[1], 1);
    fleet_connect(fleet);
    puts("hostile sending");
    fflush(stdout);
    if (strcmp(argv[2], "busy") == 0)
        send_well(fleet);
    else if (strcmp(argv[2], "patient") == 0)
        send_patiently(fleet);
    else
        send_without_end(fleet, argv[2]);
    pause();
}
