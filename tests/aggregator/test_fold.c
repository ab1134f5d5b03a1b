/* SPDX-License-Identifier: MPL-2.0 */
/* The fold: which revision counts, and that neither order nor batches nor repetition change a figure. */
#include "tests/aggregator/province.h"

#include "proto/base/rc.h"

static const int64_t nothing[] = {0};

static store_t *folded(const kit_t *kit, void **state, const char *name, int64_t upto, size_t batch) {
    char *path = dir_path(state, name);
    store_t *store = kit_store(kit, path, upto, batch);
    free(path);
    return store;
}

static void test_fold_counts_the_highest_revision(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":7}");
    store_t *store = folded(kit, state, "s", 0, 4);
    json_t *j = kit_ask(store, "BD", "1/KH", NOV, 0);
    assert_int_equal(kit_int(j, "measures.s.value"), 7);
    assert_int_equal(kit_int(j, "documents.activities"), 1);
    json_decref(j);
    store_close(&store);
    kit_free(&kit);
}

static void test_fold_ignores_an_earlier_revision_that_comes_later(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 3, "2024-11-05", "{\"s\":7}");
    kit_activity(kit, "BD.01.001", "a1", 2, "2024-11-05", "{\"s\":10}");
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-10-05", "{\"s\":9}");
    store_t *store = folded(kit, state, "s", 0, 4);
    json_t *nov = kit_ask(store, "BD", "1/KH", NOV, 0), *oct = kit_ask(store, "BD", "1/KH", "2024-10", 0);
    assert_int_equal(kit_int(nov, "measures.s.value"), 7);
    assert_int_equal(kit_int(oct, "documents.activities"), 0);
    json_decref(nov);
    json_decref(oct);
    store_close(&store);
    kit_free(&kit);
}

static void test_fold_withdraws_and_restores(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10}");
    int64_t gone = kit_withdraw(kit, "BD.01.001", "a1", 2);
    kit_activity(kit, "BD.01.001", "a1", 3, "2024-11-06", "{\"s\":4}");
    store_t *store = folded(kit, state, "s", 0, 100);
    json_t *then = kit_ask(store, "BD", "1/KH", NOV, gone), *now = kit_ask(store, "BD", "1/KH", NOV, 0);
    assert_int_equal(kit_int(then, "documents.activities"), 0);
    assert_int_equal(kit_int(then, "documents.withdrawn"), 1);
    assert_int_equal(kit_int(then, "measures.s.value"), -1);
    assert_int_equal(kit_int(now, "documents.withdrawn"), 0);
    assert_int_equal(kit_int(now, "measures.s.value"), 4);
    json_decref(then);
    json_decref(now);
    store_close(&store);
    kit_free(&kit);
}

static void test_fold_takes_a_redacted_documents_figures_out_everywhere(void **state) {
    kit_t *kit = province_new();
    int64_t at = kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10,\"q\":\"Lời riêng\"}");
    kit_activity(kit, "BD.01.002", "a2", 1, "2024-11-05", "{\"s\":1}");
    store_t *live = folded(kit, state, "live", 0, 3);
    json_t *before = kit_ask(live, "BD", "1/KH", NOV, 0);
    assert_int_equal(kit_int(before, "measures.s.value"), 11);
    kit_redact(kit, at);
    kit_fold(kit, live, 0, 3);
    store_t *again = folded(kit, state, "again", 0, 3);
    refusal_t why = {0};
    assert_int_equal(store_compare(live, again, &why), BC_OK);
    for (int64_t as_of = at; as_of <= (int64_t)kit->count; as_of++) {
        json_t *j = kit_ask(live, "BD", "1/KH", NOV, as_of);
        assert_int_equal(kit_int(j, "measures.s.value"), as_of > at ? 1 : -1);
        assert_int_equal(kit_int(j, "documents.redacted"), 1);
        json_decref(j);
    }
    json_decref(before);
    store_close(&live);
    store_close(&again);
    kit_free(&kit);
}

