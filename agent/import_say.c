/* SPDX-License-Identifier: MPL-2.0 */
/* import_say.c - the verb `import`, and what it tells the officer: each row that needs something of him, and
 * the sums. */
#include "agent/import.h"

#include <string.h>
#include <sysexits.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"

static long long number(const json_t *j, const char *key) {
    return json_int(j, key, 0);
}

/* "Dòng 5, cột D (Hình thức): "; nothing of a file that is one document. AT has the column. */
static void say_place(const json_t *row, const json_t *at, io_t *io) {
    const char *column = json_text(at, "column");
    if (!number(row, "line")) return;
    io_say(io, "Dòng %lld", "Row %lld", number(row, "line"));
    if (column) io_say(io, ", cột %s (%s)", ", column %s (%s)", column, json_text(at, "head"));
    fputs(": ", io->out);
}

static void say_row(const json_t *row, io_t *io) {
    const char *lang = tr(io->lang, "vi", "en"), *sentence = json_text(row, lang);
    size_t i;
    json_t *warning;
    if (sentence) {
        say_place(row, row, io);
        if (strcmp(json_text(row, "what"), "question") == 0)
            io_say(io, "chưa lưu, cần xem lại. %s\n", "not kept, please decide. %s\n", sentence);
        else
            fprintf(io->out, "%s\n", sentence);
    }
    json_array_foreach(json_object_get(row, "warnings"), i, warning) {
        say_place(row, warning, io);
        io_say(io, "lưu ý: %s\n", "note: %s\n", json_text(warning, lang));
    }
}

static void say_sums(const json_t *out, io_t *io) {
    long long added = number(out, "added"), known = number(out, "known"),
              questions = number(out, "questions"), refused = number(out, "refused");
    if (json_bool(out, "dry", 0))
        io_say(io, "Xem thử, chưa lưu gì. Sẽ lưu: %lld", "A trial, nothing was kept. To be kept: %lld",
               added);
    else
        io_say(io, "Đã lưu trên máy này, chờ gửi: %lld", "Kept on this computer, to be sent: %lld", added);
    if (known) io_say(io, "; đã có từ trước: %lld", "; there already: %lld", known);
    if (questions) io_say(io, "; cần xem lại: %lld", "; to be decided: %lld", questions);
    if (refused) io_say(io, "; không nhận: %lld", "; refused: %lld", refused);
    fputs(".\n", io->out);
    if (questions || refused)
        io_say(io, "Hãy sửa các dòng nói trên rồi nhập lại cả tệp: những gì đã lưu không bị tính hai lần.\n",
               "Mend these rows and enter the whole file again: what was kept does not count twice.\n");
}

void import_say(const json_t *out, io_t *io) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(out, "rows"), i, row) say_row(row, io);
    say_sums(out, io);
}

int import_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    import_options_t opts = {.unit = args_opt(args, "unit"),
                             .plan = args_opt(args, "plan"),
                             .again = args_opt(args, "again") != NULL,
                             .dry = args_opt(args, "dry-run") != NULL};
    refusal_t why = {0};
    json_t *out = NULL;
    (void)conf;
    int rc = import_csv(store, &opts, io->input.data, io->input.len, &out, &why);
    if (rc) return io_refused(io, rc, &why);
    if (io->json)
        io_json(io, out);
    else
        import_say(out, io);
    int status = import_whole(out) ? EX_OK : EX_DATAERR;
    json_decref(out);
    return status;
}
