/* SPDX-License-Identifier: MPL-2.0 */
/* Help is written once, in the tables; here it is only laid out, in columns by text_width since
 * Vietnamese letters take one column but several bytes. */
#include "proto/base/help.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "proto/base/text.h"
#include "proto/base/version.h"

static const struct {
    int status;
    const char *vi, *en;
} exits[] = {
    {EX_OK, "đã xong", "done"},
    {EX_USAGE, "dòng lệnh sai", "the command line is wrong"},
    {EX_DATAERR, "dữ liệu bị từ chối, có nêu lý do", "the data were refused, with the reason"},
    {EX_NOINPUT, "không có tệp hoặc thư mục", "no such file or directory"},
    {EX_SOFTWARE, "lỗi bên trong chương trình hoặc kho dữ liệu", "a failure inside the program or its store"},
    {EX_IOERR, "lỗi đọc ghi đĩa", "the disk failed"},
    {EX_TEMPFAIL, "tạm thời chưa được, hãy thử lại", "not now; try again"},
    {EX_NOPERM, "khóa hoặc tệp khóa không dùng được", "a key or its file cannot be used"},
    {EX_CONFIG, "cấu hình sai", "the configuration is wrong"},
};

int help_exit(const refusal_t *why) {
    static const struct {
        const char *begin;
        int status;
    } codes[] = {{"verb-", EX_USAGE},          {"option-", EX_USAGE},       {"words-", EX_USAGE},
                 {"lang-", EX_USAGE},          {"person-", EX_USAGE},       {"conf-", EX_CONFIG},
                 {"file-missing", EX_NOINPUT}, {"dir-missing", EX_NOINPUT}, {"file-unreadable", EX_NOINPUT},
                 {"dir-locked", EX_TEMPFAIL},  {"ctl-", EX_TEMPFAIL},       {"key-", EX_NOPERM},
                 {"db-", EX_SOFTWARE},         {"disk", EX_IOERR},          {"output-", EX_IOERR}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strncmp(why->code, codes[i].begin, strlen(codes[i].begin)) == 0) return codes[i].status;
    return EX_DATAERR;
}

/* "  LEFT    RIGHT", with WIDTH columns for the left. */
static void row(const io_t *io, const char *left, int width, const char *vi, const char *en) {
    fprintf(io->out, "  %s%*s  %s\n", left, width - text_width(left), "", tr(io->lang, vi, en));
}

static int wider(int width, const char *s) {
    int w = text_width(s);
    return w > width ? w : width;
}

/* "-d, --dir DIR"; caller frees. */
static char *option_left(const opt_t *o, char letter) {
    char *brief = letter != ' ' ? mem_printf("-%c, ", letter) : mem_str("    ");
    char *left = mem_printf("%s--%s%s%s", brief, o->name, o->value != NULL ? " " : "",
                            o->value != NULL ? o->value : "");
    free(brief);
    return left;
}

/* LETTERS one for each option, or NULL. */
static void print_options(io_t *io, const opt_t *opts, const char *letters) {
    int width = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; opts[i].name != NULL; i++) {
            char *left = option_left(&opts[i], letters != NULL ? letters[i] : ' ');
            if (pass == 0)
                width = wider(width, left);
            else
                row(io, left, width, opts[i].vi, opts[i].en);
            free(left);
        }
    }
}

static void print_verbs(io_t *io, const verb_t *verbs) {
    int width = 0;
    for (const verb_t *v = verbs; v->name != NULL; v++)
        width = wider(width, v->name);
    for (const verb_t *v = verbs; v->name != NULL; v++)
        row(io, v->name, width, v->vi, v->en);
}

