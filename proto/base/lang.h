/* lang.h - the two languages of every sentence a user sees. */
#ifndef BC_LANG_H
#define BC_LANG_H

typedef enum { LANG_VI = 0, LANG_EN = 1 } lang_t;

/* "vi" or "en" to *LANG; BC_REFUSED for anything else. */
int lang_parse(const char *s, lang_t *lang);

/* Picks one of two literals, both written at the place of use so that they are read together. */
static inline const char *tr(lang_t lang, const char *vi, const char *en) {
    return lang == LANG_EN ? en : vi;
}

#endif
