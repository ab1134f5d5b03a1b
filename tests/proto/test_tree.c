/* SPDX-License-Identifier: MPL-2.0 */
/* The tree of units: who stood under whom on which day, and no loop on any of them. */
#include "proto/tree.h"

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/support.h"

/* A unit under PARENT from 2020, and under LATER (NULL: no change) from 2024-07-01; "" is the top. */
static unit_t *unit_of(const char *code, const char *parent, const char *later) {
    buf_t out = {0};
    buf_printf(&out,
               "{\"unit\":\"%s\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"Đơn "
               "vị %s\"}],",
               code, code);
    buf_printf(&out, "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":%s%s%s}", *parent ? "\"" : "null",
               parent, *parent ? "\"" : "");
    if (later)
        buf_printf(&out, ",{\"from\":\"2024-07-01\",\"parent\":%s%s%s}", *later ? "\"" : "null", later,
                   *later ? "\"" : "");
    buf_puts(&out, "],\"opened\":\"2020-01-01\",\"expected\":true}");
    refusal_t why;
    unit_t *unit = unit_read(out.data, out.len, &why);
    if (!unit) fail_msg("%s: %s", out.data, why.en);
    buf_free(&out);
    return unit;
}

/* Checks and puts; the code of the refusal or "". */
static const char *put(tree_t *tree, const char *code, const char *parent, const char *later) {
    static refusal_t why;
    why = (refusal_t){0};
    unit_t *unit = unit_of(code, parent, later);
    if (tree_check(tree, unit, &why) == BC_OK) {
        tree_put(tree, &unit);
        assert_null(unit);
    }
    unit_free(&unit);
    return why.code;
}

/* BD over BD.1 over BD.1.1; BD.2; BD.1.1 moves under BD.2 on 2024-07-01. */
static int tree_setup(void **state) {
    tree_t *tree = tree_new();
    put(tree, "BD", "", NULL);
    put(tree, "BD.2", "BD", NULL);
    put(tree, "BD.1", "BD", NULL);
    put(tree, "BD.1.1", "BD.1", "BD.2");
    *state = tree;
    return tree_count(tree) == 4 ? 0 : -1;
}

static int tree_teardown(void **state) {
    tree_t *tree = *state;
    tree_free(&tree);
    tree_free(&tree);
    return tree ? -1 : 0;
}

#define BEFORE day_make(2024, 6, 30)
#define AFTER day_make(2024, 7, 1)

static void test_tree_follows_dated_parents(void **state) {
    const tree_t *tree = *state;
    assert_true(tree_under(tree, "BD.1.1", "BD.1", BEFORE));
    assert_false(tree_under(tree, "BD.1.1", "BD.2", BEFORE));
    assert_false(tree_under(tree, "BD.1.1", "BD.1", AFTER));
    assert_true(tree_under(tree, "BD.1.1", "BD.2", AFTER));
    assert_true(tree_under(tree, "BD.1.1", "BD", BEFORE));
    assert_true(tree_under(tree, "BD.1.1", "BD", AFTER));
    assert_true(tree_under(tree, "BD.1.1", "BD.1.1", AFTER));
    assert_false(tree_under(tree, "BD", "BD.1", AFTER));
    assert_false(tree_under(tree, "XX", "BD", AFTER));
    assert_false(tree_under(tree, "BD.1.1", "BD", day_make(2019, 12, 31)));
}

static void test_tree_lists_by_code(void **state) {
    const tree_t *tree = *state;
    static const char *const codes[] = {"BD", "BD.1", "BD.1.1", "BD.2"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(unit_code(tree_at(tree, i)), codes[i]);
    assert_ptr_equal(tree_get(tree, "BD.2"), tree_at(tree, 3));
    assert_null(tree_get(tree, "BD.3"));
}

static void test_tree_replaces_a_record(void **state) {
    tree_t *tree = *state;
    assert_string_equal(put(tree, "BD.1.1", "BD", NULL), "");
    assert_int_equal(tree_count(tree), 4);
    assert_string_equal(unit_parent(tree_get(tree, "BD.1.1"), AFTER), "BD");
    assert_ptr_equal(tree_get(tree, "BD.1.1"), tree_at(tree, 2));
}

static void test_tree_refuses_an_unknown_parent(void **state) {
    tree_t *tree = *state;
    assert_string_equal(put(tree, "BD.3", "XX", NULL), "tree-parent");
    assert_string_equal(put(tree, "BD.3", "BD", "XX"), "tree-parent");
    assert_string_equal(put(tree, "BD.3", "", NULL), "");
}

static void test_tree_refuses_loops_on_any_day(void **state) {
    tree_t *tree = *state;
    assert_string_equal(put(tree, "BD.1", "BD.1", NULL), "tree-loop");
    assert_string_equal(put(tree, "BD", "BD.1.1", NULL), "tree-loop");
    assert_string_equal(put(tree, "BD", "", "BD.2"), "tree-loop");
    /* BD.1.1 is under BD.1 until June and under BD.2 from July: only the other halves are free. */
    assert_string_equal(put(tree, "BD.1", "BD.1.1", "BD"), "tree-loop");
    assert_string_equal(put(tree, "BD.2", "BD", "BD.1.1"), "tree-loop");
    assert_string_equal(put(tree, "BD.1", "BD", "BD.1.1"), "");
    assert_string_equal(put(tree, "BD.2", "BD.1", "BD"), "");
    assert_string_equal(put(tree, "BD.2", "BD.1.1", "BD"), "");
    assert_int_equal(tree_count(tree), 4);
}

static void test_tree_survives_a_loop_that_was_never_checked(void **state) {
    tree_t *tree = *state;
    unit_t *unit = unit_of("BD", "BD.1.1", NULL);
    tree_put(tree, &unit);
    assert_false(tree_under(tree, "BD.1.1", "XX", BEFORE));
    unit = unit_of("NEW", "BD", NULL);
    assert_int_equal(tree_check(tree, unit, NULL), BC_REFUSED);
    unit_free(&unit);
}

static void test_tree_holds_many(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    char code[UNIT_CODE];
    for (int i = 0; i < 3000; i++) {
        snprintf(code, sizeof code, "U%d", (i * 7919) % 3000);
        assert_string_equal(put(tree, code, "", NULL), "");
    }
    assert_int_equal(tree_count(tree), 3000);
    for (size_t i = 1; i < 3000; i++)
        assert_true(strcmp(unit_code(tree_at(tree, i - 1)), unit_code(tree_at(tree, i))) < 0);
    for (int i = 0; i < 3000; i++) {
        snprintf(code, sizeof code, "U%d", i);
        assert_non_null(tree_get(tree, code));
    }
    tree_free(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tree_follows_dated_parents, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(test_tree_lists_by_code, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(test_tree_replaces_a_record, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(test_tree_refuses_an_unknown_parent, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(test_tree_refuses_loops_on_any_day, tree_setup, tree_teardown),
        cmocka_unit_test_setup_teardown(test_tree_survives_a_loop_that_was_never_checked, tree_setup,
                                        tree_teardown),
        cmocka_unit_test(test_tree_holds_many),
    };
    return RUN(tests);
}
