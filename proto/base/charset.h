/* charset.h - the encoding of a text file that somebody made somewhere. */
#ifndef BC_CHARSET_H
#define BC_CHARSET_H

#include <stddef.h>

#include "proto/base/refusal.h"

/* N bytes as UTF-8 in NFC without byte order mark, NUL-terminated; caller frees. By its mark, else
 * by its zero bytes (UTF-16), else UTF-8 where valid, else Windows-1258, whose letters carry their
 * tones apart. *NAME is the encoding found, a literal. Refuses "csv-encoding" (workbooks of Excel
 * by their own sentence): NULL and WHY. */
char *charset_decode(const char *p, size_t n, const char **name, refusal_t *why);

#endif
