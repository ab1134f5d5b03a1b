/* SPDX-License-Identifier: MPL-2.0 */
/* paper_impl.h - what the parts of a paper share. */
#ifndef BC_PAPER_IMPL_H
#define BC_PAPER_IMPL_H

#include "aggregator/export/paper.h"

typedef struct {
    const shown_t *s;
    const json_t *template, *restated, *targets, *stages;
    const typed_t *typed;
    column_t *columns; /* the summary's measures in the plan's order */
    size_t n;
    json_t *blocks, *annexes;
} paper_t;

/* Appends a block; the text by FORMAT. */
void paper_say(paper_t *self, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* paper_text.c: one part of a section by its name: "coverage", "figures", "forms", "topics", "targets",
 * "stages", "restated", or the id of a measure that is a list of texts. What has nothing to say says
 * nothing. */
void paper_part(paper_t *self, const char *part);

/* paper_annex.c: all annexes. */
void paper_annexes(paper_t *self);

#endif
