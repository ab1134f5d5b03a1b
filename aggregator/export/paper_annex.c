/* SPDX-License-Identifier: MPL-2.0 */
/* paper_annex.c - the tables of a paper: figures, forms, topics, units, who has not reported, what was
 * restated; and those only a workbook has room for. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/paper_impl.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define WIDE 4 /* measures beside a name on paper */

static json_t *annex_new(paper_t *p, const char *name, const char *title, int sheet) {
    json_t *annex =
        json_pack("{s:s,s:s,s:b,s:[],s:[]}", "name", name, "title", title, "sheet", sheet, "columns", "rows");
    json_array_append_new(p->annexes, annex);
    return annex;
}

/* WEIGHT: how wide beside the others. */
static void add_column(json_t *annex, const char *head, int number, int weight) {
    json_array_append_new(json_object_get(annex, "columns"),
                          json_pack("{s:s,s:b,s:i}", "head", head, "number", number, "weight", weight));
}

static json_t *add_row(json_t *annex) {
    json_t *row = json_array();
    json_array_append_new(json_object_get(annex, "rows"), row);
    return row;
}

static void add_text(json_t *row, const char *text) {
    json_array_append_new(row, json_string(text ? text : ""));
}

static void add_number(json_t *row, int64_t n) {
    json_array_append_new(row, json_integer(n));
}

static void add_figure(json_t *row, const json_t *figure) {
    json_t *value = json_object_get(figure, "value");
    int scale = (int)json_int(figure, "scale", 0);
    if (!value) {
        json_array_append_new(row, json_null());
    } else if (scale) {
        json_array_append_new(row, json_pack("{s:O,s:i}", "n", value, "scale", scale));
    } else {
        json_array_append(row, value);
    }
}

static void add_measures(paper_t *p) {
    json_t *annex = annex_new(p, "Số liệu", "Số liệu tổng hợp", 0);
    add_column(annex, "Chỉ tiêu", 0, 8);
    add_column(annex, "Đơn vị tính", 0, 3);
    add_column(annex, "Số liệu", 1, 4);
    add_column(annex, "Số đơn vị có số liệu", 1, 3);
    for (size_t i = 0; i < p->n; i++) {
        const column_t *c = &p->columns[i];
        const json_t *figure = json_object_get(json_object_get(p->s->summary, "measures"), c->name);
        if (!label_is_number(c)) continue;
        json_t *row = add_row(annex);
        add_text(row, c->label);
        add_text(row, c->unit);
        add_figure(row, figure);
        add_number(row, json_int(figure, "units", 0));
    }
}

/* The first few sums, then all numbers where there is room. */
static size_t pick(const paper_t *p, int all, const column_t **out) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (all ? label_is_number(&p->columns[i]) : n < WIDE && strcmp(p->columns[i].add, "sum") == 0)
            out[n++] = &p->columns[i];
    return n;
}

static void add_figures(json_t *row, const json_t *from, const column_t **columns, size_t n) {
    add_number(row, json_int(from, "activities", 0));
    for (size_t i = 0; i < n; i++)
        add_figure(row, json_object_get(json_object_get(from, "measures"), columns[i]->name));
}

static void add_heads(json_t *annex, const column_t **columns, size_t n) {
    add_column(annex, "Hoạt động", 1, 2);
    for (size_t i = 0; i < n; i++)
        add_column(annex, columns[i]->label, 1, 3);
}

static void add_table(paper_t *p, const char *key, const char *name, const char *title,
                      const char *(*label)(const shown_t *, const char *), int all) {
    const column_t **columns = mem_alloc((p->n + 1) * sizeof *columns);
    size_t n = pick(p, all, columns);
    json_t *annex = annex_new(p, name, title, all), *table = label_by_id(json_object_get(p->s->summary, key)),
           *from;
    const char *id;
    add_column(annex, "Tên", 0, 6);
    add_heads(annex, columns, n);
    json_object_foreach(table, id, from) {
        json_t *row = add_row(annex);
        add_text(row, label(p->s, id));
        add_figures(row, from, columns, n);
    }
    if (!all) json_object_set_new(annex, "chart", json_pack("{s:i,s:i}", "label", 0, "value", 1));
    json_decref(table);
    free(columns);
}

