/* SPDX-License-Identifier: MPL-2.0 */
/* csv.c - the columns are: table, code, name, activities, measure, its label and unit, value, units, note. */
#include "aggregator/export/csv.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/csv.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

typedef struct {
    const shown_t *s;
    column_t *columns;
    size_t n;
    buf_t *out;
} sheet_t;

/* Which table a row belongs to, and to whom or what. */
typedef struct {
    const char *table, *code, *name;
    const json_t *activities;
} row_head_t;

static void put_head(const sheet_t *x) {
    static const char *const heads[][2] = {{"Bảng", "Table"},
                                           {"Mã", "Code"},
                                           {"Tên", "Name"},
                                           {"Hoạt động", "Activities"},
                                           {"Mã chỉ tiêu", "Measure"},
                                           {"Chỉ tiêu", "Label"},
                                           {"Đơn vị tính", "Unit"},
                                           {"Số liệu", "Value"},
                                           {"Số đơn vị có số liệu", "Units"},
                                           {"Ghi chú", "Note"}};
    csv_begin(x->out);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_text(x->out, tr(x->s->lang, heads[i][0], heads[i][1]));
    csv_end_row(x->out);
}

static void put_row_head(const sheet_t *x, const row_head_t *h) {
    csv_text(x->out, h->table);
    csv_text(x->out, h->code);
    csv_text(x->out, h->name);
    if (h->activities) {
        csv_int(x->out, (long long)json_integer_value(h->activities));
    } else {
        csv_blank(x->out);
    }
}

/* A number stays a number; one with a scale is written with a comma, as Excel in Vietnam reads it. */
static void put_value(const sheet_t *x, const json_t *figure) {
    const json_t *value = json_object_get(figure, "value");
    if (value && !json_object_get(figure, "scale")) {
        csv_int(x->out, (long long)json_integer_value(value));
        return;
    }
    char *text = label_figure(figure, x->s->lang);
    csv_text(x->out, strcmp(text, "-") ? text : "");
    free(text);
}

static void put_note(const sheet_t *x, const json_t *figure) {
    int64_t carried = json_int(figure, "carried", 0);
    buf_t note = {0};
    if (carried)
        buf_printf(&note, "%lld %s", (long long)carried,
                   tr(x->s->lang, "đơn vị lấy số của kỳ trước", "units carried forward"));
    size_t i;
    json_t *code;
    json_array_foreach(json_object_get(figure, "codes"), i, code)
        buf_printf(&note, "%s%s", i ? ", " : "", json_string_value(code));
    csv_text(x->out, note.len ? note.data : "");
    buf_free(&note);
}

static void put_figures(const sheet_t *x, const row_head_t *h, const json_t *measures) {
    for (size_t i = 0; i < x->n; i++) {
        const column_t *c = &x->columns[i];
        const json_t *figure = json_object_get(measures, c->name);
        if (!figure) continue;
        put_row_head(x, h);
        csv_text(x->out, c->name);
        csv_text(x->out, c->label);
        csv_text(x->out, c->unit);
        put_value(x, figure);
        csv_int(x->out, (long long)json_int(figure, "units", 0));
        put_note(x, figure);
        csv_end_row(x->out);
    }
}

static void put_table(const sheet_t *x, const char *key,
                      const char *(*label)(const shown_t *, const char *)) {
    json_t *table = label_by_id(json_object_get(x->s->summary, key)), *row;
    const char *id;
    json_object_foreach(table, id, row) {
        row_head_t h = {key, id, label(x->s, id), json_object_get(row, "activities")};
        put_figures(x, &h, json_object_get(row, "measures"));
    }
    json_decref(table);
}

static void put_children(const sheet_t *x) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(x->s->summary, "children"), i, row) {
        row_head_t h = {i ? "children" : "own", json_text(row, "code"), json_text(row, "name"),
                        json_object_get(row, "activities")};
        put_figures(x, &h, json_object_get(row, "measures"));
    }
    json_t *joint = label_joint(x->s);
    row_head_t h = {"joint", "", json_text(joint, "name"), json_object_get(joint, "activities")};
    put_figures(x, &h, json_object_get(joint, "measures"));
    json_decref(joint);
}

static void put_texts(const sheet_t *x) {
    for (size_t i = 0; i < x->n; i++) {
        const column_t *c = &x->columns[i];
        size_t k;
        json_t *t;
        json_array_foreach(
            json_object_get(json_object_get(json_object_get(x->s->summary, "measures"), c->name), "texts"), k,
            t) {
            const unit_t *unit = tree_get(view_tree(x->s->view), json_text(t, "unit"));
            row_head_t h = {"texts", json_text(t, "unit"),
                            unit ? unit_name(unit, x->s->asked->period.to) : "", NULL};
            put_row_head(x, &h);
            csv_text(x->out, c->name);
            csv_text(x->out, c->label);
            csv_blank(x->out);
            csv_blank(x->out);
            csv_blank(x->out);
            csv_text(x->out, json_text(t, "text"));
            csv_end_row(x->out);
        }
    }
}

static void put_board(const sheet_t *x) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(json_object_get(x->s->summary, "board"), "units"), i, row) {
        row_head_t h = {"board", json_text(row, "code"), json_text(row, "name"), NULL};
        const json_t *late = json_object_get(row, "late_days");
        char *contact = label_contact(json_object_get(row, "contact"));
        put_row_head(x, &h);
        csv_text(x->out, json_text(row, "status"));
        csv_text(x->out, label_status(json_text(row, "status"), x->s->lang));
        csv_text(x->out, late ? tr(x->s->lang, "ngày chậm", "days late") : "");
        if (late) {
            csv_int(x->out, (long long)json_integer_value(late));
        } else {
            csv_blank(x->out);
        }
        csv_blank(x->out);
        csv_text(x->out, contact);
        csv_end_row(x->out);
        free(contact);
    }
}

void export_csv(const shown_t *shown, buf_t *out) {
    sheet_t x = {.s = shown, .out = out};
    x.columns = label_columns(shown, &x.n);
    row_head_t all = {"all", unit_code(shown->asked->unit),
                      unit_name(shown->asked->unit, shown->asked->period.to),
                      json_object_get(json_object_get(shown->summary, "documents"), "activities")};
    put_head(&x);
    put_figures(&x, &all, json_object_get(shown->summary, "measures"));
    put_table(&x, "forms", label_form);
    put_table(&x, "topics", label_topic);
    put_table(&x, "plans", label_plan);
    put_children(&x);
    put_texts(&x);
    put_board(&x);
    free(x.columns);
}
