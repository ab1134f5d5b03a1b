/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/csv.h. */
#include "proto/base/csv.h"
#include "tests/support.h"

static csv_t *read_bytes(const char *p, size_t n) {
    refusal_t why = {0};
    csv_t *c = csv_read(p, n, &why);
    if (c == NULL) fail_msg("%s: %s", why.code, why.en);
    return c;
}
static csv_t *read_text(const char *s) {
    return read_bytes(s, strlen(s));
}

static void refused(const char *p, size_t n, const char *code, const char *part) {
    refusal_t why = {0};
    assert_null(csv_read(p, n, &why));
    assert_string_equal(why.code, code);
    if (strstr(why.en, part) == NULL) fail_msg("'%s' is not in: %s", part, why.en);
    assert_true(strlen(why.vi) > 20);
}

static void test_csv_reads_head_and_cells(void **state) {
    (void)state;
    csv_t *c = read_text("Mã đơn vị;Tên;Số buổi\r\n001;Công ty Ví dụ Một;3\r\n002; Công ty Ví dụ Hai ;\r\n");
    assert_string_equal(csv_encoding(c), "UTF-8");
    assert_int_equal(csv_separator(c), ';');
    assert_int_equal(csv_columns(c), 3);
    assert_int_equal(csv_rows(c), 2);
    assert_string_equal(csv_head(c, 0), "Mã đơn vị");
    assert_string_equal(csv_head(c, 3), "");
    assert_string_equal(csv_cell(c, 0, 0), "001");
    assert_string_equal(csv_cell(c, 1, 1), "Công ty Ví dụ Hai");
    assert_string_equal(csv_cell(c, 1, 2), "");
    assert_string_equal(csv_cell(c, 1, -1), "");
    assert_string_equal(csv_cell(c, 0, 3), "");
    assert_string_equal(csv_cell(c, 2, 0), "");
    assert_int_equal(csv_line(c, 0), 2);
    assert_int_equal(csv_line(c, 2), 0);
    csv_destroy(&c);
    assert_null(c);
    csv_destroy(&c);
}

static void test_csv_finds_columns_folded(void **state) {
    (void)state;
    csv_t *c = read_text("Mã  ĐƠN vị;Số\u00A0buổi\n1;2\n");
    assert_int_equal(csv_column(c, "ma don vi"), 0);
    assert_int_equal(csv_column(c, "số buổi"), 1);
    assert_int_equal(csv_column(c, "tên"), -1);
    csv_destroy(&c);
}

static void test_csv_guesses_the_separator(void **state) {
    (void)state;
    static const struct {
        const char *s;
        char separator;
    } t[] = {{"a;b\n1;2\n", ';'},
             {"a,b\n1,2\n", ','},
             {"a\tb\n1\t2\n", '\t'},
             {"a;b, c\n1;2,5\n3;4,5\n", ';'},
             {"a,\"b;c;d\"\n1,\"x;y;z\"\n", ','},
             {"a,ghi chú (x; y)\n1,không\n2,có\n", ','},
             {"a;b;c\n1;2\n1;2;3\n", ';'},
             {"Mã;Địa chỉ (số, đường, phường)\n1;12, Đường A, Phường B\n", ';'},
             {"một cột\n1\n2\n", ';'},
             {"a\tb;c, d\n1\t2;3,4\n", '\t'},
             {"\"hai\ndòng\";b\n1;2\n", ';'},
             {"\n\r\na,b\n1,2\n", ','},
             {"tên,ghi (x; y)\na; b; c,1\nd; e; f,2\n", ','}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        csv_t *c = read_text(t[i].s);
        assert_int_equal(csv_separator(c), t[i].separator);
        csv_destroy(&c);
    }
}

static void test_csv_obeys_a_sep_line_without_counting_it(void **state) {
    (void)state;
    static const char *const files[] = {"sep=,\r\na,b;c\r\n1,2\r\n", "\xEF\xBB\xBFsep=,\na,b;c\n1,2\n",
                                        "\"sep=,\"\na,b;c\n1,2\n"};
    for (size_t i = 0; i < 3; i++) {
        csv_t *c = read_text(files[i]);
        assert_int_equal(csv_separator(c), ',');
        assert_string_equal(csv_head(c, 1), "b;c");
        assert_int_equal(csv_line(c, 0), 2);
        csv_destroy(&c);
    }
    csv_t *c = read_text("sep=|\n1\n");
    assert_string_equal(csv_head(c, 0), "sep=|");
    csv_destroy(&c);
}

static void test_csv_reads_quotes_and_line_breaks_in_cells(void **state) {
    (void)state;
    csv_t *c = read_text("a;b\n\"Công ty \"\"Ví dụ\"\" Một\";\"dòng 1\r\ndòng 2; hết\"\nx;y\n");
    assert_string_equal(csv_cell(c, 0, 0), "Công ty \"Ví dụ\" Một");
    assert_string_equal(csv_cell(c, 0, 1), "dòng 1\r\ndòng 2; hết");
    assert_int_equal(csv_line(c, 1), 3);
    csv_destroy(&c);
}

