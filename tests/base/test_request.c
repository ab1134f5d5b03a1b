/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/request.h. */
#include "proto/base/request.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static const opt_t opts[] = {{"unit", "UNIT", "", ""}, {"dry-run", NULL, "", ""}, {NULL, NULL, NULL, NULL}};
static const verb_t verbs[] = {
    {"unit import", "FILE", "", "", NULL, NULL, opts, 0, -1, 1, VERB_STORE, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};

static void test_request_arrives_as_it_was_sent(void **state) {
    (void)state;
    args_t sent = {.dir = "/data dir",
                   .cwd = "/srv",
                   .person = "Nguyễn Văn A",
                   .lang = LANG_EN,
                   .json = 1,
                   .argc = 3,
                   .argv = {"--x", "-", "Đơn vị \"1\""},
                   .optc = 2,
                   .opt = {{"unit", "A=1"}, {"dry-run", ""}}};
    io_t from = {0}, to = {0};
    buf_add(&from.input,
            "\xFF\0\xFE"
            "a",
            4);
    char *text = request_write(&verbs[0], &sent, &from);
    args_t got;
    const verb_t *verb;
    refusal_t why = {0};
    json_t *j = request_read(text, verbs, &got, &verb, &to, &why);
    if (j == NULL) fail_msg("%s", why.en);
    assert_ptr_equal(verb, &verbs[0]);
    assert_string_equal(got.dir, "/data dir");
    assert_string_equal(got.cwd, "/srv");
    assert_string_equal(got.person, "Nguyễn Văn A");
    assert_int_equal(got.lang, LANG_EN);
    assert_int_equal(to.lang, LANG_EN);
    assert_true(got.json && to.json);
    assert_int_equal(got.argc, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(got.argv[i], sent.argv[i]);
    assert_string_equal(args_opt(&got, "unit"), "A=1");
    assert_string_equal(args_opt(&got, "dry-run"), "");
    assert_int_equal(to.input.len, 4);
    assert_memory_equal(to.input.data, from.input.data, 4);
    json_decref(j);
    free(text);
    io_clear(&from);
    io_clear(&to);
}

static void test_request_keeps_an_empty_input_apart_from_none(void **state) {
    (void)state;
    for (int given = 0; given < 2; given++) {
        args_t args = {.dir = "/d", .cwd = "/", .person = "x"};
        io_t from = {0}, to = {0};
        if (given) buf_add(&from.input, "", 0);
        char *text = request_write(&verbs[0], &args, &from);
        const verb_t *verb;
        json_t *j = request_read(text, verbs, &args, &verb, &to, NULL);
        assert_non_null(j);
        assert_int_equal(to.input.data != NULL, given);
        assert_int_equal(to.input.len, 0);
        json_decref(j);
        free(text);
        io_clear(&from);
        io_clear(&to);
    }
}

static void test_request_refuses_what_is_none(void **state) {
    (void)state;
    static const struct {
        const char *text, *code;
    } t[] = {
        {"", "json-malformed"},
        {"[]", "json-not-object"},
        {"{}", "request-malformed"},
        {"{\"argv\":[\"unit\",1],\"cwd\":\"/\",\"person\":\"x\"}", "request-malformed"},
        {"{\"argv\":[\"--dir=/d\",\"unit\",\"import\"],\"cwd\":\"/\"}", "request-malformed"},
        {"{\"argv\":[\"--dir=/d\",\"unit\",\"import\"],\"person\":\"x\"}", "request-malformed"},
        {"{\"argv\":[\"unit\",\"import\"],\"cwd\":\"/\",\"person\":\"x\"}", "request-malformed"},
        {"{\"argv\":[\"--help\",\"--dir=/d\"],\"cwd\":\"/\",\"person\":\"x\"}", "request-malformed"},
        {"{\"argv\":[\"--dir=/d\",\"unit\",\"import\"],\"cwd\":\"/\",\"person\":\"x\",\"input\":\"*\"}",
         "request-malformed"},
        {"{\"argv\":[\"--dir=/d\",\"fly\"],\"cwd\":\"/\",\"person\":\"x\"}", "verb-unknown"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        args_t args = {0};
        io_t io = {0};
        const verb_t *verb;
        refusal_t why = {0};
        assert_null(request_read(t[i].text, verbs, &args, &verb, &io, &why));
        if (strcmp(why.code, t[i].code) != 0) fail_msg("%s gives %s", t[i].text, why.code);
        io_clear(&io);
    }
}

/* Takes REPLY with OUT and ERR caught; returns what request_take_reply does. */
static int take(const char *reply, io_t *io, char **out, char **err, refusal_t *why) {
    size_t n, m;
    io->out = open_memstream(out, &n);
    io->err = open_memstream(err, &m);
    int rc = request_take_reply(reply, io, why);
    fclose(io->out);
    fclose(io->err);
    return rc;
}

static void test_request_reply_brings_words_and_files(void **state) {
    (void)state;
    io_t from = {0}, to = {0};
    buf_t out = {0}, err = {0};
    buf_puts(&out, "kết quả\n");
    buf_add(&err, "a\xFF\0b\n", 5);
    io_file(&from, "x/1", "\0\xFF", 2, 0600);
    io_file(&from, "2", "", 0, 0644);
    char *reply = request_reply(65, &out, &err, &from), *said, *told;
    assert_int_equal(take(reply, &to, &said, &told, NULL), 65);
    assert_string_equal(said, "kết quả\n");
    assert_string_equal(told, "a??b\n");
    assert_string_equal(to.files->path, "x/1");
    assert_int_equal(to.files->mode, 0600);
    assert_int_equal(to.files->data.len, 2);
    assert_memory_equal(to.files->data.data, "\0\xFF", 2);
    assert_int_equal(to.files->next->mode, 0644);
    assert_int_equal(to.files->next->data.len, 0);
    assert_null(to.files->next->next);
    free(reply);
    free(said);
    free(told);
    buf_free(&out);
    buf_free(&err);
    io_clear(&from);
    io_clear(&to);
}

static void test_request_refuses_a_reply_that_is_none(void **state) {
    (void)state;
    static const char *const replies[] = {
        "",
        "{}",
        "{\"exit\":0,\"out\":\"\"}",
        "{\"err\":\"\",\"exit\":256,\"out\":\"\"}",
        "{\"err\":\"\",\"out\":\"\"}",
        "{\"err\":\"\",\"exit\":0,\"files\":[{\"data\":\"\"}],\"out\":\"\"}",
        "{\"err\":\"\",\"exit\":0,\"files\":[{\"data\":\"a\",\"path\":\"x\"}],\"out\":\"\"}",
    };
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        io_t io = {0};
        char *out, *err;
        refusal_t why = {0};
        assert_int_equal(take(replies[i], &io, &out, &err, &why), BC_REFUSED);
        assert_string_not_equal(why.code, "");
        free(out);
        free(err);
        io_clear(&io);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_arrives_as_it_was_sent),
        cmocka_unit_test(test_request_keeps_an_empty_input_apart_from_none),
        cmocka_unit_test(test_request_refuses_what_is_none),
        cmocka_unit_test(test_request_reply_brings_words_and_files),
        cmocka_unit_test(test_request_refuses_a_reply_that_is_none),
    };
    return RUN(tests);
}
