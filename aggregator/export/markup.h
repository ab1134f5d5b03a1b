/* SPDX-License-Identifier: MPL-2.0 */
/* markup.h - text inside XML and HTML. */
#ifndef BC_MARKUP_H
#define BC_MARKUP_H

#include "proto/base/mem.h"

/* Appends S with & < > " escaped, and each LF as BREAK. */
void markup_text(buf_t *out, const char *s, const char *line_break);

#endif
