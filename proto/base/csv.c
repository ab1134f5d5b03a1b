/* SPDX-License-Identifier: MPL-2.0 */
/* Tables in memory: all cells stand behind one another in one buffer, a row knows where its cells
 * begin. libcsv splits; what it does not do is counted here, rows as a spreadsheet numbers them. */
#include "proto/base/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/charset.h"
#include "proto/base/text.h"

enum { ROWS_MAX = 100000, COLUMNS_MAX = 200, SAMPLE_ROWS = 20 };

typedef struct {
    size_t first, cells, line;
} row_t;

struct csv {
    const char *encoding;
    char separator;
    buf_t text;   /* every cell with its NUL */
    size_t *cell; /* where each begins in text */
    size_t cells, cells_cap;
    row_t *row; /* row[0] is the head */
    size_t rows, rows_cap;
};

/* What the two callbacks of libcsv share. */
typedef struct {
    csv_t *csv;
    size_t line;   /* rows ended so far, blank ones too */
    size_t first;  /* first cell of the row at hand */
    size_t filled; /* its cells up to the last that is not blank */
    int after_cr;
    int large;
} reader_t;

static void *grown(void *p, size_t n, size_t *cap, size_t size) {
    if (n < *cap) return p;
    *cap = *cap > 0 ? 2 * *cap : 256;
    return mem_grow(p, *cap * size);
}

static void on_cell(void *p, size_t n, void *ctx) {
    reader_t *r = ctx;
    csv_t *c = r->csv;
    r->after_cr = 0;
    if (r->large) return;
    size_t at = c->text.len;
    buf_add(&c->text, p, n);
    at = (size_t)(text_trim(c->text.data + at) - c->text.data);
    c->text.len = at + strlen(c->text.data + at) + 1;
    c->cell = grown(c->cell, c->cells, &c->cells_cap, sizeof c->cell[0]);
    c->cell[c->cells++] = at;
    if (c->text.data[at] != '\0') r->filled = c->cells - r->first;
    r->large = r->filled > COLUMNS_MAX;
}

static void on_row_end(int sign, void *ctx) {
    reader_t *r = ctx;
    csv_t *c = r->csv;
    if (sign == '\n' && r->after_cr) { /* the second half of CR LF */
        r->after_cr = 0;
        return;
    }
    r->after_cr = sign == '\r';
    r->line++;
    if (r->filled > 0 && c->rows > ROWS_MAX) r->large = 1;
    if (r->filled > 0 && !r->large) {
        c->row = grown(c->row, c->rows, &c->rows_cap, sizeof c->row[0]);
        c->row[c->rows++] = (row_t){r->first, r->filled, r->line};
    }
    r->first = c->cells;
    r->filled = 0;
}

/* Obeys a first line such as `sep=;`; returns where the table begins. */
static const char *after_sep_line(const char *s, char *separator) {
    const char *p = s + (*s == '"');
    if (strncmp(p, "sep=", 4) != 0 || strchr(";,\t", p[4]) == NULL || p[4] == '\0') return s;
    const char *end = p + 5 + (p[5] == '"');
    if (*end != '\r' && *end != '\n') return s;
    *separator = p[4];
    return end + (end[0] == '\r' && end[1] == '\n' ? 2 : 1);
}

/* Counts SIGN outside quotes in each of the first rows that are not empty; returns how many rows. */
static size_t count_signs(const char *s, char sign, size_t count[static SAMPLE_ROWS]) {
    size_t rows = 0, n = 0;
    int quoted = 0, empty = 1;
    for (; *s != '\0' && rows < SAMPLE_ROWS; s++) {
        if (!quoted && (*s == '\r' || *s == '\n')) {
            if (!empty) count[rows++] = n;
            n = 0;
            empty = 1;
            continue;
        }
        empty = 0;
        quoted ^= *s == '"';
        n += !quoted && *s == sign;
    }
    if (!empty && rows < SAMPLE_ROWS) count[rows++] = n;
    return rows;
}

/* The sign that parts cells in most of the first rows, never more often than in the head. Where
 * two do equally well, the one that stands less often inside a Vietnamese text wins. */
static char guess_separator(const char *s) {
    static const char signs[] = {'\t', ';', ','};
    char best = ';';
    size_t most = 0;
    for (size_t i = 0; i < sizeof signs; i++) {
        size_t count[SAMPLE_ROWS], fit = 0, rows = count_signs(s, signs[i], count);
        for (size_t r = 0; r < rows; r++)
            fit += count[r] > 0 && count[r] <= count[0];
        if (fit > most) {
            most = fit;
            best = signs[i];
        }
    }
    return best;
}

static int refuse_large(refusal_t *why) {
    return refuse(why, "csv-large", NULL,
                  "Bảng quá lớn: nhiều nhất %d dòng và %d cột. Hãy chia thành nhiều tệp.",
                  "The table is too large: at most %d rows and %d columns. Split it into several files.",
                  ROWS_MAX, COLUMNS_MAX);
}

