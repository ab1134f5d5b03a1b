/* SPDX-License-Identifier: MPL-2.0 */
/* preload_alloc.c - the $ALLOC_FAIL-th allocation of the process fails, once. How many there were is written
 * to the file $ALLOC_COUNT when it ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);

static _Atomic long calls, fail = -1;

static int fails(void) {
    if (fail < 0) {
        const char *nth = getenv("ALLOC_FAIL");
        fail = nth ? strtol(nth, NULL, 10) : 0;
    }
    if (++calls != fail) return 0;
    errno = ENOMEM;
    return 1;
}

PUBLIC void *malloc(size_t n) {
    return fails() ? NULL : __libc_malloc(n);
}

PUBLIC void *calloc(size_t count, size_t n) {
    return fails() ? NULL : __libc_calloc(count, n);
}

PUBLIC void *realloc(void *p, size_t n) {
    return fails() ? NULL : __libc_realloc(p, n);
}

__attribute__((destructor)) static void tell(void) {
    char text[24];
    const char *path = getenv("ALLOC_COUNT");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd >= 0) syscall(SYS_write, fd, text, snprintf(text, sizeof text, "%ld", calls));
}
