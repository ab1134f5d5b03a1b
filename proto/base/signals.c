/* SPDX-License-Identifier: MPL-2.0 */
/* signals.c - signals through signalfd(2), so that a loop meets them between two steps and never
 * within one. */
#include "proto/base/signals.h"

#include <czmq.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "proto/base/log.h"

int signals_open(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    zsys_handler_set(NULL);
    signal(SIGPIPE, SIG_IGN);
    errno = pthread_sigmask(SIG_BLOCK, &set, NULL);
    int fd = errno ? -1 : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) log_error("signals.failed", "errno=%d do=\"raise the limit of open files\"", errno);
    return fd;
}

int signals_take(int fd) {
    struct signalfd_siginfo info;
    ssize_t n = read(fd, &info, sizeof info);
    return n == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}
