/* SPDX-License-Identifier: MPL-2.0 */
/* unread.h - what connections have brought and nobody could read yet. libzmq hands a message over when its
 * last frame is there, and keeps the frames before it without a limit (MAXMSGSIZE is for each frame): a peer
 * that never ends its message would fill the memory. So the bytes the system counts for each connection are
 * looked at where memory grows, and whoever is far ahead of what was handed over is cut off.
 *
 * What this costs a peer of good faith: nothing. Its largest window is 2 MiB. */
#ifndef BC_UNREAD_H
#define BC_UNREAD_H

#include <stddef.h>

typedef struct unread unread_t;

typedef struct {
    size_t grown; /* bytes of memory after which connections are looked at */
    size_t one;   /* bytes one connection may have unread, */
    size_t all;   /* and all of them together: beyond that those with the most are cut off */
} unread_limits_t;

extern const unread_limits_t unread_limits; /* for the collector: 16 MiB, 16 MiB, 128 MiB */

unread_t *unread_new(const unread_limits_t *limits);
void unread_free(unread_t **self_p);

/* A message came by the connection FD (frame_t.fd): what it brought so far is read. -1: nothing is known. */
void unread_handed(unread_t *self, int fd);
/* Where memory has grown, cuts off the TCP connections of this process that are over the limits: how many
 * those were. Nobody before the first message was handed over with its connection: a libzmq that does not
 * tell of them would make everybody look endless. */
int unread_look(unread_t *self);

#endif
