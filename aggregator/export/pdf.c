/* SPDX-License-Identifier: MPL-2.0 */
/* pdf.c - head, text and signature; tables and chart are in pdf_table.c. */
#include "aggregator/export/pdf.h"

#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>

#include "aggregator/export/pdf_impl.h"
#include "aggregator/export/template.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define POINTS_MM (72.0 / 25.4)
#define INDENT 36    /* of a first line */
#define PARAGRAPH 4  /* between two */
#define SIGNATURE 60 /* room for one */

static const char *said(const json_t *obj, const char *key) {
    const char *text = json_text(obj, key);
    return text ? text : "";
}

static double mm(const pdf_t *p, const char *name) {
    return template_number(p->template, "page", name) * POINTS_MM;
}

PangoLayout *pdf_layout(const pdf_t *self, const char *text, const char *size, const char *how, double width,
                        PangoAlignment align) {
    PangoLayout *layout = pango_layout_new(self->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, said(self->template, "font"));
    pango_font_description_set_size(font,
                                    (int)(template_number(self->template, "sizes", size) * PANGO_SCALE));
    if (strchr(how, 'b')) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    if (strchr(how, 'i')) pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

double pdf_height(PangoLayout *layout) {
    int height;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

void pdf_draw(const pdf_t *self, PangoLayout *layout, double x, double y) {
    cairo_move_to(self->cr, x, y);
    pango_cairo_show_layout(self->cr, layout);
}

void pdf_new_page(pdf_t *self) {
    char number[16];
    cairo_show_page(self->cr);
    snprintf(number, sizeof number, "%d", ++self->page);
    progress_step(self->progress, self->page, 0);
    PangoLayout *layout = pdf_layout(self, number, "page_number", "", self->width, PANGO_ALIGN_CENTER);
    pdf_draw(self, layout, self->left, self->top / 2 - pdf_height(layout) / 2);
    g_object_unref(layout);
    self->y = self->top;
}

void pdf_room(pdf_t *self, double height) {
    if (self->y + height > self->bottom) pdf_new_page(self);
}

void pdf_rule(const pdf_t *self, double x, double y, double width) {
    cairo_set_line_width(self->cr, 0.7);
    cairo_move_to(self->cr, x, y);
    cairo_line_to(self->cr, x + width, y);
    cairo_stroke(self->cr);
}

/* Draws at X, *Y and moves *Y below it. */
static void put(const pdf_t *p, const char *text, const char *size, const char *how, double x, double width,
                PangoAlignment align, double *y) {
    PangoLayout *layout = pdf_layout(p, text, size, how, width, align);
    pdf_draw(p, layout, x, *y);
    *y += pdf_height(layout);
    g_object_unref(layout);
}

/* ---- the head ---- */

static void head(pdf_t *p) {
    const json_t *h = json_object_get(p->paper, "head");
    double left = p->width * 0.42, right = p->width - left, x = p->left + left, y = p->y, z = p->y;
    put(p, said(h, "parent"), "parent", "", p->left, left, PANGO_ALIGN_CENTER, &y);
    put(p, said(h, "issuer"), "issuer", "b", p->left, left, PANGO_ALIGN_CENTER, &y);
    pdf_rule(p, p->left + left * 0.3, y + 3, left * 0.4);
    put(p, said(h, "country"), "country", "b", x, right, PANGO_ALIGN_CENTER, &z);
    PangoLayout *motto = pdf_layout(p, said(h, "motto"), "motto", "b", right, PANGO_ALIGN_CENTER);
    PangoRectangle ink;
    pango_layout_get_extents(motto, NULL, &ink);
    pdf_draw(p, motto, x, z);
    z += pdf_height(motto);
    g_object_unref(motto);
    pdf_rule(p, x + (double)ink.x / PANGO_SCALE, z + 3,
             (double)ink.width / PANGO_SCALE); /* as long as the line */
    y = z = (y > z ? y : z) + 12;
    put(p, said(h, "number"), "number", "", p->left, left, PANGO_ALIGN_CENTER, &y);
    put(p, said(h, "place"), "place", "i", x, right, PANGO_ALIGN_CENTER, &z);
    p->y = (y > z ? y : z) + 18;
    put(p, said(p->paper, "type"), "type", "b", p->left, p->width, PANGO_ALIGN_CENTER, &p->y);
    put(p, said(p->paper, "abstract"), "abstract", "b", p->left, p->width, PANGO_ALIGN_CENTER, &p->y);
    pdf_rule(p, p->left + p->width * 0.38, p->y + 4, p->width * 0.24);
    p->y += 16;
}

/* ---- text ---- */

static double signature_height(const pdf_t *p) {
    return 40 + 16.0 * (double)json_array_size(json_object_get(p->paper, "addressees")) + SIGNATURE;
}

/* Line by line, so that a paragraph may go on over the page. */
static void flow(pdf_t *p, PangoLayout *layout) {
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle line;
        PangoLayoutLine *text = pango_layout_iter_get_line_readonly(at);
        pango_layout_iter_get_line_extents(at, NULL, &line);
        double height = (double)line.height / PANGO_SCALE;
        int baseline = pango_layout_iter_get_baseline(at);
        pdf_room(p, height);
        cairo_move_to(p->cr, p->left + (double)line.x / PANGO_SCALE,
                      p->y + (double)(baseline - line.y) / PANGO_SCALE);
        pango_cairo_show_layout_line(p->cr, text);
        p->y += height;
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
}

/* LAST: the signature never stands alone on a page, so the last block goes along with it. */
static void block(pdf_t *p, const json_t *one, int last) {
    const char *kind = said(one, "kind");
    int heading = kind[0] == 'h', item = strcmp(kind, "li") == 0;
    const char *how = strcmp(kind, "h1") == 0 ? "b" : heading ? "bi" : "";
    char *text = mem_printf("%s%s", item ? "- " : "", said(one, "text"));
    PangoLayout *layout = pdf_layout(p, text, "body", how, p->width, PANGO_ALIGN_LEFT);
    pango_layout_set_indent(layout, INDENT * PANGO_SCALE);
    pango_layout_set_justify(layout, !heading);
    pango_layout_set_line_spacing(layout, 1.1f);
    if (heading) pdf_room(p, 3 * pdf_height(layout)); /* never alone at the foot of a page */
    double with = pdf_height(layout) + PARAGRAPH + signature_height(p);
    if (last && p->top + with <= p->bottom) pdf_room(p, with);
    p->y += heading ? 2 * PARAGRAPH : PARAGRAPH;
    flow(p, layout);
    g_object_unref(layout);
    free(text);
}

static void signature(pdf_t *p) {
    const json_t *addressees = json_object_get(p->paper, "addressees"),
                 *lines = json_object_get(p->paper, "signature");
    double left = p->width * 0.5, x = p->left + left, y, z;
    size_t i;
    json_t *one;
    pdf_room(p, signature_height(p));
    y = z = p->y + 18;
    put(p, "Nơi nhận:", "addressees_title", "bi", p->left, left, PANGO_ALIGN_LEFT, &y);
    json_array_foreach((json_t *)addressees, i, one)
        put(p, json_string_value(one), "addressees", "", p->left, left - 8, PANGO_ALIGN_LEFT, &y);
    json_array_foreach((json_t *)lines, i, one)
        put(p, json_string_value(one), "signature", "b", x, left, PANGO_ALIGN_CENTER, &z);
    z += SIGNATURE;
    put(p, said(p->paper, "signer"), "signature", "b", x, left, PANGO_ALIGN_CENTER, &z);
    p->y = y > z ? y : z;
}

/* ---- the whole ---- */

/* Times New Roman itself, or a font that is as wide: else lines and pages break elsewhere than they
 * should. */
static int font_there(const pdf_t *p, refusal_t *why) {
    static const char *const same[] = {"Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes",
                                       NULL};
    const char *asked = said(p->template, "font");
    PangoFontDescription *wanted = pango_font_description_new();
    pango_font_description_set_family(wanted, asked);
    PangoFont *font = pango_context_load_font(p->context, wanted);
    PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
    const char *family = got ? pango_font_description_get_family(got) : "";
    int there = strcmp(family, asked) == 0;
    for (int i = 0; same[i] && strcmp(asked, same[0]) == 0; i++)
        there |= strcmp(family, same[i]) == 0;
    if (!there)
        refuse(why, "font-missing", asked,
               "Máy này không có phông \"%s\" hoặc phông tương đương; trên Debian hãy cài gói "
               "fonts-liberation2.",
               "This machine has neither the font \"%s\" nor one of its metrics; on Debian install "
               "fonts-liberation2.",
               asked);
    if (got) pango_font_description_free(got);
    if (font) g_object_unref(font);
    pango_font_description_free(wanted);
    return there;
}

static cairo_status_t take(void *out, const unsigned char *bytes, unsigned n) {
    buf_add(out, bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

static void fill(pdf_t *p) {
    size_t i;
    int no = 0;
    json_t *one;
    head(p);
    const json_t *blocks = json_object_get(p->paper, "blocks");
    json_array_foreach((json_t *)blocks, i, one) block(p, one, i + 1 == json_array_size(blocks));
    signature(p);
    json_array_foreach(json_object_get(p->paper, "annexes"), i, one) {
        if (json_is_true(json_object_get(one, "sheet")) || !json_array_size(json_object_get(one, "rows")))
            continue;
        if (!no) pdf_new_page(p);
        pdf_annex(p, one, ++no);
    }
}

int pdf_write(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    pdf_t p = {
        .paper = paper, .template = json_object_get(paper, "template"), .page = 1, .progress = progress};
    p.left = mm(&p, "left_mm");
    p.top = p.y = mm(&p, "top_mm");
    p.width = mm(&p, "width_mm") - p.left - mm(&p, "right_mm");
    p.bottom = mm(&p, "height_mm") - mm(&p, "bottom_mm");
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take, out, mm(&p, "width_mm"), mm(&p, "height_mm"));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, said(paper, "abstract"));
    /* Fixed, as in the archives: the same paper, the same file. */
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2024-01-01T00:00:00Z");
    p.cr = cairo_create(surface);
    PangoFontMap *fonts = pango_cairo_font_map_new(); /* of our own, so that it can be given back */
    p.context = pango_font_map_create_context(fonts);
    pango_cairo_context_set_resolution(p.context, 72); /* else a point is 96/72 of one */
    /* No hinting: that of a screen sets letters apart on paper. */
    pango_cairo_update_context(p.cr, p.context);
    pango_context_set_round_glyph_positions(p.context, FALSE);
    int rc = font_there(&p, why) ? BC_OK : BC_REFUSED;
    if (rc == BC_OK) fill(&p);
    g_object_unref(p.context);
    g_object_unref(fonts);
    cairo_destroy(p.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (rc == BC_OK && status != CAIRO_STATUS_SUCCESS)
        rc = refuse(why, "document-failed", NULL, "Không tạo được tệp PDF (%s).",
                    "The PDF file can not be made (%s).", cairo_status_to_string(status));
    return rc;
}
