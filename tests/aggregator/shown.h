/* SPDX-License-Identifier: MPL-2.0 */
/* shown.h - a month of the small province as the exports see it. */
#ifndef BC_TEST_SHOWN_H
#define BC_TEST_SHOWN_H

#include "aggregator/export/label.h"
#include "tests/aggregator/province.h"

typedef struct {
    kit_t *kit;
    store_t *store;
    view_t *view;
    asked_t asked;
    json_t *summary;
    shown_t shown;
} month_t;

/* November: one unit complete, one nil and late, one mismatch, an overlap, a coordinating unit, texts. */
static inline month_t *month_new(void **state, const char *plan, lang_t lang) {
    static const int64_t nothing[] = {0};
    month_t *m = mem_alloc(sizeof *m);
    refusal_t why = {0};
    m->kit = province_new();
    kit_record(
        m->kit,
        "{\"unit\":\"BD.02.001\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":"
        "\"Ấp Ví dụ\"}],\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.02\"}],\"opened\":"
        "\"2020-01-01\",\"expected\":true,\"contact\":{\"name\":\"Nguyễn Văn A\",\"phone\":\"0900\"}}");
    int64_t list[] = {kit_activity(m->kit, "BD.01.001", "a1", 1, "2024-11-05",
                                   "{\"s\":1234,\"q\":\"=Đề nghị; một\",\"u\":[\"x\"]}"),
                      0};
    kit_period(m->kit, "BD.01.001", "p1", 1, NOV, "{\"l\":50}", list);
    kit_period(m->kit, "BD.01.002", "p4", 1, "2024-10", "{\"l\":9}", nothing);
    kit_activity(m->kit, "TW", "a2", 1, "2024-11-06", "{\"s\":6}");
    kit_activity(m->kit, "BD.01.003", "a3", 1, "2024-11-06", "{\"m\":3}");
    kit_period(m->kit, "BD.01.003", "p3", 1, NOV, NULL, nothing);
    kit_aggregate(m->kit, "BD.01", "g1", 1, NOV, "[\"BD.01.001\"]", "{\"s\":5}");
    kit_day(m->kit, "2024-12-09");
    kit_period(m->kit, "BD.01.002", "p2", 1, NOV, NULL, nothing);
    m->store = province_store(m->kit, state, "month");
    m->view = view_new(m->store, STORE_NOW, &why);
    question_t q = {.unit = "BD", .plan = plan, .period = NOV};
    assert_int_equal(summary_ask(m->view, &q, &m->asked, &why), 0);
    m->summary = summary_json(m->view, &m->asked, &why);
    assert_non_null(m->summary);
    m->shown = (shown_t){m->view, &m->asked, m->summary, lang};
    return m;
}

static inline void month_free(month_t **m_p) {
    month_t *m = *m_p;
    json_decref(m->summary);
    view_free(&m->view);
    store_close(&m->store);
    kit_free(&m->kit);
    free(m);
    *m_p = NULL;
}

#endif
