/* SPDX-License-Identifier: MPL-2.0 */
/* test_store_days.c - days that are kept in memory say what a reading of the file says, whatever was written
 * since they were read. */
#include "aggregator/store.h"
#include "tests/support.h"

#define ROUNDS 60
#define DAYS 90

static store_t *open_in(void **state) {
    char *path = dir_path(state, "s");
    store_t *store = store_open(path, NULL);
    assert_non_null(store);
    free(path);
    return store;
}

/* Appends what is to be known of ROW. */
static int write_row(void *arg, const row_t *row) {
    buf_printf(arg, "%lld %lld %d %d %d %s %.*s\n", (long long)row->position, (long long)row->until,
               row->kind, row->day, row->rev, row->period ? row->period : "-", (int)row->body_len,
               row->body ? (const char *)row->body : "");
    return 0;
}

static char *days_of(store_t *store, day_t from, day_t to, int64_t as_of) {
    buf_t out = {0};
    buf_add(&out, "", 0);
    assert_int_equal(store_each_day(store, from, to, as_of, write_row, &out), 0);
    return out.data ? out.data : mem_str("");
}

static void expect_same(store_t *kept, store_t *read, day_t from, day_t to, int64_t as_of) {
    char *a = days_of(kept, from, to, as_of), *b = days_of(read, from, to, as_of);
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static uint32_t roll(uint32_t *dice, uint32_t sides) {
    *dice = *dice * 1664525 + 1013904223;
    return (*dice >> 8) % sides;
}

static void put(store_t *store, int64_t position, uint32_t *dice) {
    char body[24], period[24];
    snprintf(body, sizeof body, "body of %d", (int)position);
    snprintf(period, sizeof period, "duonglich/%u", roll(dice, 3));
    day_t day = roll(dice, 8) ? (day_t)roll(dice, DAYS) : DAY_NONE;
    row_t row = {.position = position,
                 .until = STORE_EVER,
                 .kind = roll(dice, 2) ? ROW_ACTIVITY : ROW_PERIOD,
                 .unit = 1,
                 .has_id = 1,
                 .rev = 1,
                 .since = DAY_NONE,
                 .day = day,
                 .stock = DAY_NONE,
                 .period = roll(dice, 2) ? period : NULL,
                 .body = body,
                 .body_len = strlen(body)};
    memset(&row.id, (int)position, sizeof row.id);
    assert_int_equal(store_put(store, &row), 0);
}

static void test_store_days_are_what_a_reading_gives(void **state) {
    store_t *kept = open_in(state);
    uint32_t dice = 20241107;
    int64_t position = 0;
    for (int round = 0; round < ROUNDS; round++) {
        assert_int_equal(store_begin(kept), 0);
        for (uint32_t n = 1 + roll(&dice, 20); n; n--) {
            put(kept, ++position, &dice);
            if (roll(&dice, 3) == 0)
                assert_int_equal(store_end(kept, 1 + roll(&dice, (uint32_t)position), position), 0);
            if (roll(&dice, 15) == 0)
                assert_int_equal(store_redact(kept, 1 + roll(&dice, (uint32_t)position)), 0);
        }
        cursor_t cursor = {.log = "0123456789abcdef0123456789abcdef", .position = position};
        assert_int_equal(store_commit(kept, &cursor), 0);
        store_t *read = open_in(state);
        for (int k = 0; k < 6; k++) { /* three months, of which some were asked for before, and odd spans */
            day_t from = (day_t)(k < 3 ? 30 * k : (int)roll(&dice, DAYS)), to = k < 3 ? from + 29 : from + 5;
            expect_same(kept, read, from, to, position);
            expect_same(kept, read, from, to, 1 + roll(&dice, (uint32_t)position));
        }
        store_close(&read);
    }
    store_close(&kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {IN_DIR(test_store_days_are_what_a_reading_gives)};
    return RUN(tests);
}
