/* SPDX-License-Identifier: MPL-2.0 */
/* preload_alloc.c - the $ALLOC_FAIL-th allocation since main() began fails, once. How many there were is
 * written to the file $ALLOC_COUNT when it ends.
 *
 * What libraries allocate before main() is left alone: nothing of ours has run then, and GLib's initialiser,
 * for one, waits for itself for ever where its sixth allocation fails. */
#include <dlfcn.h>
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

typedef int(main_fn)(int argc, char **argv, char **env);
typedef int(start_fn)(main_fn *program, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*unload)(void), void *stack);

static _Atomic long calls, fail = -1;
static _Atomic int begun;
static main_fn *main_of;

static int begin(int argc, char **argv, char **env) {
    begun = 1;
    return main_of(argc, argv, env);
}

extern start_fn __libc_start_main;

PUBLIC int __libc_start_main(main_fn *program, int argc, char **argv, void (*init)(void), void (*fini)(void),
                             void (*unload)(void), void *stack) {
    start_fn *next = (start_fn *)dlsym(RTLD_NEXT, "__libc_start_main");
    main_of = program;
    return next(begin, argc, argv, init, fini, unload, stack);
}

static int fails(void) {
    if (!begun) return 0;
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
