/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/program.h, with a program whose store is one number. */
#include "proto/base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "tests/support.h"

typedef struct {
    int opened_here; /* by program_main, not by the daemon */
    long adds;
} store_t;

static int run_add(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    store_t *s = store;
    s->adds += strtol(args->argv[0], NULL, 10);
    io_say(io, "%s: %ld cho %s, %s\n", "%s: %ld for %s, %s\n", s->opened_here ? "here" : "there", s->adds,
           args->person, conf_text(conf, "name"));
    return 0;
}

static int run_echo(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    fprintf(io->out, "%zu:%s\n", io->input.len, io->input.data != NULL ? io->input.data : "(none)");
    if (args_opt(args, "out") != NULL)
        io_file(io, args_opt(args, "out"), io->input.data, io->input.len, 0640);
    char *path = args_path(args, "word");
    fprintf(io->err, "%s\n", path);
    free(path);
    return 3;
}

static int run_look(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    fprintf(io->out, "seen %s\n", ((store_t *)store)->opened_here ? "here" : "there");
    return 0;
}

static int run_alone(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    assert_null(store);
    fputs("alone\n", io->out);
    return 0;
}

static int run_refuse(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)args;
    (void)conf;
    refusal_t why;
    refuse(&why, "unit-unknown", "unit", "Không có đơn vị.", "There is no unit.");
    return io_refused(io, BC_NOTFOUND, &why);
}

static int run_full(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)args;
    (void)conf;
    io_file(io, "/dev/null/x", "x", 1, 0600);
    return 0;
}

static void *open_store(const args_t *args, const conf_t *conf, refusal_t *why) {
    (void)conf;
    if (strstr(args->dir, "broken") != NULL) {
        refuse(why, "db-newer", NULL, "Bản mới hơn.", "It is newer.");
        return NULL;
    }
    store_t *s = mem_alloc(sizeof *s);
    s->opened_here = 1;
    return s;
}

static void close_store(void **store_p) {
    free(*store_p);
    *store_p = NULL;
}

static const opt_t echo_opts[] = {{"out", "FILE", "", ""}, {NULL, NULL, NULL, NULL}};
static const verb_t verbs[] = {
    {"add", "N", "", "", NULL, NULL, NULL, 1, 1, 0, VERB_STORE, run_add},
    {"echo it", "[FILE]", "", "", NULL, NULL, echo_opts, 0, 1, 1, VERB_STORE, run_echo},
    {"look", "", "", "", NULL, NULL, NULL, 0, 0, 0, VERB_LOOK, run_look},
    {"alone", "", "", "", NULL, NULL, NULL, 0, 0, 0, VERB_ALONE, run_alone},
    {"refuse", "", "", "", NULL, NULL, NULL, 0, 0, 0, VERB_STORE, run_refuse},
    {"full", "", "", "", NULL, NULL, NULL, 0, 0, 0, VERB_STORE, run_full},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};
