/* SPDX-License-Identifier: MPL-2.0 */
/* province.h - the small province most tests of the aggregator live in. */
#ifndef BC_TEST_PROVINCE_H
#define BC_TEST_PROVINCE_H

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

/* Asks and compares one integer. */
static inline void province_expect(const kit_t *kit, void **state, const char *unit, const char *plan,
                                   const char *period, const char *path, int64_t expected) {
    json_t *j = province_ask(kit, state, unit, plan, period);
    if (kit_int(j, path) != expected) print_error("%s of %s in %s\n", path, unit, period);
    assert_int_equal(kit_int(j, path), expected);
    json_decref(j);
}

#endif
