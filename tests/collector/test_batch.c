/* SPDX-License-Identifier: MPL-2.0 */
/* test_batch.c - one DOCUMENTS message from its header to its receipt, without a wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/site_fixture.h"

static const access_key_t key = {.serial = 2, .unit = "BD.02"};

static frame_t message(const buf_t *body, int count) {
    frame_t f = {.command = CMD_DOCUMENTS};
    json_t *numbers = json_array();
    for (int i = 1; i <= count; i++)
        json_array_append_new(numbers, json_integer(i));
    f.header = json_pack("{si ss so}", "batch", 4, "outbox", SITE_OUTBOX, "numbers", numbers);
    f.body = mem_strn(body->data, body->len);
    f.body_len = body->len;
    return f;
}

static batch_t *batch_of(const buf_t *body, int count, refusal_t *why) {
    int64_t number;
    frame_t f = message(body, count);
    batch_t *batch = batch_new(&f, &key, clock_wall_ms(), &number, why);
    if (batch) assert_null(f.body);
    assert_int_equal(number, 4);
    frame_free(&f);
    return batch;
}

static json_t *receipt(site_t *s, const batch_t *batch, buf_t *body) {
    buf_t header = {0};
    const credit_t credit = {3, 70000, 0};
    batch_receipt(batch, &s->sign, "0123456789abcdef0123456789abcdef", 99, &credit, &header, body);
    json_t *j = json_read(header.data, header.len, NULL);
    assert_non_null(j);
    assert_int_equal(json_int(j, "batch", 0), 4);
    assert_int_equal(json_int(json_object_get(j, "credit"), "bytes", 0), 70000);
    buf_free(&header);
    return j;
}

static void test_batch_answers_every_line_in_order(void **state) {
    site_t *s = *state;
    buf_t body = {0}, out = {0};
    refusal_t why;
    char *good = site_document(NULL, 1, "BD.02", "BD.02");
    buf_printf(&body, "%s\n{}\n%s\n", good, good);
    batch_t *batch = batch_of(&body, 3, &why);
    assert_true(batch_judge(batch, s->intake->registry, INT64_MAX));
    site_stop(s);
    queue_t *q = site_queue(s);
    assert_int_equal(queue_begin(q), 0);
    assert_int_equal(batch_store(batch, q), 0);
    assert_int_equal(queue_commit(q), 0);
    queue_close(&q);
    batch_counts_t c = batch_counts(batch);
    assert_int_equal(c.stored, 1);
    assert_int_equal(c.duplicates, 1);
    assert_int_equal(c.refused, 1);
    json_t *j = receipt(s, batch, &out);
    frame_t f = {.body = out.data};
    for (int i = 0; i < 3; i++)
        assert_int_equal(site_verdict(&f, i).number, i + 1);
    assert_string_equal(site_verdict(&f, 0).line, site_verdict(&f, 2).line);
    json_decref(j);
    batch_free(&batch);
    buf_free(&body);
    buf_free(&out);
    free(good);
}

static void test_batch_answers_later_unread(void **state) {
    site_t *s = *state;
    buf_t body = {0}, out = {0};
    refusal_t why;
    buf_puts(&body, "no json\nnor this\n");
    batch_t *batch = batch_of(&body, 2, &why);
    refuse(&why, "credit-exceeded", NULL, "Đợi.", "Wait.");
    batch_later(batch, &why, 700);
    json_t *j = receipt(s, batch, &out);
    assert_string_equal(json_text(j, "root"),
                        "0000000000000000000000000000000000000000000000000000000000000000");
    frame_t f = {.body = out.data};
    assert_int_equal(site_verdict(&f, 1).verdict, VERDICT_LATER);
    assert_int_equal(site_verdict(&f, 1).wait_ms, 700);
    assert_int_equal(batch_counts(batch).later, 2);
    json_decref(j);
    batch_free(&batch);
    buf_free(&body);
    buf_free(&out);
}

/* A thousand lines, each with the longest sentence there can be, still fit into one body. */
static void test_batch_receipt_fits_into_a_body(void **state) {
    site_t *s = *state;
    buf_t body = {0}, out = {0};
    refusal_t why;
    char quotes[481];
    memset(quotes, '"', sizeof quotes - 1);
    quotes[sizeof quotes - 1] = '\0';
    for (int i = 0; i < BATCH_LINES; i++)
        buf_puts(&body, "x\n");
    batch_t *batch = batch_of(&body, BATCH_LINES, &why);
    refuse(&why, "credit-exceeded", quotes, "%s", "%s", quotes);
    batch_later(batch, &why, 1);
    json_t *j = receipt(s, batch, &out);
    assert_true(out.len <= FRAME_BODY_MAX);
    frame_t f = {.body = out.data};
    assert_string_equal(site_verdict(&f, 0).why.code, "credit-exceeded");
    verdict_line_t last = site_verdict(&f, BATCH_LINES - 1);
    assert_int_equal(last.number, BATCH_LINES);
    assert_int_equal(last.verdict, VERDICT_LATER);
    assert_string_equal(last.why.code, "receipt-full");
    json_decref(j);
    batch_free(&batch);
    buf_free(&body);
    buf_free(&out);
}

static void test_batch_refuses_too_many_lines(void **state) {
    (void)state;
    buf_t body = {0};
    refusal_t why;
    for (int i = 0; i < BATCH_LINES + 1; i++)
        buf_puts(&body, "x\n");
    assert_null(batch_of(&body, BATCH_LINES + 1, &why));
    assert_string_equal(why.code, "batch-bad");
    buf_free(&body);
}

#define test(f) cmocka_unit_test_setup_teardown(f, site_setup, site_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_batch_answers_every_line_in_order),
        test(test_batch_answers_later_unread),
        test(test_batch_receipt_fits_into_a_body),
        test(test_batch_refuses_too_many_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
