/* SPDX-License-Identifier: MPL-2.0 */
/* test_slip.c - the sheet an office gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/slip.h"
#include "proto/base/text.h"

static char *slip(const char *phone, const char *above) {
    buf_t out = {0};
    slip_t s = {.federation = "Liên đoàn Ví dụ",
                .phone = phone,
                .unit = "BD.01.1",
                .name = "CĐCS Công ty Ví dụ Một",
                .above = above,
                .code = "ABCDE FGHIJ\nKLMNO PQRST",
                .expires = 20000};
    slip_write(&s, &out);
    return out.data;
}

static void test_slip_says_who_what_until_when_and_how(void **state) {
    (void)state;
    char *text = slip("0900 000 001", "Công đoàn cấp trên Ví dụ");
    static const char *const parts[] = {"Liên đoàn Ví dụ\n",
                                        "CĐCS Công ty Ví dụ Một",
                                        "BD.01.1",
                                        "Công đoàn cấp trên Ví dụ",
                                        "hết ngày 04/10/2024",
                                        "\n      ABCDE FGHIJ\n      KLMNO PQRST\n",
                                        "baocao-agent join BD.01.1.code",
                                        "điện thoại 0900 000 001"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_non_null(strstr(text, parts[i]));
    assert_true(text_is_nfc(text, strlen(text)));
    free(text);
}

static void test_slip_leaves_out_what_is_not_known(void **state) {
    (void)state;
    char *text = slip(NULL, NULL);
    assert_null(strstr(text, "Cấp trên:"));
    assert_null(strstr(text, "điện thoại"));
    assert_null(strstr(text, "(null)"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slip_says_who_what_until_when_and_how),
        cmocka_unit_test(test_slip_leaves_out_what_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
