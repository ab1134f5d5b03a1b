/* SPDX-License-Identifier: MPL-2.0 */
/* One road for every command line: parse, read the input here, run where the store is open, write
 * the files here. A request that may change something is never sent again by itself: the daemon may
 * have done it and died, and only a person can tell whether once more is once too often. */
#include "proto/base/program.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/ctl.h"
#include "proto/base/db.h"
#include "proto/base/file.h"
#include "proto/base/help.h"
#include "proto/base/rc.h"
#include "proto/base/request.h"
#include "proto/base/version.h"

enum { INPUT_MAX = 64 * 1024 * 1024 };
enum { ANSWER_MS = 120000 };           /* a large import takes its time */
enum { LOCK_MS = 5000, LOOK_MS = 50 }; /* another short command holds the lock, or a daemon is starting */

const char *program_version(void) {
    return BAOCAO_VERSION;
}

/* Says WHY and returns the exit status that belongs to it. */
static int refused(io_t *io, const refusal_t *why) {
    return io_refused(io, BC_REFUSED, why);
}

/* What VERB gave, unless the store broke under it: then it may have read nothing where something is. */
static int run_on(const verb_t *verb, void *store, const args_t *args, const conf_t *conf, io_t *io) {
    int status = verb->run(store, args, conf, io);
    if (!db_any_broken() || status == EX_IOERR || status == EX_SOFTWARE) return status;
    return io_store_broke(io);
}

static int run_here(const program_t *p, const verb_t *verb, const args_t *args, const conf_t *conf,
                    io_t *io) {
    refusal_t why = {0};
    void *store = p->open(args, conf, &why);
    if (store == NULL) return refused(io, &why);
    int status = run_on(verb, store, args, conf, io);
    p->close(&store);
    return status;
}

/* BC_AGAIN where the daemon ended before it answered and the question is free to be asked again. */
static int run_there(const verb_t *verb, args_t *args, io_t *io) {
    refusal_t why = {0};
    char absolute[PATH_MAX];
    const char *dir = args->dir;
    if (realpath(dir, absolute) != NULL) args->dir = absolute;
    int status = BC_REFUSED, ended;
    char *request = request_write(verb, args, io), *reply = ctl_ask(dir, request, ANSWER_MS, &ended);
    if (reply == NULL && ended && verb->where == VERB_LOOK)
        status = BC_AGAIN;
    else if (reply == NULL)
        refuse(&why, "ctl-no-answer", dir,
               "Chương trình đang chạy trên \"%s\" không trả lời hoặc đã dừng giữa chừng. Lệnh có thể đã "
               "được thực "
               "hiện: hãy kiểm tra trước khi chạy lại.",
               "The program that runs on \"%s\" did not answer, or ended before it did. The command may have "
               "been "
               "carried out: look before you give it again.",
               dir);
    else
        status = request_take_reply(reply, io, &why);
    free(reply);
    free(request);
    args->dir = dir;
    return status >= 0 || status == BC_AGAIN ? status : refused(io, &why);
}

/* Adds what to do to the sentences of "dir-missing", which know no program. */
static void say_missing(const program_t *p, refusal_t *why) {
    const refusal_t bare = *why;
    if (p->missing_vi != NULL)
        refuse(why, bare.code, bare.field, "%1$s %2$s%3$.0s%4$.0s", "%3$s %4$s%1$.0s%2$.0s", bare.vi,
               p->missing_vi, bare.en, p->missing_en);
}

/* Runs a verb where the store is: here under the lock, or in the daemon that holds it. */
static int run_on_store(const program_t *p, const verb_t *verb, args_t *args, const conf_t *conf, io_t *io) {
    for (int64_t until = clock_mono_ms() + LOCK_MS;; poll(NULL, 0, LOOK_MS)) {
        refusal_t why = {0};
        int lock = file_lock_dir(args->dir, &why);
        if (lock >= 0) {
            int status = run_here(p, verb, args, conf, io);
            close(lock);
            return status;
        }
        if (strcmp(why.code, "dir-missing") == 0) say_missing(p, &why);
        if (strcmp(why.code, "dir-locked") != 0) return refused(io, &why);
        if (ctl_listening(args->dir)) {
            int status = run_there(verb, args, io);
            if (status != BC_AGAIN) return status;
            until = clock_mono_ms() + LOCK_MS; /* what ended gives the lock back, or was started anew */
        }
        if (clock_mono_ms() > until) return refused(io, &why);
    }
}

json_t *program_look(const program_t *p, const char *name, const args_t *args, const conf_t *conf,
                     const buf_t *input) {
    buf_t out = {0};
    io_t io = {.out = open_memstream(&out.data, &out.len), .json = 1, .lang = args->lang};
    if (io.out == NULL) abort(); /* memory only */
    io.err = io.out;
    args_t *own = mem_alloc(sizeof *own);
    *own = *args;
    own->json = 1;
    own->argc = 0;
    if (input != NULL) buf_add(&io.input, input->data, input->len);
    const verb_t *verb = p->verbs;
    while (strcmp(verb->name, name) != 0)
        verb++;
    run_on_store(p, verb, own, conf, &io);
    fclose(io.out);
    json_t *j = json_loads(out.data, 0, NULL);
    io_clear(&io);
    free(out.data);
    free(own);
    return j != NULL ? j : json_object();
}

