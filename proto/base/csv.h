/* csv.h - tables as people make them in Excel: any of `;` `,` TAB, BOM, UTF-16, CP1258, quotes.
 *
 * Reading by libcsv (strict), with our own row and column numbers. The encoding and the separator
 * are guessed and told. (The destructor is csv_destroy since libcsv has a csv_free of its own.) */
#ifndef BC_CSV_H
#define BC_CSV_H

#include <stddef.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

typedef struct csv csv_t;

/* Parses N bytes: the first row is the head; a line `sep=;` before it is obeyed and not counted.
 * Text is converted to UTF-8 and NFC, cells are trimmed (no-break spaces too); blank rows are left
 * out but counted. Refuses "csv-encoding", "csv-quote" (row and column), "csv-empty" (no row below
 * the head), "csv-large" (over 100,000 rows or 200 columns). NULL on refusal. */
csv_t *csv_read(const char *p, size_t n, refusal_t *why);
void csv_destroy(csv_t **self_p);
const char *csv_encoding(const csv_t *self); /* "UTF-8", "UTF-16LE", "UTF-16BE", "CP1258" */
char csv_separator(const csv_t *self);
size_t csv_columns(const csv_t *self);
const char *csv_head(const csv_t *self, size_t column); /* as written; "" past the end */
/* Column whose head is NAME, compared folded (text_fold), -1 where there is none. */
int csv_column(const csv_t *self, const char *name);
/* Rows below the head. */
size_t csv_rows(const csv_t *self);
/* Row number in the file as a spreadsheet shows it (the head is row 1). */
size_t csv_line(const csv_t *self, size_t row);
/* Cells of a row up to its last one that is not blank. More than csv_columns means a separator
 * inside an unquoted cell, and that what follows stands in the wrong column. */
size_t csv_cells(const csv_t *self, size_t row);
/* Cell; "" where absent or COLUMN is negative. Borrowed. */
const char *csv_cell(const csv_t *self, size_t row, int column);

/* Writing, as Excel in Vietnam opens it: BOM once, `;`, CRLF, text quoted, a cell that starts with
 * = + - @ TAB or CR gets a leading apostrophe. Each adds one cell. */
void csv_begin(buf_t *out);
void csv_text(buf_t *out, const char *s);
void csv_int(buf_t *out, long long v);
void csv_blank(buf_t *out);
void csv_end_row(buf_t *out);

#endif
