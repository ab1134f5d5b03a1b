/* SPDX-License-Identifier: MPL-2.0 */
/* preload_zap.c - the ZAP handler dies: with $ZAP=absent it is never bound, though it believes so; with
 * $ZAP=deaf it cannot read what it is asked once $ZAP_FILE is there. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define PUBLIC __attribute__((visibility("default")))
#define HANDLER "inproc://zeromq.zap.01"

static void *handler;

static int asked_for(const char *how) {
    const char *value = getenv("ZAP");
    return value && strcmp(value, how) == 0;
}

static int deaf(void *sock) {
    const char *file = getenv("ZAP_FILE");
    return sock == handler && asked_for("deaf") && file && access(file, F_OK) == 0;
}

/* dlsym returns a pointer to data, which ISO C does not turn into one to a function. */
static void next(const char *name, void *function) {
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

PUBLIC int zmq_bind(void *sock, const char *endpoint) {
    int (*real)(void *, const char *);
    next("zmq_bind", &real);
    if (strcmp(endpoint, HANDLER) != 0) return real(sock, endpoint);
    handler = sock;
    return asked_for("absent") ? 0 : real(sock, endpoint);
}

PUBLIC int zmq_recvmsg(void *sock, zmq_msg_t *msg, int flags) {
    int (*real)(void *, zmq_msg_t *, int);
    next("zmq_recvmsg", &real);
    if (!deaf(sock)) return real(sock, msg, flags);
    errno = EFAULT;
    return -1;
}

PUBLIC int zmq_msg_recv(zmq_msg_t *msg, void *sock, int flags) {
    int (*real)(zmq_msg_t *, void *, int);
    next("zmq_msg_recv", &real);
    if (!deaf(sock)) return real(msg, sock, flags);
    errno = EFAULT;
    return -1;
}
