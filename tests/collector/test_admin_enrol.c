/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_enrol.c - codes, their files and slips, handover, consumers. */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "collector/enrol.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/code.h"
#include "proto/keyfile.h"
#include "tests/collector/admin_fixture.h"

/* The codes a command line printed with --json, read. */
static code_t code_at(console_t *c, size_t i, char unit[static 33]) {
    json_t *all = json_loads(c->out, 0, NULL), *made = json_is_array(all) ? json_array_get(all, i) : all;
    code_t code;
    refusal_t why = {0};
    assert_int_equal(code_read(json_text(made, "code"), &code, &why), 0);
    const char *name = json_text(made, "unit") ? json_text(made, "unit") : json_text(made, "consumer");
    snprintf(unit, 33, "%s", name);
    json_decref(all);
    return code;
}

/* A computer uses CODE: what was decided. */
static enrol_result_t use(console_t *c, const code_t *code, uint8_t key) {
    enrol_request_t r = {.public_ = {key}};
    enrol_result_t out;
    memcpy(r.token, code->token, sizeof r.token);
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(enrol_decide(c->store.queue, &r, clock_wall_ms(), &out), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
    return out;
}

/* The file of this name that the last command line left; caller frees. NULL if there is none. */
static char *file_named(console_t *c, const char *path) {
    size_t i, len;
    json_t *f;
    json_array_foreach(c->files, i, f) {
        if (strcmp(json_text(f, "path"), path)) continue;
        const char *data = json_text(f, "data");
        char *out = mem_alloc(strlen(data) + 1);
        assert_int_equal(sodium_base642bin((unsigned char *)out, strlen(data), data, strlen(data), NULL, &len,
                                           NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
        out[len] = '\0';
        assert_int_equal(json_int(f, "mode", 0), 0600);
        return out;
    }
    return NULL;
}

static void test_admin_enrol_code_holds_what_a_computer_needs(void **state) {
    console_t *c = *state;
    char unit[33];
    console_units(c);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "BD.02", "--json", NULL), 0);
    code_t code = code_at(c, 1, unit);
    assert_string_equal(unit, "BD.02");
    assert_string_equal(code.endpoint, "collector.example:5671");
    assert_int_equal(code.expires, clock_day(clock_wall_ms()) + 30);
    curve_pair_t server;
    refusal_t why = {0};
    char *path = file_path(c->store.dir, "server.key");
    assert_int_equal(curve_pair_load(path, &server, &why), 0);
    assert_memory_equal(code.server, server.public_, 32);
    free(path);
    enrol_result_t out = use(c, &code, 1);
    assert_string_equal(out.unit, "BD.02");
    assert_true(out.serial > 0);
}

static void test_admin_enrol_does_not_double_an_open_code(void **state) {
    console_t *c = *state;
    char unit[33];
    console_units(c);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "--json", NULL), 0);
    code_t lost = code_at(c, 0, unit);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.02", "BD.01", NULL), 65);
    assert_non_null(strstr(c->err, "code-open"));
    queue_counts_t counts;
    assert_int_equal(queue_counts(c->store.queue, &counts), 0);
    assert_int_equal(counts.codes_open, 1); /* nothing for BD.02 either */
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "--again", "--json", NULL), 0);
    code_t code = code_at(c, 0, unit);
    assert_string_equal(use(c, &lost, 1).why.code, "code-expired");
    assert_true(use(c, &code, 2).serial > 0);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", NULL), 0); /* a second computer */
}

static void test_admin_enrol_all_writes_slips_for_those_who_need_one(void **state) {
    console_t *c = *state;
    char unit[33];
    console_units(c);
    assert_int_equal(console_run(c, "code;closed\nBD.01.2;01/02/2021\n", "unit", "import", "-", NULL), 0);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "--json", NULL), 0);
    code_t code = code_at(c, 0, unit);
    assert_true(use(c, &code, 1).serial > 0);
    assert_int_equal(console_run(c, NULL, "enrol", "--all", "--out", "phieu", NULL), 0);
    assert_int_equal(json_array_size(c->files), 3 * 2 + 3); /* BD, BD.01.1, BD.02; three piles */
    static const char *const none[] = {"phieu/BD.01.code", "phieu/BD.01.2.code"};
    for (int i = 0; i < 2; i++)
        assert_null(file_named(c, none[i]));
    char *text = file_named(c, "phieu/BD.02.code"); /* coordinating units too */
    refusal_t why = {0};
    assert_int_equal(code_read(text, &code, &why), 0);
    assert_string_equal(use(c, &code, 2).unit, "BD.02");
    free(text);
    text = file_named(c, "phieu/BD.01.1.txt");
    assert_non_null(strstr(text, "Công đoàn cấp trên Ví dụ"));
    char *pile = file_named(c, "phieu/theo-cap-tren/BD.01.txt");
    assert_string_equal(pile, text);
    free(text);
    free(pile);
    assert_int_equal(console_run(c, NULL, "enrol", "--all", "--out", "phieu", NULL), 0);
    assert_int_equal(json_array_size(c->files), 0); /* all have a key or an open code now */
    assert_non_null(strstr(c->out, "--again"));
}

