/* program.h - what the three programs' command lines have in common.
 *
 * A program owns one data directory. A verb runs in the process that holds the directory's lock: in
 * this one if no daemon runs, else in the daemon, which is asked over ipc in DIR/run (0700) and
 * answers with the same words. So a verb is written once, reads its input from io->input, prints to
 * io->out and io->err, and hands files to io_file; it never knows which process it is in. A word
 * that names a file it must open itself goes through args_path. */
#ifndef BC_PROGRAM_H
#define BC_PROGRAM_H

#include <jansson.h>

#include "proto/base/args.h"
#include "proto/base/conf.h"
#include "proto/base/io.h"
#include "proto/base/refusal.h"

typedef struct {
    const char *name; /* "baocao-agent" */
    const char *about_vi, *about_en;
    const verb_t *verbs; /* ends with name NULL */
    const conf_key_t *keys;
    const char *examples_vi, *examples_en; /* lines at the end of --help */
    const char *missing_vi, *missing_en;   /* what to do where the data directory is not there; may be NULL */
    /* Opens the store of args->dir after its lock was taken. NULL with WHY on failure. */
    void *(*open)(const args_t *args, const conf_t *conf, refusal_t *why);
    void (*close)(void **store_p);
} program_t;

/* The whole of main(): parses, helps, asks the daemon or opens the store, runs the verb, writes its
 * files. Unknown verbs and options are refused (64) with the nearest known one. Returns the exit
 * status: the verb's own, or that of help_exit for what is refused before it runs. Refuses itself
 * "ctl-no-answer" and "output-failed"; an input file over 64 MiB is "file-large". */
int program_main(const program_t *p, int argc, char **argv);

/* Asks the verb NAME, which takes no words, for its JSON: here or in the program that runs, as a command
 * line with the options of ARGS would; INPUT (may be NULL) is what it reads. New object,
 * {"error":{"code","field","vi","en"}} where it was refused. Waits as long as a command line does. */
json_t *program_look(const program_t *p, const char *name, const args_t *args, const conf_t *conf,
                     const buf_t *input);

/* Runs one command line that arrived as a ctl request (see ctl.h) on an open store. REQUEST and the
 * result are JSON texts (request.h); caller frees the result. Refuses "verb-alone" too: a verb that
 * takes the directory for itself cannot run in the daemon. */
char *program_serve(const program_t *p, void *store, const conf_t *conf, const char *request);

/* "0.1.0" */
const char *program_version(void);

#endif
