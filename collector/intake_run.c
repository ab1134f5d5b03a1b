/* SPDX-License-Identifier: MPL-2.0 */
/* intake_run.c - starting and ending the collector: what is opened, in which order, and the verb `run`. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "collector/admin.h"
#include "collector/doctor.h"
#include "collector/intake_impl.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"
#include "proto/base/sock.h"

#define TURN_MS 500
#define LINGER_MS 2000 /* for the last receipts to leave */
#define DRAIN_MS 30000
#define BEHIND_MS 300000 /* the clock may stand so far behind the log before the operator is told */
#define FILES_WANTED 16384
#define IO_THREADS 2 /* whoever sends without end keeps one of them busy with its cryptography */

/* Each agent is an open file. */
static void raise_limits(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < FILES_WANTED)
        log_warn("intake.files",
                 "limit=%llu do=\"raise the limit of open files (LimitNOFILE), each agent needs one\"",
                 (unsigned long long)limit.rlim_cur);
}

static int open_store(intake_t *self, queue_t **writer_p, refusal_t *why) {
    *writer_p = queue_open(self->dir, why);
    if (!*writer_p) return BC_DISK;
    self->reader = queue_open_reader(self->dir, why);
    if (!self->reader) return BC_DISK;
    self->registry = registry_load(self->reader, why);
    if (!self->registry) return BC_REFUSED;
    int rc = queue_head(self->reader, &self->head);
    self->received = self->head.received;
    if (self->received > clock_wall_ms() + BEHIND_MS)
        log_warn("intake.clock", "behind_ms=%lld do=\"set this machine's clock: it stands behind the log\"",
                 (long long)(self->received - clock_wall_ms()));
    return rc;
}

static int load_keys(intake_t *self, curve_pair_t *server, refusal_t *why) {
    char *server_key = file_path(self->dir, "server.key"), *sign_key = file_path(self->dir, "sign.key");
    int rc = curve_pair_load(server_key, server, why);
    if (rc == BC_OK) rc = sign_pair_load(sign_key, &self->sign, why);
    hex_write(self->sign.public_, sizeof self->sign.public_, self->sign_hex);
    free(server_key);
    free(sign_key);
    return rc;
}

/* The gate first: a server socket without one lets everybody in. */
static int open_sockets(intake_t *self, const curve_pair_t *server, refusal_t *why) {
    self->gate = gate_open(why);
    if (!self->gate) return BC_REFUSED;
    self->documents = sock_server(conf_text(self->conf, "listen/documents"), server->secret, server->public_,
                                  GATE_DOCUMENTS, why);
    if (!self->documents) return BC_REFUSED;
    self->enrol =
        sock_server(conf_text(self->conf, "listen/enrol"), server->secret, server->public_, GATE_ENROL, why);
    if (!self->enrol) return BC_REFUSED;
    self->ctl = ctl_listen(self->dir, why);
    if (!self->ctl) return BC_REFUSED;
    self->documents_port = sock_port(self->documents);
    self->enrol_port = sock_port(self->enrol);
    return BC_OK;
}

/* Codes name the enrolment port; where the system chose it, the verb that makes them asks for this. */
static int remember_port(const intake_t *self, queue_t *writer, refusal_t *why) {
    char port[12];
    snprintf(port, sizeof port, "%d", self->enrol_port);
    int rc = queue_begin(writer);
    if (rc == BC_OK) rc = queue_fact_put(writer, "enrol_port", port);
    if (rc == BC_OK) rc = queue_commit(writer);
    if (rc != BC_OK)
        refuse(why, "disk", self->dir, "Không ghi được kho dữ liệu trong \"%s\".",
               "The store in \"%s\" cannot be written.", self->dir);
    return rc;
}

intake_t *intake_open(const char *dir, const conf_t *conf, int signals, refusal_t *why) {
    intake_t *self = mem_alloc(sizeof *self);
    queue_t *writer = NULL;
    curve_pair_t server;
    self->dir = mem_str(dir);
    self->conf = conf;
    self->signals = signals;
    self->started = clock_wall_ms();
    self->purse.cap = conf_int(conf, "credit/cap");
    self->sessions = sessions_new();
    self->docket = docket_new();
    self->put_off = zlist_new();
    if (!self->put_off) abort(); /* memory that czmq did not get */
    self->conduct = conduct_new();
    self->unread = unread_new(&unread_limits);
    self->hung_up = -1;
    int rc = load_keys(self, &server, why);
    if (rc == BC_OK) rc = open_store(self, &writer, why);
    if (rc == BC_OK) rc = open_sockets(self, &server, why);
    if (rc == BC_OK) rc = remember_port(self, writer, why);
    if (rc == BC_OK) {
        self->keeper = keeper_start(&writer, self->dir, conf, &self->stats);
        sodium_memzero(&server, sizeof server);
        return self;
    }
    queue_close(&writer);
    intake_close(&self);
    return NULL;
}

void intake_close(intake_t **self_p) {
    intake_t *self = *self_p;
    if (!self) return;
    if (self->documents) zsock_set_linger(self->documents, LINGER_MS);
    zsock_destroy(&self->documents);
    zsock_destroy(&self->enrol);
    zsock_destroy(&self->ctl);
    gate_close(&self->gate);
    registry_free(&self->registry);
    queue_close(&self->reader); /* before the writer, so that the writer's end empties the WAL */
    keeper_stop(&self->keeper);
    docket_free(&self->docket);
    for (job_t *job; self->put_off && (job = zlist_pop(self->put_off));)
        job_free(&job);
    zlist_destroy(&self->put_off);
    conduct_free(&self->conduct);
    unread_free(&self->unread);
    sessions_free(&self->sessions, &self->purse);
    buf_free(&self->out);
    buf_free(&self->body);
    free(self->dir);
    free(self);
    *self_p = NULL;
}

int intake_documents_port(const intake_t *self) {
    return self->documents_port;
}

int intake_enrol_port(const intake_t *self) {
    return self->enrol_port;
}

/* 0 after draining, or a stop. */
static int work(intake_t *self) {
    int rc = BC_OK;
    log_info("intake.ready", "documents=%d enrol=%d log=%s position=%lld", self->documents_port,
             self->enrol_port, self->head.log, (long long)self->head.position);
    while (!rc && !self->draining)
        rc = intake_turn(self, TURN_MS);
    for (int64_t until = clock_mono_ms() + DRAIN_MS; !rc && !intake_done(self) && clock_mono_ms() < until;)
        rc = intake_turn(self, TURN_MS);
    if (rc) log_error("intake.stop", "rc=%s do=\"start the collector again\"", rc_name(rc));
    log_info("intake.stopped", "stored=%lld unanswered=%lld", (long long)stats_get(&self->stats.stored),
             (long long)keeper_busy(self->keeper));
    return rc;
}

int intake_run(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    refusal_t why = {0};
    int lock = ctl_lock(args->dir, &why);
    if (lock < 0) return admin_refused(io, &why);
    if (doctor_may_run(args->dir, conf, &why)) {
        close(lock);
        return admin_refused(io, &why);
    }
    int signals = signals_open();
    if (signals < 0) abort(); /* only without descriptors, at the start */
    raise_limits();
    zsys_set_io_threads(IO_THREADS);
    intake_t *self = intake_open(args->dir, conf, signals, &why);
    if (!self) return admin_refused(io, &why);
    int rc = work(self);
    intake_close(&self);
    return rc_exit(rc);
}
