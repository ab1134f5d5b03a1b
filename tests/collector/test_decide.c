/* SPDX-License-Identifier: MPL-2.0 */
/* A decision stands in the log once, and whoever it concerns gets one notice of it. */
#include "collector/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

static void add_unit(store_t *s, const char *code, const char *parent, const char *more) {
    char *body =
        mem_printf("{\"unit\":\"%s\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":"
                   "\"Đơn vị Ví dụ\"}],\"parents\":[{\"from\":\"2020-01-01\",\"parent\":%s}],"
                   "\"opened\":\"2020-01-01\"%s}",
                   code, parent, more);
    entry_t e = {.kind = "unit", .unit = code, .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_append(s->queue, &e, body, strlen(body)), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    free(body);
}

static int64_t decide_by(store_t *s, const char *consumer, int n, const char *kind, const char *body,
                         int rc) {
    char number[16];
    snprintf(number, sizeof number, "%d", n);
    const char *parts[] = {"test", number};
    decision_t d = {.uuid = uuid_v8(parts, 2), .person = "Nguyễn Văn A", .received = clock_wall_ms()};
    strcpy(d.consumer, consumer);
    d.body = mem_printf("{\"kind\":\"%s\",\"decision\":%s}", kind, body);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(decide_store(s->queue, &d), 0);
    assert_int_equal(queue_commit(s->queue), 0);
    assert_int_equal(d.rc, rc);
    if (rc == BC_REFUSED) assert_string_equal(d.why.code, "decision-not-granted");
    free(d.body);
    return d.position;
}

static int64_t decide(store_t *s, int n, const char *kind, const char *body, int rc) {
    return decide_by(s, "staff", n, kind, body, rc);
}

static int keep(void *arg, const queue_entry_t *e) {
    json_t **out = arg;
    json_decref(*out);
    *out = json_loadb(e->body, e->body_len, 0, NULL);
    return 0;
}

/* The newest news of UNIT; NULL where there is none. */
static json_t *news(store_t *s, const char *unit) {
    json_t *out = NULL;
    int64_t upto;
    assert_int_equal(queue_news(s->queue, unit, "", 0, 100, keep, &out, &upto), 0);
    return out;
}

static void test_decide_returned_document_is_news_for_its_unit(void **state) {
    store_t *s = *state;
    incoming_t in = store_incoming("one", 1, "{}");
    char id[UUID_TEXT];
    store_put(s, &in);
    int64_t before = store_position(s);
    char *body = mem_printf("{\"id\":\"%s\",\"rev\":1,\"reason\":\"Thiếu số người\"}", uuid_text(&in.id, id));
    int64_t position = decide(s, 1, "return", body, BC_OK);
    assert_int_equal(store_position(s), before + 2);
    assert_int_equal(decide(s, 1, "return", body, BC_OK), position);
    assert_int_equal(store_position(s), before + 2);
    decide(s, 1, "accept", "{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"rev\":1}", BC_CONFLICT);
    json_t *told = news(s, in.unit);
    assert_string_equal(json_text(told, "kind"), "returned");
    assert_string_equal(json_text(told, "text"), "Thiếu số người");
    assert_string_equal(json_text(json_object_get(told, "document"), "id"), id);
    json_decref(told);
    free(body);
    body = mem_printf("{\"id\":\"%s\",\"rev\":1}", id);
    decide(s, 2, "accept", body, BC_OK);
    told = news(s, in.unit); /* the last of them */
    assert_string_equal(json_text(told, "kind"), "accepted");
    assert_string_equal(json_text(json_object_get(told, "document"), "id"), id);
    json_decref(told);
    free(body);
}

static void test_decide_of_an_unknown_document_tells_nobody(void **state) {
    store_t *s = *state;
    int64_t before = store_position(s);
    decide(s, 1, "return", "{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"rev\":1,\"reason\":\"x\"}",
           BC_OK);
    assert_int_equal(store_position(s), before + 1);
}

static void test_decide_extension_is_news_for_whom_it_is(void **state) {
    store_t *s = *state;
    add_unit(s, "BD", "null", ",\"expected\":false");
    add_unit(s, "BD.01", "\"BD\"", ",\"expected\":true,\"groups\":{\"ngành\":\"may\"}");
    add_unit(s, "BD.01.1", "\"BD.01\"", ",\"expected\":true");
    add_unit(s, "BD.02", "\"BD\"", ",\"expected\":true");
    decide(s, 1, "extend",
           "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"Mất "
           "điện\",\"unit\":\"BD.01\",\"below\":true}",
           BC_OK);
    json_t *told = news(s, "BD.01.1");
    assert_string_equal(json_text(told, "kind"), "extension");
    assert_string_equal(json_text(told, "subject"), "1/KH, kỳ 2024-11");
    assert_int_equal(json_array_size(json_object_get(told, "to")), 2);
    assert_null(news(s, "BD.02"));
    assert_string_equal(json_text(told, "until"), "2024-12-09");
    json_decref(told);
    int64_t before;
    decide(s, 4, "extend",
           "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\"}", BC_OK);
    told = news(s, "BD.02");
    assert_int_equal(json_array_size(json_object_get(told, "to")), 3); /* all but BD, which need not report */
    json_decref(told);
    assert_null(news(s, "BD"));
    before = store_position(s);
    decide(s, 3, "extend",
           "{\"plan\":\"1/"
           "KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\",\"unit\":\"BD.99\"}",
           BC_OK);
    assert_int_equal(store_position(s), before + 1); /* it concerns nobody, so that nobody is told */
    decide(s, 2, "extend",
           "{\"plan\":\"1/"
           "KH\",\"period\":\"2024-11\",\"until\":\"2024-12-10\",\"reason\":\"x\",\"group\":{\"name\":"
           "\"ngành\",\"value\":\"may\"}}",
           BC_OK);
    told = news(s, "BD.01");
    assert_int_equal(json_array_size(json_object_get(told, "to")), 1);
    assert_string_equal(json_text(told, "until"), "2024-12-10");
    json_decref(told);
}

static void grant(store_t *s, const char *holder, const char *unit, day_t to) {
    access_grant_t g = {.subtree = 1, .from = DAY_NONE, .to = to};
    strcpy(g.holder, holder);
    strcpy(g.unit, unit);
    assert_int_equal(queue_begin(s->queue), 0);
    assert_int_equal(queue_grant_add(s->queue, &g), 0);
    assert_int_equal(queue_commit(s->queue), 0);
}

#define EXTEND(more) \
    "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"until\":\"2024-12-09\",\"reason\":\"x\"" more "}"
#define REOPEN(unit) \
    "{\"unit\":\"" unit "\",\"calendar\":\"duonglich\",\"period\":\"2024-11\",\"reason\":\"x\"}"

static void test_decide_only_for_units_that_were_granted(void **state) {
    store_t *s = *state;
    incoming_t in = store_incoming("one", 1, "{}"); /* of BD.01 */
    incoming_t other = store_incoming("two", 1, "{}");
    other.unit = "BD.02";
    char id[UUID_TEXT], strange[UUID_TEXT];
    add_unit(s, "BD", "null", ",\"expected\":false");
    add_unit(s, "BD.01", "\"BD\"", ",\"expected\":true");
    add_unit(s, "BD.01.1", "\"BD.01\"", ",\"expected\":true");
    add_unit(s, "BD.02", "\"BD\"", ",\"expected\":true");
    assert_string_equal(in.unit, "BD.01");
    store_put(s, &in);
    store_put(s, &other);
    grant(s, "part", "BD.01", DAY_NONE);
    grant(s, "past", "BD", 1);
    int64_t before = store_position(s);
    decide_by(s, "part", 1, "extend", EXTEND(""), BC_REFUSED);
    decide_by(s, "part", 1, "extend", EXTEND(",\"unit\":\"BD.02\""), BC_REFUSED);
    decide_by(s, "part", 1, "reopen", REOPEN("BD"), BC_REFUSED);
    decide_by(s, "past", 1, "reopen", REOPEN("BD.01"), BC_REFUSED);
    char *accept = mem_printf("{\"id\":\"%s\",\"rev\":1}", uuid_text(&other.id, strange));
    decide_by(s, "part", 1, "accept", accept, BC_REFUSED);
    decide_by(s, "part", 1, "accept", "{\"id\":\"0190a000-0000-7000-8000-000000000001\",\"rev\":1}",
              BC_REFUSED);
    char *link = mem_printf("{\"host\":\"%s\",\"guests\":[\"%s\"]}", uuid_text(&in.id, id), strange);
    decide_by(s, "part", 1, "link", link, BC_REFUSED);
    assert_int_equal(store_position(s), before);
    decide_by(s, "part", 1, "reopen", REOPEN("BD.01.1"), BC_OK); /* the refused ones left nothing behind */
    decide_by(s, "part", 2, "extend", EXTEND(",\"unit\":\"BD.01\""), BC_OK);
    char *alone = mem_printf("{\"guests\":[\"%s\"]}", id);
    int64_t at = decide_by(s, "part", 3, "link", alone, BC_OK);
    decide_by(s, "all", 4, "link", link, BC_OK);
    grant(s, "part", "BD.01", 1); /* it has ended: what was taken is answered as before */
    assert_int_equal(decide_by(s, "part", 3, "link", alone, BC_OK), at);
    decide_by(s, "part", 5, "link", alone, BC_REFUSED);
    free(accept);
    free(link);
    free(alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_decide_returned_document_is_news_for_its_unit, store_setup,
                                        store_teardown),
        cmocka_unit_test_setup_teardown(test_decide_of_an_unknown_document_tells_nobody, store_setup,
                                        store_teardown),
        cmocka_unit_test_setup_teardown(test_decide_extension_is_news_for_whom_it_is, store_setup,
                                        store_teardown),
        cmocka_unit_test_setup_teardown(test_decide_only_for_units_that_were_granted, store_setup,
                                        store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
