/* SPDX-License-Identifier: MPL-2.0 */
/* progress.h - tells whoever waits at a terminal how far it is, and how long it will take: nothing in the
 * first second, then once a second on a line that is written over, or every ten seconds on a new line where
 * nobody looks. */
#ifndef BC_PROGRESS_H
#define BC_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

#include "proto/base/refusal.h"

typedef struct {
    FILE *out;
    lang_t lang;
    const char *vi, *en; /* what is counted */
    int live;            /* the line is written over */
    int64_t began, told; /* ms, monotonic; told 0: nothing was said yet */
    int64_t first;       /* what was done when it began, -1: not known yet */
} progress_t;

/* VI and EN name what is counted ("mục", "entries") and must outlive it. */
progress_t progress_begin(FILE *out, lang_t lang, const char *vi, const char *en);
/* DONE of TOTAL are done (0: nobody knows of how many). SELF may be NULL. */
void progress_step(progress_t *self, int64_t done, int64_t total);
/* Takes a line that is written over away. */
void progress_end(progress_t *self);

#endif
