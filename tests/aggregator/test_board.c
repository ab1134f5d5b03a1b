/* SPDX-License-Identifier: MPL-2.0 */
/* The reporting board: each status, on time and late, who is expected at all. */
#include "tests/aggregator/province.h"

static const int64_t nothing[] = {0};

/* The row of CODE on the board of November. */
static json_t *row_of(json_t *summary, const char *code) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(json_object_get(summary, "board"), "units"), i,
                       row) if (strcmp(kit_text(row, "code"), code) == 0) return row;
    return NULL;
}

static void expect(const kit_t *kit, void **state, const char *code, const char *status) {
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(row_of(j, code), "status"), status);
    assert_int_equal(kit_int(j, "board.expected"), 6);
    int64_t sum = 0;
    static const char *const all[] = {"board.complete", "board.mismatch", "board.nil",     "board.covered",
                                      "board.active",   "board.missing",  "board.returned"};
    for (size_t i = 0; i < 7; i++)
        sum += kit_int(j, all[i]);
    assert_int_equal(sum, 6);
    json_decref(j);
}

static void test_board_knows_missing_active_and_complete(void **state) {
    kit_t *kit = province_new();
    expect(kit, state, "BD.01.001", "missing");
    int64_t list[] = {kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"), 0, 0};
    expect(kit, state, "BD.01.001", "active");
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, list);
    expect(kit, state, "BD.01.001", "complete");
    kit_free(&kit);
}

static void test_board_names_what_does_not_match(void **state) {
    kit_t *kit = province_new(), *elsewhere = kit_new();
    int64_t lost = kit_activity(elsewhere, "BD.01.001", "a9", 1, "2024-11-05", "{\"s\":9}");
    (void)lost;
    int64_t a = kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    int64_t b = kit_activity(kit, "BD.01.001", "a2", 1, "2024-11-06", "{\"s\":1}");
    char id[UUID_TEXT], report[1024];
    snprintf(report, sizeof report,
             "{\"doc\":\"period\",\"id\":\"x\",\"unit\":\"BD.01.001\",\"plans\":[{\"plan\":\"1/"
             "KH\",\"version\":1}],\"calendar\":"
             "\"duonglich\",\"period\":\"2024-11\",\"activities\":[{\"id\":\"%s\",\"rev\":1,\"sha256\":\"%"
             "064d\"}]}",
             kit_id("a9", id), 0);
    (void)a;
    (void)b;
    kit_document(kit, "BD.01.001", "p1", 1, report);
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    json_t *row = row_of(j, "BD.01.001");
    assert_string_equal(kit_text(row, "status"), "mismatch");
    assert_string_equal(kit_text(row, "missing.0"), kit_id("a9", id));
    assert_int_equal(json_array_size(json_object_get(row, "later")), 2);
    assert_null(json_object_get(row, "changed"));
    json_decref(j);
    kit_free(&elsewhere);
    kit_free(&kit);
}

static void test_board_sees_a_correction_after_the_report(void **state) {
    kit_t *kit = province_new();
    char id[UUID_TEXT];
    int64_t list[] = {kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"), 0};
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, list);
    list[0] = kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":2}");
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(row_of(j, "BD.01.001"), "changed.0"), kit_id("a1", id));
    json_decref(j);
    kit_period(kit, "BD.01.001", "p1", 2, NOV, NULL, list);
    expect(kit, state, "BD.01.001", "complete");
    kit_withdraw(kit, "BD.01.001", "a1", 3);
    expect(kit, state, "BD.01.001", "mismatch");
    kit_free(&kit);
}

static void test_board_takes_a_redacted_document_as_it_was_listed(void **state) {
    kit_t *kit = province_new();
    int64_t list[] = {kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"), 0};
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, list);
    kit_redact(kit, list[0]);
    expect(kit, state, "BD.01.001", "complete");
    kit_free(&kit);
}

