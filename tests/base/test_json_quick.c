/* SPDX-License-Identifier: MPL-2.0 */
/* The fast reader against jansson: what it takes, jansson takes too and reads the same. */
#include "proto/base/json_quick.h"

#include "proto/base/json.h"
#include "tests/support.h"

static json_t *slow(const char *p, size_t n) {
    return json_loadb(p, n, JSON_REJECT_DUPLICATES, NULL);
}

/* 1 if the fast reader takes the text; fails where jansson reads it otherwise. */
static int taken(const char *p, size_t n) {
    json_t *quick = json_quick(p, n);
    if (!quick) return 0;
    json_t *j = slow(p, n);
    if (!j || !json_equal(j, quick)) fail_msg("read otherwise by jansson: %.*s", (int)n, p);
    char *a = json_dumps(j, 0), *b = json_dumps(quick, 0); /* the order of keys as well */
    assert_string_equal(a, b);
    free(a);
    free(b);
    json_decref(j);
    json_decref(quick);
    return 1;
}

static void test_json_quick_takes_what_is_plain(void **state) {
    (void)state;
    static const char *const good[] = {
        "{}",
        " {\t\"a\" :\r\n[ ] } ",
        "{\"a\":0,\"b\":999999999999999999,\"c\":[1,2,{\"d\":{}}]}",
        "{\"a\":true,\"b\":false,\"c\":null,\"\":\"\"}",
        "{\"a\":\"Liên đoàn \\\"x\\\" \\\\ \\/ \\b\\f\\n\\r\\t\",\"đ\":\"ệ\"}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!taken(good[i], strlen(good[i]))) fail_msg("not taken: %s", good[i]);
}

static void test_json_quick_leaves_the_rest(void **state) {
    (void)state;
    static const char *const rest[] = {
        "",
        "[]",
        "1",
        "{",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":[1,]}",
        "{\"a\":01}",
        "{\"a\":-1}",
        "{\"a\":1.0}",
        "{\"a\":1e3}",
        "{\"a\":tru}",
        "{\"a\":truex}",
        "{a:1}",
        "{\"a\":\"}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1000000000000000000}",
        "{\"a\":\"\t\"}",
        "{\"a\t\":1}",
        "{\"a\\n\":1}",
        "{\"a\":\"\xff\"}",
        "{\"a\":1 2}",
        "{\"a\" 1}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "\xef\xbb\xbf{}",
    };
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (taken(rest[i], strlen(rest[i]))) fail_msg("taken: %s", rest[i]);
    assert_false(taken("{}\0", 3));
    assert_false(taken("{\"a\":\"\0\"}", 9));
}

static void test_json_quick_stops_at_the_depth(void **state) {
    (void)state;
    char text[64] = "{\"a\":";
    size_t n = strlen(text);
    for (int extra = 0; extra < 2; extra++) {
        size_t arrays = JSON_DEPTH - 1 + (size_t)extra;
        memset(text + n, '[', arrays);
        memset(text + n + arrays, ']', arrays);
        text[n + 2 * arrays] = '}';
        assert_int_equal(taken(text, n + 2 * arrays + 1), !extra);
    }
}

static void test_json_quick_holds_long_texts_with_escapes(void **state) {
    (void)state;
    for (size_t n = 4000; n < 4200; n++) {
        char *text = malloc(n + 20);
        assert_non_null(text);
        strcpy(text, "{\"a\":\"\\n");
        memset(text + 8, 'x', n);
        strcpy(text + 8 + n, "\"}");
        assert_int_equal(taken(text, strlen(text)), n + 1 <= 4096 - 1);
        free(text);
    }
}

/* xorshift: the same on every machine for the same seed. */
static uint32_t next(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* Changes some bytes of a document to those that matter to a reader. */
static void mutate(char *text, size_t n, uint32_t *seed) {
    static const char bytes[] = "{}[]\",:\\0129-.eEtfnu \n\t\x01\x7f\xc3\xe1\xff";
    for (uint32_t k = 1 + next(seed) % 3; k > 0; k--)
        text[next(seed) % n] = bytes[next(seed) % (sizeof bytes - 1)];
}

static void test_json_quick_agrees_on_changed_documents(void **state) {
    (void)state;
    uint32_t seed = 20241107, first = seed;
    json_t *all = json_load_file("proto/vectors/documents.json", 0, NULL), *vector;
    size_t i, takes = 0, whole = 0;
    assert_non_null(all);
    print_message("seed %u\n", first);
    json_array_foreach(all, i, vector) {
        const char *text = json_text(vector, "document");
        if (!text || !*text || strlen(text) > 4000) continue;
        size_t n = strlen(text);
        whole += (size_t)taken(text, n);
        for (int round = 0; round < 100; round++) {
            char *changed = malloc(n);
            assert_non_null(changed);
            memcpy(changed, text, n);
            mutate(changed, n, &seed);
            takes += (size_t)taken(changed, n - next(&seed) % 2);
            free(changed);
        }
    }
    json_decref(all);
    assert_true(whole > 100);
    assert_true(takes > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_quick_takes_what_is_plain),
        cmocka_unit_test(test_json_quick_leaves_the_rest),
        cmocka_unit_test(test_json_quick_stops_at_the_depth),
        cmocka_unit_test(test_json_quick_holds_long_texts_with_escapes),
        cmocka_unit_test(test_json_quick_agrees_on_changed_documents),
    };
    return RUN(tests);
}