static void test_csv_counts_blank_rows_as_a_spreadsheet_does(void **state) {
    (void)state;
    static const char *const files[] = {
        "a;b\n1;2\n\n;\n \t\n3;4", "a;b\r\n1;2\r\n\r\n;\r\n \u00A0\r\n3;4\r\n", "a;b\r1;2\r\r;\r\t\r3;4\r"};
    for (size_t i = 0; i < 3; i++) {
        csv_t *c = read_text(files[i]);
        assert_int_equal(csv_rows(c), 2);
        assert_int_equal(csv_line(c, 0), 2);
        assert_int_equal(csv_line(c, 1), 6);
        assert_string_equal(csv_cell(c, 1, 1), "4");
        csv_destroy(&c);
    }
}

static void test_csv_trims_what_people_do_not_see(void **state) {
    (void)state;
    csv_t *c = read_text("a;b\n\u00A0 12 \u00A0;\" x\u00A0\"\n");
    assert_string_equal(csv_cell(c, 0, 0), "12");
    assert_string_equal(csv_cell(c, 0, 1), "x");
    csv_destroy(&c);
}

static void test_csv_tells_rows_wider_than_the_head(void **state) {
    (void)state;
    csv_t *c = read_text("a;b;;\n1;2;;\n1;2;3;\n1\n");
    assert_int_equal(csv_columns(c), 2);
    assert_int_equal(csv_cells(c, 0), 2);
    assert_int_equal(csv_cells(c, 1), 3);
    assert_int_equal(csv_cells(c, 2), 1);
    assert_int_equal(csv_cells(c, 3), 0);
    csv_destroy(&c);
}