static void test_board_tells_nil_from_silence(void **state) {
    kit_t *kit = province_new();
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, nothing);
    expect(kit, state, "BD.01.001", "nil");
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    expect(kit, state, "BD.01.001", "mismatch");
    kit_free(&kit);
}

static void test_board_counts_the_covered(void **state) {
    kit_t *kit = province_new();
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":3}");
    expect(kit, state, "BD.01.001", "covered");
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"); /* now they overlap */
    expect(kit, state, "BD.01.001", "active");
    expect(kit, state, "BD.01.002", "missing");
    kit_decide(kit, "g1", "aggregate");
    expect(kit, state, "BD.01.001", "covered");
    kit_free(&kit);
}

static void test_board_goes_by_the_first_arrival(void **state) {
    kit_t *kit = province_new();
    kit_day(kit, "2024-12-03"); /* two working days after Saturday 30 November */
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, nothing);
    kit_day(kit, "2024-12-04");
    kit_period(kit, "BD.01.001", "p1", 2, NOV, NULL, nothing);
    kit_period(kit, "BD.01.002", "p2", 1, NOV, NULL, nothing);
    kit_period(kit, "BD.01", "p3", 1, NOV, NULL, nothing); /* an upper level has four days */
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(j, "board.deadline.grassroots"), "2024-12-03");
    assert_string_equal(kit_text(j, "board.deadline.upper-level"), "2024-12-05");
    assert_int_equal(kit_int(j, "board.on_time"), 2);
    assert_int_equal(kit_int(j, "board.late"), 1);
    assert_int_equal(kit_int(row_of(j, "BD.01.002"), "late_days"), 1);
    assert_null(json_object_get(row_of(j, "BD.01.001"), "late_days"));
    json_decref(j);
    kit_free(&kit);
}

static void test_board_takes_the_earlier_of_report_and_aggregate(void **state) {
    kit_t *kit = province_new();
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, nothing);
    kit_day(kit, "2024-12-20");
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":3}");
    kit_decide(kit, "g1", "aggregate");
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(row_of(j, "BD.01.001"), "status"), "covered");
    assert_null(json_object_get(row_of(j, "BD.01.001"), "late_days")); /* its own came in time */
    assert_int_equal(kit_int(row_of(j, "BD.01.002"), "late_days"), 17);
    assert_int_equal(kit_int(j, "board.on_time"), 1);
    assert_int_equal(kit_int(j, "board.late"), 1);
    json_decref(j);
    kit_free(&kit);
}

static void test_board_expects_only_who_must_report(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "TW", "a1", 1, "2024-11-05", "{\"s\":1}");
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_null(row_of(j, "BD"));
    assert_null(row_of(j, "TW"));
    assert_string_equal(kit_text(j, "board.coordinating.0.code"), "TW");
    assert_int_equal(kit_int(j, "board.coordinating.0.activities"), 1);
    json_decref(j);
    province_expect(kit, state, "BD.02", PLAN, NOV, "board.expected", 2);
    province_expect(kit, state, "BD", PLAN, "2024-10", "board.expected",
                    0); /* ended before the plan was published */
    j = province_ask(kit, state, "BD", PLAN, "2024-Q4");
    assert_true(json_is_null(json_object_get(j, "board")));
    json_decref(j);
    kit_free(&kit);
}

static void review(kit_t *kit, const char *kind, const char *id, int rev) {
    char text[UUID_TEXT];
    char *body = mem_printf("{\"id\":\"%s\",\"rev\":%d%s}", kit_id(id, text), rev,
                            strcmp(kind, "return") == 0 ? ",\"reason\":\"Thiếu\"" : "");
    kit_decision(kit, kind, body);
    free(body);
}

