/* signals.h - SIGTERM and SIGINT as something a poll loop can read. */
#ifndef BC_SIGNALS_H
#define BC_SIGNALS_H

/* Blocks SIGTERM, SIGINT, SIGHUP in this thread (call it before any other thread starts), ignores
 * SIGPIPE, turns off czmq's handlers, and returns a descriptor that becomes readable when one
 * arrives; -1 on failure. */
int signals_open(void);
/* The number of a signal that arrived, 0 if none. */
int signals_take(int fd);

#endif
