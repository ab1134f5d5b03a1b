/* SPDX-License-Identifier: MPL-2.0 */
/* paper_text.c - the figures in sentences, and the written part with its sources. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/gather.h"
#include "aggregator/export/paper_impl.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/text.h"

#define NAMED 3       /* units named as the source of a text; the others are counted */
#define TEXTS_MOST 40 /* of one kind; all stand in the workbook */

/* A count as people write it; lives as long as the expression it stands in. */
typedef struct {
    char text[28];
} count_t;

static count_t counted(int64_t n) {
    count_t out = {""};
    text_grouped(n, out.text);
    return out;
}

static count_t count_of(const json_t *obj, const char *key) {
    return counted(json_int(obj, key, 0));
}

/* How the units that must report have done it. */
static void say_board(paper_t *p, const json_t *b, int64_t activities) {
    int64_t expected = json_int(b, "expected", 0),
            sent = json_int(b, "submitted", 0) + json_int(b, "covered", 0);
    char *share = label_share(sent, expected);
    paper_say(
        p, "p",
        "Báo cáo này được tổng hợp từ báo cáo của %s trên %s đơn vị phải báo cáo (%s%%), với %s hoạt động đã "
        "thực hiện.",
        counted(sent).text, counted(expected).text, share, counted(activities).text);
    free(share);
    paper_say(p, "li",
              "Báo cáo đầy đủ: %s đơn vị; trong kỳ không có hoạt động: %s đơn vị; nằm trong báo cáo gộp của "
              "cấp trên: %s đơn vị.",
              count_of(b, "complete").text, count_of(b, "nil").text, count_of(b, "covered").text);
    if (json_int(b, "mismatch", 0) || json_int(b, "returned", 0))
        paper_say(p, "li", "Báo cáo chưa khớp: %s đơn vị; đã đề nghị bổ sung, chỉnh lý: %s đơn vị.",
                  count_of(b, "mismatch").text, count_of(b, "returned").text);
    paper_say(p, "li", "Báo cáo đúng hạn: %s đơn vị; báo cáo chậm: %s đơn vị.", count_of(b, "on_time").text,
              count_of(b, "late").text);
}

/* From how many of how many units it was compiled. */
static void say_coverage(paper_t *p) {
    const json_t *b = json_object_get(p->s->summary, "board"),
                 *d = json_object_get(p->s->summary, "documents");
    int64_t activities = json_int(d, "activities", 0);
    if (!json_is_object(b)) {
        paper_say(p, "p", "Báo cáo này được tổng hợp từ %s hoạt động đã báo cáo.", counted(activities).text);
        return;
    }
    say_board(p, b, activities);
    int64_t events = json_int(json_object_get(p->s->summary, "joint"), "events", 0),
            silent = json_int(b, "active", 0) + json_int(b, "missing", 0);
    if (events)
        paper_say(
            p, "li",
            "Có %s sự kiện do nhiều đơn vị cùng tham gia; mỗi sự kiện chỉ tính một lần, theo báo cáo của "
            "đơn vị chủ trì.",
            counted(events).text);
    if (silent)
        paper_say(
            p, "li",
            "Chưa gửi báo cáo kỳ: %s đơn vị (danh sách tại Phụ lục); số liệu các đơn vị này đã báo cáo, "
            "nếu có, vẫn được tính.",
            counted(silent).text);
}

static void say_figures(paper_t *p) {
    paper_say(p, "p", "Kết quả chung:");
    for (size_t i = 0; i < p->n; i++) {
        const column_t *c = &p->columns[i];
        const json_t *figure = json_object_get(json_object_get(p->s->summary, "measures"), c->name);
        int64_t carried = json_int(figure, "carried", 0);
        if (!label_is_number(c)) continue;
        char *value = label_figure(figure, LANG_VI);
        char *more = carried ? mem_printf(", trong đó %s đơn vị lấy số của kỳ trước", counted(carried).text)
                             : mem_str("");
        paper_say(p, "li", "%s: %s %s (%s đơn vị có số liệu%s).", c->label, value, c->unit,
                  count_of(figure, "units").text, more);
        free(more);
        free(value);
    }
}