static void test_board_shows_what_was_returned_until_it_is_mended(void **state) {
    kit_t *kit = province_new();
    int64_t list[] = {kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"), 0};
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, list);
    review(kit, "return", "p1", 1);
    expect(kit, state, "BD.01.001", "returned");
    province_expect(kit, state, "BD", PLAN, NOV, "board.submitted", 1);
    province_expect(kit, state, "BD", PLAN, NOV, "measures.s.value", 1); /* it keeps its figures */
    kit_period(kit, "BD.01.001", "p1", 2, NOV, NULL, list);
    expect(kit, state, "BD.01.001", "complete");
    review(kit, "accept", "p1", 2);
    expect(kit, state, "BD.01.001", "complete");
    province_expect(kit, state, "BD", PLAN, NOV, "board.accepted", 1);
    province_expect(kit, state, "BD", PLAN, NOV, "board.levels.grassroots.complete", 1);
    kit_free(&kit);
}

static void test_board_counts_days_from_the_longer_deadline(void **state) {
    kit_t *kit = province_new();
    kit_day(kit, "2024-12-10");
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, nothing);
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    int64_t late = kit_int(row_of(j, "BD.01.001"), "late_days");
    assert_true(late > 1);
    json_decref(j);
    kit_decision(kit, "extend",
                 "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"Bão\"}");
    j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_int_equal(kit_int(row_of(j, "BD.01.001"), "late_days"), 1);
    assert_string_equal(kit_text(row_of(j, "BD.01.001"), "until"), "2024-12-09");
    json_decref(j);
    kit_decision(kit, "extend",
                 "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-10\","
                 "\"reason\":\"Bão\",\"unit\":\"BD.01\",\"below\":true}");
    province_expect(kit, state, "BD", PLAN, NOV, "board.on_time", 1);
    kit_free(&kit);
}

/* 24:00 of the last day in +07:00 is 17:00Z: a millisecond before is in time, then it is late. */
static void test_board_days_end_at_midnight_in_vietnam(void **state) {
    static const struct {
        int64_t ms; /* after 23:59:59.999 */
        const char *path;
    } want[] = {{0, "board.on_time"}, {1, "board.late"}};
    for (int i = 0; i < 2; i++) {
        kit_t *kit = province_new();
        kit_decision(kit, "extend",
                     "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-31\","
                     "\"reason\":\"Bão\"}");
        kit->now = clock_day_start(day_make(2025, 1, 1)) - 1 + want[i].ms;
        assert_int_equal(kit->now % 86400000, i ? 17 * 3600000 : 17 * 3600000 - 1);
        kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, nothing);
        province_expect(kit, state, "BD", PLAN, NOV, want[i].path, 1);
        kit_free(&kit);
    }
}

static void test_board_says_who_is_exempt_and_who_is_silent_since_when(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-10-05", "{\"s\":1}");
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    assert_string_equal(kit_text(row_of(j, "BD.01.001"), "last"), "2024-10-05");
    assert_null(json_object_get(row_of(j, "BD.01.002"), "last"));
    assert_string_equal(kit_text(j, "board.exempt.0.code"), "BD");
    json_decref(j);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_board_knows_missing_active_and_complete),
        IN_DIR(test_board_names_what_does_not_match),
        IN_DIR(test_board_sees_a_correction_after_the_report),
        IN_DIR(test_board_takes_a_redacted_document_as_it_was_listed),
        IN_DIR(test_board_tells_nil_from_silence),
        IN_DIR(test_board_counts_the_covered),
        IN_DIR(test_board_goes_by_the_first_arrival),
        IN_DIR(test_board_takes_the_earlier_of_report_and_aggregate),
        IN_DIR(test_board_expects_only_who_must_report),
        IN_DIR(test_board_shows_what_was_returned_until_it_is_mended),
        IN_DIR(test_board_counts_days_from_the_longer_deadline),
        IN_DIR(test_board_days_end_at_midnight_in_vietnam),
        IN_DIR(test_board_says_who_is_exempt_and_who_is_silent_since_when),
    };
    return RUN(tests);
}
