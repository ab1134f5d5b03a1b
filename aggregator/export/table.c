/* SPDX-License-Identifier: MPL-2.0 */
/* table.c - the figures of a summary; the board is in table_board.c. */
#include "aggregator/export/table.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define WIDE 4         /* measures that fit beside names on a screen */
#define TEXTS_SHOWN 10 /* of one measure; all stand in JSON and CSV */

void table_heading(const shown_t *s, io_t *io) {
    const asked_t *a = s->asked;
    char from[11], to[11], *period = calendar_label(a->calendar, &a->period, s->lang);
    fprintf(io->out, "%s (%s)\n", unit_name(a->unit, a->tree ? a->tree : a->period.to), unit_code(a->unit));
    fprintf(io->out, "%s: %s (%s - %s)\n", tr(s->lang, "Kỳ báo cáo", "Period"), period,
            day_vi(a->period.from, from), day_vi(a->period.to, to));
    if (a->plan) {
        fprintf(io->out, "%s %s: %s\n", tr(s->lang, "Kế hoạch", "Plan"), plan_number(a->plan),
                plan_title(a->plan, s->lang));
    } else {
        fprintf(io->out, "%s\n", tr(s->lang, "Mọi kế hoạch", "All plans"));
    }
    if (a->group.name)
        io_say(io, "Chỉ các đơn vị có %s: %s\n", "Only units with %s: %s\n", a->group.name, a->group.value);
    if (a->tree) io_say(io, "Theo tổ chức ngày %s\n", "By the tree of %s\n", day_vi(a->tree, from));
    free(period);
}

static void print_source(const shown_t *s, io_t *io) {
    const json_t *d = json_object_get(s->summary, "documents");
    const cursor_t *at = view_at(s->view);
    char when[17];
    io_say(io, "Sổ nhận %.8s…, vị trí %lld (%s)\n", "Log %.8s…, position %lld (%s)\n", at->log,
           (long long)at->position, clock_vi(at->received, when));
    io_say(io,
           "Báo cáo được tính: %lld hoạt động, %lld báo cáo kỳ, %lld báo cáo gộp. Không tính: %lld đã rút, "
           "%lld đã xóa "
           "nội dung, %lld trùng với báo cáo gộp.\n",
           "Documents counted: %lld activities, %lld period reports, %lld aggregates. Not counted: %lld "
           "withdrawn, "
           "%lld redacted, %lld overlapping.\n",
           (long long)json_int(d, "activities", 0), (long long)json_int(d, "periods", 0),
           (long long)json_int(d, "aggregates", 0), (long long)json_int(d, "withdrawn", 0),
           (long long)json_int(d, "redacted", 0), (long long)json_int(d, "left_out", 0));
}

static void add_figure(grid_t *grid, const json_t *measures, const char *name, lang_t lang) {
    char *text = label_figure(json_object_get(measures, name), lang);
    grid_add(grid, text);
    free(text);
}

static void print_measures(const shown_t *s, const column_t *columns, size_t n, io_t *io) {
    const json_t *measures = json_object_get(s->summary, "measures");
    grid_t *grid = grid_new("llrrl");
    grid_add(grid, tr(s->lang, "Chỉ tiêu", "Measure"));
    grid_add(grid, tr(s->lang, "Đơn vị tính", "Unit"));
    grid_add(grid, tr(s->lang, "Số liệu", "Figure"));
    grid_add(grid, tr(s->lang, "Số đơn vị", "Units"));
    grid_add(grid, "");
    for (size_t i = 0; i < n; i++) {
        const json_t *figure = json_object_get(measures, columns[i].name);
        int64_t carried = json_int(figure, "carried", 0);
        grid_add(grid, columns[i].label);
        grid_add(grid, columns[i].unit);
        add_figure(grid, measures, columns[i].name, s->lang);
        grid_addf(grid, "%lld", (long long)json_int(figure, "units", 0));
        if (carried) {
            grid_addf(grid, "%lld %s", (long long)carried,
                      tr(s->lang, "đơn vị lấy số của kỳ trước", "units carried forward"));
        } else {
            grid_add(grid, "");
        }
    }
    fprintf(io->out, "\n%s\n", tr(s->lang, "SỐ LIỆU CHUNG", "FIGURES"));
    if (n == 0) fprintf(io->out, "  %s\n", tr(s->lang, "Chưa có số liệu.", "No figures."));
    grid_print(grid, io->out);
    grid_free(&grid);
}

/* The measures that stand beside names: the first few that are numbers. */
static size_t wide_columns(const column_t *columns, size_t n, const column_t **out) {
    size_t found = 0;
    for (size_t i = 0; i < n && found < WIDE; i++)
        if (strcmp(columns[i].add, "sum") == 0) out[found++] = &columns[i];
    for (size_t i = 0; i < n && found < WIDE; i++)
        if (strcmp(columns[i].add, "last") == 0 || strcmp(columns[i].add, "max") == 0)
            out[found++] = &columns[i];
    return found;
}

