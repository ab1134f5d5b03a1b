/* SPDX-License-Identifier: MPL-2.0 */
/* test_show.c - what the officer reads. */
#include "agent/show.h"

#include "agent/outbox_news.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

#define LOG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void test_show_list_tells_where_each_stands(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    refusal_t why;
    verb_ok(agent, NULL, "list");
    assert_non_null(strstr(verb_out, "no report yet"));
    kit_activity(agent, 10, id);
    verb_ok(agent, NULL, "submit|2024-11");
    refuse(&why, "example", NULL, "Một lý do.", "A plain reason.");
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_verdict(agent->outbox, 1, KEPT_REFUSED, &why, 0, 1), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    verb_ok(agent, NULL, "list");
    assert_non_null(strstr(verb_out, "20/11/2024"));
    assert_non_null(strstr(verb_out, "A plain reason. Mend it with: baocao-agent correct 1"));
    assert_non_null(strstr(verb_out, "Period report 2024-11"));
    json_t *rows = verb_json(agent, NULL, "list");
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(json_text(json_array_get(rows, 0), "state"), "refused");
    assert_string_equal(json_text(json_array_get(rows, 1), "kind"), "period");
    json_decref(rows);
    kit_close(&agent);
}

static void test_show_list_says_what_was_returned_and_which_event(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    char *body =
        mem_printf("{\"to\":[\"BD.01\"],\"kind\":\"returned\",\"text\":\"Thiếu số nữ.\",\"document\":{\"id\":"
                   "\"%s\",\"rev\":1}}",
                   id);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_notice_put(agent->outbox, LOG, 7, "notice", body, 1000), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    free(body);
    verb_ok(agent, NULL, "list");
    assert_non_null(
        strstr(verb_out, "asks you to mend it: Thiếu số nữ.\n       Do it with: baocao-agent correct 1"));
    verb_ok(agent, NULL, "correct|1|--set|event=host|--reason|Sự kiện chung");
    assert_non_null(strstr(verb_out, "The code of the event is "));
    verb_ok(agent, NULL, "list");
    assert_null(strstr(verb_out, "mend it"));
    assert_non_null(strstr(verb_out, "(event "));
    json_t *rows = verb_json(agent, NULL, "list");
    assert_null(json_object_get(json_array_get(rows, 0), "returned"));
    json_decref(rows);
    kit_close(&agent);
}

static void test_show_receipt_only_where_there_is_one(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    kit_activity(agent, 10, id);
    verb_refused(agent, NULL, "receipt|1", "receipt-none");
    kit_store(agent, id, LOG, 5);
    verb_refused(agent, NULL, "receipt|1|--verify", "receipt-"); /* nobody signed this one */
    kit_close(&agent);
}

static void test_show_plan_gives_the_heads_of_a_table(void **state) {
    agent_t *agent = kit_agent(*state);
    verb_ok(agent, NULL, "plan");
    assert_non_null(strstr(verb_out, "F12"));
    assert_non_null(strstr(verb_out, "attendances"));
    assert_non_null(strstr(verb_out, "790/QĐ-TTg"));
    kit_second_plan(agent);
    verb_ok(agent, NULL, "plan");
    assert_non_null(strstr(verb_out, "See one of them"));
    json_t *j = verb_json(agent, NULL, "plan|" KIT_SECOND);
    assert_string_equal(json_text(j, "plan"), KIT_SECOND);
    json_decref(j);
    verb_refused(agent, NULL, "plan|1/KH", "plan-unknown");
    kit_close(&agent);
}

static void test_show_news_once_as_new(void **state) {
    agent_t *agent = kit_agent(*state);
    char id[UUID_TEXT];
    verb_ok(agent, NULL, "news");
    assert_non_null(strstr(verb_out, "no news"));
    kit_activity(agent, 10, id);
    char *body = mem_printf(
        "{\"kind\":\"returned\",\"subject\":\"Số người\",\"text\":\"Xem lại.\",\"document\":{\"id\":\"%s\"}}",
        id);
    assert_int_equal(outbox_notice_put(agent->outbox, LOG, 5, "notice", body, 1000), 0);
    free(body);
    verb_ok(agent, NULL, "news");
    assert_non_null(strstr(verb_out, "* "));
    assert_non_null(strstr(verb_out, "Returned for correction: Số người"));
    assert_non_null(strstr(verb_out, "report number 1"));
    verb_ok(agent, NULL, "news");
    assert_null(strstr(verb_out, "* "));
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_show_list_tells_where_each_stands),
        IN_DIR(test_show_list_says_what_was_returned_and_which_event),
        IN_DIR(test_show_receipt_only_where_there_is_one),
        IN_DIR(test_show_plan_gives_the_heads_of_a_table),
        IN_DIR(test_show_news_once_as_new),
    };
    return RUN(tests);
}
