/* SPDX-License-Identifier: MPL-2.0 */
/* docx_pack.h - the archive around a document.xml: styles, header with the page number, content types. */
#ifndef BC_DOCX_PACK_H
#define BC_DOCX_PACK_H

#include <jansson.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

#define DOCX_W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define DOCX_R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define DOCX_XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define DOCX_BODY_BEGIN DOCX_XML "<w:document xmlns:w=\"" DOCX_W "\" xmlns:r=\"" DOCX_R "\"><w:body>"

/* Packs DOCUMENT with what else a reader wants, and appends the archive to OUT. */
int docx_pack(const buf_t *document, const json_t *template, buf_t *out, refusal_t *why);

#endif
