/* SPDX-License-Identifier: MPL-2.0 */
/* test_keeper.c - group commit, what comes back and in which order, and the end after a failed disk. */
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "collector/keeper.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

#define BOX "0123456789abcdef0123456789abcdef"

static stats_t stats;

static keeper_t *start(store_t *s) {
    memset(&stats, 0, sizeof stats);
    return keeper_start(&s->queue, s->dir, NULL, &stats);
}

static job_t *wait_job(keeper_t *keeper) {
    zmq_pollitem_t item = {.socket = zsock_resolve(keeper_socket(keeper)), .events = ZMQ_POLLIN};
    job_t *job = keeper_take(keeper);
    for (int64_t until = clock_mono_ms() + 10000; !job && clock_mono_ms() < until; job = keeper_take(keeper))
        zmq_poll(&item, 1, 100);
    assert_non_null(job);
    return job;
}

#define ACCEPT(rev) \
    "{\"kind\":\"accept\",\"decision\":{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"rev\":" rev "}}"

static job_t *decision(const char *seed, const char *body) {
    job_t *job = job_new(JOB_DECISION, NULL);
    job->decision.uuid = uuid_v8(&seed, 1);
    strcpy(job->decision.person, "Nguyễn Văn A");
    job->decision.key = 3;
    job->decision.received = clock_wall_ms();
    job->decision.body = mem_str(body);
    return job;
}

static void test_keeper_hands_back_in_order_what_is_on_disk(void **state) {
    store_t *s = *state;
    keeper_t *keeper = start(s);
    char seed[32];
    for (int i = 0; i < 200; i++) {
        snprintf(seed, sizeof seed, "d-%d", i);
        job_t *job = decision(seed, ACCEPT("1"));
        keeper_give(keeper, &job);
        assert_null(job);
    }
    assert_int_equal(keeper_busy(keeper), 200);
    for (int i = 0; i < 200; i++) {
        job_t *job = wait_job(keeper);
        assert_int_equal(job->decision.rc, 0);
        assert_int_equal(job->decision.position, i + 2);
        job_free(&job);
    }
    assert_int_equal(keeper_busy(keeper), 0);
    assert_int_equal(stats_get(&stats.position), 201);
    assert_true(stats_get(&stats.commits) >= 1);
    assert_true(stats_get(&stats.commits) < 200); /* what waited went together */
    head_t head;
    assert_int_equal(queue_head(store_reader(s), &head), 0);
    assert_int_equal(head.position, 201);
    keeper_stop(&keeper);
    assert_null(keeper);
}

static void test_keeper_tells_a_decision_in_conflict(void **state) {
    store_t *s = *state;
    keeper_t *keeper = start(s);
    const char *bodies[] = {ACCEPT("1"), ACCEPT("1"), ACCEPT("2")};
    const int wanted[] = {0, 0, BC_CONFLICT};
    for (int i = 0; i < 3; i++) {
        job_t *job = decision("same", bodies[i]);
        keeper_give(keeper, &job);
    }
    for (int i = 0; i < 3; i++) {
        job_t *job = wait_job(keeper);
        assert_int_equal(job->decision.rc, wanted[i]);
        assert_int_equal(job->decision.position, 2);
        job_free(&job);
    }
    keeper_stop(&keeper);
}

static void test_keeper_runs_a_command_line_between_groups(void **state) {
    store_t *s = *state;
    keeper_t *keeper = start(s);
    zframe_t *from = zframe_new("x", 1);
    job_t *before = decision("before", ACCEPT("1")), *ctl = job_new(JOB_CTL, &from),
          *after = decision("after", ACCEPT("1"));
    ctl->ctl.request =
        mem_printf("{\"argv\":[\"--lang=en\",\"--dir=%s\",\"unit\",\"list\",\"--\"],\"cwd\":\"/\","
                   "\"person\":\"test\"}",
                   s->dir);
    keeper_give(keeper, &before);
    keeper_give(keeper, &ctl);
    keeper_give(keeper, &after);
    job_t *job = wait_job(keeper);
    assert_int_equal(job->kind, JOB_DECISION);
    job_free(&job);
    job = wait_job(keeper);
    assert_int_equal(job->kind, JOB_CTL);
    assert_non_null(strstr(job->ctl.reply, "\"exit\":0"));
    job_free(&job);
    job = wait_job(keeper);
    assert_int_equal(job->decision.position, 3);
    job_free(&job);
    keeper_stop(&keeper);
}

static void test_keeper_finishes_what_was_given_before_it_stops(void **state) {
    store_t *s = *state;
    keeper_t *keeper = start(s);
    for (int i = 0; i < 20; i++) {
        char seed[32];
        snprintf(seed, sizeof seed, "d-%d", i);
        job_t *job = decision(seed, ACCEPT("1"));
        keeper_give(keeper, &job);
    }
    keeper_stop(&keeper);
    store_reopen(s);
    assert_int_equal(store_position(s), 21);
}

/* ---- a disk that fails: in a process of its own, which must end with 74 and answer nothing ---- */

static int fail_in_child(const char *dir) {
    store_t s = {0};
    refusal_t why;
    signal(SIGXFSZ, SIG_IGN);
    s.queue = queue_open(dir, &why);
    if (!s.queue) return 1;
    struct rlimit nothing = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &nothing)) return 2;
    keeper_t *keeper = keeper_start(&s.queue, dir, NULL, &stats);
    job_t *job = decision("x", ACCEPT("1"));
    keeper_give(keeper, &job);
    zmq_pollitem_t item = {.socket = zsock_resolve(keeper_socket(keeper)), .events = ZMQ_POLLIN};
    zmq_poll(&item, 1, 10000);
    return keeper_take(keeper) ? 3 : 4; /* answered, or still here */
}

static void test_keeper_ends_the_program_when_the_disk_fails(void **state) {
    store_t *s = *state;
    extern char **environ;
    char *argv[] = {"test_keeper", "fail", s->dir, NULL};
    pid_t child;
    int status;
    queue_close(&s->queue);
    assert_int_equal(posix_spawn(&child, "/proc/self/exe", NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 74);
    store_reopen(s);
    assert_int_equal(store_position(s), 1);
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        test(test_keeper_ends_the_program_when_the_disk_fails),
        test(test_keeper_hands_back_in_order_what_is_on_disk),
        test(test_keeper_tells_a_decision_in_conflict),
        test(test_keeper_runs_a_command_line_between_groups),
        test(test_keeper_finishes_what_was_given_before_it_stops),
    };
    if (argc == 3) return fail_in_child(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
