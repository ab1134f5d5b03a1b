/* SPDX-License-Identifier: MPL-2.0 */
/* columns.c - finds out what the columns of a table mean. A head nobody knows refuses the file: figures
 * under a misspelt head would be lost without a word. */
#include "agent/columns.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

struct columns {
    size_t count;
    column_t column[];
};

/* Heads by kind, the first the one to recommend; `field` is what refusals call it. */
static const struct {
    column_kind_t kind;
    const char *field;
    const char *heads[8];
} known[] = {
    {COLUMN_NONE, "", {"STT", "TT", "Số TT", "Số thứ tự", "No"}},
    {COLUMN_NOTE, "", {"Ghi chú", "Note", "Notes"}},
    {COLUMN_UNIT, "unit", {"Mã đơn vị", "Đơn vị", "unit"}},
    {COLUMN_PLANS, "plans", {"Kế hoạch", "Số kế hoạch", "Các kế hoạch", "plans", "plan"}},
    {COLUMN_DATE, "from", {"Ngày", "Ngày tổ chức", "Thời gian", "date", "day"}},
    {COLUMN_FROM, "from", {"Từ ngày", "Ngày bắt đầu", "from"}},
    {COLUMN_TO, "to", {"Đến ngày", "Ngày kết thúc", "to"}},
    {COLUMN_FORM, "form", {"Hình thức", "Mã hình thức", "form"}},
    {COLUMN_TOPICS, "topics", {"Nội dung", "Chuyên đề", "Chủ đề", "topics", "topic"}},
    {COLUMN_DOCUMENTS, "documents", {"Văn bản", "Tài liệu", "Văn bản tuyên truyền", "documents", "document"}},
    {COLUMN_INTEGRATED, "integrated", {"Lồng ghép", "integrated"}},
    {COLUMN_TITLE, "title", {"Tên hoạt động", "Hoạt động", "Tên", "title"}},
    {COLUMN_PLACE, "place", {"Địa điểm", "Nơi tổ chức", "place"}},
    {COLUMN_EVENT, "event.code", {"Mã sự kiện", "event"}},
    {COLUMN_ROLE, "event.role", {"Vai trò", "Vai trò trong sự kiện", "role"}},
    {COLUMN_REF, "id", {"Mã dòng", "Mã hoạt động", "Mã số", "Ký hiệu", "ref"}},
    {COLUMN_SOURCE, "source", {"Nguồn", "Hình thức gửi", "source"}},
    {COLUMN_ARRIVED, "arrived", {"Ngày đến", "Ngày nhận", "arrived"}},
    {COLUMN_EVIDENCE, "evidence", {"Minh chứng", "Đường dẫn", "evidence"}},
};
#define KNOWN (sizeof known / sizeof *known)

/* 1 if the folded HEAD is NAME, or NAME with what stands behind it. */
static int is(const char *head, const char *name, const char *behind) {
    char *whole = mem_printf("%s%s", name, behind), *folded = text_fold(whole);
    int equal = strcmp(head, folded) == 0;
    free(folded);
    free(whole);
    return equal;
}

/* 1 if the folded HEAD names the measure: its id, its label, or its label with its unit. */
static int names_measure(const char *head, const measure_t *m) {
    char *vi = mem_printf(" (%s)", m->unit_vi), *en = mem_printf(" (%s)", m->unit_en);
    int yes = is(head, m->id, "") || is(head, m->vi, "") || is(head, m->en, "") || is(head, m->vi, vi) ||
              is(head, m->en, en);
    free(vi);
    free(en);
    return yes;
}

static int names_weight(const char *head, const measure_t *m) {
    return m->add == ADD_WEIGHTED &&
           (is(head, m->id, ".weight") || is(head, m->vi, " (số người được tính)") ||
            is(head, m->vi, " (số người)") || is(head, m->vi, " (trọng số)") || is(head, m->en, " (weight)"));
}

