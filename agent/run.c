/* SPDX-License-Identifier: MPL-2.0 */
/* run.c - the agent as a program that runs: one loop over signals, commands, the drop folder and the
 * courier. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/door.h"
#include "agent/send.h"
#include "proto/base/clock.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/log.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"

typedef struct {
    agent_t *agent;
    const conf_t *conf;
    int signals;
    zsock_t *ctl;
    door_t *door;
    int64_t door_due;
} run_t;

/* Everything that lies in the door's folder and is ready. */
static int serve_door(run_t *r) {
    int64_t now = clock_mono_ms(), added = 0;
    if (now < r->door_due) return BC_OK;
    int64_t wait = door_tick(r->door, now, &added);
    if (wait < 0) return (int)wait;
    r->door_due = clock_mono_ms() + wait;
    if (added) courier_nudge(r->agent->courier);
    return BC_OK;
}

/* Commands of the officer, which run here since the store is open here. */
static void serve_commands(run_t *r) {
    zframe_t *from;
    char *request;
    while ((request = ctl_take(r->ctl, &from))) {
        char *reply = program_serve(&agent_program, r->agent, r->conf, request);
        ctl_answer(r->ctl, &from, reply);
        free(reply);
        free(request);
        courier_nudge(r->agent->courier);
    }
}

/* Sleeps until something is to be done; 1 where a signal asks to stop. */
static int wait_for_work(run_t *r) {
    zmq_pollitem_t items[4] = {{.fd = r->signals, .events = ZMQ_POLLIN},
                               {.socket = zsock_resolve(r->ctl), .events = ZMQ_POLLIN}};
    size_t n = 2 + courier_items(r->agent->courier, items + 2);
    int64_t due = courier_due(r->agent->courier);
    if (r->door_due < due) due = r->door_due;
    int64_t left = due - clock_mono_ms();
    zmq_poll(items, (int)n, left > 0 ? (long)left : 0);
    int signal = signals_take(r->signals);
    return signal == SIGTERM || signal == SIGINT;
}

static int loop(run_t *r) {
    int rc = BC_OK;
    while (!rc && !wait_for_work(r)) {
        serve_commands(r);
        rc = serve_door(r);
        if (!rc) rc = courier_turn(r->agent->courier);
    }
    return rc;
}

static int open_all(run_t *r, refusal_t *why) {
    courier_times_t times = send_times(r->conf);
    agent_t *agent = r->agent;
    agent->courier =
        courier_new(agent->outbox, agent->dir, conf_text(r->conf, "collector/endpoint"), &times, why);
    if (!agent->courier) return BC_REFUSED;
    const char *folder = conf_text(r->conf, "door/folder");
    char *own = file_path(agent->dir, "drop");
    r->door = door_open(agent, *folder ? folder : own, why);
    free(own);
    if (!r->door) return BC_REFUSED;
    r->ctl = ctl_listen(agent->dir, why);
    return r->ctl ? BC_OK : BC_REFUSED;
}

static int run(const args_t *args, const conf_t *conf, int signals, refusal_t *why) {
    run_t r = {.conf = conf, .signals = signals, .agent = agent_program.open(args, conf, why)};
    if (!r.agent) return BC_REFUSED;
    int rc = open_all(&r, why);
    if (!rc) {
        log_info("agent.running", "dir=\"%s\"", args->dir);
        rc = loop(&r);
        if (rc)
            refuse(why, "disk", NULL,
                   "Không ghi được vào ổ đĩa; chương trình dừng. Báo cáo đã lưu trước đó vẫn còn.",
                   "Cannot write to the disk; the program stops. What was kept before is still there.");
        log_info("agent.stopping", "rc=%s", rc_name(rc));
    }
    zsock_destroy(&r.ctl);
    door_close(&r.door);
    courier_free(&r.agent->courier);
    void *store = r.agent;
    agent_program.close(&store);
    return rc;
}

int send_run_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    (void)store;
    int rc, signals = signals_open(), lock = agent_lock(args->dir, &rc, &why);
    if (!rc && signals < 0)
        rc = refuse(&why, "signals", NULL, "Không nhận được tín hiệu dừng của hệ thống.",
                    "Signals of the system cannot be received.");
    if (!rc) rc = run(args, conf, signals, &why);
    if (lock >= 0) close(lock);
    return rc ? io_refused(io, rc, &why) : EX_OK;
}
