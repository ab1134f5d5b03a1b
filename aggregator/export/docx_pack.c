/* SPDX-License-Identifier: MPL-2.0 */
/* docx_pack.c - the parts of the archive that do not depend on what the document says. */
#include "aggregator/export/docx_pack.h"

#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "aggregator/export/template.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define OOXML "http://schemas.openxmlformats.org/package/2006/"
#define WORD "application/vnd.openxmlformats-officedocument.wordprocessingml."
/* 1 January 2024 as DOS has it, without a time zone: the same paper gives the same bytes anywhere. */
#define MADE_DAY ((2024 - 1980) << 9 | 1 << 5 | 1)

static const char content_types[] =
    DOCX_XML "<Types xmlns=\"" OOXML "content-types\"><Default Extension=\"rels\" ContentType=\"application/"
             "vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
             "ContentType=\"application/xml\"/>"
             "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD "document.main+xml\"/>"
             "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD "styles+xml\"/>"
             "<Override PartName=\"/word/header1.xml\" ContentType=\"" WORD "header+xml\"/>"
             "<Override PartName=\"/word/header2.xml\" ContentType=\"" WORD "header+xml\"/></Types>";
static const char package_rels[] =
    DOCX_XML "<Relationships xmlns=\"" OOXML "relationships\"><Relationship Id=\"rId1\" Type=\"" DOCX_R
             "/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
static const char document_rels[] =
    DOCX_XML "<Relationships xmlns=\"" OOXML "relationships\"><Relationship Id=\"rId1\" Type=\"" DOCX_R
             "/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"" DOCX_R
             "/header\" Target=\"header1.xml\"/><Relationship Id=\"rId3\" Type=\"" DOCX_R
             "/header\" Target=\"header2.xml\"/></Relationships>";
static const char first_header[] = DOCX_XML "<w:hdr xmlns:w=\"" DOCX_W "\"><w:p/></w:hdr>";

static void put_style(buf_t *out, const char *id, const char *name, const char *based, const char *paragraph,
                      const char *letters) {
    buf_printf(
        out,
        "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>%s<w:qFormat/><w:pPr>%s</w:pPr>"
        "<w:rPr>%s</w:rPr></w:style>",
        id, name, based ? "<w:basedOn w:val=\"Normal\"/>" : "", paragraph, letters);
}

static void put_styles(const json_t *template, buf_t *out) {
    const char *font = json_text(template, "font");
    int body = (int)(2 * template_number(template, "sizes", "body"));
    buf_printf(
        out,
        DOCX_XML
        "<w:styles xmlns:w=\"" DOCX_W "\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"%s\" "
        "w:hAnsi=\"%s\" w:cs=\"%s\" w:eastAsia=\"%s\"/><w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/><w:lang "
        "w:val=\"vi-VN\"/></w:rPr></w:rPrDefault></w:docDefaults>",
        font, font, font, font, body, body);
    buf_puts(out, "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
                  "w:val=\"Normal\"/><w:qFormat/></w:style>");
    put_style(out, "BodyText", "Body Text", "Normal",
              "<w:spacing w:before=\"60\" w:after=\"60\" w:line=\"288\" w:lineRule=\"auto\"/><w:ind "
              "w:firstLine=\"720\"/><w:jc w:val=\"both\"/>",
              "");
    put_style(out, "ListDash", "List Bullet", "Normal",
              "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"276\" w:lineRule=\"auto\"/><w:ind "
              "w:firstLine=\"720\"/><w:jc w:val=\"both\"/>",
              "");
    put_style(
        out, "Heading1", "heading 1", "Normal",
        "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"60\"/><w:ind w:firstLine=\"720\"/><w:outlineLvl "
        "w:val=\"0\"/>",
        "<w:b/>");
    put_style(
        out, "Heading2", "heading 2", "Normal",
        "<w:keepNext/><w:spacing w:before=\"100\" w:after=\"40\"/><w:ind w:firstLine=\"720\"/><w:outlineLvl "
        "w:val=\"1\"/>",
        "<w:b/><w:i/>");
    put_style(out, "AnnexFirst", "Annex First", "Normal",
              "<w:keepNext/><w:pageBreakBefore/><w:spacing w:before=\"0\" w:after=\"120\"/><w:jc "
              "w:val=\"center\"/>",
              "<w:b/>");
    put_style(out, "Annex", "Annex", "Normal",
              "<w:keepNext/><w:spacing w:before=\"360\" w:after=\"120\"/><w:jc w:val=\"center\"/>", "<w:b/>");
    buf_puts(out, "<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table "
                  "Grid\"/><w:tblPr><w:tblBorders>");
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    for (size_t i = 0; i < 6; i++)
        buf_printf(out, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>", sides[i]);
    buf_puts(out, "</w:tblBorders></w:tblPr></w:style></w:styles>");
}

static void put_header(const json_t *template, buf_t *out) {
    int half = (int)(2 * template_number(template, "sizes", "page_number"));
    buf_printf(
        out,
        DOCX_XML
        "<w:hdr xmlns:w=\"" DOCX_W "\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:sz "
        "w:val=\"%d\"/></w:rPr><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:rPr><w:sz w:val=\"%d\"/>"
        "</w:rPr><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar "
        "w:fldCharType=\"end\"/></w:r></w:p></w:hdr>",
        half, half);
}

static int add(zip_t *archive, const char *name, const char *data, size_t n) {
    zip_source_t *source = zip_source_buffer(archive, data, n, 0);
    if (!source) return BC_REFUSED;
    zip_int64_t at = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return BC_REFUSED;
    }
    return zip_file_set_dostime(archive, (zip_uint64_t)at, 0, MADE_DAY, 0) ? BC_REFUSED : BC_OK;
}

/* What the archive has become in memory. */
static int take(zip_source_t *target, buf_t *out) {
    zip_stat_t st;
    if (zip_source_stat(target, &st) || zip_source_open(target)) return BC_REFUSED;
    char *bytes = mem_alloc(st.size + 1);
    zip_int64_t n = zip_source_read(target, bytes, st.size);
    if (n > 0) buf_add(out, bytes, (size_t)n);
    free(bytes);
    zip_source_close(target);
    return n == (zip_int64_t)st.size ? BC_OK : BC_REFUSED;
}

int docx_pack(const buf_t *document, const json_t *template, buf_t *out, refusal_t *why) {
    buf_t styles = {0}, header = {0};
    put_styles(template, &styles);
    put_header(template, &header);
    const struct {
        const char *name, *data;
        size_t n;
    } parts[] = {{"[Content_Types].xml", content_types, sizeof content_types - 1},
                 {"_rels/.rels", package_rels, sizeof package_rels - 1},
                 {"word/document.xml", document->data, document->len},
                 {"word/_rels/document.xml.rels", document_rels, sizeof document_rels - 1},
                 {"word/styles.xml", styles.data, styles.len},
                 {"word/header1.xml", header.data, header.len},
                 {"word/header2.xml", first_header, sizeof first_header - 1}};
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, NULL) : NULL;
    int rc = archive ? BC_OK : BC_REFUSED;
    if (archive) zip_source_keep(target);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == BC_OK; i++)
        rc = add(archive, parts[i].name, parts[i].data, parts[i].n);
    if (archive && rc == BC_OK && zip_close(archive)) rc = BC_REFUSED;
    if (archive && rc) zip_discard(archive);
    if (rc == BC_OK) rc = take(target, out);
    zip_source_free(target);
    buf_free(&styles);
    buf_free(&header);
    if (rc)
        refuse(why, "document-failed", NULL, "Không tạo được tệp DOCX.", "The DOCX file can not be made.");
    return rc;
}
