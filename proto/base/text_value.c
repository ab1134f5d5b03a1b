/* SPDX-License-Identifier: MPL-2.0 */
/* Numbers and dates as people write them. What can be read in two ways is never guessed silently:
 * it is refused, or read in the Vietnamese way and said so. */
#include "proto/base/text_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/clock.h"

#define VALUE_MAX 999999999999999LL /* exact in every reader's double */

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Length of the sign at P that parts groups of thousands, 0 where there is none. */
static size_t group_sign(const char *p) {
    static const char *const signs[] = {".", " ", "\u00A0", "\u2009", "\u202F"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(p, signs[i], strlen(signs[i])) == 0) return strlen(signs[i]);
    return 0;
}

/* Reads the digits at *P onto *VALUE, which stops growing above VALUE_MAX; returns how many. */
static int read_digits(const char **p, int64_t *value) {
    int n = 0;
    for (; is_digit(**p); (*p)++, n++)
        if (*value <= VALUE_MAX) *value = *value * 10 + (**p - '0');
    return n;
}

number_t text_number(const char *s, int64_t *value) {
    const char *p = s, *sign = NULL;
    size_t sign_len = 0;
    int groups = 0;
    int64_t v = 0;
    int first = read_digits(&p, &v);
    for (; *p != '\0'; groups++) {
        if (sign == NULL) {
            sign = p;
            sign_len = group_sign(p);
        }
        if (sign_len == 0 || strncmp(p, sign, sign_len) != 0) return NUMBER_BAD;
        p += sign_len;
        if (read_digits(&p, &v) != 3) return NUMBER_BAD;
    }
    if (first == 0 || (groups > 0 && (first > 3 || s[0] == '0'))) return NUMBER_BAD;
    if (v > VALUE_MAX) return NUMBER_RANGE;
    *value = v;
    return groups == 1 && *sign == '.' ? NUMBER_AMBIGUOUS : NUMBER_OK;
}

char *text_grouped(int64_t value, char out[static 28]) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRId64, value), minus = digits[0] == '-';
    char *o = out;
    for (int i = 0; i < n; i++) {
        if (i > minus && (n - i) % 3 == 0) *o++ = '.';
        *o++ = digits[i];
    }
    *o = '\0';
    return out;
}

int32_t text_date(const char *s) {
    if (strlen(s) == 10 && s[4] == '-') return day_parse(s);
    const char *p = s;
    int64_t day = 0, month = 0, year = 0;
    int n = read_digits(&p, &day);
    char sign = *p;
    if (n < 1 || n > 2 || (sign != '/' && sign != '-' && sign != '.')) return DAY_NONE;
    p++;
    n = read_digits(&p, &month);
    if (n < 1 || n > 2 || *p != sign) return DAY_NONE;
    p++;
    if (read_digits(&p, &year) != 4 || *p != '\0') return DAY_NONE;
    return day_make((int)year, (int)month, (int)day);
}
