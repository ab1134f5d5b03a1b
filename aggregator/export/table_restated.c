/* SPDX-License-Identifier: MPL-2.0 */
/* table_restated.c - closed figures and what became of them, for the terminal. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

static void print_closing(const json_t *closing, io_t *io) {
    char at[17];
    io_say(io, "Chốt lúc %s tại vị trí %lld của sổ nhận; người chốt: %s.\n",
           "Closed at %s at position %lld of the log, by %s.\n",
           clock_vi(json_int(closing, "received", 0), at), (long long)json_int(closing, "figures", 0),
           json_text(closing, "person"));
    if (!json_is_true(json_object_get(closing, "whole")))
        io_say(io, "Nội dung một báo cáo đã bị gỡ sau khi chốt, nên số liệu cũ dưới đây thiếu báo cáo đó.\n",
               "A document was redacted since, so that the old figures below lack it.\n");
}

/* A value or, where there is none, a dash. */
static void add_value(grid_t *grid, const json_t *value, int scale) {
    char *text = label_value(value, scale);
    grid_add(grid, text);
    free(text);
}

static void add_row(grid_t *grid, const char *label, const char *unit, const json_t *row, int scale) {
    grid_add(grid, label);
    grid_add(grid, unit);
    add_value(grid, json_object_get(row, "was"), scale);
    add_value(grid, json_object_get(row, "is"), scale);
    add_value(grid, json_object_get(row, "difference"), scale);
}

static void add_measures(const shown_t *s, grid_t *grid, const json_t *measures) {
    const char *name;
    json_t *row;
    json_object_foreach((json_t *)measures, name, row) {
        const measure_t *m = label_measure(s, name);
        add_row(grid, m ? tr(s->lang, m->vi, m->en) : name, m ? tr(s->lang, m->unit_vi, m->unit_en) : "", row,
                m ? m->scale : 0);
    }
}

