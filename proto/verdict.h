/* SPDX-License-Identifier: MPL-2.0 */
/* verdict.h - the four verdicts on a document and their lines in RECEIPT (PROTOCOL.md 4). */
#ifndef BC_VERDICT_H
#define BC_VERDICT_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

typedef enum { VERDICT_NONE, VERDICT_STORED, VERDICT_REFUSED, VERDICT_LATER, VERDICT_HELD } verdict_t;

const char *verdict_name(verdict_t v);
verdict_t verdict_parse(const char *s); /* VERDICT_NONE if unknown */
/* Appends one line (with LF) of RECEIPT's body. LINE for stored, WHY for the others, WAIT_MS for later. */
void verdict_write(buf_t *out, int64_t number, verdict_t v, const char *line, const refusal_t *why,
                   int64_t wait_ms);

/* One line read. Strings are copied. */
typedef struct {
    int64_t number;
    verdict_t verdict;
    char line[320];
    refusal_t why;
    int64_t wait_ms;
} verdict_line_t;
/* Refuses "receipt-bad". */
int verdict_read(const char *p, size_t n, verdict_line_t *out, refusal_t *why);

#endif