static column_t in_plan(const char *head, const plan_t *plan) {
    for (size_t i = 0; plan && i < plan_measures(plan); i++) {
        const measure_t *m = plan_measure_at(plan, i);
        if (names_measure(head, m)) return (column_t){COLUMN_MEASURE, m};
        if (names_weight(head, m)) return (column_t){COLUMN_WEIGHT, m};
    }
    return (column_t){COLUMN_NONE, NULL};
}

static int is_newest(const plans_t *plans, const plan_t *plan) {
    return plans_get(plans, plan_number(plan), 0) == plan;
}

/* What the head HEAD means to *OUT: 1 if it is known. */
static int find(const char *head, const plans_t *plans, const plan_t *first, column_t *out) {
    char *folded = text_fold(head);
    int found = 0;
    *out = (column_t){COLUMN_NONE, NULL};
    for (size_t i = 0; !found && i < KNOWN; i++)
        for (size_t k = 0; !found && k < 8 && known[i].heads[k]; k++)
            if (is(folded, known[i].heads[k], "")) {
                out->kind = known[i].kind;
                found = 1;
            }
    if (!found) *out = in_plan(folded, first);
    for (size_t i = 0; !found && !out->measure && i < plans_count(plans); i++)
        if (is_newest(plans, plans_at(plans, i))) *out = in_plan(folded, plans_at(plans, i));
    free(folded);
    return found || out->measure;
}

/* The head that HEAD was perhaps meant to be; NULL where none is near. Borrowed. */
static const char *nearest(const char *head, const plans_t *plans) {
    const char *words[1024];
    size_t n = 0;
    for (size_t i = 0; i < KNOWN; i++)
        for (size_t k = 0; k < 8 && known[i].heads[k]; k++)
            words[n++] = known[i].heads[k];
    for (size_t i = 0; i < plans_count(plans); i++)
        for (size_t k = 0; k < plan_measures(plans_at(plans, i)) && n + 2 <= 1024; k++) {
            words[n++] = plan_measure_at(plans_at(plans, i), k)->id;
            words[n++] = plan_measure_at(plans_at(plans, i), k)->vi;
        }
    return text_nearest(head, words, n);
}

static int unknown(const csv_t *csv, size_t column, const plans_t *plans, refusal_t *why) {
    char letter[8];
    const char *head = csv_head(csv, column), *near = nearest(head, plans);
    columns_letter(column, letter);
    if (near)
        return refuse(
            why, "column-unknown", head, "Cột %s có tiêu đề \"%s\" không hiểu được; có phải là \"%s\"?",
            "Column %s has the head \"%s\", which is not known; did you mean \"%s\"?", letter, head, near);
    return refuse(why, "column-unknown", head,
                  "Cột %s có tiêu đề \"%s\" không phải chỉ tiêu nào của kế hoạch. Hãy sửa tiêu đề hoặc xóa "
                  "cột này. Các "
                  "tiêu đề dùng được: baocao-agent plan",
                  "Column %s has the head \"%s\", which is no measure of a plan. Mend the head or delete the "
                  "column. The "
                  "heads to use: baocao-agent plan",
                  letter, head);
}

static int check_twice(const columns_t *self, const csv_t *csv, size_t column, refusal_t *why) {
    const column_t *c = &self->column[column];
    char one[8], other[8];
    for (size_t i = 0; i < column; i++)
        if (c->kind != COLUMN_NONE && self->column[i].kind == c->kind &&
            (!c->measure || strcmp(self->column[i].measure->id, c->measure->id) == 0))
            return refuse(why, "column-twice", csv_head(csv, column),
                          "Cột %s và cột %s cùng một ý nghĩa (\"%s\"). Hãy bỏ một cột.",
                          "Columns %s and %s mean the same (\"%s\"). Take one away.", columns_letter(i, one),
                          columns_letter(column, other), csv_head(csv, column));
    return BC_OK;
}

