/* SPDX-License-Identifier: MPL-2.0 */
/* test_compose.c - what is filled in, and from what an id follows. */
#include "agent/compose.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

static json_t *filled(agent_t *agent, const char *text, const compose_t *how) {
    refusal_t why = {0};
    json_t *doc = json_loads(text, 0, NULL);
    assert_non_null(doc);
    if (compose_fill(agent, doc, how, &why)) fail_msg("%s: %s", why.code, why.en);
    return doc;
}

static const char activity[] = "{\"from\":\"2024-11-20\",\"to\":\"2024-11-20\",\"form\":\"F1\",\"measures\":"
                               "{\"sessions\":1}}";

static void test_compose_fills_an_activity(void **state) {
    agent_t *agent = kit_agent(*state);
    json_t *doc = filled(agent, activity, &(compose_t){0}),
           *plan = json_array_get(json_object_get(doc, "plans"), 0);
    assert_string_equal(json_text(doc, "doc"), "activity");
    assert_string_equal(json_text(doc, "unit"), KIT_UNIT);
    assert_string_equal(json_text(doc, "entered_by"), KIT_UNIT);
    assert_string_equal(json_text(doc, "source"), "agent");
    assert_string_equal(json_text(plan, "plan"), KIT_PLAN);
    assert_int_equal(json_int(plan, "version", 0), 1);
    assert_true(json_int(doc, "made", 0) > 0);
    assert_int_equal(json_text(doc, "id")[14], '8');
    assert_null(json_object_get(doc, "rev"));
    json_decref(doc);
    kit_close(&agent);
}

static void test_compose_lets_an_activity_end_on_its_first_day(void **state) {
    agent_t *agent = kit_agent(*state);
    json_t *doc = filled(agent, "{\"from\":\"2024-11-20\",\"form\":\"F1\"}", &(compose_t){0});
    assert_string_equal(json_text(doc, "to"), "2024-11-20");
    json_decref(doc);
    kit_close(&agent);
}

/* Ids of TEXT twice; 1 if they are the same. */
static int same_id(agent_t *agent, const char *a, const compose_t *how_a, const char *b,
                   const compose_t *how_b) {
    json_t *x = filled(agent, a, how_a), *y = filled(agent, b, how_b);
    int same = strcmp(json_text(x, "id"), json_text(y, "id")) == 0;
    json_decref(x);
    json_decref(y);
    return same;
}

static void test_compose_id_follows_from_content_or_reference(void **state) {
    agent_t *agent = kit_agent(*state);
    const compose_t plain = {0}, ref = {.ref = "HD1"}, other = {.ref = "HD2"}, fresh = {.fresh = 1};
    const char changed[] =
        "{\"from\":\"2024-11-20\",\"to\":\"2024-11-20\",\"form\":\"F1\",\"measures\":{\"sessions\":2}}";
    assert_true(same_id(agent, activity, &plain, activity, &plain));
    assert_false(same_id(agent, activity, &plain, changed, &plain));
    assert_true(same_id(agent, activity, &ref, changed, &ref));
    assert_false(same_id(agent, activity, &ref, activity, &other));
    assert_false(same_id(agent, activity, &fresh, activity, &fresh));
    /* A new version of the plan makes no new report of an old row. */
    kit_plan_file(agent, "proto/data/plan-160.json", "\"version\":1", "\"version\":2");
    const char old[] =
        "{\"from\":\"2024-11-20\",\"to\":\"2024-11-20\",\"form\":\"F1\",\"measures\":{\"sessions\":1},"
        "\"plans\":[{\"plan\":\"160/KH-LĐLĐ\",\"version\":1}]}";
    assert_true(same_id(agent, activity, &plain, old, &plain));
    kit_close(&agent);
}

static void test_compose_takes_plans_in_any_shape_and_order(void **state) {
    agent_t *agent = kit_agent(*state);
    kit_second_plan(agent);
    const char a[] = "{\"plans\":[\"999/KH-LĐLĐ\",{\"plan\":\"160/KH-LĐLĐ\"}],\"form\":\"F1\"}",
               b[] = "{\"plan\":\"160/KH-LĐLĐ\",\"plans\":\"999/KH-LĐLĐ\",\"form\":\"F1\"}";
    assert_true(same_id(agent, a, &(compose_t){0}, b, &(compose_t){0}));
    json_t *doc = filled(agent, a, &(compose_t){0});
    char *plans = compose_plans(doc);
    assert_string_equal(plans, "160/KH-LĐLĐ,999/KH-LĐLĐ");
    assert_null(json_object_get(doc, "plan"));
    free(plans);
    json_decref(doc);
    kit_close(&agent);
}

static void test_compose_derives_ids_of_periods_and_aggregates(void **state) {
    agent_t *agent = kit_agent(*state);
    char text[UUID_TEXT];
    json_t *doc = filled(agent, "{\"period\":\"2024-11\"}", &(compose_t){0});
    uuid_bc_t id = document_period_id(KIT_UNIT, KIT_PLAN, "duonglich", "2024-11");
    assert_string_equal(json_text(doc, "doc"), "period");
    assert_string_equal(json_text(doc, "calendar"), "duonglich");
    assert_string_equal(json_text(doc, "id"), uuid_text(&id, text));
    json_decref(doc);
    const char *ab = "{\"period\":\"2024-11\",\"covers\":[\"A\",\"B\"]}",
               *ba = "{\"period\":\"2024-11\",\"covers\":[\"B\",\"A\"]}";
    assert_true(same_id(agent, ab, &(compose_t){0}, ba, &(compose_t){0}));
    kit_close(&agent);
}

static void test_compose_makes_texts_nfc(void **state) {
    agent_t *agent = kit_agent(*state);
    const char decomposed[] =
        "{\"title\":\"Ho\\u0323\\u0302i nghi\\u0323\",\"measures\":{\"highlights\":[\"to\\u0302\\u0301t\"]}}";
    json_t *doc = filled(agent, decomposed, &(compose_t){0});
    assert_string_equal(json_text(doc, "title"), "Hội nghị");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(json_object_get(doc, "measures"), "highlights"), 0)),
        "tốt");
    json_decref(doc);
    kit_close(&agent);
}

static void test_compose_refuses_wrong_shapes(void **state) {
    static const char *const bad[] = {"{\"plans\":[1]}", "{\"plans\":[{\"plam\":\"x\"}]}",
                                      "{\"plans\":[\"1/KH\"]}", "{\"period\":\"2024-11\",\"covers\":[1]}"};
    static const char *const codes[] = {"field-type", "field-type", "plan-unknown", "field-type"};
    agent_t *agent = kit_agent(*state);
    for (size_t i = 0; i < 4; i++) {
        refusal_t why = {0};
        json_t *doc = json_loads(bad[i], 0, NULL);
        assert_int_equal(compose_fill(agent, doc, &(compose_t){0}, &why), BC_REFUSED);
        assert_string_equal(why.code, codes[i]);
        json_decref(doc);
    }
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_compose_fills_an_activity),
        IN_DIR(test_compose_lets_an_activity_end_on_its_first_day),
        IN_DIR(test_compose_id_follows_from_content_or_reference),
        IN_DIR(test_compose_takes_plans_in_any_shape_and_order),
        IN_DIR(test_compose_derives_ids_of_periods_and_aggregates),
        IN_DIR(test_compose_makes_texts_nfc),
        IN_DIR(test_compose_refuses_wrong_shapes),
    };
    return RUN(tests);
}
