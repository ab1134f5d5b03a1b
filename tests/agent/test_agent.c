/* SPDX-License-Identifier: MPL-2.0 */
/* test_agent.c - for whom this computer may enter, and which plan is meant. */
#include "agent/agent.h"

#include <sys/wait.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

static void test_agent_may_act_for_what_was_granted(void **state) {
    agent_t *agent = kit_agent(*state);
    assert_true(agent_may_act(agent, KIT_UNIT));
    assert_true(agent_may_act(agent, KIT_OTHER));
    assert_false(agent_may_act(agent, "BD.02"));
    char *name = agent_unit_name(agent, KIT_OTHER), *kind = agent_unit_kind(agent, KIT_OTHER);
    assert_string_equal(name, "CĐCS Công ty Ví dụ Một");
    assert_string_equal(kind, "grassroots");
    assert_null(agent_unit_name(agent, "BD.02"));
    free(name);
    free(kind);
    kit_close(&agent);
}

static void test_agent_leaves_a_list_cut_short_to_the_collector(void **state) {
    agent_t *agent = kit_agent(*state);
    json_t *units = json_array();
    for (int i = 0; i < 500; i++)
        json_array_append_new(units, json_pack("[sss]", "X", "y", "z"));
    json_t *grants = json_pack("[{so}]", "units", units);
    char *text = json_canonical(grants);
    assert_int_equal(outbox_fact_put(agent->outbox, "grants", text), 0);
    assert_true(agent_may_act(agent, "BD.02"));
    json_decref(grants);
    free(text);
    kit_close(&agent);
}

static void test_agent_without_enrolment_says_so(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    assert_int_equal(outbox_fact_put(agent->outbox, "unit", NULL), 0);
    assert_null(agent_unit(agent, &why));
    assert_string_equal(why.code, "not-joined");
    assert_non_null(strstr(why.vi, "baocao-agent join"));
    kit_close(&agent);
}

static void test_agent_asks_which_plan_where_there_are_two(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    const plan_t *plan = agent_plan(agent, NULL, &why);
    assert_string_equal(plan_number(plan), KIT_PLAN);
    kit_second_plan(agent);
    assert_null(agent_plan(agent, NULL, &why));
    assert_string_equal(why.code, "plan-which");
    assert_string_equal(plan_number(agent_plan(agent, KIT_SECOND, &why)), KIT_SECOND);
    assert_null(agent_plan(agent, "1/KH", &why));
    assert_string_equal(why.code, "plan-unknown");
    kit_close(&agent);
}

static void test_agent_before_the_first_plan_says_so(void **state) {
    refusal_t why = {0};
    agent_t agent = {.outbox = outbox_open(*state, &why), .dir = *state};
    assert_null(agent_plan(&agent, KIT_PLAN, &why));
    assert_string_equal(why.code, "plan-none");
    assert_non_null(strstr(why.vi, "baocao-agent send"));
    outbox_close(&agent.outbox);
}

/* 1 while a process sleeps. The other end of the test does so only between two looks at the lock. */
static int asleep(pid_t pid) {
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    if (!f) return 0;
    const char *got = fgets(line, sizeof line, f), *name_end = got ? strrchr(line, ')') : NULL;
    fclose(f);
    return name_end && name_end[1] && name_end[2] == 'S';
}

static void test_agent_lock_waits_for_a_short_command(void **state) {
    refusal_t why = {0};
    int rc, lock = agent_lock(*state, &rc, &why);
    assert_true(lock >= 0);
    pid_t pid = fork();
    if (pid == 0) { /* holds the other end while this one waits */
        close(lock); /* the lock is held as long as any copy of its descriptor */
        int status, second = agent_lock(*state, &status, &why);
        _exit(second >= 0 ? 0 : 1);
    }
    assert_true(WAIT_UNTIL(asleep(pid), 30000)); /* it has looked in vain */
    close(lock);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(agent_lock("/nonexistent", &rc, &why), -1);
    assert_int_equal(rc, BC_NOTFOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_agent_may_act_for_what_was_granted),
        IN_DIR(test_agent_leaves_a_list_cut_short_to_the_collector),
        IN_DIR(test_agent_without_enrolment_says_so),
        IN_DIR(test_agent_asks_which_plan_where_there_are_two),
        IN_DIR(test_agent_before_the_first_plan_says_so),
        IN_DIR(test_agent_lock_waits_for_a_short_command),
    };
    return RUN(tests);
}
