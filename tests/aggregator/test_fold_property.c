/* SPDX-License-Identifier: MPL-2.0 */
/* What must not change a figure: the order in which revisions arrive between two decisions, how the log is
 * cut into transactions, and where the aggregator was ended and started again. BAOCAO_SEED=n plays seed n
 * again, BAOCAO_THOROUGH=1 many more. */
#include <time.h>

#include "tests/aggregator/province.h"

#define IDS 24
#define MOST (IDS * 3)

/* A revision on its way; the highest of an id is withdrawn for some. */
typedef struct {
    int id, rev, day, value, withdrawn;
} revision_t;

static const char *const units[] = {"BD.01.001", "BD.01.002", "BD.01"};
static unsigned seed;

static int draw(int below) {
    return (int)((unsigned)rand_r(&seed) % (unsigned)below);
}

static int make(revision_t *all) {
    int count = 0;
    for (int id = 0; id < IDS; id++)
        for (int rev = 1, most = 1 + draw(3); rev <= most; rev++)
            all[count++] =
                (revision_t){id, rev, 1 + draw(28), 1 + draw(500), rev == most && draw(5) == 0 && rev > 1};
    return count;
}

static void shuffle(revision_t *all, int count) {
    for (int i = count - 1; i > 0; i--) {
        int k = draw(i + 1);
        revision_t t = all[i];
        all[i] = all[k];
        all[k] = t;
    }
}

static void append(kit_t *kit, const revision_t *r) {
    char id[16], day[11], measures[40];
    const char *unit = units[r->id % 3];
    snprintf(id, sizeof id, "%c%d", 'a' + r->id % 6, 1 + r->id / 6);
    snprintf(day, sizeof day, "2024-11-%02d", r->day);
    snprintf(measures, sizeof measures, "{\"s\":%d}", r->value);
    if (r->withdrawn)
        kit_withdraw(kit, unit, id, r->rev);
    else
        kit_activity(kit, unit, id, r->rev, day, measures);
}

/* A log: some of ALL, an aggregate and what staff decided about it, then the others. */
static kit_t *log_of(const revision_t *all, int count, int before) {
    kit_t *kit = province_new();
    for (int i = 0; i < before; i++)
        append(kit, &all[i]);
    kit_aggregate(kit, "BD.01", "g1", 1, "2024-11", "[\"BD.01.001\"]", "{\"s\":1000}");
    kit_decide(kit, "g1", before % 2 ? "own" : "aggregate");
    for (int i = before; i < count; i++)
        append(kit, &all[i]);
    return kit;
}

/* All but the chain, which is that of one order. */
static void add(json_t *asked, json_t *summary) {
    json_object_del(summary, "chain");
    json_array_append_new(asked, summary);
}

/* The summaries of KIT as text, folded in pieces of any size, the store closed and opened in between. */
static char *figures(const kit_t *kit, void **state, int pieces) {
    refusal_t why = {0};
    char *path = dir_path(state, "store.db"), *all;
    unlink(path);
    store_t *store = store_open(path, &why);
    assert_non_null(store);
    for (int i = 0; i < pieces; i++) {
        kit_fold(kit, store, 1 + draw((int)kit->count), 1 + (size_t)draw(9));
        store_close(&store);
        store = store_open(path, &why);
        assert_non_null(store);
    }
    kit_fold(kit, store, 0, 1 + (size_t)draw(9));
    json_t *asked = json_array();
    add(asked, kit_ask(store, "BD", "1/KH", NOV, 0));
    add(asked, kit_ask(store, "BD.01", NULL, NOV, 0));
    add(asked, kit_ask(store, "BD", NULL, "2024-Q4", 0));
    all = json_dumps(asked, JSON_SORT_KEYS);
    json_decref(asked);
    store_close(&store);
    free(path);
    return all;
}

static void test_fold_property_order_batches_and_restarts_change_nothing(void **state) {
    const char *given = getenv("BAOCAO_SEED");
    int rounds = getenv("BAOCAO_THOROUGH") ? 400 : 8;
    seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    for (int round = 0; round < rounds; round++) {
        revision_t all[MOST];
        unsigned began = seed;
        int count = make(all), before = draw(count);
        kit_t *kit = log_of(all, count, before);
        char *want = figures(kit, state, 0);
        kit_free(&kit);
        for (int again = 0; again < 3; again++) {
            shuffle(all, before);
            shuffle(all + before, count - before);
            kit = log_of(all, count, before);
            char *got = figures(kit, state, draw(4));
            size_t same = 0;
            while (want[same] && want[same] == got[same])
                same++;
            if (want[same] || got[same])
                fail_msg("BAOCAO_SEED=%u: %.150s | %.150s", began, want + (same > 80 ? same - 80 : 0),
                         got + (same > 80 ? same - 80 : 0));
            free(got);
            kit_free(&kit);
        }
        free(want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_fold_property_order_batches_and_restarts_change_nothing),
    };
    return RUN(tests);
}
