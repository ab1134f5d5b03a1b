/* SPDX-License-Identifier: MPL-2.0 */
/* test_verbs.c - the table of verbs is whole and helps in both languages. */
#include "agent/agent.h"
#include "proto/base/help.h"
#include "proto/base/mem.h"
#include "proto/base/text.h"
#include "tests/support.h"

static void test_verbs_are_whole(void **state) {
    (void)state;
    for (const verb_t *v = agent_program.verbs; v->name; v++) {
        assert_non_null(v->run);
        assert_true(*v->vi && *v->en && v->usage);
        assert_true(v->max < 0 || v->min <= v->max);
        assert_true(v->input <= (v->max < 0 ? 64 : v->max));
        for (const opt_t *o = v->opts; o && o->name; o++)
            assert_true(*o->vi && *o->en);
    }
}

static void test_verbs_help_in_both_languages(void **state) {
    (void)state;
    for (int lang = LANG_VI; lang <= LANG_EN; lang++) {
        buf_t out = {0};
        io_t io = {.out = open_memstream(&out.data, &out.len), .lang = (lang_t)lang};
        help_program(&agent_program, &io);
        for (const verb_t *v = agent_program.verbs; v->name; v++)
            help_verb(&agent_program, v, &io);
        fclose(io.out);
        assert_true(text_is_nfc(out.data, out.len));
        assert_non_null(strstr(out.data, lang == LANG_VI ? "gửi báo cáo kỳ" : "submit the period"));
        free(out.data);
    }
}

static void test_verbs_open_and_close_the_store(void **state) {
    refusal_t why = {0};
    args_t *args = mem_alloc(sizeof *args);
    args->dir = *state;
    void *store = agent_program.open(args, NULL, &why);
    assert_non_null(store);
    agent_program.close(&store);
    assert_null(store);
    args->dir = "/nonexistent";
    assert_null(agent_program.open(args, NULL, &why));
    assert_true(why.vi[0] != '\0');
    free(args);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs_are_whole),
        cmocka_unit_test(test_verbs_help_in_both_languages),
        IN_DIR(test_verbs_open_and_close_the_store),
    };
    return RUN(tests);
}