static void add_counts(const shown_t *s, grid_t *grid, const json_t *counts) {
    static const char *const labels[][3] = {
        {"activities", "Hoạt động được tính", "Activities counted"},
        {"periods", "Báo cáo kỳ được tính", "Period reports counted"},
        {"aggregates", "Báo cáo gộp được tính", "Aggregates counted"},
        {"withdrawn", "Báo cáo đã rút", "Documents withdrawn"},
        {"redacted", "Báo cáo bị gỡ nội dung", "Documents redacted"},
        {"left_out", "Không tính vì trùng", "Left out for overlaps"},
        {"expected", "Đơn vị phải báo cáo", "Units expected"},
        {"submitted", "Đơn vị đã gửi báo cáo kỳ", "Units that submitted"},
        {"complete", "Đơn vị đầy đủ", "Units complete"},
        {"mismatch", "Đơn vị chưa khớp", "Units that do not match"},
        {"nil", "Đơn vị không có hoạt động", "Units without activities"},
        {"returned", "Đơn vị được đề nghị chỉnh lý", "Units returned"},
        {"covered", "Đơn vị trong báo cáo gộp", "Units covered"},
        {"active", "Có hoạt động, chưa gửi báo cáo kỳ", "Active, not submitted"},
        {"missing", "Đơn vị chưa báo cáo", "Units missing"},
        {"accepted", "Báo cáo kỳ đã chấp nhận", "Reports accepted"},
        {"on_time", "Báo cáo đúng hạn", "On time"},
        {"late", "Báo cáo chậm", "Late"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const json_t *row = json_object_get(counts, labels[i][0]);
        if (row) add_row(grid, tr(s->lang, labels[i][1], labels[i][2]), "", row, 0);
    }
}

static void print_change(const shown_t *s, const json_t *row, io_t *io) {
    const json_t *was = json_object_get(row, "was"), *is = json_object_get(row, "is");
    const unit_t *unit = tree_get(view_tree(s->view), json_text(row, "unit"));
    char at[17];
    fprintf(io->out, "  %s  %s %s: %s, ", clock_vi(json_int(row, "received", 0), at), json_text(row, "unit"),
            unit ? unit_name(unit, s->asked->period.to) : "",
            label_document(json_text(row, "kind"), s->lang));
    if (json_is_null(was))
        io_say(io, "mới", "new");
    else if (json_is_null(is))
        io_say(io, "không còn được tính", "does not count any more");
    else
        io_say(io, "bản %lld thay bản %lld", "revision %lld for %lld", (long long)json_integer_value(is),
               (long long)json_integer_value(was));
    fprintf(io->out, " (%s)\n", json_text(row, "id"));
}

static void print_changes(const shown_t *s, const json_t *restated, io_t *io) {
    size_t i;
    json_t *row, *changes = json_object_get(restated, "changes"),
                 *others = json_object_get(restated, "others");
    if (json_array_size(changes) || json_array_size(others))
        fprintf(io->out, "\n%s\n", tr(s->lang, "VÌ NHỮNG BÁO CÁO SAU", "BECAUSE OF"));
    json_array_foreach(changes, i, row) print_change(s, row, io);
    json_array_foreach(others, i, row) {
        const char *unit = json_text(row, "unit");
        fprintf(io->out, "  %s %lld: %s %s\n", tr(s->lang, "vị trí", "position"),
                (long long)json_int(row, "position", 0),
                unit ? tr(s->lang, "hồ sơ đơn vị", "record of the unit")
                     : tr(s->lang, "quyết định về báo cáo gộp", "decision on an aggregate"),
                unit ? unit : "");
    }
}

static void print_sent(const shown_t *s, const json_t *sent, int touched, io_t *io) {
    size_t i;
    json_t *row;
    char day[11];
    if (json_array_size(sent))
        fprintf(io->out, "\n%s\n",
                touched ? tr(s->lang, "VĂN BẢN ĐÃ GỬI MANG SỐ LIỆU CŨ", "DOCUMENTS SENT WITH THE OLD FIGURES")
                        : tr(s->lang, "VĂN BẢN ĐÃ GỬI", "DOCUMENTS SENT"));
    json_array_foreach(sent, i, row)
        fprintf(io->out, "  %s, %s, %s%s%s\n", json_text(row, "number"),
                day_vi(day_parse(json_text(row, "date")), day), json_text(row, "signer"),
                json_text(row, "to") ? " -> " : "", json_text(row, "to") ? json_text(row, "to") : "");
}

void table_restated(const shown_t *s, const json_t *restated, io_t *io) {
    const json_t *measures = json_object_get(restated, "measures"),
                 *documents = json_object_get(restated, "documents"),
                 *board = json_object_get(restated, "board");
    int touched = json_object_size(measures) || json_object_size(documents) || json_object_size(board);
    print_closing(json_object_get(restated, "closing"), io);
    grid_t *grid = grid_new("llrrr");
    grid_add(grid, tr(s->lang, "Chỉ tiêu", "Measure"));
    grid_add(grid, tr(s->lang, "Đơn vị tính", "Unit"));
    grid_add(grid, tr(s->lang, "Đã chốt", "Closed"));
    grid_add(grid, tr(s->lang, "Nay", "Now"));
    grid_add(grid, tr(s->lang, "Chênh lệch", "Difference"));
    add_measures(s, grid, measures);
    add_counts(s, grid, documents);
    add_counts(s, grid, board);
    if (touched) {
        fprintf(io->out, "\n%s\n", tr(s->lang, "SỐ LIỆU THAY ĐỔI SAU KHI CHỐT", "CHANGED SINCE"));
        grid_print(grid, io->out);
    } else {
        io_say(io, "Số liệu đã chốt không thay đổi.\n", "The closed figures have not changed.\n");
    }
    grid_free(&grid);
    print_changes(s, restated, io);
    print_sent(s, json_object_get(restated, "sent"), touched, io);
}
