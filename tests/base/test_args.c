/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/args.h. */
#include "proto/base/args.h"

#include <pwd.h>

#include "proto/base/rc.h"
#include "tests/support.h"

static const opt_t import_opts[] = {
    {"unit", "UNIT", "đơn vị", "unit"},
    {"dry-run", NULL, "chỉ xem", "only look"},
    {"set", "KEY=VALUE...", "đặt trị số", "set a value"},
    {NULL, NULL, NULL, NULL},
};
static const verb_t verbs[] = {
    {"unit import", "FILE.csv [--unit UNIT]", "", "", NULL, NULL, import_opts, 1, 1, 1, VERB_STORE, NULL},
    {"unit list", "", "", "", NULL, NULL, NULL, 0, 0, 0, VERB_STORE, NULL},
    {"plan", "[N]", "", "", NULL, NULL, NULL, 0, 1, 0, VERB_STORE, NULL},
    {"plan publish", "FILE", "", "", NULL, NULL, NULL, 1, 1, 1, VERB_STORE, NULL},
    {"enrol", "UNIT…", "", "", NULL, NULL, NULL, 1, -1, 0, VERB_STORE, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};

static args_t args;
static const verb_t *verb;
static refusal_t why;

/* Splits LINE at '|', so that words may hold blanks, and parses it. */
static int parse(const char *line) {
    static char copy[256];
    const char *words[32];
    int n = 0;
    strcpy(copy, line);
    for (char *rest = copy, *word; n < 32 && (word = strsep(&rest, "|")) != NULL;)
        words[n++] = word;
    why = (refusal_t){0};
    return args_parse(verbs, *line != '\0' ? n : 0, words, &args, &verb, &why);
}

static void parsed(const char *line, const char *name) {
    if (parse(line) != 0) fail_msg("%s: %s", line, why.en);
    assert_string_equal(verb->name, name);
}

static void refused(const char *line, const char *code, const char *part) {
    if (parse(line) != BC_REFUSED) fail_msg("taken: %s", line);
    if (strcmp(why.code, code) != 0 || strstr(why.en, part) == NULL)
        fail_msg("%s: %s: %s", line, why.code, why.en);
    assert_true(strlen(why.vi) > 15);
}

static void test_args_finds_verbs_of_one_word_and_two(void **state) {
    (void)state;
    parsed("unit|list", "unit list");
    parsed("plan", "plan");
    parsed("plan|1", "plan");
    assert_string_equal(args.argv[0], "1");
    parsed("plan|publish|x.json", "plan publish");
    assert_int_equal(args.argc, 1);
    assert_string_equal(args.argv[0], "x.json");
    parsed("enrol|a|b|c", "enrol");
    assert_int_equal(args.argc, 3);
}

static void test_args_takes_global_options_on_either_side(void **state) {
    (void)state;
    static const char *const lines[] = {"-d|/x|-c|c.cfg|--lang|en|--json|unit|list",
                                        "unit|list|-d/x|-cc.cfg|--lang=en|--json",
                                        "--dir=/x|unit|list|--config=c.cfg|--json|--lang|en"};
    for (size_t i = 0; i < 3; i++) {
        parsed(lines[i], "unit list");
        assert_string_equal(args.dir, "/x");
        assert_string_equal(args.conf, "c.cfg");
        assert_int_equal(args.lang, LANG_EN);
        assert_true(args.json);
    }
}

static void test_args_takes_a_verbs_own_options(void **state) {
    (void)state;
    parsed("unit|import|--unit|A 1|x.csv|--dry-run", "unit import");
    assert_string_equal(args_opt(&args, "unit"), "A 1");
    assert_string_equal(args_opt(&args, "dry-run"), "");
    assert_string_equal(args.argv[0], "x.csv");
    parsed("unit|import|--unit=--x|-", "unit import");
    assert_string_equal(args_opt(&args, "unit"), "--x");
    assert_null(args_opt(&args, "dry-run"));
    assert_string_equal(args.argv[0], "-");
    parsed("unit|import|--|--unit", "unit import");
    assert_string_equal(args.argv[0], "--unit");
}

static void test_args_asks_for_help_or_version(void **state) {
    (void)state;
    assert_int_equal(parse("--help"), 0);
    assert_true(args.help && verb == NULL);
    assert_int_equal(parse("unit|import|-h"), 0);
    assert_true(args.help);
    assert_string_equal(verb->name, "unit import");
    assert_int_equal(parse("unit|--help"), 0);
    assert_true(args.help && verb == NULL);
    assert_int_equal(parse("-V"), 0);
    assert_true(args.version);
}

static void test_args_refuses_wrong_verbs(void **state) {
    (void)state;
    refused("", "verb-missing", "--help");
    refused("--json", "verb-missing", "--help");
    refused("unit", "verb-missing", "import, list");
    refused("unit|-d|/x|list", "verb-missing", "import, list");
    refused("unit|imprt|x", "verb-unknown", "did you mean \"unit import\"");
    refused("unit|destroy", "verb-unknown", "\"unit destroy\"; --help");
    refused("enroll|x", "verb-unknown", "did you mean \"enrol\"");
    refused("fly", "verb-unknown", "\"fly\"; --help");
    refused("|x", "verb-unknown", "");
}

static void test_args_refuses_wrong_options(void **state) {
    (void)state;
    refused("unit|import|x|--unti|A", "option-unknown", "did you mean --unit");
    refused("unit|list|--jsn", "option-unknown", "did you mean --json");
    refused("unit|list|--unit|A", "option-unknown", "\"unit list\" has no option");
    refused("--unit|A|unit|import|x", "option-unknown", "stand behind the verb");
    refused("unit|list|-x", "option-unknown", "\"-x\"");
}

static void test_args_refuses_doubles_and_missing_values(void **state) {
    (void)state;
    refused("-d|/x|unit|list|--dir=/y", "option-double", "given twice");
    refused("--json|unit|list|--json", "option-double", "given twice");
    refused("unit|import|x|--unit|A|--unit=B", "option-double", "given twice");
    refused("unit|list|-d", "option-value", "--dir DIR");
    refused("unit|list|--dir=", "option-value", "--dir DIR");
    refused("unit|import|x|--unit", "option-value", "--unit UNIT");
    refused("unit|import|x|--dry-run=1", "option-value", "takes no value");
    refused("unit|list|-hx", "option-value", "takes no value");
    refused("unit|list|--lang=fr", "lang-unknown", "\"fr\"");
}

static void test_args_takes_an_option_several_times_where_it_says_so(void **state) {
    (void)state;
    assert_int_equal(parse("unit|import|x|--set|a=1|--unit|U|--set=b=2"), 0);
    assert_int_equal(args.optc, 3);
    assert_string_equal(args.opt[0].value, "a=1");
    assert_string_equal(args.opt[2].name, "set");
    assert_string_equal(args.opt[2].value, "b=2");
}

static void test_args_refuses_wrong_counts_of_words(void **state) {
    (void)state;
    refused("unit|import", "words-missing", "unit import FILE.csv [--unit UNIT]");
    refused("unit|import|a|b", "words-many", "\"b\"");
    refused("unit|list|a", "words-many", "\"a\"");
    refused("enrol|\xFF", "words-utf8", "Word 2");
    const char *words[ARGS_WORDS + 2] = {"enrol"};
    for (int i = 1; i < ARGS_WORDS + 2; i++)
        words[i] = "x";
    assert_int_equal(args_parse(verbs, ARGS_WORDS + 1, words, &args, &verb, &why), 0);
    assert_int_equal(args_parse(verbs, ARGS_WORDS + 2, words, &args, &verb, &why), BC_REFUSED);
    assert_string_equal(why.code, "words-many");
}

static void test_args_knows_the_language_even_when_the_rest_is_refused(void **state) {
    (void)state;
    parse("fly|--lang|en|--json");
    assert_int_equal(args.lang, LANG_EN);
    assert_true(args.json);
    setenv("BAOCAO_LANG", "en", 1);
    parse("fly");
    assert_int_equal(args.lang, LANG_EN);
    parse("fly|--lang=vi");
    assert_int_equal(args.lang, LANG_VI);
    setenv("BAOCAO_LANG", "fr", 1);
    refused("unit|list", "lang-unknown", "BAOCAO_LANG");
    parsed("unit|list|--lang=vi", "unit list");
    setenv("BAOCAO_LANG", "", 1);
    parsed("unit|list", "unit list");
    unsetenv("BAOCAO_LANG");
    assert_int_equal(args.lang, LANG_VI);
}

static void path_is(const char *cwd, const char *word, const char *expected) {
    char *path = args_path(&(args_t){.cwd = cwd}, word);
    assert_string_equal(path, expected);
    free(path);
}

static void test_args_makes_paths_as_the_caller_means_them(void **state) {
    (void)state;
    path_is("/srv/a", "b/c", "/srv/a/b/c");
    path_is("/srv/a", "/b", "/b");
}

static void dir_is(const char *expected) {
    char *dir = args_default_dir("baocao-x");
    assert_string_equal(dir, expected);
    free(dir);
}

static void test_args_chooses_a_directory(void **state) {
    (void)state;
    setenv("BAOCAO_DIR", "/x/y", 1);
    dir_is("/x/y");
    setenv("BAOCAO_DIR", "", 1);
    if (geteuid() == 0) {
        dir_is("/var/lib/baocao-x");
    } else {
        setenv("XDG_STATE_HOME", "/s", 1);
        dir_is("/s/baocao-x");
        unsetenv("XDG_STATE_HOME");
        setenv("HOME", "/h", 1);
        dir_is("/h/.local/state/baocao-x");
    }
    unsetenv("BAOCAO_DIR");
}

static void test_args_names_who_gives_the_command(void **state) {
    (void)state;
    setenv("BAOCAO_PERSON", "Nguye\u0302\u0303n Va\u0306n A", 1);
    char *name = args_default_person(NULL);
    assert_string_equal(name, "Nguyễn Văn A");
    free(name);
    setenv("BAOCAO_PERSON", "\xFF", 1);
    assert_null(args_default_person(&why));
    assert_string_equal(why.code, "person-bad");
    char large[130];
    memset(large, 'x', 121);
    large[121] = '\0';
    setenv("BAOCAO_PERSON", large, 1);
    assert_null(args_default_person(&why));
    unsetenv("BAOCAO_PERSON");
    name = args_default_person(&why);
    const struct passwd *user = getpwuid(getuid());
    if (user != NULL) assert_string_equal(name, user->pw_name);
    assert_non_null(name);
    free(name);
}

int main(void) {
    unsetenv("BAOCAO_LANG");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_args_finds_verbs_of_one_word_and_two),
        cmocka_unit_test(test_args_takes_global_options_on_either_side),
        cmocka_unit_test(test_args_takes_a_verbs_own_options),
        cmocka_unit_test(test_args_asks_for_help_or_version),
        cmocka_unit_test(test_args_refuses_wrong_verbs),
        cmocka_unit_test(test_args_refuses_wrong_options),
        cmocka_unit_test(test_args_refuses_doubles_and_missing_values),
        cmocka_unit_test(test_args_takes_an_option_several_times_where_it_says_so),
        cmocka_unit_test(test_args_refuses_wrong_counts_of_words),
        cmocka_unit_test(test_args_knows_the_language_even_when_the_rest_is_refused),
        cmocka_unit_test(test_args_makes_paths_as_the_caller_means_them),
        cmocka_unit_test(test_args_chooses_a_directory),
        cmocka_unit_test(test_args_names_who_gives_the_command),
    };
    return RUN(tests);
}
