/* SPDX-License-Identifier: MPL-2.0 */
/* Files that are whole or old, secrets, and the lock of a data directory. */
#include "proto/base/file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "proto/base/rc.h"
#include "tests/support.h"

static void expect_content(const char *path, const char *content) {
    buf_t b = {0};
    assert_int_equal(file_read(path, 1000, &b, NULL), BC_OK);
    assert_string_equal(b.data, content);
    buf_free(&b);
}

static mode_t mode_of(const char *path) {
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

/* Number of names in DIR, without "." and "..". */
static int names_in(const char *dir) {
    char command[600];
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", dir);
    FILE *p = popen(command, "r");
    int n = -1;
    assert_int_equal(fscanf(p, "%d", &n), 1);
    pclose(p);
    return n;
}

static void test_file_write_replaces_and_leaves_nothing_behind(void **state) {
    char *path = dir_path(state, "x");
    assert_int_equal(file_write(path, "one", 3, 0600, NULL), BC_OK);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(file_write(path, "two", 3, 0644, NULL), BC_OK);
    assert_int_equal(mode_of(path), 0644);
    expect_content(path, "two");
    assert_int_equal(names_in(*state), 1);
    free(path);
}

static void test_file_write_keeps_the_old_on_failure(void **state) {
    refusal_t why = {0};
    char *missing = dir_path(state, "no/such/x"), *dir = dir_path(state, "d"),
         *inside = dir_path(state, "d/x");
    assert_int_equal(file_write(missing, "one", 3, 0600, &why), BC_DISK);
    assert_string_equal(why.code, "disk");
    /* A directory in the way makes the rename fail, after all was written. */
    assert_int_equal(file_mkdir(dir, 0700, NULL), BC_OK);
    assert_int_equal(file_write(inside, "old", 3, 0600, NULL), BC_OK);
    assert_int_equal(file_write(dir, "new", 3, 0600, &why), BC_DISK);
    expect_content(inside, "old");
    assert_int_equal(names_in(*state), 1);
    free(missing);
    free(inside);
    free(dir);
}

static void write_beyond_limit(const char *path) {
    signal(SIGXFSZ, SIG_IGN);
    char command[] = "0123456789";
    _exit(file_write(path, command, 10, 0600, NULL) == BC_DISK ? 0 : 1);
}

/* A full disk, as the limit on file size shows it. */
static void test_file_write_short_of_space_keeps_the_old(void **state) {
    char *path = dir_path(state, "x");
    assert_int_equal(file_write(path, "old", 3, 0600, NULL), BC_OK);
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = {.rlim_cur = 4, .rlim_max = 4};
        setrlimit(RLIMIT_FSIZE, &limit);
        write_beyond_limit(path);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    expect_content(path, "old");
    assert_int_equal(names_in(*state), 1);
    free(path);
}

static void test_file_read_names_what_is_wrong(void **state) {
    refusal_t why = {0};
    buf_t b = {0};
    char *path = dir_path(state, "x");
    assert_int_equal(file_read(path, 10, &b, &why), BC_REFUSED);
    assert_string_equal(why.code, "file-missing");
    assert_int_equal(file_read(*state, 10, &b, &why), BC_REFUSED);
    assert_string_equal(why.code, "file-unreadable");
    assert_int_equal(file_write(path, "0123456789", 10, 0600, NULL), BC_OK);
    assert_int_equal(file_read(path, 9, &b, &why), BC_REFUSED);
    assert_string_equal(why.code, "file-large");
    assert_int_equal(file_read(path, 10, &b, &why), BC_OK);
    assert_int_equal(b.len, 10);
    assert_int_equal(file_write(path, "", 0, 0600, NULL), BC_OK);
    assert_int_equal(file_read(path, 10, &b, &why), BC_OK);
    assert_string_equal(b.data, "");
    buf_free(&b);
    free(path);
}

static void test_file_read_takes_large_files_whole(void **state) {
    buf_t b = {0}, back = {0};
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "%d,", i);
    char *path = dir_path(state, "x");
    assert_int_equal(file_write(path, b.data, b.len, 0600, NULL), BC_OK);
    assert_int_equal(file_read(path, b.len, &back, NULL), BC_OK);
    assert_int_equal(back.len, b.len);
    assert_memory_equal(b.data, back.data, b.len);
    buf_free(&b);
    buf_free(&back);
    free(path);
}

