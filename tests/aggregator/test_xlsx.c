/* SPDX-License-Identifier: MPL-2.0 */
/* A workbook, and a folder for its making that is not there. */
#include "aggregator/export/xlsx.h"

#include <stdlib.h>

#include "proto/base/rc.h"
#include "tests/aggregator/shown_paper.h"
#include "tests/support.h"

static void test_xlsx_is_an_archive(void **state) {
    (void)state;
    json_t *paper = shown_paper();
    refusal_t why = {0};
    buf_t out = {0};
    assert_int_equal(xlsx_write(paper, &out, &why), BC_OK);
    assert_memory_equal(out.data, "PK\003\004", 4);
    buf_free(&out);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    assert_int_equal(xlsx_write(paper, &out, &why), BC_REFUSED);
    assert_string_equal(why.code, "document-failed");
    unsetenv("TMPDIR");
    buf_free(&out);
    json_decref(paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xlsx_is_an_archive),
    };
    return RUN(tests);
}
