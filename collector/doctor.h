/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.h - the verb `doctor`: may units rely on this machine, and can they reach it? */
#ifndef BC_COLLECTOR_DOCTOR_H
#define BC_COLLECTOR_DOCTOR_H

#include "proto/base/program.h"

/* Changes nothing; 0, or 1 where something must be mended. */
int doctor_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);
/* What `run` asks before it promises anything: doctor_disk_refused, unless store/volatile says that nothing
 * here has to last. */
int doctor_may_run(const char *dir, const conf_t *conf, refusal_t *why);

#endif
