/* SPDX-License-Identifier: MPL-2.0 */
/* Checks: what is judged, what is not, and the sentence that comes of it. */
#include "proto/check.h"

#include "proto/base/json.h"
#include "tests/support.h"

/* Measures a, b, c, d exist. */
static int known(const void *plan, const char *id) {
    (void)plan;
    return strlen(id) == 1 && *id >= 'a' && *id <= 'd';
}

/* 1 if the check LEFT OP RIGHT (JSON arrays) holds on MEASURES. */
static int holds(const char *left, const char *op, const char *right, const char *measures) {
    char text[512];
    refusal_t why;
    snprintf(text, sizeof text,
             "{\"id\":\"x\",\"left\":%s,\"op\":\"%s\",\"right\":%s,\"action\":\"refuse\",\"vi\":\"sai\","
             "\"en\":\"wrong\"}",
             left, op, right);
    json_t *j = json_loads(text, 0, NULL), *m = json_loads(measures, 0, NULL);
    check_t *check = check_read(j, known, NULL, &why);
    assert_non_null(check);
    assert_int_equal(check_refuses(check), 1);
    int is = check_holds(check, m, &why);
    if (!is) {
        assert_string_equal(why.code, "check-failed");
        assert_string_equal(why.field, "x");
    }
    check_free(&check);
    assert_null(check);
    json_decref(m);
    json_decref(j);
    return is;
}

static void test_check_compares_sums(void **state) {
    (void)state;
    assert_true(holds("[\"a\",\"b\"]", "==", "[\"c\"]", "{\"a\":1,\"b\":2,\"c\":3}"));
    assert_false(holds("[\"a\",\"b\"]", "==", "[\"c\"]", "{\"a\":1,\"b\":2,\"c\":4}"));
    assert_true(holds("[\"a\"]", "<=", "[\"b\",\"c\"]", "{\"a\":3,\"b\":1,\"c\":2}"));
    assert_false(holds("[\"a\"]", "<=", "[\"b\",\"c\"]", "{\"a\":4,\"b\":1,\"c\":2}"));
    assert_true(holds("[\"a\"]", "iff", "[\"b\"]", "{\"a\":0,\"b\":0}"));
    assert_true(holds("[\"a\"]", "iff", "[\"b\"]", "{\"a\":1,\"b\":9}"));
    assert_false(holds("[\"a\"]", "iff", "[\"b\"]", "{\"a\":0,\"b\":1}"));
    assert_false(holds("[\"a\"]", "iff", "[\"b\"]", "{\"a\":1,\"b\":0}"));
}

static void test_check_takes_equal_as_at_most_where_the_left_is_blank(void **state) {
    (void)state;
    assert_true(holds("[\"a\",\"b\"]", "==", "[\"c\"]", "{\"a\":1,\"c\":3}"));
    assert_false(holds("[\"a\",\"b\"]", "==", "[\"c\"]", "{\"a\":4,\"c\":3}"));
}

static void test_check_does_not_judge_what_is_blank(void **state) {
    (void)state;
    assert_true(holds("[\"a\",\"b\"]", "==", "[\"c\"]", "{\"c\":3}"));
    assert_true(holds("[\"a\"]", "==", "[\"c\"]", "{\"a\":3}"));
    assert_true(holds("[\"a\"]", "<=", "[\"c\"]", "{\"a\":3}"));
    assert_true(holds("[\"a\"]", "<=", "[\"c\",\"d\"]", "{\"a\":3,\"c\":1}"));
    assert_true(holds("[\"a\"]", "iff", "[\"b\",\"c\"]", "{\"a\":0,\"b\":1}"));
    assert_true(holds("[\"a\",\"d\"]", "iff", "[\"b\"]", "{\"a\":0,\"b\":1}"));
    assert_true(holds("[\"a\"]", "<=", "[\"b\"]", "{}"));
    assert_true(holds("[\"a\"]", "<=", "[\"b\"]", "null"));
}

static void test_check_sums_the_largest_without_overflow(void **state) {
    (void)state;
    assert_true(holds("[\"a\",\"b\",\"c\"]", "<=", "[\"a\",\"b\",\"c\"]",
                      "{\"a\":999999999999999,\"b\":999999999999999,\"c\":999999999999999}"));
}

static void test_check_puts_values_into_its_sentence(void **state) {
    (void)state;
    json_t *j =
        json_loads("{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<=\",\"right\":[\"b\"],\"action\":\"warn\","
                   "\"vi\":\"Lượt {a} hơn {b}, {c}.\",\"en\":\"{a} above {b}, 100%s.\"}",
                   0, NULL);
    json_t *m = json_loads("{\"a\":1234567,\"b\":3}", 0, NULL);
    refusal_t why;
    check_t *check = check_read(j, known, NULL, &why);
    assert_int_equal(check_refuses(check), 0);
    assert_int_equal(check_holds(check, m, &why), 0);
    assert_string_equal(why.vi, "Lượt 1.234.567 hơn 3, ?.");
    assert_string_equal(why.en, "1,234,567 above 3, 100%s.");
    check_free(&check);
    json_decref(m);
    json_decref(j);
}

static void test_check_refuses_wrong_definitions(void **state) {
    (void)state;
#define REST "\"action\":\"warn\",\"vi\":\"x\",\"en\":\"y\""
    static const char *const wrong[] = {
        "{}",
        "{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<\",\"right\":[\"b\"]," REST "}",
        "{\"id\":\"x\",\"left\":[\"z\"],\"op\":\"<=\",\"right\":[\"b\"]," REST "}",
        "{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<=\",\"right\":[\"z\"]," REST "}",
        "{\"id\":\"x\",\"left\":[1],\"op\":\"<=\",\"right\":[\"b\"]," REST "}",
        "{\"id\":\"x\",\"left\":[],\"op\":\"<=\",\"right\":[\"b\"]," REST "}",
        "{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<=\",\"right\":[\"b\"],\"action\":\"stop\",\"vi\":\"x\","
        "\"en\":\"y\"}",
        "{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<=\",\"right\":[\"b\"],\"action\":\"warn\",\"vi\":\"{z}\","
        "\"en\":\"y\"}",
        "{\"id\":\"x\",\"left\":[\"a\"],\"op\":\"<=\",\"right\":[\"b\"],\"action\":\"warn\",\"vi\":\"{a\","
        "\"en\":\"y\"}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        json_t *j = json_loads(wrong[i], 0, NULL);
        refusal_t why;
        check_t *check = check_read(j, known, NULL, &why);
        if (check) fail_msg("%s was taken", wrong[i]);
        assert_string_equal(why.code, "plan-check");
        json_decref(j);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_compares_sums),
        cmocka_unit_test(test_check_takes_equal_as_at_most_where_the_left_is_blank),
        cmocka_unit_test(test_check_does_not_judge_what_is_blank),
        cmocka_unit_test(test_check_sums_the_largest_without_overflow),
        cmocka_unit_test(test_check_puts_values_into_its_sentence),
        cmocka_unit_test(test_check_refuses_wrong_definitions),
    };
    return RUN(tests);
}
