/* SPDX-License-Identifier: MPL-2.0 */
/* verb_run.c - the daemon: one loop over the line to the collector, the command line's requests and
 * signals. */
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "aggregator/verbs.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"

#define TURN_MS 1000

static void serve(aggregator_t *self, const conf_t *conf, zsock_t *ctl) {
    zframe_t *from = NULL;
    for (char *request; (request = ctl_take(ctl, &from));) {
        char *reply = program_serve(&verbs_program, self, conf, request);
        ctl_answer(ctl, &from, reply);
        free(reply);
        free(request);
    }
}

static int loop(aggregator_t *self, const conf_t *conf, zsock_t *ctl, int signals, refusal_t *why) {
    const cursor_t *at = store_cursor(self->store);
    log_info("run.ready", "log=%s position=%lld", at->log[0] ? at->log : "-", (long long)at->position);
    for (;;) {
        int rc = follow_tick(self->follow, why);
        if (rc) return rc;
        serve(self, conf, ctl);
        if (signals_take(signals)) break;
        follow_wait(self->follow, signals, ctl, TURN_MS);
    }
    log_info("run.stopped", "position=%lld", (long long)store_cursor(self->store)->position);
    return BC_OK;
}

int verb_run(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    refusal_t why = {0};
    peer_t peer;
    int lock = verbs_lock(args->dir, &why);
    if (lock < 0) return verbs_refused(io, &why);
    int signals = signals_open();
    if (signals < 0) abort(); /* only without descriptors, at the start */
    int rc = peer_load(args->dir, &peer, &why);
    aggregator_t *self = rc == BC_OK ? verbs_open(args->dir, &why) : NULL;
    if (self) self->follow = follow_new(args->dir, &peer, conf, self->store, &why);
    zsock_t *ctl = self && self->follow ? ctl_listen(args->dir, &why) : NULL;
    if (ctl) {
        rc = loop(self, conf, ctl, signals, &why);
    } else if (rc == BC_OK) {
        rc = BC_REFUSED;
    }
    zsock_destroy(&ctl);
    verbs_close(&self);
    close(lock);
    return rc ? verbs_failed(io, rc, &why) : EX_OK;
}
