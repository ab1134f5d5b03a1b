/* SPDX-License-Identifier: MPL-2.0 */
/* The summary and the board on a terminal. */
#include "aggregator/export/table.h"
#include "tests/aggregator/printed.h"
#include "tests/aggregator/shown.h"

static void test_table_shows_figures_and_board(void **state) {
    month_t *m = month_new(state, PLAN, LANG_VI);
    printed_t p;
    printed_open(&p, LANG_VI);
    table_summary(&m->shown, day_make(2024, 12, 10), &p.io);
    assert_true(printed_in_order(
        printed_out(&p),
        IN_ORDER("Đơn vị BD (BD)", "Kỳ báo cáo: Tháng 11/2024 (01/11/2024 - 30/11/2024)",
                 "Kế hoạch 1/KH: Kế hoạch thử", "SỐ LIỆU CHUNG", "Tổng", "buổi", "1.240",
                 "1 đơn vị lấy số của kỳ trước", "F1  Hội nghị", "t1  Một", "Đơn vị BD (tự tổ chức)",
                 "=Đề nghị; một", "TÌNH HÌNH BÁO CÁO", "Phải báo cáo: 6",
                 "Hạn của công đoàn cơ sở: 03/12/2024", "CHƯA GỬI BÁO CÁO KỲ: 3 đơn vị", "Ấp Ví dụ",
                 "7  chưa báo cáo", "Nguyễn Văn A, 0900", "ĐÃ GỬI NHƯNG CHƯA KHỚP", "BD.01.003",
                 "gửi thêm sau báo cáo kỳ 1", "BÁO CÁO CHẬM", "BD.01.002", "6", "ĐƠN VỊ PHỐI HỢP", "TW",
                 "BÁO CÁO GỘP TRÙNG", "BD.01.001", "chờ quyết định")));
    printed_close(&p);
    month_free(&m);
}

static void test_table_speaks_english_and_knows_what_is_not_due(void **state) {
    month_t *m = month_new(state, PLAN, LANG_EN);
    printed_t p;
    printed_open(&p, LANG_EN);
    table_heading(&m->shown, &p.io);
    table_missing(&m->shown, json_object_get(m->summary, "board"), day_make(2024, 12, 3), &p.io);
    assert_true(printed_in_order(printed_out(&p), IN_ORDER("Period: ", "Plan 1/KH", "NOT REPORTED: 3 units",
                                                           "not due yet", "missing")));
    printed_close(&p);
    month_free(&m);
}

static void test_table_does_not_praise_where_nobody_was_expected(void **state) {
    month_t *m = month_new(state, "1/KH", LANG_EN);
    printed_t p;
    printed_open(&p, LANG_EN);
    json_t *board = json_pack("{s:i,s:[]}", "expected", 0, "units");
    table_missing(&m->shown, board, day_make(2024, 12, 3), &p.io);
    assert_non_null(strstr(printed_out(&p), "No unit was expected"));
    assert_null(strstr(printed_out(&p), "has reported"));
    json_decref(board);
    printed_close(&p);
    month_free(&m);
}

static void test_table_of_all_plans_has_no_board(void **state) {
    month_t *m = month_new(state, NULL, LANG_EN);
    printed_t p;
    printed_open(&p, LANG_EN);
    table_summary(&m->shown, day_make(2024, 12, 3), &p.io);
    assert_true(printed_in_order(printed_out(&p), IN_ORDER("All plans", "FIGURES", "1/KH  Kế hoạch thử")));
    assert_null(strstr(printed_out(&p), "REPORTING BOARD"));
    printed_close(&p);
    month_free(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_table_shows_figures_and_board),
        IN_DIR(test_table_speaks_english_and_knows_what_is_not_due),
        IN_DIR(test_table_does_not_praise_where_nobody_was_expected),
        IN_DIR(test_table_of_all_plans_has_no_board),
    };
    return RUN(tests);
}
