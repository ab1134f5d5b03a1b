/* SPDX-License-Identifier: MPL-2.0 */
/* table_board.c - the reporting board for the terminal. */
#include <stdlib.h>
#include <string.h>

#include "aggregator/export/grid.h"
#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define IDS_SHOWN 3

static long long count(const json_t *board, const char *key) {
    return (long long)json_int(board, key, 0);
}

static void print_counts(const shown_t *s, const json_t *b, io_t *io) {
    fprintf(io->out, "%s\n", tr(s->lang, "TÌNH HÌNH BÁO CÁO", "REPORTING BOARD"));
    io_say(io,
           "  Phải báo cáo: %lld. Đã gửi báo cáo kỳ: %lld (đầy đủ %lld, chưa khớp %lld, không có hoạt động "
           "%lld, đề nghị chỉnh lý %lld).\n"
           "  Trong báo cáo gộp: %lld. Có hoạt động nhưng chưa gửi báo cáo kỳ: %lld. Chưa báo cáo: %lld.\n"
           "  Đúng hạn: %lld. Báo cáo chậm: %lld.\n",
           "  Expected: %lld. Submitted: %lld (complete %lld, mismatch %lld, nil %lld, returned %lld).\n"
           "  Covered by aggregates: %lld. Active but not submitted: %lld. Missing: %lld.\n"
           "  On time: %lld. Late: %lld.\n",
           count(b, "expected"), count(b, "submitted"), count(b, "complete"), count(b, "mismatch"),
           count(b, "nil"), count(b, "returned"), count(b, "covered"), count(b, "active"),
           count(b, "missing"), count(b, "on_time"), count(b, "late"));
    const char *kind;
    json_t *day;
    json_object_foreach(json_object_get(b, "deadline"), kind, day) {
        char text[11];
        fprintf(io->out, "  %s %s: %s\n", tr(s->lang, "Hạn của", "Deadline of"), label_kind(kind, s->lang),
                day_vi(day_parse(json_string_value(day)), text));
    }
}

/* "12/15 (80,0%)". */
static void add_rate(grid_t *grid, int64_t part, int64_t whole) {
    char *share = label_share(part, whole);
    grid_addf(grid, "%lld/%lld (%s%%)", (long long)part, (long long)whole, share);
    free(share);
}

static void print_levels(const shown_t *s, const json_t *board, io_t *io) {
    json_t *levels = json_object_get(board, "levels"), *level;
    const char *kind;
    grid_t *grid = grid_new("lrr");
    grid_add(grid, tr(s->lang, "Loại đơn vị", "Kind of unit"));
    grid_add(grid, tr(s->lang, "Đã gửi", "Sent"));
    grid_add(grid, tr(s->lang, "Đầy đủ", "Complete"));
    json_object_foreach(levels, kind, level) {
        int64_t expected = json_int(level, "expected", 0);
        grid_add(grid, label_kind(kind, s->lang));
        add_rate(grid, json_int(level, "sent", 0), expected);
        add_rate(grid, json_int(level, "complete", 0), expected);
    }
    if (json_object_size(levels)) fputc('\n', io->out);
    grid_print(grid, io->out);
    grid_free(&grid);
}

static int is_returned(const json_t *row) {
    return json_object_get(row, "returned") != NULL;
}

static int is_silent(const json_t *row) {
    const char *status = json_text(row, "status");
    return strcmp(status, "missing") == 0 || strcmp(status, "active") == 0;
}

static int is_mismatch(const json_t *row) {
    return strcmp(json_text(row, "status"), "mismatch") == 0;
}

static int is_late(const json_t *row) {
    return json_object_get(row, "late_days") != NULL;
}

/* The rows that PICK takes, by name. New array, *N long. */
static const json_t **picked(const json_t *board, int (*pick)(const json_t *row), size_t *n) {
    size_t all;
    const json_t **rows = label_by_name(json_object_get(board, "units"), &all);
    *n = 0;
    for (size_t i = 0; i < all; i++)
        if (pick(rows[i])) rows[(*n)++] = rows[i];
    return rows;
}

static const char *parent_name(const shown_t *s, const json_t *row) {
    const char *code = json_text(row, "parent");
    const unit_t *parent = code ? tree_get(view_tree(s->view), code) : NULL;
    return parent ? unit_name(parent, s->asked->period.to) : "";
}

static void add_late(grid_t *grid, const json_t *board, const json_t *row, day_t today, lang_t lang) {
    const char *iso = json_text(row, "until");
    if (!iso) iso = json_text(json_object_get(board, "deadline"), json_text(row, "kind"));
    day_t deadline = iso ? day_parse(iso) : DAY_NONE;
    if (deadline == DAY_NONE || today <= deadline) {
        grid_add(grid, tr(lang, "còn hạn", "not due yet"));
    } else {
        grid_addf(grid, "%d", (int)(today - deadline));
    }
}

