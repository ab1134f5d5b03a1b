/* SPDX-License-Identifier: MPL-2.0 */
/* decimal.h - whole numbers as the wire and the log write them: digits only, no zero in front. */
#ifndef BC_DECIMAL_H
#define BC_DECIMAL_H

#include <stdint.h>

#define DECIMAL_MAX 20 /* most digits, and NUL */

/* Writes V, which is 0 or more, and a NUL at TO (room for DECIMAL_MAX); returns the place of the NUL.
 * Several times as fast as printf: on the path of every document. */
char *decimal_write(int64_t v, char *to);
/* Reads the digits at *AT into *V and moves *AT behind them: 1. 0 where there is none, a zero stands in
 * front or it is over 999999999999999 (PROTOCOL.md 1). */
int decimal_read(const char **at, int64_t *v);

#endif
