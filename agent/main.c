/* SPDX-License-Identifier: MPL-2.0 */
/* main.c - the agent. Everything it can do stands in verbs.c; here is only the question that `submit`
 * asks on a terminal, since a verb may run in another process, where nobody sits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/agent.h"

static int given(int argc, char **argv, const char *word) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0) return 1;
    return 0;
}

static int asks(int argc, char **argv) {
    static const char *const answered[] = {"--yes", "--preview", "--json", "--help", "-h", "--version", "-V"};
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++)
        if (given(argc, argv, answered[i])) return 0;
    return given(argc, argv, "submit") && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* The command line with one more word behind it. */
static int with(int argc, char **argv, char *word) {
    char **more = calloc((size_t)argc + 2, sizeof *more);
    if (!more) return EX_OSERR;
    memcpy(more, argv, (size_t)argc * sizeof *more);
    more[argc] = word;
    int status = program_main(&agent_program, argc + 1, more);
    free(more);
    return status;
}

/* The language of the question, as program_main finds it. */
static lang_t lang_of(int argc, char **argv) {
    lang_t lang = LANG_VI;
    const char *word = getenv("BAOCAO_LANG");
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) word = argv[i] + 7;
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) word = argv[i + 1];
    }
    if (word) (void)lang_parse(word, &lang);
    return lang;
}

/* Says what would be sent, asks, and sends it where the answer is yes: c(ó) or y(es). */
static int ask_and_submit(int argc, char **argv) {
    char preview[] = "--preview", yes[] = "--yes", answer[16] = "";
    int status = with(argc, argv, preview);
    if (status) return status;
    lang_t lang = lang_of(argc, argv);
    fputs(tr(lang, "[c = có, k = không] ", "[y/n] "), stdout);
    fflush(stdout);
    if (!fgets(answer, sizeof answer, stdin) || !strchr("cCyY", answer[0]) || !answer[0]) {
        puts(tr(lang, "Chưa lưu báo cáo kỳ nào.", "Nothing was submitted."));
        return EX_OK;
    }
    return with(argc, argv, yes);
}

int main(int argc, char **argv) {
    return asks(argc, argv) ? ask_and_submit(argc, argv) : program_main(&agent_program, argc, argv);
}