static void test_fold_says_where_the_chain_breaks(void **state) {
    kit_t *kit = province_new();
    char *path = dir_path(state, "s");
    refusal_t why = {0};
    store_t *store = store_open(path, &why);
    fold_t *fold = fold_new(store, &why);
    kit->list[2].body[5] ^= 1;
    for (size_t i = 0; i < 3; i++) {
        const kit_entry_t *e = &kit->list[i];
        int rc = fold_entry(fold, e->header, e->header_len, e->body, e->body_len, &e->chain, &why);
        assert_int_equal(rc, i < 2 ? BC_OK : BC_CORRUPT);
    }
    assert_string_equal(why.code, "log-broken");
    assert_non_null(strstr(why.en, "position 3"));
    const kit_entry_t *skipped = &kit->list[3];
    assert_int_equal(fold_entry(fold, skipped->header, skipped->header_len, skipped->body, skipped->body_len,
                                &skipped->chain, &why),
                     BC_CORRUPT);
    kit->list[2].body[5] ^= 1;
    const kit_entry_t *mended = &kit->list[2];
    hash_t wrong = mended->chain;
    wrong.b[0] ^= 1;
    assert_int_equal(
        fold_entry(fold, mended->header, mended->header_len, mended->body, mended->body_len, &wrong, &why),
        BC_CORRUPT);
    fold_free(&fold);
    store_close(&store);
    free(path);
    kit_free(&kit);
}

static void test_fold_leaves_what_it_can_not_read_without_figures(void **state) {
    kit_t *kit = province_new();
    kit_document(kit, "BD.01.001", "a1", 1,
                 "{\"doc\":\"activity\",\"plans\":[{\"plan\":\"9/KH\",\"version\":1}]}");
    kit_document(kit, "BD.01.001", "a2", 1, "not json");
    kit_activity(kit, "BD.01.001", "a3", 1, "2024-11-05", "{\"s\":\"ten\"}");
    kit_activity(kit, "BD.01.001", "a4", 1, "2024-11-05", "{\"s\":3}");
    kit_document(kit, "BD.01", "g1", 1, /* an aggregate serves one plan: two would leave no summary at all */
                 "{\"doc\":\"aggregate\",\"plans\":[{\"plan\":\"1/KH\",\"version\":1},{\"plan\":\"1/KH\","
                 "\"version\":1}],\"calendar\":\"duonglich\",\"period\":\"2024-11\",\"measures\":{\"s\":1}}");
    kit_other(kit, "something-new", "{}");
    store_t *store = folded(kit, state, "s", 0, 100);
    assert_int_equal(store_count(store, ROW_UNREAD), 4);
    json_t *j = kit_ask(store, "BD", "1/KH", NOV, 0);
    assert_int_equal(kit_int(j, "measures.s.value"), 3);
    json_decref(j);
    store_close(&store);
    kit_free(&kit);
}

/* ---- any order, any batches, any repetition ---- */

typedef struct {
    const char *unit, *id;
    int rev;
    const char *day, *measures;
} piece_t;

static const piece_t pieces[] = {
    {"BD.01.001", "a1", 1, "2024-11-05", "{\"s\":10,\"m\":5}"},
    {"BD.01.001", "a1", 2, "2024-11-06", "{\"s\":8,\"u\":[\"x\",\"y\"]}"},
    {"BD.01.001", "a2", 1, "2024-11-09", "{\"s\":3,\"l\":40,\"q\":\"Một lời\"}"},
    {"BD.01.002", "a3", 1, "2024-11-30", "{\"w\":{\"value\":7,\"weight\":3},\"c\":true}"},
    {"BD.01.002", "a3", 2, NULL, NULL},
    {"BD.01.002", "a3", 3, "2024-11-29", "{\"w\":{\"value\":9,\"weight\":2},\"c\":true}"},
    {"BD.02.001", "a4", 1, "2024-11-11", "{\"s\":0,\"u\":[\"z\"]}"},
    {"BD.02.001", "a5", 1, "2024-11-12", "{\"s\":77}"},
    {"BD.02.001", "a5", 2, NULL, NULL},
    {"BD.02", "a6", 1, "2024-11-13", "{\"q\":[\"Hai\",\"Ba\"],\"m\":9}"},
    {"BD", "a7", 1, "2024-11-14", "{\"s\":2,\"c\":false}"},
};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* Position and chain say in which order the entries came; nothing else may. */
static char *orderless(store_t *store) {
    json_t *j = kit_ask(store, "BD", "1/KH", NOV, 0);
    json_object_del(j, "chain");
    buf_t out = {0};
    summary_write(j, &out);
    json_decref(j);
    return out.data;
}

