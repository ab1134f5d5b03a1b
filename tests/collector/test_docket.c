/* SPDX-License-Identifier: MPL-2.0 */
/* test_docket.c - whose turn it is to be judged. */
#include "collector/docket.h"

#include "proto/base/clock.h"
#include "tests/collector/site_fixture.h"
#include "tests/support.h"

#define MANY 300 /* documents of one who has much to send: longer than a slice */

/* A job of COUNT times DOCUMENT, sent by the key of SERIAL. */
static job_t *job_of(int64_t serial, int64_t number, const char *document, int count) {
    access_key_t key = {.serial = serial, .unit = "BD.02"};
    buf_t body = {0};
    refusal_t why;
    frame_t f = {.command = CMD_DOCUMENTS};
    json_t *numbers = json_array();
    for (int i = 1; i <= count; i++) {
        buf_printf(&body, "%s\n", document);
        json_array_append_new(numbers, json_integer(i));
    }
    f.header =
        json_pack("{sI ss so}", "batch", (json_int_t)number, "outbox", SITE_OUTBOX, "numbers", numbers);
    f.body = body.data;
    f.body_len = body.len;
    job_t *job = job_new(JOB_BATCH, NULL);
    job->session = number;
    job->batch = batch_new(&f, &key, clock_wall_ms(), &number, &why);
    assert_non_null(job->batch);
    frame_free(&f);
    return job;
}

/* The job that is done next: its number. */
static int64_t next(docket_t *docket, site_t *s) {
    job_t *job = docket_next(docket, s->intake->registry, INT64_MAX);
    assert_non_null(job);
    int64_t number = job->session;
    job_free(&job);
    return number;
}

static void test_docket_lets_nobody_wait_for_another(void **state) {
    site_t *s = *state;
    docket_t *docket = docket_new();
    char *good = site_document(NULL, 1, "BD.02", "BD.02");
    for (int64_t number = 1; number <= 3; number++) {
        job_t *job = job_of(1, number, good, MANY);
        docket_add(docket, &job);
        assert_null(job);
    }
    job_t *one = job_of(2, 4, good, 1);
    docket_add(docket, &one);
    assert_int_equal(docket_size(docket), 4);
    int64_t first = next(docket, s), second = next(docket, s);
    assert_true(first == 4 || second == 4);
    assert_int_equal(first == 4 ? second : first, 1); /* of one key in the order they came */
    assert_int_equal(next(docket, s), 2);
    assert_int_equal(next(docket, s), 3);
    assert_int_equal(docket_size(docket), 0);
    assert_null(docket_next(docket, s->intake->registry, INT64_MAX));
    docket_free(&docket);
    free(good);
}

static void test_docket_stops_when_time_is_up(void **state) {
    site_t *s = *state;
    docket_t *docket = docket_new();
    job_t *job = job_of(1, 1, "{}", 2);
    docket_add(docket, &job);
    assert_null(docket_next(docket, s->intake->registry, 0));
    assert_int_equal(docket_size(docket), 1);
    docket_free(&docket); /* with what waits */
    docket_free(&docket);
}

#define test(f) cmocka_unit_test_setup_teardown(f, site_setup, site_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_docket_lets_nobody_wait_for_another),
        test(test_docket_stops_when_time_is_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
