/* SPDX-License-Identifier: MPL-2.0 */
/* Sentences in two languages that quote whatever came in. */
#include "proto/base/refusal.h"

#include <utf8proc.h>

#include "proto/base/rc.h"
#include "tests/support.h"

static void test_refusal_fills_both_languages(void **state) {
    (void)state;
    refusal_t why = {0};
    assert_int_equal(
        refuse(&why, "unit-unknown", "unit", "Không có đơn vị %s.", "There is no unit %s.", "CD-7"),
        BC_REFUSED);
    assert_string_equal(why.code, "unit-unknown");
    assert_string_equal(why.field, "unit");
    assert_string_equal(refusal_text(&why, LANG_VI), "Không có đơn vị CD-7.");
    assert_string_equal(refusal_text(&why, LANG_EN), "There is no unit CD-7.");
}

static void test_refusal_may_be_unwanted(void **state) {
    (void)state;
    assert_int_equal(refuse(NULL, "x", NULL, "a", "b"), BC_REFUSED);
}

static void test_refusal_masks_hostile_text(void **state) {
    (void)state;
    refusal_t why;
    refuse(&why, "x", "a\nb", "“%s”", "“%s”",
           "a\033[2Jb\nc\xc2\x9b"
           "d\xe2\x80\xae"
           "e\xff"
           "f\xc3");
    assert_string_equal(why.field, "a?b");
    assert_string_equal(why.vi, "“a?[2Jb?c?d?e?f?”");
    assert_string_equal(why.en, why.vi);
}

static void test_refusal_cuts_at_a_character(void **state) {
    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        char text[1200] = "aaa";
        for (int i = shift; i < 1100; i += 3)
            memcpy(text + i, "ệ", 4);
        refusal_t why;
        refuse(&why, "x", text, "%s", "%s", text);
        size_t n = strlen(why.vi);
        assert_in_range(n, sizeof why.vi - 4, sizeof why.vi - 1);
        assert_null(strchr(why.vi, '?'));
        assert_null(strchr(why.field, '?'));
        utf8proc_int32_t c;
        for (size_t i = 0; i < n;) {
            utf8proc_ssize_t len =
                utf8proc_iterate((utf8proc_uint8_t *)why.vi + i, (utf8proc_ssize_t)(n - i), &c);
            assert_true(len > 0);
            i += (size_t)len;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusal_fills_both_languages),
        cmocka_unit_test(test_refusal_may_be_unwanted),
        cmocka_unit_test(test_refusal_masks_hostile_text),
        cmocka_unit_test(test_refusal_cuts_at_a_character),
    };
    return RUN(tests);
}
