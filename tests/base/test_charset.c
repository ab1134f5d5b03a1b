/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/charset.h; test_csv.c has more, through whole tables. */
#include "proto/base/charset.h"
#include "tests/support.h"

static void decodes(const char *p, size_t n, const char *encoding, const char *text) {
    const char *name = NULL;
    refusal_t why = {0};
    char *s = charset_decode(p, n, &name, &why);
    if (s == NULL) fail_msg("%s", why.en);
    assert_string_equal(s, text);
    assert_string_equal(name, encoding);
    free(s);
}

static void test_charset_takes_marks_off(void **state) {
    (void)state;
    decodes("\xEF\xBB\xBF"
            "a",
            4, "UTF-8", "a");
    decodes("\xFF\xFE"
            "a\0",
            4, "UTF-16LE", "a");
    decodes("\xFE\xFF\0a", 4, "UTF-16BE", "a");
    decodes("\xFF\xFE", 2, "UTF-16LE", "");
    decodes("", 0, "UTF-8", "");
}

static void test_charset_joins_the_tones_of_cp1258(void **state) {
    (void)state;
    decodes("Ti\xEA\xECng Vi\xEA\xF2t", 12, "CP1258", "Tiếng Việt");
    decodes("\xD0\xE3\xF2ng", 5, "CP1258", "Đặng");
    decodes("ho\xEC", 3, "CP1258", "hó"); /* the last letter is held back by iconv until flushed */
    decodes("\xEA", 1, "CP1258", "ê");
}

static void test_charset_reads_pairs_of_utf16(void **state) {
    (void)state;
    decodes("\xFF\xFE\x3D\xD8\x00\xDE", 6, "UTF-16LE", "\U0001F600");
}

static void test_charset_refuses_the_rest(void **state) {
    (void)state;
    static const struct {
        const char *p;
        size_t n;
    } bad[] = {{"\0", 1},
               {"\0\0\0\0", 4},
               {"\xFE\xFF\xD8\0\0a", 6},
               {"\xFF\xFE"
                "a",
                3},
               {"\x8A", 1},
               {"Ng\xC3\xA0y;H\xC3\xACnh;S\xE1\xBB\x91 \0 1", 20}, /* one zero byte does not make it UTF-16 */
               {"PK\x03\x04", 4}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *name = NULL;
        refusal_t why = {0};
        assert_null(charset_decode(bad[i].p, bad[i].n, &name, &why));
        assert_string_equal(why.code, "csv-encoding");
        assert_null(name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_charset_takes_marks_off),
        cmocka_unit_test(test_charset_joins_the_tones_of_cp1258),
        cmocka_unit_test(test_charset_reads_pairs_of_utf16),
        cmocka_unit_test(test_charset_refuses_the_rest),
    };
    return RUN(tests);
}
