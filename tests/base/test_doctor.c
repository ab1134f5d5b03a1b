/* SPDX-License-Identifier: MPL-2.0 */
/* Findings: the gravest first, for people and for scripts; and disks that forget. */
#include "proto/base/doctor.h"

#include <sys/statfs.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/support.h"

static void say(doctor_t *d, doctor_level_t level, const char *code) {
    refusal_t what;
    refuse(&what, code, "f", "Câu %s.", "Sentence %s.", code);
    doctor_add(d, level, &what);
}

/* What doctor_end prints of three findings, and its status; LEAST: the gravest of them. */
static int printed(doctor_level_t gravest, int json, char **text) {
    size_t n;
    io_t io = {.out = open_memstream(text, &n), .err = stderr, .json = json, .lang = LANG_EN};
    doctor_t *d = doctor_new();
    say(d, DOCTOR_WELL, "a-one");
    say(d, DOCTOR_NOTE, "a-two");
    say(d, gravest, "a-three");
    refusal_t nothing = {0};
    doctor_add(d, DOCTOR_BAD, &nothing);
    int status = doctor_end(&d, &io);
    assert_null(d);
    fclose(io.out);
    return status;
}

static void test_doctor_prints_the_gravest_first(void **state) {
    (void)state;
    char *text;
    assert_int_equal(printed(DOCTOR_BAD, 0, &text), 1);
    assert_string_equal(text, "! Sentence a-three.\n- Sentence a-two.\n  Sentence a-one.\n");
    free(text);
    assert_int_equal(printed(DOCTOR_NOTE, 0, &text), 0);
    assert_int_equal(strncmp(text, "ALL IS WELL\n", 12), 0);
    free(text);
}

static void test_doctor_tells_scripts(void **state) {
    (void)state;
    char *text;
    assert_int_equal(printed(DOCTOR_BAD, 1, &text), 1);
    json_t *j = json_loads(text, 0, NULL), *last = json_array_get(json_object_get(j, "findings"), 2);
    assert_true(json_is_false(json_object_get(j, "ok")));
    assert_int_equal(json_array_size(json_object_get(j, "findings")), 3);
    assert_string_equal(json_text(last, "level"), "bad");
    assert_string_equal(json_text(last, "code"), "a-three");
    assert_string_equal(json_text(last, "field"), "f");
    assert_string_equal(json_text(last, "vi"), "Câu a-three.");
    json_decref(j);
    free(text);
}

static void test_doctor_refuses_memory_as_a_disk(void **state) {
    struct statfs fs;
    refusal_t why = {0};
    if (statfs("/dev/shm", &fs) == 0 && fs.f_type == 0x01021994) {
        assert_true(doctor_disk_refused("/dev/shm", 0, &why) < 0);
        assert_string_equal(why.code, "disk-volatile");
    }
    assert_int_equal(doctor_disk_refused("/proc/nowhere", 0, &why), 0);
    (void)state;
}

static void test_doctor_finds_who_holds_a_directory(void **state) {
    assert_int_equal(doctor_holder(*state), 0);
    int lock = file_lock_dir(*state, NULL);
    assert_true(lock >= 0);
    assert_int_equal(doctor_holder(*state), getpid());
    close(lock);
    assert_int_equal(doctor_holder("/nowhere"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_doctor_prints_the_gravest_first),
        cmocka_unit_test(test_doctor_tells_scripts),
        IN_DIR(test_doctor_refuses_memory_as_a_disk),
        IN_DIR(test_doctor_finds_who_holds_a_directory),
    };
    return RUN(tests);
}
