/* SPDX-License-Identifier: MPL-2.0 */
/* The set of plans: by number and version, in the order of their coming. */
#include "proto/plans.h"

#include <stdlib.h>

#include "proto/base/json.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

/* The example plan under another number, version and title. */
static plan_t *plan_of(const char *number, int version, const char *title) {
    json_t *all = vector_load("judge.json");
    json_t *j = json_array_get(json_object_get(all, "plans"), 0);
    json_object_set_new(j, "plan", json_string(number));
    json_object_set_new(j, "version", json_integer(version));
    json_object_set_new(json_object_get(j, "title"), "vi", json_string(title));
    char *text = json_canonical(j);
    plan_t *plan = plan_read(text, strlen(text), NULL);
    assert_non_null(plan);
    free(text);
    json_decref(all);
    return plan;
}

static void put(plans_t *plans, const char *number, int version, const char *title) {
    plan_t *plan = plan_of(number, version, title);
    plans_put(plans, &plan);
    assert_null(plan);
}

static void test_plans_find_by_number_and_version(void **state) {
    (void)state;
    plans_t *plans = plans_new();
    assert_null(plans_get(plans, "1/KH", 0));
    assert_int_equal(plans_known(plans, "1/KH"), 0);
    put(plans, "1/KH", 2, "hai");
    put(plans, "2/KH", 1, "khác");
    put(plans, "1/KH", 3, "ba");
    put(plans, "1/KH", 1, "một");
    assert_int_equal(plans_count(plans), 4);
    assert_int_equal(plans_known(plans, "1/KH"), 3);
    assert_string_equal(plan_title(plans_get(plans, "1/KH", 0), LANG_VI), "ba");
    for (int v = 1; v <= 3; v++)
        assert_int_equal(plan_version(plans_get(plans, "1/KH", v)), v);
    assert_null(plans_get(plans, "1/KH", 4));
    assert_null(plans_get(plans, "1/kh", 1));
    char *list = plans_list(plans);
    assert_string_equal(list, "1/KH, 2/KH");
    free(list);
    assert_string_equal(plan_title(plans_at(plans, 0), LANG_VI), "hai");
    assert_string_equal(plan_title(plans_at(plans, 3), LANG_VI), "một");
    plans_free(&plans);
    assert_null(plans);
    plans_free(&plans);
}

static void test_plans_replace_the_same_version(void **state) {
    (void)state;
    plans_t *plans = plans_new();
    put(plans, "1/KH", 1, "một");
    put(plans, "1/KH", 2, "hai");
    put(plans, "1/KH", 1, "một mới");
    assert_int_equal(plans_count(plans), 2);
    assert_string_equal(plan_title(plans_get(plans, "1/KH", 1), LANG_VI), "một mới");
    assert_ptr_equal(plans_get(plans, "1/KH", 1), plans_at(plans, 0));
    plans_free(&plans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans_find_by_number_and_version),
        cmocka_unit_test(test_plans_replace_the_same_version),
    };
    return RUN(tests);
}