static void add_last(grid_t *grid, const json_t *row, lang_t lang) {
    char text[11];
    const char *last = json_text(row, "last");
    grid_add(grid, last ? day_vi(day_parse(last), text) : tr(lang, "chưa bao giờ", "never"));
}

static void add_contact(grid_t *grid, const json_t *row) {
    char *contact = label_contact(json_object_get(row, "contact"));
    grid_add(grid, contact);
    free(contact);
}

void table_missing(const shown_t *s, const json_t *board, day_t today, io_t *io) {
    size_t n;
    const json_t **rows = picked(board, is_silent, &n);
    grid_t *grid = grid_new("lllrlll");
    grid_add(grid, tr(s->lang, "Mã", "Code"));
    grid_add(grid, tr(s->lang, "Đơn vị", "Unit"));
    grid_add(grid, tr(s->lang, "Cấp trên", "Parent"));
    grid_add(grid, tr(s->lang, "Chậm (ngày)", "Days late"));
    grid_add(grid, tr(s->lang, "Tình trạng", "Status"));
    grid_add(grid, tr(s->lang, "Hoạt động gần nhất", "Last reported"));
    grid_add(grid, tr(s->lang, "Liên hệ", "Contact"));
    for (size_t i = 0; i < n; i++) {
        grid_add(grid, json_text(rows[i], "code"));
        grid_add(grid, json_text(rows[i], "name"));
        grid_add(grid, parent_name(s, rows[i]));
        add_late(grid, board, rows[i], today, s->lang);
        grid_add(grid, label_status(json_text(rows[i], "status"), s->lang));
        add_last(grid, rows[i], s->lang);
        add_contact(grid, rows[i]);
    }
    if (n) {
        io_say(io, "CHƯA GỬI BÁO CÁO KỲ: %zu đơn vị\n", "NOT REPORTED: %zu units\n", n);
    } else if (count(board, "expected")) {
        fprintf(io->out, "%s\n", tr(s->lang, "Mọi đơn vị đã báo cáo.", "Every unit has reported."));
    } else {
        io_say(io, "Trong kỳ này không có đơn vị nào phải báo cáo theo kế hoạch.\n",
               "No unit was expected to report under this plan in this period.\n");
    }
    grid_print(grid, io->out);
    grid_free(&grid);
    free(rows);
}

static void put_ids(const shown_t *s, const json_t *row, const char *key, const char *vi, const char *en,
                    buf_t *out) {
    const json_t *ids = json_object_get(row, key);
    size_t n = json_array_size(ids);
    if (!n) return;
    buf_printf(out, "%s%s %zu: ", out->len ? "; " : "", tr(s->lang, vi, en), n);
    for (size_t i = 0; i < n && i < IDS_SHOWN; i++)
        buf_printf(out, "%s%.13s…", i ? ", " : "", json_string_value(json_array_get(ids, i)));
    if (n > IDS_SHOWN) buf_puts(out, ", …");
}

static void print_mismatches(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = picked(board, is_mismatch, &n);
    if (n) fprintf(io->out, "\n%s\n", tr(s->lang, "ĐÃ GỬI NHƯNG CHƯA KHỚP", "SUBMITTED, BUT DOES NOT MATCH"));
    for (size_t i = 0; i < n; i++) {
        buf_t why = {0};
        put_ids(s, rows[i], "missing", "chưa nhận được", "not received", &why);
        put_ids(s, rows[i], "changed", "đã thay đổi", "changed since", &why);
        put_ids(s, rows[i], "later", "gửi thêm sau báo cáo kỳ", "sent after the report", &why);
        fprintf(io->out, "  %s  %s: %s\n", json_text(rows[i], "code"), json_text(rows[i], "name"),
                why.len ? why.data : "");
        buf_free(&why);
    }
    free(rows);
}

/* What staff returned and nobody has mended yet. */
static void print_returned(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = picked(board, is_returned, &n);
    if (n) fprintf(io->out, "\n%s\n", tr(s->lang, "ĐÃ ĐỀ NGHỊ BỔ SUNG, CHỈNH LÝ", "RETURNED FOR CORRECTION"));
    for (size_t i = 0; i < n; i++) {
        buf_t what = {0};
        put_ids(s, rows[i], "returned", "báo cáo", "documents", &what);
        fprintf(io->out, "  %s  %s: %s\n", json_text(rows[i], "code"), json_text(rows[i], "name"), what.data);
        buf_free(&what);
    }
    free(rows);
}

/* Whose deadline was extended, and until when. */
static int is_extended(const json_t *row) {
    return json_object_get(row, "until") != NULL;
}

