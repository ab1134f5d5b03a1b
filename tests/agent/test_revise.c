/* SPDX-License-Identifier: MPL-2.0 */
/* test_revise.c - corrections, withdrawals, and undoing them. */
#include "agent/revise.h"

#include "proto/base/json.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

static void test_revise_makes_the_next_revision(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_ok(agent, NULL, "correct|1|--set|attendances=11|--set|title=Hội nghị khác|--reason|Counted again");
    json_t *doc = kit_document(agent, id);
    assert_int_equal(json_int(doc, "rev", 0), 2);
    assert_string_equal(json_text(doc, "reason"), "Counted again");
    assert_string_equal(json_text(doc, "title"), "Hội nghị khác");
    json_decref(doc);
    verb_ok(agent,
            "{\"from\":\"2024-11-21\",\"to\":\"2024-11-21\",\"form\":\"F2\",\"measures\":{\"sessions\":1,"
            "\"attendances\":3}}",
            "correct|1|file.json|--reason|It was another day");
    doc = kit_document(agent, id);
    assert_int_equal(json_int(doc, "rev", 0), 3);
    assert_string_equal(json_text(doc, "form"), "F2");
    assert_null(json_object_get(doc, "title"));
    json_decref(doc);
    kit_close(&agent);
}

static void test_revise_without_a_change_adds_nothing(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_ok(agent, NULL, "correct|1|--set|attendances=10|--reason|x");
    assert_int_equal(kit_kept(agent), 1);
    verb_refused(agent, NULL, "correct|1|--reason|x", "setting-missing");
    verb_refused(agent, NULL, "correct|1|--set|attendances=1", "reason-missing");
    verb_refused(agent, NULL, "correct|9|--set|attendances=1|--reason|x", "document-none");
    kit_close(&agent);
}

static void test_revise_withdraws_and_restores(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_refused(agent, NULL, "withdraw|1", "reason-missing");
    verb_refused(agent, NULL, "restore|1|--reason|x", "document-not-withdrawn");
    verb_ok(agent, NULL, "withdraw|1|--reason|Belongs to another unit");
    json_t *doc = kit_document(agent, id);
    assert_true(json_is_true(json_object_get(doc, "withdrawn")));
    assert_null(json_object_get(doc, "measures"));
    json_decref(doc);
    verb_refused(agent, NULL, "withdraw|1|--reason|x", "document-withdrawn");
    verb_refused(agent, NULL, "correct|1|--set|attendances=1|--reason|x", "document-withdrawn");
    verb_ok(agent, NULL, "restore|1|--reason|It is ours");
    doc = kit_document(agent, id);
    assert_int_equal(json_int(doc, "rev", 0), 3);
    assert_int_equal(json_int(json_object_get(doc, "measures"), "attendances", 0), 10);
    json_decref(doc);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_revise_makes_the_next_revision),
        IN_DIR(test_revise_without_a_change_adds_nothing),
        IN_DIR(test_revise_withdraws_and_restores),
    };
    return RUN(tests);
}
