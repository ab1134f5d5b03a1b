/* SPDX-License-Identifier: MPL-2.0 */
/* test_report.c - documents from JSON. */
#include "agent/report.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

#define ACTIVITY(people)                                                                           \
    "{\"from\":\"2024-11-20\",\"to\":\"2024-11-20\",\"form\":\"F1\",\"measures\":{\"sessions\":1," \
    "\"attendances\":" #people "}}"

static void test_report_takes_one_document(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, "\xef\xbb\xbf" ACTIVITY(10), "report|-");
    assert_non_null(strstr(verb_out, "report number 1"));
    verb_ok(agent, ACTIVITY(10), "report|-");
    assert_non_null(strstr(verb_out, "nothing was added"));
    verb_refused(agent, ACTIVITY(11), "report|-|--unit|BD.02", "unit-not-granted");
    verb_ok(agent, ACTIVITY(11), "report|-|--unit|" KIT_OTHER);
    assert_int_equal(kit_kept(agent), 2);
    kit_close(&agent);
}

static void test_report_takes_a_document_on_each_line(void **state) {
    agent_t *agent = kit_agent(*state);
    json_t *out =
        verb_json(agent, ACTIVITY(10) "\n\n" ACTIVITY(11) "\r\n{\"form\":\n" ACTIVITY(11) "\n", "report|x");
    assert_int_equal(json_int(out, "added", -1), 2);
    assert_int_equal(json_int(out, "known", -1), 1);
    assert_int_equal(json_int(out, "refused", -1), 1);
    const json_t *bad = json_array_get(json_object_get(out, "rows"), 2);
    assert_int_equal(json_int(bad, "line", 0), 4);
    assert_string_equal(json_text(bad, "code"), "json-malformed");
    json_decref(out);
    assert_int_equal(kit_kept(agent), 2);
    kit_close(&agent);
}

static void test_report_asks_before_it_enters_a_likeness(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, ACTIVITY(10), "report|-");
    const char titled[] =
        "{\"title\":\"Khác\",\"from\":\"2024-11-20\",\"to\":\"2024-11-20\",\"form\":\"F1\",\"measures\":"
        "{\"sessions\":1,\"attendances\":10}}";
    verb_refused(agent, titled, "report|-", "looks-double");
    verb_ok(agent, titled, "report|-|--again");
    assert_int_equal(kit_kept(agent), 2);
    kit_close(&agent);
}

static void test_report_fills_the_list_of_a_period(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT], period[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_ok(agent, "{\"period\":\"2024-11\"}", "report|-");
    uuid_bc_t u = document_period_id(KIT_UNIT, KIT_PLAN, "duonglich", "2024-11");
    json_t *doc = kit_document(agent, uuid_text(&u, period));
    const json_t *list = json_object_get(doc, "activities");
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_text(json_array_get(list, 0), "id"), id);
    json_decref(doc);
    verb_refused(agent, "{\"period\":\"2024-13\"}", "report|-", "period-unknown");
    kit_close(&agent);
}

static void test_report_aggregate_again_needs_a_reason(void **state) {
    agent_t *agent = kit_agent(*state);
    const char one[] = "{\"period\":\"2024-11\",\"covers\":[\"" KIT_OTHER
                       "\"],\"measures\":{\"sessions\":1,\"attendances\":9}}",
               two[] = "{\"period\":\"2024-11\",\"covers\":[\"" KIT_OTHER
                       "\"],\"measures\":{\"sessions\":2,\"attendances\":9}}";
    verb_ok(agent, one, "report|-");
    verb_refused(agent, two, "report|-", "entered-before");
    verb_ok(agent, two, "report|-|--reason|Counted again");
    assert_non_null(strstr(verb_out, "report number 1"));
    kit_close(&agent);
}

static void test_report_refuses_bad_json(void **state) {
    static const char *const bad[][2] = {{"", "json-malformed"},
                                         {"[1]", "json-not-object"},
                                         {"{\"a\":1,\"a\":1}", "json-duplicate"},
                                         {ACTIVITY(1.234), "measure-type"}};
    agent_t *agent = kit_agent(*state);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        verb_refused(agent, bad[i][0], "report|-", bad[i][1]);
    assert_int_equal(kit_kept(agent), 0);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_report_takes_one_document),
        IN_DIR(test_report_takes_a_document_on_each_line),
        IN_DIR(test_report_asks_before_it_enters_a_likeness),
        IN_DIR(test_report_fills_the_list_of_a_period),
        IN_DIR(test_report_aggregate_again_needs_a_reason),
        IN_DIR(test_report_refuses_bad_json),
    };
    return RUN(tests);
}
