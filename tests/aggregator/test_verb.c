/* SPDX-License-Identifier: MPL-2.0 */
/* The verbs that need no collector: what they answer, and what they refuse. */
#include <sys/stat.h>

#include "aggregator/verbs.h"
#include "proto/base/rc.h"
#include "tests/aggregator/printed.h"
#include "tests/aggregator/province.h"

typedef int(verb_fn)(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* A directory with the small province folded into its store. */
static aggregator_t *ready(void **state) {
    kit_t *kit = province_new();
    refusal_t why = {0};
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":12}");
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\"]", "{\"s\":30}");
    aggregator_t *a = verbs_open(*state, &why);
    assert_non_null(a);
    kit_fold(kit, a->store, 0, 100);
    kit_free(&kit);
    return a;
}

/* Runs a verb with options NAME, VALUE, …, NULL; its exit status. What it printed is in P, to be closed. */
static int run(printed_t *p, verb_fn *verb, aggregator_t *a, int json, const char *const *options) {
    args_t *args = mem_alloc(sizeof *args);
    refusal_t why = {0};
    conf_t *conf = conf_load(NULL, verbs_program.keys, &why);
    args->dir = a->dir;
    args->person = "Nguyễn Văn A";
    for (; options && *options; options += 2) {
        if (strcmp(options[0], "word") == 0) {
            args->argv[args->argc++] = options[1];
            continue;
        }
        args->opt[args->optc].name = options[0];
        args->opt[args->optc++].value = options[1];
    }
    printed_open(p, LANG_EN);
    p->io.json = json;
    int status = verb(a, args, conf, &p->io);
    conf_free(&conf);
    free(args);
    return status;
}

static void refused(aggregator_t *a, verb_fn *verb, const char *code, int status,
                    const char *const *options) {
    printed_t p;
    assert_int_equal(run(&p, verb, a, 0, options), status);
    if (strncmp(printed_err(&p), code, strlen(code)) != 0) print_error("%s\n", printed_err(&p));
    assert_memory_equal(printed_err(&p), code, strlen(code));
    printed_close(&p);
}

static void test_verb_summary_answers_in_each_form(void **state) {
    aggregator_t *a = ready(state);
    printed_t p;
    assert_int_equal(run(&p, verb_summary, a, 0, IN_ORDER("period", NOV)), 0);
    assert_non_null(strstr(printed_out(&p), "Plan 1/KH")); /* the only plan */
    printed_close(&p);
    assert_int_equal(run(&p, verb_summary, a, 1, IN_ORDER("period", NOV, "unit", "BD.01")), 0);
    assert_memory_equal(printed_out(&p), "{\"board\":{", 10);
    assert_int_equal(printed_out(&p)[strlen(printed_out(&p)) - 1], '\n');
    printed_close(&p);
    assert_int_equal(run(&p, verb_summary, a, 0, IN_ORDER("period", NOV, "plan", "all", "format", "json")),
                     0);
    assert_non_null(strstr(printed_out(&p), "\"plan\":null"));
    printed_close(&p);
    assert_int_equal(run(&p, verb_summary, a, 0, IN_ORDER("period", NOV, "format", "csv")), 0);
    assert_memory_equal(printed_out(&p), "\xEF\xBB\xBF\"Table\"", 10);
    printed_close(&p);
    assert_int_equal(run(&p, verb_summary, a, 1, IN_ORDER("period", NOV, "as-of", "9")), 0);
    assert_non_null(strstr(printed_out(&p), "\"position\":9"));
    printed_close(&p);
    verbs_close(&a);
}

static void test_verb_summary_refuses_what_makes_no_sense(void **state) {
    refusal_t why = {0};
    char *empty = dir_path(state, "empty");
    assert_int_equal(mkdir(empty, 0700), 0);
    aggregator_t *a = ready(state), *unread = verbs_open(empty, &why);
    refused(a, verb_summary, "option-period", 64, NULL);
    refused(a, verb_summary, "period-unknown", 65, IN_ORDER("period", "2024-13"));
    refused(a, verb_summary, "option-format", 64, IN_ORDER("period", NOV, "format", "xlsx"));
    refused(a, verb_summary, "option-number", 64, IN_ORDER("period", NOV, "as-of", "x"));
    refused(a, verb_summary, "option-number", 64, IN_ORDER("period", NOV, "as-of", "0"));
    refused(a, verb_summary, "position-unknown", 65, IN_ORDER("period", NOV, "as-of", "9999"));
    refused(a, verb_summary, "plan-unknown", 65, IN_ORDER("period", NOV, "plan", "9/KH"));
    refused(a, verb_missing, "board-none", 65, IN_ORDER("period", "2024-Q4"));
    refused(unread, verb_summary, "log-unread", 65, IN_ORDER("period", NOV));
    assert_int_equal(store_fork(a->store, 1), 0);
    refused(a, verb_summary, "log-forked", 65, IN_ORDER("period", NOV));
    verbs_close(&a);
    verbs_close(&unread);
    free(empty);
}

