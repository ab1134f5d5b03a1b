/* SPDX-License-Identifier: MPL-2.0 */
/* docx.h - a paper as an Office Open XML document that staff can edit: styles have names, heads of
 * tables repeat, the page number stands at the top from the second page on. */
#ifndef BC_DOCX_H
#define BC_DOCX_H

#include <jansson.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

/* Appends the file's bytes to OUT: the same paper, the same bytes. BC_REFUSED with WHY "document-failed"
 * where the archive can not be made. */
int docx_write(const json_t *paper, buf_t *out, refusal_t *why);

#endif