/* The measures that go into a line about a form or topic. */
static size_t leading(const paper_t *p, const column_t **out, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < most; i++)
        if (strcmp(p->columns[i].add, "sum") == 0) out[n++] = &p->columns[i];
    return n;
}

/* One line about a form, topic or stage: its activities and first sums. */
static void say_row(paper_t *p, const char *label, const json_t *row) {
    const column_t *columns[3];
    size_t n = leading(p, columns, 3), said = 0;
    buf_t line = {0};
    int64_t activities = json_int(row, "activities", 0);
    if (activities && ++said) buf_printf(&line, "%s hoạt động", counted(activities).text);
    for (size_t i = 0; i < n; i++) {
        const json_t *figure = json_object_get(json_object_get(row, "measures"), columns[i]->name);
        char *value = label_figure(figure, LANG_VI);
        if (figure)
            buf_printf(&line, "%s%s %s %s", said++ ? "; " : "", columns[i]->label, value, columns[i]->unit);
        free(value);
    }
    paper_say(p, "li", "%s: %s.", label, said ? line.data : "chưa có số liệu");
    buf_free(&line);
}

static void say_table(paper_t *p, const char *key, const char *opening,
                      const char *(*label)(const shown_t *, const char *)) {
    json_t *table = label_by_id(json_object_get(p->s->summary, key)), *row;
    const char *id;
    if (json_object_size(table)) paper_say(p, "p", "%s", opening);
    json_object_foreach(table, id, row) say_row(p, label(p->s, id), row);
    json_decref(table);
}

/* Those that have begun; all of them stand in the annex. */
static void say_stages(paper_t *p) {
    size_t i;
    json_t *stage;
    if (json_array_size(p->stages)) paper_say(p, "p", "Theo giai đoạn của kế hoạch:");
    json_array_foreach((json_t *)p->stages, i, stage) {
        char from[11], upto[11];
        const char *to = json_text(stage, "upto");
        if (!json_object_get(stage, "activities")) continue;
        char *label = mem_printf("%s (từ ngày %s đến ngày %s)", json_text(stage, "vi"),
                                 day_vi(day_parse(json_text(stage, "from")), from),
                                 day_vi(day_parse(to ? to : json_text(stage, "to")), upto));
        say_row(p, label, stage);
        free(label);
    }
}

static void say_targets(paper_t *p) {
    size_t i;
    json_t *t;
    char day[11];
    if (json_array_size(p->targets)) paper_say(p, "p", "So với mục tiêu của kế hoạch:");
    json_array_foreach((json_t *)p->targets, i, t) {
        int64_t n = json_int(t, "numerator", 0), d = json_int(t, "denominator", 0);
        char *share = label_share(n, d);
        paper_say(p, "li", "%s (đến ngày %s): %s trên %s, %s%%; %s.", json_text(t, "vi"),
                  day_vi(day_parse(json_text(t, "date")), day), counted(n).text, counted(d).text, share,
                  json_is_true(json_object_get(t, "reached")) ? "đã đạt" : "chưa đạt");
        free(share);
    }
}

/* ---- restated ---- */

