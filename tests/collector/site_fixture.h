/* SPDX-License-Identifier: MPL-2.0 */
/* site_fixture.h - a whole collector in this process, with three units, a plan and keys, and clients that
 * talk to it over loopback. The test turns the collector's loop itself, so nothing runs unless it waits. */
#ifndef BC_SITE_FIXTURE_H
#define BC_SITE_FIXTURE_H

#include "collector/intake_impl.h"

/* Units: BD (federation), BD.01 (upper-level), BD.01.01 and BD.02 (grassroots). BD.01 may act for what is
 * under it. Plan "1/KH", version 1, form F1, measure sessions. */
typedef struct {
    char dir[64];
    conf_t *conf;
    curve_pair_t server;
    sign_pair_t sign;
    curve_pair_t keys[4]; /* of BD.01, BD.02, consumer "tonghop" (may decide), consumer "xem" (may not) */
    int64_t serials[4];
    intake_t *intake; /* NULL until site_start */
    int64_t numbers;  /* given to documents so far */
} site_t;

enum { SITE_UPPER, SITE_UNIT, SITE_CONSUMER, SITE_READER };

#define SITE_OUTBOX "0123456789abcdef0123456789abcdef"

int site_setup(void **state); /* with the collector running */
int site_teardown(void **state);
void site_start(site_t *s);
void site_stop(site_t *s);
/* The writer of a stopped collector; queue_close it before site_start. */
queue_t *site_queue(site_t *s);

zsock_t *site_client(site_t *s, int who);
/* Sends a message; HEADER is JSON with ' for ", which printf fills. */
void site_say(zsock_t *client, command_t command, const void *body, size_t n, const char *header, ...)
    __attribute__((format(printf, 5, 6)));
/* Turns the loop until a message comes, at most 10 s; the test fails where none does or it is another
 * command. */
frame_t site_hear(site_t *s, zsock_t *client, command_t wanted);
/* The same for a refusal with this code. */
void site_hear_refused(site_t *s, zsock_t *client, const char *code);
/* HELLO and WELCOME. */
void site_hello(site_t *s, zsock_t *client, const char *outbox);

/* A good document of UNIT, entered by BY; ID as text or NULL for a new one. Caller frees. */
char *site_document(const char *id, int rev, const char *unit, const char *by);
/* DOCUMENTS with one document: its verdict. */
verdict_line_t site_send(site_t *s, zsock_t *client, const char *document);
/* The Nth line of a body. */
verdict_line_t site_verdict(const frame_t *receipt, int n);

#endif
