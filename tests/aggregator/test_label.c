/* SPDX-License-Identifier: MPL-2.0 */
/* Labels: what people read instead of ids. */
#include "proto/base/json.h"
#include "tests/aggregator/shown.h"

static void expect_figure(const char *figure, const char *text) {
    json_t *j = figure ? json_loads(figure, 0, NULL) : NULL;
    char *got = label_figure(j, LANG_VI);
    assert_string_equal(got, text);
    free(got);
    json_decref(j);
}

static void test_label_writes_figures_as_in_vietnam(void **state) {
    (void)state;
    expect_figure("{\"value\":1234567}", "1.234.567");
    expect_figure("{\"value\":0}", "0");
    expect_figure("{\"value\":1234,\"scale\":2}", "12,34");
    expect_figure("{\"value\":1234005,\"scale\":3}", "1.234,005");
    expect_figure("{\"overflow\":true}", "quá lớn");
    expect_figure("{\"weight\":0}", "-");
    expect_figure(NULL, "-");
}

static void test_label_gives_columns_in_the_plans_order(void **state) {
    month_t *m = month_new(state, PLAN, LANG_VI);
    size_t n;
    column_t *columns = label_columns(&m->shown, &n);
    assert_int_equal(n, 5); /* s m l u q: those with a figure */
    assert_string_equal(columns[0].name, "s");
    assert_string_equal(columns[0].label, "Tổng");
    assert_string_equal(columns[0].unit, "buổi");
    assert_string_equal(columns[4].name, "q");
    free(columns);
    assert_string_equal(label_form(&m->shown, "F1"), "Hội nghị");
    assert_string_equal(label_form(&m->shown, "-"), "Báo cáo gộp");
    assert_string_equal(label_form(&m->shown, "F99"), "F99");
    assert_string_equal(label_topic(&m->shown, "t2"), "Hai");
    assert_string_equal(label_plan(&m->shown, PLAN), "Kế hoạch thử");
    assert_string_equal(label_plan(&m->shown, "9/KH"), "9/KH");
    month_free(&m);
}

static void test_label_sorts_names_in_vietnamese(void **state) {
    month_t *m = month_new(state, PLAN, LANG_VI);
    size_t n;
    const json_t **rows = label_by_name(json_object_get(json_object_get(m->summary, "board"), "units"), &n);
    assert_int_equal(n, 6);
    assert_string_equal(kit_text(rows[0], "name"), "Ấp Ví dụ"); /* before Đ */
    assert_string_equal(kit_text(rows[1], "code"), "BD.01");
    free(rows);
    char *contact = label_contact(NULL);
    assert_string_equal(contact, "");
    free(contact);
    assert_string_equal(label_status("missing", LANG_VI), "chưa báo cáo");
    assert_string_equal(label_status("missing", LANG_EN), "missing");
    month_free(&m);
}

static void test_label_counts_as_people_do(void **state) {
    (void)state;
    json_t *table = json_loads("{\"-\":1,\"F10\":2,\"F2\":3,\"F1\":4}", 0, NULL),
           *sorted = label_by_id(table);
    char *text = json_dumps(sorted, JSON_COMPACT);
    assert_string_equal(text, "{\"F1\":4,\"F2\":3,\"F10\":2,\"-\":1}");
    free(text);
    json_decref(sorted);
    json_decref(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_label_counts_as_people_do),
        cmocka_unit_test(test_label_writes_figures_as_in_vietnam),
        IN_DIR(test_label_gives_columns_in_the_plans_order),
        IN_DIR(test_label_sorts_names_in_vietnamese),
    };
    return RUN(tests);
}
