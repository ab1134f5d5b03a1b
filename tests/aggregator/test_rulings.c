/* SPDX-License-Identifier: MPL-2.0 */
/* What of staff's decisions holds: choices, longer deadlines, reviews, closings and what reopens them. */
#include "aggregator/rulings.h"

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/aggregator/province.h"

#define ID "0190a000-0000-7000-8000-000000000001"
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NOVEMBER "\"unit\":\"BD\",\"plan\":\"1/KH\",\"calendar\":\"duonglich\",\"period\":\"2024-11\""

/* The next decision, at position n + 100. */
static void put(rulings_t *rulings, const char *kind, const char *decision) {
    static int64_t position = 100;
    char *body = mem_printf(
        "{\"kind\":\"%s\",\"person\":\"Nguyễn Văn A\",\"uuid\":\"" ID "\",\"decision\":%s}", kind, decision);
    position++;
    rulings_put(rulings, body, strlen(body), position, 1000 * position);
    free(body);
}

static const ruled_t *newest(const rulings_t *rulings) {
    return rulings_at(rulings, rulings_count(rulings) - 1);
}

static const ruled_t *november(const rulings_t *rulings) {
    return rulings_closing(rulings, "BD", "1/KH", "duonglich", "2024-11");
}

#define CLOSE(position) "{" NOVEMBER ",\"position\":" position ",\"rules\":1,\"sha256\":\"" HEX64 "\"}"
#define SENT "{" NOVEMBER ",\"number\":\"12/BC\",\"date\":\"2024-12-10\",\"signer\":\"Nguyễn Văn A\"}"

static void test_rulings_closings_hold_until_reopened(void **state) {
    (void)state;
    rulings_t *rulings = rulings_new();
    put(rulings, "sent", SENT);
    assert_int_equal(newest(rulings)->holds, 0);
    put(rulings, "reopen", "{" NOVEMBER ",\"reason\":\"x\"}");
    assert_int_equal(newest(rulings)->holds, 0);
    put(rulings, "close", CLOSE("999999")); /* a position that is not there yet */
    assert_null(november(rulings));
    put(rulings, "close", CLOSE("9"));
    int64_t first = newest(rulings)->position;
    assert_int_equal(november(rulings)->position, first);
    assert_null(rulings_closing(rulings, "BD", NULL, "duonglich", "2024-11"));
    put(rulings, "close", CLOSE("10"));
    assert_int_equal(newest(rulings)->holds, 0);
    assert_int_equal(november(rulings)->position, first);
    put(rulings, "sent", SENT);
    assert_int_equal(newest(rulings)->closing, first);
    put(rulings, "reopen", "{" NOVEMBER ",\"reason\":\"x\"}");
    assert_null(november(rulings));
    assert_int_equal(rulings_at(rulings, 3)->ended, newest(rulings)->position);
    put(rulings, "close", CLOSE("10"));
    assert_int_equal(november(rulings)->says.position, 10);
    rulings_free(&rulings);
}

static void test_rulings_newest_review_of_a_revision_counts(void **state) {
    (void)state;
    rulings_t *rulings = rulings_new();
    const ruled_t *ruled = NULL;
    uuid_bc_t id;
    assert_int_equal(uuid_parse(ID, &id), BC_OK);
    assert_int_equal(rulings_review(rulings, &id, 1, NULL), REVIEW_NONE);
    put(rulings, "return", "{\"id\":\"" ID "\",\"rev\":1,\"reason\":\"Thiếu\"}");
    assert_int_equal(rulings_review(rulings, &id, 1, &ruled), REVIEW_RETURNED);
    assert_string_equal(ruled->says.reason, "Thiếu");
    assert_string_equal(ruled->person, "Nguyễn Văn A");
    assert_int_equal(rulings_review(rulings, &id, 2, NULL), REVIEW_NONE);
    put(rulings, "accept", "{\"id\":\"" ID "\",\"rev\":1}");
    assert_int_equal(rulings_review(rulings, &id, 1, NULL), REVIEW_ACCEPTED);
    put(rulings, "dream", "{}");
    rulings_put(rulings, "{", 1, 9999, 0);
    assert_int_equal(rulings_count(rulings), 2);
    rulings_free(&rulings);
}

