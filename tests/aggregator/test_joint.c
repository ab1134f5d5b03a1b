/* SPDX-License-Identifier: MPL-2.0 */
/* One event of several units counts once: by its code, by a decision, in the whole and in each child's row;
 * and what staff are shown of it. */
#include "aggregator/joint.h"

#include "aggregator/joint_list.h"
#include "proto/base/json.h"
#include "tests/aggregator/province.h"

/* An activity of these days at PLACE; EVENT is the value of the field, or NULL. */
static int64_t put(kit_t *kit, const char *unit, const char *id, const char *days, const char *place,
                   const char *event, const char *measures) {
    char text[UUID_TEXT];
    char *json = mem_printf("{\"doc\":\"activity\",\"id\":\"%s\",\"rev\":1,\"unit\":\"%s\",\"entered_by\":\"%"
                            "s\",\"source\":\"agent\","
                            "\"made\":1730419200000,\"plans\":[{\"plan\":\"1/"
                            "KH\",\"version\":1}],\"from\":\"%.10s\",\"to\":\"%s\","
                            "\"form\":\"F1\",\"place\":\"%s\",%s%s%s\"measures\":%s}",
                            kit_id(id, text), unit, unit, days, days + 11, place, event ? "\"event\":" : "",
                            event ? event : "", event ? "," : "", measures);
    int64_t position = kit_document(kit, unit, id, 1, json);
    free(json);
    return position;
}

#define DAY "2024-11-12 2024-11-12"
#define HOST "{\"code\":\"K7M2QX\",\"role\":\"host\"}"
#define GUEST "{\"code\":\"K7M2QX\",\"role\":\"guest\"}"

/* Decides that GUEST is part of HOST's event, or "": of its own. */
static void link_to(kit_t *kit, const char *host, const char *guest) {
    char a[UUID_TEXT], b[UUID_TEXT];
    char *json = *host
                     ? mem_printf("{\"host\":\"%s\",\"guests\":[\"%s\"]}", kit_id(host, a), kit_id(guest, b))
                     : mem_printf("{\"guests\":[\"%s\"]}", kit_id(guest, b));
    kit_decision(kit, "link", json);
    free(json);
}

/* A conference of BD.02 with a guest of its own below and one below BD.01. */
static kit_t *conference(void) {
    kit_t *kit = province_new();
    put(kit, "BD.02", "a1", DAY, "Hội trường", HOST, "{\"s\":100,\"m\":90}");
    put(kit, "BD.02.001", "a2", DAY, "Hội trường", GUEST, "{\"s\":30,\"c\":true}");
    put(kit, "BD.01.001", "a3", DAY, "hoi truong", GUEST, "{\"s\":20,\"m\":500,\"l\":7,\"q\":\"Lời\"}");
    put(kit, "BD.01.002", "a4", DAY, "Nơi khác", NULL, "{\"s\":3}");
    return kit;
}

static void test_joint_event_counts_once_by_its_host(void **state) {
    kit_t *kit = conference();
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_int_equal(kit_int(j, "measures.s.value"), 103);
    assert_int_equal(kit_int(j, "measures.s.units"), 4); /* the host's figure speaks for the guests */
    assert_int_equal(kit_int(j, "measures.m.value"), 90);
    assert_int_equal(kit_int(j, "measures.l.value"), 7);
    assert_int_equal(kit_int(j, "measures.q.value"), 1);
    assert_int_equal(kit_int(j, "measures.c.value"), 1);
    assert_int_equal(kit_int(j, "documents.activities"), 2);
    assert_int_equal(kit_int(j, "forms.F1.activities"), 2);
    assert_int_equal(kit_int(j, "forms.F1.measures.s.value"), 103);
    assert_int_equal(kit_int(j, "plans.1/KH.activities"), 2);
    assert_int_equal(kit_int(j, "joint.events"), 1);
    assert_int_equal(kit_int(j, "joint.guests"), 1);
    assert_int_equal(kit_int(j, "joint.measures.s.value"), 20);
    assert_int_equal(kit_int(j, "children.1.measures.s.value"), 23); /* BD.01: its part of it */
    assert_int_equal(kit_int(j, "children.1.activities"), 2);
    assert_int_equal(kit_int(j, "children.2.measures.s.value"), 100); /* BD.02: host and guest in one row */
    assert_int_equal(kit_int(j, "children.2.activities"), 1);
    json_decref(j);
    province_expect(kit, state, "BD.01", PLAN, NOV, "measures.s.value", 23);
    province_expect(kit, state, "BD.02", PLAN, NOV, "measures.s.value", 100);
    province_expect(kit, state, "BD.02", PLAN, NOV, "joint.measures.s.value", 30);
    province_expect(kit, state, "BD.01.001", PLAN, NOV, "measures.m.value", 500);
    kit_free(&kit);
}

