/* SPDX-License-Identifier: MPL-2.0 */
/* What a command line asks about: the only plan by itself, a day as a position, and each option that is
 * wrong. */
#include "aggregator/inquiry.h"

#include "proto/base/rc.h"
#include "tests/aggregator/printed.h"
#include "tests/aggregator/province.h"

static aggregator_t *ready(void **state) {
    kit_t *kit = province_new();
    kit_day(kit, "2024-12-03");
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1}");
    char *path = dir_path(state, "aggregator.db");
    store_t *store = kit_store(kit, path, 0, 7);
    store_close(&store);
    free(path);
    kit_free(&kit);
    aggregator_t *self = verbs_open(*state, NULL);
    assert_non_null(self);
    return self;
}

/* The code of the refusal of options in pairs of name and value, "" where they are understood into Q. */
static const char *opened(aggregator_t *self, inquiry_t *q, const char *const *options) {
    static refusal_t why;
    args_t args = {.lang = LANG_EN};
    io_t io = {.lang = LANG_EN};
    for (; *options; options += 2) {
        args.opt[args.optc].name = options[0];
        args.opt[args.optc++].value = options[1];
    }
    why = (refusal_t){0};
    int rc = inquiry_open(self, &args, &io, q, &why);
    assert_int_equal(rc, *why.code ? BC_REFUSED : BC_OK);
    return why.code;
}

#define OPENED(...) opened(self, &q, (const char *const[]){__VA_ARGS__, NULL})

static void test_inquiry_understands_what_is_left_out(void **state) {
    aggregator_t *self = ready(state);
    inquiry_t q;
    assert_string_equal(OPENED("period", "11/2024"), "");
    assert_string_equal(plan_number(q.asked.plan), PLAN);
    assert_string_equal(q.asked.period.id, NOV);
    assert_string_equal(unit_code(q.asked.unit), "BD");
    assert_int_equal(q.asked.boarded, 1);
    int64_t head = view_at(q.view)->position;
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "plan", "all", "as-of", "01/11/2024"), "");
    assert_null(q.asked.plan);
    assert_true(view_at(q.view)->position < head);
    assert_null(q.asked.group.name);
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "group", "nga\u0300nh=may mặc=1"), "");
    assert_string_equal(q.asked.group.name, "ngành"); /* in NFC, as records have it */
    assert_string_equal(q.asked.group.value, "may mặc=1");
    inquiry_close(&q);
    verbs_close(&self);
}

static void test_inquiry_refuses_each_option(void **state) {
    aggregator_t *self = ready(state);
    inquiry_t q;
    assert_string_equal(OPENED("unit", "BD"), "option-period");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "format", "docx?"), "option-format");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "as-of", "soon"), "option-number");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "as-of", "31/10/2024"), "position-unknown");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "group", "=may"), "option-group");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "group", "ngành="), "option-group");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", "2024-13"), "period-unknown");
    inquiry_close(&q);
    assert_string_equal(OPENED("period", NOV, "unit", "X"), "unit-unknown");
    inquiry_close(&q);
    verbs_close(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_inquiry_understands_what_is_left_out),
        IN_DIR(test_inquiry_refuses_each_option),
    };
    return RUN(tests);
}
