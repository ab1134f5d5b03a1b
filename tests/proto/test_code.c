/* SPDX-License-Identifier: MPL-2.0 */
/* test_code.c - enrolment codes against vectors/code.json and slips of the hand. */
#include "proto/code.h"

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

static code_t from_fields(const json_t *f) {
    code_t c = {.expires = day_parse(vector_text(f, "expires"))};
    assert_int_equal(c.expires, json_int(f, "expires_days", 0));
    vector_hex(f, "server", c.server, sizeof c.server);
    vector_hex(f, "successor", c.successor, sizeof c.successor);
    vector_hex(f, "token", c.token, sizeof c.token);
    strcpy(c.endpoint, vector_text(f, "endpoint"));
    return c;
}

static void test_code_writes_the_text_of_the_vector(void **state) {
    (void)state;
    json_t *v = vector_load("code.json");
    code_t c = from_fields(json_object_get(v, "fields"));
    buf_t out = {0};
    code_write(&c, 0, &out);
    assert_string_equal(out.data, vector_text(v, "text"));
    buf_clear(&out);
    code_write(&c, (int)json_int(v, "width", 0), &out);
    assert_string_equal(out.data, vector_text(v, "lines"));
    buf_free(&out);
    json_decref(v);
}

static void reads_as(const char *text, const code_t *want) {
    code_t c;
    refusal_t why = {0};
    if (code_read(text, &c, &why)) fail_msg("%s: %s", text, why.en);
    assert_memory_equal(c.server, want->server, sizeof c.server);
    assert_memory_equal(c.successor, want->successor, sizeof c.successor);
    assert_memory_equal(c.token, want->token, sizeof c.token);
    assert_int_equal(c.expires, want->expires);
    assert_string_equal(c.endpoint, want->endpoint);
}

static void test_code_reads_it_however_it_is_typed(void **state) {
    (void)state;
    json_t *v = vector_load("code.json"), *each;
    code_t want = from_fields(json_object_get(v, "fields"));
    reads_as(vector_text(v, "text"), &want);
    reads_as(vector_text(v, "lines"), &want);
    size_t i;
    json_array_foreach(json_object_get(v, "same"), i, each) reads_as(json_string_value(each), &want);
    json_decref(v);
}

static void refused(const char *text) {
    code_t c;
    refusal_t why = {0};
    if (code_read(text, &c, &why) != BC_REFUSED) fail_msg("taken: %s", text);
    assert_string_equal(why.code, "code-bad");
}

static void test_code_refuses_the_bad_ones_of_the_vector(void **state) {
    (void)state;
    json_t *v = vector_load("code.json"), *each;
    size_t i;
    json_array_foreach(json_object_get(v, "bad"), i, each) refused(json_string_value(each));
    json_decref(v);
    refused("\xff\xfe");
}

static void test_code_finds_every_single_slip(void **state) {
    (void)state;
    json_t *v = vector_load("code.json");
    const char *good = vector_text(v, "text");
    for (size_t i = 0; good[i]; i++) {
        if (good[i] == ' ') continue;
        char *copy = mem_str(good);
        copy[i] = good[i] == 'A' ? 'B' : 'A';
        refused(copy);
        memmove(copy + i, good + i + 1, strlen(good + i)); /* left out */
        refused(copy);
        free(copy);
    }
    json_decref(v);
}

static void test_code_says_where_a_character_is_wrong(void **state) {
    (void)state;
    code_t c;
    refusal_t why;
    assert_int_equal(code_read("AAAAA BBBBB CC0CC", &c, &why), BC_REFUSED);
    assert_non_null(strstr(why.en, "group 3, place 3"));
    assert_non_null(strstr(why.en, "possible: O"));
    assert_non_null(strstr(why.vi, "nhóm 3"));
}

static void there_and_back(const char *endpoint, int rc) {
    code_t c = {.server = {1}, .expires = 20000}, back;
    strcpy(c.endpoint, endpoint);
    buf_t out = {0};
    code_write(&c, 7, &out);
    assert_int_equal(code_read(out.data, &back, NULL), rc);
    if (!rc) assert_string_equal(back.endpoint, endpoint);
    buf_free(&out);
}

static void test_code_endpoints_are_host_and_port(void **state) {
    (void)state;
    there_and_back("a:1", 0);
    there_and_back("127.0.0.1:65535", 0);
    there_and_back("[::1]:5671", 0);
    char longest[101];
    memset(longest, 'a', 100);
    memcpy(longest + 95, ":5671", 6);
    there_and_back(longest, 0);
    const char *bad[] = {"",         ":1",   "a",         "a:",    "a:0",  "a:65536",
                         "a:123456", "a:1x", "tcp://a:1", "a b:1", "a;b:1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        there_and_back(bad[i], BC_REFUSED);
}

/* What the command line of WORD says, or the code of its refusal. */
static const char *word_means(const char *word, buf_t *out, refusal_t *why) {
    args_t args = {.cwd = "/nowhere", .argc = 1, .argv = {word}};
    buf_clear(out);
    return code_words(&args, out, why) ? why->code : out->data;
}

static void test_code_words_are_a_code_or_a_file(void **state) {
    char *path = dir_path(state, "ma cua toi");
    buf_t out = {0};
    refusal_t why = {0};
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs("ABCDE FGHIJ\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(word_means(path, &out, &why), "ABCDE FGHIJ\n");
    assert_string_equal(word_means("ABCDE-FGHIJ", &out, &why), "ABCDE-FGHIJ ");
    assert_string_equal(word_means("BD.01.code", &out, &why), "file-missing");
    buf_free(&out);
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_writes_the_text_of_the_vector),
        cmocka_unit_test(test_code_reads_it_however_it_is_typed),
        cmocka_unit_test(test_code_refuses_the_bad_ones_of_the_vector),
        cmocka_unit_test(test_code_finds_every_single_slip),
        cmocka_unit_test(test_code_says_where_a_character_is_wrong),
        cmocka_unit_test(test_code_endpoints_are_host_and_port),
        IN_DIR(test_code_words_are_a_code_or_a_file),
    };
    return RUN(tests);
}