static grid_t *wide_grid(const shown_t *s, const char *letters, const char *what, const column_t **wide,
                         size_t n) {
    char align[16];
    snprintf(align, sizeof align, "%s%.*s", letters, (int)n, "rrrrrrrr");
    grid_t *grid = grid_new(align);
    if (strlen(letters) == 3) grid_add(grid, tr(s->lang, "Mã", "Code"));
    grid_add(grid, what);
    grid_add(grid, tr(s->lang, "Hoạt động", "Activities"));
    for (size_t i = 0; i < n; i++)
        grid_add(grid, wide[i]->label);
    return grid;
}

static void add_wide(const shown_t *s, grid_t *grid, const json_t *row, const column_t **wide, size_t n) {
    grid_addf(grid, "%lld", (long long)json_int(row, "activities", 0));
    for (size_t i = 0; i < n; i++)
        add_figure(grid, json_object_get(row, "measures"), wide[i]->name, s->lang);
}

/* `forms`, `topics` or `plans`. */
static void print_table(const shown_t *s, const char *key, const char *title,
                        const char *(*label)(const shown_t *, const char *), const column_t **wide, size_t n,
                        io_t *io) {
    json_t *table = label_by_id(json_object_get(s->summary, key)), *row;
    grid_t *grid = wide_grid(s, "lr", title, wide, n);
    const char *id;
    json_object_foreach(table, id, row) {
        grid_addf(grid, "%s  %s", id, label(s, id));
        add_wide(s, grid, row, wide, n);
    }
    if (json_object_size(table)) fputc('\n', io->out);
    grid_print(grid, io->out);
    grid_free(&grid);
    json_decref(table);
}

static void add_child(const shown_t *s, grid_t *grid, const json_t *row, int own, const column_t **wide,
                      size_t n) {
    grid_add(grid, json_text(row, "code"));
    grid_addf(grid, "%s%s", json_text(row, "name"), own ? tr(s->lang, " (tự tổ chức)", " (its own)") : "");
    add_wide(s, grid, row, wide, n);
}

static void print_children(const shown_t *s, const column_t **wide, size_t n, io_t *io) {
    json_t *rows = json_object_get(s->summary, "children"), *below = json_array();
    size_t count, i;
    json_t *row;
    json_array_foreach(rows, i, row) if (i) json_array_append(below, row);
    const json_t **sorted = label_by_name(below, &count);
    grid_t *grid = wide_grid(s, "llr", tr(s->lang, "Đơn vị", "Unit"), wide, n);
    add_child(s, grid, json_array_get(rows, 0), 1, wide, n);
    for (i = 0; i < count; i++)
        add_child(s, grid, sorted[i], 0, wide, n);
    json_t *joint = label_joint(s);
    if (joint) add_child(s, grid, joint, 0, wide, n);
    json_decref(joint);
    fputc('\n', io->out);
    grid_print(grid, io->out);
    grid_free(&grid);
    free(sorted);
    json_decref(below);
}

static void print_texts(const shown_t *s, const column_t *columns, size_t n, io_t *io) {
    for (size_t i = 0; i < n; i++) {
        const json_t *figure = json_object_get(json_object_get(s->summary, "measures"), columns[i].name);
        const json_t *texts = json_object_get(figure, "texts");
        size_t all = json_array_size(texts);
        if (all) fprintf(io->out, "\n%s\n", columns[i].label);
        for (size_t k = 0; k < all && k < TEXTS_SHOWN; k++) {
            const json_t *t = json_array_get(texts, k);
            fprintf(io->out, "  - %s: %s\n", json_text(t, "unit"), json_text(t, "text"));
        }
        if (all > TEXTS_SHOWN)
            io_say(io, "  … và %zu ý kiến khác (--format csv)\n", "  … and %zu more (--format csv)\n",
                   all - TEXTS_SHOWN);
    }
}

void table_summary(const shown_t *s, day_t today, io_t *io) {
    const column_t *wide[WIDE];
    size_t n;
    column_t *columns = label_columns(s, &n);
    size_t wide_n = wide_columns(columns, n, wide);
    const json_t *board = json_object_get(s->summary, "board");
    table_heading(s, io);
    print_source(s, io);
    print_measures(s, columns, n, io);
    print_table(s, "forms", tr(s->lang, "Hình thức", "Form"), label_form, wide, wide_n, io);
    print_table(s, "topics", tr(s->lang, "Nội dung", "Topic"), label_topic, wide, wide_n, io);
    if (!s->asked->plan)
        print_table(s, "plans", tr(s->lang, "Kế hoạch", "Plan"), label_plan, wide, wide_n, io);
    print_children(s, wide, wide_n, io);
    print_texts(s, columns, n, io);
    if (json_is_object(board)) {
        fputc('\n', io->out);
        table_board(s, board, today, io);
    }
    free(columns);
}
