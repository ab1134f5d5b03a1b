/* io.h - what a verb of a command line may read and write, wherever it runs. */
#ifndef BC_IO_H
#define BC_IO_H

#include <stdio.h>

#include "proto/base/mem.h"
#include "proto/base/refusal.h"

/* A file the caller's process writes after the verb ended. */
typedef struct io_file {
    struct io_file *next;
    char *path;
    unsigned mode;
    buf_t data;
} io_file_t;

typedef struct {
    FILE *out, *err;
    lang_t lang;
    int json;         /* --json was given */
    buf_t input;      /* content of the verb's input file, when it has one */
    io_file_t *files; /* in the order they were given */
} io_t;

/* Prints to io->out in the reader's language. */
void io_say(io_t *io, const char *vi, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Prints the refusal to io->err as "code: sentence" (with --json an object
 * {"error":{"code","en","field","vi"}} on io->out) and returns the exit status: rc_exit(rc), or for a refusal
 * that of its code (help_exit). While a store of this process is broken (db_any_broken) it says that
 * instead, as io_store_broke does. */
int io_refused(io_t *io, int rc, const refusal_t *why);
/* Says "disk": the store broke under the command, whose answer cannot be trusted. Returns the exit status. */
int io_store_broke(io_t *io);
/* Prints J, a json_t (borrowed), as canonical JSON and a newline on io->out. */
void io_json(io_t *io, const void *json);
/* A file for the caller: PATH absolute or relative to where the caller stands; folders that are
 * missing are made. Copies the content. */
void io_file(io_t *io, const char *path, const void *p, size_t n, unsigned mode);

/* For the caller's process. Writes the files; stops at the first that fails: negative bc_rc_t, WHY. */
int io_write_files(const io_t *io, refusal_t *why);
/* Releases input and files; OUT and ERR are the owner's. */
void io_clear(io_t *io);

#endif
