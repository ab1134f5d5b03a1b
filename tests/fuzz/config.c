/* SPDX-License-Identifier: MPL-2.0 */
/* A configuration file. */
#include <sys/mman.h>
#include <unistd.h>

#include "proto/base/conf.h"
#include "tests/fuzz/part_fuzz.h"

static const conf_key_t keys[] = {
    {"listen/documents", CONF_TEXT, "tcp://*:5670", 0, 0, "x", "x"},
    {"listen/enrol", CONF_TEXT, "", 0, 0, "x", "x"},
    {"credit/cap", CONF_SIZE, "64M", 1 << 20, 4LL << 30, "x", "x"},
    {"code/days", CONF_INT, "30", 1, 366, "x", "x"},
    {"courier/patience", CONF_TIME, "30s", 100, 3600000, "x", "x"},
    {"store/on", CONF_BOOL, "no", 0, 1, "x", "x"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[40];
    refusal_t why = {0};
    int fd = memfd_create("conf", MFD_CLOEXEC);
    HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    conf_t *conf = conf_load(path, keys, &why);
    if (!conf) {
        fuzz_refused(&why);
    } else {
        HOLDS(conf_int(conf, "code/days") >= 1 && conf_int(conf, "code/days") <= 366);
        HOLDS(conf_int(conf, "credit/cap") >= 1 << 20 && conf_int(conf, "courier/patience") >= 100);
        HOLDS(conf_text(conf, "listen/documents") != NULL);
    }
    conf_free(&conf);
    close(fd);
    return 0;
}
