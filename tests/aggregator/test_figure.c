/* SPDX-License-Identifier: MPL-2.0 */
/* Adding up: the seven ways, each unit once, exact, and never more than a reader can hold. */
#include "proto/base/json.h"
#include "tests/aggregator/province.h"

#define MOST "999999999999999"

/* One activity of each unit with these measures; the figure of ID over all of them, as canonical JSON. */
static char *figure_of(void **state, const char *id, const char *const *units, const char *const *measures) {
    kit_t *kit = province_new();
    for (int i = 0; units[i]; i++) {
        char no[16];
        snprintf(no, sizeof no, "a%d", i + 1);
        kit_activity(kit, units[i], no, 1, "2024-11-05", measures[i]);
    }
    json_t *j = province_ask(kit, state, "BD", PLAN, NOV);
    const json_t *figure = json_object_get(json_object_get(j, "measures"), id);
    char *text = figure ? json_canonical(figure) : mem_str("none");
    json_decref(j);
    kit_free(&kit);
    return text;
}

static void expect(void **state, const char *id, const char *const *units, const char *const *measures,
                   const char *expected) {
    char *got = figure_of(state, id, units, measures);
    assert_string_equal(got, expected);
    free(got);
}

#define UNITS(...)          \
    (const char *const[]) { \
        __VA_ARGS__, NULL   \
    }

static void test_figure_adds_up_each_way(void **state) {
    const char *const *units = UNITS("BD.01.001", "BD.01.001", "BD.02.001");
    expect(state, "s", units, UNITS("{\"s\":1}", "{\"s\":2}", "{\"s\":40}"),
           "{\"add\":\"sum\",\"units\":2,\"value\":43}");
    expect(state, "m", units, UNITS("{\"m\":9}", "{\"m\":2}", "{\"m\":0}"),
           "{\"add\":\"max\",\"units\":2,\"value\":9}");
    expect(state, "c", units, UNITS("{\"c\":false}", "{\"c\":true}", "{\"c\":false}"),
           "{\"add\":\"count\",\"units\":2,\"value\":1}");
    expect(state, "l", units, UNITS("{\"l\":5}", "{\"l\":6}", "{\"l\":70}"),
           "{\"add\":\"last\",\"carried\":0,\"units\":2,\"value\":76}");
    expect(state, "u", units, UNITS("{\"u\":[\"b\",\"a\"]}", "{\"u\":[\"a\"]}", "{\"u\":[]}"),
           "{\"add\":\"union\",\"codes\":[\"a\",\"b\"],\"units\":2,\"value\":2}");
}

static void test_figure_keeps_value_and_weight(void **state) {
    const char *const *units = UNITS("BD.01.001", "BD.02.001");
    expect(state, "w", units,
           UNITS("{\"w\":{\"value\":1,\"weight\":1}}", "{\"w\":{\"value\":2,\"weight\":1}}"),
           "{\"add\":\"weighted\",\"sum\":3,\"units\":2,\"value\":2,\"weight\":2}"); /* half up */
    expect(state, "w", units, UNITS("{\"w\":{\"value\":7,\"weight\":0}}", "{\"s\":1}"),
           "{\"add\":\"weighted\",\"sum\":0,\"units\":1,\"weight\":0}"); /* nobody to share it */
}

static void test_figure_attributes_texts(void **state) {
    char *got = figure_of(state, "q", UNITS("BD.02.001", "BD.01.001"),
                          UNITS("{\"q\":[\"hai\",\"ba\"]}", "{\"q\":\"một\"}"));
    assert_non_null(strstr(got, "\"value\":3"));
    char *one = strstr(got, "một"), *two = strstr(got, "hai"), *three = strstr(got, "ba\"");
    assert_true(one && two && three && one < two && two < three);
    free(got);
}

static void test_figure_tells_blank_from_zero(void **state) {
    const char *const *units = UNITS("BD.01.001", "BD.02.001");
    expect(state, "s", units, UNITS("{\"s\":0}", "{\"m\":1}"), "{\"add\":\"sum\",\"units\":1,\"value\":0}");
    expect(state, "l", units, UNITS("{\"s\":0}", "{\"m\":1}"), "none");
}

static void test_figure_says_when_a_sum_is_too_large(void **state) {
    const char *const *units = UNITS("BD.01.001", "BD.02.001");
    expect(state, "s", units, UNITS("{\"s\":" MOST "}", "{\"s\":0}"),
           "{\"add\":\"sum\",\"units\":2,\"value\":" MOST "}");
    expect(state, "s", units, UNITS("{\"s\":" MOST "}", "{\"s\":1}"),
           "{\"add\":\"sum\",\"overflow\":true,\"units\":2}");
    expect(state, "w", units,
           UNITS("{\"w\":{\"value\":" MOST ",\"weight\":" MOST "}}",
                 "{\"w\":{\"value\":" MOST ",\"weight\":0}}"),
           "{\"add\":\"weighted\",\"overflow\":true,\"units\":2,\"value\":" MOST ",\"weight\":" MOST "}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_figure_adds_up_each_way),
        IN_DIR(test_figure_keeps_value_and_weight),
        IN_DIR(test_figure_attributes_texts),
        IN_DIR(test_figure_tells_blank_from_zero),
        IN_DIR(test_figure_says_when_a_sum_is_too_large),
    };
    return RUN(tests);
}
