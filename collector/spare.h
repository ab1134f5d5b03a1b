/* SPDX-License-Identifier: MPL-2.0 */
/* spare.h - the collector's second CURVE key (PROTOCOL.md 2): whole on paper alone, locked away; its public
 * half in DIR/successor.pub, one line of hex64, from where it goes into every enrolment code. */
#ifndef BC_SPARE_H
#define BC_SPARE_H

#include "proto/base/io.h"
#include "proto/keyfile.h"

/* Prints the pair, as a key file has it, and sees it out of this process. Refuses "output-failed". */
int spare_tell(io_t *io, const curve_pair_t *pair, refusal_t *why);
/* Keeps the public half on disk, in place of the one before. 0 or BC_DISK with WHY. */
int spare_save(const char *dir, const uint8_t public_[static 32], refusal_t *why);
/* Refuses "key-bad" and those of file_read. */
int spare_load(const char *dir, uint8_t public_[static 32], refusal_t *why);
/* The pair as somebody typed it from paper: the last 64 hex digits in a row are the secret, whatever stands
 * around them and in any case. Refuses "spare-unreadable". */
int spare_read(const buf_t *typed, curve_pair_t *out, refusal_t *why);

#endif
