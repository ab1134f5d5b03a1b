/* SPDX-License-Identifier: MPL-2.0 */
/* table_compare.c - figures beside those of other periods, and those far from what is usual, for the
 * terminal. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

static void add_value(grid_t *grid, const json_t *value, int scale) {
    char *text = label_value(value, scale);
    grid_add(grid, text);
    free(text);
}

/* "+12,5%": by how much NOW is more than THEN; a dash where there is nothing to compare with. */
static void add_change(grid_t *grid, const json_t *now, const json_t *then) {
    int64_t a = json_integer_value(now), b = json_integer_value(then);
    if (!json_is_integer(now) || !json_is_integer(then) || !b) {
        grid_add(grid, "-");
        return;
    }
    int64_t size = a > b ? a - b : b - a, permille = (2000 * size + b) / (2 * b); /* rounded half up */
    grid_addf(grid, "%s%lld,%lld%%",
              a > b   ? "+"
              : a < b ? "-"
                      : "",
              (long long)permille / 10, (long long)permille % 10);
}

static void add_head(grid_t *grid, const json_t *compared, const char *key, lang_t lang) {
    const char *id = json_text(compared, key);
    grid_add(grid, id ? id : tr(lang, "không có", "none"));
    grid_add(grid, tr(lang, "So với", "Change"));
}

void table_compare(const shown_t *s, const json_t *compared, io_t *io) {
    const json_t *measures = json_object_get(compared, "measures");
    grid_t *grid = grid_new("llrrrrr");
    grid_add(grid, tr(s->lang, "Chỉ tiêu", "Measure"));
    grid_add(grid, tr(s->lang, "Đơn vị tính", "Unit"));
    grid_add(grid, json_text(compared, "period"));
    add_head(grid, compared, "before", s->lang);
    add_head(grid, compared, "last_year", s->lang);
    shown_t listed = *s;
    json_t *holder = json_pack("{s:O}", "measures", measures);
    listed.summary = holder;
    size_t n;
    column_t *columns = label_columns(&listed, &n);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_object_get(measures, columns[i].name), *now = json_object_get(row, "value");
        const measure_t *m = label_measure(s, columns[i].name);
        int scale = m ? m->scale : 0;
        grid_add(grid, columns[i].label);
        grid_add(grid, columns[i].unit);
        add_value(grid, now, scale);
        add_value(grid, json_object_get(row, "before"), scale);
        add_change(grid, now, json_object_get(row, "before"));
        add_value(grid, json_object_get(row, "last_year"), scale);
        add_change(grid, now, json_object_get(row, "last_year"));
    }
    grid_print(grid, io->out);
    grid_free(&grid);
    free(columns);
    json_decref(holder);
}

void table_outliers(const shown_t *s, const json_t *outliers, io_t *io) {
    static const char *const heads[][2] = {{"Mã", "Code"},          {"Đơn vị", "Unit"},
                                           {"Chỉ tiêu", "Measure"}, {"Số liệu", "Value"},
                                           {"Mức thường", "Usual"}, {"Số lao động", "Workers"}};
    size_t i;
    json_t *row;
    if (!json_array_size(outliers)) {
        io_say(io, "Không có số liệu nào khác thường.\n", "Nothing is out of the ordinary.\n");
        return;
    }
    io_say(io, "Số liệu khác xa các đơn vị cùng quy mô; hãy hỏi lại đơn vị:\n",
           "Figures far from those of units of the same size; ask the units:\n");
    grid_t *grid = grid_new("lllrrr");
    for (i = 0; i < 6; i++)
        grid_add(grid, tr(s->lang, heads[i][0], heads[i][1]));
    json_array_foreach((json_t *)outliers, i, row) {
        const measure_t *m = label_measure(s, json_text(row, "measure"));
        grid_add(grid, json_text(row, "unit"));
        grid_add(grid, json_text(row, "name"));
        grid_add(grid, m ? tr(s->lang, m->vi, m->en) : json_text(row, "measure"));
        add_value(grid, json_object_get(row, "value"), m ? m->scale : 0);
        add_value(grid, json_object_get(row, "median"), m ? m->scale : 0);
        add_value(grid, json_int(row, "size", 0) ? json_object_get(row, "size") : NULL, 0);
    }
    grid_print(grid, io->out);
    grid_free(&grid);
}
