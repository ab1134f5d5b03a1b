/* SPDX-License-Identifier: MPL-2.0 */
/* A unit's record: what held on which day, and each way in which a record is wrong. */
#include "proto/unit.h"

#include "proto/base/json.h"
#include "tests/support.h"

static const char record[] =
    "{\"unit\":\"BD.01\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"CĐCS Ví dụ "
    "Một\"},"
    "{\"from\":\"2024-07-01\",\"name\":\"CĐCS Ví dụ "
    "Hai\"}],\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD\"},"
    "{\"from\":\"2024-07-01\",\"parent\":null},{\"from\":\"2025-01-01\",\"parent\":\"BD.9\"}],"
    "\"opened\":\"2020-01-01\",\"closed\":\"2025-06-30\",\"expected\":true,"
    "\"successors\":[{\"kind\":\"merge\",\"unit\":\"BD.02\",\"date\":\"2025-07-01\",\"decision\":\"12/"
    "QĐ-LĐLĐ\"}],"
    "\"custody\":[{\"unit\":\"BD.02\",\"from\":\"2025-01-01\",\"decision\":\"1/QĐ\"}],"
    "\"contact\":{\"name\":\"Nguyễn Văn A\",\"phone\":\"000\"},\"groups\":{\"ngành\":\"may "
    "mặc\"},\"decision\":\"1/QĐ\"}";

static void test_unit_gives_what_held_on_the_day(void **state) {
    (void)state;
    unit_t *unit = unit_read(record, strlen(record), NULL);
    assert_non_null(unit);
    assert_string_equal(unit_code(unit), "BD.01");
    assert_string_equal(unit_kind(unit), "grassroots");
    assert_string_equal(unit_name(unit, day_make(2019, 1, 1)), "CĐCS Ví dụ Một");
    assert_string_equal(unit_name(unit, day_make(2024, 6, 30)), "CĐCS Ví dụ Một");
    assert_string_equal(unit_name(unit, day_make(2024, 7, 1)), "CĐCS Ví dụ Hai");
    assert_null(unit_parent(unit, day_make(2019, 12, 31)));
    assert_string_equal(unit_parent(unit, day_make(2020, 1, 1)), "BD");
    assert_null(unit_parent(unit, day_make(2024, 12, 31)));
    assert_string_equal(unit_parent(unit, day_make(2025, 1, 1)), "BD.9");
    day_t from, to;
    assert_null(unit_parent_span(unit, day_make(2019, 12, 31), &from, &to));
    assert_int_equal(from, INT32_MIN);
    assert_int_equal(to, day_make(2019, 12, 31));
    assert_string_equal(unit_parent_span(unit, day_make(2020, 1, 1), &from, &to), "BD");
    assert_int_equal(from, day_make(2020, 1, 1));
    assert_true(to < day_make(2025, 1, 1) && to >= from);
    assert_string_equal(unit_parent_span(unit, day_make(2199, 1, 1), &from, &to), "BD.9");
    assert_int_equal(from, day_make(2025, 1, 1));
    assert_int_equal(to, INT32_MAX);
    assert_string_equal(json_string_value(unit_code_json(unit)), unit_code(unit));
    assert_string_equal(json_string_value(unit_kind_json(unit)), unit_kind(unit));
    assert_string_equal(json_string_value(unit_name_json(unit, 0)), unit_name(unit, 0));
    assert_int_equal(unit_open_on(unit, day_make(2019, 12, 31)), 0);
    assert_int_equal(unit_open_on(unit, day_make(2020, 1, 1)), 1);
    assert_int_equal(unit_open_on(unit, day_make(2025, 6, 30)), 1);
    assert_int_equal(unit_open_on(unit, day_make(2025, 7, 1)), 0);
    assert_int_equal(unit_expected(unit), 1);
    assert_int_equal(unit_coordinating(unit), 0);
    assert_string_equal(json_text(unit_json(unit), "decision"), "1/QĐ");
    unit_free(&unit);
    assert_null(unit);
    unit_free(&unit);
}

