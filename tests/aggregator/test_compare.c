/* SPDX-License-Identifier: MPL-2.0 */
/* Beside other periods, and what is far from units of the same size. */
#include "aggregator/compare.h"

#include "tests/aggregator/province.h"

static void test_compare_puts_periods_beside_each_other(void **state) {
    kit_t *kit = province_new();
    asked_t asked;
    question_t q = {.unit = "BD", .plan = PLAN, .period = NOV};
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a2", 1, "2024-10-05", "{\"s\":4}");
    kit_activity(kit, "BD.01.001", "a3", 1, "2023-11-05", "{\"s\":5}");
    store_t *store = province_store(kit, state, "s");
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *j = compare_json(view, &asked, NULL);
    assert_string_equal(kit_text(j, "before"), "2024-10");
    assert_string_equal(kit_text(j, "last_year"), "2023-11");
    assert_int_equal(kit_int(j, "measures.s.value"), 10);
    assert_int_equal(kit_int(j, "measures.s.before"), 4);
    assert_int_equal(kit_int(j, "measures.s.last_year"), 5);
    json_decref(j);
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

static void test_compare_scores_within_units_of_like_size(void **state) {
    (void)state;
    /* Nine of some hundred workers, one of whom says far more; nine of some thousand for whom that is
     * usual. */
    sample_t samples[18];
    for (size_t i = 0; i < 9; i++) {
        samples[i] = (sample_t){.unit = (uint32_t)i + 1, .value = 40 + (int64_t)i, .size = 100};
        samples[9 + i] = (sample_t){.unit = (uint32_t)i + 10, .value = 900 + 10 * (int64_t)i, .size = 1900};
    }
    samples[3].value = 920;
    compare_score(samples, 18);
    for (size_t i = 0; i < 18; i++)
        assert_int_equal(samples[i].score > 3.5, i == 3);
}

static void test_compare_says_nothing_of_few_or_of_the_same(void **state) {
    (void)state;
    sample_t few[7], same[9];
    for (size_t i = 0; i < 7; i++)
        few[i] = (sample_t){.value = i == 6 ? 9999 : (int64_t)i, .size = 100};
    for (size_t i = 0; i < 9; i++)
        same[i] = (sample_t){.value = i == 8 ? 9999 : 5, .size = 100};
    compare_score(few, 7);
    compare_score(same, 9);
    assert_true(few[6].score < 0.1 && same[8].score < 0.1);
}

static void test_compare_names_who_is_far(void **state) {
    kit_t *kit = kit_new();
    asked_t asked;
    char unit[32], id[16], measures[32];
    question_t q = {.unit = "BD", .plan = PLAN, .period = NOV};
    kit_unit(kit, "BD", "federation", NULL);
    kit_test_plan(kit, PLAN, 1);
    for (int i = 1; i <= 9; i++) {
        snprintf(unit, sizeof unit, "BD.%d", i);
        snprintf(id, sizeof id, "a%d", i);
        snprintf(measures, sizeof measures, "{\"s\":%d}", i == 9 ? 900 : i);
        kit_unit(kit, unit, "grassroots", "BD");
        kit_activity(kit, unit, id, 1, "2024-11-05", measures);
    }
    store_t *store = province_store(kit, state, "s");
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *list = compare_outliers(view, &asked, NULL), *j = json_pack("{s:o}", "l", list);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(kit_text(j, "l.0.unit"), "BD.9");
    assert_int_equal(kit_int(j, "l.0.value"), 900);
    assert_int_equal(kit_int(j, "l.0.median"), 5);
    json_decref(j);
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_compare_puts_periods_beside_each_other),
        cmocka_unit_test(test_compare_scores_within_units_of_like_size),
        cmocka_unit_test(test_compare_says_nothing_of_few_or_of_the_same),
        IN_DIR(test_compare_names_who_is_far),
    };
    return RUN(tests);
}
