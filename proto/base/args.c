/* SPDX-License-Identifier: MPL-2.0 */
/* One pass over the words: options as they come, the first word (or two) is the verb, the rest are
 * its words. */
#include "proto/base/args.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/rc.h"
#include "proto/base/text.h"

enum { PERSON_MAX = 120 };
enum { DIR, CONFIG, LANG, JSON, HELP, VERSION };
const opt_t args_globals[] = {
    [DIR] = {"dir", "DIR", "thư mục dữ liệu", "data directory"},
    [CONFIG] = {"config", "FILE", "tệp cấu hình (ZPL)", "configuration file (ZPL)"},
    [LANG] = {"lang", "vi|en", "ngôn ngữ của thông báo", "language of messages"},
    [JSON] = {"json", NULL, "in kết quả dạng JSON cho chương trình khác đọc",
              "print results as JSON for scripts"},
    [HELP] = {"help", NULL, "in trợ giúp này; sau một lệnh thì in trợ giúp của lệnh đó",
              "print this help, or behind a verb the help of that verb"},
    [VERSION] = {"version", NULL, "in phiên bản", "print the version"},
    {NULL, NULL, NULL, NULL},
};
const char args_letters[] = "dc  hV";

typedef struct {
    const verb_t *verbs, *verb;
    int argc, at;
    const char *const *argv;
    args_t *out;
    unsigned seen; /* global options given, by their place */
    refusal_t *why;
} parser_t;

static int find_option(const opt_t *opts, const char *name, size_t n) {
    for (int i = 0; opts != NULL && opts[i].name != NULL; i++)
        if (strlen(opts[i].name) == n && memcmp(opts[i].name, name, n) == 0) return i;
    return -1;
}

static int refuse_option(const parser_t *p, const char *word) {
    const char *names[64];
    size_t n = 0;
    for (const opt_t *o = args_globals; o->name != NULL; o++)
        names[n++] = o->name;
    for (const opt_t *o = p->verb != NULL ? p->verb->opts : NULL; o != NULL && o->name != NULL && n < 64; o++)
        names[n++] = o->name;
    char *name = mem_strn(word + 2 * (word[1] == '-'), strcspn(word, "=") - 2 * (word[1] == '-'));
    const char *nearest = text_nearest(name, names, n);
    free(name);
    if (nearest != NULL)
        return refuse(p->why, "option-unknown", word, "Không có tùy chọn \"%s\"; có phải là --%s?",
                      "There is no option \"%s\"; did you mean --%s?", word, nearest);
    if (p->verb == NULL)
        return refuse(p->why, "option-unknown", word,
                      "Không có tùy chọn chung \"%s\"; tùy chọn riêng của lệnh phải đứng sau lệnh.",
                      "There is no general option \"%s\"; a verb's own options stand behind the verb.", word);
    return refuse(p->why, "option-unknown", word, "Lệnh \"%s\" không có tùy chọn \"%s\".",
                  "The verb \"%s\" has no option \"%s\".", p->verb->name, word);
}

static int refuse_double(const parser_t *p, const char *word) {
    return refuse(p->why, "option-double", word, "Tùy chọn \"%s\" được ghi hai lần.",
                  "The option \"%s\" is given twice.", word);
}

/* The value of O, which stands in WORD behind its LEN characters or is the next word. */
static int option_value(parser_t *p, const opt_t *o, const char *word, size_t len, const char **value) {
    const char *inside = word[len] != '\0' ? word + len + (word[len] == '=') : NULL;
    *value = "";
    if (o->value == NULL && inside == NULL) return 0;
    if (o->value == NULL)
        return refuse(p->why, "option-value", word, "Tùy chọn --%s không nhận giá trị.",
                      "The option --%s takes no value.", o->name);
    if (inside == NULL && p->at + 1 < p->argc) inside = p->argv[++p->at];
    if (inside == NULL || *inside == '\0')
        return refuse(p->why, "option-value", word, "Tùy chọn --%s thiếu giá trị: --%s %s.",
                      "The option --%s lacks its value: --%s %s.", o->name, o->name, o->value);
    *value = inside;
    return 0;
}

static int set_global(parser_t *p, int i, const char *word, const char *value) {
    args_t *a = p->out;
    if (p->seen & 1u << i) return refuse_double(p, word);
    p->seen |= 1u << i;
    switch (i) {
    case DIR: a->dir = value; return 0;
    case CONFIG: a->conf = value; return 0;
    case JSON: a->json = 1; return 0;
    case HELP: a->help = 1; return 0;
    case VERSION: a->version = 1; return 0;
    default: break;
    }
    if (lang_parse(value, &a->lang) == 0) return 0;
    return refuse(p->why, "lang-unknown", word, "Ngôn ngữ \"%s\" không có; hãy dùng vi hoặc en.",
                  "There is no language \"%s\"; use vi or en.", value);
}

