/* SPDX-License-Identifier: MPL-2.0 */
/* gather.h - the written part of many reports as one list: what several units say in almost the same
 * words stands once, with all of them as its source. */
#ifndef BC_GATHER_H
#define BC_GATHER_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

typedef struct {
    const char *text;        /* as the first of them wrote it; borrowed from the figure */
    const char **units;      /* codes, each once, borrowed */
    size_t unit_count, said; /* SAID: how many texts it stands for */
} gathered_t;

/* The texts of a FIGURE of the kind `list`, those of most units first, else in the figure's order. Two
 * are alike where they have at least four fifths of their words in common, without marks and case. New
 * array of *COUNT. */
gathered_t *gather_texts(const json_t *figure, size_t *count);
void gather_free(gathered_t **list_p, size_t count);

#endif
