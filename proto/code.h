/* SPDX-License-Identifier: MPL-2.0 */
/* code.h - enrolment codes: one line an officer can type or a file he can carry (PROTOCOL.md 5). */
#ifndef BC_CODE_H
#define BC_CODE_H

#include <stdint.h>

#include "proto/base/args.h"
#include "proto/base/clock.h"
#include "proto/base/mem.h"
#include "proto/base/refusal.h"

typedef struct {
    uint8_t server[32];    /* CURVE public key of the collector */
    uint8_t successor[32]; /* and of its successor */
    uint8_t token[16];
    day_t expires;         /* last day */
    char endpoint[101];    /* host:port of the enrolment port */
} code_t;

/* Appends the code in groups of five, WIDTH groups a line (0: one line). */
void code_write(const code_t *code, int width, buf_t *out);
/* Reads text with any spaces, dashes, line ends and case. Refuses "code-bad" (says where: a wrong character,
 * too short, checksum). */
int code_read(const char *text, code_t *code, refusal_t *why);
/* Appends what the words of a command line mean by a code: its text in one word or many, a file's name, or
 * "-" for standard input. Refuses as file_read. */
int code_words(const args_t *args, buf_t *out, refusal_t *why);

#endif
