/* SPDX-License-Identifier: MPL-2.0 */
/* What a Báo cáo says: figures in sentences, texts with their sources, what was restated, who has not
 * reported. */
#include "aggregator/export/paper.h"

#include "aggregator/export/paper_csv.h"
#include "aggregator/export/template.h"
#include "proto/base/json.h"
#include "tests/aggregator/province.h"

static json_t *made(const kit_t *kit, void **state, const typed_t *typed, const json_t *restated) {
    beside_t beside = {.restated = restated};
    store_t *store = province_store(kit, state, "s");
    asked_t asked;
    question_t q = {.unit = "BD", .plan = PLAN, .period = NOV};
    view_t *view = view_new(store, STORE_NOW, NULL);
    assert_int_equal(summary_ask(view, &q, &asked, NULL), 0);
    json_t *summary = summary_json(view, &asked, NULL), *template = template_default();
    shown_t shown = {view, &asked, summary, LANG_VI};
    json_t *paper = paper_new(&shown, template, typed, &beside);
    json_decref(template);
    json_decref(summary);
    view_free(&view);
    store_close(&store);
    return paper;
}

/* Whether a block says WORDS. */
static int says(const json_t *paper, const char *words) {
    size_t i;
    json_t *block;
    json_array_foreach(json_object_get(paper, "blocks"), i,
                       block) if (strstr(json_text(block, "text"), words)) return 1;
    return 0;
}

static void test_paper_says_what_was_reported(void **state) {
    kit_t *kit = province_new();
    kit_activity(kit, "BD.01.001", "a1", 1, "2024-11-05", "{\"s\":1234}");
    typed_t typed = {.number = "12/BC", .date = day_make(2024, 2, 5), .posts = "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"};
    json_t *paper = made(kit, state, &typed, NULL);
    assert_string_equal(kit_text(paper, "head.number"), "Số: 12/BC");
    assert_string_equal(kit_text(paper, "head.place"), "Bình Dương, ngày 05 tháng 02 năm 2024");
    assert_string_equal(kit_text(paper, "signature.0"), "KT. CHỦ TỊCH");
    assert_string_equal(kit_text(paper, "signature.1"), "PHÓ CHỦ TỊCH");
    assert_true(says(paper, "0 trên 6 đơn vị phải báo cáo (0,0%)"));
    assert_true(says(paper, "1.234"));
    assert_true(says(paper, "Trong kỳ không có nội dung báo cáo ở mục này."));
    assert_int_equal(
        json_array_size(json_object_get(json_array_get(json_object_get(paper, "annexes"), 3), "rows")), 6);
    buf_t out = {0};
    paper_csv(paper, &out);
    assert_non_null(strstr(out.data, ";1234;"));
    buf_free(&out);
    json_decref(paper);
    kit_free(&kit);
}

static void test_paper_tells_of_what_was_restated(void **state) {
    kit_t *kit = province_new();
    typed_t typed = {.date = DAY_NONE};
    json_t *restated = json_loads(
        "[{\"period\":{\"id\":\"2024-10\"},\"closing\":{\"received\":1731000000000},\"changes\":[{}],"
        "\"measures\":"
        "{\"s\":{\"was\":1000,\"is\":900,\"difference\":-100}},\"sent\":[{\"number\":\"9/BC\",\"date\":"
        "\"2024-11-08\"}]}]",
        0, NULL);
    json_t *paper = made(kit, state, &typed, restated);
    assert_true(says(paper, "Số liệu Tháng 10/2024 đã chốt ngày 08/11/2024"));
    assert_true(says(paper, "từ 1.000 thành 900"));
    assert_true(says(paper, "(giảm 100)"));
    assert_true(says(paper, "Văn bản số 9/BC ngày 08/11/2024 mang số liệu trước khi điều chỉnh."));
    json_decref(paper);
    json_decref(restated);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_paper_says_what_was_reported),
        IN_DIR(test_paper_tells_of_what_was_restated),
    };
    return RUN(tests);
}
