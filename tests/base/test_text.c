/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/text.h. */
#include <utf8proc.h>

#include "proto/base/text.h"
#include "tests/support.h"

static int utf8_ok(const char *s) {
    return text_utf8_ok(s, strlen(s));
}
static int is_nfc(const char *s) {
    return text_is_nfc(s, strlen(s));
}

static void test_text_utf8_takes_all_lengths_and_refuses_broken(void **state) {
    (void)state;
    assert_true(text_utf8_ok("", 0));
    assert_true(utf8_ok("Tuyên truyền, phổ biến: đủ 4.000 CĐCS"));
    assert_true(
        utf8_ok("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
    static const char *const broken[] = {"\x80",
                                         "abc\xBF",
                                         "\xC0\x80",
                                         "\xC1\xBF",
                                         "\xC3",
                                         "\xC3(",
                                         "\xE1\xBB",
                                         "\xE1\xBB(",
                                         "\xE0\x9F\xBF",
                                         "\xED\xA0\x80",
                                         "\xF0\x8F\xBF\xBF",
                                         "\xF4\x90\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xFF",
                                         "12345678\xFF",
                                         "1234567\xE1"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_false(utf8_ok(broken[i]));
}

static void test_text_utf8_refuses_nul_at_every_place(void **state) {
    (void)state;
    for (size_t at = 0; at < 24; at++) {
        char s[24];
        memset(s, 'a', sizeof s);
        s[at] = '\0';
        assert_false(text_utf8_ok(s, sizeof s));
        assert_true(text_utf8_ok(s, at));
    }
}

/* Every code point, alone and behind a letter, against utf8proc: the short way may never differ. */
static void test_text_nfc_agrees_with_utf8proc_for_every_code_point(void **state) {
    (void)state;
    for (int32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp == 0xD800) cp = 0xE000;
        if (cp == 0x20000) cp = 0x2F800; /* between them: ideographs like those before */
        if (cp == 0x30000) cp = 0xE0000;
        if (cp == 0xE0200) cp = 0x10FF00;
        utf8proc_uint8_t s[8] = "e";
        size_t n = 1 + (size_t)utf8proc_encode_char(cp, s + 1);
        for (int from = 0; from < 2; from++) {
            utf8proc_uint8_t *nfc = NULL;
            utf8proc_ssize_t len =
                utf8proc_map(s + from, (utf8proc_ssize_t)n - from, &nfc, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
            int same = len == (utf8proc_ssize_t)n - from && memcmp(nfc, s + from, (size_t)len) == 0;
            free(nfc);
            if (same != text_is_nfc((const char *)s + from, n - (size_t)from))
                fail_msg("U+%04X differs", (unsigned)cp);
        }
    }
}

static void test_text_nfc_joins_marks_in_either_order(void **state) {
    (void)state;
    const char *spellings[] = {"Vi\u1EC7t", "Vie\u0323\u0302t", "Vie\u0302\u0323t", "Vi\u00EA\u0323t",
                               "Vi\u1EB9\u0302t"};
    for (size_t i = 0; i < 5; i++) {
        char *nfc = text_nfc(spellings[i], strlen(spellings[i]));
        assert_string_equal(nfc, "Việt");
        free(nfc);
        assert_int_equal(is_nfc(spellings[i]), i == 0);
    }
    assert_null(text_nfc("a\xFF", 2));
    assert_null(text_nfc("a\0b", 3));
    assert_false(text_is_nfc("a\xFF", 2));
}

static void test_text_fold_makes_what_people_search_for(void **state) {
    (void)state;
    static const struct {
        const char *s, *folded;
    } t[] = {{"Nguyễn Huệ", "nguyen hue"},
             {"Nguye\u0302\u0303n Hue\u0323\u0302", "nguyen hue"},
             {"ĐƯỜNG ĐẶNG", "duong dang"},
             {"hòa hoà", "hoa hoa"},
             {"\u00D0\u1ED2NG", "dong"},
             {"  Tên\u00A0 đơn\t\r\nvị \uFEFF", "ten don vi"},
             {"", ""},
             {"   ", ""},
             {"Số lượt người (F1)", "so luot nguoi (f1)"},
             {"a\xFF", "a\xFF"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char *folded = text_fold(t[i].s);
        assert_string_equal(folded, t[i].folded);
        free(folded);
    }
}

static void test_text_width_counts_columns(void **state) {
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("Đặng"), 4);
    assert_int_equal(text_width("D\u0111a\u0323\u0306ng"), 5);
    assert_int_equal(text_width("工会"), 4);
    assert_int_equal(text_width("a\xFF\xFE"), 3);
}

static void test_text_cut_keeps_characters_whole(void **state) {
    (void)state;
    static const char *const cut[] = {"", "a", "a", "a", "aệ", "aệb", "aệb"};
    for (size_t max = 0; max < 7; max++) {
        char s[] = "aệb";
        text_cut(s, max);
        assert_string_equal(s, cut[max]);
    }
}

static void test_text_trim_takes_every_blank(void **state) {
    (void)state;
    static const struct {
        const char *s, *trimmed;
    } t[] = {{"", ""},
             {" \t\r\n", ""},
             {"\u00A0", ""},
             {"a", "a"},
             {"\u00A0 a b\u00A0c \u202F\u3000", "a b\u00A0c"},
             {"\uFEFFx\u200B", "x"},
             {"à", "à"},
             {"\u00A0à\u00A0", "à"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char *s = mem_str(t[i].s);
        assert_string_equal(text_trim(s), t[i].trimmed);
        free(s);
    }
}

static void test_text_nearest_finds_slips_only(void **state) {
    (void)state;
    static const char *const words[] = {"unit import", "unit list", "status", "run", "listen/documents", "-"};
    static const struct {
        const char *word, *nearest;
    } t[] = {{"unit imprt", "unit import"},
             {"Status", "status"},
             {"stauts", "status"},
             {"rnu", "run"},
             {"statuss", "status"},
             {"listen/document", "listen/documents"},
             {"publish", NULL},
             {"x", NULL},
             {"xy", NULL},
             {"", NULL},
             {"ran", "run"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const char *nearest = text_nearest(t[i].word, words, sizeof words / sizeof words[0]);
        if (t[i].nearest == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, t[i].nearest);
    }
    char big[500];
    memset(big, 'a', sizeof big);
    big[499] = '\0';
    assert_null(text_nearest(big, words, 6));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_utf8_takes_all_lengths_and_refuses_broken),
        cmocka_unit_test(test_text_utf8_refuses_nul_at_every_place),
        cmocka_unit_test(test_text_nfc_agrees_with_utf8proc_for_every_code_point),
        cmocka_unit_test(test_text_nfc_joins_marks_in_either_order),
        cmocka_unit_test(test_text_fold_makes_what_people_search_for),
        cmocka_unit_test(test_text_width_counts_columns),
        cmocka_unit_test(test_text_cut_keeps_characters_whole),
        cmocka_unit_test(test_text_trim_takes_every_blank),
        cmocka_unit_test(test_text_nearest_finds_slips_only),
    };
    return RUN(tests);
}
