/* SPDX-License-Identifier: MPL-2.0 */
/* report.c - reads JSON files into the outbox. */
#include "agent/report.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/compose.h"
#include "agent/submit.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* Fills and enters one document; takes DOC. */
static int take_document(agent_t *agent, const report_how_t *how, json_t *doc, desk_t *done, refusal_t *why) {
    compose_t fill = {.unit = how->unit, .plan = how->plan, .fresh = how->desk.again};
    *done = (desk_t){0};
    int rc = compose_fill(agent, doc, &fill, why);
    if (!rc) rc = submit_fill(agent, doc, why);
    if (!rc) rc = desk_enter(agent, doc, &how->desk, done, why);
    json_decref(doc);
    return rc;
}

static json_t *refusal_json(const refusal_t *why) {
    return json_pack("{ss ss ss ss}", "code", why->code, "field", why->field, "vi", why->vi, "en", why->en);
}

static int is_question(const char *code) {
    return strcmp(code, "entered-before") == 0 || strcmp(code, "looks-double") == 0;
}

json_t *report_row(size_t line, const desk_t *done, int rc, const refusal_t *why) {
    static const char *const what[] = {"added", "revised", "known"};
    json_t *row = rc ? refusal_json(why) : json_object(), *warnings = json_array();
    const char *name = rc ? (is_question(why->code) ? "question" : "refused") : what[done->result];
    json_object_set_new(row, "what", json_string(name));
    if (line) json_object_set_new(row, "line", json_integer((json_int_t)line));
    if (done->id[0]) json_object_set_new(row, "id", json_string(done->id));
    if (done->no) json_object_set_new(row, "no", json_integer((json_int_t)done->no));
    if (!rc) json_object_set_new(row, "rev", json_integer(done->rev));
    for (size_t i = 0; i < done->warnings; i++)
        json_array_append_new(warnings, refusal_json(&done->warning[i]));
    json_object_set_new(row, "warnings", warnings);
    return row;
}

static json_int_t count(const json_t *rows, const char *what) {
    json_int_t n = 0;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) n += strcmp(json_text(row, "what"), what) == 0;
    return n;
}

static json_t *result_of(json_t *rows) {
    return json_pack("{sI sI sI sI sI so}", "added", count(rows, "added"), "revised", count(rows, "revised"),
                     "known", count(rows, "known"), "questions", count(rows, "question"), "refused",
                     count(rows, "refused"), "rows", rows);
}

/* One document a line; blank lines are left out. Returns a stop or 0. */
static int take_lines(agent_t *agent, const report_how_t *how, const char *p, size_t n, json_t *rows,
                      refusal_t *why) {
    const char *at = p, *end = p + n;
    for (size_t line = 1; at < end; line++) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((lf ? lf : end) - at);
        if (strspn(at, " \t\r") < len) {
            desk_t done = {0};
            json_t *doc = json_read(at, len, why);
            int rc = doc ? take_document(agent, how, doc, &done, why) : BC_REFUSED;
            if (rc_stop(rc)) return rc;
            json_array_append_new(rows, report_row(line, &done, rc, why));
        }
        at += len + 1;
    }
    return BC_OK;
}

/* A file that is no JSON as a whole may hold one document on each line: then its first line is one. */
static int first_line_is_json(const char *p, size_t n) {
    const char *lf = memchr(p, '\n', n);
    json_t *j = lf ? json_read(p, (size_t)(lf - p), NULL) : NULL;
    int yes = j != NULL;
    json_decref(j);
    return yes;
}

static int take_all(agent_t *agent, const report_how_t *how, const char *p, size_t n, json_t *rows,
                    refusal_t *why) {
    json_t *whole = json_read(p, n, why);
    if (!whole) return first_line_is_json(p, n) ? take_lines(agent, how, p, n, rows, why) : BC_REFUSED;
    desk_t done;
    int rc = take_document(agent, how, whole, &done, why);
    if (rc_stop(rc)) return rc;
    json_array_append_new(rows, report_row(0, &done, rc, why));
    return BC_OK;
}

int report_take(agent_t *agent, const report_how_t *how, const char *p, size_t n, json_t **out,
                refusal_t *why) {
    const char *mark = "\xef\xbb\xbf";
    if (n >= 3 && memcmp(p, mark, 3) == 0) { /* as Notepad writes it */
        p += 3;
        n -= 3;
    }
    json_t *rows = json_array();
    int rc = outbox_begin(agent->outbox);
    if (!rc) rc = take_all(agent, how, p, n, rows, why);
    if (!rc) rc = outbox_commit(agent->outbox);
    if (!rc) {
        *out = result_of(rows);
        return BC_OK;
    }
    if (rc_refused(rc)) outbox_rollback(agent->outbox);
    if (rc_stop(rc)) desk_disk_failed(why);
    json_decref(rows);
    return rc;
}

/* ---- the verb ---- */

static void say_row(agent_t *agent, const json_t *row, io_t *io) {
    const char *what = json_text(row, "what"), *text = json_text(row, io->lang == LANG_EN ? "en" : "vi");
    long long line = json_int(row, "line", 0), no = json_int(row, "no", 0);
    json_t *w;
    size_t i;
    if (line) io_say(io, "Dòng %lld: ", "Line %lld: ", line);
    if (text) {
        fprintf(io->out, "%s\n", text);
        return;
    }
    if (strcmp(what, "known") == 0)
        io_say(io, "Đã có từ trước (số %lld), không thêm gì.\n",
               "There already (number %lld); nothing was added.\n", no);
    else
        io_say(io, "Đã lưu trên máy này, báo cáo số %lld, chờ gửi.\n",
               "Kept on this computer as report number %lld, to be sent.\n", no);
    json_array_foreach(json_object_get(row, "warnings"), i, w)
        io_say(io, "  Lưu ý: %s\n", "  Note: %s\n", json_text(w, io->lang == LANG_EN ? "en" : "vi"));
    submit_hint(agent, json_text(row, "id"), io);
}

/* The refusal of a file that holds a single document: as that of any other command. */
static int refused_alone(const json_t *row, io_t *io) {
    refusal_t why = {0};
    snprintf(why.code, sizeof why.code, "%s", json_text(row, "code"));
    snprintf(why.field, sizeof why.field, "%s", json_text(row, "field"));
    snprintf(why.vi, sizeof why.vi, "%s", json_text(row, "vi"));
    snprintf(why.en, sizeof why.en, "%s", json_text(row, "en"));
    return io_refused(io, BC_REFUSED, &why);
}

int report_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    report_how_t how = {
        .unit = args_opt(args, "unit"),
        .plan = args_opt(args, "plan"),
        .desk = {.again = args_opt(args, "again") != NULL, .reason = args_opt(args, "reason")}};
    refusal_t why = {0};
    json_t *out, *row;
    size_t i;
    (void)conf;
    int rc = report_take(agent, &how, io->input.data ? io->input.data : "", io->input.len, &out, &why);
    if (rc) return io_refused(io, rc, &why);
    json_t *rows = json_object_get(out, "rows");
    int bad = json_int(out, "questions", 0) + json_int(out, "refused", 0) > 0,
        status = bad ? EX_DATAERR : EX_OK;
    if (bad && json_array_size(rows) == 1 && !io->json) {
        status = refused_alone(json_array_get(rows, 0), io);
    } else if (io->json) {
        io_json(io, out);
    } else {
        json_array_foreach(rows, i, row) say_row(agent, row, io);
    }
    json_decref(out);
    return status;
}
