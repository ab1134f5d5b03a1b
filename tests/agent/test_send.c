/* SPDX-License-Identifier: MPL-2.0 */
/* test_send.c - sending once, from the command line. The daemon is seen in tests/scenario/agent_*.py. */
#include "agent/send.h"

#include "tests/agent/fake.h"
#include "tests/support.h"

static void test_send_before_the_enrolment_says_so(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_refused(agent, NULL, "send", "not-joined");
    assert_null(strstr(verb_out, "Nothing waits")); /* nothing was looked for */
    kit_close(&agent);
}

static void test_send_without_a_collector_ends_with_try_again(void **state) {
    agent_t *agent = kit_agent(*state);
    fake_t fake;
    char id[UUID_TEXT];
    fake_open(&fake, agent);
    kit_activity(agent, 10, id);
    assert_int_equal(outbox_fact_put(agent->outbox, "endpoint", "tcp://127.0.0.1:1"), 0);
    assert_int_equal(verb_run(agent, NULL, "send"), 75);
    assert_non_null(strstr(verb_err, "collector-unreachable"));
    assert_non_null(strstr(verb_out, "1 reports still wait"));
    assert_int_equal(kit_state(agent, id), KEPT_WAITING);
    fake_close(&fake);
    kit_close(&agent);
}

static void test_send_refuses_a_wait_that_is_no_time(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_refused(agent, NULL, "send|--wait|soon", "option-value");
    verb_refused(agent, NULL, "send|--wait|5x", "option-value");
    kit_close(&agent);
}

static void test_send_beside_the_daemon_only_wakes_it(void **state) {
    agent_t *agent = kit_agent(*state);
    fake_t fake;
    refusal_t why = {0};
    char id[UUID_TEXT];
    fake_open(&fake, agent);
    courier_times_t times = {.patience = 1000, .backoff = 10, .stay = 1000, .look = 1000};
    agent->courier = courier_new(agent->outbox, agent->dir, "", &times, &why);
    verb_ok(agent, NULL, "send");
    kit_activity(agent, 10, id);
    assert_int_equal(verb_run(agent, NULL, "send"), 75);
    assert_non_null(strstr(verb_err, "send-running"));
    courier_free(&agent->courier);
    fake_close(&fake);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_send_before_the_enrolment_says_so),
        IN_DIR(test_send_without_a_collector_ends_with_try_again),
        IN_DIR(test_send_refuses_a_wait_that_is_no_time),
        IN_DIR(test_send_beside_the_daemon_only_wakes_it),
    };
    return RUN(tests);
}
