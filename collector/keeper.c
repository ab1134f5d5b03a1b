/* SPDX-License-Identifier: MPL-2.0 */
/* keeper.c - group commit in a thread of its own. */
#include "collector/keeper.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "collector/admin.h"
#include "collector/decide.h"
#include "proto/base/clock.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"

#define GROUP_DOCUMENTS 4096 /* most in one transaction, so that the first in it does not wait long */
#define GROUP_BYTES (8 << 20)
#define GROUP_JOBS 1024
#define WAL_MOST (64 << 20) /* moved into the file beyond this */
#define WAL_IDLE (1 << 20)  /* the same while there is nothing to do */
#define IDLE_MS 2000
#define EXIT_DISK 74 /* sysexits.h EX_IOERR */

struct keeper {
    zsock_t *front; /* intake's end */
    pthread_t thread;
    int64_t busy;
    /* The thread's own: */
    zsock_t *back;
    admin_t admin;
    const conf_t *conf;
    stats_t *stats;
    job_t *held; /* taken from the socket, but its turn comes after the group */
};

/* ---- the thread ---- */

/* Nothing may be answered any more, and nothing may be tried again: a second fsync after a failed one lies.
 */
static _Noreturn void stop_at_once(int rc) {
    log_error("keeper.stop",
              "rc=%s do=\"check the disk and its free space, then start the collector again: agents "
              "send again what was not answered\"",
              rc_name(rc));
    _exit(EXIT_DISK);
}

/* The next job, NULL where none comes within WAIT_MS. */
static job_t *next_job(keeper_t *self, int wait_ms) {
    job_t *job = self->held;
    self->held = NULL;
    if (job) return job;
    zmq_pollitem_t item = {.socket = zsock_resolve(self->back), .events = ZMQ_POLLIN};
    if (wait_ms && zmq_poll(&item, 1, wait_ms) <= 0) return NULL;
    if (zmq_recv(zsock_resolve(self->back), &job, sizeof job, ZMQ_DONTWAIT) != sizeof job) return NULL;
    return job;
}

static void hand_back(keeper_t *self, job_t *job) {
    int sent = zmq_send(zsock_resolve(self->back), &job, sizeof job, 0);
    assert(sent == sizeof job); /* inproc without a high-water mark */
    (void)sent;
}

static int enrol(keeper_t *self, job_t *job) {
    int rc = enrol_decide(self->admin.queue, &job->enrol.request, job->enrol.now, &job->enrol.result);
    if (rc == BC_OK && job->enrol.result.fresh) job->changed = REGISTRY_ACCESS;
    return rc;
}

/* One job of a group. 0 or a stop. */
static int run(keeper_t *self, job_t *job) {
    switch (job->kind) {
    case JOB_BATCH: return batch_store(job->batch, self->admin.queue);
    case JOB_ENROL: return enrol(self, job);
    case JOB_DECISION: return decide_store(self->admin.queue, &job->decision);
    case JOB_CURSOR:
        return queue_cursor_put(self->admin.queue, job->cursor.consumer, job->cursor.position,
                                job->cursor.now);
    default: assert(0);
    }
    return BC_BROKEN;
}

static int in_group(const job_t *job) {
    return job->kind != JOB_CTL && job->kind != JOB_STOP;
}

static int commit(keeper_t *self, int64_t documents) {
    head_t head;
    int rc = queue_head(self->admin.queue, &head);
    int64_t began = clock_mono_us();
    if (rc == BC_OK) rc = queue_commit(self->admin.queue);
    if (rc == BC_OK) stats_commit(self->stats, clock_mono_us() - began, documents, head.position);
    return rc;
}

/* Runs FIRST and what waits behind it in one transaction, then hands all of them back. */
static void run_group(keeper_t *self, job_t *first) {
    job_t *group[GROUP_JOBS];
    int64_t documents = 0, bytes = 0;
    int n = 0, rc = queue_begin(self->admin.queue);
    for (job_t *job = first; job && rc == BC_OK; job = next_job(self, 0)) {
        if (!in_group(job)) {
            self->held = job;
            break;
        }
        rc = run(self, job);
        group[n++] = job;
        if (job->kind == JOB_BATCH) {
            documents += (int64_t)batch_count(job->batch);
            bytes += batch_bytes(job->batch);
        }
        if (n == GROUP_JOBS || documents >= GROUP_DOCUMENTS || bytes >= GROUP_BYTES) break;
    }
    if (rc == BC_OK) rc = commit(self, documents);
    if (rc != BC_OK) stop_at_once(rc);
    for (int i = 0; i < n; i++)
        hand_back(self, group[i]);
}

