/* SPDX-License-Identifier: MPL-2.0 */
/* test_status.c - one screen. */
#include "agent/status.h"

#include "proto/base/json.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

static void test_status_tells_what_waits_and_what_to_do(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_ok(agent, NULL, "status");
    assert_non_null(strstr(verb_out, "To be sent: 1"));
    assert_non_null(strstr(verb_out, "baocao-agent send"));
    assert_int_equal(outbox_fact_put(agent->outbox, "error_code", "collector-unreachable"), 0);
    assert_int_equal(outbox_fact_put(agent->outbox, "error_en", "Cannot be reached."), 0);
    assert_int_equal(outbox_fact_put_int(agent->outbox, "skew", 600000), 0);
    verb_ok(agent, NULL, "status");
    assert_non_null(strstr(verb_out, "Cannot be reached."));
    assert_non_null(strstr(verb_out, "10 minutes"));
    json_t *j = verb_json(agent, NULL, "status");
    assert_int_equal(json_int(j, "waiting", 0), 1);
    assert_string_equal(json_text(json_object_get(j, "error"), "code"), "collector-unreachable");
    json_decref(j);
    kit_store(agent, id, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1);
    verb_ok(agent, NULL, "status");
    assert_non_null(strstr(verb_out, "Nothing waits"));
    kit_close(&agent);
}

static void test_status_before_the_enrolment(void **state) {
    agent_t *agent = kit_agent(*state);
    assert_int_equal(outbox_fact_put(agent->outbox, "unit", NULL), 0);
    verb_ok(agent, NULL, "status");
    assert_non_null(strstr(verb_out, "join CODE"));
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_status_tells_what_waits_and_what_to_do),
        IN_DIR(test_status_before_the_enrolment),
    };
    return RUN(tests);
}
