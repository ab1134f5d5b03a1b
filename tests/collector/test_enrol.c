/* SPDX-License-Identifier: MPL-2.0 */
/* test_enrol.c - a code becomes a key once, whoever asks how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/enrol.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/admin_fixture.h"

#define NOW 1730900000000 /* 2024-11-06 */

static const char hex_token[] = "000102030405060708090a0b0c0d0e0f";
static const char hex_public[] = "aa00000000000000000000000000000000000000000000000000000000000000";
static const char hex_other[] = "bb00000000000000000000000000000000000000000000000000000000000000";

static void add_code(console_t *c, const char *unit, int consumer, int last) {
    access_code_t code = {
        .consumer = consumer, .may_decide = consumer, .expires = clock_day(NOW) + 30, .made = NOW};
    hex_read(hex_token, code.token, sizeof code.token);
    code.token[15] = (uint8_t)last;
    strcpy(code.unit, unit);
    assert_int_equal(queue_code_add(c->store.queue, &code), 0);
}

static enrol_request_t request(const char *public_hex, int last) {
    enrol_request_t r;
    refusal_t why = {0};
    json_t *header =
        json_pack("{si ss ss ss}", "v", 1, "token", hex_token, "name", " máy văn phòng ", "program", "x");
    assert_int_equal(enrol_read(header, public_hex, &r, &why), 0);
    json_decref(header);
    r.token[15] = (uint8_t)last;
    return r;
}

static enrol_result_t decide(console_t *c, const enrol_request_t *r, int64_t now) {
    enrol_result_t out;
    assert_int_equal(queue_begin(c->store.queue), 0);
    assert_int_equal(enrol_decide(c->store.queue, r, now, &out), 0);
    assert_int_equal(queue_commit(c->store.queue), 0);
    return out;
}

static void refuses(console_t *c, const enrol_request_t *r, int64_t now, const char *code) {
    enrol_result_t out = decide(c, r, now);
    assert_int_equal(out.serial, 0);
    assert_int_equal(out.fresh, 0);
    assert_string_equal(out.why.code, code);
}

static void test_enrol_makes_a_key_and_an_entry(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    enrol_request_t r = request(hex_public, 15);
    assert_string_equal(r.name, "máy văn phòng");
    enrol_result_t out = decide(c, &r, NOW);
    assert_true(out.serial > 0);
    assert_true(out.fresh);
    assert_string_equal(out.unit, "BD.01");
    refusal_t why = {0};
    registry_t *reg = registry_load(c->store.queue, &why);
    const access_key_t *key = registry_key_by_public(reg, r.public_);
    assert_non_null(key);
    assert_string_equal(key->unit, "BD.01");
    assert_string_equal(key->name, "máy văn phòng");
    assert_int_equal(registry_key_ok(key, NOW, &why), 0);
    registry_free(&reg);
    json_t *entry = console_newest(c, "access");
    assert_string_equal(json_text(entry, "what"), "enrolled");
    assert_string_equal(json_text(entry, "unit"), "BD.01");
    assert_int_equal(json_int(entry, "key", 0), out.serial);
    json_decref(entry);
}

static void test_enrol_gives_the_same_answer_to_the_same_key(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    enrol_request_t r = request(hex_public, 15);
    enrol_result_t first = decide(c, &r, NOW), again = decide(c, &r, NOW + 40 * 86400000LL);
    assert_int_equal(again.serial, first.serial);
    assert_int_equal(again.fresh, 0);
    assert_int_equal(console_entries(c, "access"), 1);
}

static void test_enrol_refuses_another_key_and_remembers(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    enrol_request_t mine = request(hex_public, 15), theirs = request(hex_other, 15);
    enrol_result_t out = decide(c, &mine, NOW);
    refuses(c, &theirs, NOW + 5, "code-used");
    char *fact = queue_fact(c->store.queue, "code_reused");
    char *want =
        mem_printf("{\"at\":%lld,\"key\":%lld,\"unit\":\"BD.01\"}", NOW + 5LL, (long long)out.serial);
    assert_string_equal(fact, want);
    free(want);
    free(fact);
    assert_int_equal(decide(c, &mine, NOW + 6).serial, out.serial); /* and the first one stays in */
}

static void test_enrol_refuses_a_code_that_is_old_or_cancelled(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    enrol_request_t r = request(hex_public, 15);
    int64_t end = clock_day_start(clock_day(NOW) + 31);
    refuses(c, &r, end, "code-expired");
    assert_int_equal(queue_code_cancel(c->store.queue, "BD.01"), 0);
    refuses(c, &r, NOW, "code-expired");
    add_code(c, "BD.02", 0, 16);
    r = request(hex_public, 16);
    assert_true(decide(c, &r, end - 1).serial > 0); /* the last instant of the last day */
}

