/* SPDX-License-Identifier: MPL-2.0 */
/* rc.c - the names of result codes, and what a command line makes of them. */
#include "proto/base/rc.h"

#include <sysexits.h>

const char *rc_name(int rc) {
    switch (rc) {
    case BC_OK: return "ok";
    case BC_AGAIN: return "again";
    case BC_TIMEOUT: return "timeout";
    case BC_REFUSED: return "refused";
    case BC_NOTFOUND: return "notfound";
    case BC_CONFLICT: return "conflict";
    case BC_DISK: return "disk";
    case BC_CORRUPT: return "corrupt";
    case BC_BROKEN: return "broken";
    default: return "unknown";
    }
}

int rc_exit(int rc) {
    if (rc >= 0) return EX_OK;
    if (rc_again(rc)) return EX_TEMPFAIL;
    if (rc == BC_NOTFOUND) return EX_NOINPUT;
    if (rc_refused(rc)) return EX_DATAERR;
    return rc == BC_DISK ? EX_IOERR : EX_SOFTWARE;
}
