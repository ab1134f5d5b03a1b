/* SPDX-License-Identifier: MPL-2.0 */
/* An archive that begins as one, and is the same for the same paper. */
#include "aggregator/export/docx.h"

#include "proto/base/rc.h"
#include "tests/aggregator/shown_paper.h"
#include "tests/support.h"

static void test_docx_is_the_same_twice(void **state) {
    (void)state;
    json_t *paper = shown_paper();
    buf_t one = {0}, two = {0};
    assert_int_equal(docx_write(paper, &one, NULL), BC_OK);
    assert_int_equal(docx_write(paper, &two, NULL), BC_OK);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    assert_memory_equal(one.data, "PK\003\004", 4);
    buf_free(&one);
    buf_free(&two);
    json_decref(paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_docx_is_the_same_twice),
    };
    return RUN(tests);
}