static void add_unit(json_t *annex, const json_t *from, int own, const column_t **columns, size_t n) {
    json_t *row = add_row(annex);
    add_text(row, json_text(from, "code"));
    if (own) {
        json_array_append_new(row, json_sprintf("%s (tự tổ chức)", json_text(from, "name")));
    } else {
        add_text(row, json_text(from, "name"));
    }
    add_figures(row, from, columns, n);
}

/* The unit's own documents first, then its children by name. */
static void add_units(paper_t *p, const char *name, const char *title, int all) {
    const column_t **columns = mem_alloc((p->n + 1) * sizeof *columns);
    size_t n = pick(p, all, columns), count, i;
    json_t *annex = annex_new(p, name, title, all), *rows = json_object_get(p->s->summary, "children"),
           *below = json_array(), *from;
    add_column(annex, "Mã", 0, 3);
    add_column(annex, "Đơn vị", 0, 6);
    add_heads(annex, columns, n);
    json_array_foreach(rows, i, from) if (i) json_array_append(below, from);
    const json_t **sorted = label_by_name(below, &count);
    add_unit(annex, json_array_get(rows, 0), 1, columns, n);
    for (i = 0; i < count; i++)
        add_unit(annex, sorted[i], 0, columns, n);
    json_t *joint = label_joint(p->s);
    if (joint) add_unit(annex, joint, 0, columns, n);
    json_decref(joint);
    free(sorted);
    json_decref(below);
    free(columns);
}

/* ---- stages ---- */

static int any_stage_has(const json_t *stages, const char *measure) {
    size_t i;
    json_t *stage;
    json_array_foreach((json_t *)stages, i,
                       stage) if (json_object_get(json_object_get(stage, "measures"), measure)) return 1;
    return 0;
}

/* A measure of the plan through all stages; the period asked for may have no figure of it. */
static void add_stage_row(const paper_t *p, json_t *annex, const measure_t *m) {
    size_t i;
    json_t *stage, *row = add_row(annex);
    add_text(row, m->vi);
    add_text(row, m->unit_vi);
    json_array_foreach((json_t *)p->stages, i, stage)
        add_figure(row, json_object_get(json_object_get(stage, "measures"), m->id));
}

/* A column for each stage; one that has not begun stays empty. */
static void add_stages(paper_t *p) {
    size_t i, n = json_array_size(p->stages);
    json_t *stage;
    if (!n) return;
    json_t *annex = annex_new(p, "Giai đoạn", "Kết quả theo giai đoạn của kế hoạch", n > WIDE);
    add_column(annex, "Chỉ tiêu", 0, 6);
    add_column(annex, "Đơn vị tính", 0, 2);
    json_array_foreach((json_t *)p->stages, i, stage) add_column(annex, json_text(stage, "vi"), 1, 3);
    json_t *row = add_row(annex);
    add_text(row, "Hoạt động");
    add_text(row, "hoạt động");
    json_array_foreach((json_t *)p->stages, i, stage) {
        json_t *activities = json_object_get(stage, "activities");
        json_array_append_new(row, activities ? json_incref(activities) : json_null());
    }
    for (i = 0; i < plan_measures(p->s->asked->plan); i++) {
        const measure_t *m = plan_measure_at(p->s->asked->plan, i);
        if (m->add != ADD_LIST && any_stage_has(p->stages, m->id)) add_stage_row(p, annex, m);
    }
}

/* ---- the board ---- */

