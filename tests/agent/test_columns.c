/* SPDX-License-Identifier: MPL-2.0 */
/* Heads of tables: what they mean, whichever way they are written, and which column a refusal is about. */
#include "agent/columns.h"

#include "agent/outbox.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

typedef struct {
    agent_t *agent;
    csv_t *csv;
    columns_t *columns;
    refusal_t why;
} box_t;

/* The columns of a table with HEADS and one row of CELLS; they may be refused. */
static box_t open_box(void **state, const char *heads, const char *cells) {
    box_t b = {.agent = kit_agent(*state)};
    char text[1000];
    snprintf(text, sizeof text, "%s\n%s\n", heads, cells);
    b.csv = csv_read(text, strlen(text), &b.why);
    assert_non_null(b.csv);
    b.columns = columns_read(b.csv, outbox_plans(b.agent->outbox), NULL, &b.why);
    return b;
}

static void close_box(box_t *b) {
    columns_free(&b->columns);
    csv_destroy(&b->csv);
    kit_close(&b->agent);
}

static void test_columns_know_heads_without_case_and_marks(void **state) {
    box_t b = open_box(
        state, "STT;NGÀY;hinh thuc;  Số  Cuộc, Buổi ;Tổng lượt người dự (lượt người);Banners, billboards",
        "1;7/11/2024;F1;1;2;3");
    assert_null(b.columns);
    assert_string_equal(b.why.code, "column-unknown");
    close_box(&b);
    b = open_box(state,
                 "STT;NGÀY;hinh thuc;  Số  Cuộc, Buổi ;Tổng lượt người dự (lượt người);leaflets;Ghi chú",
                 "1;7/11/2024;F1;1;2;3;4");
    assert_non_null(b.columns);
    assert_int_equal(columns_of(b.columns, COLUMN_DATE), 1);
    assert_int_equal(columns_of(b.columns, COLUMN_FORM), 2);
    assert_int_equal(columns_of(b.columns, COLUMN_TO), -1);
    assert_int_equal(columns_of(b.columns, COLUMN_NOTE), 6);
    assert_string_equal(columns_at(b.columns, 3).measure->id, "sessions");
    assert_string_equal(columns_at(b.columns, 4).measure->id, "attendances");
    assert_string_equal(columns_at(b.columns, 5).measure->id, "leaflets");
    close_box(&b);
}

static void test_columns_find_what_a_refusal_is_about(void **state) {
    box_t b =
        open_box(state, "Ngày;Hình thức;Nội dung;Mã sự kiện;Vai trò;Kế hoạch;sessions", "7/11/2024;F1;;;;;1");
    assert_non_null(b.columns);
    assert_int_equal(columns_of_field(b.columns, "to"), 0);
    assert_int_equal(columns_of_field(b.columns, "from"), 0);
    assert_int_equal(columns_of_field(b.columns, "topics"), 2);
    assert_int_equal(columns_of_field(b.columns, "event.code"), 3);
    assert_int_equal(columns_of_field(b.columns, "event"), 3);
    assert_int_equal(columns_of_field(b.columns, "event.role"), 4);
    assert_int_equal(columns_of_field(b.columns, "plans[1].version"), 5);
    assert_int_equal(columns_of_field(b.columns, "sessions"), 6);
    assert_int_equal(columns_of_field(b.columns, "title"), -1);
    assert_int_equal(columns_of_field(b.columns, ""), -1);
    close_box(&b);
}

static void test_columns_have_a_spreadsheets_letters(void **state) {
    char letter[8];
    (void)state;
    assert_string_equal(columns_letter(0, letter), "A");
    assert_string_equal(columns_letter(25, letter), "Z");
    assert_string_equal(columns_letter(26, letter), "AA");
    assert_string_equal(columns_letter(51, letter), "AZ");
    assert_string_equal(columns_letter(52, letter), "BA");
    assert_string_equal(columns_letter(701, letter), "ZZ");
    assert_string_equal(columns_letter(702, letter), "AAA");
}

static void test_columns_name_the_nearest_head_and_the_column(void **state) {
    box_t b = open_box(state, "Ngày;Hình thức;Tổng lượtt người dự;sessions", "7/11/2024;F1;1;1");
    assert_null(b.columns);
    assert_string_equal(b.why.code, "column-unknown");
    assert_non_null(strstr(b.why.vi, "Cột C "));
    assert_non_null(strstr(b.why.vi, "\"Tổng lượt người dự\""));
    assert_non_null(strstr(b.why.en, "\"Tổng lượt người dự\""));
    close_box(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_columns_know_heads_without_case_and_marks),
        IN_DIR(test_columns_find_what_a_refusal_is_about),
        cmocka_unit_test(test_columns_have_a_spreadsheets_letters),
        IN_DIR(test_columns_name_the_nearest_head_and_the_column),
    };
    return RUN(tests);
}
