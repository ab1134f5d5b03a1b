/* SPDX-License-Identifier: MPL-2.0 */
/* grid.h - a table for a terminal: columns aligned by what they take on the screen, which for Vietnamese is
 * neither bytes nor characters. */
#ifndef BC_GRID_H
#define BC_GRID_H

#include <stdio.h>

typedef struct grid grid_t;

/* COLUMNS: one letter each, 'l' left, 'r' right. */
grid_t *grid_new(const char *columns);
void grid_free(grid_t **self_p);
/* The next cell, row after row, the head first. Copies TEXT; line ends become blanks; more than 60 columns
 * are cut with an ellipsis. */
void grid_add(grid_t *self, const char *text);
void grid_addf(grid_t *self, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints head, a rule and rows, indented by two. Prints nothing where there are no rows below the head. */
void grid_print(const grid_t *self, FILE *out);

#endif
