/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_unit.c - importing and listing units, writing to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "tests/collector/admin_fixture.h"

static void test_admin_unit_import_twice_adds_nothing(void **state) {
    console_t *c = *state;
    console_units(c);
    assert_int_equal(console_entries(c, "unit"), 5);
    assert_int_equal(c->admin.changed, REGISTRY_UNITS);
    c->admin.changed = 0;
    console_units(c);
    assert_int_equal(console_entries(c, "unit"), 5);
    assert_int_equal(c->admin.changed, 0);
    assert_non_null(strstr(c->out, "New 0, changed 0, unchanged 5."));
}

static void test_admin_unit_import_says_what_changed_and_who_did(void **state) {
    console_t *c = *state;
    console_units(c);
    assert_int_equal(console_run(c, "code;name\nBD.02;Tên mới\n", "unit", "import", "-", NULL), 0);
    assert_non_null(strstr(c->out, "changed   BD.02"));
    assert_non_null(strstr(c->out, ": names\n"));
    json_t *record = console_newest(c, "unit");
    assert_string_equal(json_text(record, "unit"), "BD.02");
    assert_int_equal(json_array_size(json_object_get(record, "names")), 2);
    json_decref(record);
    head_t head;
    assert_int_equal(queue_head(c->store.queue, &head), 0);
    assert_int_equal(head.position, 7);
}

static void test_admin_unit_import_takes_all_or_nothing(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c,
                                 "code;name;kind;opened\nBD;Liên đoàn;federation;01/01/2020\nbd1;Một;x;y\n",
                                 "unit", "import", "-", NULL),
                     65);
    assert_non_null(strstr(c->err, "row 3, column \"code\": "));
    assert_non_null(strstr(c->err, "import-refused: Faults found: 1;"));
    assert_int_equal(console_entries(c, "unit"), 0);
}

static void test_admin_unit_import_dry_run_stores_nothing(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c, "code;name;kind;opened\nBD;Liên đoàn;federation;01/01/2020\n", "unit",
                                 "import", "--dry-run", "--", "-", NULL),
                     0);
    assert_non_null(strstr(c->out, "Trial, nothing was stored. New 1"));
    assert_int_equal(console_entries(c, "unit"), 0);
}

static void test_admin_unit_import_gives_json_to_scripts(void **state) {
    console_t *c = *state;
    assert_int_equal(console_run(c, "code;name\nBD;Một\n", "unit", "import", "--json", "-", NULL), 65);
    json_t *j = json_loads(c->out, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(j, "problems")), 2);
    json_decref(j);
}

static void test_admin_unit_list_shows_state_and_subtree(void **state) {
    console_t *c = *state;
    console_units(c);
    access_key_t key = {.public_ = {1}, .unit = "BD.01.1"};
    assert_int_equal(queue_key_add(c->store.queue, &key), 0);
    assert_int_equal(console_run(c, NULL, "unit", "list", "--json", "--under", "BD.01", NULL), 0);
    json_t *rows = json_loads(c->out, 0, NULL);
    assert_int_equal(json_array_size(rows), 3);
    assert_string_equal(json_text(json_array_get(rows, 1), "unit"), "BD.01.1");
    assert_int_equal(json_int(json_array_get(rows, 1), "keys", 0), 1);
    assert_string_equal(json_text(json_array_get(rows, 1), "parent"), "BD.01");
    json_decref(rows);
    assert_int_equal(console_run(c, NULL, "unit", "list", NULL), 0);
    assert_non_null(strstr(c->out, "not enrolled"));
    assert_int_equal(console_run(c, NULL, "unit", "list", "--under", "BD.99", NULL), 65);
    assert_non_null(strstr(c->err, "unit-unknown"));
}

static void test_admin_unit_notice_names_its_units(void **state) {
    console_t *c = *state;
    console_units(c);
    assert_int_equal(
        console_run(c, NULL, "notice", "BD.01", "BD.02", "--subject", "Nhắc", "--text", "Kỳ tháng 11", NULL),
        0);
    json_t *j = console_newest(c, "notice");
    char *text = json_canonical(j);
    assert_string_equal(text, "{\"kind\":\"notice\",\"subject\":\"Nhắc\",\"text\":\"Kỳ tháng 11\","
                              "\"to\":[\"BD.01\",\"BD.02\"]}");
    free(text);
    json_decref(j);
    assert_int_equal(console_run(c, NULL, "notice", "BD.01", "--subject", "Nhắc", NULL), 64);
    assert_int_equal(console_run(c, NULL, "notice", "BD.1", "--subject", "a", "--text", "b", NULL), 65);
    assert_non_null(strstr(c->err, "did you mean BD"));
    assert_int_equal(console_entries(c, "notice"), 1);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_unit_import_twice_adds_nothing),
        test(test_admin_unit_import_says_what_changed_and_who_did),
        test(test_admin_unit_import_takes_all_or_nothing),
        test(test_admin_unit_import_dry_run_stores_nothing),
        test(test_admin_unit_import_gives_json_to_scripts),
        test(test_admin_unit_list_shows_state_and_subtree),
        test(test_admin_unit_notice_names_its_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
