/* SPDX-License-Identifier: MPL-2.0 */
/* A workbook, and a folder for its making that is not there. */
#include "aggregator/export/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include <zip.h>

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

/* Whether a file of the workbook has WORDS. */
static int has(const buf_t *book, const char *name, const char *words) {
    char text[20000] = "";
    zip_source_t *source = zip_source_buffer_create(book->data, book->len, 0, NULL);
    zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, NULL);
    assert_non_null(archive);
    zip_file_t *file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_true(zip_fread(file, text, sizeof text - 1) > 0);
    zip_fclose(file);
    zip_close(archive);
    return strstr(text, words) != NULL;
}

static void test_xlsx_shows_as_many_decimals_as_the_measure_has(void **state) {
    (void)state;
    json_t *paper = shown_paper(), *one = json_pack("[{s:i,s:i}]", "n", 851, "scale", 3);
    refusal_t why = {0};
    buf_t out = {0};
    json_array_append_new(json_object_get(json_array_get(json_object_get(paper, "annexes"), 1), "rows"), one);
    assert_int_equal(xlsx_write(paper, &out, &why), BC_OK);
    assert_true(has(&out, "xl/worksheets/sheet1.xml", "<v>8.51</v>"));
    assert_true(has(&out, "xl/worksheets/sheet2.xml", "<v>0.851</v>"));
    assert_true(has(&out, "xl/styles.xml", "\"#,##0.000\""));
    buf_free(&out);
    json_decref(paper);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xlsx_is_an_archive),
        cmocka_unit_test(test_xlsx_shows_as_many_decimals_as_the_measure_has),
    };
    return RUN(tests);
}
