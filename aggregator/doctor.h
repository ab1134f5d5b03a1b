/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.h - the verb `doctor`: are the figures up to date, and if not, what is to be done? */
#ifndef BC_AGGREGATOR_DOCTOR_H
#define BC_AGGREGATOR_DOCTOR_H

#include "proto/base/program.h"

/* Changes nothing; 0, or 1 where something must be mended. */
int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