static void print_environment(io_t *io, const program_t *p) {
    io_say(io, "\nBiến môi trường:\n", "\nEnvironment:\n");
    row(io, "BAOCAO_DIR", 13, "thư mục dữ liệu khi không có -d", "data directory where -d is not given");
    row(io, "BAOCAO_LANG", 13, "ngôn ngữ khi không có --lang (mặc định: vi)",
        "language where --lang is not given (default: vi)");
    row(io, "BAOCAO_PERSON", 13, "tên người ra lệnh, được ghi lại cùng việc đã làm",
        "name of who gives the command, recorded with what was done");
    if (p->keys[0].key == NULL) return;
    char *name = conf_env(p->keys[0].key);
    io_say(io, "  Mỗi khóa cấu hình có biến riêng, đứng trên tệp cấu hình: %s=…\n",
           "  Each configuration key has its variable, above the configuration file: %s=…\n", name);
    free(name);
}

static void print_keys(io_t *io, const conf_key_t *keys) {
    int width = 0;
    if (keys[0].key == NULL) return;
    io_say(io, "\nKhóa cấu hình (-c FILE; mỗi dòng: khóa = \"giá trị\"):\n",
           "\nConfiguration keys (-c FILE; a line reads: key = \"value\"):\n");
    for (const conf_key_t *k = keys; k->key != NULL; k++)
        width = wider(width, k->key);
    for (const conf_key_t *k = keys; k->key != NULL; k++) {
        char *right = k->def != NULL ? mem_printf("%s [%s]", tr(io->lang, k->vi, k->en), k->def)
                                     : mem_str(tr(io->lang, k->vi, k->en));
        row(io, k->key, width, right, right);
        free(right);
    }
}

static void print_exits(io_t *io) {
    io_say(io, "\nMã thoát:\n", "\nExit status:\n");
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        char status[12];
        snprintf(status, sizeof status, "%d", exits[i].status);
        row(io, status, 2, exits[i].vi, exits[i].en);
    }
}

void help_program(const program_t *p, io_t *io) {
    char *dir = args_default_dir(p->name);
    const char *examples = tr(io->lang, p->examples_vi, p->examples_en);
    fprintf(io->out, "%s %s - %s\n", p->name, BAOCAO_VERSION, tr(io->lang, p->about_vi, p->about_en));
    io_say(io, "\nCách dùng: %s [TÙY CHỌN] LỆNH [THAM SỐ]\n\nCác lệnh:\n",
           "\nUsage: %s [OPTIONS] VERB [WORDS]\n\nVerbs:\n", p->name);
    print_verbs(io, p->verbs);
    io_say(io, "  Trợ giúp từng lệnh: %s LỆNH --help\n", "  Help of one verb: %s VERB --help\n", p->name);
    io_say(io, "\nTùy chọn chung, đứng trước hoặc sau lệnh:\n",
           "\nGeneral options, before or behind the verb:\n");
    print_options(io, args_globals, args_letters);
    io_say(io, "  Thư mục dữ liệu mặc định: %s. Tệp \"-\" là đầu vào chuẩn.\n",
           "  Default data directory: %s. The file \"-\" is standard input.\n", dir);
    print_environment(io, p);
    print_keys(io, p->keys);
    print_exits(io);
    if (examples != NULL) fprintf(io->out, "%s%s", tr(io->lang, "\nVí dụ:\n", "\nExamples:\n"), examples);
    free(dir);
}

void help_verb(const program_t *p, const verb_t *v, io_t *io) {
    const char *more = tr(io->lang, v->more_vi, v->more_en);
    fprintf(io->out, "%s: %s\n", v->name, tr(io->lang, v->vi, v->en));
    io_say(io, "\nCách dùng: %s %s%s%s\n", "\nUsage: %s %s%s%s\n", p->name, v->name,
           v->usage != NULL && *v->usage != '\0' ? " " : "", v->usage != NULL ? v->usage : "");
    if (more != NULL && *more != '\0')
        fprintf(io->out, "\n%s%s", more, more[strlen(more) - 1] == '\n' ? "" : "\n");
    if (v->opts != NULL && v->opts[0].name != NULL) {
        io_say(io, "\nTùy chọn của lệnh:\n", "\nOptions of the verb:\n");
        print_options(io, v->opts, NULL);
    }
    io_say(io, "\nTùy chọn chung:\n", "\nGeneral options:\n");
    print_options(io, args_globals, args_letters);
}
