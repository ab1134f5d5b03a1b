/* SPDX-License-Identifier: MPL-2.0 */
/* judge.c - a document against units, plans and today: the same at the agent, offline, and at the
 * collector. */
#include "proto/judge.h"

#include <assert.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

#define PLANS_MOST 16 /* in a document, by document_read */

/* The plans that a document names, in its order. */
typedef struct {
    const plan_t *list[PLANS_MOST];
    size_t count;
} served_t;

static int check_unit(const judge_t *judge, const char *unit, const char *field, refusal_t *why) {
    int may = judge->may_act(judge->arg, unit);
    if (may > 0) return BC_OK;
    if (may < 0)
        return refuse(why, "unit-unknown", field, "Không có đơn vị mã \"%s\".",
                      "There is no unit with the code \"%s\".", unit);
    return refuse(why, "unit-not-granted", field, "Máy này không được gửi báo cáo thay cho đơn vị \"%s\".",
                  "This key may not report for unit \"%s\".", unit);
}

static int check_sender(const document_t *doc, const judge_t *judge, refusal_t *why) {
    if (judge->sender && strcmp(doc->entered_by, judge->sender) != 0)
        return refuse(why, "sender-wrong", "entered_by",
                      "Báo cáo ghi đơn vị nhập là \"%s\" nhưng khóa là của \"%s\".",
                      "The document says \"%s\" entered it, but the key is that of \"%s\".", doc->entered_by,
                      judge->sender);
    return check_unit(judge, doc->unit, "unit", why);
}

static int find_plans(const document_t *doc, const judge_t *judge, served_t *served, refusal_t *why) {
    assert(json_array_size(doc->plans) >= 1 && json_array_size(doc->plans) <= PLANS_MOST);
    for (size_t i = 0; i < json_array_size(doc->plans); i++) {
        const json_t *named = json_array_get(doc->plans, i);
        const char *number = json_text(named, "plan");
        int version = (int)json_int(named, "version", 0);
        const plan_t *plan = plans_get(judge->plans, number, version);
        if (plan) {
            served->list[served->count++] = plan;
            continue;
        }
        int newest = plans_known(judge->plans, number);
        if (newest == 0)
            return refuse(why, "plan-unknown", "plans", "Không có kế hoạch số \"%s\".",
                          "There is no plan \"%s\".", number);
        return refuse(why, "plan-version-unknown", "plans",
                      "Không có bản %d của kế hoạch \"%s\"; bản mới nhất là %d.",
                      "There is no version %d of plan \"%s\"; the newest is %d.", version, number, newest);
    }
    return BC_OK;
}

/* Refuses what lies in the future, or only warns of it where the reader's clock may be wrong. */
static int check_future(const judge_t *judge, day_t day, const char *field, refusal_t *why) {
    refusal_t odd;
    char date[11];
    if (day <= judge->today) return BC_OK;
    int rc = refuse(
        &odd, "date-future", field, "Ngày %s ở tương lai; hãy kiểm tra lại ngày (hoặc đồng hồ của máy).",
        "%s lies in the future; please check the date (or the computer's clock).", day_vi(day, date));
    if (judge->future_refused) {
        if (why) *why = odd;
        return rc;
    }
    if (judge->warn) judge->warn(judge->arg, &odd);
    return BC_OK;
}

static int unit_closed(const char *unit, const char *field, refusal_t *why) {
    return refuse(why, "unit-closed", field,
                  "Đơn vị \"%s\" chưa thành lập hoặc đã kết thúc hoạt động vào thời gian này.",
                  "Unit \"%s\" was not open at that time.", unit);
}

/* A plan's days: LAST is where an activity counts, FIRST..LAST what a period covers. */
static int check_span(const plan_t *plan, day_t first, day_t last, const char *field, refusal_t *why) {
    char date[11];
    if (last < plan_begins(plan))
        return refuse(why, "date-before-plan", field,
                      "Thời gian báo cáo trước ngày bắt đầu (%2$s) của kế hoạch \"%1$s\".",
                      "This is before plan \"%1$s\" begins (%2$s).", plan_number(plan),
                      day_vi(plan_begins(plan), date));
    if (plan_ends(plan) != DAY_NONE && first > plan_ends(plan))
        return refuse(why, "date-after-plan", field,
                      "Thời gian báo cáo sau ngày kết thúc (%2$s) của kế hoạch \"%1$s\".",
                      "This is after plan \"%1$s\" ended (%2$s).", plan_number(plan),
                      day_vi(plan_ends(plan), date));
    return BC_OK;
}

