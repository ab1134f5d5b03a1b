/* ctl.h - how a command line reaches the running program: ipc in DIR/run, mode 0700.
 *
 * Request and reply are one JSON frame each (request.h). A socket's path holds 107 bytes at most:
 * a longer one is reached through /proc/self/fd, so DIR may be as long as a path can be. */
#ifndef BC_CTL_H
#define BC_CTL_H

#include <czmq.h>

#include "proto/base/refusal.h"

/* The daemon's end: a bound ROUTER socket, or NULL with WHY ("ctl-failed", "disk"). Each request is
 * [identity][empty][json]. The socket file may outlive the program; the next one replaces it, which
 * is safe since only the holder of the directory's lock listens. */
zsock_t *ctl_listen(const char *dir, refusal_t *why);
/* Takes one waiting request: new string, and the address to answer to, which ctl_answer consumes.
 * NULL if none. Never waits. What is no request is dropped. */
char *ctl_take(zsock_t *ctl, zframe_t **from_p);
/* Never waits: an asker who has left gets nothing. */
void ctl_answer(zsock_t *ctl, zframe_t **from_p, const char *reply);

/* The command line's end. 1 if a program listens on DIR now. */
int ctl_listening(const char *dir);
/* Takes the lock of DIR for a program that will run there, as file_lock_dir, but waits a while where another
 * command holds it: that is done soon. -1 at once where a program runs. */
int ctl_lock(const char *dir, refusal_t *why);
/* Sends REQUEST to the program that runs on DIR. New string, or NULL if it did not answer within
 * WAIT_MS, or ended before it did, which *ENDED tells; it may have done what was asked even so. */
char *ctl_ask(const char *dir, const char *request, int wait_ms, int *ended);

#endif
