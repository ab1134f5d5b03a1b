/* SPDX-License-Identifier: MPL-2.0 */
/* What several say in almost the same words stands once, with all of them as its source. */
#include "aggregator/export/gather.h"

#include "tests/support.h"

static json_t *figure(const char *const *said) {
    json_t *texts = json_array();
    for (; *said; said += 2)
        json_array_append_new(texts, json_pack("{ss ss ss}", "unit", said[0], "text", said[1], "id", "x"));
    return json_pack("{s:o}", "texts", texts);
}

static void test_gather_folds_what_is_nearly_the_same(void **state) {
    (void)state;
    size_t n;
    static const char *const said[] = {"A", "Nhiều lao động về quê sớm dịp Tết.",
                                       "B", "Thiếu tài liệu in sẵn",
                                       "C", "nhiều lao động về quê sớm, dịp TẾT",
                                       "B", "Thieu tai lieu in san.",
                                       "D", "Thiếu tài liệu in sẵn!",
                                       "E", "Thiếu hội trường",
                                       "F", "Có nhiều lao động về quê sớm dịp Tết", /* nine words in ten */
                                       "G", "Nhiều lao động nghỉ Tết",              /* four in nine */
                                       NULL};
    json_t *j = figure(said);
    gathered_t *list = gather_texts(j, &n);
    assert_int_equal(n, 4);
    assert_string_equal(list[0].text, "Nhiều lao động về quê sớm dịp Tết.");
    assert_int_equal(list[0].unit_count, 3);
    assert_string_equal(list[1].text, "Thiếu tài liệu in sẵn");
    assert_int_equal(list[1].unit_count, 2); /* B twice is one unit */
    assert_int_equal(list[1].said, 3);
    assert_string_equal(list[2].text, "Thiếu hội trường");
    gather_free(&list, n);
    json_decref(j);
}

/* More than are held against each other: the same words are found all the same. */
static void test_gather_finds_the_same_words_among_thousands(void **state) {
    (void)state;
    size_t n;
    json_t *texts = json_array();
    for (int i = 0; i < 4000; i++) {
        char text[64], unit[16];
        snprintf(text, sizeof text, "%d%s %d%s", i % 2000, "a", i % 2000, "b");
        snprintf(unit, sizeof unit, "U%d", i);
        json_array_append_new(texts, json_pack("{ss ss ss}", "unit", unit, "text", text, "id", "x"));
    }
    json_t *j = json_pack("{s:o}", "texts", texts);
    gathered_t *list = gather_texts(j, &n);
    assert_int_equal(n, 2000);
    assert_int_equal(list[1999].unit_count, 2);
    gather_free(&list, n);
    json_decref(j);
}

static void test_gather_nothing(void **state) {
    (void)state;
    size_t n;
    gathered_t *list = gather_texts(NULL, &n);
    assert_int_equal(n, 0);
    gather_free(&list, n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gather_folds_what_is_nearly_the_same),
        cmocka_unit_test(test_gather_finds_the_same_words_among_thousands),
        cmocka_unit_test(test_gather_nothing),
    };
    return RUN(tests);
}
