/* program.h - what the three programs' command lines have in common.
 *
 * A program owns one data directory. A verb runs in the process that holds the directory's lock: in
 * this one if no daemon runs, else in the daemon, which is asked over ipc in DIR/run (0700) and
 * answers with the same words. So a verb is written once, reads its input from io->input, prints to
 * io->out and io->err, and hands files to io_file; it never knows which process it is in. */
#ifndef BC_PROGRAM_H
#define BC_PROGRAM_H

#include <stdio.h>

#include "proto/base/conf.h"
#include "proto/base/mem.h"
#include "proto/base/refusal.h"

/* What a verb may read and write. */
typedef struct {
    FILE *out, *err;
    lang_t lang;
    int json;      /* --json was given */
    buf_t input;   /* content of the verb's input file, when it has one */
    struct io_file *files; /* written by the caller's process after the verb ended */
} io_t;

/* Prints to io->out in the reader's language. */
void io_say(io_t *io, const char *vi, const char *en, ...) __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Prints the refusal to io->err as "code: sentence" (JSON object on io->out with --json) and returns
 * rc_exit(rc). */
int io_refused(io_t *io, int rc, const refusal_t *why);
/* Prints J (borrowed) as canonical JSON and a newline on io->out. */
void io_json(io_t *io, const void *json);
/* A file for the caller: PATH absolute or relative to where the caller stands. Copies the content. */
void io_file(io_t *io, const char *path, const void *p, size_t n, unsigned mode);

/* An option of a verb. VALUE NULL: a switch. */
typedef struct {
    const char *name;  /* without "--" */
    const char *value; /* name of the value in help, "DIR" */
    const char *vi, *en;
} opt_t;

/* A parsed command line. Strings are borrowed from argv or from the daemon's copy. */
typedef struct args {
    const char *dir;    /* -d DIR */
    const char *conf;   /* -c FILE or NULL */
    lang_t lang;        /* --lang, else BAOCAO_LANG, else vi */
    int json;
    const char *person; /* who gives the command: the caller's BAOCAO_PERSON, else his user's name */
    int argc;           /* words behind the verb */
    const char *argv[4096];
    int optc;
    struct { const char *name, *value; } opt[16];
} args_t;

/* Value of an option ("" for a switch), NULL where it was not given. */
const char *args_opt(const args_t *a, const char *name);

enum { VERB_STORE, /* needs the open store: here or in the daemon */
       VERB_ALONE  /* makes or runs the directory itself: init, join, run, restore */ };

typedef struct {
    const char *name;       /* "unit import": may be two words */
    const char *usage;      /* "FILE.csv [--unit U]" */
    const char *vi, *en;    /* one line for the list of verbs */
    const char *more_vi, *more_en; /* further help, may be NULL */
    const opt_t *opts;      /* ends with name NULL; may be NULL */
    int min, max;           /* number of words behind the verb; max -1: any */
    int input;              /* 1-based word that names an input file (or "-"), 0: none */
    int where;              /* VERB_STORE or VERB_ALONE */
    /* Returns the exit status (sysexits). STORE is what program->open returned, NULL for VERB_ALONE. */
    int (*run)(void *store, const args_t *args, const conf_t *conf, io_t *io);
} verb_t;

typedef struct {
    const char *name;             /* "baocao-agent" */
    const char *about_vi, *about_en;
    const verb_t *verbs;          /* ends with name NULL */
    const conf_key_t *keys;
    const char *examples_vi, *examples_en; /* lines at the end of --help */
    /* Opens the store of args->dir after its lock was taken. NULL with WHY on failure. */
    void *(*open)(const args_t *args, const conf_t *conf, refusal_t *why);
    void (*close)(void **store_p);
} program_t;

/* The whole of main(): parses, helps, asks the daemon or opens the store, runs the verb, writes its
 * files. Unknown verbs and options are refused (64) with the nearest known one. Returns the exit
 * status. */
int program_main(const program_t *p, int argc, char **argv);

/* Runs one command line that arrived as a ctl request (see ctl.h) on an open store. REQUEST and the
 * result are JSON texts; caller frees the result. */
char *program_serve(const program_t *p, void *store, const conf_t *conf, const char *request);

#endif
