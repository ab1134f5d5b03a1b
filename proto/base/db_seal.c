/* SPDX-License-Identifier: MPL-2.0 */
/* db_seal.c - SQLite's own file system, with a look at each page on its way. */
#include "proto/base/db_seal.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/hash.h"
#include "proto/base/mem.h"

#define PAGE_LEAST 512 /* what is read or written in smaller pieces is a part of the header */
#define RESERVED_AT 20 /* byte of the header that says how much of each page is kept free */

/* An open file; SQLite's own follows it in memory. */
typedef struct {
    sqlite3_file base;
    int database; /* the file itself, no journal and no WAL */
    int sealed;
    uint8_t *page; /* room for one page on its way out */
    int room;
} file_t;

static sqlite3_vfs *below; /* the system's file system */

static sqlite3_file *real(sqlite3_file *file) {
    return (sqlite3_file *)((file_t *)file + 1);
}

/* The seal of the page of N bytes at an offset: it would not hold anywhere else. */
static void seal_of(const uint8_t *page, int n, sqlite3_int64 at, uint8_t out[static DB_SEAL]) {
    uint8_t place[8];
    for (int i = 0; i < 8; i++)
        place[i] = (uint8_t)(at >> 8 * i);
    hash_t hash = hash_of2(place, sizeof place, page, (size_t)(n - DB_SEAL));
    memcpy(out, hash.b, DB_SEAL);
}

static int is_page(const file_t *self, int n, sqlite3_int64 at) {
    return self->database && n >= PAGE_LEAST && at % n == 0;
}

/* The header says whether the file has room for seals. */
static void learn(file_t *self, const uint8_t *bytes, int n, sqlite3_int64 at) {
    if (self->database && at == 0 && n > RESERVED_AT) self->sealed = bytes[RESERVED_AT] == DB_SEAL;
}

static int file_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at) {
    file_t *self = (file_t *)file;
    uint8_t seal[DB_SEAL];
    int code = real(file)->pMethods->xRead(real(file), out, n, at);
    /* SQLite fills up with zeros what a file that was cut off does not have. */
    if (code == SQLITE_IOERR_SHORT_READ && self->sealed && is_page(self, n, at)) return SQLITE_IOERR_DATA;
    if (code != SQLITE_OK) return code;
    learn(self, out, n, at);
    if (!self->sealed || !is_page(self, n, at)) return SQLITE_OK;
    seal_of(out, n, at, seal);
    return memcmp(seal, (uint8_t *)out + n - DB_SEAL, DB_SEAL) == 0 ? SQLITE_OK : SQLITE_IOERR_DATA;
}

static int file_write(sqlite3_file *file, const void *in, int n, sqlite3_int64 at) {
    file_t *self = (file_t *)file;
    learn(self, in, n, at);
    if (self->sealed && is_page(self, n, at)) {
        if (self->room < n) self->page = mem_grow(self->page, (size_t)n);
        self->room = self->room < n ? n : self->room;
        memcpy(self->page, in, (size_t)n);
        seal_of(self->page, n, at, self->page + n - DB_SEAL);
        in = self->page;
    }
    return real(file)->pMethods->xWrite(real(file), in, n, at);
}

static int file_close(sqlite3_file *file) {
    free(((file_t *)file)->page);
    return real(file)->pMethods->xClose(real(file));
}

/* ---- everything else goes through ---- */

#define THROUGH(name, method, declared, passed)     \
    static int name declared {                      \
        return real(file)->pMethods->method passed; \
    }
THROUGH(file_truncate, xTruncate, (sqlite3_file * file, sqlite3_int64 size), (real(file), size))
THROUGH(file_sync, xSync, (sqlite3_file * file, int flags), (real(file), flags))
THROUGH(file_size, xFileSize, (sqlite3_file * file, sqlite3_int64 *size), (real(file), size))
THROUGH(file_lock, xLock, (sqlite3_file * file, int lock), (real(file), lock))
THROUGH(file_unlock, xUnlock, (sqlite3_file * file, int lock), (real(file), lock))
THROUGH(file_reserved, xCheckReservedLock, (sqlite3_file * file, int *out), (real(file), out))
THROUGH(file_control, xFileControl, (sqlite3_file * file, int op, void *arg), (real(file), op, arg))
THROUGH(file_sector, xSectorSize, (sqlite3_file * file), (real(file)))
THROUGH(file_character, xDeviceCharacteristics, (sqlite3_file * file), (real(file)))
THROUGH(file_shm_map, xShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **out),
        (real(file), page, size, extend, out))
THROUGH(file_shm_lock, xShmLock, (sqlite3_file * file, int first, int n, int flags),
        (real(file), first, n, flags))
THROUGH(file_shm_unmap, xShmUnmap, (sqlite3_file * file, int remove), (real(file), remove))

static void file_shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

/* Version 2: shared memory for the WAL, but no mapped pages, which would pass us by. */
static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = file_close,
                                           .xRead = file_read,
                                           .xWrite = file_write,
                                           .xTruncate = file_truncate,
                                           .xSync = file_sync,
                                           .xFileSize = file_size,
                                           .xLock = file_lock,
                                           .xUnlock = file_unlock,
                                           .xCheckReservedLock = file_reserved,
                                           .xFileControl = file_control,
                                           .xSectorSize = file_sector,
                                           .xDeviceCharacteristics = file_character,
                                           .xShmMap = file_shm_map,
                                           .xShmLock = file_shm_lock,
                                           .xShmBarrier = file_shm_barrier,
                                           .xShmUnmap = file_shm_unmap};

static int file_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    *(file_t *)file = (file_t){.database = (flags & SQLITE_OPEN_MAIN_DB) != 0};
    int code = below->xOpen(below, name, real(file), flags, out);
    /* Only what has methods is closed by SQLite. */
    file->pMethods = real(file)->pMethods ? &methods : NULL;
    return code;
}

static int registered;

static void register_once(void) {
    static sqlite3_vfs ours;
    below = sqlite3_vfs_find(NULL);
    if (!below) abort(); /* SQLite on a system it does not know */
    ours = *below;
    ours.pNext = NULL;
    ours.zName = "baocao";
    ours.szOsFile = (int)sizeof(file_t) + below->szOsFile;
    ours.xOpen = file_open;
    registered = sqlite3_vfs_register(&ours, 1);
}

int db_seal_use(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_once);
    return registered;
}

int db_seal_room(sqlite3 *handle) {
    int bytes = DB_SEAL;
    return sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}
