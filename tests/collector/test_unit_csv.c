/* SPDX-License-Identifier: MPL-2.0 */
/* test_unit_csv.c - the list of units in a spreadsheet: what it changes, and how its faults are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/unit_csv.h"
#include "proto/base/json.h"

#define HEAD "code;name;kind;parent;opened;expected\n"
#define BD "BD;Liên đoàn Ví dụ;federation;;01/01/2020;\n"
#define BD1 "BD.1;CĐCS Ví dụ Một;grassroots;BD;01/01/2020;x\n"

static day_t today(void) {
    return day_make(2024, 11, 7);
}

static json_t *read_csv(tree_t *tree, const char *text) {
    refusal_t why = {0};
    json_t *out = unit_csv_read(text, strlen(text), tree, today(), &why);
    if (!out) print_error("%s\n", why.en);
    assert_non_null(out);
    return out;
}

static size_t length(const json_t *out, const char *key) {
    return json_array_size(json_object_get(out, key));
}

static json_t *first(const json_t *out, const char *key) {
    return json_array_get(json_object_get(out, key), 0);
}

/* Reads TEXT and wants exactly one problem, at ROW and COLUMN with CODE. */
static void wants(const char *text, int row, const char *column, const char *code) {
    tree_t *tree = tree_new();
    json_t *out = read_csv(tree, text), *problem = first(out, "problems");
    assert_int_equal(length(out, "problems"), 1);
    assert_int_equal(json_int(problem, "row", 0), row);
    assert_string_equal(json_text(problem, "column"), column);
    assert_string_equal(json_text(problem, "code"), code);
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_makes_records_in_any_order(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_t *out = read_csv(tree, HEAD BD1 BD); /* the child stands above its parent */
    assert_int_equal(length(out, "problems"), 0);
    assert_int_equal(length(out, "changes"), 2);
    assert_int_equal(tree_count(tree), 2);
    assert_string_equal(unit_parent(tree_get(tree, "BD.1"), today()), "BD");
    assert_true(unit_expected(tree_get(tree, "BD.1")));
    assert_false(unit_expected(tree_get(tree, "BD")));
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_adds_nothing_the_second_time(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_decref(read_csv(tree, HEAD BD BD1));
    json_t *out = read_csv(tree, HEAD BD BD1);
    assert_int_equal(length(out, "changes"), 0);
    assert_int_equal(json_int(out, "same", 0), 2);
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_reads_vietnamese_heads_and_kinds(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_t *out = read_csv(tree, "Từ ngày,Mã đơn vị,Loại,Tên đơn vị,Phải báo cáo,Điện thoại,group:Khu vực\n"
                                 "2020-01-01,BD,Liên đoàn,Liên đoàn Ví dụ,Không,0900 000 001,Phía Nam\n");
    assert_int_equal(length(out, "problems"), 0);
    const unit_t *bd = tree_get(tree, "BD");
    assert_string_equal(unit_kind(bd), "federation");
    assert_string_equal(json_text(json_object_get(unit_json(bd), "contact"), "phone"), "0900 000 001");
    assert_string_equal(json_text(json_object_get(unit_json(bd), "groups"), "Khu vực"), "Phía Nam");
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_dates_a_new_name_and_parent(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_decref(read_csv(tree, HEAD BD BD1 "BD.2;Công đoàn Ví dụ;upper-level;BD;01/01/2020;x\n"));
    json_t *out = read_csv(tree, "code;name;parent;effective\nBD.1;CĐCS Ví dụ Mới;BD.2;01/10/2024\n");
    assert_int_equal(length(out, "problems"), 0);
    assert_int_equal(json_array_size(json_object_get(first(out, "changes"), "fields")), 2);
    const unit_t *u = tree_get(tree, "BD.1");
    assert_string_equal(unit_name(u, day_make(2024, 9, 30)), "CĐCS Ví dụ Một");
    assert_string_equal(unit_name(u, day_make(2024, 10, 1)), "CĐCS Ví dụ Mới");
    assert_string_equal(unit_parent(u, day_make(2024, 9, 30)), "BD");
    assert_string_equal(unit_parent(u, day_make(2024, 10, 1)), "BD.2");
    assert_true(unit_expected(u)); /* a column that is not there keeps what is known */
    json_decref(out);

    out = read_csv(tree, "code;name;effective\nBD.1;CĐCS Ví dụ Khác;01/09/2024\n");
    assert_string_equal(json_text(first(out, "problems"), "code"), "csv-cell");
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_closes_and_opens_again(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_decref(read_csv(tree, HEAD BD BD1));
    json_decref(read_csv(tree, "code;closed;decision\nBD.1;31/12/2024;12/QĐ-LĐLĐ\n"));
    assert_false(unit_open_on(tree_get(tree, "BD.1"), day_make(2025, 1, 1)));
    assert_true(unit_open_on(tree_get(tree, "BD.1"), day_make(2024, 12, 31)));
    json_decref(read_csv(tree, "code;name\nBD.1;CĐCS Ví dụ Một\n")); /* says nothing about closing */
    assert_false(unit_open_on(tree_get(tree, "BD.1"), day_make(2025, 1, 1)));
    json_decref(read_csv(tree, "code;closed\nBD.1;\n"));
    assert_true(unit_open_on(tree_get(tree, "BD.1"), day_make(2025, 1, 1)));
    tree_free(&tree);
}

static void test_unit_csv_moves_the_first_name_with_the_first_day(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_decref(read_csv(tree, HEAD BD BD1));
    json_t *out = read_csv(tree, "code;opened\nBD.1;01/06/2019\n");
    assert_int_equal(length(out, "problems"), 0);
    assert_string_equal(unit_parent(tree_get(tree, "BD.1"), day_make(2019, 6, 1)), "BD");
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_names_row_column_and_reason(void **state) {
    (void)state;
    wants(HEAD BD "bd.1;Một;grassroots;BD;01/01/2020;x\n", 3, "code", "csv-cell");
    wants(HEAD BD "BD.1;Một;grassroots;BD;31/02/2020;x\n", 3, "opened", "csv-cell");
    wants(HEAD BD "\nBD.1;Một;grassroots;BD;01/01/2020;maybe\n", 4, "expected", "csv-cell");
    wants(HEAD BD "BD.1;;grassroots;BD;01/01/2020;x\n", 3, "name", "csv-cell");
    wants(HEAD BD BD1 BD1, 4, "code", "csv-double");
    wants(HEAD BD "BD.1;Một;grassroots;BD.9;01/01/2020;x\n", 3, "parent", "tree-parent");
    wants(HEAD "BD;Liên đoàn;federation;BD;01/01/2020;\n", 2, "parent", "tree-loop");
    wants(HEAD BD "BD.1;Một;coordinating;BD;01/01/2020;x\n", 3, "expected", "csv-cell");
    wants(HEAD BD "BD.1;Một;grassroots;BD;01/01/2020;x;y\n", 3, "code", "csv-cell");
    wants("code;nme\nBD;Liên đoàn\n", 1, "nme", "csv-column");
    wants("name\nLiên đoàn\n", 1, "Mã đơn vị", "csv-column");
    wants("code;name;Mã đơn vị\nBD;Liên đoàn;BD\n", 1, "Mã đơn vị", "csv-column");
}

static void test_unit_csv_lists_every_fault(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_t *out = read_csv(tree, HEAD "B D;Một;grassroots;;01/01/2020;x\nBD;;grassroots;;32/01/2020;?\n");
    assert_int_equal(length(out, "problems"), 4);
    assert_int_equal(tree_count(tree), 0);
    json_decref(out);
    tree_free(&tree);
}

static void test_unit_csv_notes_a_new_kind(void **state) {
    (void)state;
    tree_t *tree = tree_new();
    json_t *out = read_csv(tree, HEAD "BD;Liên đoàn Ví dụ;fedration;;01/01/2020;\n");
    assert_int_equal(length(out, "problems"), 0);
    assert_int_equal(length(out, "notes"), 1);
    assert_int_equal(json_int(first(out, "notes"), "row", 0), 2);
    json_decref(out);
    tree_free(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit_csv_makes_records_in_any_order),
        cmocka_unit_test(test_unit_csv_adds_nothing_the_second_time),
        cmocka_unit_test(test_unit_csv_reads_vietnamese_heads_and_kinds),
        cmocka_unit_test(test_unit_csv_dates_a_new_name_and_parent),
        cmocka_unit_test(test_unit_csv_closes_and_opens_again),
        cmocka_unit_test(test_unit_csv_moves_the_first_name_with_the_first_day),
        cmocka_unit_test(test_unit_csv_names_row_column_and_reason),
        cmocka_unit_test(test_unit_csv_lists_every_fault),
        cmocka_unit_test(test_unit_csv_notes_a_new_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
