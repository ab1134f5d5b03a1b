/* SPDX-License-Identifier: MPL-2.0 */
/* What staff may decide: each kind as it is read, and each field missing or wrong. */
#include "proto/ruling.h"

#include "proto/base/rc.h"
#include "tests/support.h"

#define ID "0190a000-0000-7000-8000-000000000001"
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FIGURES "\"unit\":\"BD\",\"plan\":\"1/KH\",\"calendar\":\"duonglich\",\"period\":\"2024-11\""

static json_t *body_read;

/* "" where BODY is read as KIND into OUT, else "code field". */
static const char *said(const char *kind, const char *body, ruling_t *out) {
    static char text[160];
    refusal_t why = {0};
    json_decref(body_read);
    body_read = json_loads(body, 0, NULL);
    assert_non_null(body_read);
    int rc = ruling_read(kind, body_read, out, &why);
    snprintf(text, sizeof text, "%s%s%s", why.code, *why.field ? " " : "", why.field);
    assert_int_equal(rc, *text ? BC_REFUSED : BC_OK);
    return text;
}

static void test_ruling_overlap_and_reviews(void **state) {
    (void)state;
    ruling_t r;
    uuid_bc_t id;
    assert_int_equal(uuid_parse(ID, &id), BC_OK);
    assert_string_equal(said("overlap", "{\"aggregate\":\"" ID "\",\"choice\":\"own\"}", &r), "");
    assert_memory_equal(&r.id, &id, sizeof id);
    assert_string_equal(r.choice, "own");
    assert_string_equal(said("return", "{\"id\":\"" ID "\",\"rev\":2,\"reason\":\"Thiếu số người\"}", &r),
                        "");
    assert_int_equal(r.kind, RULING_RETURN);
    assert_int_equal(r.rev, 2);
    assert_string_equal(r.reason, "Thiếu số người");
    assert_string_equal(said("accept", "{\"id\":\"" ID "\",\"rev\":1}", &r), "");
    assert_null(r.reason);
}

static void test_ruling_extend_for_whom(void **state) {
    (void)state;
    ruling_t r;
    assert_string_equal(
        said("extend",
             "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"Mất "
             "điện\"}",
             &r),
        "");
    assert_null(r.unit);
    assert_int_equal(r.day, day_make(2024, 12, 9));
    assert_string_equal(
        said("extend",
             "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\","
             "\"unit\":\"BD.01\",\"below\":true,\"group\":{\"name\":\"ngành\",\"value\":\"may\"}}",
             &r),
        "");
    assert_int_equal(r.below, 1);
    assert_string_equal(r.group, "ngành");
    assert_string_equal(r.value, "may");
    assert_string_equal(
        said("extend",
             "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\","
             "\"below\":true}",
             &r),
        "decision-bad below");
    assert_string_equal(
        said("extend",
             "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\","
             "\"group\":{\"name\":\"ngành\"}}",
             &r),
        "decision-bad group");
}

static void test_ruling_figures_of_a_period(void **state) {
    (void)state;
    ruling_t close, reopen, sent, whole;
    json_t *kept[3];
    assert_string_equal(
        said("close", "{" FIGURES ",\"position\":9,\"rules\":1,\"sha256\":\"" HEX64 "\"}", &close), "");
    kept[0] = json_incref(body_read);
    assert_int_equal(close.position, 9);
    assert_int_equal(close.sha256.b[0], 0x01);
    assert_string_equal(said("reopen", "{" FIGURES ",\"reason\":\"Sai\"}", &reopen), "");
    kept[1] = json_incref(body_read);
    assert_string_equal(said("sent",
                             "{" FIGURES
                             ",\"number\":\"12/BC-LĐLĐ\",\"date\":\"2024-12-10\",\"signer\":\"Nguyễn Văn "
                             "A\"}",
                             &sent),
                        "");
    kept[2] = json_incref(body_read);
    assert_null(sent.to);
    assert_string_equal(
        said("reopen", "{\"unit\":\"BD\",\"calendar\":\"duonglich\",\"period\":\"2024-11\",\"reason\":\"x\"}",
             &whole),
        "");
    assert_int_equal(ruling_same_figures(&close, &reopen), 1);
    assert_int_equal(ruling_same_figures(&close, &sent), 1);
    assert_int_equal(ruling_same_figures(&close, &whole), 0);
    for (int i = 0; i < 3; i++)
        json_decref(kept[i]);
}

static void test_ruling_bad(void **state) {
    (void)state;
    ruling_t r;
    assert_string_equal(said("dream", "{}", &r), "decision-kind kind");
    assert_string_equal(said("overlap", "{\"aggregate\":\"" ID "\",\"choice\":\"both\"}", &r),
                        "decision-bad choice");
    assert_string_equal(said("overlap", "{\"aggregate\":\"x\",\"choice\":\"own\"}", &r),
                        "decision-bad aggregate");
    assert_string_equal(said("overlap", "{\"choice\":\"own\"}", &r), "decision-bad aggregate");
    assert_string_equal(said("overlap", "{\"aggregate\":\"" ID "\",\"choice\":\"own\",\"x\":1}", &r),
                        "decision-bad x");
    assert_string_equal(said("return", "{\"id\":\"" ID "\",\"rev\":1,\"reason\":\" \"}", &r),
                        "decision-bad reason");
    assert_string_equal(said("accept", "{\"id\":\"" ID "\",\"rev\":0}", &r), "decision-bad rev");
    assert_string_equal(
        said("close", "{" FIGURES ",\"position\":0,\"rules\":1,\"sha256\":\"" HEX64 "\"}", &r),
        "decision-bad position");
    assert_string_equal(
        said("sent", "{" FIGURES ",\"number\":\"1\",\"date\":\"2024-02-30\",\"signer\":\"A\"}", &r),
        "decision-bad date");
    assert_string_equal(ruling_name(RULING_SENT), "sent");
}

static int forget(void **state) {
    (void)state;
    json_decref(body_read);
    return 0;
}

#define OTHER "0190a000-0000-7000-8000-000000000002"

static void test_ruling_link(void **state) {
    (void)state;
    ruling_t r;
    assert_string_equal(said("link", "{\"host\":\"" ID "\",\"guests\":[\"" OTHER "\"]}", &r), "");
    assert_false(r.alone);
    assert_int_equal(json_array_size(r.guests), 1);
    assert_string_equal(said("link", "{\"guests\":[\"" ID "\",\"" OTHER "\"]}", &r), "");
    assert_true(r.alone);
    assert_string_equal(said("link", "{\"host\":\"" ID "\"}", &r), "decision-bad guests");
    assert_string_equal(said("link", "{\"host\":\"" ID "\",\"guests\":[]}", &r), "decision-bad guests");
    assert_string_equal(said("link", "{\"host\":\"" ID "\",\"guests\":[\"" ID "\"]}", &r),
                        "decision-bad guests");
    assert_string_equal(said("link", "{\"guests\":[\"" ID "\",\"" ID "\"]}", &r), "decision-bad guests");
    assert_string_equal(said("link", "{\"guests\":[\"x\"]}", &r), "decision-bad guests");
    assert_string_equal(said("link", "{\"guests\":[7]}", &r), "decision-bad guests");
    assert_string_equal(said("link", "{\"host\":\"x\",\"guests\":[\"" ID "\"]}", &r), "decision-bad host");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ruling_overlap_and_reviews),
        cmocka_unit_test(test_ruling_extend_for_whom),
        cmocka_unit_test(test_ruling_figures_of_a_period),
        cmocka_unit_test(test_ruling_bad),
        cmocka_unit_test(test_ruling_link),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
