/* SPDX-License-Identifier: MPL-2.0 */
/* test_credit.c - windows read from strangers, and the purse that bounds their sum. */
#include "proto/credit.h"

#include "proto/document.h"
#include "tests/support.h"

#define MIB (1024 * 1024)

static void test_credit_json_there_and_back(void **state) {
    (void)state;
    const credit_t all[] = {{1024, 262144, 0}, {1, DOCUMENT_MAX, 0}, {0, 0, 1000}, {3, 70000, 5}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        json_t *j = credit_json(&all[i]);
        credit_t back = credit_read(j);
        assert_memory_equal(&back, &all[i], sizeof back);
        json_decref(j);
    }
}

static void reads_as(json_t *j, int64_t documents, int64_t wait_ms) {
    credit_t c = credit_read(j);
    assert_int_equal(c.documents, documents);
    assert_int_equal(c.wait_ms, wait_ms);
    json_decref(j);
}

static void test_credit_read_stops_on_anything_odd(void **state) {
    (void)state;
    credit_t none = credit_read(NULL);
    assert_int_equal(none.documents, 0);
    assert_int_equal(none.wait_ms, 5000);
    reads_as(json_pack("[]"), 0, 5000);
    reads_as(json_pack("{}"), 0, 5000);
    reads_as(json_pack("{s:i s:i}", "documents", 1, "bytes", DOCUMENT_MAX), 0, 5000);
    reads_as(json_pack("{s:s s:i s:i}", "documents", "1", "bytes", DOCUMENT_MAX, "wait_ms", 0), 0, 5000);
    reads_as(json_pack("{s:i s:i s:i}", "documents", -1, "bytes", DOCUMENT_MAX, "wait_ms", 0), 0, 5000);
    reads_as(json_pack("{s:i s:i s:i}", "documents", 1, "bytes", DOCUMENT_MAX - 1, "wait_ms", 0), 0, 5000);
    reads_as(json_pack("{s:i s:i s:i}", "documents", 0, "bytes", 0, "wait_ms", 0), 0, 5000);
    const json_int_t years = (json_int_t)1 << 40;
    reads_as(json_pack("{s:i s:i s:I}", "documents", 0, "bytes", 0, "wait_ms", years), 0, 900000);
}

static void test_credit_purse_never_grants_more_than_it_has(void **state) {
    (void)state;
    purse_t purse = {.cap = 3 * 300000 + DOCUMENT_MAX};
    int64_t held[10] = {0};
    int with = 0;
    for (int i = 0; i < 10; i++) {
        credit_t c = purse_grant(&purse, &held[i], 300000, 0);
        assert_int_equal(c.bytes, held[i]);
        assert_true(c.bytes == 0 || c.bytes > DOCUMENT_MAX);
        assert_true(c.bytes ? c.documents > 0 && !c.wait_ms : c.wait_ms > 0);
        with += c.bytes > 0;
        assert_true(purse.granted <= purse.cap);
    }
    assert_int_equal(with, 3); /* what is left has no room for the largest document and its LF */
    for (int i = 0; i < 10; i++)
        purse_release(&purse, &held[i]);
    assert_int_equal(purse.granted, 0);
}

static void test_credit_purse_grant_replaces_what_was_held(void **state) {
    (void)state;
    purse_t purse = {.cap = MIB};
    int64_t held = 0;
    purse_grant(&purse, &held, MIB, 0);
    assert_int_equal(purse.granted, MIB);
    credit_t c = purse_grant(&purse, &held, 1, 0);
    assert_int_equal(c.bytes, DOCUMENT_MAX + 1);
    assert_int_equal(purse.granted, DOCUMENT_MAX + 1);
    c = purse_grant(&purse, &held, MIB, 1);
    assert_int_equal(c.bytes, 0);
    assert_int_equal(c.documents, 0);
    assert_true(c.wait_ms > 0);
    assert_int_equal(purse.granted, 0);
    assert_int_equal(held, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credit_json_there_and_back),
        cmocka_unit_test(test_credit_read_stops_on_anything_odd),
        cmocka_unit_test(test_credit_purse_never_grants_more_than_it_has),
        cmocka_unit_test(test_credit_purse_grant_replaces_what_was_held),
    };
    return RUN(tests);
}
