/* SPDX-License-Identifier: MPL-2.0 */
/* fake_collector.h - a server socket that says what a test wants it to say. It has no ZAP handler, so it
 * takes any key. */
#ifndef BC_FAKE_COLLECTOR_H
#define BC_FAKE_COLLECTOR_H

#include "aggregator/peer.h"
#include "proto/frame.h"
#include "tests/aggregator/log_kit.h"

typedef struct {
    zsock_t *sock;
    curve_pair_t pair;
    int port;
    frame_t last; /* what was taken last */
} fake_t;

fake_t *fake_new(void);
void fake_free(fake_t **self_p);
/* A peer that knows the fake. */
peer_t fake_peer(const fake_t *self);
/* Calls TICK until a message of COMMAND has come, for some seconds; 1 if it has: it is in `last`. */
int fake_expect(fake_t *self, command_t command, void (*tick)(void *arg), void *arg);
/* Answers whoever was heard last. */
void fake_say(fake_t *self, command_t command, const char *header, const void *body, size_t n);
/* ENTRIES with FIRST..LAST of KIT (FIRST > LAST: empty). */
void fake_entries(fake_t *self, const kit_t *kit, int64_t first, int64_t last);

#endif
