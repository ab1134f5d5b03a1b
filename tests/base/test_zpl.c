/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/zpl.h. */
#include <czmq.h>
#include <time.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/zpl.h"
#include "tests/support.h"

static int check(const char *text, size_t **lines, size_t *count, refusal_t *why) {
    char *copy = mem_str(text);
    int rc = zpl_check(copy, strlen(copy), "x.cfg", lines, count, why);
    free(copy);
    return rc;
}

static void refused(const char *text, const char *code, const char *begin) {
    size_t *lines, count;
    refusal_t why = {0};
    if (check(text, &lines, &count, &why) != BC_REFUSED) fail_msg("taken: %s", text);
    assert_string_equal(why.code, code);
    if (strncmp(why.en, begin, strlen(begin)) != 0) fail_msg("'%s' gives: %s", text, why.en);
    free(lines);
}

static void test_zpl_counts_items_with_their_lines(void **state) {
    (void)state;
    static const char text[] = "# head\n\nlisten\n    documents = \"tcp://*:5670\"  # comment\n"
                               "        deep = 1\n    enrol = x\r\n\n  # odd comment\nlimit/size = 10M";
    static const size_t expected[] = {3, 4, 5, 6, 9};
    size_t *lines, count;
    refusal_t why = {0};
    assert_int_equal(check(text, &lines, &count, &why), 0);
    assert_int_equal(count, 5);
    assert_memory_equal(lines, expected, sizeof expected);
    free(lines);
    assert_int_equal(check("", &lines, &count, &why), 0);
    assert_int_equal(count, 0);
    free(lines);
}

static void test_zpl_refuses_with_the_line(void **state) {
    (void)state;
    refused("a = 1\n  b = 2\n", "conf-syntax", "x.cfg:2: indent");
    refused("a\n\tb = 2\n", "conf-syntax", "x.cfg:2: indent");
    refused("a\n        b = 2\n", "conf-syntax", "x.cfg:2: indent");
    refused("    a = 1\n", "conf-syntax", "x.cfg:1: indent");
    refused("a = \"x\n", "conf-syntax", "x.cfg:1: the value lacks");
    refused("a = 'x\"\n", "conf-syntax", "x.cfg:1: the value lacks");
    refused("a = \"x\" y\n", "conf-syntax", "x.cfg:1: there is something left");
    refused("a b\n", "conf-syntax", "x.cfg:1: there is something left");
    refused("a: 1\n", "conf-syntax", "x.cfg:1: there is something left");
    refused("= 1\n", "conf-syntax", "x.cfg:1: a line must begin");
    refused("đ = 1\n", "conf-syntax", "x.cfg:1: a line must begin");
    refused("/a = 1\n", "conf-syntax", "x.cfg:1: a line must begin");
    refused("a/ = 1\n", "conf-syntax", "x.cfg:1: a line must begin");
    refused("a = \xFF\n", "conf-syntax", "x.cfg: the file is not UTF-8");
}

static void test_zpl_refuses_an_unquoted_sign_that_would_cut(void **state) {
    (void)state;
    size_t *lines, count;
    refused("\nkey = va#lue\n", "conf-unquoted", "x.cfg:2: a value with '#'");
    refused("key = #value\n", "conf-unquoted", "x.cfg:1:");
    refused("key =#\n", "conf-unquoted", "x.cfg:1:");
    assert_int_equal(check("key = \"va#lue\" # c\nkey2 = v # c\nkey3 # c\n", &lines, &count, NULL), 0);
    assert_int_equal(count, 3);
    free(lines);
}

static void test_zpl_refuses_lines_too_long(void **state) {
    (void)state;
    char text[1200] = "a = 1\n#";
    memset(text + 7, 'x', 1100);
    refused(text, "conf-syntax", "x.cfg:2: the line is longer");
    memset(text + 7, ' ', 1100);
    refused(text, "conf-syntax", "x.cfg:2: the line is longer");
}

static void test_zpl_refuses_nul(void **state) {
    (void)state;
    char text[] = "a = 1\0b = 2\n";
    size_t *lines, count;
    assert_int_equal(zpl_check(text, sizeof text - 1, "x.cfg", &lines, &count, NULL), BC_REFUSED);
    free(lines);
}

static size_t items_below(zconfig_t *node) {
    size_t n = 0;
    for (zconfig_t *child = zconfig_child(node); child != NULL; child = zconfig_next(child))
        n += 1 + items_below(child);
    return n;
}

/* Whatever passes here zconfig must take, with as many items. */
static void test_zpl_passes_only_what_zconfig_takes(void **state) {
    (void)state;
    static const char *const parts[] = {
        "a",   "bc", "    ", "        ", " ", "=",  " = ", "\"", "'",       "#",
        " # ", "\n", "\n",   "\r\n",     "/", "\t", "1",   "đ",  "x = 1\n", "    y = \"2\"\n"};
    unsigned seed = (unsigned)time(NULL), passed = 0;
    print_message("seed %u\n", seed);
    srandom(seed);
    for (int i = 0; i < 20000; i++) {
        char text[256] = "";
        for (long n = random() % 14; n >= 0; n--)
            strcat(text, parts[random() % 20]);
        size_t *lines, count;
        refusal_t why = {0};
        char *copy = mem_str(text);
        if (zpl_check(copy, strlen(copy), "x", &lines, &count, &why) == 0) {
            passed++;
            zconfig_t *root = zconfig_str_load(copy);
            if (root == NULL || items_below(root) != count) fail_msg("zconfig differs on: %s", text);
            zconfig_destroy(&root);
        }
        free(lines);
        free(copy);
    }
    assert_true(passed > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zpl_counts_items_with_their_lines),
        cmocka_unit_test(test_zpl_refuses_with_the_line),
        cmocka_unit_test(test_zpl_refuses_an_unquoted_sign_that_would_cut),
        cmocka_unit_test(test_zpl_refuses_lines_too_long),
        cmocka_unit_test(test_zpl_refuses_nul),
        cmocka_unit_test(test_zpl_passes_only_what_zconfig_takes),
    };
    return RUN(tests);
}
