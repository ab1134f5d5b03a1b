/* SPDX-License-Identifier: MPL-2.0 */
/* template.h - the layout of a Báo cáo as data: sizes, margins, heads, sections, addressees, signature.
 *
 * The default is proto/data/paper.json, with the values of Annex I of Decree 30/2020/NĐ-CP, on which the
 * unions' own rule (933/QĐ-TLĐ) is based; staff who need others edit a copy. */
#ifndef BC_TEMPLATE_H
#define BC_TEMPLATE_H

#include <jansson.h>

#include "proto/base/refusal.h"

/* New template from N bytes of JSON, every field checked. NULL with WHY "template-field", naming it, and
 * those of json_read. */
json_t *template_read(const char *text, size_t n, refusal_t *why);
/* The one the program carries. */
json_t *template_default(void);
/* A whole number in it, as "page.left_mm"'s two parts. */
double template_number(const json_t *template, const char *group, const char *name);

#endif
