/* SPDX-License-Identifier: MPL-2.0 */
/* The summary as a table for a spreadsheet: read back, every figure is there. */
#include "aggregator/export/csv.h"
#include "proto/base/csv.h"
#include "tests/aggregator/shown.h"

/* The cell COLUMN of the first row whose first cells are TABLE, CODE and whose measure is MEASURE. */
static const char *cell(const csv_t *csv, const char *table, const char *code, const char *measure,
                        int column) {
    for (size_t r = 0; r < csv_rows(csv); r++)
        if (strcmp(csv_cell(csv, r, 0), table) == 0 && strcmp(csv_cell(csv, r, 1), code) == 0 &&
            strcmp(csv_cell(csv, r, 4), measure) == 0)
            return csv_cell(csv, r, column);
    return "(none)";
}

static void test_csv_holds_every_figure_text_and_status(void **state) {
    month_t *m = month_new(state, PLAN, LANG_VI);
    refusal_t why = {0};
    buf_t out = {0};
    export_csv(&m->shown, &out);
    csv_t *csv = csv_read(out.data, out.len, &why);
    assert_non_null(csv);
    assert_int_equal(csv_columns(csv), 10);
    assert_string_equal(csv_head(csv, 5), "Chỉ tiêu");
    assert_string_equal(cell(csv, "all", "BD", "s", 7), "1240");
    assert_string_equal(cell(csv, "all", "BD", "s", 5), "Tổng");
    assert_string_equal(cell(csv, "all", "BD", "l", 9), "1 đơn vị lấy số của kỳ trước");
    assert_string_equal(cell(csv, "all", "BD", "u", 9), "x");
    assert_string_equal(cell(csv, "forms", "F1", "s", 7), "1240");
    assert_string_equal(cell(csv, "plans", PLAN, "s", 2), "Kế hoạch thử");
    assert_string_equal(cell(csv, "children", "BD.01", "s", 7), "1234");
    assert_string_equal(cell(csv, "children", "BD.01", "s", 3), "2");
    assert_string_equal(cell(csv, "texts", "BD.01.001", "q", 9), "'=Đề nghị; một"); /* no formula in Excel */
    assert_string_equal(cell(csv, "board", "BD.01.002", "nil", 7), "6");
    assert_string_equal(cell(csv, "board", "BD.02.001", "missing", 9), "Nguyễn Văn A, 0900");
    csv_destroy(&csv);
    buf_free(&out);
    month_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {IN_DIR(test_csv_holds_every_figure_text_and_status)};
    return RUN(tests);
}
