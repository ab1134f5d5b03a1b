/* SPDX-License-Identifier: MPL-2.0 */
/* html.h - a paper as one page that any browser shows and prints. */
#ifndef BC_HTML_H
#define BC_HTML_H

#include <jansson.h>

#include "proto/base/mem.h"

/* Appends the page to OUT: no script, nothing loaded from elsewhere. */
void html_write(const json_t *paper, buf_t *out);

#endif