static void test_enrol_leaves_a_code_for_somebody_else_as_it_was(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    add_code(c, "tonghop", 1, 16);
    enrol_request_t r = request(hex_public, 15);
    r.role = ENROL_CONSUMER;
    refuses(c, &r, NOW, "code-role");
    r.role = ENROL_AGENT;
    strcpy(r.unit, "BD.02");
    refuses(c, &r, NOW, "unit-other");
    enrol_request_t agent = request(hex_other, 16);
    agent.role = ENROL_AGENT;
    refuses(c, &agent, NOW, "code-role");
    strcpy(r.unit, "BD.01");
    assert_true(decide(c, &r, NOW).serial > 0);
    agent.role = ENROL_CONSUMER;
    assert_true(decide(c, &agent, NOW).consumer);
}

static void test_enrol_refuses_an_unknown_code_and_a_key_of_another(void **state) {
    console_t *c = *state;
    add_code(c, "BD.01", 0, 15);
    add_code(c, "BD.02", 0, 16);
    enrol_request_t r = request(hex_public, 99);
    refuses(c, &r, NOW, "code-unknown");
    r = request(hex_public, 15);
    assert_true(decide(c, &r, NOW).serial > 0);
    r = request(hex_public, 16);
    refuses(c, &r, NOW, "key-taken");
    r = request(hex_other, 16);
    assert_true(decide(c, &r, NOW).serial > 0); /* the refused attempt did not use the code up */
}

static void test_enrol_read_wants_version_token_and_key(void **state) {
    (void)state;
    refusal_t why = {0};
    enrol_request_t r;
    json_t *h = json_pack("{si ss}", "v", 2, "token", hex_token);
    assert_int_equal(enrol_read(h, hex_public, &r, &why), BC_REFUSED);
    assert_string_equal(why.code, "version-unsupported");
    json_object_set_new(h, "v", json_integer(1));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), 0); /* a name may be missing */
    assert_int_equal(enrol_read(h, "", &r, &why), BC_REFUSED);
    assert_string_equal(why.code, "header-bad");
    json_object_set_new(h, "token", json_string("xyz"));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), BC_REFUSED);
    assert_string_equal(why.code, "header-bad");
    json_object_set_new(h, "token", json_integer(7));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), BC_REFUSED);
    json_object_set_new(h, "token", json_string(hex_token));
    char *name = mem_alloc(301);
    memset(name, 'x', 300);
    json_object_set_new(h, "name", json_string(name));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), 0);
    assert_int_equal(strlen(r.name), 100);
    free(name);
    assert_int_equal(r.role, ENROL_ANY);
    json_object_set_new(h, "role", json_string("consumer"));
    json_object_set_new(h, "unit", json_string("BD.01"));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), 0);
    assert_int_equal(r.role, ENROL_CONSUMER);
    assert_string_equal(r.unit, "BD.01");
    json_object_set_new(h, "unit", json_string("a unit code that is longer than any may be"));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), BC_REFUSED);
    json_object_set_new(h, "role", json_string("relay"));
    assert_int_equal(enrol_read(h, hex_public, &r, &why), BC_REFUSED);
    json_decref(h);
}

static void answers(const enrol_result_t *result, const registry_t *reg, const char *want) {
    uint8_t sign[32] = {0xab};
    json_t *j = enrol_answer(result, reg, "0123456789abcdef0123456789abcdef", sign, 5670, NOW);
    char *text = json_canonical(j);
    assert_string_equal(text, want);
    free(text);
    json_decref(j);
}

static void test_enrol_answer_is_as_the_protocol_says(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    console_units(c);
    registry_t *reg = registry_load(c->store.queue, &why);
    enrol_result_t out = {.serial = 12, .unit = "BD.01.1"};
#define TAIL "\"now\":1730900000000,\"port\":5670,"
#define SIGN "\"sign\":\"ab00000000000000000000000000000000000000000000000000000000000000\","
    answers(
        &out, reg,
        "{\"key\":12,\"log\":\"0123456789abcdef0123456789abcdef\",\"name\":\"CĐCS Công ty Ví dụ Một\"," TAIL
        "\"role\":\"agent\"," SIGN "\"unit\":\"BD.01.1\"}");
    out = (enrol_result_t){.serial = 13, .unit = "tonghop", .consumer = 1};
    answers(&out, reg,
            "{\"key\":13,\"log\":\"0123456789abcdef0123456789abcdef\",\"name\":\"tonghop\"," TAIL
            "\"role\":\"consumer\"," SIGN "\"unit\":\"tonghop\"}");
    out = (enrol_result_t){0};
    refuse(&out.why, "code-used", NULL, "đã dùng", "used");
    answers(&out, reg, "{\"refused\":{\"code\":\"code-used\",\"en\":\"used\",\"vi\":\"đã dùng\"}}");
    registry_free(&reg);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_enrol_makes_a_key_and_an_entry),
        test(test_enrol_gives_the_same_answer_to_the_same_key),
        test(test_enrol_refuses_another_key_and_remembers),
        test(test_enrol_refuses_a_code_that_is_old_or_cancelled),
        test(test_enrol_leaves_a_code_for_somebody_else_as_it_was),
        test(test_enrol_refuses_an_unknown_code_and_a_key_of_another),
        cmocka_unit_test(test_enrol_read_wants_version_token_and_key),
        test(test_enrol_answer_is_as_the_protocol_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
