/* SPDX-License-Identifier: MPL-2.0 */
/* docx.c - document.xml out of a paper. Lengths in it are twentieths of a point (twips), sizes of type
 * half points. */
#include "aggregator/export/docx.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/export/docx_pack.h"
#include "aggregator/export/markup.h"
#include "aggregator/export/paper.h"
#include "aggregator/export/template.h"
#include "proto/base/json.h"

#define TWIPS_MM 56.6929

typedef struct {
    const json_t *paper, *template;
    buf_t xml;
    int width; /* twips between the margins */
} docx_t;

static int mm(const docx_t *d, const char *name) {
    return (int)(template_number(d->template, "page", name) * TWIPS_MM + 0.5);
}

static int half_points(const docx_t *d, const char *name) {
    return (int)(2 * template_number(d->template, "sizes", name));
}

/* A run of text of a size, "b" bold, "i" italic. */
static void run(docx_t *d, const char *text, const char *size, const char *how) {
    int half = half_points(d, size);
    buf_puts(&d->xml, "<w:r><w:rPr>");
    if (strchr(how, 'b')) buf_puts(&d->xml, "<w:b/>");
    if (strchr(how, 'i')) buf_puts(&d->xml, "<w:i/>");
    buf_printf(&d->xml, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr><w:t xml:space=\"preserve\">",
               half, half);
    markup_text(&d->xml, text, "</w:t><w:br/><w:t xml:space=\"preserve\">");
    buf_puts(&d->xml, "</w:t></w:r>");
}

/* A paragraph of one run. JC: left, center, right, both. */
static void line(docx_t *d, const char *text, const char *size, const char *how, const char *jc) {
    buf_printf(&d->xml,
               "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/><w:ind w:firstLine=\"0\"/><w:jc "
               "w:val=\"%s\"/></w:pPr>",
               jc);
    run(d, text, size, how);
    buf_puts(&d->xml, "</w:p>");
}

/* An empty paragraph with a rule over its middle part. */
static void rule(docx_t *d, int width, int part) {
    int side = width * (100 - part) / 200;
    buf_printf(
        &d->xml,
        "<w:p><w:pPr><w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"auto\"/></w:pBdr>"
        "<w:spacing w:before=\"20\" w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/>"
        "<w:ind w:left=\"%d\" w:right=\"%d\" w:firstLine=\"0\"/></w:pPr></w:p>",
        side, side);
}

static const char *said(const json_t *obj, const char *key) {
    const char *text = json_text(obj, key);
    return text ? text : "";
}

/* ---- heads and signature: two columns without borders ---- */

static void begin_pair(docx_t *d, int left) {
    buf_printf(
        &d->xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout "
        "w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
        "<w:gridCol w:w=\"%d\"/><w:gridCol w:w=\"%d\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>"
        "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>",
        d->width, left, d->width - left, left);
}

static void next_of_pair(docx_t *d, int left) {
    buf_printf(&d->xml, "</w:tc><w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", d->width - left);
}

static void end_pair(docx_t *d) {
    buf_puts(&d->xml, "</w:tc></w:tr></w:tbl>");
}

static void head(docx_t *d) {
    const json_t *h = json_object_get(d->paper, "head");
    int left = d->width * 40 / 100;
    begin_pair(d, left);
    line(d, said(h, "parent"), "parent", "", "center");
    line(d, said(h, "issuer"), "issuer", "b", "center");
    rule(d, left, 40);
    line(d, said(h, "number"), "number", "", "center");
    next_of_pair(d, left);
    line(d, said(h, "country"), "country", "b", "center");
    line(d, said(h, "motto"), "motto", "b", "center");
    rule(d, d->width - left, 60);
    line(d, said(h, "place"), "place", "i", "center");
    end_pair(d);
    line(d, "", "body", "", "center");
    line(d, said(d->paper, "type"), "type", "b", "center");
    line(d, said(d->paper, "abstract"), "abstract", "b", "center");
    rule(d, d->width, 25);
}

static void signature(docx_t *d) {
    size_t i;
    json_t *text;
    int left = d->width * 50 / 100;
    buf_puts(&d->xml, "<w:p><w:pPr><w:keepNext/></w:pPr></w:p>");
    begin_pair(d, left);
    line(d, "Nơi nhận:", "addressees_title", "bi", "left");
    json_array_foreach(json_object_get(d->paper, "addressees"), i, text)
        line(d, json_string_value(text), "addressees", "", "left");
    next_of_pair(d, left);
    json_array_foreach(json_object_get(d->paper, "signature"), i, text)
        line(d, json_string_value(text), "signature", "b", "center");
    for (i = 0; i < 4; i++)
        line(d, "", "signature", "", "center");
    line(d, said(d->paper, "signer"), "signature", "b", "center");
    end_pair(d);
}

