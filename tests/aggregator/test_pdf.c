/* SPDX-License-Identifier: MPL-2.0 */
/* Pages, and a font that is not there is named. */
#include "aggregator/export/pdf.h"

#include "proto/base/rc.h"
#include "tests/aggregator/shown_paper.h"
#include "tests/support.h"

/* Fontconfig keeps what it read for as long as the program runs, and has no owner who could give it back. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig";
}

static void test_pdf_has_pages(void **state) {
    (void)state;
    json_t *paper = shown_paper();
    buf_t out = {0};
    assert_int_equal(pdf_write(paper, &out, NULL, NULL), BC_OK);
    assert_memory_equal(out.data, "%PDF-", 5);
    buf_free(&out);
    json_decref(paper);
}

static void test_pdf_wants_a_font_of_the_same_metrics(void **state) {
    (void)state;
    json_t *paper = shown_paper();
    refusal_t why = {0};
    buf_t out = {0};
    json_object_set_new(json_object_get(paper, "template"), "font", json_string("No Such Font"));
    assert_int_equal(pdf_write(paper, &out, NULL, &why), BC_REFUSED);
    assert_string_equal(why.code, "font-missing");
    assert_non_null(strstr(why.en, "fonts-liberation2"));
    buf_free(&out);
    json_decref(paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf_has_pages),
        cmocka_unit_test(test_pdf_wants_a_font_of_the_same_metrics),
    };
    return RUN(tests);
}
