/* zpl.h - is a text ZPL as zconfig will read it, and nothing lost in the reading?
 *
 * zconfig tells its caller of an error without the line, cuts an unquoted value at '#', and in
 * czmq's later sources miscounts a line of more than 1,024 bytes. So every text passes here first.
 * ZPL is rfc.zeromq.org/spec/4. */
#ifndef BC_ZPL_H
#define BC_ZPL_H

#include <stddef.h>

#include "proto/base/refusal.h"

/* Checks TEXT of N bytes with a NUL behind, which came from FILE (named in the refusal), and
 * overwrites its comment lines and the blanks at the end of lines with spaces. *LINES, freed by the
 * caller, gets the line number of each item in the order of the text, which is also the order of
 * zconfig's tree; *COUNT says how many. Refuses "conf-syntax" and, for a '#' that would cut a value,
 * "conf-unquoted". */
int zpl_check(char *text, size_t n, const char *file, size_t **lines, size_t *count, refusal_t *why);

#endif
