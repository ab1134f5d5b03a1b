/* SPDX-License-Identifier: MPL-2.0 */
/* The two languages and nothing else. */
#include "proto/base/lang.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static void test_lang_reads_two_names_only(void **state) {
    (void)state;
    lang_t lang = LANG_EN;
    assert_int_equal(lang_parse("vi", &lang), BC_OK);
    assert_int_equal(lang, LANG_VI);
    assert_int_equal(lang_parse("en", &lang), BC_OK);
    assert_int_equal(lang, LANG_EN);
    const char *wrong[] = {"", "VI", "fr", "vi_VN", " en", NULL};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(lang_parse(wrong[i], &lang), BC_REFUSED);
    assert_int_equal(lang, LANG_EN);
}

static void test_lang_picks_the_literal(void **state) {
    (void)state;
    assert_string_equal(tr(LANG_VI, "có", "yes"), "có");
    assert_string_equal(tr(LANG_EN, "có", "yes"), "yes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lang_reads_two_names_only),
        cmocka_unit_test(test_lang_picks_the_literal),
    };
    return RUN(tests);
}
