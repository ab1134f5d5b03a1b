/* SPDX-License-Identifier: MPL-2.0 */
/* Words as people type them find what units wrote, with whatever marks. */
#include "aggregator/search.h"

#include "tests/aggregator/province.h"

static void test_search_needs_no_marks(void **state) {
    static const struct {
        const char *words;
        size_t found;
    } cases[] = {{"nguyen hue", 1}, {"NGUYỄN HUỆ", 1}, {"duong", 2},
                 {"đường", 2},      {"khong co", 0},   {"bd.01.002", 1}};
    kit_t *kit = province_new();
    asked_t asked;
    question_t q = {.unit = "BD", .plan = PLAN, .period = NOV};
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05",
                 "{\"q\":[\"Đường Nguyễn Huệ ngập\",\"Thiếu điện\"]}");
    kit_activity(kit, "BD.01.002", "a2", 1, "2024-11-05", "{\"q\":\"đường trơn\"}");
    store_t *store = province_store(kit, state, "s");
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *list = search_json(view, &asked, cases[i].words, NULL);
        if (json_array_size(list) != cases[i].found) print_error("%s\n", cases[i].words);
        assert_int_equal(json_array_size(list), cases[i].found);
        json_decref(list);
    }
    view_free(&view);
    store_close(&store);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_search_needs_no_marks),
    };
    return RUN(tests);
}
