/* SPDX-License-Identifier: MPL-2.0 */
/* test_job.c - a job owns what it carries, of whatever kind it is (the sanitizer tells). */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "collector/job.h"
#include "proto/base/mem.h"

static void test_job_takes_the_address_and_frees_all(void **state) {
    (void)state;
    zframe_t *from = zframe_new("abcde", 5);
    job_t *job = job_new(JOB_CTL, &from);
    assert_null(from);
    job->ctl.request = mem_str("{}");
    job->ctl.reply = mem_str("{}");
    job->ctl.live = json_object();
    job_free(&job);
    assert_null(job);
    job = job_new(JOB_DECISION, NULL);
    assert_null(job->from);
    job->decision.body = mem_str("{}");
    job_free(&job);
    job_free(&job);
}

static void test_job_frees_its_batch(void **state) {
    (void)state;
    refusal_t why;
    int64_t number;
    access_key_t key = {.serial = 1, .unit = "BD.01"};
    frame_t f = {.command = CMD_DOCUMENTS, .body = mem_str("x\n"), .body_len = 2};
    f.header =
        json_pack("{si ss s[i]}", "batch", 1, "outbox", "0123456789abcdef0123456789abcdef", "numbers", 1);
    job_t *job = job_new(JOB_BATCH, NULL);
    job->batch = batch_new(&f, &key, 0, &number, &why);
    assert_non_null(job->batch);
    frame_free(&f);
    job_free(&job);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_job_takes_the_address_and_frees_all),
        cmocka_unit_test(test_job_frees_its_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
