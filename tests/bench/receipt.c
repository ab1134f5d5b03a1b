/* SPDX-License-Identifier: MPL-2.0 */
/* receipt.c - one agent, one document at a time; against write and fdatasync of the same bytes into a file in
 * DIR.
 *
 * usage: receipt CODES DIR */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "tests/bench/part_message.h"

#define ROUNDS 2000
#define WAIT_MS 30000

static int64_t send_one(fleet_t *fleet, int i) {
    message_t m = message_make(fleet->member[0].unit, i + 1, i + 1, 1);
    int64_t began = clock_mono_us();
    message_send(fleet, 0, &m);
    if (answer_take(fleet, WAIT_MS).stored != 1) bench_fail("no receipt");
    int64_t us = clock_mono_us() - began;
    message_free(&m);
    return us;
}

static int64_t write_one(int fd, int i) {
    message_t m = message_make("BD.1", 1, i + 1, 1);
    int64_t began = clock_mono_us();
    if (write(fd, m.body.data, m.body.len) != (ssize_t)m.body.len || fdatasync(fd))
        bench_fail("fdatasync failed");
    int64_t us = clock_mono_us() - began;
    message_free(&m);
    return us;
}

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: receipt CODES DIR");
    zsys_handler_set(NULL);
    int64_t ours[ROUNDS], floor[ROUNDS];
    fleet_t *fleet = fleet_enrol(argv[1], 1);
    fleet_connect(fleet);
    char *path = file_path(argv[2], "fdatasync");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) bench_fail("%s cannot be written", path);
    for (int i = 0; i < ROUNDS; i++) { /* by turns: the disk has other work too */
        ours[i] = send_one(fleet, i);
        floor[i] = write_one(fd, i);
    }
    close(fd);
    unlink(path);
    free(path);
    printf("receipt rounds=%d p50_us=%lld p99_us=%lld floor_p50_us=%lld floor_p99_us=%lld\n", ROUNDS,
           (long long)percentile(ours, ROUNDS, 50), (long long)percentile(ours, ROUNDS, 99),
           (long long)percentile(floor, ROUNDS, 50), (long long)percentile(floor, ROUNDS, 99));
    fleet_free(&fleet);
    return 0;
}
