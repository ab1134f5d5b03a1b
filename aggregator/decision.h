/* SPDX-License-Identifier: MPL-2.0 */
/* decision.h - decisions of staff on their way to the collector (PROTOCOL.md 6). Each is kept in
 * DIR/decisions/UUID.json from before it is first sent until it was answered, so that no crash and no bad
 * line makes two of one or none. It changes nothing here until it is read back as an entry. */
#ifndef BC_DECISION_H
#define BC_DECISION_H

#include <czmq.h>

#include "aggregator/store.h"

/* Keeps a new decision of KIND; BODY (borrowed) as PROTOCOL.md 12 has it, taken by PERSON who had seen
 * the log up to AT. UUID gets its id. 0, BC_DISK with WHY, or "decision-bad" where the body is not in
 * its form. Texts are put into NFC: a terminal may give marks apart. */
int decision_keep(const char *dir, const char *kind, json_t *body, const char *person, const cursor_t *at,
                  char uuid[static UUID_TEXT], refusal_t *why);
/* Sends all that are kept (UUID NULL) or one. How many were sent, or BC_DISK. */
int decision_send(const char *dir, const char *uuid, zsock_t *sock);
/* Takes the header of DECIDED (borrowed): stored and refused ones are done, `later` stays. BC_OK stored,
 * BC_REFUSED with the collector's WHY, BC_AGAIN later. UUID gets whose answer it is, "" where that can not be
 * read. */
int decision_answered(const char *dir, const json_t *header, char uuid[static UUID_TEXT], refusal_t *why);
/* How many are kept. */
int decision_count(const char *dir);

#endif
