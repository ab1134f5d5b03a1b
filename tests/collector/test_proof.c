/* SPDX-License-Identifier: MPL-2.0 */
/* test_proof.c - damage of every kind is found, and its first entry named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/proof.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

/* A log with five documents at positions 2 to 6. */
static void fill(store_t *s) {
    static const char *const seeds[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < 5; i++) {
        incoming_t in = store_incoming(seeds[i], 1, "{\"x\":1}");
        assert_int_equal(store_put(s, &in).verdict, VERDICT_STORED);
    }
}

static void test_proof_of_a_whole_log_says_where_it_ends(void **state) {
    store_t *s = *state;
    fill(s);
    proof_t proof;
    head_t head;
    refusal_t why = {0};
    assert_int_equal(proof_of(store_reader(s), &proof, &why), 0);
    assert_int_equal(queue_head(s->queue, &head), 0);
    assert_int_equal(proof.position, 6);
    assert_string_equal(proof.log, head.log);
    assert_true(hash_equal(&proof.chain, &head.chain));
}

static void test_proof_accepts_a_redacted_body_and_a_restored_log(void **state) {
    store_t *s = *state;
    proof_t proof;
    refusal_t why = {0};
    fill(s);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_redact(s->queue, 3, "A", "vì", 5, &why), 0);
    assert_int_equal(queue_restored(s->queue, "A", "restore", 6, &why), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(proof_of(s->queue, &proof, &why), 0);
    assert_int_equal(proof.position, 8);
}

/* Damages a filled store and wants the proof to name POSITION. */
static void finds(store_t *s, const char *sql, const char *position) {
    proof_t proof;
    refusal_t why = {0};
    fill(s);
    store_damage(s, sql);
    assert_int_equal(proof_of(store_reader(s), &proof, &why), BC_REFUSED);
    assert_string_equal(why.code, "log-broken");
    if (!strstr(why.en, position)) print_error("%s\n", why.en);
    assert_non_null(strstr(why.en, position));
}

static void test_proof_finds_a_changed_body(void **state) {
    finds(*state, "UPDATE entry SET body=CAST('{\"x\":2}' AS BLOB) WHERE position=4", "position 4");
}

static void test_proof_finds_a_changed_header(void **state) {
    finds(*state, "UPDATE entry SET header=replace(header,'BD.01','BD.02') WHERE position=5", "position 5");
}

static void test_proof_finds_a_missing_entry(void **state) {
    finds(*state, "DELETE FROM entry WHERE position=3", "position 3");
}

static void test_proof_finds_a_body_nobody_redacted(void **state) {
    finds(*state, "UPDATE entry SET body=NULL WHERE position=2", "position 2");
}

static void test_proof_finds_swapped_entries(void **state) {
    finds(*state,
          "UPDATE entry SET position=-3 WHERE position=3; UPDATE entry SET position=3 WHERE position=4;"
          "UPDATE entry SET position=4 WHERE position=-3",
          "position 3");
}

#define test(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_proof_of_a_whole_log_says_where_it_ends),
        test(test_proof_accepts_a_redacted_body_and_a_restored_log),
        test(test_proof_finds_a_changed_body),
        test(test_proof_finds_a_changed_header),
        test(test_proof_finds_a_missing_entry),
        test(test_proof_finds_a_body_nobody_redacted),
        test(test_proof_finds_swapped_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
