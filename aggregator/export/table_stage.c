/* SPDX-License-Identifier: MPL-2.0 */
/* table_stage.c - the stages of a plan side by side, for the terminal. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define STAGES_MOST 40 /* of a plan */

static const char *name_of(const json_t *labelled, lang_t lang) {
    const char *en = json_text(labelled, "en");
    return tr(lang, json_text(labelled, "vi"), en ? en : json_text(labelled, "vi"));
}

static void list_stages(const shown_t *s, const json_t *stages, io_t *io) {
    size_t i;
    json_t *one;
    char from[11], to[11], upto[11];
    json_array_foreach((json_t *)stages, i, one) {
        const char *cut = json_text(one, "upto");
        fprintf(io->out, "  %zu. %s (%s - %s)", i + 1, name_of(one, s->lang),
                day_vi(day_parse(json_text(one, "from")), from), day_vi(day_parse(json_text(one, "to")), to));
        if (!json_object_get(one, "activities"))
            io_say(io, ", chưa đến", ", not begun");
        else if (cut)
            io_say(io, ", tính đến %s", ", up to %s", day_vi(day_parse(cut), upto));
        fputc('\n', io->out);
    }
    fputc('\n', io->out);
}

/* One measure through all stages; nothing where no stage has it, or where it is texts. */
static void add_measure(const shown_t *s, grid_t *grid, const json_t *stages, const measure_t *m) {
    size_t i;
    json_t *one;
    int has = 0;
    json_array_foreach((json_t *)stages, i, one) has |=
        json_object_get(json_object_get(one, "measures"), m->id) != NULL;
    if (!has || m->add == ADD_LIST) return;
    grid_add(grid, tr(s->lang, m->vi, m->en));
    grid_add(grid, tr(s->lang, m->unit_vi, m->unit_en));
    json_array_foreach((json_t *)stages, i, one) {
        const json_t *figure = json_object_get(json_object_get(one, "measures"), m->id);
        char *text = label_value(json_object_get(figure, "value"), m->scale);
        grid_add(grid, text);
        free(text);
    }
}

void table_stages(const shown_t *s, const json_t *stages, io_t *io) {
    size_t n = json_array_size(stages), i;
    char columns[STAGES_MOST + 3] = "ll";
    json_t *one;
    if (!n || n > STAGES_MOST) {
        io_say(io, "Kế hoạch không chia giai đoạn.\n", "The plan has no stages.\n");
        return;
    }
    list_stages(s, stages, io);
    memset(columns + 2, 'r', n);
    columns[n + 2] = '\0';
    grid_t *grid = grid_new(columns);
    grid_add(grid, tr(s->lang, "Chỉ tiêu", "Measure"));
    grid_add(grid, tr(s->lang, "Đơn vị tính", "Unit"));
    for (i = 0; i < n; i++)
        grid_addf(grid, "%s %zu", tr(s->lang, "Giai đoạn", "Stage"), i + 1);
    grid_add(grid, tr(s->lang, "Hoạt động được tính", "Activities counted"));
    grid_add(grid, "");
    json_array_foreach((json_t *)stages, i, one) {
        char *text = label_value(json_object_get(one, "activities"), 0);
        grid_add(grid, text);
        free(text);
    }
    for (i = 0; i < plan_measures(s->asked->plan); i++)
        add_measure(s, grid, stages, plan_measure_at(s->asked->plan, i));
    grid_print(grid, io->out);
    grid_free(&grid);
}
