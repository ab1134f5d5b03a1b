/* SPDX-License-Identifier: MPL-2.0 */
/* status.h - one screen: it flows, or what does not and what to do about it.
 *
 * Beside the store it shows what only the running collector knows. That is handed over as JSON made at
 * the moment of asking (admin_t.live), with these fields, each of which may be absent:
 *   started         ms
 *   sessions        agents and consumers with a session
 *   rate            documents a second over the last minute
 *   received        documents stored since the start
 *   fsync_p50_us, fsync_p99_us   of the last thousand commits
 *   credit_granted, credit_cap   bytes
 *   draining        true after SIGTERM
 *   disk_low        true while no credit is given for lack of room
 *   skews           [{"unit","ms"}]  clocks more than 5 minutes off, newest sessions
 *   handshakes      {"accepted","enrolling","unknown","expired","revoked","malformed"} (gate_counts_t)
 *   refused         documents refused since the start  */
#ifndef BC_STATUS_H
#define BC_STATUS_H

#include "collector/admin.h"

/* Everything status shows, as new JSON: figures, and `problems`: [{"code","vi","en"}], empty when it
 * flows. DISK_LOW and NOW in bytes and ms. NULL when the store cannot be read. */
json_t *status_collect(admin_t *admin, int64_t disk_low, int64_t now);
/* Prints it for people. */
void status_print(const json_t *status, lang_t lang, FILE *out);

#endif
