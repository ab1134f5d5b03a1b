/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/io.h. */
#include "proto/base/io.h"

#include <jansson.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "tests/support.h"

/* An io whose streams are memory; text() ends it. */
typedef struct {
    io_t io;
    char *out, *err;
    size_t out_len, err_len;
} memory_t;

static void open_io(memory_t *m, lang_t lang, int json) {
    *m = (memory_t){.io = {.lang = lang, .json = json}};
    m->io.out = open_memstream(&m->out, &m->out_len);
    m->io.err = open_memstream(&m->err, &m->err_len);
}

static void close_io(memory_t *m, const char *out, const char *err) {
    fclose(m->io.out);
    fclose(m->io.err);
    assert_string_equal(m->out, out);
    assert_string_equal(m->err, err);
    free(m->out);
    free(m->err);
    io_clear(&m->io);
}

static void test_io_speaks_the_readers_language(void **state) {
    (void)state;
    memory_t m;
    open_io(&m, LANG_VI, 0);
    io_say(&m.io, "%d đơn vị\n", "%d units\n", 3);
    close_io(&m, "3 đơn vị\n", "");
    open_io(&m, LANG_EN, 0);
    io_say(&m.io, "%d đơn vị\n", "%d units\n", 3);
    close_io(&m, "3 units\n", "");
}

static void test_io_tells_a_refusal(void **state) {
    (void)state;
    refusal_t why;
    refuse(&why, "unit-unknown", "unit", "Không có đơn vị \"%s\".", "There is no unit \"%s\".", "X1");
    memory_t m;
    open_io(&m, LANG_VI, 0);
    assert_int_equal(io_refused(&m.io, BC_REFUSED, &why), EX_DATAERR);
    close_io(&m, "", "unit-unknown: Không có đơn vị \"X1\".\n");
    open_io(&m, LANG_VI, 1);
    assert_int_equal(io_refused(&m.io, BC_DISK, &why), EX_IOERR);
    close_io(
        &m,
        "{\"error\":{\"code\":\"unit-unknown\",\"en\":\"There is no unit \\\"X1\\\".\",\"field\":\"unit\","
        "\"vi\":\"Không có đơn vị \\\"X1\\\".\"}}\n",
        "");
}

static void test_io_status_follows_the_code_of_a_refusal(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int rc, status;
    } t[] = {{"db-newer", BC_REFUSED, EX_SOFTWARE},       {"key-mode", BC_REFUSED, EX_NOPERM},
             {"collector-silent", BC_AGAIN, EX_TEMPFAIL}, {"period-unknown", BC_REFUSED, EX_DATAERR},
             {"period-unknown", BC_NOTFOUND, EX_NOINPUT}, {"disk", BC_DISK, EX_IOERR}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        memory_t m;
        refusal_t why = {0};
        snprintf(why.code, sizeof why.code, "%s", t[i].code);
        open_io(&m, LANG_VI, 0);
        assert_int_equal(io_refused(&m.io, t[i].rc, &why), t[i].status);
        char *said = mem_printf("%s: \n", t[i].code);
        close_io(&m, "", said);
        free(said);
    }
}

static void test_io_prints_canonical_json(void **state) {
    (void)state;
    memory_t m;
    open_io(&m, LANG_VI, 1);
    json_t *j = json_pack("{s:i,s:s}", "b", 1, "a", "đ");
    io_json(&m.io, j);
    json_decref(j);
    close_io(&m, "{\"a\":\"đ\",\"b\":1}\n", "");
}

static void test_io_writes_files_with_mode_and_folder(void **state) {
    io_t io = {0};
    char *open_path = dir_path(state, "x/y/open.csv"), *closed_path = dir_path(state, "z/secret");
    io_file(&io, open_path, "\0a", 2, 0644);
    io_file(&io, closed_path, "s", 1, 0600);
    io_file(&io, open_path, "again", 5, 0644);
    refusal_t why = {0};
    assert_int_equal(io_write_files(&io, &why), 0);
    io_clear(&io);
    assert_null(io.files);
    struct stat st;
    assert_int_equal(stat(open_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(st.st_size, 5);
    assert_int_equal(stat(closed_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    char *folder = dir_path(state, "z");
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    free(folder);
    free(open_path);
    free(closed_path);
}

static void test_io_refuses_files_it_cannot_write(void **state) {
    io_t io = {0};
    char *file = dir_path(state, "file"), *below = dir_path(state, "file/below");
    io_file(&io, file, "x", 1, 0644);
    io_file(&io, below, "x", 1, 0644);
    refusal_t why = {0};
    assert_true(io_write_files(&io, &why) < 0);
    assert_string_equal(why.code, "disk");
    assert_true(file_exists(file));
    io_clear(&io);
    free(file);
    free(below);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_speaks_the_readers_language),
        cmocka_unit_test(test_io_tells_a_refusal),
        cmocka_unit_test(test_io_status_follows_the_code_of_a_refusal),
        cmocka_unit_test(test_io_prints_canonical_json),
        IN_DIR(test_io_writes_files_with_mode_and_folder),
        IN_DIR(test_io_refuses_files_it_cannot_write),
    };
    return RUN(tests);
}
