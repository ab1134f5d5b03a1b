/* SPDX-License-Identifier: MPL-2.0 */
/* Words: numbers in the order of first mention, for any number of texts. */
#include "aggregator/words.h"
#include "tests/support.h"

static void test_words_numbers_in_order_of_mention(void **state) {
    (void)state;
    words_t *words = words_new();
    assert_int_equal(words_find(words, "BD", 2), 0);
    assert_int_equal(words_add(words, "BD", 2), 1);
    assert_int_equal(words_add(words, "BD.01 and more", 5), 2); /* only so many bytes of it */
    assert_int_equal(words_find(words, "BD.01", 5), 2);
    assert_int_equal(words_find(words, "BD.0", 4), 0);
    assert_string_equal(words_text(words, 2), "BD.01");
    assert_string_equal(words_text(words, 0), "");
    assert_string_equal(words_text(words, 3), "");
    words_free(&words);
    assert_null(words);
    words_free(&words);
}

static void test_words_grows(void **state) {
    (void)state;
    words_t *words = words_new();
    char text[32];
    for (uint32_t i = 1; i <= 5000; i++) {
        int n = snprintf(text, sizeof text, "Đơn vị %u", i);
        assert_int_equal(words_add(words, text, (size_t)n), i);
    }
    for (uint32_t i = 1; i <= 5000; i++) {
        int n = snprintf(text, sizeof text, "Đơn vị %u", i);
        assert_int_equal(words_find(words, text, (size_t)n), i);
    }
    assert_int_equal(words_count(words), 5000);
    words_free(&words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_numbers_in_order_of_mention),
        cmocka_unit_test(test_words_grows),
    };
    return RUN(tests);
}