/* A verb makes its own transactions. */
static void run_command_line(keeper_t *self, job_t *job) {
    head_t head;
    self->admin.live = job->ctl.live;
    self->admin.changed = 0;
    job->ctl.reply = program_serve(&admin_program, &self->admin, self->conf, job->ctl.request);
    job->changed = self->admin.changed;
    self->admin.live = NULL;
    int rc = self->admin.broken ? self->admin.broken : queue_head(self->admin.queue, &head);
    if (rc != BC_OK) stop_at_once(rc);
    atomic_store(&self->stats->position, head.position);
    hand_back(self, job);
}

static void tidy(keeper_t *self, int64_t most) {
    int rc = queue_tidy(self->admin.queue, most);
    if (rc != BC_OK) stop_at_once(rc);
}

static void *main_of_thread(void *arg) {
    keeper_t *self = arg;
    for (;;) {
        job_t *job = next_job(self, IDLE_MS);
        if (!job) {
            tidy(self, WAL_IDLE);
            continue;
        }
        if (job->kind == JOB_STOP) {
            job_free(&job);
            return NULL;
        }
        if (job->kind == JOB_CTL)
            run_command_line(self, job);
        else
            run_group(self, job);
        tidy(self, WAL_MOST);
    }
}

/* ---- intake's side ---- */

/* Without a high-water mark: what is under way is bounded by the credit that was granted. */
static zsock_t *pair_end(int bind, const void *id) {
    zsock_t *sock = zsock_new(ZMQ_PAIR);
    assert(sock); /* only without memory or sockets, at the start */
    zsock_set_sndhwm(sock, 0);
    zsock_set_rcvhwm(sock, 0);
    int rc =
        bind ? zsock_bind(sock, "inproc://keeper-%p", id) : zsock_connect(sock, "inproc://keeper-%p", id);
    assert(rc == 0);
    (void)rc;
    return sock;
}

keeper_t *keeper_start(queue_t **queue_p, const char *dir, const conf_t *conf, stats_t *stats) {
    keeper_t *self = mem_alloc(sizeof *self);
    head_t head;
    self->front = pair_end(1, self);
    self->back = pair_end(0, self);
    self->admin.queue = *queue_p;
    self->admin.dir = mem_str(dir);
    self->conf = conf;
    self->stats = stats;
    *queue_p = NULL;
    if (queue_head(self->admin.queue, &head) == BC_OK) atomic_store(&stats->position, head.position);
    if (pthread_create(&self->thread, NULL, main_of_thread, self)) abort();
    pthread_setname_np(self->thread, "keeper");
    return self;
}

void keeper_give(keeper_t *self, job_t **job_p) {
    int sent = zmq_send(zsock_resolve(self->front), job_p, sizeof *job_p, ZMQ_DONTWAIT);
    assert(sent == sizeof *job_p);
    (void)sent;
    self->busy++;
    *job_p = NULL;
}

job_t *keeper_take(keeper_t *self) {
    job_t *job;
    if (zmq_recv(zsock_resolve(self->front), &job, sizeof job, ZMQ_DONTWAIT) != sizeof job) return NULL;
    self->busy--;
    return job;
}

zsock_t *keeper_socket(keeper_t *self) {
    return self->front;
}

int64_t keeper_busy(const keeper_t *self) {
    return self->busy;
}

void keeper_stop(keeper_t **self_p) {
    keeper_t *self = *self_p;
    if (!self) return;
    job_t *stop = job_new(JOB_STOP, NULL);
    keeper_give(self, &stop);
    pthread_join(self->thread, NULL);
    for (job_t *job; (job = keeper_take(self));)
        job_free(&job);
    zsock_destroy(&self->front);
    zsock_destroy(&self->back);
    queue_close(&self->admin.queue);
    free(self->admin.dir);
    free(self);
    *self_p = NULL;
}