typedef const char *find_fn(const plan_t *plan, const char *id, lang_t lang);

static int any_has(const served_t *served, find_fn *find, const char *id) {
    for (size_t i = 0; i < served->count; i++)
        if (find(served->list[i], id, LANG_VI)) return 1;
    return 0;
}

static int check_topics(const document_t *doc, const served_t *served, refusal_t *why) {
    const json_t *topics = json_object_get(doc->json, "topics"),
                 *documents = json_object_get(doc->json, "documents");
    for (size_t i = 0; i < json_array_size(topics); i++) {
        const char *id = json_string_value(json_array_get(topics, i));
        if (!any_has(served, plan_topic, id))
            return refuse(why, "topic-unknown", "topics", "Không kế hoạch nào được nêu có nội dung \"%s\".",
                          "None of the plans named has a topic \"%s\".", id);
    }
    for (size_t i = 0; i < json_array_size(documents); i++) {
        const char *number = json_string_value(json_array_get(documents, i));
        if (!any_has(served, plan_document, number))
            return refuse(why, "document-unknown", "documents",
                          "Không kế hoạch nào được nêu có văn bản số \"%s\".",
                          "None of the plans named has a document \"%s\".", number);
    }
    return BC_OK;
}

static int judge_activity(const document_t *doc, const judge_t *judge, const served_t *served,
                          refusal_t *why) {
    const char *form = json_text(doc->json, "form");
    int rc = check_future(judge, doc->to, "to", why);
    for (size_t i = 0; rc == BC_OK && i < served->count; i++) {
        rc = check_span(served->list[i], doc->to, doc->to, "to", why);
        if (rc == BC_OK && !plan_form(served->list[i], form, LANG_VI))
            rc = refuse(why, "form-unknown", "form", "Kế hoạch \"%2$s\" không có hình thức \"%1$s\".",
                        "There is no form \"%1$s\" in plan \"%2$s\".", form, plan_number(served->list[i]));
    }
    if (rc) return rc;
    if (judge->unit_open && !judge->unit_open(judge->arg, doc->unit, doc->to))
        return unit_closed(doc->unit, "to", why);
    return check_topics(doc, served, why);
}

/* A unit that was open on any day of the period may report it: one that was closed in its middle still
 * owes it. */
static int check_open_in(const judge_t *judge, const char *unit, const period_t *p, const char *field,
                         refusal_t *why) {
    if (!judge->unit_open) return BC_OK;
    for (day_t day = p->to; day >= p->from; day--)
        if (judge->unit_open(judge->arg, unit, day)) return BC_OK;
    return unit_closed(unit, field, why);
}

static int check_covers(const document_t *doc, const judge_t *judge, const period_t *p, refusal_t *why) {
    for (size_t i = 0; i < json_array_size(doc->covers); i++) {
        const char *unit = json_string_value(json_array_get(doc->covers, i));
        int rc = check_unit(judge, unit, "covers", why);
        if (rc == BC_OK) rc = check_open_in(judge, unit, p, "covers", why);
        if (rc) return rc;
    }
    return BC_OK;
}

static int judge_period(const document_t *doc, const judge_t *judge, const served_t *served, refusal_t *why) {
    const plan_t *plan = served->list[0];
    const char *calendar = calendar_id(plan_calendar(plan));
    period_t p;
    if (strcmp(doc->calendar, calendar) != 0)
        return refuse(why, "calendar-wrong", "calendar",
                      "Kế hoạch \"%s\" báo cáo theo lịch \"%s\", không phải \"%s\".",
                      "Plan \"%s\" is reported in the calendar \"%s\", not \"%s\".", plan_number(plan),
                      calendar, doc->calendar);
    int rc = calendar_period(plan_calendar(plan), doc->period, &p, why);
    if (rc) return rc;
    if (strcmp(p.kind, plan_period_kind(plan)) != 0)
        return refuse(why, "period-kind", "period",
                      "Kế hoạch \"%s\" báo cáo theo loại kỳ \"%s\"; \"%s\" không phải loại này.",
                      "Plan \"%s\" is reported by \"%s\"; \"%s\" is none.", plan_number(plan),
                      plan_period_kind(plan), doc->period);
    if (p.from > judge->today && judge->future_refused)
        return refuse(why, "period-future", "period", "Kỳ báo cáo \"%s\" chưa bắt đầu.",
                      "Period \"%s\" has not begun.", doc->period);
    rc = check_future(judge, p.from, "period", why);
    if (rc == BC_OK) rc = check_span(plan, p.from, p.to, "period", why);
    if (rc == BC_OK) rc = check_open_in(judge, doc->unit, &p, "period", why);
    return rc ? rc : check_covers(doc, judge, &p, why);
}

