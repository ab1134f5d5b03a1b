/* SPDX-License-Identifier: MPL-2.0 */
/* A document read into its parts. What is refused and why stands in the golden documents (test_judge). */
#include "proto/document.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

/* Reads the golden document NAME; its text is new. */
static char *read_named(const char *name, document_t *doc) {
    json_t *all = vector_load("documents.json"), *vector;
    size_t i;
    char *text = NULL;
    json_array_foreach(all, i, vector) {
        if (strcmp(vector_text(vector, "name"), name) == 0) text = mem_str(vector_text(vector, "document"));
    }
    json_decref(all);
    if (!text) fail_msg("there is no vector %s", name);
    assert_int_equal(document_read(text, strlen(text), doc, NULL), 0);
    return text;
}

static void test_document_gives_the_parts_of_an_activity(void **state) {
    (void)state;
    document_t doc;
    char id[UUID_TEXT], *text = read_named("activity, every field", &doc);
    assert_int_equal(doc.kind, DOC_ACTIVITY);
    assert_string_equal(uuid_text(&doc.id, id), "01932f6e-7a10-8c3e-8f21-0123456789ab");
    assert_int_equal(doc.rev, 2);
    assert_int_equal(doc.withdrawn, 0);
    assert_string_equal(doc.unit, "BD.01.001");
    assert_string_equal(doc.entered_by, "BD.01");
    assert_string_equal(doc.source, "paper");
    assert_int_equal(json_array_size(doc.plans), 2);
    assert_int_equal(doc.from, day_make(2024, 11, 12));
    assert_int_equal(doc.to, day_make(2024, 11, 13));
    assert_null(doc.calendar);
    assert_null(doc.covers);
    assert_null(doc.activities);
    assert_int_equal(json_int(doc.measures, "attendances", -1), 640);
    hash_t hash = hash_of(text, strlen(text));
    assert_true(hash_equal(&doc.hash, &hash));
    document_free(&doc);
    assert_null(doc.json);
    document_free(&doc);
    free(text);
}

static void test_document_gives_the_parts_of_a_period(void **state) {
    (void)state;
    document_t doc;
    char *text = read_named("period, with everything", &doc);
    assert_int_equal(doc.kind, DOC_PERIOD);
    assert_string_equal(doc.calendar, "duonglich");
    assert_string_equal(doc.period, "2024-11");
    assert_int_equal(doc.from, DAY_NONE);
    assert_int_equal(doc.to, DAY_NONE);
    assert_int_equal(json_array_size(doc.activities), 1);
    assert_null(doc.covers);
    document_free(&doc);
    free(text);
}

static void test_document_gives_the_parts_of_an_aggregate(void **state) {
    (void)state;
    document_t doc;
    char *text = read_named("aggregate", &doc);
    assert_int_equal(doc.kind, DOC_AGGREGATE);
    assert_int_equal(json_array_size(doc.covers), 2);
    assert_null(doc.activities);
    document_free(&doc);
    free(text);
}

static void test_document_gives_a_withdrawal_without_content(void **state) {
    (void)state;
    document_t doc;
    char *text = read_named("activity, withdrawn", &doc);
    assert_int_equal(doc.withdrawn, 1);
    assert_int_equal(doc.to, DAY_NONE);
    assert_null(doc.measures);
    document_free(&doc);
    free(text);
}

/* The smallest activity with evidence up to N bytes in all. */
static char *document_of(size_t n) {
    document_t doc;
    buf_t out = {0};
    char *text = read_named("activity, smallest", &doc);
    document_free(&doc);
    text[strlen(text) - 1] = '\0';
    buf_printf(&out, "%s,\"evidence\":[]", text);
    while (out.len < n - 1)
        buf_puts(&out, " ");
    buf_puts(&out, "}");
    free(text);
    return out.data;
}

static void test_document_takes_the_largest_and_no_more(void **state) {
    (void)state;
    document_t doc;
    refusal_t why;
    char *text = document_of(DOCUMENT_MAX);
    assert_int_equal(strlen(text), DOCUMENT_MAX);
    assert_int_equal(document_read(text, DOCUMENT_MAX, &doc, &why), 0);
    document_free(&doc);
    free(text);
    text = document_of(DOCUMENT_MAX + 1);
    assert_int_not_equal(document_read(text, DOCUMENT_MAX + 1, &doc, &why), 0);
    assert_string_equal(why.code, "document-large");
    assert_null(doc.json);
    free(text);
}

/* {"x":[1,1,…]} with WEIGHT commas and brackets. */
static char *heavy(size_t weight) {
    buf_t b = {0};
    buf_puts(&b, "{\"x\":[");
    for (size_t i = 2; i < weight; i++)
        buf_puts(&b, "1,");
    buf_puts(&b, "1]}");
    return b.data;
}

static void test_document_has_so_many_values_and_no_more(void **state) {
    (void)state;
    document_t doc;
    refusal_t why;
    char *text = heavy(DOCUMENT_WEIGHT);
    assert_int_not_equal(document_read(text, strlen(text), &doc, &why), 0);
    assert_string_equal(why.code, "document-kind");
    free(text);
    text = heavy(DOCUMENT_WEIGHT + 1);
    assert_int_not_equal(document_read(text, strlen(text), &doc, &why), 0);
    assert_string_equal(why.code, "document-values");
    free(text);
}

static void test_document_survives_every_cut(void **state) {
    (void)state;
    document_t doc;
    char *text = read_named("activity, every field", &doc);
    document_free(&doc);
    for (size_t n = 0; n < strlen(text); n++) {
        char *cut = mem_strn(text, n); /* its own memory, so that reading behind it is seen */
        refusal_t why = {0};
        assert_int_not_equal(document_read(cut, n, &doc, &why), 0);
        assert_int_not_equal(*why.code, '\0');
        free(cut);
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_gives_the_parts_of_an_activity),
        cmocka_unit_test(test_document_gives_the_parts_of_a_period),
        cmocka_unit_test(test_document_gives_the_parts_of_an_aggregate),
        cmocka_unit_test(test_document_gives_a_withdrawal_without_content),
        cmocka_unit_test(test_document_takes_the_largest_and_no_more),
        cmocka_unit_test(test_document_has_so_many_values_and_no_more),
        cmocka_unit_test(test_document_survives_every_cut),
    };
    return RUN(tests);
}
