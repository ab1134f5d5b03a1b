/* SPDX-License-Identifier: MPL-2.0 */
/* test_entry.c - header lines and the chain against vectors/entry.json. */
#include "proto/entry.h"

#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

/* The entry that the vector's fields describe. ID gets the uuid. */
static entry_t from_fields(const json_t *j, uuid_bc_t *id) {
    entry_t e = {.position = json_int(j, "position", 0), .received = json_int(j, "received", 0)};
    strcpy(e.log, vector_text(j, "log"));
    e.kind = json_text(j, "kind");
    e.unit = json_text(j, "unit");
    e.by = json_text(j, "by");
    e.key = json_int(j, "key", 0);
    e.outbox = json_text(j, "outbox");
    e.number = json_int(j, "number", 0);
    if (json_text(j, "id")) {
        assert_int_equal(uuid_parse(json_text(j, "id"), id), 0);
        e.id = id;
    }
    e.rev = (int)json_int(j, "rev", 0);
    e.of = json_int(j, "of", 0);
    e.bytes = json_int(j, "bytes", 0);
    vector_hex(j, "sha256", e.sha256.b, HASH_LEN);
    return e;
}

static void test_entry_writes_the_headers_of_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("entry.json"), *each;
    size_t i;
    json_array_foreach(json_object_get(v, "entries"), i, each) {
        uuid_bc_t id;
        entry_t e = from_fields(json_object_get(each, "fields"), &id);
        buf_t out = {0};
        buf_puts(&out, "before");
        entry_write(&e, &out);
        assert_string_equal(out.data + 6, vector_text(each, "header"));
        assert_int_equal(out.len, strlen(out.data));
        buf_free(&out);
    }
    json_decref(v);
}

static void text_equal(const char *a, const char *b) {
    assert_int_equal(a == NULL, b == NULL);
    if (a) assert_string_equal(a, b);
}

static void test_entry_reads_the_headers_of_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("entry.json"), *each;
    size_t i;
    json_array_foreach(json_object_get(v, "entries"), i, each) {
        uuid_bc_t id;
        entry_t want = from_fields(json_object_get(each, "fields"), &id), e;
        const char *header = vector_text(each, "header");
        char *hold, *exact = malloc(strlen(header)); /* without NUL: ASan sees a byte read too far */
        memcpy(exact, header, strlen(header));
        assert_int_equal(entry_read(exact, strlen(header), &e, &hold, NULL), 0);
        free(exact);
        assert_string_equal(e.log, want.log);
        text_equal(e.kind, want.kind);
        text_equal(e.unit, want.unit);
        text_equal(e.by, want.by);
        text_equal(e.outbox, want.outbox);
        assert_int_equal(e.position, want.position);
        assert_int_equal(e.received, want.received);
        assert_int_equal(e.key, want.key);
        assert_int_equal(e.number, want.number);
        assert_int_equal(e.rev, want.rev);
        assert_int_equal(e.of, want.of);
        assert_int_equal(e.bytes, want.bytes);
        assert_true(hash_equal(&e.sha256, &want.sha256));
        assert_int_equal(e.id == NULL, want.id == NULL);
        if (e.id) assert_memory_equal(e.id, want.id, sizeof *e.id);
        free(hold);
    }
    json_decref(v);
}

static void test_entry_refuses_every_other_spelling(void **state) {
    (void)state;
    json_t *v = vector_load("entry.json"), *each;
    size_t i;
    json_array_foreach(json_object_get(v, "bad"), i, each) {
        entry_t e;
        char *hold = (char *)1;
        refusal_t why;
        const char *text = json_string_value(each);
        if (entry_read(text, strlen(text), &e, &hold, &why) != BC_REFUSED) fail_msg("taken: %s", text);
        assert_string_equal(why.code, "entry-bad");
        assert_null(hold);
    }
    json_decref(v);
}

static void test_entry_refuses_a_header_cut_or_changed_anywhere(void **state) {
    (void)state;
    json_t *v = vector_load("entry.json");
    const char *good = vector_text(json_array_get(json_object_get(v, "entries"), 5), "header");
    size_t n = strlen(good);
    entry_t e;
    char *hold;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(entry_read(good, i, &e, &hold, NULL), BC_REFUSED);
    for (size_t i = 0; i < n; i++) {
        char copy[2048];
        strcpy(copy, good);
        copy[i] = '\0';
        assert_int_equal(entry_read(copy, n, &e, &hold, NULL), BC_REFUSED);
        copy[i] = '\xff'; /* no UTF-8 anywhere */
        assert_int_equal(entry_read(copy, n, &e, &hold, NULL), BC_REFUSED);
    }
    json_decref(v);
}

static void test_entry_chain_is_that_of_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("entry.json"), *each;
    hash_t chain = chain_begin(vector_text(v, "log")), want;
    vector_hex(v, "begin", want.b, HASH_LEN);
    assert_true(hash_equal(&chain, &want));
    size_t i;
    json_array_foreach(json_object_get(v, "entries"), i, each) {
        const char *header = vector_text(each, "header");
        chain = chain_next(&chain, header, strlen(header));
        vector_hex(each, "chain", want.b, HASH_LEN);
        assert_true(hash_equal(&chain, &want));
    }
    json_decref(v);
}

static void test_entry_of_longest_fields_fits(void **state) {
    (void)state;
    char by[1001];
    memset(by, '\x01', 1000);
    by[1000] = '\0';
    uuid_bc_t id = uuid_v7(0);
    entry_t e = {.position = JSON_NUMBER_MAX, .received = JSON_NUMBER_MAX, .kind = "succession",
                 .unit = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", .by = by, .key = JSON_NUMBER_MAX,
                 .outbox = "0123456789abcdef0123456789abcdef", .number = JSON_NUMBER_MAX, .id = &id,
                 .rev = 999, .of = JSON_NUMBER_MAX, .bytes = JSON_NUMBER_MAX};
    strcpy(e.log, "0123456789abcdef0123456789abcdef");
    buf_t out = {0};
    entry_write(&e, &out);
    char *hold;
    entry_t back;
    assert_int_equal(entry_read(out.data, out.len, &back, &hold, NULL), 0);
    assert_string_equal(back.by, by);
    free(hold);
    buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_writes_the_headers_of_the_vectors),
        cmocka_unit_test(test_entry_reads_the_headers_of_the_vectors),
        cmocka_unit_test(test_entry_refuses_every_other_spelling),
        cmocka_unit_test(test_entry_refuses_a_header_cut_or_changed_anywhere),
        cmocka_unit_test(test_entry_chain_is_that_of_the_vectors),
        cmocka_unit_test(test_entry_of_longest_fields_fits),
    };
    return RUN(tests);
}
