/* SPDX-License-Identifier: MPL-2.0 */
/* slip.h - the printable sheet that carries an enrolment code to an office, with what to do there step
 * by step. In Vietnamese whatever the operator's language is, for it is read by the officer. */
#ifndef BC_SLIP_H
#define BC_SLIP_H

#include "proto/base/clock.h"
#include "proto/base/mem.h"

typedef struct {
    const char *federation, *phone; /* whom to ask; phone may be NULL */
    const char *unit, *name;
    const char *above; /* name of the unit above, NULL: none */
    const char *code;  /* in groups, several lines */
    day_t expires;
} slip_t;

void slip_write(const slip_t *slip, buf_t *out);

#endif
