/* SPDX-License-Identifier: MPL-2.0 */
/* The three families, and the exit status of each. */
#include "proto/base/rc.h"

#include "tests/support.h"

static void test_rc_belongs_to_one_family(void **state) {
    (void)state;
    static const struct {
        int rc, again, refused, stop, exit;
    } t[] = {
        {BC_OK, 0, 0, 0, 0},       {BC_AGAIN, 1, 0, 0, 75},    {BC_TIMEOUT, 1, 0, 0, 75},
        {BC_REFUSED, 0, 1, 0, 65}, {BC_NOTFOUND, 0, 1, 0, 66}, {BC_CONFLICT, 0, 1, 0, 65},
        {BC_DISK, 0, 0, 1, 74},    {BC_CORRUPT, 0, 0, 1, 70},  {BC_BROKEN, 0, 0, 1, 70},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        assert_int_equal(rc_again(t[i].rc), t[i].again);
        assert_int_equal(rc_refused(t[i].rc), t[i].refused);
        assert_int_equal(rc_stop(t[i].rc), t[i].stop);
        assert_int_equal(rc_exit(t[i].rc), t[i].exit);
    }
}

static void test_rc_name_is_never_null(void **state) {
    (void)state;
    for (int rc = 10; rc > -60; rc--)
        assert_non_null(rc_name(rc));
    assert_string_equal(rc_name(BC_DISK), "disk");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rc_belongs_to_one_family),
        cmocka_unit_test(test_rc_name_is_never_null),
    };
    return RUN(tests);
}
