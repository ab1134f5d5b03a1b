/* SPDX-License-Identifier: MPL-2.0 */
/* xlsx.c - libxlsxwriter writes to a file only, row by row so that memory does not grow with the tables. */
#include "aggregator/export/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define SHEET_MOST (512 << 20) /* bytes of the file */
#define SCALES 7               /* of a measure: 0 to 6 (PROTOCOL.md 9) */
#define CHARACTER 2.2          /* width of a column for each unit of its weight */

typedef struct {
    lxw_workbook *book;
    lxw_format *head, *number[SCALES], *text; /* NUMBER: by scale */
} book_t;

static lxw_error put_cell(const book_t *b, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                          const json_t *cell) {
    if (json_is_integer(cell))
        return worksheet_write_number(sheet, row, column, (double)json_integer_value(cell), b->number[0]);
    if (json_is_string(cell))
        return worksheet_write_string(sheet, row, column, json_string_value(cell), b->text);
    if (!json_is_object(cell)) return LXW_NO_ERROR;
    int64_t scale = json_int(cell, "scale", 0);
    double unit = 1; /* a power of ten is exact, so the quotient is the number nearest to what was meant */
    for (int64_t i = 0; i < scale; i++)
        unit *= 10;
    return worksheet_write_number(sheet, row, column, (double)json_int(cell, "n", 0) / unit,
                                  b->number[scale < SCALES ? scale : SCALES - 1]);
}

/* The error, or how many rows it has beneath the head in *ROWS. */
static lxw_error put_table(const book_t *b, lxw_worksheet *sheet, const json_t *annex, lxw_row_t *rows) {
    const json_t *columns = json_object_get(annex, "columns"), *list = json_object_get(annex, "rows");
    lxw_error rc = LXW_NO_ERROR;
    size_t i, k;
    json_t *one, *row;
    json_array_foreach((json_t *)columns, i, one) worksheet_set_column(
        sheet, (lxw_col_t)i, (lxw_col_t)i, CHARACTER * (double)(2 + json_int(one, "weight", 1)), NULL);
    json_array_foreach((json_t *)columns, i, one) if (!rc) rc =
        worksheet_write_string(sheet, 0, (lxw_col_t)i, json_text(one, "head"), b->head);
    json_array_foreach((json_t *)list, i, row) json_array_foreach(row, k, one) if (!rc) rc =
        put_cell(b, sheet, (lxw_row_t)(i + 1), (lxw_col_t)k, one);
    *rows = (lxw_row_t)json_array_size(list);
    worksheet_freeze_panes(sheet, 1, 0);
    if (json_array_size(columns))
        worksheet_autofilter(sheet, 0, 0, *rows, (lxw_col_t)(json_array_size(columns) - 1));
    return rc;
}

static void put_chart(const book_t *b, const json_t *annex, lxw_row_t rows) {
    const json_t *what = json_object_get(annex, "chart");
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, "Biểu đồ");
    lxw_chart *chart = workbook_add_chart(b->book, LXW_CHART_BAR);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    const char *name = json_text(annex, "name");
    lxw_col_t label = (lxw_col_t)json_int(what, "label", 0), value = (lxw_col_t)json_int(what, "value", 1);
    chart_series_set_categories(series, name, 1, label, rows, label);
    chart_series_set_values(series, name, 1, value, rows, value);
    chart_title_set_name(chart, json_text(annex, "title"));
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_reverse(chart->y_axis);
    lxw_chart_options size = {.x_scale = 1.6, .y_scale = 1.8};
    worksheet_insert_chart_opt(sheet, 1, 1, chart, &size);
}

static lxw_error fill(const book_t *b, const json_t *paper) {
    size_t i;
    json_t *annex;
    const json_t *charted = NULL;
    lxw_row_t rows = 0, charted_rows = 0;
    lxw_error rc = LXW_NO_ERROR;
    json_array_foreach(json_object_get(paper, "annexes"), i, annex) {
        lxw_worksheet *sheet = workbook_add_worksheet(b->book, json_text(annex, "name"));
        if (!sheet) return LXW_ERROR_PARAMETER_VALIDATION;
        if (!rc) rc = put_table(b, sheet, annex, &rows);
        if (json_object_get(annex, "chart") && rows) {
            charted = annex;
            charted_rows = rows;
        }
    }
    if (charted) put_chart(b, charted, charted_rows);
    return rc;
}

static lxw_error make(const json_t *paper, const char *path) {
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_doc_properties properties = {.title = (char *)json_text(paper, "abstract"),
                                     .created = 1704067200}; /* fixed: the same paper, the same file */
    book_t b = {.book = workbook_new_opt(path, &options)};
    if (!b.book) return LXW_ERROR_MEMORY_MALLOC_FAILED;
    workbook_set_properties(b.book, &properties);
    b.head = workbook_add_format(b.book);
    format_set_bold(b.head);
    format_set_text_wrap(b.head);
    format_set_align(b.head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_border(b.head, LXW_BORDER_THIN);
    for (int i = 0; i < SCALES; i++) {
        char format[16];
        snprintf(format, sizeof format, "#,##0%.*s", i ? i + 1 : 0, ".000000");
        b.number[i] = workbook_add_format(b.book);
        format_set_num_format(b.number[i], format);
    }
    b.text = workbook_add_format(b.book);
    format_set_text_wrap(b.text);
    format_set_align(b.text, LXW_ALIGN_VERTICAL_TOP);
    lxw_error rc = fill(&b, paper), closed = workbook_close(b.book);
    return rc ? rc : closed;
}

int xlsx_write(const json_t *paper, buf_t *out, refusal_t *why) {
    const char *folder = getenv("TMPDIR");
    char *path = mem_printf("%s/baocao-XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(path), rc = BC_REFUSED;
    lxw_error error = LXW_ERROR_CREATING_TMPFILE;
    if (fd >= 0) {
        close(fd);
        error = make(paper, path);
        if (!error) rc = file_read(path, SHEET_MOST, out, why);
        unlink(path);
    }
    if (error)
        refuse(why, "document-failed", NULL, "Không tạo được tệp XLSX (%s).",
               "The XLSX file can not be made (%s).", lxw_strerror(error));
    free(path);
    return rc;
}
