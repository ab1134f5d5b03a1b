/* request.h - a command line and its outcome as one JSON text each, between caller and daemon.
 *
 * Request: {"argv":["--lang=vi","--dir=/…","unit","import","--","don-vi.csv"],"cwd":"/…",
 * "person":"…","input":"…"}. Reply: {"exit":0,"out":"…","err":"…","files":[{"path","mode","data"}]}.
 * Input and data are base64, since files need not be UTF-8; out and err are text. */
#ifndef BC_REQUEST_H
#define BC_REQUEST_H

#include <jansson.h>

#include "proto/base/args.h"

/* The request for VERB with ARGS and the input in IO. ARGS->dir must be absolute. Caller frees. */
char *request_write(const verb_t *verb, const args_t *args, const io_t *io);
/* Parses a request: fills ARGS, *VERB and io->input, lang and json. Returns the JSON they borrow
 * from (new), NULL with WHY ("request-malformed", or what args_parse refuses). */
json_t *request_read(const char *text, const verb_t *verbs, args_t *args, const verb_t **verb, io_t *io,
                     refusal_t *why);
/* The reply of a verb that ended with STATUS, printed OUT and ERR and left files in IO. Caller frees. */
char *request_reply(int status, const buf_t *out, const buf_t *err, const io_t *io);
/* Prints a reply to io->out and io->err and takes its files into IO. Returns the exit status, or
 * BC_REFUSED with WHY ("request-malformed"). */
int request_take_reply(const char *text, io_t *io, refusal_t *why);

#endif
