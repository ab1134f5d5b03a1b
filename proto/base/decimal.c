/* SPDX-License-Identifier: MPL-2.0 */
/* decimal.c - digits of whole numbers, written and read without locale, sign or leading zeros. */
#include "proto/base/decimal.h"

#include <assert.h>
#include <string.h>

#include "proto/base/json.h"

char *decimal_write(int64_t v, char *to) {
    assert(v >= 0);
    char digits[DECIMAL_MAX];
    char *p = digits + sizeof digits;
    do {
        *--p = (char)('0' + v % 10);
    } while (v /= 10);
    size_t n = (size_t)(digits + sizeof digits - p);
    memcpy(to, p, n);
    to[n] = '\0';
    return to + n;
}

int decimal_read(const char **at, int64_t *v) {
    const char *p = *at;
    int64_t sum = 0;
    if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9')) return 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        sum = sum * 10 + (*p - '0');
        if (sum > JSON_NUMBER_MAX) return 0;
    }
    *at = p;
    *v = sum;
    return 1;
}
