/* SPDX-License-Identifier: MPL-2.0 */
/* test_run.c - the agent as a running program, in a thread of the test: commands, the drop folder, the
 * end. */
#include <pthread.h>
#include <signal.h>

#include "agent/send.h"
#include "proto/base/clock.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/fake.h"
#include "tests/support.h"

typedef struct {
    char *dir;
    int status;
} daemon_t;

static void *live(void *arg) {
    daemon_t *d = arg;
    refusal_t why = {0};
    conf_t *conf = conf_load(NULL, agent_program.keys, &why);
    args_t *args = mem_alloc(sizeof *args);
    io_t io = {.out = stdout, .err = stdout, .lang = LANG_EN};
    args->dir = d->dir;
    d->status = send_run_verb(NULL, args, conf, &io);
    conf_free(&conf);
    free(args);
    return NULL;
}

/* What the running program answers to one verb: new JSON of what it printed. */
static json_t *ask(const char *dir, const char *verb) {
    char *request =
        mem_printf("{\"argv\":[\"--lang=en\",\"--dir=%s\",\"--json\",\"%s\"],\"cwd\":\"/\",\"person\":\"x\","
                   "\"input\":\"\"}",
                   dir, verb);
    int ended;
    char *reply = ctl_ask(dir, request, 5000, &ended);
    json_t *j = reply ? json_loads(reply, 0, NULL) : NULL;
    json_t *out = j ? json_loads(json_text(j, "out"), 0, NULL) : NULL;
    json_decref(j);
    free(reply);
    free(request);
    return out;
}

static void test_run_serves_commands_and_ends_on_a_signal(void **state) {
    agent_t *agent = kit_agent(*state);
    fake_t fake;
    char id[UUID_TEXT];
    daemon_t d = {.dir = *state, .status = -1};
    pthread_t thread;
    fake_open(&fake, agent);
    assert_int_equal(outbox_fact_put(agent->outbox, "endpoint", "tcp://127.0.0.1:1"), 0);
    kit_activity(agent, 10, id);
    kit_close(&agent);
    assert_int_equal(pthread_create(&thread, NULL, live, &d), 0);
    assert_true(WAIT_UNTIL(ctl_listening(*state), 30000));
    json_t *status = ask(*state, "status");
    assert_int_equal(json_int(status, "waiting", -1), 1);
    assert_true(json_bool(status, "running", 0));
    json_decref(status);
    char *folder = dir_path(state, "drop/taken");
    assert_true(WAIT_UNTIL(file_exists(folder), 30000));
    free(folder);
    pthread_kill(thread, SIGTERM);
    pthread_join(thread, NULL);
    assert_int_equal(d.status, 0);
    assert_true(WAIT_UNTIL(!ctl_listening(*state), 5000)); /* libzmq closes sockets behind our back */
    fake_close(&fake);
}

static void test_run_before_the_enrolment_says_so(void **state) {
    daemon_t d = {.dir = *state, .status = -1};
    live(&d);
    assert_int_equal(d.status, 65);
}

int main(void) {
    /* Blocked here, so that the signal reaches only the descriptor the program reads. */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    const struct CMUnitTest tests[] = {
        IN_DIR(test_run_serves_commands_and_ends_on_a_signal),
        IN_DIR(test_run_before_the_enrolment_says_so),
    };
    return RUN(tests);
}
