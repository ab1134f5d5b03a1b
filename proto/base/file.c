/* SPDX-License-Identifier: MPL-2.0 */
/* file.c - reading, and writing that survives a power cut. */
#include "proto/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "proto/base/cause.h"
#include "proto/base/rc.h"

/* Fills WHY from errno and returns BC_DISK. */
static int disk(refusal_t *why, const char *path) {
    int err = errno;
    refuse(why, "disk", path, "Không ghi được \"%1$s\" xuống đĩa: %2$s.%3$.0s",
           "\"%1$s\" cannot be written to disk: %3$s.%2$.0s", path, cause_vi(err), cause_en(err));
    return BC_DISK;
}

static int unreadable(refusal_t *why, const char *path) {
    if (errno == ENOENT || errno == ENOTDIR)
        return refuse(why, "file-missing", path, "Không tìm thấy tệp \"%s\".", "There is no file \"%s\".",
                      path);
    int err = errno;
    return refuse(why, "file-unreadable", path, "Không đọc được tệp \"%1$s\": %2$s.%3$.0s",
                  "The file \"%1$s\" cannot be read: %3$s.%2$.0s", path, cause_vi(err), cause_en(err));
}

static int read_all(int fd, const char *path, size_t max, buf_t *out, refusal_t *why) {
    buf_clear(out);
    buf_add(out, "", 0);
    for (;;) {
        size_t room = out->len < 65536 ? 65536 : out->len;
        if (room > max - out->len) room = max - out->len + 1;
        ssize_t n = read(fd, buf_room(out, room), room);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return unreadable(why, path);
        if (n == 0) return BC_OK;
        out->len += (size_t)n;
        out->data[out->len] = '\0';
        if (out->len > max)
            return refuse(why, "file-large", path, "Tệp \"%s\" lớn quá %zu byte.",
                          "The file \"%s\" is larger than %zu bytes.", path, max);
    }
}

int file_read(const char *path, size_t max, buf_t *out, refusal_t *why) {
    if (strcmp(path, "-") == 0) return read_all(STDIN_FILENO, path, max, out, why);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return unreadable(why, path);
    int rc = read_all(fd, path, max, out, why);
    close(fd);
    return rc;
}

/* The directory that holds PATH; caller frees. */
static char *parent_of(const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    return n ? mem_strn(path, n) : mem_str(".");
}

/* 0, or -1 with errno. */
static int sync_dir(const char *dir) {
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -1;
    int rc = fsync(fd);
    int saved = errno;
    close(fd);
    errno = saved;
    return rc;
}

static int sync_parent(const char *path) {
    char *dir = parent_of(path);
    int rc = sync_dir(dir);
    int saved = errno;
    free(dir);
    errno = saved;
    return rc;
}

/* 0, or -1 with errno. */
static int write_all(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return -1;
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

int file_write(const char *path, const void *p, size_t n, mode_t mode, refusal_t *why) {
    char *dir = parent_of(path);
    const char *slash = strrchr(path, '/');
    char *temp = mem_printf("%s/.%s.XXXXXX", dir, slash ? slash + 1 : path);
    int fd = mkostemp(temp, O_CLOEXEC);
    int rc = fd < 0 ? disk(why, path) : BC_OK;
    if (rc == BC_OK && (write_all(fd, p, n) || fchmod(fd, mode) || fsync(fd))) rc = disk(why, path);
    if (fd >= 0 && close(fd) && rc == BC_OK) rc = disk(why, path);
    if (rc == BC_OK && rename(temp, path)) rc = disk(why, path);
    if (rc != BC_OK && fd >= 0) unlink(temp); /* a left-over is only rubbish, and hidden */
    if (rc == BC_OK && sync_dir(dir)) rc = disk(why, path);
    free(temp);
    free(dir);
    return rc;
}

int file_move(const char *from, const char *to, refusal_t *why) {
    if (rename(from, to)) return disk(why, to);
    /* The new name first: a power cut between the two may leave both names, never none. */
    if (sync_parent(to) || sync_parent(from)) return disk(why, to);
    return BC_OK;
}

int file_mkdir(const char *path, mode_t mode, refusal_t *why) {
    struct stat st;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode)) return BC_OK;
        errno = ENOTDIR;
        return disk(why, path);
    }
    if (errno != ENOENT) return disk(why, path);
    char *parent = parent_of(path);
    int rc = file_mkdir(parent, mode, why);
    free(parent);
    if (rc) return rc;
    if (mkdir(path, mode) && errno != EEXIST) return disk(why, path);
    return sync_parent(path) ? disk(why, path) : BC_OK;
}

int file_sync_name(const char *path, refusal_t *why) {
    return sync_parent(path) ? disk(why, path) : BC_OK;
}

int file_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0;
}

int file_lock_dir(const char *dir, refusal_t *why) {
    char *path = file_path(dir, "lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        refuse(why, "dir-missing", dir, "Không có thư mục dữ liệu \"%s\".",
               "There is no data directory \"%s\".", dir);
    } else if (fd < 0) {
        disk(why, path);
    } else if (flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno == EWOULDBLOCK) {
            refuse(why, "dir-locked", dir, "Một chương trình khác đang sử dụng thư mục dữ liệu \"%s\".",
                   "Another program is using the data directory \"%s\".", dir);
        } else {
            disk(why, path);
        }
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

/* Who may read the secret behind FD: 0, or refused. */
static int check_secret(int fd, const char *path, refusal_t *why) {
    struct stat st;
    if (fstat(fd, &st)) return unreadable(why, path);
    if (!S_ISREG(st.st_mode))
        return refuse(why, "key-mode", path, "\"%s\" không phải là tệp thường nên không được dùng làm khóa.",
                      "\"%s\" is not a regular file and is not used as a key.", path);
    if (st.st_uid != geteuid())
        return refuse(why, "key-owner", path, "Tệp khóa \"%s\" thuộc về người dùng khác (uid %u).",
                      "The key file \"%s\" belongs to another user (uid %u).", path, (unsigned)st.st_uid);
    if (st.st_mode & 077)
        return refuse(why, "key-mode", path,
                      "Người khác có thể đọc tệp khóa \"%s\" (quyền %04o); hãy đặt quyền 0600.",
                      "Others may read the key file \"%s\" (mode %04o); set it to 0600.", path,
                      (unsigned)st.st_mode & 07777);
    return BC_OK;
}

int file_read_secret(const char *path, size_t max, buf_t *out, refusal_t *why) {
    /* Not blocking, in case somebody put a pipe there. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return refuse(why, "key-missing", path, "Không tìm thấy tệp khóa \"%s\".",
                      "There is no key file \"%s\".", path);
    if (fd < 0 && errno == ELOOP)
        return refuse(why, "key-mode", path,
                      "Tệp khóa \"%s\" là một liên kết; hãy đặt chính tệp khóa vào đó.",
                      "The key file \"%s\" is a link; put the key file itself there.", path);
    if (fd < 0) return unreadable(why, path);
    int rc = check_secret(fd, path, why);
    if (rc == BC_OK) rc = read_all(fd, path, max, out, why);
    close(fd);
    return rc;
}

char *file_path(const char *dir, const char *name) {
    return mem_printf("%s/%s", dir, name);
}

long long file_free_bytes(const char *dir) {
    struct statvfs st;
    if (statvfs(dir, &st)) return -1;
    return (long long)st.f_bavail * (long long)st.f_frsize;
}