/* "" where the good record with KEY set to VALUE (JSON; NULL: taken away) is read, else "code field". */
static const char *changed(const char *key, const char *value) {
    static char out[160];
    refusal_t why = {0};
    json_t *j = json_loads(record, 0, NULL);
    if (value) {
        json_object_set_new(j, key, json_loads(value, JSON_DECODE_ANY, NULL));
    } else {
        json_object_del(j, key);
    }
    char *text = json_canonical(j);
    unit_t *unit = unit_read(text, strlen(text), &why);
    unit_free(&unit);
    free(text);
    json_decref(j);
    snprintf(out, sizeof out, "%s%s%s", why.code, *why.code ? " " : "", why.field);
    return out;
}

static void test_unit_is_refused_where_it_is_wrong(void **state) {
    (void)state;
    static const char *const needed[] = {"unit", "kind", "names", "parents", "opened", "expected"};
    for (int i = 0; i < 6; i++) {
        char expect[64];
        snprintf(expect, sizeof expect, "unit-field %s", needed[i]);
        assert_string_equal(changed(needed[i], NULL), expect);
    }
    assert_string_equal(changed("unit", "\"bd\""), "unit-field unit");
    assert_string_equal(changed("names", "[]"), "unit-field names");
    assert_string_equal(changed("names", "[{\"from\":\"2020-01-01\",\"name\":\" \"}]"),
                        "unit-field names[0].name");
    assert_string_equal(changed("parents", "[{\"from\":\"2020-01-01\"}]"), "unit-field parents[0].parent");
    assert_string_equal(
        changed("parents",
                "[{\"from\":\"2020-01-01\",\"parent\":null},{\"from\":\"2020-01-01\",\"parent\":\"B\"}]"),
        "unit-field parents");
    assert_string_equal(changed("closed", "\"2019-12-31\""), "unit-field closed");
    assert_string_equal(changed("kind", "\"coordinating\""), "unit-field expected");
    assert_string_equal(
        changed("successors", "[{\"kind\":\"sold\",\"date\":\"2025-07-01\",\"decision\":\"x\"}]"),
        "unit-field successors");
    assert_string_equal(changed("custody", "[{}]"), "unit-field custody[0].unit");
    assert_string_equal(changed("contact", "{\"fax\":\"1\"}"), "unit-field contact.fax");
    assert_string_equal(changed("groups", "{\"a\":1}"), "unit-field groups");
    assert_string_equal(changed("decision", "\"e\\u0301\""), "unit-field ");
    assert_string_equal(changed("extra", "1"), "unit-field extra");
    assert_string_equal(changed("custody", NULL), "");
}

static void test_unit_coordinating_is_never_expected(void **state) {
    (void)state;
    static const char text[] =
        "{\"unit\":\"CN\",\"kind\":\"coordinating\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"x\"}],"
        "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":null}],\"opened\":\"2020-01-01\",\"expected\":"
        "false}";
    unit_t *unit = unit_read(text, strlen(text), NULL);
    assert_non_null(unit);
    assert_int_equal(unit_coordinating(unit), 1);
    assert_int_equal(unit_expected(unit), 0);
    assert_int_equal(unit_open_on(unit, day_make(2199, 1, 1)), 1);
    unit_free(&unit);
}

static void test_unit_knows_codes(void **state) {
    (void)state;
    static const char *const good[] = {"A", "0", "BD.01-X", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"};
    static const char *const bad[] = {"",    ".A", "-A",  "a",
                                      "A B", "Đ",  "A/1", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456"};
    for (int i = 0; i < 4; i++)
        assert_true(unit_code_ok(good[i]));
    for (int i = 0; i < 8; i++)
        assert_false(unit_code_ok(bad[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit_gives_what_held_on_the_day),
        cmocka_unit_test(test_unit_is_refused_where_it_is_wrong),
        cmocka_unit_test(test_unit_coordinating_is_never_expected),
        cmocka_unit_test(test_unit_knows_codes),
    };
    return RUN(tests);
}
