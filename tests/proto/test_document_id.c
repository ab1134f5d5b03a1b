/* SPDX-License-Identifier: MPL-2.0 */
/* Ids that follow from content, by the golden ones of proto/vectors. */
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/document.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

static uuid_bc_t id_of(const json_t *v) {
    const char *of = vector_text(v, "of"), *unit = vector_text(v, "unit");
    if (strcmp(of, "row") == 0) {
        buf_t plans = {0};
        size_t i;
        json_t *plan;
        json_array_foreach(json_object_get(v, "plans"), i, plan) {
            buf_printf(&plans, "%s%s", i ? "," : "", json_string_value(plan));
        }
        uuid_bc_t id = document_row_id(unit, plans.data, vector_text(v, "ref"));
        buf_free(&plans);
        return id;
    }
    const char *plan = vector_text(v, "plan"), *calendar = vector_text(v, "calendar"),
               *period = vector_text(v, "period");
    if (strcmp(of, "period") == 0) return document_period_id(unit, plan, calendar, period);
    return document_aggregate_id(unit, plan, calendar, period, json_text(v, "ref"),
                                 json_object_get(v, "covers"));
}

static void test_document_id_follows_the_vectors(void **state) {
    (void)state;
    json_t *all = vector_load("ids.json"), *v;
    size_t i;
    assert_int_equal(json_array_size(all), 6);
    json_array_foreach(all, i, v) {
        char text[UUID_TEXT];
        uuid_bc_t id = id_of(v);
        assert_string_equal(uuid_text(&id, text), vector_text(v, "id"));
    }
    json_decref(all);
}

static void test_document_id_does_not_ask_for_the_order_of_the_covered(void **state) {
    (void)state;
    json_t *one = json_pack("[sss]", "A", "B", "C"), *other = json_pack("[sss]", "C", "A", "B");
    uuid_bc_t a = document_aggregate_id("U", "P", "c", "p", NULL, one);
    uuid_bc_t b = document_aggregate_id("U", "P", "c", "p", NULL, other);
    assert_memory_equal(&a, &b, sizeof a);
    json_decref(one);
    json_decref(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_id_follows_the_vectors),
        cmocka_unit_test(test_document_id_does_not_ask_for_the_order_of_the_covered),
    };
    return RUN(tests);
}
