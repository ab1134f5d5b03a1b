/* SPDX-License-Identifier: MPL-2.0 */
/* paper_text.c - the figures in sentences, and the written part with its sources. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/gather.h"
#include "aggregator/export/paper_impl.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define NAMED 3       /* units named as the source of a text; the others are counted */
#define TEXTS_MOST 40 /* of one kind; all stand in the workbook */

static long long board_int(const json_t *board, const char *key) {
    return (long long)json_int(board, key, 0);
}

/* From how many of how many units it was compiled. */
static void say_coverage(paper_t *p) {
    const json_t *b = json_object_get(p->s->summary, "board"),
                 *d = json_object_get(p->s->summary, "documents");
    long long activities = (long long)json_int(d, "activities", 0);
    if (!json_is_object(b)) {
        paper_say(p, "p", "Báo cáo này được tổng hợp từ %lld hoạt động đã báo cáo.", activities);
        return;
    }
    long long expected = board_int(b, "expected"), sent = board_int(b, "submitted") + board_int(b, "covered"),
              silent = board_int(b, "active") + board_int(b, "missing");
    char *share = label_share(sent, expected);
    paper_say(
        p, "p",
        "Báo cáo này được tổng hợp từ báo cáo của %lld trên %lld đơn vị phải báo cáo (%s%%), với %lld hoạt "
        "động đã thực hiện.",
        sent, expected, share, activities);
    free(share);
    paper_say(p, "li",
              "Báo cáo đầy đủ: %lld đơn vị; trong kỳ không có hoạt động: %lld đơn vị; nằm trong báo cáo gộp "
              "của cấp trên: %lld đơn vị.",
              board_int(b, "complete"), board_int(b, "nil"), board_int(b, "covered"));
    if (board_int(b, "mismatch") || board_int(b, "returned"))
        paper_say(p, "li", "Báo cáo chưa khớp: %lld đơn vị; đã đề nghị bổ sung, chỉnh lý: %lld đơn vị.",
                  board_int(b, "mismatch"), board_int(b, "returned"));
    paper_say(p, "li", "Báo cáo đúng hạn: %lld đơn vị; báo cáo chậm: %lld đơn vị.", board_int(b, "on_time"),
              board_int(b, "late"));
    long long events = (long long)json_int(json_object_get(p->s->summary, "joint"), "events", 0);
    if (events)
        paper_say(
            p, "li",
            "Có %lld sự kiện do nhiều đơn vị cùng tham gia; mỗi sự kiện chỉ tính một lần, theo báo cáo của "
            "đơn vị chủ trì.",
            events);
    if (silent)
        paper_say(p, "li",
                  "Chưa gửi báo cáo kỳ: %lld đơn vị (danh sách tại Phụ lục); số liệu các đơn vị này đã báo "
                  "cáo, nếu có, vẫn được tính.",
                  silent);
}

static void say_figures(paper_t *p) {
    paper_say(p, "p", "Kết quả chung:");
    for (size_t i = 0; i < p->n; i++) {
        const column_t *c = &p->columns[i];
        const json_t *figure = json_object_get(json_object_get(p->s->summary, "measures"), c->name);
        long long carried = (long long)json_int(figure, "carried", 0);
        if (!label_is_number(c)) continue;
        char *value = label_figure(figure, LANG_VI);
        char *more =
            carried ? mem_printf(", trong đó %lld đơn vị lấy số của kỳ trước", carried) : mem_str("");
        paper_say(p, "li", "%s: %s %s (%lld đơn vị có số liệu%s).", c->label, value, c->unit,
                  (long long)json_int(figure, "units", 0), more);
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

static void say_table(paper_t *p, const char *key, const char *opening,
                      const char *(*label)(const shown_t *, const char *)) {
    const column_t *columns[3];
    size_t n = leading(p, columns, 3);
    json_t *table = label_by_id(json_object_get(p->s->summary, key)), *row;
    const char *id;
    if (json_object_size(table)) paper_say(p, "p", "%s", opening);
    json_object_foreach(table, id, row) {
        buf_t line = {0};
        long long activities = (long long)json_int(row, "activities", 0);
        buf_printf(&line, "%s: ", label(p->s, id));
        if (activities) buf_printf(&line, "%lld hoạt động", activities);
        for (size_t i = 0; i < n; i++) {
            const json_t *figure = json_object_get(json_object_get(row, "measures"), columns[i]->name);
            char *value = label_figure(figure, LANG_VI);
            if (figure)
                buf_printf(&line, "%s%s %s %s", activities || i ? "; " : "", columns[i]->label, value,
                           columns[i]->unit);
            free(value);
        }
        paper_say(p, "li", "%s.", line.data);
        buf_free(&line);
    }
    json_decref(table);
}

static void say_targets(paper_t *p) {
    size_t i;
    json_t *t;
    char day[11];
    if (json_array_size(p->targets)) paper_say(p, "p", "So với mục tiêu của kế hoạch:");
    json_array_foreach((json_t *)p->targets, i, t) {
        int64_t n = json_int(t, "numerator", 0), d = json_int(t, "denominator", 0);
        char *share = label_share(n, d);
        paper_say(p, "li", "%s (đến ngày %s): %lld trên %lld, %s%%; %s.", json_text(t, "vi"),
                  day_vi(day_parse(json_text(t, "date")), day), (long long)n, (long long)d, share,
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
    else if (strcmp(part, "restated") == 0)
        say_restated(self);
    else
        say_texts(self, part);
}