static void add_board_row(paper_t *p, json_t *annex, const json_t *unit, int all) {
    const char *parent = json_text(unit, "parent"), *last = json_text(unit, "last");
    const unit_t *above = parent ? tree_get(view_tree(p->s->view), parent) : NULL;
    char *contact = label_contact(json_object_get(unit, "contact")), day[11];
    json_t *row = add_row(annex);
    add_text(row, json_text(unit, "code"));
    add_text(row, json_text(unit, "name"));
    add_text(row, above ? unit_name(above, p->s->asked->period.to) : "");
    add_text(row, label_status(json_text(unit, "status"), LANG_VI));
    if (all) {
        const json_t *late = json_object_get(unit, "late_days");
        json_array_append_new(row, late ? json_incref((json_t *)late) : json_null());
    } else {
        add_text(row, last ? day_vi(day_parse(last), day) : "chưa bao giờ");
    }
    add_text(row, contact);
    free(contact);
}

static int is_silent(const json_t *unit) {
    const char *status = json_text(unit, "status");
    return strcmp(status, "missing") == 0 || strcmp(status, "active") == 0;
}

/* ALL: every unit that must report; else those that have not. */
static void add_board(paper_t *p, const char *name, const char *title, int all) {
    const json_t *board = json_object_get(p->s->summary, "board");
    size_t count;
    if (!json_is_object(board)) return;
    const json_t **units = label_by_name(json_object_get(board, "units"), &count);
    json_t *annex = annex_new(p, name, title, all);
    static const char *const heads[] = {"Mã", "Đơn vị", "Cấp trên", "Tình trạng"};
    static const int weights[] = {8, 14, 10, 12}; /* a code in one line, a status in two */
    for (int i = 0; i < 4; i++)
        add_column(annex, heads[i], 0, weights[i]);
    add_column(annex, all ? "Số ngày chậm" : "Hoạt động gần nhất", all, 8);
    add_column(annex, "Liên hệ", 0, 8);
    for (size_t i = 0; i < count; i++)
        if (all || is_silent(units[i])) add_board_row(p, annex, units[i], all);
    free(units);
}

/* ---- texts ---- */

static void add_texts(paper_t *p) {
    json_t *annex = annex_new(p, "Ý kiến", "Phần viết của các đơn vị", 1), *text;
    static const char *const heads[] = {"Mục", "Mã", "Đơn vị", "Nội dung", "Mã báo cáo"};
    static const int weights[] = {3, 2, 4, 12, 5};
    size_t k;
    for (int i = 0; i < 5; i++)
        add_column(annex, heads[i], 0, weights[i]);
    for (size_t i = 0; i < p->n; i++) {
        const json_t *figure =
            json_object_get(json_object_get(p->s->summary, "measures"), p->columns[i].name);
        json_array_foreach(json_object_get(figure, "texts"), k, text) {
            const unit_t *unit = tree_get(view_tree(p->s->view), json_text(text, "unit"));
            json_t *row = add_row(annex);
            add_text(row, p->columns[i].label);
            add_text(row, json_text(text, "unit"));
            add_text(row, unit ? unit_name(unit, p->s->asked->period.to) : "");
            add_text(row, json_text(text, "text"));
            add_text(row, json_text(text, "id"));
        }
    }
}

void paper_annexes(paper_t *self) {
    add_measures(self);
    add_table(self, "forms", "Hình thức", "Kết quả theo hình thức", label_form, 0);
    add_units(self, "Đơn vị", "Kết quả theo đơn vị", 0);
    add_stages(self);
    add_board(self, "Chưa báo cáo", "Danh sách đơn vị chưa gửi báo cáo kỳ", 0);
    add_table(self, "forms", "Hình thức đủ", "Mọi chỉ tiêu theo hình thức", label_form, 1);
    add_table(self, "topics", "Nội dung đủ", "Mọi chỉ tiêu theo nội dung", label_topic, 1);
    add_units(self, "Đơn vị đủ", "Mọi chỉ tiêu theo đơn vị", 1);
    add_board(self, "Tình hình báo cáo", "Tình hình báo cáo của từng đơn vị", 1);
    add_texts(self);
}
