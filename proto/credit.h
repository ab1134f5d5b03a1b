/* SPDX-License-Identifier: MPL-2.0 */
/* credit.h - the window an agent may have unanswered, and the sum the collector grants (PROTOCOL.md 3). */
#ifndef BC_CREDIT_H
#define BC_CREDIT_H

#include <jansson.h>
#include <stdint.h>

typedef struct { int64_t documents, bytes, wait_ms; } credit_t;

/* As in WELCOME, RECEIPT, PONG: new JSON, and reading it (missing or wrong: stop, 5 s). */
json_t *credit_json(const credit_t *c);
credit_t credit_read(const json_t *j);

/* The collector's purse: what is granted to sessions in sum is capped. */
typedef struct { int64_t cap, granted; } purse_t;
/* Grants a session that holds *HELD bytes anew: at most WANT bytes, none while CLOSED (disk nearly full,
 * draining), at least one largest document or nothing. Updates purse and *HELD. */
credit_t purse_grant(purse_t *purse, int64_t *held, int64_t want, int closed);
/* Gives back what a session held. */
void purse_release(purse_t *purse, int64_t *held);

#endif
