/* SPDX-License-Identifier: MPL-2.0 */
/* pdf_impl.h - a page being filled from the top; lengths are points (1/72 inch). */
#ifndef BC_PDF_IMPL_H
#define BC_PDF_IMPL_H

#include <jansson.h>
#include <pango/pangocairo.h>

#include "proto/base/mem.h"
#include "proto/base/progress.h"

typedef struct {
    const json_t *paper, *template;
    cairo_t *cr;
    PangoContext *context;
    double left, top, bottom, width; /* where text may stand */
    double y;                        /* how far the page is filled */
    int page;
    progress_t *progress; /* may be NULL */
} pdf_t;

/* New layout of TEXT in a size of the template; HOW: "b" bold, "i" italic. g_object_unref. */
PangoLayout *pdf_layout(const pdf_t *self, const char *text, const char *size, const char *how, double width,
                        PangoAlignment align);
double pdf_height(PangoLayout *layout);
void pdf_draw(const pdf_t *self, PangoLayout *layout, double x, double y);
/* A new page with its number where less than HEIGHT is left. */
void pdf_room(pdf_t *self, double height);
void pdf_new_page(pdf_t *self);
void pdf_rule(const pdf_t *self, double x, double y, double width);

/* pdf_table.c: one annex, its title numbered NO, with its chart. */
void pdf_annex(pdf_t *self, const json_t *annex, int no);

#endif
