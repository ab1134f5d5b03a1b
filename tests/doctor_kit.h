/* SPDX-License-Identifier: MPL-2.0 */
/* doctor_kit.h - what a program's `doctor` says about a directory, for the tests of all three. */
#ifndef BC_TEST_DOCTOR_KIT_H
#define BC_TEST_DOCTOR_KIT_H

#include "proto/base/mem.h"
#include "proto/base/program.h"
#include "tests/support.h"

typedef int doctor_fn(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* What VERB of PROGRAM prints for scripts about DIR, and its exit status; caller frees. */
static inline char *doctor_look(const program_t *program, doctor_fn *verb, const char *dir, int *status) {
    refusal_t why = {0};
    char *text;
    size_t n;
    io_t io = {.out = open_memstream(&text, &n), .err = stderr, .json = 1};
    args_t *args = mem_alloc(sizeof *args);
    args->dir = dir;
    args->cwd = "/";
    args->person = "Thử";
    conf_t *conf = conf_load(NULL, program->keys, &why);
    assert_non_null(conf);
    *status = verb(NULL, args, conf, &io);
    fclose(io.out);
    io_clear(&io);
    conf_free(&conf);
    free(args);
    return text;
}

/* Nothing was made in DIR yet, which CODE says, and what is not there at all is said as well. */
static inline void doctor_on_nothing(const program_t *program, doctor_fn *verb, void **state,
                                     const char *code) {
    int status;
    char *text = doctor_look(program, verb, *state, &status), *missing = dir_path(state, "missing");
    assert_int_equal(status, 1);
    assert_non_null(strstr(text, code));
    assert_non_null(strstr(text, "\"ok\":false"));
    assert_non_null(strstr(text, "\"versions\""));
    free(text);
    text = doctor_look(program, verb, missing, &status);
    assert_int_equal(status, 1);
    assert_non_null(strstr(text, "\"dir-missing\""));
    free(text);
    free(missing);
}

#endif