static void test_admin_enrol_wants_units_or_all(void **state) {
    console_t *c = *state;
    console_units(c);
    assert_int_equal(console_run(c, NULL, "enrol", NULL), 64);
    assert_int_equal(console_run(c, NULL, "enrol", "--all", NULL), 64);
    assert_int_equal(console_run(c, NULL, "enrol", "--all", "--out", "x", "BD", NULL), 64);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.9", NULL), 65);
    assert_non_null(strstr(c->err, "unit-unknown"));
}

static void test_admin_enrol_refuses_a_key_file_others_may_read(void **state) {
    console_t *c = *state;
    console_units(c);
    char *path = file_path(c->store.dir, "server.key");
    assert_int_equal(chmod(path, 0644), 0);
    free(path);
    assert_int_equal(console_run(c, NULL, "enrol", "BD", NULL), 77);
    assert_non_null(strstr(c->err, "key-mode"));
}

static void test_admin_enrol_handover_shuts_the_old_computer_out(void **state) {
    console_t *c = *state;
    char unit[33];
    console_units(c);
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "--json", NULL), 0);
    code_t first = code_at(c, 0, unit);
    int64_t old = use(c, &first, 1).serial;
    assert_int_equal(console_run(c, NULL, "enrol", "BD.01", "--json", NULL), 0);
    code_t unused = code_at(c, 0, unit);
    c->admin.changed = 0;
    assert_int_equal(console_run(c, NULL, "handover", "BD.01", "--json", NULL), 0);
    code_t code = code_at(c, 0, unit);
    assert_true(c->admin.changed & REGISTRY_ACCESS);
    assert_string_equal(use(c, &unused, 2).why.code, "code-expired");
    int64_t new = use(c, &code, 2).serial;
    refusal_t why = {0};
    registry_t *r = registry_load(c->store.queue, &why);
    assert_int_equal(registry_key(r, old)->state, KEY_REVOKED);
    assert_int_equal(registry_key(r, new)->state, KEY_ACTIVE);
    registry_free(&r);
    assert_int_equal(console_run(c, NULL, "handover", "BD.99", NULL), 65);
}

static void test_admin_enrol_consumer_add_checks_the_name(void **state) {
    console_t *c = *state;
    char name[33];
    assert_int_equal(console_run(c, NULL, "consumer", "add", "tonghop", "--may-decide", "--json", NULL), 0);
    code_t code = code_at(c, 0, name);
    enrol_result_t out = use(c, &code, 1);
    assert_int_equal(out.consumer, 1);
    assert_string_equal(out.unit, "tonghop");
    refusal_t why = {0};
    registry_t *r = registry_load(c->store.queue, &why);
    assert_int_equal(registry_key(r, out.serial)->may_decide, 1);
    registry_free(&r);
    static const char *const bad[] = {"BD", "tổng", "9x", "-x", "", "ton hop"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(console_run(c, NULL, "consumer", "add", "--", bad[i], NULL), 65);
        assert_non_null(strstr(c->err, "consumer-name"));
    }
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_enrol_code_holds_what_a_computer_needs),
        test(test_admin_enrol_does_not_double_an_open_code),
        test(test_admin_enrol_all_writes_slips_for_those_who_need_one),
        test(test_admin_enrol_wants_units_or_all),
        test(test_admin_enrol_refuses_a_key_file_others_may_read),
        test(test_admin_enrol_handover_shuts_the_old_computer_out),
        test(test_admin_enrol_consumer_add_checks_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
