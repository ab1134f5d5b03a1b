/* SPDX-License-Identifier: MPL-2.0 */
/* preload_short.c - every $SHORT_EACH-th write to a file is done in part only, as the system may do. */
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

/* How much of N bytes to write to FD this time. */
static size_t part(int fd, size_t n) {
    static int calls, each;
    struct stat st;
    if (!each) each = getenv("SHORT_EACH") ? atoi(getenv("SHORT_EACH")) : 2;
    if (n < 2 || syscall(SYS_fstat, fd, &st) != 0 || !S_ISREG(st.st_mode)) return n;
    return __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % each ? n : n / 2;
}

PUBLIC ssize_t write(int fd, const void *data, size_t n) {
    return syscall(SYS_write, fd, data, part(fd, n));
}

PUBLIC ssize_t pwrite(int fd, const void *data, size_t n, off_t at) {
    return syscall(SYS_pwrite64, fd, data, part(fd, n), at);
}

PUBLIC ssize_t pwrite64(int fd, const void *data, size_t n, off_t at);
PUBLIC ssize_t pwrite64(int fd, const void *data, size_t n, off_t at) {
    return syscall(SYS_pwrite64, fd, data, part(fd, n), at);
}
