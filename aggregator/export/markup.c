/* SPDX-License-Identifier: MPL-2.0 */
/* markup.c - the five characters that mean something in markup. */
#include "aggregator/export/markup.h"

#include <string.h>

void markup_text(buf_t *out, const char *s, const char *line_break) {
    while (*s) {
        size_t plain = strcspn(s, "&<>\"\n");
        buf_add(out, s, plain);
        s += plain;
        switch (*s) {
        case '&': buf_puts(out, "&amp;"); break;
        case '<': buf_puts(out, "&lt;"); break;
        case '>': buf_puts(out, "&gt;"); break;
        case '"': buf_puts(out, "&quot;"); break;
        case '\n': buf_puts(out, line_break); break;
        default: return;
        }
        s++;
    }
}
