/* SPDX-License-Identifier: MPL-2.0 */
/* test_desk.c - what is kept, what is known already, and what is a question. */
#include "agent/desk.h"

#include "agent/compose.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

/* Enters an activity with this reference, day and number of people. */
static int enter(agent_t *agent, const char *ref, const char *day, int people, const desk_how_t *how,
                 desk_t *out, refusal_t *why) {
    json_t *doc = json_pack("{ss ss ss s{si si}}", "from", day, "to", day, "form", "F1", "measures",
                            "sessions", 1, "attendances", people);
    int rc = compose_fill(agent, doc, &(compose_t){.ref = ref}, why);
    if (!rc) rc = desk_enter_one(agent, doc, how, out, why);
    json_decref(doc);
    return rc;
}

static void test_desk_adds_knows_asks_and_revises(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    desk_t done;
    const desk_how_t plain = {0}, reason = {.reason = "Counted again"}, again = {.again = 1};
    assert_int_equal(enter(agent, "A", "2024-11-20", 10, &plain, &done, &why), 0);
    assert_int_equal(done.result, DESK_ADDED);
    assert_int_equal(done.rev, 1);
    assert_int_equal(enter(agent, "A", "2024-11-20", 10, &plain, &done, &why), 0);
    assert_int_equal(done.result, DESK_KNOWN);
    assert_int_equal(done.no, 1);
    assert_int_equal(enter(agent, "A", "2024-11-20", 11, &plain, &done, &why), BC_REFUSED);
    assert_string_equal(why.code, "entered-before");
    assert_int_equal(enter(agent, "B", "2024-11-20", 10, &plain, &done, &why), BC_REFUSED);
    assert_string_equal(why.code, "looks-double");
    assert_int_equal(kit_kept(agent), 1);
    assert_int_equal(enter(agent, "B", "2024-11-20", 10, &again, &done, &why), 0);
    assert_int_equal(enter(agent, "A", "2024-11-20", 11, &reason, &done, &why), 0);
    assert_int_equal(done.result, DESK_REVISED);
    assert_int_equal(done.rev, 2);
    assert_int_equal(done.no, 1);
    json_t *doc = kit_document(agent, done.id);
    assert_string_equal(json_text(doc, "reason"), "Counted again");
    json_decref(doc);
    kit_close(&agent);
}

static void test_desk_warns_of_the_future_and_refuses_the_impossible(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    desk_t done;
    assert_int_equal(enter(agent, "A", "2199-01-01", 10, &(desk_how_t){0}, &done, &why), 0);
    assert_int_equal(done.warnings, 1);
    assert_string_equal(done.warning[0].code, "date-future");
    assert_int_equal(enter(agent, "B", "2024-02-31", 10, &(desk_how_t){0}, &done, &why), BC_REFUSED);
    assert_string_equal(why.code, "date-bad");
    assert_int_equal(enter(agent, "C", "2020-01-01", 10, &(desk_how_t){0}, &done, &why), BC_REFUSED);
    assert_string_equal(why.code, "date-before-plan");
    assert_int_equal(kit_kept(agent), 1);
    kit_close(&agent);
}

static void test_desk_lets_what_was_refused_try_again_as_a_revision(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    desk_t done;
    assert_int_equal(enter(agent, "A", "2024-11-20", 10, &(desk_how_t){0}, &done, &why), 0);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_verdict(agent->outbox, 1, KEPT_REFUSED, &why, 0, 1), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    assert_int_equal(enter(agent, "A", "2024-11-20", 10, &(desk_how_t){0}, &done, &why), 0);
    assert_int_equal(done.result, DESK_KNOWN);
    assert_int_equal(
        enter(agent, "A", "2024-11-20", 10, &(desk_how_t){.reason = "The grant came"}, &done, &why), 0);
    assert_int_equal(done.result, DESK_REVISED);
    assert_int_equal(kit_state(agent, done.id), KEPT_WAITING);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_desk_adds_knows_asks_and_revises),
        IN_DIR(test_desk_warns_of_the_future_and_refuses_the_impossible),
        IN_DIR(test_desk_lets_what_was_refused_try_again_as_a_revision),
    };
    return RUN(tests);
}