/* ---- text ---- */

/* KEEP: on the page of what comes next. */
static void styled(docx_t *d, const char *style, const char *text, int keep) {
    buf_printf(&d->xml, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr><w:r><w:t xml:space=\"preserve\">",
               style, keep ? "<w:keepNext/>" : "");
    markup_text(&d->xml, text, "</w:t><w:br/><w:t xml:space=\"preserve\">");
    buf_puts(&d->xml, "</w:t></w:r></w:p>");
}

/* The signature never stands alone on a page: the last block goes along with it. */
static void blocks(docx_t *d) {
    static const char *const styles[][2] = {
        {"h1", "Heading1"}, {"h2", "Heading2"}, {"p", "BodyText"}, {"li", "ListDash"}};
    size_t i, k;
    json_t *block, *list = json_object_get(d->paper, "blocks");
    json_array_foreach(list, i, block) {
        for (k = 0; strcmp(styles[k][0], said(block, "kind")) != 0; k++)
            ;
        char *text = strcmp(styles[k][0], "li") == 0 ? mem_printf("- %s", said(block, "text"))
                                                     : mem_str(said(block, "text"));
        styled(d, styles[k][1], text, i + 1 == json_array_size(list));
        free(text);
    }
}

/* ---- annexes ---- */

static void cell(docx_t *d, const char *text, int width, const char *how, const char *jc) {
    buf_printf(&d->xml, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", width);
    line(d, text, "table", how, jc);
    buf_puts(&d->xml, "</w:tc>");
}

static void table(docx_t *d, const json_t *annex) {
    const json_t *columns = json_object_get(annex, "columns");
    size_t n = json_array_size(columns), i, k;
    int *widths = mem_alloc((n + 1) * sizeof *widths);
    int64_t weight = 0;
    json_t *row, *one;
    json_array_foreach((json_t *)columns, i, one) weight += json_int(one, "weight", 1);
    buf_printf(
        &d->xml,
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout "
        "w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
        d->width);
    json_array_foreach((json_t *)columns, i, one) {
        widths[i] = (int)(d->width * json_int(one, "weight", 1) / (weight ? weight : 1));
        buf_printf(&d->xml, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    }
    buf_puts(&d->xml, "</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    json_array_foreach((json_t *)columns, i, one) cell(d, said(one, "head"), widths[i], "b", "center");
    buf_puts(&d->xml, "</w:tr>");
    json_array_foreach(json_object_get(annex, "rows"), i, row) {
        buf_puts(&d->xml, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        json_array_foreach(row, k, one) {
            char *text = paper_cell(one);
            int number = json_is_true(json_object_get(json_array_get(columns, k), "number"));
            cell(d, text, widths[k], "", number ? "right" : "left");
            free(text);
        }
        buf_puts(&d->xml, "</w:tr>");
    }
    buf_puts(&d->xml, "</w:tbl>");
    free(widths);
}

static void annexes(docx_t *d) {
    size_t i;
    int no = 0;
    json_t *annex;
    json_array_foreach(json_object_get(d->paper, "annexes"), i, annex) {
        if (json_is_true(json_object_get(annex, "sheet")) || !json_array_size(json_object_get(annex, "rows")))
            continue;
        char *title = mem_printf("Phụ lục %d. %s", ++no, said(annex, "title"));
        styled(d, no == 1 ? "AnnexFirst" : "Annex", title, 0);
        table(d, annex);
        free(title);
    }
}

int docx_write(const json_t *paper, buf_t *out, refusal_t *why) {
    docx_t d = {.paper = paper, .template = json_object_get(paper, "template")};
    int left = mm(&d, "left_mm"), right = mm(&d, "right_mm"), width = mm(&d, "width_mm");
    d.width = width - left - right;
    buf_puts(&d.xml, DOCX_BODY_BEGIN);
    head(&d);
    blocks(&d);
    signature(&d);
    annexes(&d);
    buf_printf(
        &d.xml,
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:headerReference w:type=\"first\" "
        "r:id=\"rId3\"/><w:pgSz w:w=\"%d\" w:h=\"%d\"/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" "
        "w:left=\"%d\" w:header=\"%d\" w:footer=\"0\" "
        "w:gutter=\"0\"/><w:titlePg/></w:sectPr></w:body></w:document>",
        width, mm(&d, "height_mm"), mm(&d, "top_mm"), right, mm(&d, "bottom_mm"), left, mm(&d, "top_mm") / 2);
    int rc = docx_pack(&d.xml, d.template, out, why);
    buf_free(&d.xml);
    return rc;
}
