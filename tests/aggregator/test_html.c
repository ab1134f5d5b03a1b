/* SPDX-License-Identifier: MPL-2.0 */
/* One page: everything that is said, escaped, and nothing that only a workbook has room for. */
#include "aggregator/export/html.h"

#include "tests/aggregator/shown_paper.h"
#include "tests/support.h"

static void test_html_says_it_all(void **state) {
    (void)state;
    static const char *const wanted[] = {"<h1>I. MỤC</h1>",           "<p>- Một<br>hai &quot;ba&quot;</p>",
                                         "Kết quả &lt;1&gt; &amp; 2", "<td class=\"n\">1.234.567</td>",
                                         "<td class=\"n\">8,51</td>", "<td>=1+1</td>",
                                         "Phụ lục 1. Bảng &lt;a&gt;"};
    json_t *paper = shown_paper();
    buf_t out = {0};
    html_write(paper, &out);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!strstr(out.data, wanted[i])) print_error("%s\n", wanted[i]);
        assert_non_null(strstr(out.data, wanted[i]));
    }
    assert_null(strstr(out.data, "Chỉ trong bảng tính"));
    assert_null(strstr(out.data, "<script"));
    buf_free(&out);
    json_decref(paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html_says_it_all),
    };
    return RUN(tests);
}
