/* SPDX-License-Identifier: MPL-2.0 */
/* pdf_table.c - a table whose head comes again on each page, and a chart of bars. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/paper.h"
#include "aggregator/export/pdf_impl.h"
#include "proto/base/json.h"

#define PAD 3 /* between a cell's text and its border */
#define BAR 12
#define BAR_STEP 18

typedef struct {
    pdf_t *p;
    const json_t *columns;
    size_t n;
    double *widths;
} grid_on_t;

/* One row; TEXTS by column. */
static void row(const grid_on_t *g, char *const *texts, const char *how) {
    PangoLayout **layouts = mem_alloc((g->n + 1) * sizeof(PangoLayout *));
    double height = 0, x = g->p->left;
    for (size_t i = 0; i < g->n; i++) {
        int number = json_is_true(json_object_get(json_array_get(g->columns, i), "number"));
        PangoAlignment align = *how ? PANGO_ALIGN_CENTER : number ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
        layouts[i] = pdf_layout(g->p, texts[i], "table", how, g->widths[i] - 2 * PAD, align);
        double own = pdf_height(layouts[i]) + 2 * PAD;
        height = own > height ? own : height;
    }
    cairo_set_line_width(g->p->cr, 0.5);
    for (size_t i = 0; i < g->n; i++) {
        cairo_rectangle(g->p->cr, x, g->p->y, g->widths[i], height);
        cairo_stroke(g->p->cr);
        pdf_draw(g->p, layouts[i], x + PAD, g->p->y + PAD);
        g_object_unref(layouts[i]);
        x += g->widths[i];
    }
    g->p->y += height;
    free(layouts);
}

static void heads(const grid_on_t *g) {
    char **texts = mem_alloc((g->n + 1) * sizeof *texts);
    for (size_t i = 0; i < g->n; i++)
        texts[i] = mem_str(json_text(json_array_get(g->columns, i), "head"));
    row(g, texts, "b");
    for (size_t i = 0; i < g->n; i++)
        free(texts[i]);
    free(texts);
}

/* How high the row will be at most: by its longest cell. */
static double needed(const grid_on_t *g, char *const *texts) {
    double height = 0;
    for (size_t i = 0; i < g->n; i++) {
        PangoLayout *layout =
            pdf_layout(g->p, texts[i], "table", "", g->widths[i] - 2 * PAD, PANGO_ALIGN_LEFT);
        double own = pdf_height(layout) + 2 * PAD;
        height = own > height ? own : height;
        g_object_unref(layout);
    }
    return height;
}

static void rows(const grid_on_t *g, const json_t *list) {
    char **texts = mem_alloc((g->n + 1) * sizeof *texts);
    size_t k;
    json_t *one;
    json_array_foreach((json_t *)list, k, one) {
        for (size_t i = 0; i < g->n; i++)
            texts[i] = paper_cell(json_array_get(one, i));
        if (pdf_room(g->p, needed(g, texts))) heads(g);
        row(g, texts, "");
        for (size_t i = 0; i < g->n; i++)
            free(texts[i]);
    }
    free(texts);
}

/* ---- the chart ---- */

static int64_t greatest(const json_t *list, size_t column) {
    int64_t most = 1;
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        int64_t n = json_integer_value(json_array_get(one, column));
        most = n > most ? n : most;
    }
    return most;
}

static void bar(pdf_t *p, const char *label, int64_t value, int64_t most) {
    double names = p->width * 0.42, room = p->width - names - 50,
           length = room * (double)value / (double)most;
    char *number = label_number(value, 0);
    PangoLayout *name = pdf_layout(p, label, "table", "", names - 6, PANGO_ALIGN_RIGHT);
    pango_layout_set_ellipsize(name, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(name, -1);
    PangoLayout *text = pdf_layout(p, number, "table", "", 46, PANGO_ALIGN_LEFT);
    pdf_draw(p, name, p->left, p->y);
    cairo_set_source_rgb(p->cr, 0.25, 0.45, 0.65);
    cairo_rectangle(p->cr, p->left + names, p->y + 1, length > 0.5 ? length : 0.5, BAR);
    cairo_fill(p->cr);
    cairo_set_source_rgb(p->cr, 0, 0, 0);
    pdf_draw(p, text, p->left + names + length + 4, p->y);
    p->y += BAR_STEP;
    g_object_unref(name);
    g_object_unref(text);
    free(number);
}

static void chart(pdf_t *p, const json_t *annex) {
    const json_t *what = json_object_get(annex, "chart"), *list = json_object_get(annex, "rows");
    size_t label = (size_t)json_int(what, "label", 0), value = (size_t)json_int(what, "value", 1), i;
    const char *unit = json_text(json_array_get(json_object_get(annex, "columns"), value), "head");
    int64_t most = greatest(list, value);
    json_t *one;
    char *title = mem_printf("Biểu đồ: %s (%s)", json_text(annex, "title"), unit);
    PangoLayout *layout = pdf_layout(p, title, "table", "b", p->width, PANGO_ALIGN_CENTER);
    pdf_room(p, 3 * BAR_STEP + pdf_height(layout));
    p->y += BAR_STEP / 2.0;
    pdf_draw(p, layout, p->left, p->y);
    p->y += pdf_height(layout) + PAD;
    json_array_foreach((json_t *)list, i, one) {
        if (!json_integer_value(json_array_get(one, value))) continue;
        pdf_room(p, BAR_STEP);
        bar(p, json_string_value(json_array_get(one, label)), json_integer_value(json_array_get(one, value)),
            most);
    }
    g_object_unref(layout);
    free(title);
}

void pdf_annex(pdf_t *p, const json_t *annex, int no) {
    grid_on_t g = {.p = p, .columns = json_object_get(annex, "columns")};
    int64_t weight = 0;
    size_t i;
    json_t *one;
    g.n = json_array_size(g.columns);
    g.widths = mem_alloc((g.n + 1) * sizeof *g.widths);
    json_array_foreach((json_t *)g.columns, i, one) weight += json_int(one, "weight", 1);
    json_array_foreach((json_t *)g.columns, i, one) g.widths[i] =
        p->width * (double)json_int(one, "weight", 1) / (double)weight;
    char *title = mem_printf("Phụ lục %d. %s", no, json_text(annex, "title"));
    PangoLayout *layout = pdf_layout(p, title, "body", "b", p->width, PANGO_ALIGN_CENTER);
    p->y += no == 1 ? 0 : 24;
    pdf_room(p, pdf_height(layout) + 90);
    pdf_draw(p, layout, p->left, p->y);
    p->y += pdf_height(layout) + 8;
    heads(&g);
    rows(&g, json_object_get(annex, "rows"));
    if (json_object_get(annex, "chart")) chart(p, annex);
    g_object_unref(layout);
    free(title);
    free(g.widths);
}
