/* SPDX-License-Identifier: MPL-2.0 */
/* A look at a directory in which nothing has been made yet: said, with what to do, and nothing falls. What a
 * whole site shows stands in tests/faults/doctor.py. */
#include "collector/doctor.h"

#include "collector/admin.h"
#include "proto/base/mem.h"
#include "tests/support.h"

/* What doctor prints for scripts about the directory DIR; caller frees. */
static char *look(const char *dir, int *status) {
    refusal_t why = {0};
    char *text;
    size_t n;
    io_t io = {.out = open_memstream(&text, &n), .err = stderr, .json = 1};
    args_t *args = mem_alloc(sizeof *args);
    args->dir = dir;
    args->cwd = "/";
    args->person = "Thử";
    conf_t *conf = conf_load(NULL, admin_program.keys, &why);
    assert_non_null(conf);
    *status = doctor_verb(NULL, args, conf, &io);
    fclose(io.out);
    io_clear(&io);
    conf_free(&conf);
    free(args);
    return text;
}

static void test_doctor_says_what_is_not_made_yet(void **state) {
    int status;
    char *text = look(*state, &status);
    assert_int_equal(status, 1);
    assert_non_null(strstr(text, "queue-missing"));
    assert_non_null(strstr(text, "\"ok\":false"));
    assert_non_null(strstr(text, "\"versions\""));
    free(text);
    char *missing = dir_path(state, "missing");
    text = look(missing, &status);
    assert_int_equal(status, 1);
    assert_non_null(strstr(text, "\"dir-missing\""));
    free(text);
    free(missing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_doctor_says_what_is_not_made_yet),
    };
    return RUN(tests);
}
