/* SPDX-License-Identifier: MPL-2.0 */
/* preload_power.c - writes down everything a program does to the files under $POWER_ROOT, in order, into
 * $POWER_LOG, so that power.py can make what a disk may hold after its power was cut at any moment.
 *
 * A record is a line "OP INODE OFFSET LENGTH PATH" and LENGTH bytes. Each is one write to a file opened for
 * appending, under a lock, so that records of several threads and of the test stand in order. A record of a
 * sync is written after it, of everything else before: what is in doubt counts as not on disk. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int log_fd(void) {
    static int fd = -1;
    const char *path = getenv("POWER_LOG");
    if (fd < 0 && path) fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    return fd;
}

static int ours(const char *path) {
    const char *root = getenv("POWER_ROOT");
    return root && strncmp(path, root, strlen(root)) == 0;
}

static void record(const char *op, unsigned long long inode, long long offset, const char *path,
                   const void *data, size_t n) {
    char head[PATH_MAX + 128];
    int saved = errno, m = snprintf(head, sizeof head, "%s %llu %lld %zu %s\n", op, inode, offset, n, path);
    struct iovec part[2] = {{head, (size_t)m}, {(void *)(size_t)data, n}};
    pthread_mutex_lock(&lock);
    if (syscall(SYS_writev, log_fd(), part, n ? 2 : 1) != m + (ssize_t)n) abort();
    pthread_mutex_unlock(&lock);
    errno = saved;
}

/* Where FD points, and its inode; 0 where that is nothing of ours. */
static int where(int fd, char path[static PATH_MAX], struct stat *st) {
    char link[40];
    int saved = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = 0;
    int good = n > 0 && ours(path) && syscall(SYS_fstat, fd, st) == 0;
    errno = saved;
    return good;
}

/* PATH from the root; its folder must be there. */
static int absolute(const char *path, char out[static PATH_MAX]) {
    char copy[PATH_MAX], folder[PATH_MAX];
    snprintf(copy, sizeof copy, "%s%s", strchr(path, '/') ? "" : "./", path);
    char *slash = strrchr(copy, '/');
    *slash = 0;
    if (!realpath(*copy ? copy : "/", folder)) return 0;
    snprintf(out, PATH_MAX, "%.2000s/%.1000s", strcmp(folder, "/") ? folder : "", slash + 1);
    return ours(out);
}

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat st;
    int there = faccessat(dir, path, F_OK, 0) == 0;
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    if (fd < 0 || !(flags & (O_CREAT | O_TRUNC)) || !where(fd, full, &st)) return fd;
    if (!there && flags & O_CREAT) record("create", st.st_ino, 0, full, NULL, 0);
    if (there && flags & O_TRUNC) record("truncate", st.st_ino, 0, full, NULL, 0);
    return fd;
}

#define MODE_OF(flags)                                                      \
    va_list args;                                                           \
    va_start(args, flags);                                                  \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0; \
    va_end(args)

#define OPEN(name)                                      \
    PUBLIC int name(const char *path, int flags, ...);  \
    PUBLIC int name(const char *path, int flags, ...) { \
        MODE_OF(flags);                                 \
        return opened(AT_FDCWD, path, flags, mode);     \
    }
#undef open
#undef open64
OPEN(open)
OPEN(open64)

PUBLIC int openat(int dir, const char *path, int flags, ...) {
    MODE_OF(flags);
    return opened(dir, path, flags, mode);
}

PUBLIC int mkostemp(char *name, int flags) {
    char full[PATH_MAX];
    struct stat st;
    int (*real)(char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "mkostemp");
    int fd = real(name, flags);
    if (fd >= 0 && where(fd, full, &st)) record("create", st.st_ino, 0, full, NULL, 0);
    return fd;
}

PUBLIC ssize_t write(int fd, const void *data, size_t n) {
    char path[PATH_MAX];
    struct stat st;
    if (where(fd, path, &st) && S_ISREG(st.st_mode)) {
        off_t at = fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
        record("write", st.st_ino, at, path, data, n);
    }
    return syscall(SYS_write, fd, data, n);
}

static ssize_t put(int fd, const void *data, size_t n, off_t at) {
    char path[PATH_MAX];
    struct stat st;
    if (where(fd, path, &st)) record("write", st.st_ino, at, path, data, n);
    return syscall(SYS_pwrite64, fd, data, n, at);
}

#define PWRITE(name)                                                    \
    PUBLIC ssize_t name(int fd, const void *data, size_t n, off_t at);  \
    PUBLIC ssize_t name(int fd, const void *data, size_t n, off_t at) { \
        return put(fd, data, n, at);                                    \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

static int cut(int fd, off_t size) {
    char path[PATH_MAX];
    struct stat st;
    if (where(fd, path, &st)) record("truncate", st.st_ino, size, path, NULL, 0);
    return (int)syscall(SYS_ftruncate, fd, size);
}

#define FTRUNCATE(name)                   \
    PUBLIC int name(int fd, off_t size);  \
    PUBLIC int name(int fd, off_t size) { \
        return cut(fd, size);             \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

static int synced(int fd, int rc) {
    char path[PATH_MAX];
    struct stat st;
    if (rc == 0 && where(fd, path, &st)) record("sync", st.st_ino, S_ISDIR(st.st_mode) != 0, path, NULL, 0);
    return rc;
}

PUBLIC int fsync(int fd) {
    return synced(fd, (int)syscall(SYS_fsync, fd));
}

PUBLIC int fdatasync(int fd) {
    return synced(fd, (int)syscall(SYS_fdatasync, fd));
}

PUBLIC int rename(const char *from, const char *to) {
    char a[PATH_MAX], b[PATH_MAX];
    if (absolute(from, a) && absolute(to, b)) record("rename", 0, 0, a, b, strlen(b));
    return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

PUBLIC int unlink(const char *path) {
    char a[PATH_MAX];
    if (absolute(path, a)) record("unlink", 0, 0, a, NULL, 0);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

PUBLIC int rmdir(const char *path) {
    char a[PATH_MAX];
    if (absolute(path, a)) record("unlink", 0, 0, a, NULL, 0);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

PUBLIC int mkdir(const char *path, mode_t mode) {
    char a[PATH_MAX];
    int rc = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (rc == 0 && absolute(path, a)) record("mkdir", 0, 0, a, NULL, 0);
    return rc;
}

/* The first word a program says to the network: by then what it promised itself must be on disk. */
PUBLIC ssize_t send(int fd, const void *data, size_t n, int flags) {
    int domain = 0;
    socklen_t size = sizeof domain;
    if (log_fd() >= 0 && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain != AF_UNIX)
        record("net", 0, 0, "-", NULL, 0);
    return syscall(SYS_sendto, fd, data, n, flags, NULL, 0);
}
