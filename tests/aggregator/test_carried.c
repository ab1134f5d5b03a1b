/* SPDX-License-Identifier: MPL-2.0 */
/* test_carried.c - which rows are looked at for a stock from before the period, in which order, and when the
 * looking ends. */
#include "aggregator/carried.h"
#include "tests/support.h"

#define WAY 1

typedef struct {
    store_t *store;
    char seen[200]; /* positions, in order */
    int lacks[8];   /* by unit: how many more rows of its it wants */
} look_t;

static look_t *look_new(void **state) {
    refusal_t why = {0};
    look_t *l = mem_alloc(sizeof *l);
    char *path = dir_path(state, "s"), name[2] = "A";
    l->store = store_open(path, &why);
    assert_non_null(l->store);
    assert_int_equal(store_begin(l->store), 0);
    for (int i = 1; i < 8; i++, name[0]++)
        assert_int_equal(store_word(l->store, name, 1), i);
    free(path);
    return l;
}

static void look_free(look_t **l_p) {
    store_close(&(*l_p)->store);
    free(*l_p);
}

/* A row with a stock of UNIT, which an aggregate has for COVERED. */
static void put(look_t *l, int64_t position, uint32_t unit, day_t day, uint32_t covered) {
    row_t row = {.position = position,
                 .until = STORE_EVER,
                 .kind = covered ? ROW_AGGREGATE : ROW_PERIOD,
                 .unit = unit,
                 .has_id = 1,
                 .rev = 1,
                 .day = day,
                 .stock = day,
                 .body = "x",
                 .body_len = 1};
    memset(&row.id, (int)position, sizeof row.id);
    assert_int_equal(store_put(l->store, &row), 0);
    assert_int_equal(store_stock(l->store, covered ? covered : unit, 0, WAY, day), 0);
}

static int lacks(void *arg, uint32_t unit) {
    return ((look_t *)arg)->lacks[unit] > 0;
}

static int see(void *arg, const row_t *row) {
    look_t *l = arg;
    l->lacks[row->unit]--;
    sprintf(l->seen + strlen(l->seen), "%d ", (int)row->position);
    return 0;
}

static void expect(look_t *l, day_t before, int64_t as_of, const char *positions) {
    l->seen[0] = '\0';
    assert_int_equal(carried_each(l->store, 7, before, as_of, lacks, see, l), 0);
    assert_string_equal(l->seen, positions);
}

static void test_carried_looks_at_the_newest_of_who_lacks_something(void **state) {
    look_t *l = look_new(state);
    put(l, 1, 1, 100, 0);
    put(l, 2, 2, 100, 0);
    put(l, 3, 1, 130, 0);
    put(l, 4, 2, 130, 0);
    put(l, 5, 3, 130, 0);
    put(l, 6, 1, 120, 0);
    l->lacks[1] = 1;
    expect(l, 150, STORE_NOW, "3 ");
    l->lacks[1] = l->lacks[2] = 1;
    expect(l, 150, STORE_NOW, "4 3 ");
    l->lacks[1] = 2;
    l->lacks[2] = 9;
    expect(l, 150, STORE_NOW, "4 3 6 2 ");
    l->lacks[2] = 0;
    l->lacks[1] = 9;
    expect(l, 130, STORE_NOW, "6 1 "); /* the day itself is not before it */
    l->lacks[1] = 9;
    expect(l, 150, 4, "3 1 "); /* as it stood then */
    l->lacks[1] = 0;
    l->lacks[7] = 1; /* nobody ever saw a stock of it */
    expect(l, 150, STORE_NOW, "");
    look_free(&l);
}

static void test_carried_looks_at_all_aggregates_in_their_order(void **state) {
    look_t *l = look_new(state);
    put(l, 1, 4, 90, 5);
    put(l, 2, 5, 100, 0);
    put(l, 3, 4, 110, 6);
    put(l, 4, 5, 120, 0);
    l->lacks[5] = 2;
    expect(l, 150, STORE_NOW, "4 3 2 ");
    l->lacks[5] = 3;
    expect(l, 150, STORE_NOW, "4 3 2 1 ");
    l->lacks[5] = 0;
    l->lacks[6] = 1; /* it has no rows of its own */
    expect(l, 150, STORE_NOW, "3 1 ");
    look_free(&l);
}

static int see_order(void *arg, const row_t *row) {
    row_t *last = arg;
    assert_true(row->day < last->day || (row->day == last->day && row->position < last->position));
    last->day = row->day;
    last->position = row->position;
    last->rev++;
    return 0;
}

static int lacks_always(void *arg, uint32_t unit) {
    (void)arg;
    (void)unit;
    return 1;
}

static void test_carried_keeps_the_order_of_many(void **state) {
    look_t *l = look_new(state);
    row_t last = {.day = 1000};
    uint32_t dice = 20241107;
    for (int i = 1; i <= 300; i++) {
        dice = dice * 1664525 + 1013904223;
        put(l, i, 1 + (dice >> 20) % 7, 10 + (dice >> 8) % 40, (dice >> 25) % 4);
    }
    assert_int_equal(carried_each(l->store, 7, 60, STORE_NOW, lacks_always, see_order, &last), 0);
    assert_int_equal(last.rev, 300);
    look_free(&l);
}

static void test_carried_knows_the_first_day_of_a_stock_after_a_restart(void **state) {
    look_t *l = look_new(state);
    cursor_t cursor = {.log = "0123456789abcdef0123456789abcdef", .position = 3};
    put(l, 1, 1, 130, 0);
    put(l, 2, 1, 100, 0);
    put(l, 3, 1, 140, 0);
    assert_int_equal(store_stock(l->store, 1, 2, WAY, 150), 0);
    assert_int_equal(store_commit(l->store, &cursor), 0);
    store_close(&l->store);
    char *path = dir_path(state, "s");
    l->store = store_open(path, NULL);
    int seen = 0;
    for (const stock_t *s = store_stock_first(l->store, 1); s; s = store_stock_next(l->store, s), seen++)
        assert_int_equal(s->since, s->plan == 2 ? 150 : 100);
    assert_int_equal(seen, 2);
    assert_null(store_stock_first(l->store, 2));
    assert_null(store_stock_first(l->store, 99999));
    free(path);
    look_free(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_carried_looks_at_the_newest_of_who_lacks_something),
        IN_DIR(test_carried_looks_at_all_aggregates_in_their_order),
        IN_DIR(test_carried_keeps_the_order_of_many),
        IN_DIR(test_carried_knows_the_first_day_of_a_stock_after_a_restart),
    };
    return RUN(tests);
}