/* A column without a head must be empty. */
static int check_empty(const csv_t *csv, size_t column, refusal_t *why) {
    char letter[8];
    for (size_t row = 0; row < csv_rows(csv); row++)
        if (*csv_cell(csv, row, (int)column))
            return refuse(why, "column-unknown", NULL, "Cột %s có số liệu (dòng %zu) nhưng không có tiêu đề.",
                          "Column %s has cells (row %zu) but no head.", columns_letter(column, letter),
                          csv_line(csv, row));
    return BC_OK;
}

static int missing(const char *field, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "column-missing", field, "Bảng thiếu cột \"%s\"%.0s.",
                  "The table has no column \"%.0s%s\".", vi, en);
}

static int check_needed(const columns_t *self, refusal_t *why) {
    int date = columns_of(self, COLUMN_DATE) >= 0, from = columns_of(self, COLUMN_FROM) >= 0;
    if (columns_of(self, COLUMN_FORM) < 0) return missing("form", "Hình thức", "form", why);
    if (!date && !from) return missing("from", "Từ ngày", "from", why);
    if (date && from)
        return refuse(why, "column-twice", "from",
                      "Bảng có cả cột \"Ngày\" lẫn cột \"Từ ngày\". Hãy bỏ một cột.",
                      "The table has both a column \"date\" and a column \"from\". Take one away.");
    if (columns_of(self, COLUMN_MEASURE) < 0)
        return refuse(why, "column-missing", "measures", "Bảng không có cột nào là chỉ tiêu của kế hoạch.",
                      "The table has no column that is a measure of a plan.");
    return BC_OK;
}

columns_t *columns_read(const csv_t *csv, const plans_t *plans, const plan_t *plan, refusal_t *why) {
    columns_t *self = mem_alloc(sizeof *self + csv_columns(csv) * sizeof(column_t));
    int rc = BC_OK;
    for (size_t i = 0; !rc && i < csv_columns(csv); i++) {
        const char *head = csv_head(csv, i);
        self->count++;
        if (!*head)
            rc = check_empty(csv, i, why);
        else if (!find(head, plans, plan, &self->column[i]))
            rc = unknown(csv, i, plans, why);
        else
            rc = check_twice(self, csv, i, why);
    }
    if (!rc) rc = check_needed(self, why);
    if (rc) columns_free(&self);
    return self;
}

void columns_free(columns_t **self_p) {
    free(*self_p);
    *self_p = NULL;
}

column_t columns_at(const columns_t *self, size_t column) {
    return self->column[column];
}

int columns_of(const columns_t *self, column_kind_t kind) {
    for (size_t i = 0; i < self->count; i++)
        if (self->column[i].kind == kind) return (int)i;
    return -1;
}

/* 1 if FIELD is NAME or a part of it: "plans[0].version" is a part of "plans". */
static int is_part(const char *field, const char *name) {
    size_t n = strlen(name);
    return n && strncmp(field, name, n) == 0 && (!field[n] || field[n] == '.' || field[n] == '[');
}

int columns_of_field(const columns_t *self, const char *field) {
    for (size_t i = 0; i < self->count; i++)
        if (self->column[i].kind == COLUMN_MEASURE && strcmp(self->column[i].measure->id, field) == 0)
            return (int)i;
    for (size_t k = 0; k < KNOWN; k++) {
        int column = is_part(field, known[k].field) ? columns_of(self, known[k].kind) : -1;
        if (column >= 0) return column;
    }
    if (strcmp(field, "to") == 0) return columns_of_field(self, "from");
    return strcmp(field, "event") == 0 ? columns_of(self, COLUMN_EVENT) : -1;
}

char *columns_letter(size_t column, char out[static 8]) {
    char turned[8];
    int n = 0, at = 0;
    for (size_t left = column + 1; left && n < 7; left = (left - 1) / 26)
        turned[n++] = (char)('A' + (left - 1) % 26);
    while (n > 0)
        out[at++] = turned[--n];
    out[at] = '\0';
    return out;
}
