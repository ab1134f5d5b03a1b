/* SPDX-License-Identifier: MPL-2.0 */
/* Packed facts: what was put in comes out, and bytes that were cut anywhere are noticed. */
#include "aggregator/fact.h"
#include "proto/base/rc.h"
#include "tests/support.h"

static add_t how(const void *arg, uint32_t measure) {
    (void)arg;
    static const add_t adds[] = {ADD_SUM, ADD_SUM, ADD_WEIGHTED, ADD_UNION};
    return adds[measure < 4 ? measure : 0];
}

static buf_t packed(const fact_listed_t *listed) {
    static const uint64_t head[] = {2,
                                    11,
                                    1,
                                    300,
                                    2,
                                    5 /* form */,
                                    3 /* days before */,
                                    12,
                                    FACT_HOST /* event */,
                                    0 /* place */,
                                    2,
                                    6,
                                    7 /* topics */,
                                    1,
                                    70000 /* covers */,
                                    1};
    buf_t out = {0};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        fact_put(&out, head[i]);
    fact_put_listed(&out, listed);
    static const uint64_t values[] = {
        3, 1, FACT_WHOLE | FACT_PLAN(1), 999999999999999, 2, FACT_PLAN(0), 8, 9, 3, FACT_WHOLE, 2};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        fact_put(&out, values[i]);
    fact_put_text(&out, "ă", strlen("ă"));
    fact_put_text(&out, "", 0);
    return out;
}

static void check_values(const fact_t *f) {
    const uint8_t *at = f->value_at;
    fact_value_t v;
    const char *text;
    size_t n;
    assert_int_equal(f->values, 3);
    assert_int_equal(fact_value(f, &at, how, NULL, &v), 1);
    assert_int_equal(v.scopes, FACT_WHOLE | FACT_PLAN(1));
    assert_int_equal(v.value, 999999999999999);
    assert_int_equal(fact_value(f, &at, how, NULL, &v), 1);
    assert_int_equal(v.value, 8);
    assert_int_equal(v.weight, 9);
    assert_int_equal(fact_value(f, &at, how, NULL, &v), 1);
    assert_int_equal(v.texts, 2);
    const uint8_t *t = v.text_at;
    assert_int_equal(fact_text(f, &t, &text, &n), 1);
    assert_int_equal(n, strlen("ă"));
    assert_memory_equal(text, "ă", n);
    assert_int_equal(fact_text(f, &t, &text, &n), 1);
    assert_int_equal(n, 0);
    assert_int_equal(fact_value(f, &at, how, NULL, &v), 0);
}

static void test_fact_gives_back_what_was_put_in(void **state) {
    (void)state;
    fact_listed_t listed = {.rev = 999}, got;
    memset(&listed.id, 1, sizeof listed.id);
    memset(&listed.sha256, 2, sizeof listed.sha256);
    buf_t bytes = packed(&listed);
    fact_t f;
    uint32_t word;
    assert_int_equal(fact_read(bytes.data, bytes.len, &f), BC_OK);
    assert_int_equal(f.span, 3);
    assert_int_equal(f.event, 12);
    assert_true(f.host);
    assert_int_equal(f.place_len, 0);
    assert_int_equal(f.plans, 2);
    assert_int_equal(fact_plan(&f, 300), 1);
    assert_int_equal(fact_plan(&f, 12), -1);
    assert_int_equal(f.plan[1].version, 2);
    assert_int_equal(f.form, 5);
    const uint8_t *at = f.cover_at;
    assert_int_equal(f.covers, 1);
    assert_int_equal(fact_word(&f, &at, &word), 1);
    assert_int_equal(word, 70000);
    at = f.listed_at;
    assert_int_equal(fact_listed(&f, &at, &got), 1);
    assert_int_equal(got.rev, 999);
    assert_memory_equal(&got.id, &listed.id, sizeof got.id);
    assert_memory_equal(&got.sha256, &listed.sha256, sizeof got.sha256);
    check_values(&f);
    buf_free(&bytes);
}

/* Reads everything there is, as far as it goes. */
static void read_all(const fact_t *f) {
    const uint8_t *at = f->value_at;
    fact_value_t v;
    for (uint32_t i = 0; i < f->values && fact_value(f, &at, how, NULL, &v); i++) {
        const uint8_t *t = v.text_at;
        const char *text;
        size_t n;
        for (uint32_t k = 0; k < v.texts; k++)
            assert_int_equal(fact_text(f, &t, &text, &n), 1);
    }
}

static void test_fact_notices_bytes_that_were_cut_or_changed(void **state) {
    (void)state;
    fact_listed_t listed = {.rev = 1};
    buf_t bytes = packed(&listed);
    for (size_t n = 0; n < bytes.len; n++) {
        char *part = mem_alloc(n + 1);
        memcpy(part, bytes.data, n);
        fact_t f;
        if (fact_read(part, n, &f) == BC_OK) read_all(&f); /* under ASan: not a byte too far */
        free(part);
    }
    for (size_t i = 0; i < bytes.len; i++) {
        char was = bytes.data[i];
        for (int b = 0; b < 8; b++) {
            bytes.data[i] = (char)(was ^ 1 << b);
            fact_t f;
            if (fact_read(bytes.data, bytes.len, &f) == BC_OK) read_all(&f);
        }
        bytes.data[i] = was;
    }
    buf_free(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fact_gives_back_what_was_put_in),
        cmocka_unit_test(test_fact_notices_bytes_that_were_cut_or_changed),
    };
    return RUN(tests);
}
