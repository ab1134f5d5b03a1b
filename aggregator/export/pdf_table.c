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
    PangoLayout *layout;
    char *text; /* set into it */
} cell_t;

typedef struct {
    pdf_t *p;
    const json_t *columns;
    size_t n;
    double *widths;
    cell_t *head, *cell; /* by column; a row's texts are set into CELL */
    double *rule; /* the heights of the lines to be drawn on this page, above each row and below the last */
    size_t rules;
} grid_on_t;

static double height_of(const grid_on_t *g, const cell_t *cells) {
    double height = 0;
    for (size_t i = 0; i < g->n; i++) {
        double own = pdf_height(cells[i].layout) + 2 * PAD;
        height = own > height ? own : height;
    }
    return height;
}

static void add_rule(grid_on_t *g, double y) {
    if ((g->rules & (g->rules - 1)) == 0) /* grows by doubling */
        g->rule = mem_grow(g->rule, (g->rules ? g->rules * 2 : 1) * sizeof *g->rule);
    g->rule[g->rules++] = y;
}

/* The lines of what stands on this page, all at once: a frame around each cell costs as much as its text. */
static void draw_rules(grid_on_t *g) {
    cairo_t *cr = g->p->cr;
    if (!g->rules) return;
    double x = g->p->left, above = g->rule[0], below = g->rule[g->rules - 1];
    cairo_set_line_width(cr, 0.5);
    for (size_t i = 0; i < g->rules; i++) {
        cairo_move_to(cr, g->p->left, g->rule[i]);
        cairo_rel_line_to(cr, g->p->width, 0);
    }
    for (size_t i = 0; i <= g->n; x += g->widths[i++]) {
        cairo_move_to(cr, x, above);
        cairo_line_to(cr, x, below);
    }
    cairo_stroke(cr);
    g->rules = 0;
}

static void draw(grid_on_t *g, const cell_t *cells, double height) {
    double x = g->p->left;
    for (size_t i = 0; i < g->n; x += g->widths[i++])
        if (*cells[i].text) pdf_draw(g->p, cells[i].layout, x + PAD, g->p->y + PAD);
    if (!g->rules) add_rule(g, g->p->y);
    g->p->y += height;
    add_rule(g, g->p->y);
}

static void draw_head(grid_on_t *g) {
    draw(g, g->head, height_of(g, g->head));
}

/* Owns TEXT. What stands in the row above as well is laid out already. */
static void set(cell_t *cell, char *text) {
    if (strcmp(cell->text, text) != 0) pango_layout_set_text(cell->layout, text, -1);
    free(cell->text);
    cell->text = text;
}

static void rows(grid_on_t *g, const json_t *list) {
    size_t k;
    json_t *one;
    json_array_foreach((json_t *)list, k, one) {
        for (size_t i = 0; i < g->n; i++)
            set(&g->cell[i], paper_cell(json_array_get(one, i)));
        double height = height_of(g, g->cell);
        if (g->p->y + height > g->p->bottom) {
            draw_rules(g);
            pdf_new_page(g->p);
            draw_head(g);
        }
        draw(g, g->cell, height);
    }
    draw_rules(g);
}

/* Layouts are made once: to make one for each cell takes as long as to lay it out. */
static void grid_open(grid_on_t *g) {
    int64_t weight = 0;
    size_t i;
    json_t *one;
    g->n = json_array_size(g->columns);
    g->widths = mem_alloc((g->n + 1) * sizeof *g->widths);
    g->head = mem_alloc((g->n + 1) * sizeof *g->head);
    g->cell = mem_alloc((g->n + 1) * sizeof *g->cell);
    json_array_foreach((json_t *)g->columns, i, one) weight += json_int(one, "weight", 1);
    json_array_foreach((json_t *)g->columns, i, one) {
        g->widths[i] = g->p->width * (double)json_int(one, "weight", 1) / (double)weight;
        double room = g->widths[i] - 2 * PAD;
        PangoAlignment align =
            json_is_true(json_object_get(one, "number")) ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
        const char *head = json_text(one, "head");
        g->head[i] = (cell_t){pdf_layout(g->p, head, "table", "b", room, PANGO_ALIGN_CENTER), mem_str(head)};
        g->cell[i] = (cell_t){pdf_layout(g->p, "", "table", "", room, align), mem_str("")};
    }
}

static void grid_close(grid_on_t *g) {
    for (size_t i = 0; i < g->n; i++) {
        g_object_unref(g->head[i].layout);
        g_object_unref(g->cell[i].layout);
        free(g->head[i].text);
        free(g->cell[i].text);
    }
    free(g->head);
    free(g->cell);
    free(g->rule);
    free(g->widths);
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
    grid_open(&g);
    char *title = mem_printf("Phụ lục %d. %s", no, json_text(annex, "title"));
    PangoLayout *layout = pdf_layout(p, title, "body", "b", p->width, PANGO_ALIGN_CENTER);
    p->y += no == 1 ? 0 : 24;
    pdf_room(p, pdf_height(layout) + 90);
    pdf_draw(p, layout, p->left, p->y);
    p->y += pdf_height(layout) + 8;
    draw_head(&g);
    rows(&g, json_object_get(annex, "rows"));
    if (json_object_get(annex, "chart")) chart(p, annex);
    g_object_unref(layout);
    free(title);
    grid_close(&g);
}