static void test_verb_explain_names_what_makes_up_a_figure(void **state) {
    aggregator_t *a = ready(state);
    printed_t p;
    refused(a, verb_explain, "option-missing", 64, IN_ORDER("period", NOV));
    refused(a, verb_explain, "measure-none", 65, IN_ORDER("period", NOV, "measure", "hats"));
    assert_int_equal(run(&p, verb_explain, a, 0, IN_ORDER("period", NOV, "measure", "s")), 0);
    assert_true(printed_in_order(printed_out(&p), IN_ORDER("12", "BD.01.001", "activity")));
    printed_close(&p);
    verbs_close(&a);
}

static void test_verb_missing_and_board_name_the_silent(void **state) {
    aggregator_t *a = ready(state);
    printed_t p;
    assert_int_equal(run(&p, verb_missing, a, 0, IN_ORDER("period", NOV)), 0);
    assert_true(printed_in_order(printed_out(&p), IN_ORDER("NOT REPORTED: 6 units", "BD.01.001")));
    printed_close(&p);
    assert_int_equal(run(&p, verb_missing, a, 1, IN_ORDER("period", NOV, "unit", "BD.02")), 0);
    assert_non_null(strstr(printed_out(&p), "\"late_days\":"));
    assert_null(strstr(printed_out(&p), "BD.01"));
    printed_close(&p);
    assert_int_equal(run(&p, verb_board, a, 1, IN_ORDER("period", NOV)), 0);
    assert_memory_equal(printed_out(&p), "{\"accepted\":0,\"active\":1,", 25);
    printed_close(&p);
    verbs_close(&a);
}

static void test_verb_status_says_where_it_stands(void **state) {
    aggregator_t *a = ready(state);
    printed_t p;
    assert_int_equal(run(&p, verb_status, a, 1, NULL), 0);
    assert_true(printed_in_order(
        printed_out(&p), IN_ORDER("\"forked\":false", "\"head\":null", "\"lag\":null", "\"position\":12",
                                  "\"running\":false", "\"trouble\":null", "\"unread\":0")));
    printed_close(&p);
    assert_int_equal(run(&p, verb_status, a, 0, NULL), 0);
    assert_non_null(strstr(printed_out(&p), "Read up to position 12"));
    printed_close(&p);
    verbs_close(&a);
}

static void test_verb_decide_checks_before_it_keeps_anything(void **state) {
    char id[UUID_TEXT];
    aggregator_t *a = ready(state);
    refused(a, verb_decide, "id-bad", 65, IN_ORDER("word", "x", "word", "own"));
    refused(a, verb_decide, "words-choice", 64, IN_ORDER("word", kit_id("g1", id), "word", "both"));
    refused(a, verb_decide, "aggregate-unknown", 65, IN_ORDER("word", kit_id("g9", id), "word", "own"));
    refused(a, verb_decide, "aggregate-unknown", 65, IN_ORDER("word", kit_id("a1", id), "word", "own"));
    refused(a, verb_decide, "not-joined", 65, IN_ORDER("word", kit_id("g1", id), "word", "own"));
    char *folder = dir_path(state, "decisions");
    assert_int_not_equal(access(folder, F_OK), 0);
    free(folder);
    verbs_close(&a);
}

static void test_verb_sync_and_verify_need_a_collector(void **state) {
    aggregator_t *a = ready(state);
    refused(a, verb_sync, "not-joined", 65, NULL);
    refused(a, verb_verify, "not-joined", 65, NULL);
    verbs_close(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_verb_summary_answers_in_each_form),
        IN_DIR(test_verb_summary_refuses_what_makes_no_sense),
        IN_DIR(test_verb_explain_names_what_makes_up_a_figure),
        IN_DIR(test_verb_missing_and_board_name_the_silent),
        IN_DIR(test_verb_status_says_where_it_stands),
        IN_DIR(test_verb_decide_checks_before_it_keeps_anything),
        IN_DIR(test_verb_sync_and_verify_need_a_collector),
    };
    return RUN(tests);
}