static void say_restatement(paper_t *p, const json_t *r) {
    const json_t *closing = json_object_get(r, "closing"), *period = json_object_get(r, "period");
    json_t *change, *sent;
    const char *name;
    char day[11];
    size_t i;
    period_t held;
    if (calendar_period(p->s->asked->calendar, json_text(period, "id"), &held, NULL)) return;
    char *label = calendar_label(p->s->asked->calendar, &held, LANG_VI);
    paper_say(p, "p",
              "Số liệu %s đã chốt ngày %s được điều chỉnh, do có %zu báo cáo bổ sung, chỉnh lý sau khi chốt:",
              label, day_vi(clock_day(json_int(closing, "received", 0)), day),
              json_array_size(json_object_get(r, "changes")));
    free(label);
    json_object_foreach(json_object_get(r, "measures"), name, change) {
        const measure_t *m = label_measure(p->s, name);
        if (m && m->add == ADD_LIST) continue; /* how many texts there are says nothing */
        int64_t difference = json_int(change, "difference", 0);
        int scale = m ? m->scale : 0;
        char *was = label_number(json_int(change, "was", 0), scale),
             *is = label_number(json_int(change, "is", 0), scale);
        char *by = label_number(difference < 0 ? -difference : difference, scale);
        paper_say(p, "li", "%s: từ %s thành %s %s (%s %s).", m ? m->vi : name, was, is, m ? m->unit_vi : "",
                  difference < 0 ? "giảm" : "tăng", by);
        free(by);
        free(is);
        free(was);
    }
    json_array_foreach(json_object_get(r, "sent"), i, sent)
        paper_say(p, "li", "Văn bản số %s ngày %s mang số liệu trước khi điều chỉnh.",
                  json_text(sent, "number"), day_vi(day_parse(json_text(sent, "date")), day));
}

static void say_restated(paper_t *p) {
    size_t i;
    json_t *r;
    if (json_array_size(p->restated)) paper_say(p, "h2", "Điều chỉnh số liệu kỳ trước");
    json_array_foreach((json_t *)p->restated, i, r) say_restatement(p, r);
}

/* ---- the written part ---- */

static const char *unit_label(const paper_t *p, const char *code) {
    const unit_t *unit = tree_get(view_tree(p->s->view), code);
    return unit ? unit_name(unit, p->s->asked->period.to) : code;
}

static char *sources(const paper_t *p, const gathered_t *g) {
    buf_t out = {0};
    size_t named = g->unit_count <= NAMED ? g->unit_count : NAMED - 1;
    for (size_t i = 0; i < named; i++)
        buf_printf(&out, "%s%s", i ? "; " : "", unit_label(p, g->units[i]));
    if (named < g->unit_count) buf_printf(&out, " và %zu đơn vị khác", g->unit_count - named);
    return out.data;
}

static void say_texts(paper_t *p, const char *measure) {
    size_t count;
    for (size_t i = 0; i < p->n; i++) {
        const column_t *c = &p->columns[i];
        if (strcmp(c->name, measure) != 0 || label_is_number(c)) continue;
        const json_t *figure = json_object_get(json_object_get(p->s->summary, "measures"), c->name);
        gathered_t *list = gather_texts(figure, &count);
        if (count) paper_say(p, "h2", "%s", c->label);
        for (size_t k = 0; k < count && k < TEXTS_MOST; k++) {
            char *from = sources(p, &list[k]);
            paper_say(p, "li", "%s (%s)", list[k].text, from);
            free(from);
        }
        if (count > TEXTS_MOST)
            paper_say(p, "li", "Và %zu ý kiến khác (xem bảng tính kèm theo).", count - TEXTS_MOST);
        gather_free(&list, count);
    }
}

void paper_part(paper_t *self, const char *part) {
    if (strcmp(part, "coverage") == 0)
        say_coverage(self);
    else if (strcmp(part, "figures") == 0)
        say_figures(self);
    else if (strcmp(part, "forms") == 0)
        say_table(self, "forms", "Theo hình thức:", label_form);
    else if (strcmp(part, "topics") == 0)
        say_table(self, "topics", "Theo nội dung (một hoạt động có thể có nhiều nội dung):", label_topic);
    else if (strcmp(part, "targets") == 0)
        say_targets(self);
    else if (strcmp(part, "stages") == 0)
        say_stages(self);
    else if (strcmp(part, "restated") == 0)
        say_restated(self);
    else
        say_texts(self, part);
}
