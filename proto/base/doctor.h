/* SPDX-License-Identifier: MPL-2.0 */
/* doctor.h - what a look at a program and its surroundings found: one screen for people, JSON for scripts.
 *
 * A finding is a refusal_t (code, a sentence in each language that says what to do) and how grave it is. */
#ifndef BC_DOCTOR_H
#define BC_DOCTOR_H

#include <jansson.h>

#include "proto/base/io.h"
#include "proto/base/refusal.h"

typedef enum {
    DOCTOR_WELL, /* looked at, and all is well */
    DOCTOR_NOTE, /* worth knowing; nothing has to be done now */
    DOCTOR_BAD   /* must be mended */
} doctor_level_t;

typedef struct doctor doctor_t;

doctor_t *doctor_new(void);
/* Adds a finding, of which a copy is kept. A WHAT that was not filled (no code) adds nothing. */
void doctor_add(doctor_t *self, doctor_level_t level, const refusal_t *what);
/* The same from its JSON: {"code","vi","en","field"?}, as a verb prints what it refuses. */
void doctor_add_told(doctor_t *self, doctor_level_t level, const json_t *told);
/* Prints all findings, the gravest first and otherwise in their order, and frees SELF. With --json
 * {"ok":bool,"findings":[{"code","level":"well"/"note"/"bad","field","vi","en"}]}. Returns the exit status:
 * 0, or 1 where something must be mended. */
int doctor_end(doctor_t **self_p, io_t *io);

/* ---- what every program looks at ---- */

/* The release, and those of the libraries it runs with. */
void doctor_versions(doctor_t *self, const char *program);
/* The disk DIR lies on: whether it keeps what it is told to (doctor_disk_refused), is on another machine, and
 * whether LOW bytes are free. Where DIR is not there it says nothing. */
void doctor_disk(doctor_t *self, const char *dir, long long low);
/* Refuses a disk that forgets: "disk-volatile" (tmpfs, ramfs), "disk-lies" (libeatmydata, whose fsync does
 * nothing, in process PID; 0: this one). BC_OK also where it cannot be told. */
int doctor_disk_refused(const char *dir, int pid, refusal_t *why);
/* This machine's clock: whether anything keeps it right. */
void doctor_clock(doctor_t *self);
/* The process that holds the lock of the data directory DIR; 0 where none does or it cannot be told. */
int doctor_holder(const char *dir);

#endif
