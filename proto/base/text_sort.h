/* text_sort.h - the Vietnamese order of words, without a locale.
 *
 * Source: unicode-org/cldr common/collation/vi.xml (a ă â b c d đ e ê … o ô ơ … u ư …); tones as
 * taught: ngang, huyền, hỏi, ngã, sắc, nặng. A machine's vi_VN locale is often missing. */
#ifndef BC_TEXT_SORT_H
#define BC_TEXT_SORT_H

/* Sort key: strcmp() of two keys is Vietnamese order. First by letter, then by tone, then lower
 * case before upper; blanks before signs before digits before letters; a run of digits by its
 * value, so CĐCS 2 stands before CĐCS 10. NFC and NFD give the same key. Caller frees. */
char *text_sort_key(const char *s);

#endif