static void print_extended(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = picked(board, is_extended, &n);
    if (n) fprintf(io->out, "\n%s\n", tr(s->lang, "ĐƯỢC GIA HẠN", "EXTENDED"));
    for (size_t i = 0; i < n; i++) {
        char text[11];
        fprintf(io->out, "  %s  %s: %s %s\n", json_text(rows[i], "code"), json_text(rows[i], "name"),
                tr(s->lang, "đến hết ngày", "until"), day_vi(day_parse(json_text(rows[i], "until")), text));
    }
    free(rows);
}

static void print_exempt(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = label_by_name(json_object_get(board, "exempt"), &n);
    if (n) fprintf(io->out, "\n%s\n", tr(s->lang, "KHÔNG PHẢI BÁO CÁO", "NEED NOT REPORT"));
    for (size_t i = 0; i < n; i++) {
        const char *decision = json_text(rows[i], "decision");
        fprintf(io->out, "  %s  %s%s%s%s\n", json_text(rows[i], "code"), json_text(rows[i], "name"),
                decision ? " (" : "", decision ? decision : "", decision ? ")" : "");
    }
    free(rows);
}

static void print_late(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = picked(board, is_late, &n);
    grid_t *grid = grid_new("llr");
    grid_add(grid, tr(s->lang, "Mã", "Code"));
    grid_add(grid, tr(s->lang, "Đơn vị", "Unit"));
    grid_add(grid, tr(s->lang, "Chậm (ngày)", "Days late"));
    for (size_t i = 0; i < n; i++) {
        grid_add(grid, json_text(rows[i], "code"));
        grid_add(grid, json_text(rows[i], "name"));
        grid_addf(grid, "%lld", (long long)json_int(rows[i], "late_days", 0));
    }
    if (n) fprintf(io->out, "\n%s\n", tr(s->lang, "BÁO CÁO CHẬM", "LATE"));
    grid_print(grid, io->out);
    grid_free(&grid);
    free(rows);
}

static void print_coordinating(const shown_t *s, const json_t *board, io_t *io) {
    size_t n;
    const json_t **rows = label_by_name(json_object_get(board, "coordinating"), &n);
    grid_t *grid = grid_new("llr");
    grid_add(grid, tr(s->lang, "Mã", "Code"));
    grid_add(grid, tr(s->lang, "Đơn vị phối hợp", "Coordinating unit"));
    grid_add(grid, tr(s->lang, "Hoạt động", "Activities"));
    for (size_t i = 0; i < n; i++) {
        grid_add(grid, json_text(rows[i], "code"));
        grid_add(grid, json_text(rows[i], "name"));
        grid_addf(grid, "%lld", (long long)json_int(rows[i], "activities", 0));
    }
    if (n)
        fprintf(io->out, "\n%s\n",
                tr(s->lang, "ĐƠN VỊ PHỐI HỢP (không bắt buộc báo cáo)", "COORDINATING UNITS (not expected)"));
    grid_print(grid, io->out);
    grid_free(&grid);
    free(rows);
}

static const char *choice_label(const shown_t *s, const char *choice) {
    if (!choice) return tr(s->lang, "chờ quyết định", "waiting for a decision");
    if (strcmp(choice, "own") == 0)
        return tr(s->lang, "tính báo cáo của từng đơn vị", "the units' own reports count");
    return tr(s->lang, "tính báo cáo gộp", "the aggregate counts");
}

static void print_overlaps(const shown_t *s, const json_t *board, io_t *io) {
    size_t i, k;
    json_t *row, *code, *rows = json_object_get(board, "overlaps");
    if (json_array_size(rows))
        fprintf(io->out, "\n%s\n",
                tr(s->lang, "BÁO CÁO GỘP TRÙNG VỚI BÁO CÁO CỦA ĐƠN VỊ", "AGGREGATES THAT OVERLAP"));
    json_array_foreach(rows, i, row) {
        fprintf(io->out, "  %s (%s) %s", json_text(row, "aggregate"), json_text(row, "unit"),
                tr(s->lang, "trùng với", "meets"));
        json_array_foreach(json_object_get(row, "with"), k, code)
            fprintf(io->out, "%s %s", k ? "," : "", json_string_value(code));
        fprintf(io->out, ": %s\n", choice_label(s, json_text(row, "choice")));
    }
}

void table_board(const shown_t *s, const json_t *board, day_t today, io_t *io) {
    print_counts(s, board, io);
    print_levels(s, board, io);
    fputc('\n', io->out);
    table_missing(s, board, today, io);
    print_returned(s, board, io);
    print_mismatches(s, board, io);
    print_late(s, board, io);
    print_extended(s, board, io);
    print_exempt(s, board, io);
    print_coordinating(s, board, io);
    print_overlaps(s, board, io);
}
