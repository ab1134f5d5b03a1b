/* SPDX-License-Identifier: MPL-2.0 */
/* province.h - the small province most tests of the aggregator live in. */
#ifndef BC_TEST_PROVINCE_H
#define BC_TEST_PROVINCE_H

#include "proto/base/json.h"
#include "tests/aggregator/log_kit.h"
#include "tests/support.h"

#define NOV "2024-11"
#define PLAN "1/KH"

/* BD over BD.01 (with BD.01.001 to .003) and BD.02 (with BD.02.001); TW coordinating, under BD; plan 1/KH. */
static inline kit_t *province_new(void) {
    kit_t *kit = kit_new();
    kit_unit(kit, "BD", "federation", NULL);
    kit_unit(kit, "BD.01", "upper-level", "BD");
    kit_unit(kit, "BD.01.001", "grassroots", "BD.01");
    kit_unit(kit, "BD.01.002", "grassroots", "BD.01");
    kit_unit(kit, "BD.01.003", "grassroots", "BD.01");
    kit_unit(kit, "BD.02", "upper-level", "BD");
    kit_unit(kit, "BD.02.001", "grassroots", "BD.02");
    kit_unit(kit, "TW", "coordinating", "BD");
    kit_test_plan(kit, PLAN, 1);
    return kit;
}

/* The plan of these tests again as its second version, with FIELD, whose value is the JSON of VALUE. */
static inline void province_plan(kit_t *kit, const char *field, const char *value) {
    const kit_entry_t *first = &kit->list[kit->count - 1];
    json_t *plan = json_loadb(first->body, first->body_len, 0, NULL);
    json_object_set_new(plan, "version", json_integer(2));
    json_object_set_new(plan, field, json_loads(value, 0, NULL));
    char *text = json_canonical(plan);
    kit_plan(kit, text);
    free(text);
    json_decref(plan);
}

/* Everything folded into a store of the test's own. */
static inline store_t *province_store(const kit_t *kit, void **state, const char *name) {
    char *path = dir_path(state, name);
    store_t *store = kit_store(kit, path, 0, 7);
    free(path);
    return store;
}

/* The summary of all that is in KIT, as JSON; folds into a new store each time. */
static inline json_t *province_ask(const kit_t *kit, void **state, const char *unit, const char *plan,
                                   const char *period) {
    static int serial;
    char name[32];
    snprintf(name, sizeof name, "ask%d", serial++);
    store_t *store = province_store(kit, state, name);
    json_t *j = kit_ask(store, unit, plan, period, 0);
    store_close(&store);
    return j;
}

/* What ASK says of BD in PERIOD, under "said". */
static inline json_t *province_said(const kit_t *kit, void **state, const char *plan, const char *period,
                                    json_t *(*ask)(const view_t *view, const asked_t *asked,
                                                   refusal_t *why)) {
    static int serial;
    char name[32];
    asked_t asked;
    question_t q = {.unit = "BD", .plan = plan, .period = period};
    snprintf(name, sizeof name, "said%d", serial++);
    store_t *store = province_store(kit, state, name);
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *j = ask(view, &asked, NULL);
    view_free(&view);
    store_close(&store);
    assert_non_null(j);
    return json_pack("{s:o}", "said", j);
}

/* Asks and compares one integer. */
static inline void province_expect(const kit_t *kit, void **state, const char *unit, const char *plan,
                                   const char *period, const char *path, int64_t expected) {
    json_t *j = province_ask(kit, state, unit, plan, period);
    if (kit_int(j, path) != expected) print_error("%s of %s in %s\n", path, unit, period);
    assert_int_equal(kit_int(j, path), expected);
    json_decref(j);
}

#endif
