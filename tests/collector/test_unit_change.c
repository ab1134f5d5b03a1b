/* SPDX-License-Identifier: MPL-2.0 */
/* Successors and custody in a unit's record, and what they may not lead to. */
#include "collector/unit_change.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* A record; CLOSED may be NULL. */
static json_t *record(const char *code, const char *closed, const char *decision) {
    json_t *j = json_pack("{ss ss s[{ss ss}] s[{ss sn}] ss sb}", "unit", code, "kind", "grassroots", "names",
                          "from", "2020-01-01", "name", "Đơn vị Ví dụ", "parents", "from", "2020-01-01",
                          "parent", "opened", "2020-01-01", "expected", 1);
    if (closed) json_object_set_new(j, "closed", json_string(closed));
    if (decision) json_object_set_new(j, "decision", json_string(decision));
    return j;
}

static const char *text_at(const json_t *j, const char *list, size_t i, const char *key) {
    const char *text = json_text(json_array_get(json_object_get(j, list), i), key);
    return text ? text : "";
}

static void put(tree_t *tree, json_t *j) {
    char *text = json_canonical(j);
    unit_t *unit = unit_read(text, strlen(text), NULL);
    assert_non_null(unit);
    tree_put(tree, &unit);
    free(text);
    json_decref(j);
}

static void test_unit_change_one_is_a_merger_several_a_split(void **state) {
    (void)state;
    refusal_t why = {0};
    json_t *j = record("BD.1", "2025-06-30", "9/QĐ");
    assert_int_equal(unit_change_into(j, " HCM.1 ", &why), BC_OK);
    assert_string_equal(text_at(j, "successors", 0, "kind"), "merge");
    assert_string_equal(text_at(j, "successors", 0, "unit"), "HCM.1");
    assert_string_equal(text_at(j, "successors", 0, "date"), "2025-07-01");
    assert_string_equal(text_at(j, "successors", 0, "decision"), "9/QĐ");
    assert_int_equal(unit_change_into(j, "HCM.1, HCM.2", &why), BC_OK);
    assert_string_equal(text_at(j, "successors", 1, "kind"), "split");
    assert_int_equal(unit_change_into(j, "", &why), BC_OK);
    assert_null(json_object_get(j, "successors"));
    json_decref(j);
    j = record("BD.1", NULL, "9/QĐ");
    assert_int_equal(unit_change_into(j, "HCM.1", &why), BC_REFUSED);
    assert_string_equal(why.code, "unit-successor");
    json_decref(j);
    j = record("BD.1", "2025-06-30", NULL);
    assert_int_equal(unit_change_into(j, "HCM.1", &why), BC_REFUSED);
    json_decref(j);
}

static void test_unit_change_custody_begins_and_ends(void **state) {
    (void)state;
    refusal_t why = {0};
    day_t july = day_make(2025, 7, 1);
    json_t *j = record("BD.1", NULL, "9/QĐ");
    assert_int_equal(unit_change_custody(j, "", july, &why), BC_OK);
    assert_null(json_object_get(j, "custody"));
    assert_int_equal(unit_change_custody(j, "BD.2", july, &why), BC_OK);
    assert_int_equal(unit_change_custody(j, "BD.2", july + 5, &why), BC_OK); /* the same again */
    assert_int_equal(json_array_size(json_object_get(j, "custody")), 1);
    assert_int_equal(unit_change_custody(j, "BD.3", july, &why), BC_REFUSED);
    assert_string_equal(why.code, "unit-custody");
    assert_int_equal(unit_change_custody(j, "BD.3", july + 31, &why), BC_OK);
    assert_string_equal(text_at(j, "custody", 0, "to"), "2025-07-31");
    assert_string_equal(text_at(j, "custody", 1, "from"), "2025-08-01");
    assert_int_equal(unit_change_custody(j, "", july + 62, &why), BC_OK);
    assert_string_equal(text_at(j, "custody", 1, "to"), "2025-08-31");
    json_decref(j);
}

static void test_unit_change_leads_to_an_open_unit(void **state) {
    (void)state;
    static const struct {
        const char *into;
        int rc;
    } cases[] = {{"OPEN", BC_OK}, {"SHUT", BC_REFUSED}, {"NONE", BC_REFUSED}, {"BD.1", BC_REFUSED}};
    tree_t *tree = tree_new();
    put(tree, record("OPEN", NULL, NULL));
    put(tree, record("SHUT", "2025-06-30", NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refusal_t why = {0};
        json_t *j = record("BD.1", "2025-06-30", "9/QĐ");
        assert_int_equal(unit_change_into(j, cases[i].into, &why), BC_OK);
        put(tree, j);
        assert_int_equal(unit_change_check(tree, tree_get(tree, "BD.1"), &why), cases[i].rc);
        if (cases[i].rc) assert_string_equal(why.code, "unit-successor");
    }
    tree_free(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit_change_one_is_a_merger_several_a_split),
        cmocka_unit_test(test_unit_change_custody_begins_and_ends),
        cmocka_unit_test(test_unit_change_leads_to_an_open_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
