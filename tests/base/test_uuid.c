/* SPDX-License-Identifier: MPL-2.0 */
/* Ids that only grow, ids that repeat, and their text. */
#include "proto/base/uuid.h"

#include "proto/base/rc.h"
#include "tests/support.h"

static void test_uuid_v7_grows_strictly(void **state) {
    (void)state;
    uuid_bc_t last = uuid_v7(1730937600000);
    for (int i = 0; i < 1000000; i++) {
        /* The clock stands for long, steps forth, and now and then back. */
        int64_t ms = 1730937600000 + i / 1000 - (i % 7 == 0 ? 5000 : 0);
        uuid_bc_t id = uuid_v7(ms);
        if (memcmp(last.b, id.b, 16) >= 0) fail_msg("id %d does not grow", i);
        last = id;
    }
}

static void test_uuid_v7_carries_the_time(void **state) {
    (void)state;
    uuid_bc_t id = uuid_v7(4102444800000); /* 2100-01-01, later than in the other tests */
    char text[UUID_TEXT];
    uuid_text(&id, text);
    assert_memory_equal(text, "03bb2cc3-d800-7", 15);
    assert_non_null(strchr("89ab", text[19]));
    id = uuid_v7(-5);
    assert_true(id.b[6] >> 4 == 7);
}

/* Fixed for ever: an imported file must give the same ids years later. */
static void test_uuid_v8_repeats(void **state) {
    (void)state;
    const char *parts[] = {"CD-0017", "160/KH-LĐLĐ", "dòng 1"};
    uuid_bc_t a = uuid_v8(parts, 3), b = uuid_v8(parts, 3);
    assert_memory_equal(a.b, b.b, 16);
    char text[UUID_TEXT];
    assert_string_equal(uuid_text(&a, text), "f0934d0d-8365-867b-875d-6903a84ff3ef");
    const char *joined[] = {"CD-0017160/KH-LĐLĐ", "dòng 1"};
    b = uuid_v8(joined, 2);
    assert_memory_not_equal(a.b, b.b, 16);
}

static void test_uuid_text_round_trips(void **state) {
    (void)state;
    uuid_bc_t id = uuid_v7(1730937600000), back;
    char text[UUID_TEXT];
    uuid_text(&id, text);
    assert_int_equal(strlen(text), 36);
    assert_int_equal(uuid_parse(text, &back), BC_OK);
    assert_memory_equal(id.b, back.b, 16);
}

static void test_uuid_parse_takes_one_form_only(void **state) {
    (void)state;
    uuid_bc_t id;
    assert_int_equal(uuid_parse("01930fa0-0000-7abc-8def-0123456789ab", &id), BC_OK);
    assert_int_equal(uuid_parse("01930fa0-0000-8abc-bdef-0123456789ab", &id), BC_OK);
    static const char *wrong[] = {
        "",
        "01930FA0-0000-7abc-8def-0123456789ab",
        "01930fa0-0000-4abc-8def-0123456789ab",
        "01930fa0-0000-7abc-0def-0123456789ab",
        "01930fa0-0000-7abc-cdef-0123456789ab",
        "01930fa0-0000-7abc-8def-0123456789a",
        "01930fa0-0000-7abc-8def-0123456789abc",
        "{01930fa0-0000-7abc-8def-0123456789}",
        "01930fa000007abc8def0123456789ab",
        "01930fa-00000-7abc-8def-0123456789ab",
        "01930fa0-0000-7abc-8def-0123456789ag",
        "------------------------------------",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(uuid_parse(wrong[i], &id), BC_REFUSED);
    assert_int_equal(uuid_parse(NULL, &id), BC_REFUSED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uuid_v7_grows_strictly),
        cmocka_unit_test(test_uuid_v7_carries_the_time),
        cmocka_unit_test(test_uuid_v8_repeats),
        cmocka_unit_test(test_uuid_text_round_trips),
        cmocka_unit_test(test_uuid_parse_takes_one_form_only),
    };
    return RUN(tests);
}
