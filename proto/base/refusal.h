/* refusal.h - why something was refused, for a human in his language and for a program by code.
 *
 * The code is stable and listed in proto/PROTOCOL.md section "Codes"; tests/lint compares that
 * list with every refuse() in the source, both ways. */
#ifndef BC_REFUSAL_H
#define BC_REFUSAL_H

#include "proto/base/lang.h"

typedef struct {
    char code[40];  /* "" while nothing was refused; lower-case words joined by '-' */
    char field[96]; /* the field, column or file it is about; "" if none */
    char vi[480];   /* a whole sentence, UTF-8, cut at a character where too long */
    char en[480];
} refusal_t;

/* Fills WHY (may be NULL) and returns BC_REFUSED, so that a check reads `return refuse(...)`.
 * FIELD may be NULL. Both formats take the same arguments in the same order. Control characters
 * in the result are replaced by '?', since the sentence may quote hostile input. */
int refuse(refusal_t *why, const char *code, const char *field, const char *vi, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* The sentence in LANG; never NULL. */
const char *refusal_text(const refusal_t *why, lang_t lang);

#endif
