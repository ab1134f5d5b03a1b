/* args.h - command lines driven by a table of verbs.
 *
 * Global options may stand before or behind the verb, a verb's own behind it: --name VALUE or
 * --name=VALUE; "--" ends options, "-" alone is a word. Nothing may be given twice, unless the name of
 * its value ends with "...", nothing may be shortened: a script that works today works tomorrow. */
#ifndef BC_ARGS_H
#define BC_ARGS_H

#include "proto/base/conf.h"
#include "proto/base/io.h"

/* An option of a verb. VALUE NULL: a switch. */
typedef struct {
    const char *name;  /* without "--" */
    const char *value; /* name of the value in help, "DIR"; "M=V...": may be given several times */
    const char *vi, *en;
} opt_t;

#define ARGS_WORDS 4096
#define ARGS_OPTS 64

/* A parsed command line. Strings are borrowed from argv or from the daemon's copy. */
typedef struct args {
    const char *dir;    /* -d DIR, else args_default_dir */
    const char *conf;   /* -c FILE or NULL */
    const char *cwd;    /* where the caller stands, absolute */
    const char *person; /* who gives the command: the caller's BAOCAO_PERSON, else his user's name */
    lang_t lang;        /* --lang, else BAOCAO_LANG, else vi */
    int json, help, version;
    int argc; /* words behind the verb */
    const char *argv[ARGS_WORDS];
    int optc;
    struct {
        const char *name, *value;
    } opt[ARGS_OPTS];
} args_t;

enum {
    VERB_STORE, /* needs the open store: here or in the daemon */
    VERB_LOOK,  /* the same, and changes nothing, so that it may be asked again */
    VERB_ALONE  /* makes or runs the directory itself: init, join, run, restore */
};

typedef struct {
    const char *name;              /* "unit import": may be two words */
    const char *usage;             /* "FILE.csv [--unit U]" */
    const char *vi, *en;           /* one line for the list of verbs */
    const char *more_vi, *more_en; /* further help, may be NULL */
    const opt_t *opts;             /* ends with name NULL; may be NULL */
    int min, max;                  /* number of words behind the verb; max -1: any */
    int input;                     /* 1-based word that names an input file (or "-"), 0: none */
    int where;                     /* VERB_STORE, VERB_LOOK or VERB_ALONE */
    /* Returns the exit status (sysexits). STORE is what program->open returned, NULL for VERB_ALONE. */
    int (*run)(void *store, const args_t *args, const conf_t *conf, io_t *io);
} verb_t;

/* The options every verb takes, ending with name NULL, and the letter of each (' ': none). */
extern const opt_t args_globals[];
extern const char args_letters[];

/* Parses ARGC words (without the program's name) against VERBS, which ends with name NULL. Fills OUT
 * and *VERB (NULL only with help or version asked for). LANG and JSON hold even when the rest is refused.
 * Refuses "verb-missing", "verb-unknown", "option-unknown", "option-double", "option-value",
 * "words-missing", "words-many", "words-utf8", "lang-unknown". DIR stays NULL unless given; CWD and
 * PERSON are the caller's to fill. */
int args_parse(const verb_t *verbs, int argc, const char *const *argv, args_t *out, const verb_t **verb,
               refusal_t *why);
/* Value of an option ("" for a switch), NULL where it was not given. */
const char *args_opt(const args_t *a, const char *name);
/* WORD as an absolute path, as the caller means it. Caller frees. */
char *args_path(const args_t *a, const char *word);
/* BAOCAO_DIR, else /var/lib/PROGRAM for root, else the user's XDG state folder. Caller frees. */
char *args_default_dir(const char *program);
/* BAOCAO_PERSON in NFC, else the name of this process's user. Caller frees. NULL with WHY
 * "person-bad" where the variable is no text or longer than 120 bytes. */
char *args_default_person(refusal_t *why);

#endif
