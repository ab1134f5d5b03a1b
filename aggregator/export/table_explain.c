/* SPDX-License-Identifier: MPL-2.0 */
/* table_explain.c - what makes up one figure, and what a plan set out to reach, for the terminal. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

/* The first of a value's texts, or the number, and its weight. */
static void add_value(grid_t *grid, const json_t *document, int scale, lang_t lang) {
    const json_t *texts = json_object_get(document, "texts"), *weight = json_object_get(document, "weight");
    if (texts) {
        const char *first = json_string_value(json_array_get(texts, 0));
        grid_add(grid, first ? first : "-");
        return;
    }
    char *value = label_number(json_int(document, "value", 0), scale);
    if (weight) {
        grid_addf(grid, "%s (%s %lld)", value, tr(lang, "trọng số", "weight"),
                  (long long)json_integer_value(weight));
    } else {
        grid_add(grid, value);
    }
    free(value);
}

static void add_document(const shown_t *s, grid_t *grid, const json_t *unit, const json_t *d, int scale) {
    char day[11];
    size_t revisions = json_array_size(json_object_get(d, "revisions"));
    grid_add(grid, json_text(unit, "unit"));
    grid_add(grid, json_text(unit, "name"));
    add_value(grid, d, scale, s->lang);
    grid_addf(grid, "%s%s", day_vi(day_parse(json_text(d, "day")), day),
              json_object_get(d, "carried") ? tr(s->lang, " (kỳ trước)", " (carried)")
              : json_object_get(d, "joint")
                  ? tr(s->lang, " (đã tính ở đơn vị chủ trì)", " (the host's counts)")
                  : "");
    grid_add(grid, label_document(json_text(d, "kind"), s->lang));
    if (revisions > 1) {
        grid_addf(grid, "%lld/%zu", (long long)json_int(d, "rev", 0), revisions);
    } else {
        grid_addf(grid, "%lld", (long long)json_int(d, "rev", 0));
    }
    grid_addf(grid, "%lld", (long long)json_int(d, "position", 0));
    grid_add(grid, json_text(d, "id"));
}

void table_explain(const shown_t *s, const json_t *explained, io_t *io) {
    const char *name = json_text(explained, "measure");
    const json_t *figure = json_object_get(explained, "figure");
    const measure_t *m = label_measure(s, name);
    char *value = label_figure(figure, s->lang);
    size_t i, k;
    json_t *unit, *d;
    io_say(io, "%s: %s %s, từ %lld đơn vị có số liệu\n", "%s: %s %s, from %lld units\n",
           m ? tr(s->lang, m->vi, m->en) : name, value, m ? tr(s->lang, m->unit_vi, m->unit_en) : "",
           (long long)json_int(figure, "units", 0));
    free(value);
    grid_t *grid = grid_new("llrlllrl");
    static const char *const heads[][2] = {
        {"Mã", "Code"},          {"Đơn vị", "Unit"},  {"Số liệu", "Value"},   {"Ngày", "Day"},
        {"Báo cáo", "Document"}, {"Bản", "Revision"}, {"Vị trí", "Position"}, {"Mã báo cáo", "Id"}};
    for (i = 0; i < 8; i++)
        grid_add(grid, tr(s->lang, heads[i][0], heads[i][1]));
    json_array_foreach(json_object_get(explained, "units"), i, unit)
        json_array_foreach(json_object_get(unit, "documents"), k, d)
            add_document(s, grid, unit, d, m ? m->scale : 0);
    fputc('\n', io->out);
    grid_print(grid, io->out);
    grid_free(&grid);
}

void table_targets(const shown_t *s, const json_t *targets, io_t *io) {
    static const char *const heads[][2] = {{"Mục tiêu", "Target"}, {"Đạt", "Reached"}, {"Trên", "Of"},
                                           {"Tỷ lệ", "Share"},     {"Cần", "Wanted"},  {"Đến ngày", "By"},
                                           {"Kết quả", "Result"}};
    size_t i;
    json_t *t;
    char day[11];
    grid_t *grid = grid_new("lrrrrll");
    for (i = 0; i < 7; i++)
        grid_add(grid, tr(s->lang, heads[i][0], heads[i][1]));
    json_array_foreach((json_t *)targets, i, t) {
        int64_t n = json_int(t, "numerator", 0), d = json_int(t, "denominator", 0);
        char *share = label_share(n, d);
        const char *en = json_text(t, "en");
        grid_add(grid, tr(s->lang, json_text(t, "vi"), en ? en : json_text(t, "vi")));
        grid_addf(grid, "%lld", (long long)n);
        grid_addf(grid, "%lld", (long long)d);
        grid_addf(grid, "%s%%", share);
        grid_addf(grid, "%lld%%", (long long)json_int(t, "value", 0));
        grid_add(grid, day_vi(day_parse(json_text(t, "date")), day));
        grid_add(grid, json_is_true(json_object_get(t, "reached")) ? tr(s->lang, "đạt", "reached")
                                                                   : tr(s->lang, "chưa đạt", "not reached"));
        free(share);
    }
    if (json_array_size(targets))
        grid_print(grid, io->out);
    else
        io_say(io, "Kế hoạch không đặt mục tiêu.\n", "The plan sets no target.\n");
    grid_free(&grid);
}
