/* SPDX-License-Identifier: MPL-2.0 */
/* What the officer reads after a table was imported. */
#include "agent/import.h"

#include "tests/agent/agent_kit.h"
#include "tests/support.h"

static const char table[] = "Mã dòng;Ngày;Hình thức;Số cuộc, buổi;Tổng lượt người dự\r\n"
                            "1;07/11/2024;F2;2;40\r\n"
                            "2;07/11/2024;F99;1;2\r\n"
                            "3;07/11/2024;F1;1;1.234\r\n";

static void test_import_say_names_place_and_reason_in_both_languages(void **state) {
    agent_t *agent = kit_agent(*state);
    import_options_t opts = {0};
    json_t *out = NULL;
    refusal_t why = {0};
    assert_int_equal(import_csv(agent, &opts, table, strlen(table), &out, &why), 0);
    char *text = NULL;
    size_t n;
    io_t io = {.out = open_memstream(&text, &n), .lang = LANG_VI};
    import_say(out, &io);
    io.lang = LANG_EN;
    import_say(out, &io);
    fclose(io.out);
    assert_non_null(strstr(text, "Dòng 3, cột C (Hình thức): "));
    assert_non_null(strstr(text, "Dòng 4, cột E (Tổng lượt người dự): lưu ý: "));
    assert_non_null(strstr(text, "Đã lưu trên máy này, chờ gửi: 2; không nhận: 1.\n"));
    assert_non_null(strstr(text, "Row 3, column C (Hình thức): "));
    assert_non_null(strstr(text, "Kept on this computer, to be sent: 2; refused: 1.\n"));
    free(text);
    json_decref(out);
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_import_say_names_place_and_reason_in_both_languages),
    };
    return RUN(tests);
}
