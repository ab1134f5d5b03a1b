/* help.h - what --help and --version print, from the same tables that drive the command line. */
#ifndef BC_HELP_H
#define BC_HELP_H

#include "proto/base/program.h"

/* Prints the help of the program to io->out: verbs, options, environment, configuration, exit
 * status, examples. */
void help_program(const program_t *p, io_t *io);
/* Prints the help of one verb: usage, text, options. */
void help_verb(const program_t *p, const verb_t *v, io_t *io);
/* The exit status (sysexits.h) of a command line that ended with WHY, by its code. */
int help_exit(const refusal_t *why);

#endif