static const conf_key_t keys[] = {
    {"name", CONF_TEXT, "default", 0, 0, "tên", "name"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};
static const program_t program = {.name = "baocao-x",
                                  .about_vi = "thử",
                                  .about_en = "test",
                                  .verbs = verbs,
                                  .keys = keys,
                                  .open = open_store,
                                  .close = close_store};

static char *out, *err; /* what the last run printed */

/* program_main on the words of LINE (parted by blanks) with both streams caught. */
static int run(const char *line) {
    static char copy[4096];
    char *argv[32] = {"baocao-x"}, *rest = copy;
    int argc = 1;
    strcpy(copy, line);
    while (argc < 31 && (argv[argc] = strsep(&rest, " ")) != NULL)
        argc++;
    FILE *real_out = stdout, *real_err = stderr;
    size_t n, m;
    free(out);
    free(err);
    stdout = open_memstream(&out, &n);
    stderr = open_memstream(&err, &m);
    int status = program_main(&program, argc, argv);
    fclose(stdout);
    fclose(stderr);
    stdout = real_out;
    stderr = real_err;
    return status;
}

/* A daemon on DIR: holds the lock, serves requests until told to stop. */
typedef struct {
    zsock_t *ctl;
    int lock;
    _Atomic int stop, drop; /* DROP: ends at the next request without an answer */
    int leave;              /* and then gives the lock back, as a process that ends does */
    store_t store;
    pthread_t thread;
} daemon_t;

static void *serve(void *arg) {
    daemon_t *d = arg;
    conf_t *conf = conf_load(NULL, keys, NULL);
    while (!d->stop) {
        zframe_t *from = NULL;
        char *request = ctl_take(d->ctl, &from);
        if (request == NULL) {
            poll(NULL, 0, 2);
            continue;
        }
        if (d->drop) {
            d->stop = 1;
            zframe_destroy(&from);
        } else {
            char *reply = program_serve(&program, &d->store, conf, request);
            ctl_answer(d->ctl, &from, reply);
            free(reply);
        }
        free(request);
    }
    zsock_destroy(&d->ctl);
    if (d->leave) close(d->lock);
    conf_free(&conf);
    return NULL;
}

static void start(daemon_t *d, const char *dir) {
    *d = (daemon_t){.lock = file_lock_dir(dir, NULL), .ctl = ctl_listen(dir, NULL)};
    assert_true(d->lock >= 0 && d->ctl != NULL);
    assert_int_equal(pthread_create(&d->thread, NULL, serve, d), 0);
}

static void stop(daemon_t *d) {
    d->stop = 1;
    pthread_join(d->thread, NULL);
    close(d->lock);
}

static int in_dir_setup(void **state) {
    if (dir_setup(state) != 0) return -1;
    setenv("BAOCAO_DIR", *state, 1);
    setenv("BAOCAO_PERSON", "Người Thử", 1);
    return chdir(*state);
}

static int in_dir_teardown(void **state) {
    unsetenv("BAOCAO_DIR");
    unsetenv("BAOCAO_PERSON");
    return chdir("/") != 0 ? -1 : dir_teardown(state);
}

static void test_program_runs_a_verb_on_the_store_here(void **state) {
    (void)state;
    assert_int_equal(run("add 2"), 0);
    assert_string_equal(out, "here: 2 cho Người Thử, default\n");
    assert_string_equal(err, "");
    assert_int_equal(run("add 2 --lang en"), 0);
    assert_string_equal(out, "here: 2 for Người Thử, default\n");
    assert_int_equal(run("alone"), 0);
    assert_string_equal(out, "alone\n");
}

static void test_program_runs_a_verb_in_the_daemon(void **state) {
    daemon_t d;
    start(&d, *state);
    assert_int_equal(run("add 2"), 0);
    assert_int_equal(run("add 3 --lang=en"), 0);
    assert_string_equal(out, "there: 5 for Người Thử, default\n");
    assert_int_equal(run("refuse"), EX_NOINPUT);
    assert_string_equal(err, "unit-unknown: Không có đơn vị.\n");
    assert_int_equal(run("--json refuse"), EX_NOINPUT);
    assert_non_null(strstr(out, "{\"error\":{\"code\":\"unit-unknown\""));
    stop(&d);
    assert_int_equal(run("add 2"), 0);
    assert_string_equal(out, "here: 2 cho Người Thử, default\n");
}

/* Input and output files belong to the caller, wherever the verb runs. */
static void echoes(void **state) {
    char *file = dir_path(state, "in.txt"), *written = dir_path(state, "sub/out.txt"), expected[600];
    assert_int_equal(file_write(file, "xin chào", 9, 0600, NULL), 0);
    assert_int_equal(run("echo it in.txt --out sub/out.txt"), 3);
    assert_string_equal(out, "9:xin chào\n");
    snprintf(expected, sizeof expected, "%s/word\n", (char *)*state);
    assert_string_equal(err, expected);
    struct stat st;
    assert_int_equal(stat(written, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(st.st_size, 9);
    assert_int_equal(unlink(written), 0);
    assert_int_equal(run("echo it"), 3);
    assert_string_equal(out, "0:(none)\n");
    assert_int_equal(run("echo it missing.txt"), EX_NOINPUT);
    assert_non_null(strstr(err, "file-missing: "));
    assert_int_equal(run("full"), EX_IOERR);
    assert_non_null(strstr(err, "disk: "));
    free(file);
    free(written);
}

static void test_program_reads_and_writes_files_here(void **state) {
    echoes(state);
}

static void test_program_reads_and_writes_files_for_the_daemon(void **state) {
    daemon_t d;
    start(&d, *state);
    echoes(state);
    stop(&d);
}

static void test_program_reads_standard_input(void **state) {
    char *file = dir_path(state, "in.txt");
    assert_int_equal(file_write(file, "từ ống", strlen("từ ống"), 0600, NULL), 0);
    int saved = dup(STDIN_FILENO), fd = open(file, O_RDONLY);
    dup2(fd, STDIN_FILENO);
    close(fd);
    assert_int_equal(run("echo it -"), 3);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_string_equal(out, "10:từ ống\n");
    free(file);
}

static void test_program_waits_while_another_command_holds_the_lock(void **state) {
    int lock = file_lock_dir(*state, NULL);
    assert_int_equal(run("add 1"), EX_TEMPFAIL);
    assert_non_null(strstr(err, "dir-locked: "));
    close(lock);
    assert_int_equal(run("add 1"), 0);
}

static void test_program_says_when_the_daemon_does_not_answer(void **state) {
    daemon_t d;
    start(&d, *state);
    d.drop = 1;
    assert_int_equal(run("add 1"), EX_TEMPFAIL);
    assert_non_null(strstr(err, "ctl-no-answer: "));
    stop(&d);
    assert_int_equal(d.store.adds, 0);
}

/* What only looks is free to be asked again: here, once what ended has given the lock back. */
static void test_program_looks_again_where_the_daemon_ended_before_it_answered(void **state) {
    daemon_t d;
    start(&d, *state);
    assert_int_equal(run("look"), 0);
    assert_string_equal(out, "seen there\n");
    d.drop = d.leave = 1;
    assert_int_equal(run("look"), 0);
    assert_string_equal(out, "seen here\n");
    pthread_join(d.thread, NULL);
}

static void test_program_does_not_serve_verbs_that_run_alone(void **state) {
    (void)state;
    store_t s = {0};
    conf_t *conf = conf_load(NULL, keys, NULL);
    char *reply = program_serve(
        &program, &s, conf, "{\"argv\":[\"--dir=/d\",\"--json\",\"alone\"],\"cwd\":\"/\",\"person\":\"x\"}");
    assert_non_null(strstr(reply, "verb-alone"));
    assert_non_null(strstr(reply, "\"exit\":64"));
    free(reply);
    reply = program_serve(&program, &s, conf, "nonsense");
    assert_non_null(strstr(reply, "json-malformed: "));
    assert_non_null(strstr(reply, "\"exit\":65"));
    free(reply);
    conf_free(&conf);
}

static void test_program_refuses_a_wrong_command_line(void **state) {
    (void)state;
    assert_int_equal(run("ad 1 --lang en"), EX_USAGE);
    assert_string_equal(
        err, "verb-unknown: There is no verb \"ad\"; did you mean \"add\"?\nHelp: baocao-x --help\n");
    assert_int_equal(run("add --lang en"), EX_USAGE);
    assert_string_equal(err,
                        "words-missing: The verb lacks a word. Usage: add N\nHelp: baocao-x add --help\n");
    assert_int_equal(run("add --json"), EX_USAGE);
    assert_string_equal(err, "");
    assert_non_null(strstr(out, "\"words-missing\""));
}

static void test_program_refuses_wrong_surroundings(void **state) {
    char *conf = dir_path(state, "x.cfg");
    assert_int_equal(file_write(conf, "nam = x\n", 8, 0600, NULL), 0);
    assert_int_equal(run("add 1 -c x.cfg"), EX_CONFIG);
    assert_non_null(strstr(err, "x.cfg:1:"));
    assert_int_equal(run("add 1 -c missing.cfg"), EX_NOINPUT);
    assert_int_equal(run("add 1 -d missing"), EX_NOINPUT);
    assert_non_null(strstr(err, "dir-missing: "));
    assert_int_equal(mkdir("broken", 0700), 0);
    assert_int_equal(run("add 1 -d broken"), EX_SOFTWARE);
    assert_non_null(strstr(err, "db-newer: "));
    setenv("BAOCAO_PERSON", "\xFF", 1);
    assert_int_equal(run("add 1"), EX_USAGE);
    free(conf);
}

static void test_program_helps_and_tells_its_version(void **state) {
    (void)state;
    assert_int_equal(run("--version"), 0);
    assert_string_equal(out, "baocao-x 0.1.0\n");
    assert_string_equal(program_version(), "0.1.0");
    assert_int_equal(run("--help"), 0);
    assert_non_null(strstr(out, "Cách dùng: baocao-x"));
    assert_int_equal(run("echo it --help --lang en"), 0);
    assert_non_null(strstr(out, "Usage: baocao-x echo it [FILE]"));
}

static void test_program_tells_when_its_output_is_lost(void **state) {
    (void)state;
    FILE *real = stdout;
    stdout = fopen("/dev/full", "w");
    assert_non_null(stdout);
    char *argv[] = {"baocao-x", "add", "1", NULL};
    int status = program_main(&program, 3, argv);
    fclose(stdout);
    stdout = real;
    assert_int_equal(status, EX_IOERR);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, in_dir_setup, in_dir_teardown)

int main(void) {
    unsetenv("BAOCAO_LANG");
    const struct CMUnitTest tests[] = {
        TEST(test_program_runs_a_verb_on_the_store_here),
        TEST(test_program_runs_a_verb_in_the_daemon),
        TEST(test_program_reads_and_writes_files_here),
        TEST(test_program_reads_and_writes_files_for_the_daemon),
        TEST(test_program_reads_standard_input),
        TEST(test_program_waits_while_another_command_holds_the_lock),
        TEST(test_program_says_when_the_daemon_does_not_answer),
        TEST(test_program_looks_again_where_the_daemon_ended_before_it_answered),
        TEST(test_program_does_not_serve_verbs_that_run_alone),
        TEST(test_program_refuses_a_wrong_command_line),
        TEST(test_program_refuses_wrong_surroundings),
        TEST(test_program_helps_and_tells_its_version),
        TEST(test_program_tells_when_its_output_is_lost),
    };
    int failed = RUN(tests);
    free(out);
    free(err);
    return failed;
}
