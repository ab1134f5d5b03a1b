/* SPDX-License-Identifier: MPL-2.0 */
/* receipt.h - proof that a document arrived: line, path, root, signature (PROTOCOL.md 7). */
#ifndef BC_RECEIPT_H
#define BC_RECEIPT_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/refusal.h"
#include "proto/base/uuid.h"
#include "proto/entry.h"
#include "proto/merkle.h"

#define RECEIPT_LINE 320

/* What a receipt line says. */
typedef struct {
    char log[LOG_ID];
    int64_t position;
    uuid_bc_t id;
    int rev;
    hash_t sha256;
    int64_t received; /* ms */
    char unit[33];
} receipt_t;

/* Writes the line; returns its length. */
size_t receipt_line(const receipt_t *r, char out[static RECEIPT_LINE]);
/* Reads a line. Refuses "receipt-bad". */
int receipt_read(const char *line, receipt_t *r, refusal_t *why);

/* Ed25519 over `baocao-root/1 <log> <root> <signed>`. */
void receipt_sign(const uint8_t secret[static 64], const char *log, const hash_t *root, int64_t signed_ms,
                  uint8_t out[static 64]);
int receipt_signature_ok(const uint8_t sign[static 32], const char *log, const hash_t *root,
                         int64_t signed_ms, const uint8_t signature[static 64]);

/* The kept form as new JSON. */
json_t *receipt_keep(const char *line, const merkle_step_t *path, size_t steps, const hash_t *root,
                     const char *log, int64_t signed_ms, const uint8_t signature[static 64],
                     const uint8_t sign[static 32]);
/* Verifies a kept receipt alone: path leads to root, signature holds, and SHA-256 of DOCUMENT (N bytes; NULL:
 * not asked) is the line's. SIGN (NULL: take the receipt's own) is the key the reader trusts. Refuses
 * "receipt-bad", "receipt-path", "receipt-signature", "receipt-document", "receipt-key". */
int receipt_verify(const json_t *kept, const uint8_t *sign, const char *document, size_t n, receipt_t *out,
                   refusal_t *why);

#endif
