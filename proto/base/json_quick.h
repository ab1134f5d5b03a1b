/* json_quick.h - a fast reader for the plain JSON that documents are, in front of jansson's.
 *
 * jansson's lexer goes byte by byte through function calls and takes longer than all else that is done to a
 * document. This one takes only what needs no thought; whatever is wrong or rare is left to jansson, which
 * knows the refusals. */
#ifndef BC_JSON_QUICK_H
#define BC_JSON_QUICK_H

#include <jansson.h>
#include <stddef.h>

/* New object from N bytes, the same as jansson would make of them; NULL where they are no JSON object, hold a
 * key twice, nest deeper than JSON_DEPTH, or hold anything this reader does not know: \u, a sign, a fraction,
 * an exponent, a number over 18 digits, an escape in a key. NULL does not say that anything is wrong. */
json_t *json_quick(const char *p, size_t n);

#endif
