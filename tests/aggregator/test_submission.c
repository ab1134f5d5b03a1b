/* SPDX-License-Identifier: MPL-2.0 */
/* What a unit sent: only of the plan and period asked for, and what staff returned of it. */
#include "aggregator/submission.h"

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/aggregator/province.h"

static void test_submission_is_of_one_plan_and_period(void **state) {
    kit_t *kit = province_new();
    char id[UUID_TEXT], *body;
    kit_test_plan(kit, "2/KH", 1);
    int64_t list[] = {kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}"), 0};
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-12-01", "{\"s\":1}");
    kit_activity_of(kit, "BD.01.001", "a3", 1, "2024-11-06", "[{\"plan\":\"2/KH\",\"version\":1}]", "F1",
                    "[]", "{\"s\":1}");
    kit_period(kit, "BD.01.001", "p1", 1, NOV, NULL, list);
    body = mem_printf("{\"id\":\"%s\",\"rev\":1,\"reason\":\"Sai\"}", kit_id("a1", id));
    kit_decision(kit, "return", body);
    store_t *store = province_store(kit, state, "s");
    view_t *view = view_new(store, STORE_NOW, NULL);
    submission_t s;
    period_t p;
    json_t *row = json_object();
    assert_int_equal(calendar_period(calendar_named("duonglich"), NOV, &p, NULL), BC_OK);
    assert_int_equal(submission_find(view, view_word(view, "BD.01.001"), view_word(view, PLAN),
                                     "duonglich/2024-11", &p, &s),
                     BC_OK);
    assert_int_equal(s.live_count, 1);
    assert_int_equal(s.submitted, 1);
    assert_int_equal(s.rev, 1);
    assert_int_equal(submission_compare(&s, row), 1);
    assert_int_equal(submission_review(&s, row), REVIEW_NONE);
    assert_string_equal(kit_text(row, "returned.0"), kit_id("a1", id));
    submissions_t *all = submissions_new(view, view_word(view, PLAN), "duonglich/2024-11");
    assert_int_equal(submissions_read(all, &p), BC_OK);
    const submission_t *same = submissions_of(all, view_word(view, "BD.01.001"));
    assert_int_equal(same->live_count, s.live_count);
    assert_memory_equal(&same->live[0].id, &s.live[0].id, sizeof s.live[0].id);
    assert_memory_equal(&same->report, &s.report, sizeof s.report);
    assert_int_equal(same->received, s.received);
    assert_int_equal(same->listed_count, 1);
    assert_int_equal(same->last, p.to); /* of the report itself */
    assert_int_equal(submissions_of(all, view_word(view, "BD.01.002"))->live_count, 0);
    assert_int_equal(submissions_of(all, view_word(view, "BD.01.002"))->last, DAY_NONE);
    submissions_free(&all);
    submission_free(&s);
    json_decref(row);
    view_free(&view);
    store_close(&store);
    free(body);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_submission_is_of_one_plan_and_period),
    };
    return RUN(tests);
}
