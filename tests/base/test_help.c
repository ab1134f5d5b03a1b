/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/help.h. */
#include "proto/base/help.h"

#include <sysexits.h>

#include "proto/base/text.h"
#include "tests/support.h"

static const opt_t opts[] = {{"unit", "UNIT", "đơn vị được nhập", "unit to import"},
                             {"day", "NGÀY", "ngày có hiệu lực", "day it is in force"},
                             {NULL, NULL, NULL, NULL}};
static const verb_t verbs[] = {
    {"unit import", "FILE.csv", "nhập danh sách đơn vị", "import the list of units", "Đọc tệp CSV.",
     "Reads a CSV file.", opts, 1, 1, 1, VERB_STORE, NULL},
    {"run", NULL, "chạy", "run", NULL, NULL, NULL, 0, 0, 0, VERB_ALONE, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};
static const conf_key_t keys[] = {
    {"listen/documents", CONF_TEXT, "tcp://*:5670", 0, 0, "địa chỉ nhận", "address for documents"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};
static const program_t program = {.name = "baocao-x",
                                  .about_vi = "nhận báo cáo",
                                  .about_en = "takes reports",
                                  .verbs = verbs,
                                  .keys = keys,
                                  .examples_vi = "  baocao-x run\n",
                                  .examples_en = "  baocao-x run\n"};

/* What help prints, of a verb or (NULL) of the program; caller frees. */
static char *help(const verb_t *verb, lang_t lang) {
    char *text;
    size_t n;
    io_t io = {.out = open_memstream(&text, &n), .lang = lang};
    if (verb != NULL)
        help_verb(&program, verb, &io);
    else
        help_program(&program, &io);
    fclose(io.out);
    return text;
}

static void has(const char *text, const char *part) {
    if (strstr(text, part) == NULL) fail_msg("'%s' is not in:\n%s", part, text);
}

static void test_help_tells_all_of_the_program(void **state) {
    (void)state;
    static const char *const parts[][2] = {
        {"nhận báo cáo", "takes reports"},
        {"nhập danh sách đơn vị", "import the list of units"},
        {"-d, --dir DIR ", "-d, --dir DIR "},
        {"BAOCAO_LANG", "BAOCAO_PERSON"},
        {"BAOCAO_LISTEN_DOCUMENTS", "BAOCAO_LISTEN_DOCUMENTS"},
        {"địa chỉ nhận [tcp://*:5670]", "address for documents [tcp://*:5670]"},
        {"  75  tạm thời", "  75  not now"},
        {"Ví dụ:\n  baocao-x run", "Examples:\n  baocao-x run"}};
    char *vi = help(NULL, LANG_VI), *en = help(NULL, LANG_EN);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        has(vi, parts[i][0]);
        has(en, parts[i][1]);
    }
    free(vi);
    free(en);
}

static void test_help_tells_all_of_a_verb(void **state) {
    (void)state;
    char *vi = help(&verbs[0], LANG_VI), *en = help(&verbs[1], LANG_EN);
    has(vi, "Cách dùng: baocao-x unit import FILE.csv\n");
    has(vi, "\nĐọc tệp CSV.\n");
    has(vi, "--unit UNIT  đơn vị được nhập\n");
    has(vi, "--day NGÀY   ngày có hiệu lực\n"); /* À is two bytes and one column */
    has(vi, "--json");
    has(en, "Usage: baocao-x run\n");
    free(vi);
    free(en);
}

static void test_help_fits_a_screen_of_110_columns(void **state) {
    (void)state;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        char *text = help(NULL, (lang_t)lang), *rest = text, *line;
        while ((line = strsep(&rest, "\n")) != NULL)
            if (text_width(line) > 110) fail_msg("%s", line);
        free(text);
    }
}

static void test_help_knows_the_exit_status_of_codes(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int status;
    } t[] = {{"verb-unknown", EX_USAGE},  {"words-missing", EX_USAGE},    {"conf-unknown", EX_CONFIG},
             {"key-mode", EX_NOPERM},     {"file-missing", EX_NOINPUT},   {"disk", EX_IOERR},
             {"dir-locked", EX_TEMPFAIL}, {"ctl-no-answer", EX_TEMPFAIL}, {"csv-quote", EX_DATAERR},
             {"db-newer", EX_SOFTWARE}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        refusal_t why = {0};
        strcpy(why.code, t[i].code);
        assert_int_equal(help_exit(&why), t[i].status);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_tells_all_of_the_program),
        cmocka_unit_test(test_help_tells_all_of_a_verb),
        cmocka_unit_test(test_help_fits_a_screen_of_110_columns),
        cmocka_unit_test(test_help_knows_the_exit_status_of_codes),
    };
    return RUN(tests);
}