/* PROTOCOL.md 8: totals of all but texts and stocks may stand in an aggregate unless the plan says so of
 * them too. */
static int stands_in(const measure_t *m, doc_kind_t kind) {
    if (kind == DOC_ACTIVITY) return m->in & IN_ACTIVITY;
    if (kind == DOC_PERIOD) return m->in & IN_PERIOD;
    return m->in & IN_AGGREGATE || (m->add != ADD_LIST && m->add != ADD_LAST);
}

static int check_measure(const document_t *doc, const served_t *served, const char *id, const json_t *value,
                         refusal_t *why) {
    const measure_t *known = NULL;
    int placed = 0;
    for (size_t i = 0; i < served->count; i++) {
        const measure_t *m = plan_measure(served->list[i], id);
        if (!m) continue;
        known = m;
        if (!stands_in(m, doc->kind)) continue;
        placed = 1;
        int rc = measure_check(m, value, why);
        if (rc) return rc;
    }
    if (!known)
        return refuse(why, "measure-unknown", id, "Không kế hoạch nào được nêu có chỉ tiêu \"%s\".",
                      "None of the plans named has a measure \"%s\".", id);
    if (placed) return BC_OK;
    return refuse(why, "measure-place", id, "Chỉ tiêu \"%1$s%2$.0s\" không dùng trong loại báo cáo này.",
                  "Measure \"%1$.0s%2$s\" does not belong in this kind of document.", known->vi, known->en);
}

static int check_required(const document_t *doc, const plan_t *plan, refusal_t *why) {
    for (size_t i = 0; i < plan_measures(plan); i++) {
        const measure_t *m = plan_measure_at(plan, i);
        if (!m->required || !(m->in & 1 << doc->kind) || json_object_get(doc->measures, m->id)) continue;
        return refuse(why, "measure-missing", m->id, "Thiếu chỉ tiêu bắt buộc \"%1$s%2$.0s\".",
                      "The required measure \"%1$.0s%2$s\" is missing.", m->vi, m->en);
    }
    return BC_OK;
}

static int judge_measures(const document_t *doc, const judge_t *judge, const served_t *served,
                          refusal_t *why) {
    refusal_t odd;
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)doc->measures, id, value) {
        int rc = check_measure(doc, served, id, value, why);
        if (rc) return rc;
    }
    for (size_t i = 0; i < served->count; i++) {
        int rc = check_required(doc, served->list[i], why);
        if (rc) return rc;
        for (size_t k = 0; k < plan_checks(served->list[i]); k++) {
            const check_t *check = plan_check_at(served->list[i], k);
            if (check_holds(check, doc->measures, &odd)) continue;
            if (check_refuses(check)) {
                if (why) *why = odd;
                return BC_REFUSED;
            }
            if (judge->warn) judge->warn(judge->arg, &odd);
        }
    }
    return BC_OK;
}

/* The day it came on paper, and those of the content. */
static int judge_dates(const document_t *doc, const judge_t *judge, refusal_t *why) {
    const char *arrived = json_text(doc->json, "arrived");
    return arrived ? check_future(judge, day_parse(arrived), "arrived", why) : BC_OK;
}

int document_judge(const document_t *doc, const judge_t *judge, refusal_t *why) {
    served_t served = {0};
    int rc = check_sender(doc, judge, why);
    if (rc == BC_OK) rc = find_plans(doc, judge, &served, why);
    if (rc == BC_OK) rc = judge_dates(doc, judge, why);
    if (rc || doc->withdrawn) return rc;
    rc = doc->kind == DOC_ACTIVITY ? judge_activity(doc, judge, &served, why)
                                   : judge_period(doc, judge, &served, why);
    return rc ? rc : judge_measures(doc, judge, &served, why);
}
