/* SPDX-License-Identifier: MPL-2.0 */
/* keyfile.h - key pairs, made where they are used and kept in files of mode 0600. */
#ifndef BC_KEYFILE_H
#define BC_KEYFILE_H

#include <stdint.h>

#include "proto/base/refusal.h"

typedef struct { uint8_t secret[32], public_[32]; } curve_pair_t; /* CURVE: X25519 */
typedef struct { uint8_t secret[64], public_[32]; } sign_pair_t;  /* Ed25519 */

void curve_pair_make(curve_pair_t *pair);
void sign_pair_make(sign_pair_t *pair);
/* Text of two lines "public <hex>" and "secret <hex>" under a line that names the kind. On disk (fsync) after
 * return. Refuses ("key-exists") to overwrite. */
int curve_pair_save(const char *path, const curve_pair_t *pair, refusal_t *why);
int sign_pair_save(const char *path, const sign_pair_t *pair, refusal_t *why);
/* Refuses "key-mode", "key-owner", "key-missing", "key-bad" (text, or public half does not belong to the
 * secret). PAIR is wiped then. */
int curve_pair_load(const char *path, curve_pair_t *pair, refusal_t *why);
int sign_pair_load(const char *path, sign_pair_t *pair, refusal_t *why);

#endif
