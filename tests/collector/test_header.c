/* SPDX-License-Identifier: MPL-2.0 */
/* test_header.c - fields of a message's header, which may be anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "collector/header.h"
#include "proto/base/rc.h"

static void test_header_version_is_one(void **state) {
    (void)state;
    refusal_t why;
    json_t *one = json_pack("{si}", "v", 1), *two = json_pack("{si}", "v", 2),
           *text = json_pack("{ss}", "v", "1");
    assert_int_equal(header_version(one, &why), BC_OK);
    assert_int_equal(header_version(two, &why), BC_REFUSED);
    assert_string_equal(why.code, "version-unsupported");
    assert_int_equal(header_version(text, &why), BC_REFUSED);
    json_decref(one);
    json_decref(two);
    json_decref(text);
}

static void test_header_text_is_there_and_not_too_long(void **state) {
    (void)state;
    const char *out;
    json_t *j = json_pack("{ss ss si}", "a", "ba", "empty", "", "n", 1);
    assert_true(header_text(j, "a", 2, &out));
    assert_string_equal(out, "ba");
    assert_false(header_text(j, "a", 1, &out));
    assert_false(header_text(j, "empty", 2, &out));
    assert_false(header_text(j, "n", 2, &out));
    assert_false(header_text(j, "missing", 2, &out));
    json_decref(j);
}

static void test_header_hex_has_its_length(void **state) {
    (void)state;
    const char *out;
    uint8_t raw[2];
    json_t *j = json_pack("{ss ss ss}", "a", "0aff", "upper", "0AFF", "long", "0aff00");
    assert_true(header_hex(j, "a", 2, &out, raw));
    assert_int_equal(raw[1], 0xff);
    assert_true(header_hex(j, "a", 2, &out, NULL));
    assert_false(header_hex(j, "upper", 2, &out, raw));
    assert_false(header_hex(j, "long", 2, &out, raw));
    assert_false(header_hex(j, "missing", 2, &out, raw));
    json_decref(j);
}

static void test_header_number_is_within_its_bounds(void **state) {
    (void)state;
    int64_t n;
    json_t *j = json_pack("{si sI sI sf ss}", "one", 1, "most", (json_int_t)HEADER_NUMBER_MOST, "more",
                          (json_int_t)HEADER_NUMBER_MOST + 1, "real", 1.0, "text", "1");
    assert_true(header_number(j, "one", 1, &n));
    assert_int_equal(n, 1);
    assert_false(header_number(j, "one", 2, &n));
    assert_true(header_number(j, "most", 0, &n));
    assert_false(header_number(j, "more", 0, &n));
    assert_false(header_number(j, "real", 0, &n));
    assert_false(header_number(j, "text", 0, &n));
    assert_false(header_number(j, "missing", 0, &n));
    json_decref(j);
}

static void test_header_bad_names_the_field(void **state) {
    (void)state;
    refusal_t why;
    assert_int_equal(header_bad(CMD_HELLO, "outbox", &why), BC_REFUSED);
    assert_string_equal(why.code, "header-bad");
    assert_string_equal(why.field, "outbox");
    assert_non_null(strstr(why.vi, "HELLO"));
    assert_non_null(strstr(why.en, "outbox"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_version_is_one),
        cmocka_unit_test(test_header_text_is_there_and_not_too_long),
        cmocka_unit_test(test_header_hex_has_its_length),
        cmocka_unit_test(test_header_number_is_within_its_bounds),
        cmocka_unit_test(test_header_bad_names_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