static void put_piece(kit_t *kit, const piece_t *p) {
    if (p->day) {
        kit_activity(kit, p->unit, p->id, p->rev, p->day, p->measures);
    } else {
        kit_withdraw(kit, p->unit, p->id, p->rev);
    }
}

static void test_fold_gives_the_same_in_any_order_and_batch(void **state) {
    const char *given = getenv("BAOCAO_SEED");
    unsigned seed = given ? (unsigned)atoi(given) : (unsigned)getpid();
    print_message("# seed %u\n", seed);
    char *expected = NULL;
    for (int round = 0; round < 25; round++) {
        size_t order[PIECES];
        for (size_t i = 0; i < PIECES; i++)
            order[i] = i;
        for (size_t i = PIECES - 1; i > 0 && round > 0; i--) {
            size_t k = (size_t)rand_r(&seed) % (i + 1), was = order[i];
            order[i] = order[k];
            order[k] = was;
        }
        kit_t *kit = province_new();
        for (size_t i = 0; i < PIECES; i++)
            put_piece(kit, &pieces[order[i]]);
        char name[32];
        snprintf(name, sizeof name, "s%d", round);
        store_t *store = folded(kit, state, name, 0, 1 + (size_t)rand_r(&seed) % 9);
        kit_fold(kit, store, 0, 1 + (size_t)rand_r(&seed) % 9); /* all again */
        char *got = orderless(store);
        if (!expected) expected = mem_str(got);
        assert_string_equal(got, expected);
        free(got);
        store_close(&store);
        kit_free(&kit);
    }
    assert_non_null(strstr(expected, "\"s\":{\"add\":\"sum\",\"units\":3,\"value\":13}"));
    free(expected);
}

static void test_fold_as_of_is_the_same_as_folding_only_so_far(void **state) {
    kit_t *kit = province_new();
    for (size_t i = 0; i < PIECES; i++)
        put_piece(kit, &pieces[i]);
    kit_period(kit, "BD.02.001", "p1", 1, NOV, "{\"l\":5}", nothing);
    kit_aggregate(kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\",\"BD.01.002\"]", "{\"s\":100}");
    kit_decide(kit, "g1", "aggregate");
    kit_test_plan(kit, "1/KH", 2);
    store_t *all = folded(kit, state, "all", 0, 1000);
    for (int64_t upto = 10; upto <= (int64_t)kit->count; upto++) {
        char name[32];
        snprintf(name, sizeof name, "s%lld", (long long)upto);
        store_t *part = folded(kit, state, name, upto, 1000);
        const char *plans[] = {"1/KH", NULL};
        for (int i = 0; i < 2; i++) {
            char *then = kit_summary(all, "BD", plans[i], NOV, upto),
                 *now = kit_summary(part, "BD", plans[i], NOV, 0);
            assert_string_equal(then, now);
            free(then);
            free(now);
        }
        store_close(&part);
    }
    store_close(&all);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_fold_counts_the_highest_revision),
        IN_DIR(test_fold_ignores_an_earlier_revision_that_comes_later),
        IN_DIR(test_fold_withdraws_and_restores),
        IN_DIR(test_fold_takes_a_redacted_documents_figures_out_everywhere),
        IN_DIR(test_fold_says_where_the_chain_breaks),
        IN_DIR(test_fold_leaves_what_it_can_not_read_without_figures),
        IN_DIR(test_fold_gives_the_same_in_any_order_and_batch),
        IN_DIR(test_fold_as_of_is_the_same_as_folding_only_so_far),
    };
    return RUN(tests);
}
