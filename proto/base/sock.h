/* sock.h - libzmq sockets with the options that are safe, set before bind or connect and read back.
 *
 * Not set anywhere, on purpose: ZMQ heartbeats (libzmq 4.3.4 aborts: #3937, #4767), routing ids (a client
 * could take another's), socket monitors on a server (an undrained one freezes the I/O thread). */
#ifndef BC_SOCK_H
#define BC_SOCK_H

#include <czmq.h>
#include <stdint.h>

#include "proto/base/refusal.h"

#define SOCK_FRAME_MAX 1048576 /* MAXMSGSIZE per frame; counts CURVE's 33 bytes */

/* A CURVE server ROUTER, bound to ENDPOINT: own ZAP domain, MANDATORY, no handover, keepalive
 * 60/15/4, handshake 30 s, backlog 4096, linger 0, at most 32 messages of one peer read ahead. SECRET and
 * PUBLIC are 32 raw bytes. NULL with WHY "bind-failed" on failure. The ZAP handler must be bound before:
 * without one, libzmq lets everyone in. */
zsock_t *sock_server(const char *endpoint, const uint8_t secret[static 32], const uint8_t public_[static 32],
                     const char *zap_domain, refusal_t *why);

/* A CURVE client DEALER connected to ENDPOINT. Reconnection is the caller's: RECONNECT_IVL is -1.
 * Its handshake runs out after 20 s, before the server's. HWM
 * bounds both directions. ENDPOINT NULL: not connected yet, for a caller whose monitor must listen first.
 * NULL with WHY "connect-failed" where ENDPOINT is no address; a collector that is not there is no
 * failure here, it only never answers. */
zsock_t *sock_client(const char *endpoint, const uint8_t secret[static 32], const uint8_t public_[static 32],
                     const uint8_t server[static 32], int hwm, refusal_t *why);

/* 1 if a peer that speaks ZMTP listens at ENDPOINT: it begins to speak as soon as it is called. Waits at most
 * WAIT_MS for the connection and as long for its words. */
int sock_greets(const char *endpoint, int wait_ms);

/* Ends the TCP connection with the descriptor FD of libzmq's, of which frame_t.fd tells: its I/O thread finds
 * it closed by the other side. Where it was closed meanwhile and the number given to another connection, that
 * one ends and comes back at once; what is no connection is left alone. */
void sock_hang_up(int fd);

/* The TCP port SOCK was bound to, which the system chose where the endpoint ends in ":0"; 0 if it has
 * none. */
int sock_port(zsock_t *sock);

#endif
