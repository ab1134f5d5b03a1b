/* SPDX-License-Identifier: MPL-2.0 */
/* printed.h - an io_t whose output a test can look at. */
#ifndef BC_TEST_PRINTED_H
#define BC_TEST_PRINTED_H

#include "proto/base/io.h"
#include "tests/support.h"

typedef struct {
    io_t io;
    char *out, *err;
    size_t out_len, err_len;
} printed_t;

static inline void printed_open(printed_t *p, lang_t lang) {
    *p = (printed_t){.io = {.lang = lang}};
    p->io.out = open_memstream(&p->out, &p->out_len);
    p->io.err = open_memstream(&p->err, &p->err_len);
    assert_true(p->io.out && p->io.err);
}

/* What was printed so far. */
static inline const char *printed_out(printed_t *p) {
    fflush(p->io.out);
    return p->out ? p->out : "";
}

static inline const char *printed_err(printed_t *p) {
    fflush(p->io.err);
    return p->err ? p->err : "";
}

static inline void printed_close(printed_t *p) {
    fclose(p->io.out);
    fclose(p->io.err);
    free(p->out);
    free(p->err);
    io_clear(&p->io);
}

/* 1 if all TEXTS (NULL-ended) stand in S, in this order. */
static inline int printed_in_order(const char *s, const char *const *texts) {
    for (; *texts; texts++) {
        s = strstr(s, *texts);
        if (!s) {
            print_error("not there, or not in order: %s\n", *texts);
            return 0;
        }
        s += strlen(*texts);
    }
    return 1;
}

#define IN_ORDER(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