static int repeats(const opt_t *o) {
    size_t n = o->value != NULL ? strlen(o->value) : 0;
    return n > 3 && strcmp(o->value + n - 3, "...") == 0;
}

static int take_option(parser_t *p, const char *word) {
    int is_long = word[1] == '-', i = -1;
    size_t len = is_long ? strcspn(word, "=") : 2;
    const char *value, *letter = strchr(args_letters, word[1]);
    if (is_long)
        i = find_option(args_globals, word + 2, len - 2);
    else if (letter != NULL && word[1] != ' ')
        i = (int)(letter - args_letters);
    if (i >= 0) {
        int rc = option_value(p, &args_globals[i], word, len, &value);
        return rc != 0 ? rc : set_global(p, i, word, value);
    }
    if (is_long && p->verb != NULL) i = find_option(p->verb->opts, word + 2, len - 2);
    if (i < 0) return refuse_option(p, word);
    const opt_t *o = &p->verb->opts[i];
    int rc = option_value(p, o, word, len, &value);
    if (rc != 0) return rc;
    if (args_opt(p->out, o->name) != NULL && !repeats(o)) return refuse_double(p, word);
    if (p->out->optc == ARGS_OPTS)
        return refuse(p->why, "words-many", word, "Quá nhiều tùy chọn: nhiều nhất %d.",
                      "Too many options: at most %d.", ARGS_OPTS);
    p->out->opt[p->out->optc].name = o->name;
    p->out->opt[p->out->optc++].value = value;
    return 0;
}

static const verb_t *find_verb(const verb_t *verbs, const char *name) {
    for (const verb_t *v = verbs; v->name != NULL; v++)
        if (strcmp(v->name, name) == 0) return v;
    return NULL;
}

/* The second words of the verbs that begin with FIRST, "import, list"; NULL if there are none. */
static char *second_words(const verb_t *verbs, const char *first) {
    buf_t b = {0};
    size_t n = strlen(first);
    for (const verb_t *v = verbs; v->name != NULL; v++)
        if (strncmp(v->name, first, n) == 0 && v->name[n] == ' ')
            buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", v->name + n + 1);
    return b.data;
}

static int refuse_verb(const parser_t *p, const char *asked) {
    const char *names[128];
    size_t n = 0;
    for (const verb_t *v = p->verbs; v->name != NULL && n < 128; v++)
        names[n++] = v->name;
    const char *nearest = text_nearest(asked, names, n);
    if (nearest != NULL)
        return refuse(p->why, "verb-unknown", NULL, "Không có lệnh \"%s\"; có phải là \"%s\"?",
                      "There is no verb \"%s\"; did you mean \"%s\"?", asked, nearest);
    return refuse(p->why, "verb-unknown", NULL, "Không có lệnh \"%s\"; dùng --help để xem các lệnh.",
                  "There is no verb \"%s\"; --help lists them.", asked);
}

/* Finds the verb that begins at the word at hand; two words win over one. */
static int take_verb(parser_t *p) {
    const char *first = p->argv[p->at], *next = p->at + 1 < p->argc ? p->argv[p->at + 1] : "";
    char *both = mem_printf("%s %s", first, next), *seconds = second_words(p->verbs, first);
    int rc = 0, two_words = seconds != NULL && *next != '\0' && *next != '-';
    p->verb = find_verb(p->verbs, both);
    if (p->verb != NULL)
        p->at++;
    else
        p->verb = find_verb(p->verbs, first);
    int help = strcmp(next, "-h") == 0 || strcmp(next, "--help") == 0;
    if (p->verb == NULL && seconds != NULL && help)
        rc = 0; /* half a verb and a cry for help: the next option brings the help of all */
    else if (p->verb == NULL && seconds != NULL && !two_words)
        rc = refuse(p->why, "verb-missing", NULL, "Lệnh \"%s\" cần thêm một trong các từ: %s.",
                    "The verb \"%s\" needs one more word: %s.", first, seconds);
    else if (p->verb == NULL)
        rc = refuse_verb(p, two_words ? both : first);
    free(both);
    free(seconds);
    return rc;
}

static int take_word(parser_t *p, const char *word) {
    if (p->verb == NULL) return take_verb(p);
    if (p->out->argc == ARGS_WORDS)
        return refuse(p->why, "words-many", NULL, "Quá nhiều tham số: nhiều nhất %d.",
                      "Too many words: at most %d.", ARGS_WORDS);
    p->out->argv[p->out->argc++] = word;
    return 0;
}

