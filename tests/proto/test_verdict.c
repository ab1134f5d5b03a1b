/* SPDX-License-Identifier: MPL-2.0 */
/* test_verdict.c - lines of RECEIPT there and back, and hostile ones. */
#include "proto/verdict.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static void test_verdict_names_there_and_back(void **state) {
    (void)state;
    for (int v = VERDICT_STORED; v <= VERDICT_HELD; v++)
        assert_int_equal(verdict_parse(verdict_name((verdict_t)v)), v);
    assert_int_equal(verdict_parse("Stored"), VERDICT_NONE);
    assert_int_equal(verdict_parse(""), VERDICT_NONE);
}

static void test_verdict_stored_carries_its_line(void **state) {
    (void)state;
    buf_t out = {0};
    verdict_write(&out, 999999999999999, VERDICT_STORED, "baocao-receipt/1 x", NULL, 0);
    assert_string_equal(out.data, "{\"number\":999999999999999,\"verdict\":\"stored\","
                                  "\"line\":\"baocao-receipt/1 x\"}\n");
    verdict_line_t line;
    assert_int_equal(verdict_read(out.data, out.len, &line, NULL), 0);
    assert_int_equal(line.number, 999999999999999);
    assert_int_equal(line.verdict, VERDICT_STORED);
    assert_string_equal(line.line, "baocao-receipt/1 x");
    buf_free(&out);
}

static void test_verdict_others_carry_their_reason(void **state) {
    (void)state;
    refusal_t why;
    refuse(&why, "field-unknown", "màu\"", "Sai \"%s\".", "Wrong \"%s\".", "\n\xff");
    for (int v = VERDICT_REFUSED; v <= VERDICT_HELD; v++) {
        buf_t out = {0};
        verdict_write(&out, v, (verdict_t)v, NULL, &why, 1234);
        assert_int_equal(out.data[out.len - 1], '\n');
        assert_ptr_equal(strchr(out.data, '\n'), out.data + out.len - 1);
        verdict_line_t line;
        assert_int_equal(verdict_read(out.data, out.len, &line, NULL), 0);
        assert_int_equal(line.number, v);
        assert_int_equal(line.verdict, v);
        assert_string_equal(line.why.code, "field-unknown");
        assert_string_equal(line.why.field, "màu\"");
        assert_string_equal(line.why.vi, why.vi);
        assert_string_equal(line.why.en, why.en);
        assert_int_equal(line.wait_ms, v == VERDICT_LATER ? 1234 : 0);
        buf_free(&out);
    }
}

static void test_verdict_refuses_lines_in_another_form(void **state) {
    (void)state;
    const char *bad[] = {
        "", "{}", "[]", "{\"number\":1}", "{\"number\":1,\"verdict\":\"kept\",\"line\":\"x\"}",
        "{\"number\":-1,\"verdict\":\"stored\",\"line\":\"x\"}", "{\"verdict\":\"stored\",\"line\":\"x\"}",
        "{\"number\":1,\"verdict\":\"stored\"}", "{\"number\":1,\"verdict\":1,\"line\":\"x\"}",
        "{\"number\":1,\"verdict\":\"held\",\"code\":\"c\",\"vi\":\"x\"}",
        "{\"number\":1,\"verdict\":\"held\",\"code\":\"\",\"vi\":\"x\",\"en\":\"x\"}",
        "{\"number\":1,\"verdict\":\"held\",\"code\":\"0123456789012345678901234567890123456789\","
        "\"vi\":\"x\",\"en\":\"x\"}",
        "{\"number\":1,\"verdict\":\"later\",\"code\":\"c\",\"vi\":\"x\",\"en\":\"x\",\"wait_ms\":-1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        verdict_line_t line;
        refusal_t why = {0};
        if (verdict_read(bad[i], strlen(bad[i]), &line, &why) != BC_REFUSED) fail_msg("taken: %s", bad[i]);
        assert_string_equal(why.code, "receipt-bad");
    }
    char longer[600] = "{\"number\":1,\"verdict\":\"stored\",\"line\":\"";
    memset(longer + strlen(longer), 'x', 400);
    strcat(longer, "\"}");
    verdict_line_t line;
    assert_int_equal(verdict_read(longer, strlen(longer), &line, NULL), BC_REFUSED);
}

static void test_verdict_makes_a_hostile_reason_safe(void **state) {
    (void)state;
    const char *text = "{\"number\":1,\"verdict\":\"refused\",\"code\":\"c\","
                       "\"vi\":\"a\\u001b[2Jb\",\"en\":\"%s%n\"}";
    verdict_line_t line;
    assert_int_equal(verdict_read(text, strlen(text), &line, NULL), 0);
    assert_string_equal(line.why.vi, "a?[2Jb");
    assert_string_equal(line.why.en, "%s%n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_names_there_and_back),
        cmocka_unit_test(test_verdict_stored_carries_its_line),
        cmocka_unit_test(test_verdict_others_carry_their_reason),
        cmocka_unit_test(test_verdict_refuses_lines_in_another_form),
        cmocka_unit_test(test_verdict_makes_a_hostile_reason_safe),
    };
    return RUN(tests);
}