static int refuse_quote(const reader_t *r, refusal_t *why) {
    return refuse(
        why, "csv-quote", NULL,
        "Dòng %zu, cột %zu: dấu nháy kép (\") đặt sai chỗ hoặc không đóng. Ô có dấu nháy kép phải được "
        "bao bằng nháy kép, và mỗi dấu bên trong viết hai lần.",
        "Row %zu, column %zu: a double quote (\") stands in the wrong place or is not closed. A cell "
        "with quotes must be quoted as a whole, and each quote inside written twice.",
        r->line + 1, r->csv->cells - r->first + 1);
}

static int refuse_empty(refusal_t *why) {
    return refuse(why, "csv-empty", NULL, "Tệp không có dòng dữ liệu nào dưới dòng tiêu đề.",
                  "The file has no row of data below its head.");
}

/* Splits S into the rows of C. */
static int parse(csv_t *c, const char *s, refusal_t *why) {
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL); /* fails for a NULL parser only */
    csv_set_realloc_func(&parser, mem_grow);
    csv_set_delim(&parser, (unsigned char)c->separator);
    reader_t reader = {.csv = c};
    size_t n = strlen(s);
    int broken = csv_parse(&parser, s, n, on_cell, on_row_end, &reader) != n ||
                 csv_fini(&parser, on_cell, on_row_end, &reader) != 0;
    csv_free(&parser);
    if (reader.large) return refuse_large(why);
    if (broken) return refuse_quote(&reader, why);
    return c->rows > 1 ? 0 : refuse_empty(why);
}

csv_t *csv_read(const char *p, size_t n, refusal_t *why) {
    const char *encoding;
    char *text = charset_decode(p, n, &encoding, why);
    if (text == NULL) return NULL;
    csv_t *c = mem_alloc(sizeof *c);
    c->encoding = encoding;
    const char *table = after_sep_line(text, &c->separator);
    if (table == text) c->separator = guess_separator(text);
    if (parse(c, table, why) != 0) csv_destroy(&c);
    free(text);
    return c;
}

void csv_destroy(csv_t **self_p) {
    csv_t *c = *self_p;
    if (c == NULL) return;
    buf_free(&c->text);
    free(c->cell);
    free(c->row);
    free(c);
    *self_p = NULL;
}

const char *csv_encoding(const csv_t *self) {
    return self->encoding;
}
char csv_separator(const csv_t *self) {
    return self->separator;
}
size_t csv_columns(const csv_t *self) {
    return self->row[0].cells;
}
size_t csv_rows(const csv_t *self) {
    return self->rows - 1;
}

/* Row 0 is the head. */
static const char *cell_at(const csv_t *c, size_t row, size_t column) {
    if (row >= c->rows || column >= c->row[row].cells) return "";
    return c->text.data + c->cell[c->row[row].first + column];
}

const char *csv_head(const csv_t *self, size_t column) {
    return cell_at(self, 0, column);
}

const char *csv_cell(const csv_t *self, size_t row, int column) {
    return column < 0 ? "" : cell_at(self, row + 1, (size_t)column);
}

size_t csv_line(const csv_t *self, size_t row) {
    return row + 1 < self->rows ? self->row[row + 1].line : 0;
}

size_t csv_cells(const csv_t *self, size_t row) {
    return row + 1 < self->rows ? self->row[row + 1].cells : 0;
}

int csv_column(const csv_t *self, const char *name) {
    char *wanted = text_fold(name);
    int found = -1;
    for (size_t i = 0; i < csv_columns(self) && found < 0; i++) {
        char *head = text_fold(csv_head(self, i));
        if (strcmp(head, wanted) == 0) found = (int)i;
        free(head);
    }
    free(wanted);
    return found;
}

void csv_begin(buf_t *out) {
    buf_puts(out, "\xEF\xBB\xBF");
}

/* Each cell ends with the separator; the row's end takes the last one back. */
void csv_text(buf_t *out, const char *s) {
    buf_puts(out, *s != '\0' && strchr("=+-@\t\r", *s) != NULL ? "\"'" : "\"");
    for (const char *quote; (quote = strchr(s, '"')) != NULL; s = quote + 1) {
        buf_add(out, s, (size_t)(quote - s));
        buf_puts(out, "\"\"");
    }
    buf_puts(out, s);
    buf_puts(out, "\";");
}

void csv_int(buf_t *out, long long v) {
    buf_printf(out, "%lld;", v);
}
void csv_blank(buf_t *out) {
    buf_puts(out, ";");
}

void csv_end_row(buf_t *out) {
    if (out->len > 0 && out->data[out->len - 1] == ';') out->len--;
    buf_puts(out, "\r\n");
}