static int check_count(const parser_t *p) {
    const verb_t *v = p->verb;
    if (p->out->argc < v->min)
        return refuse(p->why, "words-missing", NULL, "Lệnh thiếu tham số. Cách dùng: %s %s",
                      "The verb lacks a word. Usage: %s %s", v->name, v->usage != NULL ? v->usage : "");
    if (v->max >= 0 && p->out->argc > v->max)
        return refuse(p->why, "words-many", p->out->argv[v->max], "Thừa tham số \"%s\". Cách dùng: %s %s",
                      "One word too many: \"%s\". Usage: %s %s", p->out->argv[v->max], v->name,
                      v->usage != NULL ? v->usage : "");
    return 0;
}

/* Language and form of what is to be said about errors further on. */
static int parse_first(parser_t *p) {
    args_t *a = p->out;
    const char *lang = getenv("BAOCAO_LANG");
    for (int i = 0; i < p->argc && strcmp(p->argv[i], "--") != 0; i++) {
        const char *word = p->argv[i];
        if (strncmp(word, "--lang=", 7) == 0) (void)lang_parse(word + 7, &a->lang);
        if (strcmp(word, "--lang") == 0 && i + 1 < p->argc) (void)lang_parse(p->argv[i + 1], &a->lang);
        if (strncmp(word, "--lang", 6) == 0) lang = NULL;
        if (strcmp(word, "--json") == 0) a->json = 1;
    }
    if (lang != NULL && *lang != '\0' && lang_parse(lang, &a->lang) != 0)
        return refuse(p->why, "lang-unknown", "BAOCAO_LANG",
                      "BAOCAO_LANG: ngôn ngữ \"%s\" không có; hãy dùng vi hoặc en.",
                      "BAOCAO_LANG: there is no language \"%s\"; use vi or en.", lang);
    return 0;
}

int args_parse(const verb_t *verbs, int argc, const char *const *argv, args_t *out, const verb_t **verb,
               refusal_t *why) {
    parser_t p = {.verbs = verbs, .argc = argc, .argv = argv, .out = out, .why = why};
    memset(out, 0, sizeof *out);
    *verb = NULL;
    int rc = parse_first(&p), options = 1;
    for (; rc == 0 && p.at < argc; p.at++) {
        const char *word = argv[p.at];
        if (!text_utf8_ok(word, strlen(word)))
            rc = refuse(why, "words-utf8", NULL, "Tham số thứ %d không phải văn bản UTF-8.",
                        "Word %d is not UTF-8 text.", p.at + 1);
        else if (options && strcmp(word, "--") == 0)
            options = 0;
        else if (options && word[0] == '-' && word[1] != '\0')
            rc = take_option(&p, word);
        else
            rc = take_word(&p, word);
    }
    *verb = p.verb;
    if (rc != 0 || out->help || out->version) return rc;
    if (p.verb == NULL)
        return refuse(why, "verb-missing", NULL, "Chưa có lệnh; dùng --help để xem các lệnh.",
                      "There is no verb; --help lists them.");
    return check_count(&p);
}

const char *args_opt(const args_t *a, const char *name) {
    for (int i = 0; i < a->optc; i++)
        if (strcmp(a->opt[i].name, name) == 0) return a->opt[i].value;
    return NULL;
}

char *args_path(const args_t *a, const char *word) {
    return *word == '/' || a->cwd == NULL ? mem_str(word) : mem_printf("%s/%s", a->cwd, word);
}

char *args_default_dir(const char *program) {
    const char *dir = getenv("BAOCAO_DIR"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (dir != NULL && *dir != '\0') return mem_str(dir);
    if (geteuid() != 0 && state != NULL && *state == '/') return mem_printf("%s/%s", state, program);
    if (geteuid() != 0 && home != NULL && *home == '/')
        return mem_printf("%s/.local/state/%s", home, program);
    return mem_printf("/var/lib/%s", program);
}

char *args_default_person(refusal_t *why) {
    const char *given = getenv("BAOCAO_PERSON");
    if (given == NULL || *given == '\0') {
        const struct passwd *user = getpwuid(getuid());
        return user != NULL ? mem_str(user->pw_name) : mem_printf("uid %u", (unsigned)getuid());
    }
    char *name = strlen(given) <= PERSON_MAX ? text_nfc(given, strlen(given)) : NULL;
    if (name == NULL)
        refuse(why, "person-bad", "BAOCAO_PERSON",
               "BAOCAO_PERSON phải là tên người ra lệnh, dạng văn bản UTF-8 không quá %d byte.",
               "BAOCAO_PERSON must be the name of who gives the command, UTF-8 text of at most %d bytes.",
               PERSON_MAX);
    return name;
}
