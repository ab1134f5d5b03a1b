/* SPDX-License-Identifier: MPL-2.0 */
/* The seven kinds of measures: how a plan defines them and what a document may say. */
#include "proto/measure.h"

#include "proto/base/json.h"
#include "tests/support.h"

/* "" where TEXT is read as a measure, else the code. */
static const char *read_code(const char *text, refusal_t *why) {
    measure_t m;
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    *why = (refusal_t){0};
    measure_read(j, &m, why);
    json_decref(j);
    return why->code;
}

/* "" where VALUE (JSON) is a value of a measure that adds up by ADD with `most` 100, else the code. */
static const char *value_code(add_t add, const char *value) {
    static refusal_t why;
    measure_t m = {.id = "m", .vi = "Chỉ tiêu", .en = "Measure", .add = add, .most = 100};
    json_t *j = json_loads(value, JSON_DECODE_ANY, NULL);
    assert_non_null(j);
    why = (refusal_t){0};
    measure_check(&m, j, &why);
    json_decref(j);
    return why.code;
}

static void test_measure_names_the_seven_kinds(void **state) {
    (void)state;
    for (int i = 0; i < 7; i++)
        assert_int_equal(measure_add(measure_add_name((add_t)i)), i);
    assert_int_equal(measure_add("mean"), -1);
    assert_int_equal(measure_add(NULL), -1);
}

static void test_measure_is_read(void **state) {
    (void)state;
    json_t *j =
        json_loads("{\"id\":\"cost_1\",\"vi\":\"Kinh phí\",\"unit\":{\"vi\":\"đồng\"},\"add\":\"sum\","
                   "\"in\":[\"activity\",\"aggregate\"],\"required\":true,\"most\":9,\"scale\":2}",
                   0, NULL);
    measure_t m;
    assert_int_equal(measure_read(j, &m, NULL), 0);
    assert_string_equal(m.id, "cost_1");
    assert_string_equal(m.en, "Kinh phí");
    assert_string_equal(m.unit_en, "đồng");
    assert_int_equal(m.add, ADD_SUM);
    assert_int_equal(m.in, IN_ACTIVITY | IN_AGGREGATE);
    assert_int_equal(m.required, 1);
    assert_int_equal(m.most, 9);
    assert_int_equal(m.scale, 2);
    json_decref(j);
}

static void test_measure_refuses_wrong_definitions(void **state) {
    (void)state;
#define REST "\"vi\":\"x\",\"unit\":{\"vi\":\"y\"}"
    static const char *const wrong[] = {
        "{}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\"}",
        "{\"id\":\"A\"," REST ",\"add\":\"sum\",\"in\":[\"period\"]}",
        "{\"id\":\"1a\"," REST ",\"add\":\"sum\",\"in\":[\"period\"]}",
        "{\"id\":\"a-b\"," REST ",\"add\":\"sum\",\"in\":[\"period\"]}",
        "{\"id\":\"a\"," REST ",\"add\":\"mean\",\"in\":[\"period\"]}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[]}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[\"period\",\"period\"]}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[\"week\"]}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[1]}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[\"period\"],\"scale\":7}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[\"period\"],\"most\":0}",
        "{\"id\":\"a\"," REST ",\"add\":\"sum\",\"in\":[\"period\"],\"x\":0}",
        "{\"id\":\"a\",\"vi\":\" \",\"unit\":{\"vi\":\"y\"},\"add\":\"sum\",\"in\":[\"period\"]}",
    };
    refusal_t why;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (strcmp(read_code(wrong[i], &why), "plan-measure") != 0) fail_msg("%s: %s", wrong[i], why.code);
    assert_string_equal(read_code("{\"id\":\"a\"," REST ",\"add\":\"list\",\"in\":[\"period\"]}", &why), "");
}

static void test_measure_takes_numbers(void **state) {
    (void)state;
    static const add_t numbers[] = {ADD_SUM, ADD_MAX, ADD_LAST};
    for (int i = 0; i < 3; i++) {
        assert_string_equal(value_code(numbers[i], "0"), "");
        assert_string_equal(value_code(numbers[i], "100"), "");
        assert_string_equal(value_code(numbers[i], "101"), "measure-large");
        assert_string_equal(value_code(numbers[i], "-1"), "measure-range");
        assert_string_equal(value_code(numbers[i], "1000000000000000"), "measure-range");
        assert_string_equal(value_code(numbers[i], "1.0"), "measure-type");
        assert_string_equal(value_code(numbers[i], "\"1\""), "measure-type");
        assert_string_equal(value_code(numbers[i], "null"), "measure-type");
    }
}

static void test_measure_takes_a_yes_or_no(void **state) {
    (void)state;
    assert_string_equal(value_code(ADD_COUNT, "true"), "");
    assert_string_equal(value_code(ADD_COUNT, "false"), "");
    assert_string_equal(value_code(ADD_COUNT, "1"), "measure-type");
}

static void test_measure_takes_a_value_with_its_weight(void **state) {
    (void)state;
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":100,\"weight\":5000}"), "");
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":0,\"weight\":0}"), "");
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":101,\"weight\":1}"), "measure-large");
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":1,\"weight\":-1}"), "measure-range");
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":1}"), "measure-type");
    assert_string_equal(value_code(ADD_WEIGHTED, "{\"value\":1,\"weight\":1,\"x\":1}"), "measure-type");
    assert_string_equal(value_code(ADD_WEIGHTED, "[1,1]"), "measure-type");
}

static void test_measure_takes_codes(void **state) {
    (void)state;
    assert_string_equal(value_code(ADD_UNION, "[]"), "");
    assert_string_equal(value_code(ADD_UNION, "[\"a\",\"a\"]"), "");
    assert_string_equal(value_code(ADD_UNION, "[\"\"]"), "measure-blank");
    assert_string_equal(value_code(ADD_UNION, "\"a\""), "measure-type");
}

static void test_measure_takes_texts(void **state) {
    (void)state;
    assert_string_equal(value_code(ADD_LIST, "\"Kết quả\""), "");
    assert_string_equal(value_code(ADD_LIST, "[\"a\",\"b\"]"), "");
    assert_string_equal(value_code(ADD_LIST, "[]"), "measure-blank");
    assert_string_equal(value_code(ADD_LIST, "\" \""), "measure-blank");
    assert_string_equal(value_code(ADD_LIST, "[\"a\",\" \"]"), "measure-blank");
    assert_string_equal(value_code(ADD_LIST, "[\"a\",1]"), "measure-type");
    assert_string_equal(value_code(ADD_LIST, "{}"), "measure-type");
    assert_string_equal(value_code(ADD_LIST, "\"a\\u0007\""), "text-control");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure_names_the_seven_kinds),
        cmocka_unit_test(test_measure_is_read),
        cmocka_unit_test(test_measure_refuses_wrong_definitions),
        cmocka_unit_test(test_measure_takes_numbers),
        cmocka_unit_test(test_measure_takes_a_yes_or_no),
        cmocka_unit_test(test_measure_takes_a_value_with_its_weight),
        cmocka_unit_test(test_measure_takes_codes),
        cmocka_unit_test(test_measure_takes_texts),
    };
    return RUN(tests);
}
