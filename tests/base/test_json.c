/* SPDX-License-Identifier: MPL-2.0 */
/* Strict reading: each fault has its code. Canonical writing: same content, same bytes. */
#include "proto/base/json.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static void expect_code(const char *text, size_t n, const char *code) {
    refusal_t why = {0};
    json_t *j = json_read(text, n, &why);
    if (j || strcmp(why.code, code) != 0) fail_msg("%s gives \"%s\" instead of \"%s\"", text, why.code, code);
}

static void test_json_each_fault_has_its_code(void **state) {
    (void)state;
    static const struct {
        const char *text, *code;
    } t[] = {
        {"", "json-malformed"},
        {"{", "json-malformed"},
        {"{\"a\":1", "json-malformed"},
        {"{\"a\":1}x", "json-malformed"},
        {"{\"a\":1}{}", "json-malformed"},
        {"{a:1}", "json-malformed"},
        {"{'a':1}", "json-malformed"},
        {"{\"a\":1,}", "json-malformed"},
        {"{\"a\":01}", "json-malformed"},
        {"{\"a\":1.}", "json-malformed"},
        {"{\"a\":NaN}", "json-malformed"},
        {"{\"a\":\"\n\"}", "json-malformed"},
        {"{\"a\":\"\\ud800\"}", "json-malformed"},
        {"\xef\xbb\xbf{}", "json-malformed"},
        {"[]", "json-not-object"},
        {"1", "json-not-object"},
        {"\"x\"", "json-not-object"},
        {"null", "json-not-object"},
        {"{\"a\":1,\"a\":1}", "json-duplicate"},
        {"{\"b\":{\"a\":1,\"\\u0061\":2}}", "json-duplicate"},
        {"{\"a\":\"x\\u0000y\"}", "json-nul"},
        {"{\"x\\u0000y\":1}", "json-nul"},
        {"{\"a\":\"\xff\"}", "json-utf8"},
        {"{\"a\":\"\xc0\x80\"}", "json-utf8"},
        {"{\"a\":\"\xed\xa0\x80\"}", "json-utf8"},
        {"{\"a\":\"\xc3\"}", "json-utf8"},
        {"{\"a\":99999999999999999999}", "json-number"},
        {"{\"a\":1e999}", "json-number"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        expect_code(t[i].text, strlen(t[i].text), t[i].code);
    expect_code("{\"a\":\"\0\"}", 9, "json-nul");
    expect_code("{}\0", 3, "json-nul");
}

static char *nested(int depth) {
    char *text = calloc(1, (size_t)depth * 7 + 10), *to = text;
    for (int i = 0; i < depth; i++)
        to = stpcpy(to, i % 2 ? "[" : "{\"a\":");
    to = stpcpy(to, "1");
    for (int i = depth - 1; i >= 0; i--)
        to = stpcpy(to, i % 2 ? "]" : "}");
    return text;
}

static void test_json_depth_is_counted_before_parsing(void **state) {
    (void)state;
    char *text = nested(JSON_DEPTH);
    json_t *j = json_read(text, strlen(text), NULL);
    assert_non_null(j);
    json_decref(j);
    free(text);
    text = nested(JSON_DEPTH + 1);
    expect_code(text, strlen(text), "json-deep");
    free(text);
    text = calloc(1, 1000001);
    memset(text, '[', 1000000);
    expect_code(text, 1000000, "json-deep");
    free(text);
    /* Brackets in a string are text. */
    static const char quoted[] = "{\"a\":\"[[[[[[[[[[[[[[[[[[ \\\" {{{{{{{{{{{{{\"}";
    j = json_read(quoted, sizeof quoted - 1, NULL);
    assert_non_null(j);
    json_decref(j);
}

static void test_json_canonical_is_one_text(void **state) {
    (void)state;
    static const char *same[] = {
        "{\"b\":[1,2,{\"y\":null,\"x\":true}],\"a\":\"Liên đoàn/\\\"\",\"ă\":0,\"Z\":-1}",
        " { \"Z\" : -1 , \"\\u0103\":0,\"a\":\"Li\\u00ean "
        "\\u0111o\\u00e0n\\/\\\"\",\n\"b\":[1,2,{\"x\":true,\"y\":null}]}\n",
    };
    for (size_t i = 0; i < 2; i++) {
        json_t *j = json_read(same[i], strlen(same[i]), NULL);
        assert_non_null(j);
        char *text = json_canonical(j);
        assert_string_equal(
            text, "{\"Z\":-1,\"a\":\"Liên đoàn/\\\"\",\"b\":[1,2,{\"x\":true,\"y\":null}],\"ă\":0}");
        free(text);
        text = json_pretty(j);
        assert_non_null(strstr(text, "\n  \"a\": \"Liên đoàn/"));
        free(text);
        json_decref(j);
    }
}

static void test_json_fields_of_another_type_are_absent(void **state) {
    (void)state;
    static const char text[] = "{\"i\":7,\"r\":7.0,\"s\":\"7\",\"t\":true,\"n\":null}";
    json_t *j = json_read(text, sizeof text - 1, NULL);
    assert_int_equal(json_int(j, "i", -1), 7);
    assert_int_equal(json_int(j, "r", -1), -1);
    assert_int_equal(json_int(j, "s", -1), -1);
    assert_int_equal(json_int(j, "none", -1), -1);
    assert_string_equal(json_text(j, "s"), "7");
    assert_null(json_text(j, "i"));
    assert_null(json_text(j, "n"));
    assert_int_equal(json_bool(j, "t", -1), 1);
    assert_int_equal(json_bool(j, "i", -1), -1);
    assert_int_equal(json_int(NULL, "i", -1), -1);
    json_decref(j);
}

static void test_json_unknown_fields_name_the_nearest(void **state) {
    (void)state;
    static const char *const known[] = {"plan", "period", "activities", NULL};
    static const char good[] = "{\"plan\":1,\"activities\":[]}", bad[] = "{\"plan\":1,\"activites\":[]}";
    json_t *j = json_read(good, sizeof good - 1, NULL);
    assert_int_equal(json_only(j, known, "", NULL), BC_OK);
    json_decref(j);
    refusal_t why = {0};
    j = json_read(bad, sizeof bad - 1, NULL);
    assert_int_equal(json_only(j, known, "body.", &why), BC_REFUSED);
    assert_string_equal(why.code, "field-unknown");
    assert_string_equal(why.field, "body.activites");
    assert_non_null(strstr(why.vi, "activities"));
    json_decref(j);
}

/* SQLite gives an empty blob as NULL; an empty text is malformed wherever it lies. */
static void test_json_nothing_is_malformed(void **state) {
    (void)state;
    refusal_t why = {0};
    assert_null(json_read(NULL, 0, &why));
    assert_string_equal(why.code, "json-malformed");
}

static void test_json_escape_is_read_back(void **state) {
    (void)state;
    static const char text[] = "Đoàn \"A\" \\ \n\x01\x1f";
    char line[sizeof text * JSON_ESCAPE + 16], *to = stpcpy(line, "{\"x\":\"");
    to = json_escape(to, text);
    assert_int_equal(*to, 0);
    strcpy(to, "\"}");
    json_t *j = json_read(line, strlen(line), NULL);
    assert_string_equal(json_text(j, "x"), text);
    json_decref(j);
}

static void test_json_weight_counts_outside_of_texts(void **state) {
    (void)state;
    static const char text[] = "{\"a,[{\":[1,2,\"\\\",[\"],\"b\":{}}";
    assert_int_equal(json_weight(text, strlen(text)), 6);
    assert_int_equal(json_weight("", 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_each_fault_has_its_code),
        cmocka_unit_test(test_json_depth_is_counted_before_parsing),
        cmocka_unit_test(test_json_nothing_is_malformed),
        cmocka_unit_test(test_json_canonical_is_one_text),
        cmocka_unit_test(test_json_fields_of_another_type_are_absent),
        cmocka_unit_test(test_json_escape_is_read_back),
        cmocka_unit_test(test_json_weight_counts_outside_of_texts),
        cmocka_unit_test(test_json_unknown_fields_name_the_nearest),
    };
    return RUN(tests);
}