static int read_input(const verb_t *verb, const args_t *args, io_t *io, refusal_t *why) {
    if (verb->input == 0 || args->argc < verb->input) return 0;
    return file_read(args->argv[verb->input - 1], INPUT_MAX, &io->input, why);
}

/* Runs the verb and writes what it left. */
static int run_verb(const program_t *p, const verb_t *verb, args_t *args, io_t *io) {
    refusal_t why = {0};
    conf_t *conf = conf_load(args->conf, p->keys, &why);
    if (conf == NULL) return refused(io, &why);
    int status;
    if (read_input(verb, args, io, &why) != 0)
        status = refused(io, &why);
    else if (verb->where == VERB_ALONE)
        status = verb->run(NULL, args, conf, io);
    else
        status = run_on_store(p, verb, args, conf, io);
    if (io_write_files(io, &why) != 0) status = refused(io, &why);
    conf_free(&conf);
    return status;
}

/* The same with what only this process knows: who asks, from where, and about which directory. */
static int run_for_caller(const program_t *p, const verb_t *verb, args_t *args, io_t *io) {
    refusal_t why = {0};
    char cwd[PATH_MAX], *dir = NULL, *person = args_default_person(&why);
    if (person == NULL) return refused(io, &why);
    if (args->dir == NULL) args->dir = dir = args_default_dir(p->name);
    args->cwd = getcwd(cwd, sizeof cwd);
    args->person = person;
    int status = run_verb(p, verb, args, io);
    free(person);
    free(dir);
    return status;
}

/* For jansson, whose builders leave out what they find no memory for, and hardly anybody asks: a summary
 * would lack a figure and not say so. It ends where all of us end, in mem.c. */
static void *json_memory(size_t n) {
    return mem_grow(NULL, n);
}

/* Parses and does what was asked. */
static int run_line(const program_t *p, int argc, char **argv, args_t *args, io_t *io) {
    refusal_t why = {0};
    const verb_t *verb;
    int rc = args_parse(p->verbs, argc - 1, (const char *const *)argv + 1, args, &verb, &why);
    io->lang = args->lang;
    io->json = args->json;
    if (rc != 0) {
        int status = refused(io, &why);
        if (!io->json)
            fprintf(io->err, "%s: %s%s%s --help\n", tr(io->lang, "Trợ giúp", "Help"), p->name,
                    verb != NULL ? " " : "", verb != NULL ? verb->name : "");
        return status;
    }
    if (args->version)
        fprintf(io->out, "%s %s\n", p->name, BAOCAO_VERSION);
    else if (args->help && verb != NULL)
        help_verb(p, verb, io);
    else if (args->help)
        help_program(p, io);
    else
        return run_for_caller(p, verb, args, io);
    return EX_OK;
}

int program_main(const program_t *p, int argc, char **argv) {
    json_set_alloc_funcs(json_memory, free);
    args_t *args = mem_alloc(sizeof *args);
    io_t io = {.out = stdout, .err = stderr};
    int status = run_line(p, argc, argv, args, &io);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EX_OK) { /* else what went wrong was told */
        refusal_t why;
        refuse(
            &why, "output-failed", NULL,
            "Không ghi được kết quả ra đầu ra chuẩn (hết chỗ trên đĩa?); lệnh đã chạy xong.",
            "The results could not be written to standard output (disk full?); the command itself has run.");
        io.json = 0; /* there is no other place left to say it */
        status = refused(&io, &why);
    }
    io_clear(&io);
    free(args);
    return status;
}

/* Runs a request that was read; refuses what only a process of its own can do. */
static int serve(const verb_t *verb, void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    if (verb->where != VERB_ALONE) return run_on(verb, store, args, conf, io);
    refuse(&why, "verb-alone", NULL,
           "Lệnh \"%s\" cần thư mục dữ liệu cho riêng mình: hãy dừng chương trình đang chạy trước.",
           "The verb \"%s\" needs the data directory for itself: stop the running program first.",
           verb->name);
    return refused(io, &why);
}

char *program_serve(const program_t *p, void *store, const conf_t *conf, const char *request) {
    buf_t out = {0}, err = {0};
    io_t io = {.out = open_memstream(&out.data, &out.len), .err = open_memstream(&err.data, &err.len)};
    if (io.out == NULL || io.err == NULL) abort(); /* memory only */
    args_t *args = mem_alloc(sizeof *args);
    refusal_t why = {0};
    const verb_t *verb;
    json_t *j = request_read(request, p->verbs, args, &verb, &io, &why);
    int status = j != NULL ? serve(verb, store, args, conf, &io) : refused(&io, &why);
    fclose(io.out); /* only now OUT and ERR hold all */
    fclose(io.err);
    char *reply = request_reply(status, &out, &err, &io);
    json_decref(j);
    free(args);
    io_clear(&io);
    free(out.data);
    free(err.data);
    return reply;
}