static void test_file_mkdir_makes_every_level(void **state) {
    refusal_t why = {0};
    char *deep = dir_path(state, "a/b/c"), *top = dir_path(state, "a"), *file = dir_path(state, "a/f");
    assert_int_equal(file_mkdir(deep, 0700, NULL), BC_OK);
    assert_int_equal(mode_of(top), 0700);
    assert_int_equal(file_mkdir(deep, 0700, NULL), BC_OK);
    assert_int_equal(file_write(file, "", 0, 0600, NULL), BC_OK);
    assert_int_equal(file_mkdir(file, 0700, &why), BC_DISK);
    assert_string_equal(why.code, "disk");
    free(deep);
    free(top);
    free(file);
}

static void test_file_move_changes_the_name(void **state) {
    char *from = dir_path(state, "x"), *dir = dir_path(state, "taken"), *to = dir_path(state, "taken/x");
    assert_int_equal(file_mkdir(dir, 0700, NULL), BC_OK);
    assert_int_equal(file_write(from, "one", 3, 0600, NULL), BC_OK);
    assert_int_equal(file_move(from, to, NULL), BC_OK);
    assert_false(file_exists(from));
    expect_content(to, "one");
    refusal_t why = {0};
    assert_int_equal(file_move(from, to, &why), BC_DISK);
    free(from);
    free(dir);
    free(to);
}

static void test_file_secret_must_be_ours_alone(void **state) {
    refusal_t why = {0};
    buf_t b = {0};
    char *key = dir_path(state, "key"), *link = dir_path(state, "link");
    assert_int_equal(file_read_secret(key, 100, &b, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-missing");
    assert_int_equal(file_write(key, "secret", 6, 0600, NULL), BC_OK);
    assert_int_equal(file_read_secret(key, 100, &b, &why), BC_OK);
    assert_string_equal(b.data, "secret");
    static const mode_t loose[] = {0640, 0604, 0660, 0601, 0620};
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        assert_int_equal(chmod(key, loose[i]), 0);
        assert_int_equal(file_read_secret(key, 100, &b, &why), BC_REFUSED);
        assert_string_equal(why.code, "key-mode");
    }
    assert_int_equal(chmod(key, 0400), 0);
    assert_int_equal(file_read_secret(key, 100, &b, &why), BC_OK);
    assert_int_equal(file_read_secret(key, 5, &b, &why), BC_REFUSED);
    assert_int_equal(symlink(key, link), 0);
    assert_int_equal(file_read_secret(link, 100, &b, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-mode");
    if (geteuid() == 0) {
        assert_int_equal(chown(key, 12345, 0), 0);
        assert_int_equal(file_read_secret(key, 100, &b, &why), BC_REFUSED);
        assert_string_equal(why.code, "key-owner");
    }
    buf_free(&b);
    free(key);
    free(link);
}

static void test_file_lock_is_held_by_one(void **state) {
    refusal_t why = {0};
    int fd = file_lock_dir(*state, &why);
    assert_true(fd >= 0);
    assert_int_equal(file_lock_dir(*state, &why), -1);
    assert_string_equal(why.code, "dir-locked");
    close(fd);
    fd = file_lock_dir(*state, &why);
    assert_true(fd >= 0);
    close(fd);
    char *missing = dir_path(state, "none");
    assert_int_equal(file_lock_dir(missing, &why), -1);
    assert_string_equal(why.code, "dir-missing");
    free(missing);
}

static void test_file_knows_the_free_space(void **state) {
    assert_true(file_free_bytes(*state) > 0);
    assert_true(file_free_bytes("/no/such/directory") < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_file_write_replaces_and_leaves_nothing_behind),
        IN_DIR(test_file_write_keeps_the_old_on_failure),
        IN_DIR(test_file_write_short_of_space_keeps_the_old),
        IN_DIR(test_file_read_names_what_is_wrong),
        IN_DIR(test_file_read_takes_large_files_whole),
        IN_DIR(test_file_mkdir_makes_every_level),
        IN_DIR(test_file_move_changes_the_name),
        IN_DIR(test_file_secret_must_be_ours_alone),
        IN_DIR(test_file_lock_is_held_by_one),
        IN_DIR(test_file_knows_the_free_space),
    };
    return RUN(tests);
}
