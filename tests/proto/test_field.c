/* SPDX-License-Identifier: MPL-2.0 */
/* Fields against a table. The refusals themselves are shown by the golden documents (test_judge). */
#include "proto/field.h"

#include "tests/support.h"

static const field_t fields[] = {{"name", FIELD_TEXT, 1, 1, 5},   {"n", FIELD_NUMBER, 0, 2, 4},
                                 {"label", FIELD_LABEL, 0, 1, 5}, {"parent", FIELD_PARENT, 0, 0, 0},
                                 {"id", FIELD_ID, 0, 2, 4},       {0}};

/* The code with which TEXT is refused, "" where it is not; WHY is filled. */
static const char *check(const char *text, const char *path, int index, refusal_t *why) {
    json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(j);
    *why = (refusal_t){0};
    int rc = field_check(j, fields, path, index, NULL, why);
    assert_int_equal(rc != 0, *why->code != '\0');
    json_decref(j);
    return why->code;
}

static void test_field_gives_values_in_the_order_of_the_table(void **state) {
    (void)state;
    const json_t *v[5];
    json_t *j = json_loads("{\"n\":3,\"name\":\"Hội\"}", 0, NULL);
    assert_int_equal(field_check(j, fields, NULL, -1, v, NULL), 0);
    assert_string_equal(json_string_value(v[0]), "Hội");
    assert_int_equal(json_integer_value(v[1]), 3);
    assert_null(v[2]);
    json_decref(j);
}

static void test_field_says_where(void **state) {
    (void)state;
    refusal_t why;
    assert_string_equal(check("{}", NULL, -1, &why), "field-missing");
    assert_string_equal(why.field, "name");
    assert_string_equal(check("{\"name\":\"a\",\"nn\":1}", "list", 3, &why), "field-unknown");
    assert_string_equal(why.field, "list[3].nn");
    assert_string_equal(check("{\"name\":1}", "obj", -1, &why), "field-type");
    assert_string_equal(why.field, "obj.name");
    assert_string_equal(check("[]", "obj", -1, &why), "field-type");
    assert_string_equal(why.field, "obj");
    assert_string_equal(check("{\"name\":\"a\",\"label\":{\"en\":\"x\"}}", NULL, -1, &why), "field-missing");
    assert_string_equal(why.field, "label.vi");
}

static void test_field_keeps_bounds(void **state) {
    (void)state;
    refusal_t why;
    assert_string_equal(check("{\"name\":\"ệệệệệ\"}", NULL, -1, &why), "");
    assert_string_equal(check("{\"name\":\"ệệệệệệ\"}", NULL, -1, &why), "text-long");
    assert_string_equal(check("{\"name\":\"a\",\"n\":2}", NULL, -1, &why), "");
    assert_string_equal(check("{\"name\":\"a\",\"n\":1}", NULL, -1, &why), "field-range");
    assert_string_equal(check("{\"name\":\"a\",\"n\":5}", NULL, -1, &why), "field-range");
    assert_string_equal(check("{\"name\":\"a\",\"id\":\"F1\"}", NULL, -1, &why), "");
    assert_string_equal(check("{\"name\":\"a\",\"id\":\"F\"}", NULL, -1, &why), "field-range");
    assert_string_equal(check("{\"name\":\"a\",\"id\":\"-1\"}", NULL, -1, &why), "field-type");
    assert_string_equal(check("{\"name\":\"a\",\"parent\":null}", NULL, -1, &why), "");
    assert_string_equal(check("{\"name\":\"a\",\"parent\":\"BD.01\"}", NULL, -1, &why), "");
    assert_string_equal(check("{\"name\":\"a\",\"parent\":\"\"}", NULL, -1, &why), "field-type");
}

static text_fault_t fault(const char *s) {
    return field_text_fault(s, strlen(s), 10);
}

static void test_field_finds_faults_of_texts(void **state) {
    (void)state;
    assert_int_equal(fault("a\n\tb"), TEXT_FINE);
    assert_int_equal(fault("ế"), TEXT_FINE);
    assert_int_equal(fault(""), TEXT_BLANK);
    assert_int_equal(fault(" \n\t"), TEXT_BLANK);
    assert_int_equal(fault("\u00a0\u3000"), TEXT_BLANK);
    assert_int_equal(fault("a\rb"), TEXT_CONTROL);
    assert_int_equal(fault("a\x7f"), TEXT_CONTROL);
    assert_int_equal(fault("a\xC2\x85"), TEXT_CONTROL);
    assert_int_equal(fault("a\u00a0"), TEXT_FINE);
    assert_int_equal(fault("ếếếếếếếếếế"), TEXT_FINE);
    assert_int_equal(fault("ếếếếếếếếếếế"), TEXT_LONG);
}

static void test_field_finds_marks_in_escapes(void **state) {
    (void)state;
    static const char *const good[] = {"{\"a\":\"\\u1ebf\"}", "{\"a\":\"\\\\u0301\"}",
                                       "{\"a\":[\"x\",{\"b\":\"\\u0041\"}]}"};
    static const char *const bad[] = {"{\"a\":\"e\\u0301\"}", "{\"a\":[1,\"e\\u0301\"]}", "{\"e\\u0301\":1}",
                                      "{\"a\":\"e\u0301\"}"};
    for (int i = 0; i < 3; i++) {
        json_t *j = json_loads(good[i], 0, NULL);
        assert_int_equal(field_nfc(good[i], strlen(good[i]), j), 1);
        json_decref(j);
    }
    for (int i = 0; i < 4; i++) {
        json_t *j = json_loads(bad[i], 0, NULL);
        assert_int_equal(field_nfc(bad[i], strlen(bad[i]), j), 0);
        json_decref(j);
    }
}

static void test_field_checks_arrays_of_texts(void **state) {
    (void)state;
    json_t *j = json_pack("[sss]", "a", "b", "a");
    refusal_t why;
    assert_int_equal(field_texts(j, 5, 0, "list", &why), 0);
    assert_int_not_equal(field_texts(j, 5, 1, "list", &why), 0);
    assert_string_equal(why.code, "item-twice");
    assert_int_equal(field_texts(NULL, 5, 1, "list", &why), 0);
    json_decref(j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field_gives_values_in_the_order_of_the_table),
        cmocka_unit_test(test_field_says_where),
        cmocka_unit_test(test_field_keeps_bounds),
        cmocka_unit_test(test_field_finds_faults_of_texts),
        cmocka_unit_test(test_field_finds_marks_in_escapes),
        cmocka_unit_test(test_field_checks_arrays_of_texts),
    };
    return RUN(tests);
}
