/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/conf.h. */
#include "proto/base/conf.h"
#include "proto/base/file.h"
#include "tests/support.h"

static const conf_key_t keys[] = {
    {"listen/documents", CONF_TEXT, "tcp://*:5670", 0, 0, "địa chỉ nhận", "address"},
    {"listen/enrol", CONF_TEXT, NULL, 0, 0, "địa chỉ ghi danh", "enrolment address"},
    {"limit/body", CONF_SIZE, "1M", 1024, 10485760, "cỡ lớn nhất", "largest body"},
    {"limit/units", CONF_INT, "4000", 1, 100000, "số đơn vị", "units"},
    {"limit/any", CONF_INT, "0", 0, 0, "số bất kỳ", "any number"},
    {"wait-time", CONF_TIME, "30s", 0, 86400000, "thời gian chờ", "time to wait"},
    {"strict", CONF_BOOL, "yes", 0, 0, "chặt", "strict"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};

static conf_t *load(void **state, const char *text, refusal_t *why) {
    char *path = dir_path(state, "x.cfg");
    assert_int_equal(file_write(path, text, strlen(text), 0600, why), 0);
    conf_t *c = conf_load(path, keys, why);
    free(path);
    return c;
}

static void refused(void **state, const char *text, const char *code, const char *part) {
    refusal_t why = {0};
    assert_null(load(state, text, &why));
    assert_string_equal(why.code, code);
    if (strstr(why.en, part) == NULL) fail_msg("'%s' is not in: %s", part, why.en);
    assert_true(strlen(why.vi) > 20);
}

static void test_conf_gives_defaults(void **state) {
    (void)state;
    conf_t *c = conf_load(NULL, keys, NULL);
    assert_string_equal(conf_text(c, "listen/documents"), "tcp://*:5670");
    assert_string_equal(conf_text(c, "listen/enrol"), "");
    assert_int_equal(conf_int(c, "limit/body"), 1048576);
    assert_int_equal(conf_int(c, "wait-time"), 30000);
    assert_int_equal(conf_int(c, "strict"), 1);
    assert_string_equal(conf_text(c, "wait-time"), "30s");
    conf_free(&c);
    assert_null(c);
    conf_free(&c);
}

static void test_conf_reads_sections_and_paths(void **state) {
    refusal_t why = {0};
    conf_t *c = load(state,
                     "\xEF\xBB\xBF# Cấu hình\r\nlisten\r\n    documents = \"tcp://*:1 # x\"\r\n"
                     "    enrol = 'tcp://*:2' # y\r\nlimit/body = 64k\nwait-time = 2h\nstrict = off\n",
                     &why);
    assert_string_equal(why.en, "");
    assert_string_equal(conf_text(c, "listen/documents"), "tcp://*:1 # x");
    assert_string_equal(conf_text(c, "listen/enrol"), "tcp://*:2");
    assert_int_equal(conf_int(c, "limit/body"), 65536);
    assert_int_equal(conf_int(c, "limit/units"), 4000);
    assert_int_equal(conf_int(c, "wait-time"), 7200000);
    assert_int_equal(conf_int(c, "strict"), 0);
    conf_free(&c);
    c = load(state, "listen\nlimit\n", &why); /* sections without anything in them */
    assert_non_null(c);
    conf_free(&c);
}

static void test_conf_environment_wins(void **state) {
    refusal_t why = {0};
    setenv("BAOCAO_LISTEN_DOCUMENTS", "tcp://*:9", 1);
    setenv("BAOCAO_WAIT_TIME", "5m", 1);
    conf_t *c = load(state, "listen/documents = tcp://*:1\n", &why);
    assert_string_equal(conf_text(c, "listen/documents"), "tcp://*:9");
    assert_int_equal(conf_int(c, "wait-time"), 300000);
    conf_free(&c);
    setenv("BAOCAO_WAIT_TIME", "soon", 1);
    refused(state, "", "conf-value", "BAOCAO_WAIT_TIME: \"wait-time\" must be a time");
    setenv("BAOCAO_WAIT_TIME", "\xFF", 1);
    refused(state, "", "conf-value", "BAOCAO_WAIT_TIME");
    unsetenv("BAOCAO_LISTEN_DOCUMENTS");
    unsetenv("BAOCAO_WAIT_TIME");
}

static void test_conf_refuses_unknown_keys_with_line_and_nearest(void **state) {
    refused(state, "\nlisten\n    document = x\n", "conf-unknown",
            "x.cfg:3: there is no configuration key \"listen/document\"; did you mean \"listen/documents\"?");
    refused(state, "lisen\n    documents = x\n", "conf-unknown", "x.cfg:2: there is no configuration key");
    refused(state, "colour = red\n", "conf-unknown", "x.cfg:1: there is no configuration key \"colour\".");
    refused(state, "listen = x\n    enrol = y\n", "conf-unknown", "x.cfg:1:");
    refused(state, "strict = yes\n    more = 1\n", "conf-unknown", "x.cfg:2:");
    refused(state, "limi\n", "conf-unknown", "x.cfg:1:");
}

static void test_conf_refuses_doubled_keys_with_both_lines(void **state) {
    refused(state, "strict = yes\n\nstrict = yes\n", "conf-double",
            "x.cfg:3: the key \"strict\" stands in line 1");
    refused(state, "listen/enrol = a\nlisten\n    enrol = b\n", "conf-double", "x.cfg:3:");
    refused(state, "listen\n    enrol = a\nlimit\nlisten\n    enrol = b\n", "conf-double", "x.cfg:5:");
}

static void test_conf_refuses_wrong_values(void **state) {
    static const struct {
        const char *text, *part;
    } t[] = {
        {"limit/units = many\n", "must be a whole number, not \"many\""},
        {"limit/units = 1.000\n", "must be a whole number"},
        {"limit/units = -1\n", "must be a whole number"},
        {"limit/units = 4K\n", "must be a whole number"},
        {"limit/units =\n", "must be a whole number"},
        {"limit/units = 0\n", "out of range, which is 1 to 100000."},
        {"limit/units = 100001\n", "out of range"},
        {"limit/any = 99999999999999999999999\n", "must be a whole number"},
        {"limit/body = 1T\n", "must be a size"},
        {"limit/body = 11M\n", "out of range, which is 1024 to 10485760 byte."},
        {"limit/body = 999999999999999G\n", "must be a size"},
        {"wait-time = 30\n", "must be a time with its unit"},
        {"wait-time = 2 h\n", "must be a time"},
        {"wait-time = 2d\n", "out of range"},
        {"strict = maybe\n", "must be yes or no"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        refused(state, t[i].text, "conf-value", t[i].part);
}

static void test_conf_refuses_bad_files(void **state) {
    refused(state, "key = va#lue\n", "conf-unquoted", "x.cfg:1:");
    refused(state, "listen\n  enrol = x\n", "conf-syntax", "x.cfg:2: indent");
    refusal_t why = {0};
    char *path = dir_path(state, "missing.cfg");
    assert_null(conf_load(path, keys, &why));
    assert_string_equal(why.code, "file-missing");
    free(path);
}

static void test_conf_names_variables(void **state) {
    (void)state;
    char *name = conf_env("wait-time/first");
    assert_string_equal(name, "BAOCAO_WAIT_TIME_FIRST");
    free(name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conf_gives_defaults),
        IN_DIR(test_conf_reads_sections_and_paths),
        IN_DIR(test_conf_environment_wins),
        IN_DIR(test_conf_refuses_unknown_keys_with_line_and_nearest),
        IN_DIR(test_conf_refuses_doubled_keys_with_both_lines),
        IN_DIR(test_conf_refuses_wrong_values),
        IN_DIR(test_conf_refuses_bad_files),
        cmocka_unit_test(test_conf_names_variables),
    };
    return RUN(tests);
}