/* "Mã;Tiếng Việt\n1;đ\n" in every encoding Excel has written. */
static void test_csv_reads_every_encoding(void **state) {
    (void)state;
    static const char le[] = "M\0\xE3\0;\0T\0i\0\xBF\x1E"
                             "n\0g\0 \0V\0i\0\xC7\x1E"
                             "t\0\n\0"
                             "1\0;\0\x11\x01\n\0";
    static const char cp1258[] = "Ma\xDE;Ti\xEA\xECng Vi\xEA\xF2t\n1;\xF0\n";
    char file[2][80];
    size_t n = sizeof le - 1;
    memcpy(file[0], "\xFF\xFE", 2);
    memcpy(file[0] + 2, le, n);
    for (size_t i = 0; i < n + 2; i++)
        file[1][i] = file[0][i ^ 1];
    const struct {
        const char *p;
        size_t n;
        const char *name;
    } t[] = {{file[0], n + 2, "UTF-16LE"},
             {file[0] + 2, n, "UTF-16LE"},
             {file[1], n + 2, "UTF-16BE"},
             {file[1] + 2, n, "UTF-16BE"},
             {cp1258, sizeof cp1258 - 1, "CP1258"},
             {"\xEF\xBB\xBFMã;Tiếng Việt\n1;đ\n", 0, "UTF-8"},
             {"Ma\u0303;Tie\u0302\u0301ng Vie\u0323\u0302t\n1;đ\n", 0, "UTF-8"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        csv_t *c = read_bytes(t[i].p, t[i].n > 0 ? t[i].n : strlen(t[i].p));
        assert_string_equal(csv_encoding(c), t[i].name);
        assert_string_equal(csv_head(c, 0), "Mã");
        assert_string_equal(csv_head(c, 1), "Tiếng Việt");
        assert_string_equal(csv_cell(c, 0, 1), "đ");
        csv_destroy(&c);
    }
}

static void test_csv_refuses_what_it_cannot_decode(void **state) {
    (void)state;
    refused("PK\x03\x04rest of a workbook", 22, "csv-encoding", "workbook");
    refused("\xD0\xCF\x11\xE0\xA1\xB1", 6, "csv-encoding", "workbook");
    refused("a;b\n1;\0\0\0x", 10, "csv-encoding", "NUL");
    refused("\xFF\xFE"
            "a\0;",
            5, "csv-encoding", "encoding");
    refused("\xFF\xFE\x00\xD8"
            "a\0",
            6, "csv-encoding", "encoding");
    refused("\xFF\xFE"
            "a\0\0\0b\0",
            8, "csv-encoding", "encoding");
    refused("\xEF\xBB\xBF"
            "a\xFF",
            5, "csv-encoding", "encoding");
    refused("a\x8A;b\n", 5, "csv-encoding", "encoding");
}

static void test_csv_refuses_bad_quotes_with_row_and_column(void **state) {
    (void)state;
    static const struct {
        const char *s, *where;
    } t[] = {{"a;b\n1;2\n\nx;y\"z\n", "Row 4, column 2"},
             {"a;b\n\"1\"2;3\n", "Row 2, column 1"},
             {"a;b\n1;\"2\n3;4\n", "Row 2, column 2"},
             {"\"a;b", "Row 1, column 1"},
             {"a;b\n\"x\ny\";1\n1;2;\"3\"4\n", "Row 3, column 3"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        refused(t[i].s, strlen(t[i].s), "csv-quote", t[i].where);
}

static void test_csv_refuses_empty(void **state) {
    (void)state;
    static const char *const files[] = {"",      "\xEF\xBB\xBF", "\n\n",   ";;\n ;\n",
                                        "a;b\n", "a;b\n;\n",     "sep=;\n"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        refused(files[i], strlen(files[i]), "csv-empty", "no row");
    refused(NULL, 0, "csv-empty", "no row");
}

static void test_csv_refuses_too_large(void **state) {
    (void)state;
    buf_t b = {0};
    buf_puts(&b, "a;b\n");
    for (int i = 0; i < 100000; i++)
        buf_puts(&b, "1;2\n");
    csv_t *c = read_bytes(b.data, b.len);
    assert_int_equal(csv_rows(c), 100000);
    assert_int_equal(csv_line(c, 99999), 100001);
    csv_destroy(&c);
    buf_puts(&b, "1;2\n");
    refused(b.data, b.len, "csv-large", "100000");
    buf_clear(&b);
    for (int i = 0; i < 201; i++)
        buf_puts(&b, "x;");
    buf_puts(&b, "\n1\n");
    refused(b.data, b.len, "csv-large", "200");
    buf_free(&b);
}

static void test_csv_writes_for_excel(void **state) {
    (void)state;
    buf_t b = {0};
    csv_begin(&b);
    csv_blank(&b);
    csv_text(&b, "Số buổi");
    csv_end_row(&b);
    csv_text(&b, "Công ty \"Ví dụ\"; Một");
    csv_int(&b, -12);
    csv_blank(&b);
    csv_end_row(&b);
    csv_end_row(&b);
    csv_text(&b, "");
    csv_end_row(&b);
    assert_string_equal(b.data,
                        "\xEF\xBB\xBF;\"Số buổi\"\r\n\"Công ty \"\"Ví dụ\"\"; Một\";-12;\r\n\r\n\"\"\r\n");
    buf_free(&b);
}

static void test_csv_writes_no_formula(void **state) {
    (void)state;
    static const char *const cells[] = {"=1+1", "+84", "-5", "@x", "\tx", "\rx"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        buf_t b = {0};
        csv_text(&b, cells[i]);
        assert_memory_equal(b.data, "\"'", 2);
        assert_memory_equal(b.data + 2, cells[i], strlen(cells[i]));
        buf_free(&b);
    }
}

static void test_csv_reads_back_what_it_wrote(void **state) {
    (void)state;
    static const char *const text[] = {"a\"b", "\"", "x;y,z\tt", "dòng\r\nhai", "Đặng", "\"\"", "1.234"};
    buf_t b = {0};
    csv_begin(&b);
    for (int row = 0; row < 2; row++) {
        for (size_t i = 0; i < 7; i++)
            csv_text(&b, text[i]);
        csv_int(&b, 7);
        csv_end_row(&b);
    }
    csv_t *c = read_bytes(b.data, b.len);
    assert_int_equal(csv_separator(c), ';');
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(csv_cell(c, 0, (int)i), text[i]);
    assert_string_equal(csv_cell(c, 0, 7), "7");
    csv_destroy(&c);
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_reads_head_and_cells),
        cmocka_unit_test(test_csv_finds_columns_folded),
        cmocka_unit_test(test_csv_guesses_the_separator),
        cmocka_unit_test(test_csv_obeys_a_sep_line_without_counting_it),
        cmocka_unit_test(test_csv_reads_quotes_and_line_breaks_in_cells),
        cmocka_unit_test(test_csv_counts_blank_rows_as_a_spreadsheet_does),
        cmocka_unit_test(test_csv_trims_what_people_do_not_see),
        cmocka_unit_test(test_csv_tells_rows_wider_than_the_head),
        cmocka_unit_test(test_csv_reads_every_encoding),
        cmocka_unit_test(test_csv_refuses_what_it_cannot_decode),
        cmocka_unit_test(test_csv_refuses_bad_quotes_with_row_and_column),
        cmocka_unit_test(test_csv_refuses_empty),
        cmocka_unit_test(test_csv_refuses_too_large),
        cmocka_unit_test(test_csv_writes_for_excel),
        cmocka_unit_test(test_csv_writes_no_formula),
        cmocka_unit_test(test_csv_reads_back_what_it_wrote),
    };
    return RUN(tests);
}
