/* text_value.h - whole numbers and dates as people in Vietnam write them.
 *
 * The dot groups thousands and the comma is the decimal sign; the day stands before the month. */
#ifndef BC_TEXT_VALUE_H
#define BC_TEXT_VALUE_H

#include <stdint.h>

/* How a whole number was written. */
typedef enum { NUMBER_OK, NUMBER_BAD, NUMBER_AMBIGUOUS, NUMBER_RANGE } number_t;

/* Reads a whole number >= 0 as written in Vietnam: "1234", "1.234.567", "1 234" (any one of space,
 * no-break, thin and narrow no-break space groups). Exactly one group as in "1.234" can be 1234 or
 * 1,234: it gives 1234 and NUMBER_AMBIGUOUS, and the caller says so. "1,5", "1.23", "0.123", "-3",
 * "1.234,5", "" are NUMBER_BAD; above 999999999999999 is NUMBER_RANGE; both leave VALUE alone. */
number_t text_number(const char *s, int64_t *value);
/* "1.234.567" with Vietnamese grouping; returns OUT. */
char *text_grouped(int64_t value, char out[static 28]);

/* dd/mm/yyyy or d/m/yyyy (also with '-' or '.'), or yyyy-mm-dd. Two-digit years and 31/02 are
 * refused. Returns the day (clock.h) or DAY_NONE. 12/05/2024 is 12 May, never 5 December. */
int32_t text_date(const char *s);

#endif
