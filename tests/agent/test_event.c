/* SPDX-License-Identifier: MPL-2.0 */
/* test_event.c - codes for invitations, and those that follow from a host's report. */
#include "agent/event.h"

#include "agent/import.h"
#include "proto/base/json.h"
#include "tests/agent/verb_kit.h"
#include "tests/support.h"

static void test_event_verb_makes_a_code_that_is_not_misread(void **state) {
    agent_t *agent = kit_agent(*state);
    char before[8] = "";
    for (int i = 0; i < 20; i++) {
        json_t *j = verb_json(agent, NULL, "event");
        const char *code = json_text(j, "code");
        assert_int_equal(strlen(code), 6);
        assert_int_equal(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 6);
        assert_string_not_equal(code, before);
        strcpy(before, code);
        json_decref(j);
    }
    verb_ok(agent, NULL, "event");
    assert_non_null(strstr(verb_out, "Write it on the invitation"));
    kit_close(&agent);
}

static json_t *document(const char *event) {
    return json_pack("{ss so}", "id", "0192e000-0000-8000-8000-000000000001", "event",
                     json_loads(event, 0, NULL));
}

static const char *code(const json_t *doc) {
    const char *text = json_text(json_object_get(doc, "event"), "code");
    return text ? text : "";
}

static void test_event_of_a_host_has_the_code_that_follows_from_its_id(void **state) {
    (void)state;
    json_t *a = document("{\"role\":\"host\"}"), *b = document("{\"role\":\"host\"}");
    refusal_t note;
    assert_false(event_note(a, &note));
    event_fill(a);
    event_fill(b);
    assert_int_equal(strlen(code(a)), 6);
    assert_string_equal(code(a), code(b));
    assert_true(event_note(a, &note));
    assert_non_null(strstr(note.vi, code(a)));
    event_unfill(a);
    assert_string_equal(code(a), "");
    json_object_set_new(a, "id", json_string("0192e000-0000-8000-8000-000000000002"));
    event_fill(a);
    assert_string_not_equal(code(a), code(b));
    json_decref(a);
    json_decref(b);
}

static void test_event_code_is_read_as_people_write_it(void **state) {
    (void)state;
    json_t *guest = document("{\"role\":\"guest\",\"code\":\"k7m-2q x\"}"),
           *none = document("{\"role\":\"guest\"}");
    refusal_t note;
    event_fill(guest);
    assert_string_equal(code(guest), "K7M2QX");
    assert_false(event_note(guest, &note));
    event_unfill(guest); /* was not made here */
    assert_string_equal(code(guest), "K7M2QX");
    event_fill(none);
    assert_string_equal(code(none), "");
    json_decref(guest);
    json_decref(none);
}

static void test_event_in_a_table_of_the_host_and_of_a_guest(void **state) {
    agent_t *agent = kit_agent(*state);
    static const char table[] = "Ngày;Hình thức;Mã sự kiện;Vai trò;sessions\n"
                                "7/11/2024;F1;;chủ trì;1\n"
                                "8/11/2024;F1;k7m-2qx;tham dự;2\n"
                                "9/11/2024;F1;;tham dự;3\n"
                                "10/11/2024;F1;K7M2QX;người xem;4\n";
    import_options_t opts = {0};
    json_t *out, *again;
    assert_int_equal(import_csv(agent, &opts, table, strlen(table), &out, NULL), 0);
    const json_t *rows = json_object_get(out, "rows"), *host = json_array_get(rows, 0);
    assert_int_equal(json_int(out, "added", 0), 2);
    assert_string_equal(json_text(json_array_get(rows, 2), "code"), "cell-blank");
    const char *offered = json_text(json_array_get(rows, 3), "vi");
    assert_non_null(strstr(offered, "\"người xem\" không hiểu được. Có thể ghi: chủ trì, tham dự."));
    json_t *doc = kit_document(agent, json_text(host, "id"));
    const json_t *note = json_array_get(json_object_get(host, "warnings"), 0);
    assert_int_equal(strlen(code(doc)), 6);
    assert_string_equal(json_text(note, "code"), "event-code");
    assert_non_null(strstr(json_text(note, "vi"), code(doc)));
    json_decref(doc);
    doc = kit_document(agent, json_text(json_array_get(rows, 1), "id"));
    assert_string_equal(code(doc), "K7M2QX");
    json_decref(doc);
    assert_int_equal(import_csv(agent, &opts, table, strlen(table), &again, NULL), 0);
    assert_int_equal(json_int(again, "known", 0), 2); /* the same code, so the same document */
    json_decref(out);
    json_decref(again);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_event_verb_makes_a_code_that_is_not_misread),
        IN_DIR(test_event_of_a_host_has_the_code_that_follows_from_its_id),
        IN_DIR(test_event_code_is_read_as_people_write_it),
        IN_DIR(test_event_in_a_table_of_the_host_and_of_a_guest),
    };
    return RUN(tests);
}
