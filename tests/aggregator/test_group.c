/* SPDX-License-Identifier: MPL-2.0 */
/* Groups: found by their word, kept in order of first mention. */
#include "aggregator/group.h"
#include "tests/support.h"

static void test_group_is_made_once_for_each_word(void **state) {
    (void)state;
    groups_t groups;
    groups_init(&groups, 100);
    assert_null(groups_find(&groups, 5));
    for (uint32_t word = 100; word > 0; word--)
        groups_of(&groups, word)->activities = word;
    groups_of(&groups, 0)->activities = 1000; /* the form of aggregates */
    groups_of(&groups, 7)->activities++;
    assert_int_equal(groups.count, 101);
    assert_int_equal(groups_find(&groups, 7)->activities, 8);
    assert_int_equal(groups_find(&groups, 0)->activities, 1000);
    assert_int_equal(groups.list[0].word, 100);
    assert_null(groups_find(&groups, 101));
    groups_free(&groups);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_group_is_made_once_for_each_word)};
    return RUN(tests);
}
