/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin.c - what all verbs share: the table, the person, the end of a transaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/admin_fixture.h"

static void test_admin_verbs_are_told_in_both_languages(void **state) {
    (void)state;
    for (const verb_t *v = admin_program.verbs; v->name; v++) {
        assert_non_null(v->run);
        assert_true(v->vi && *v->vi && v->en && *v->en);
        assert_int_equal(v->more_vi == NULL, v->more_en == NULL);
        for (const opt_t *o = v->opts; o && o->name; o++)
            assert_true(*o->vi && *o->en);
    }
}

static int keep_by(void *arg, const queue_entry_t *entry) {
    json_t *header = json_loadb(entry->header, entry->header_len, 0, NULL);
    snprintf(arg, 64, "%s", json_text(header, "by"));
    json_decref(header);
    return 0;
}

static void test_admin_entries_name_the_person_who_asked(void **state) {
    console_t *c = *state;
    char by[64];
    refusal_t why = {0};
    console_units(c);
    assert_int_equal(queue_walk(c->store.queue, 5, keep_by, by, &why), 0);
    assert_string_equal(by, "Nguyễn Văn A");
}

static void test_admin_unit_unknown_names_the_nearest(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    console_units(c);
    tree_t *tree = admin_tree(&c->admin, &why);
    assert_non_null(admin_unit(tree, "BD.01.2", &why));
    assert_null(admin_unit(tree, "BD.01.22", &why));
    assert_string_equal(why.code, "unit-unknown");
    assert_non_null(strstr(why.en, "did you mean BD.01.2?"));
    tree_free(&tree);
}

static void test_admin_end_rolls_back_what_was_refused(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    io_t io = {.out = fopen("/dev/null", "w"), .err = NULL};
    io.err = io.out;
    entry_t e = {.kind = "outage", .by = "A"};
    int64_t before = store_position(&c->store);
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(queue_append(c->store.queue, &e, "{}", 2), 0);
    refuse(&why, "held-unknown", NULL, "x", "x");
    assert_int_equal(admin_end(&c->admin, &io, BC_REFUSED, REGISTRY_ALL, &why), 65);
    assert_int_equal(store_position(&c->store), before);
    assert_int_equal(c->admin.changed, 0);
    assert_int_equal(c->admin.broken, 0);
    fclose(io.out);
}

static void test_admin_end_tells_the_keeper_of_a_stop(void **state) {
    console_t *c = *state;
    io_t io = {.out = fopen("/dev/null", "w"), .err = NULL};
    io.err = io.out;
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(admin_end(&c->admin, &io, BC_DISK, REGISTRY_ALL, NULL), 74);
    assert_int_equal(c->admin.broken, BC_DISK);
    assert_int_equal(c->admin.changed, 0);
    fclose(io.out);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_admin_verbs_are_told_in_both_languages),
        test(test_admin_entries_name_the_person_who_asked),
        test(test_admin_unit_unknown_names_the_nearest),
        test(test_admin_end_rolls_back_what_was_refused),
        test(test_admin_end_tells_the_keeper_of_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