static void test_joint_needs_a_host_that_counts_there(void **state) {
    kit_t *kit = province_new();
    put(kit, "BD.02", "a1", "2024-11-12 2024-12-01", "", HOST, "{\"s\":100}");
    put(kit, "BD.01.001", "a2", DAY, "", GUEST, "{\"s\":20}");
    put(kit, "BD.01.002", "a3", "2024-11-10 2024-11-11", "", GUEST, "{\"s\":4}"); /* no day in common */
    put(kit, "BD.01.003", "a4", DAY, "", "{\"code\":\"K7M2QY\",\"role\":\"guest\"}", "{\"s\":5}");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 29); /* the host's month is December */
    province_expect(kit, state, "BD", PLAN, "2024-Q4", "measures.s.value", 109);
    province_expect(kit, state, "BD", NULL, "2024-Q4", "measures.s.value", 109);
    kit_withdraw(kit, "BD.02", "a1", 2);
    province_expect(kit, state, "BD", PLAN, "2024-Q4", "measures.s.value", 29);
    kit_free(&kit);
}

static void test_joint_decision_says_it_instead_of_the_code(void **state) {
    kit_t *kit = conference();
    link_to(kit, "a1", "a4");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 100);
    link_to(kit, "", "a3");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 120);
    link_to(kit, "a4", "a3"); /* a4 is a guest itself, so it hosts nobody */
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 120);
    link_to(kit, "", "a4");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 103);
    link_to(kit, "a4", "a1"); /* the host is a guest now: those by its code stand for themselves */
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 33);
    kit_free(&kit);
}

static void test_joint_figures_the_host_did_not_give_are_the_guests(void **state) {
    kit_t *kit = province_new();
    put(kit, "BD.02", "a1", DAY, "", HOST, "{\"s\":100}");
    put(kit, "BD.01.001", "a2", DAY, "", GUEST, "{\"w\":{\"value\":9,\"weight\":2}}");
    province_expect(kit, state, "BD", PLAN, NOV, "measures.w.sum", 18);
    province_expect(kit, state, "BD", PLAN, NOV, "joint.guests", 1);
    kit_free(&kit);
}

static json_t *listed(const kit_t *kit, void **state, const char *unit) {
    static int serial;
    char name[16];
    asked_t asked;
    question_t q = {.unit = unit, .plan = PLAN, .period = NOV};
    snprintf(name, sizeof name, "j%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *j = joint_list_json(view, &asked, NULL);
    assert_non_null(j);
    view_free(&view);
    store_close(&store);
    return j;
}

static void test_joint_list_shows_events_and_what_may_be_one(void **state) {
    kit_t *kit = conference();
    char id[UUID_TEXT];
    put(kit, "BD.01.003", "a5", DAY, "HỘI  TRƯỜNG", NULL, "{\"s\":8}");
    put(kit, "BD.01.003", "a6", DAY, "Nhà", NULL, "{\"s\":8}"); /* twice by one unit */
    put(kit, "BD.01.003", "a7", DAY, "Nhà", NULL, "{\"s\":9}");
    put(kit, "BD.01.002", "a8", DAY, "", "{\"code\":\"LOST\",\"role\":\"guest\"}", "{\"s\":1}");
    json_t *j = listed(kit, state, "BD");
    assert_int_equal(json_array_size(json_object_get(j, "events")), 1);
    assert_string_equal(kit_text(j, "events.0.host.id"), kit_id("a1", id));
    assert_string_equal(kit_text(j, "events.0.host.code"), "K7M2QX");
    assert_string_equal(kit_text(j, "events.0.guests.0.unit"), "BD.01.001");
    assert_int_equal(kit_int(j, "events.0.guests.0.values.s"), 20);
    assert_string_equal(kit_text(j, "events.0.guests.1.unit"), "BD.02.001");
    assert_int_equal(json_array_size(json_object_get(j, "without_host")), 1);
    assert_string_equal(kit_text(j, "without_host.0.code"), "LOST");
    assert_int_equal(json_array_size(json_object_get(j, "candidates")), 1);
    assert_string_equal(kit_text(j, "candidates.0.0.id"), kit_id("a5", id));
    assert_string_equal(kit_text(j, "candidates.0.1.id"), kit_id("a1", id));
    json_decref(j);
    j = listed(kit, state, "BD.01"); /* the host stands elsewhere, and is named all the same */
    assert_string_equal(kit_text(j, "events.0.host.unit"), "BD.02");
    assert_int_equal(json_array_size(json_object_get(j, "candidates")), 0);
    json_decref(j);
    link_to(kit, "", "a5");
    j = listed(kit, state, "BD");
    assert_int_equal(json_array_size(json_object_get(j, "candidates")),
                     0); /* staff have said that it is none */
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_joint_event_counts_once_by_its_host),
        IN_DIR(test_joint_needs_a_host_that_counts_there),
        IN_DIR(test_joint_decision_says_it_instead_of_the_code),
        IN_DIR(test_joint_figures_the_host_did_not_give_are_the_guests),
        IN_DIR(test_joint_list_shows_events_and_what_may_be_one),
    };
    return RUN(tests);
}
