/* SPDX-License-Identifier: MPL-2.0 */
/* fake.h - a collector that does what a test tells it, in the test's own thread. */
#ifndef BC_TEST_FAKE_H
#define BC_TEST_FAKE_H

#include "agent/courier.h"
#include "proto/frame.h"
#include "proto/keyfile.h"
#include "proto/verdict.h"
#include "tests/agent/verb_kit.h"

#define FAKE_LOG "11111111111111111111111111111111"
#define FAKE_LOG_2 "22222222222222222222222222222222"

typedef struct {
    zsock_t *sock;
    curve_pair_t pair;
    sign_pair_t sign;
    char endpoint[64], sign_hex[65];
    const char *log;
    int64_t position;  /* of the last receipt line it made */
    int64_t highest;   /* number of the outbox that it has judged */
    int64_t documents; /* credit it gives; 0: none */
    int64_t head;      /* of its log, for WELCOME; 0: where the last receipt stands */
    zframe_t *from;    /* of the last message */
} fake_t;

/* Opens it on a free port and enrols AGENT with it: key, endpoint, server. */
void fake_open(fake_t *fake, agent_t *agent);
void fake_close(fake_t *fake);

/* Turns COURIER until a message has come, which must be COMMAND. The caller frees F. */
void fake_expect(fake_t *fake, courier_t *courier, command_t command, frame_t *f);
/* The same where nobody looks at the message. */
void fake_pass(fake_t *fake, courier_t *courier, command_t command);
/* Turns COURIER until nothing has come for a moment, and requires that. */
void fake_nothing(fake_t *fake, courier_t *courier);

/* Answers to the last message. HEADER is taken; BODY may be NULL. */
void fake_send(fake_t *fake, command_t command, json_t *header, const char *body);
void fake_welcome(fake_t *fake, int64_t highest, const char *ancestors);
void fake_pong(fake_t *fake, int64_t news, int64_t head);
/* RECEIPT for the DOCUMENTS in F with these verdicts, repeated as needed: 's' stored, 'r' refused, 'l'
 * later (50 ms), 'h' held. SPOIL (0: nothing): 'r' a wrong root, 's' a wrong signature, 'h' another
 * document's hash, 'k' another key, 'n' a wrong number. */
void fake_receipt(fake_t *fake, const frame_t *f, const char *verdicts, char spoil);

/* Turns COURIER until CONDITION holds, at most 5 s. */
#define TURN_UNTIL(courier, condition)                 \
    do {                                               \
        int64_t end_ = clock_mono_ms() + 5000;         \
        while (!(condition) && clock_mono_ms() < end_) \
            fake_turn(courier);                        \
        assert_true(condition);                        \
    } while (0)
/* One turn, and a short sleep on the courier's sockets. */
void fake_turn(courier_t *courier);

#endif
