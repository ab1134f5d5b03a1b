/* SPDX-License-Identifier: MPL-2.0 */
/* What means something in markup is escaped, and nothing else is touched. */
#include "aggregator/export/markup.h"
#include "tests/support.h"

static void test_markup_escapes(void **state) {
    (void)state;
    buf_t out = {0};
    markup_text(&out, "a<b>&\"c\"\nđ'", "<br>");
    assert_string_equal(out.data, "a&lt;b&gt;&amp;&quot;c&quot;<br>đ'");
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup_escapes),
    };
    return RUN(tests);
}
