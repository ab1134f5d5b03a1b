/* ctl.h - how a command line reaches the running program: ipc in DIR/run, mode 0700.
 *
 * Request and reply are one JSON frame each: {"argv":[…],"lang","json","input"} and
 * {"exit","out","err","files":[{"path","mode","data"}]}; input and data are base64, since files need not be UTF-8. */
#ifndef BC_CTL_H
#define BC_CTL_H

#include <czmq.h>

#include "proto/base/refusal.h"

/* The daemon's end: a bound ROUTER socket, or NULL with WHY. Each request is [identity][empty][json]. */
zsock_t *ctl_listen(const char *dir, refusal_t *why);
/* Takes one waiting request: new string, and the address to answer to, which ctl_answer consumes. NULL if none. */
char *ctl_take(zsock_t *ctl, zframe_t **from_p);
void ctl_answer(zsock_t *ctl, zframe_t **from_p, const char *reply);

/* The command line's end: sends REQUEST to the program that runs on DIR. New string, or NULL if it did not
 * answer within WAIT_MS. */
char *ctl_ask(const char *dir, const char *request, int wait_ms);

#endif
