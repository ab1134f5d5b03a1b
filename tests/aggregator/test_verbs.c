/* SPDX-License-Identifier: MPL-2.0 */
/* The table of verbs: every word has its text in both languages, and every key a default that loads. */
#include "aggregator/verbs.h"
#include "proto/base/rc.h"
#include "tests/aggregator/printed.h"

static void check_options(const opt_t *opt) {
    for (; opt && opt->name; opt++) {
        assert_non_null(opt->vi);
        assert_non_null(opt->en);
    }
}

static void test_verbs_explain_themselves_in_both_languages(void **state) {
    (void)state;
    size_t n = 0;
    for (const verb_t *v = verbs_program.verbs; v->name; v++, n++) {
        assert_non_null(v->vi);
        assert_non_null(v->en);
        assert_string_not_equal(v->vi, v->en);
        assert_true(!v->more_vi == !v->more_en);
        assert_non_null(v->run);
        check_options(v->opts);
    }
    assert_int_equal(n, 30);
}

static void test_verbs_configuration_has_good_defaults(void **state) {
    (void)state;
    refusal_t why = {0};
    unsetenv("BAOCAO_FOLLOW_PATIENCE");
    conf_t *conf = conf_load(NULL, verbs_program.keys, &why);
    assert_non_null(conf);
    assert_int_equal(conf_int(conf, "follow/patience"), 30000);
    assert_int_equal(conf_int(conf, "follow/window"), 16 << 20);
    conf_free(&conf);
    conf = conf_load("aggregator/baocao-aggregator.cfg", verbs_program.keys, &why);
    assert_non_null(conf); /* the example says the same */
    assert_int_equal(conf_int(conf, "follow/patience"), 30000);
    conf_free(&conf);
}

static void test_verbs_open_a_store_of_their_own(void **state) {
    refusal_t why = {0};
    aggregator_t *a = verbs_open(*state, &why);
    assert_non_null(a);
    assert_int_equal(store_cursor(a->store)->position, 0);
    verbs_close(&a);
    assert_null(a);
    int lock = verbs_lock(*state, &why);
    assert_true(lock >= 0);
    close(lock);
}

static void test_verbs_say_what_failed(void **state) {
    (void)state;
    printed_t p;
    refusal_t why = {0};
    printed_open(&p, LANG_EN);
    assert_int_equal(verbs_failed(&p.io, BC_DISK, &why), 74);
    assert_non_null(strstr(printed_err(&p), "disk: "));
    refuse(&why, "log-forked", NULL, "vi", "The log has forked.");
    assert_int_equal(verbs_failed(&p.io, BC_REFUSED, &why), 65);
    assert_int_equal(verbs_failed(&p.io, BC_AGAIN, &why), 75);
    assert_non_null(strstr(printed_err(&p), "log-forked: The log has forked."));
    printed_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs_explain_themselves_in_both_languages),
        cmocka_unit_test(test_verbs_configuration_has_good_defaults),
        IN_DIR(test_verbs_open_a_store_of_their_own),
        cmocka_unit_test(test_verbs_say_what_failed),
    };
    return RUN(tests);
}
