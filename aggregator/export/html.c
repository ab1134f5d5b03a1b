/* SPDX-License-Identifier: MPL-2.0 */
/* html.c - the parts of a paper in their order; the layout is a few lines of style. */
#include "aggregator/export/html.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/export/markup.h"
#include "aggregator/export/paper.h"
#include "aggregator/export/template.h"
#include "proto/base/json.h"

#define BREAK "<br>"

static const char *said(const json_t *obj, const char *key) {
    const char *text = json_text(obj, key);
    return text ? text : "";
}

static void element(buf_t *out, const char *tag, const char *attributes, const char *text) {
    buf_printf(out, "<%s%s>", tag, attributes);
    markup_text(out, text, BREAK);
    buf_printf(out, "</%s>\n", tag);
}

static void style(const json_t *paper, buf_t *out) {
    const json_t *t = json_object_get(paper, "template");
    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    markup_text(out, said(paper, "abstract"), " ");
    buf_puts(out, "</title>\n<style>\nbody{font-family:\"");
    markup_text(out, said(t, "font"), " ");
    buf_printf(
        out,
        "\",serif;font-size:%gpt;max-width:%gmm;margin:%gmm auto;line-height:1.35}\n"
        "@page{size:%gmm %gmm;margin:%gmm %gmm %gmm %gmm}\n"
        ".pair{display:flex;gap:4mm}.pair>div{flex:1;text-align:center}.pair>.to{text-align:left;font-size:%"
        "gpt}\n"
        "p{text-align:justify;text-indent:12mm;margin:1.5mm 0}.c{text-align:center;text-indent:0}\n"
        ".pair p{text-indent:0;margin:0;text-align:inherit}h1{font-size:1em;margin:4mm 0 1mm 12mm}\n"
        "h2{font-size:1em;font-style:italic;margin:2mm 0 1mm 12mm}h3{text-align:center;font-size:1em}\n"
        "table{border-collapse:collapse;width:100%%;font-size:%gpt}th,td{border:1px solid;padding:1mm}\n"
        "td.n{text-align:right}thead{display:table-header-group}tr{break-inside:avoid}\n"
        ".sign{height:22mm}</style>\n</head>\n<body>\n",
        template_number(t, "sizes", "body"),
        template_number(t, "page", "width_mm") - template_number(t, "page", "left_mm") -
            template_number(t, "page", "right_mm"),
        template_number(t, "page", "top_mm"), template_number(t, "page", "width_mm"),
        template_number(t, "page", "height_mm"), template_number(t, "page", "top_mm"),
        template_number(t, "page", "right_mm"), template_number(t, "page", "bottom_mm"),
        template_number(t, "page", "left_mm"), template_number(t, "sizes", "addressees"),
        template_number(t, "sizes", "table"));
}

static void head(const json_t *paper, buf_t *out) {
    const json_t *h = json_object_get(paper, "head");
    buf_puts(out, "<div class=\"pair\"><div>\n");
    element(out, "p", "", said(h, "parent"));
    buf_puts(out, "<p><b>");
    markup_text(out, said(h, "issuer"), BREAK);
    buf_puts(out, "</b></p>\n<p>_______</p>\n");
    element(out, "p", "", said(h, "number"));
    buf_puts(out, "</div><div>\n<p><b>");
    markup_text(out, said(h, "country"), BREAK);
    buf_puts(out, "</b></p>\n<p><b><u>");
    markup_text(out, said(h, "motto"), BREAK);
    buf_puts(out, "</u></b></p>\n<p>&nbsp;</p>\n<p><i>");
    markup_text(out, said(h, "place"), BREAK);
    buf_puts(out, "</i></p>\n</div></div>\n<p class=\"c\" style=\"margin-top:6mm\"><b>");
    markup_text(out, said(paper, "type"), BREAK);
    buf_puts(out, "</b></p>\n<p class=\"c\"><b>");
    markup_text(out, said(paper, "abstract"), BREAK);
    buf_puts(out, "</b></p>\n");
}

static void blocks(const json_t *paper, buf_t *out) {
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(paper, "blocks"), i, one) {
        const char *kind = said(one, "kind");
        int item = strcmp(kind, "li") == 0;
        char *text = mem_printf("%s%s", item ? "- " : "", said(one, "text"));
        element(out, item ? "p" : kind, "", text);
        free(text);
    }
}

static void signature(const json_t *paper, buf_t *out) {
    size_t i;
    json_t *one;
    buf_puts(
        out,
        "<div class=\"pair\" style=\"margin-top:6mm\"><div class=\"to\">\n<p><b><i>Nơi nhận:</i></b></p>\n");
    json_array_foreach(json_object_get(paper, "addressees"), i, one)
        element(out, "p", "", json_string_value(one));
    buf_puts(out, "</div><div>\n");
    json_array_foreach(json_object_get(paper, "signature"), i, one) {
        buf_puts(out, "<p><b>");
        markup_text(out, json_string_value(one), BREAK);
        buf_puts(out, "</b></p>\n");
    }
    buf_puts(out, "<div class=\"sign\"></div>\n<p><b>");
    markup_text(out, said(paper, "signer"), BREAK);
    buf_puts(out, "</b></p>\n</div></div>\n");
}

static void table(const json_t *annex, int no, buf_t *out) {
    const json_t *columns = json_object_get(annex, "columns");
    size_t i, k;
    json_t *row, *one;
    char *title = mem_printf("Phụ lục %d. %s", no, said(annex, "title"));
    element(out, "h3", "", title);
    free(title);
    buf_puts(out, "<table>\n<thead><tr>");
    json_array_foreach((json_t *)columns, i, one) element(out, "th", "", said(one, "head"));
    buf_puts(out, "</tr></thead>\n<tbody>\n");
    json_array_foreach(json_object_get(annex, "rows"), i, row) {
        buf_puts(out, "<tr>");
        json_array_foreach(row, k, one) {
            char *text = paper_cell(one);
            int number = json_is_true(json_object_get(json_array_get(columns, k), "number"));
            element(out, "td", number ? " class=\"n\"" : "", text);
            free(text);
        }
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</tbody>\n</table>\n");
}

void html_write(const json_t *paper, buf_t *out) {
    size_t i;
    int no = 0;
    json_t *annex;
    style(paper, out);
    head(paper, out);
    blocks(paper, out);
    signature(paper, out);
    json_array_foreach(json_object_get(paper, "annexes"), i,
                       annex) if (!json_is_true(json_object_get(annex, "sheet")) &&
                                  json_array_size(json_object_get(annex, "rows"))) table(annex, ++no, out);
    buf_puts(out, "</body>\n</html>\n");
}
