/* file.h - files that are on disk when we say so. */
#ifndef BC_FILE_H
#define BC_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

/* The whole of PATH ("-" is standard input) into OUT; refuses ("file-missing", "file-unreadable",
 * "file-large") above MAX bytes. */
int file_read(const char *path, size_t max, buf_t *out, refusal_t *why);

/* Puts N bytes at PATH so that after return either all or none of it survives a power cut: temporary
 * name beside it, write, fsync, rename, fsync of the directory. Keeps the old file on failure.
 * BC_DISK with WHY filled ("disk") on failure. */
int file_write(const char *path, const void *p, size_t n, mode_t mode, refusal_t *why);

/* Renames FROM to TO (same file system) and fsyncs both directories. */
int file_move(const char *from, const char *to, refusal_t *why);

/* mkdir -p with MODE for what is created; fsyncs each parent. */
int file_mkdir(const char *path, mode_t mode, refusal_t *why);

/* fsyncs the directory that holds PATH, so that its name there survives a power cut. */
int file_sync_name(const char *path, refusal_t *why);

int file_exists(const char *path);

/* Takes the lock of a data directory (flock on DIR/lock). The descriptor, kept open until exit, or -1
 * with WHY "dir-locked" when another program holds it, "dir-missing" when DIR is not there. */
int file_lock_dir(const char *dir, refusal_t *why);

/* A secret: refuses ("key-mode") when group or others may read it, ("key-owner") when it belongs to
 * somebody else, ("key-missing"), and does not follow a link at its last part. */
int file_read_secret(const char *path, size_t max, buf_t *out, refusal_t *why);

/* "DIR/NAME", caller frees. */
char *file_path(const char *dir, const char *name);

/* Bytes free for us on the file system of DIR, -1 if it cannot be asked. */
long long file_free_bytes(const char *dir);

#endif
