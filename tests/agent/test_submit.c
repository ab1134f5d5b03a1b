/* SPDX-License-Identifier: MPL-2.0 */
/* test_submit.c - "this is all". */
#include "agent/submit.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

/* The newest period document of November, new. */
static json_t *november(agent_t *agent, const char *unit) {
    char id[UUID_TEXT];
    uuid_bc_t u = document_period_id(unit, KIT_PLAN, "duonglich", "2024-11");
    return kit_document(agent, uuid_text(&u, id));
}

static void test_submit_lists_the_live_activities(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[3][UUID_TEXT];
    for (int i = 0; i < 3; i++)
        kit_activity(agent, 100 + i, id[i]);
    verb_ok(agent, NULL, "withdraw|2|--reason|A slip");
    verb_ok(agent, NULL,
            "submit|11/2024|--set|workers=500|--set|members=400|--signed|Nguyễn Văn A, Chủ tịch");
    assert_non_null(strstr(verb_out, "2 activities, 2 sessions, 202 attendances"));
    json_t *doc = november(agent, KIT_UNIT);
    assert_int_equal(json_array_size(json_object_get(doc, "activities")), 2);
    assert_int_equal(json_int(json_object_get(doc, "measures"), "workers", 0), 500);
    assert_string_equal(json_text(json_object_get(doc, "signed"), "post"), "Chủ tịch");
    json_decref(doc);
    kit_close(&agent);
}

static void test_submit_preview_keeps_nothing_and_asks(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, NULL, "submit|2024-11|--preview");
    assert_non_null(strstr(verb_out, "no activity"));
    assert_non_null(strstr(verb_out, "Is this everything"));
    assert_int_equal(kit_kept(agent), 0);
    kit_close(&agent);
}

static void test_submit_nil_is_an_empty_list(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, NULL, "submit|2024-11|--unit|" KIT_OTHER);
    json_t *doc = november(agent, KIT_OTHER);
    assert_int_equal(json_array_size(json_object_get(doc, "activities")), 0);
    assert_null(json_object_get(doc, "measures"));
    assert_string_equal(json_text(doc, "entered_by"), KIT_UNIT);
    json_decref(doc);
    kit_close(&agent);
}

static void test_submit_again_is_a_revision_only_where_something_changed(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_ok(agent, NULL, "submit|2024-11|--set|workers=500|--set|members=400");
    verb_ok(agent, NULL, "submit|2024-11");
    assert_non_null(strstr(verb_out, "nothing was added"));
    verb_ok(agent, NULL, "correct|1|--set|attendances=11|--reason|Counted again");
    assert_non_null(strstr(verb_out, "submit 2024-11"));
    verb_ok(agent, NULL, "submit|2024-11");
    json_t *doc = november(agent, KIT_UNIT);
    assert_int_equal(json_int(doc, "rev", 0), 2);
    assert_non_null(json_text(doc, "reason"));
    assert_int_equal(json_int(json_object_get(doc, "measures"), "workers", 0), 500); /* stays */
    assert_int_equal(json_int(json_array_get(json_object_get(doc, "activities"), 0), "rev", 0), 2);
    json_decref(doc);
    kit_close(&agent);
}

static void test_submit_after_a_withdrawal_is_the_next_revision(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, NULL, "submit|2024-11");
    verb_ok(agent, NULL, "withdraw|1|--reason|Too early");
    verb_ok(agent, NULL, "submit|2024-11");
    json_t *doc = november(agent, KIT_UNIT);
    assert_int_equal(json_int(doc, "rev", 0), 3);
    json_decref(doc);
    kit_close(&agent);
}

static void test_submit_refuses_what_is_no_period(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_refused(agent, NULL, "submit|2024-13", "period-unknown");
    verb_refused(agent, NULL, "submit|2024-Q4", "period-kind");
    verb_refused(agent, NULL, "submit|2024-11|--plan|1/KH", "plan-unknown");
    verb_refused(agent, NULL, "submit|2024-11|--unit|BD.02", "unit-not-granted");
    verb_refused(agent, NULL, "submit|2024-11|--set|workers=100|--set|members=400", "check-failed");
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_submit_lists_the_live_activities),
        IN_DIR(test_submit_preview_keeps_nothing_and_asks),
        IN_DIR(test_submit_nil_is_an_empty_list),
        IN_DIR(test_submit_again_is_a_revision_only_where_something_changed),
        IN_DIR(test_submit_after_a_withdrawal_is_the_next_revision),
        IN_DIR(test_submit_refuses_what_is_no_period),
    };
    return RUN(tests);
}
