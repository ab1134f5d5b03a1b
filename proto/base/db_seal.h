/* db_seal.h - a seal on each page of a database file, so that what the disk returns is what was written.
 *
 * SQLite trusts the bytes of its file: a bit that flipped on the disk is a figure that changed, and nobody
 * says so. Each page ends with 8 bytes kept free for us: the first of SHA-256 over the page and its place in
 * the file. They are written with the page and checked whenever one is read from the file; a page that does
 * not hold is SQLITE_IOERR_DATA, which db.h tells as BC_CORRUPT. The WAL has checksums of its own.
 *
 * A file that was made without room for seals is read as it is. */
#ifndef BC_DB_SEAL_H
#define BC_DB_SEAL_H

#include <sqlite3.h>

#define DB_SEAL 8 /* bytes at the end of each page */

/* Makes the sealing file system the one SQLite uses in this process; again is nothing new. SQLite's code. */
int db_seal_use(void);
/* Keeps room for seals in the database of HANDLE, which has no page yet. SQLite's code. */
int db_seal_room(sqlite3 *handle);

#endif