static void test_rulings_longest_extension_counts_for_whom_it_is(void **state) {
    kit_t *kit = province_new();
#define WHAT "{\"plan\":\"1/KH\",\"period\":\"2024-11\",\"reason\":\"Bão\",\"until\":"
    kit_decision(kit, "extend", WHAT "\"2024-12-10\",\"unit\":\"BD.01\"}");
    kit_decision(kit, "extend", WHAT "\"2024-12-20\",\"unit\":\"BD.02\",\"below\":true}");
    kit_decision(kit, "extend", WHAT "\"2024-12-12\",\"unit\":\"BD.02\",\"below\":true}");
    kit_decision(kit, "extend", WHAT "\"2024-12-30\",\"group\":{\"name\":\"ngành\",\"value\":\"may\"}}");
    store_t *store = province_store(kit, state, "s");
    view_t *view = view_new(store, STORE_NOW, NULL);
    const plan_t *plan = view_only_plan(view);
    period_t p;
    assert_int_equal(calendar_period(plan_calendar(plan), NOV, &p, NULL), BC_OK);
    static const struct {
        const char *unit;
        int day; /* of December, 0: none */
    } want[] = {{"BD.01", 10}, {"BD.01.001", 0}, {"BD.02", 20}, {"BD.02.001", 20}};
    for (size_t i = 0; i < 4; i++) {
        day_t until = rulings_until(view_rulings(view), view_tree(view), plan, &p,
                                    tree_get(view_tree(view), want[i].unit));
        assert_int_equal(until, want[i].day ? day_make(2024, 12, want[i].day) : DAY_NONE);
    }
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

static void test_rulings_newest_link_of_each_guest_counts(void **state) {
    (void)state;
    static const char *const ids[] = {"0190a000-0000-7000-8000-000000000001",
                                      "0190a000-0000-7000-8000-000000000002",
                                      "0190a000-0000-7000-8000-000000000003"};
    rulings_t *rulings = rulings_new();
    uuid_bc_t id[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(uuid_parse(ids[i], &id[i]), BC_OK);
    assert_null(rulings_link(rulings, &id[1]));
    for (int i = 0; i < 100; i++) { /* others in between: the table grows */
        char *other = mem_printf("{\"id\":\"0190a000-0000-7000-8000-0000000001%02d\",\"rev\":1}", i);
        put(rulings, "accept", other);
        free(other);
        if (i != 50) continue;
        char *both = mem_printf("{\"host\":\"%s\",\"guests\":[\"%s\",\"%s\"]}", ids[0], ids[1], ids[2]);
        put(rulings, "link", both);
        free(both);
    }
    assert_memory_equal(&rulings_link(rulings, &id[2])->says.id, &id[0], sizeof id[0]);
    char *alone = mem_printf("{\"guests\":[\"%s\"]}", ids[2]);
    put(rulings, "link", alone);
    free(alone);
    assert_true(rulings_link(rulings, &id[2])->says.alone);
    assert_false(rulings_link(rulings, &id[1])->says.alone);
    assert_null(rulings_link(rulings, &id[0]));
    uuid_bc_t reviewed;
    assert_int_equal(uuid_parse("0190a000-0000-7000-8000-000000000199", &reviewed), BC_OK);
    assert_int_equal(rulings_review(rulings, &reviewed, 1, NULL), REVIEW_ACCEPTED);
    assert_int_equal(rulings_review(rulings, &reviewed, 2, NULL), REVIEW_NONE);
    rulings_free(&rulings);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rulings_closings_hold_until_reopened),
        cmocka_unit_test(test_rulings_newest_review_of_a_revision_counts),
        IN_DIR(test_rulings_longest_extension_counts_for_whom_it_is),
        IN_DIR(test_rulings_newest_link_of_each_guest_counts),
    };
    return RUN(tests);
}
