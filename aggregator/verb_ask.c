/* SPDX-License-Identifier: MPL-2.0 */
/* verb_ask.c - the verbs that answer: summary, explain, missing, board. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/closing.h"
#include "aggregator/compare.h"
#include "aggregator/explain.h"
#include "aggregator/export/csv.h"
#include "aggregator/export/table.h"
#include "aggregator/inquiry.h"
#include "aggregator/joint_list.h"
#include "aggregator/search.h"
#include "aggregator/stage.h"
#include "aggregator/target.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

static day_t today(void) {
    return clock_day(clock_wall_ms());
}

static void print_summary(const inquiry_t *q, const json_t *summary, io_t *io) {
    shown_t shown = {q->view, &q->asked, summary, io->lang};
    buf_t out = {0};
    if (q->format == FORMAT_TABLE) {
        table_summary(&shown, today(), io);
        return;
    }
    if (q->format == FORMAT_CSV) {
        export_csv(&shown, &out);
    } else {
        summary_write(summary, &out);
    }
    fwrite(out.data, 1, out.len, io->out);
    buf_free(&out);
}

/* The closed summary's bytes as they were. */
static int print_closed(const inquiry_t *q, io_t *io, refusal_t *why) {
    buf_t out = {0};
    const ruled_t *closing = closing_find(q->view, &q->asked, why);
    int rc = closing ? closing_summary(q->view, closing, &out, why) : BC_REFUSED;
    if (rc == BC_OK) fwrite(out.data, 1, out.len, io->out);
    buf_free(&out);
    return rc;
}

int verb_summary(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q;
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK && args_opt(args, "closed")) {
        rc = print_closed(&q, io, &why);
        inquiry_close(&q);
        return rc ? verbs_refused(io, &why) : EX_OK;
    }
    json_t *summary = rc == BC_OK ? summary_json(q.view, &q.asked, &why) : NULL;
    if (summary) print_summary(&q, summary, io);
    json_decref(summary);
    inquiry_close(&q);
    return summary ? EX_OK : verbs_refused(io, &why);
}

int verb_explain(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q = {0};
    const char *measure = args_opt(args, "measure");
    int rc = measure ? inquiry_open(store, args, io, &q, &why) : verbs_missing("measure", &why);
    json_t *explained = rc == BC_OK ? explain_json(q.view, &q.asked, measure, &why) : NULL;
    if (explained && io->json) {
        io_json(io, explained);
    } else if (explained) {
        shown_t shown = {q.view, &q.asked, NULL, io->lang};
        table_heading(&shown, io);
        fputc('\n', io->out);
        table_explain(&shown, explained, io);
    }
    json_decref(explained);
    inquiry_close(&q);
    return explained ? EX_OK : verbs_refused(io, &why);
}

/* A verb that asks ASK and shows what it said by SHOW. */
static int answer(void *store, const args_t *args, io_t *io,
                  json_t *(*ask)(const view_t *view, const asked_t *asked, refusal_t *why),
                  void (*show)(const shown_t *shown, const json_t *said, io_t *io)) {
    refusal_t why = {0};
    inquiry_t q = {0};
    int rc = inquiry_open(store, args, io, &q, &why);
    json_t *said = rc == BC_OK ? ask(q.view, &q.asked, &why) : NULL;
    if (said && io->json) {
        io_json(io, said);
    } else if (said) {
        shown_t shown = {q.view, &q.asked, NULL, io->lang};
        table_heading(&shown, io);
        fputc('\n', io->out);
        show(&shown, said, io);
    }
    json_decref(said);
    inquiry_close(&q);
    return said ? EX_OK : verbs_refused(io, &why);
}

int verb_targets(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer(store, args, io, target_json, table_targets);
}

int verb_stages(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer(store, args, io, stage_json, table_stages);
}

int verb_joint(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer(store, args, io, joint_list_json, table_joint);
}

int verb_search(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q = {0};
    buf_t words = {0};
    size_t i;
    json_t *row;
    for (int k = 0; k < args->argc; k++) /* quoted or not */
        buf_printf(&words, "%s%s", k ? " " : "", args->argv[k]);
    int rc = inquiry_open(store, args, io, &q, &why);
    json_t *found = rc == BC_OK ? search_json(q.view, &q.asked, words.data, &why) : NULL;
    buf_free(&words);
    if (found && io->json) io_json(io, found);
    json_array_foreach(io->json ? NULL : found, i, row) fprintf(
        io->out, "%s  %s: %s\n", json_text(row, "unit"), json_text(row, "name"), json_text(row, "text"));
    if (found && !io->json && !json_array_size(found))
        io_say(io, "Không tìm thấy.\n", "Nothing was found.\n");
    json_decref(found);
    inquiry_close(&q);
    return found ? EX_OK : verbs_refused(io, &why);
}

int verb_compare(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer(store, args, io, compare_json, table_compare);
}

int verb_outliers(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer(store, args, io, compare_outliers, table_outliers);
}

/* The rows of those who have not reported, with the days they are late TODAY. New. */
static json_t *missing_json(const inquiry_t *q, const json_t *board) {
    char day[11];
    size_t i;
    json_t *row, *rows = json_array();
    json_array_foreach(json_object_get(board, "units"), i, row) {
        const char *status = json_text(row, "status"), *kind = json_text(row, "kind");
        if (strcmp(status, "missing") != 0 && strcmp(status, "active") != 0) continue;
        const char *until = json_text(row, "until");
        day_t deadline = day_parse(until ? until : json_text(json_object_get(board, "deadline"), kind));
        json_t *copy = json_copy(row);
        json_object_set_new(copy, "late_days", json_integer(today() > deadline ? today() - deadline : 0));
        json_array_append_new(rows, copy);
    }
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:o}", "plan", plan_number(q->asked.plan), "period",
                     q->asked.period.id, "unit", unit_code(q->asked.unit), "today", day_iso(today(), day),
                     "position", (json_int_t)view_at(q->view)->position, "missing", rows);
}

static void print_board(const inquiry_t *q, const json_t *board, int whole, io_t *io) {
    shown_t shown = {q->view, &q->asked, NULL, io->lang};
    if (q->format == FORMAT_TABLE) {
        table_heading(&shown, io);
        fputc('\n', io->out);
        if (whole) {
            table_board(&shown, board, today(), io);
        } else {
            table_missing(&shown, board, today(), io);
        }
    } else if (whole) {
        io_json(io, board);
    } else {
        json_t *j = missing_json(q, board);
        io_json(io, j);
        json_decref(j);
    }
}

static int answer_board(void *store, const args_t *args, int whole, io_t *io) {
    refusal_t why = {0};
    inquiry_t q;
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK) rc = inquiry_boarded(&q, &why);
    json_t *board = rc == BC_OK ? summary_board(q.view, &q.asked, &why) : NULL;
    if (board) print_board(&q, board, whole, io);
    json_decref(board);
    inquiry_close(&q);
    return board ? EX_OK : verbs_refused(io, &why);
}

int verb_missing(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer_board(store, args, 0, io);
}

int verb_board(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    return answer_board(store, args, 1, io);
}
