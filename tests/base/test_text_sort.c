/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/text_sort.h. */
#include "proto/base/text.h"
#include "tests/support.h"

static int order(const char *a, const char *b) {
    char *x = text_sort_key(a), *y = text_sort_key(b);
    int c = strcmp(x, y);
    free(x);
    free(y);
    return (c > 0) - (c < 0);
}

/* Every word of the list stands before all that follow it, either way round. */
static void in_order(const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (order(words[i], words[j]) != (i > j) - (i < j))
                fail_msg("'%s' against '%s' gives %d", words[i], words[j], order(words[i], words[j]));
}
#define IN_ORDER(...)                                     \
    do {                                                  \
        static const char *const words[] = {__VA_ARGS__}; \
        in_order(words, sizeof words / sizeof words[0]);  \
    } while (0)

static void test_text_sort_follows_the_alphabet(void **state) {
    (void)state;
    IN_ORDER("a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
             "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z");
    IN_ORDER("da", "dz", "Đa", "e");
    IN_ORDER("an", "ăn", "ân", "ba");
    IN_ORDER("oa", "oz", "ôa", "ơa", "pa");
}

static void test_text_sort_takes_tones_second(void **state) {
    (void)state;
    IN_ORDER("ma", "mà", "mả", "mã", "má", "mạ");
    IN_ORDER("Ư", "Ừ", "Ử", "Ữ", "Ứ", "Ự");
    IN_ORDER("ê", "ề", "ể", "ễ", "ế", "ệ");
    IN_ORDER("ma", "má", "mạ", "mai", "mái", "man");
    IN_ORDER("bà an", "ba bình", "bà bình", "bà Bình", "bá bình", "bác");
    IN_ORDER("hoa", "hoà", "hòa", "hoan");
}

static void test_text_sort_takes_case_last(void **state) {
    (void)state;
    IN_ORDER("an", "An", "AN", "àn", "Àn", "ăn");
}

static void test_text_sort_takes_numbers_by_value(void **state) {
    (void)state;
    IN_ORDER("CĐCS", "CĐCS 1", "CĐCS 2", "CĐCS 02", "CĐCS 10", "CĐCS 10b", "CĐCS 100", "CĐCS A");
    IN_ORDER("0", "00", "1", "9", "12345678901234567890", "12345678901234567891", "a");
}

static void test_text_sort_puts_blanks_and_signs_first(void **state) {
    (void)state;
    IN_ORDER("an", "an bình", "an-bình", "an1", "ana", "an工", "ân");
}

static void test_text_sort_is_the_same_for_nfc_and_nfd(void **state) {
    (void)state;
    assert_int_equal(order("Việt Nam", "Vie\u0323\u0302t Nam"), 0);
    assert_int_equal(order("Việt Nam", "Vie\u0302\u0323t Nam"), 0);
    assert_int_equal(order("Hướng", "Hu\u031Bo\u031B\u0301ng"), 0);
    assert_int_equal(order("nội", "no\u0323\u0302i"), 0);
}

static void test_text_sort_takes_anything(void **state) {
    (void)state;
    char zeros[600];
    memset(zeros, '0', sizeof zeros);
    zeros[599] = '\0';
    assert_int_equal(order("", "a"), -1);
    assert_int_equal(order("", zeros), -1);
    assert_int_equal(order("\xFF", "\xFF"), 0);
    assert_int_equal(order("\u0301", "\u0301"), 0);
    assert_int_equal(order("ä", "a"), 1);
    assert_int_equal(order("ä", "ă"), -1);
    memset(zeros, '9', 599);
    assert_int_equal(order(zeros, zeros), 0);
}

/* Places of upper-level unions of Bình Dương as a reader expects them listed. */
static void test_text_sort_lists_units(void **state) {
    (void)state;
    IN_ORDER("Bàu Bàng", "Bắc Tân Uyên", "Bến Cát", "Dầu Tiếng", "Dĩ An", "Phú Giáo", "Tân Uyên",
             "Thủ Dầu Một", "Thuận An");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_sort_follows_the_alphabet),
        cmocka_unit_test(test_text_sort_takes_tones_second),
        cmocka_unit_test(test_text_sort_takes_case_last),
        cmocka_unit_test(test_text_sort_takes_numbers_by_value),
        cmocka_unit_test(test_text_sort_puts_blanks_and_signs_first),
        cmocka_unit_test(test_text_sort_is_the_same_for_nfc_and_nfd),
        cmocka_unit_test(test_text_sort_takes_anything),
        cmocka_unit_test(test_text_sort_lists_units),
    };
    return RUN(tests);
}
