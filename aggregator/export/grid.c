/* SPDX-License-Identifier: MPL-2.0 */
/* grid.c - cells in one list; widths are measured when the table is printed. */
#include "aggregator/export/grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/text.h"

#define CELL_MOST 60 /* columns of the screen */

struct grid {
    char *align;
    size_t columns;
    char **cells;
    size_t count;
};

grid_t *grid_new(const char *columns) {
    grid_t *self = mem_alloc(sizeof *self);
    self->align = mem_str(columns);
    self->columns = strlen(columns);
    return self;
}

void grid_free(grid_t **self_p) {
    grid_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->count; i++)
        free(self->cells[i]);
    free(self->cells);
    free(self->align);
    free(self);
    *self_p = NULL;
}

/* Cuts S so that it takes at most CELL_MOST columns, the ellipsis included. */
static char *fit(const char *s) {
    char *cut = mem_printf("%s", s);
    for (char *p = cut; *p; p++)
        if ((unsigned char)*p < 0x20) *p = ' ';
    if (text_width(cut) <= CELL_MOST) return cut;
    size_t n = strlen(cut);
    while (text_width(cut) > CELL_MOST - 1)
        text_cut(cut, --n);
    char *whole = mem_printf("%s…", cut);
    free(cut);
    return whole;
}

void grid_add(grid_t *self, const char *text) {
    if ((self->count & (self->count - 1)) == 0) /* grows by doubling */
        self->cells = mem_grow(self->cells, (self->count ? self->count * 2 : 1) * sizeof *self->cells);
    self->cells[self->count++] = fit(text);
}

void grid_addf(grid_t *self, const char *fmt, ...) {
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    text_cut(text, sizeof text - 1);
    grid_add(self, text);
}

static void print_cell(const char *text, int width, int right, int last, FILE *out) {
    int pad = width - text_width(text);
    if (right) fprintf(out, "%*s", pad, "");
    fputs(text, out);
    if (!right && !last) fprintf(out, "%*s", pad, "");
}

static void print_row(const grid_t *self, size_t row, const int *width, FILE *out) {
    size_t end = self->columns; /* no blanks at the end of a line */
    while (end > 1 && !*self->cells[row * self->columns + end - 1])
        end--;
    for (size_t c = 0; c < end; c++) {
        fputs("  ", out);
        print_cell(self->cells[row * self->columns + c], width[c], self->align[c] == 'r', c + 1 == end, out);
    }
    fputc('\n', out);
}

void grid_print(const grid_t *self, FILE *out) {
    size_t rows = self->count / self->columns;
    if (rows < 2) return;
    int *width = mem_alloc(self->columns * sizeof *width), all = 0;
    for (size_t i = 0; i < rows * self->columns; i++) {
        int w = text_width(self->cells[i]);
        if (w > width[i % self->columns]) width[i % self->columns] = w;
    }
    for (size_t c = 0; c < self->columns; c++)
        all += width[c] + 2;
    print_row(self, 0, width, out);
    fputs("  ", out);
    for (int i = 2; i < all; i++)
        fputs("─", out);
    fputc('\n', out);
    for (size_t r = 1; r < rows; r++)
        print_row(self, r, width, out);
    free(width);
}
