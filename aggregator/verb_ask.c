/* SPDX-License-Identifier: MPL-2.0 */
/* verb_ask.c - the verbs that answer: summary, missing, board. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/export/csv.h"
#include "aggregator/export/table.h"
#include "aggregator/verbs.h"
#include "proto/base/decimal.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

typedef enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV } format_t;

/* A question with the state it is answered from. */
typedef struct {
    view_t *view;
    asked_t asked;
    format_t format;
} inquiry_t;

static int read_as_of(const args_t *args, int64_t *out, refusal_t *why) {
    const char *text = args_opt(args, "as-of"), *at = text;
    *out = STORE_NOW;
    if (!text) return BC_OK;
    if (decimal_read(&at, out) && !*at && *out > 0) return BC_OK;
    return refuse(why, "option-number", "as-of", "--as-of: \"%s\" không phải là một vị trí của sổ nhận.",
                  "--as-of: \"%s\" is no position of the log.", text);
}

static int read_format(const args_t *args, const io_t *io, format_t *out, refusal_t *why) {
    const char *text = args_opt(args, "format");
    *out = io->json ? FORMAT_JSON : FORMAT_TABLE;
    if (!text) return BC_OK;
    if (strcmp(text, "json") == 0) {
        *out = FORMAT_JSON;
    } else if (strcmp(text, "csv") == 0) {
        *out = FORMAT_CSV;
    } else if (strcmp(text, "table") != 0) {
        return refuse(why, "option-format", "format", "--format phải là table, json hoặc csv.",
                      "--format must be table, json or csv.");
    }
    return BC_OK;
}

static int no_period(refusal_t *why) {
    return refuse(why, "option-period", "period", "Hãy cho biết kỳ, ví dụ --period 2024-11.",
                  "Name the period, for example --period 2024-11.");
}

static int check_store(const aggregator_t *self, refusal_t *why) {
    if (store_cursor(self->store)->position == 0)
        return refuse(why, "log-unread", NULL, "Chưa đọc gì từ sổ nhận; hãy chạy: baocao-aggregator sync.",
                      "Nothing of the log was read yet; run: baocao-aggregator sync.");
    if (!store_forked(self->store)) return BC_OK;
    return refuse(why, "log-forked", NULL,
                  "Sổ nhận của máy chủ đã rẽ nhánh; số liệu ở đây không còn tin được. Hãy chạy: "
                  "baocao-aggregator rebuild.",
                  "The collector's log has forked; the figures here can not be trusted. Run: "
                  "baocao-aggregator rebuild.");
}

/* Understands the command line; WHY on refusal. The view must be freed either way. */
static int inquire(aggregator_t *self, const args_t *args, const io_t *io, inquiry_t *q, refusal_t *why) {
    int64_t as_of;
    question_t question = {.unit = args_opt(args, "unit"),
                           .plan = args_opt(args, "plan"),
                           .calendar = args_opt(args, "calendar")};
    *q = (inquiry_t){0};
    if (read_as_of(args, &as_of, why) || read_format(args, io, &q->format, why) || check_store(self, why))
        return BC_REFUSED;
    if (!args_opt(args, "period")) return no_period(why);
    q->view = view_new(self->store, as_of, why);
    if (!q->view) return BC_REFUSED;
    const plan_t *only = view_only_plan(q->view);
    if (!question.plan && only) question.plan = plan_number(only);
    if (question.plan && strcmp(question.plan, "all") == 0) question.plan = NULL;
    char *period = calendar_id_typed(args_opt(args, "period"));
    question.period = period;
    int rc = summary_ask(q->view, &question, &q->asked, why);
    free(period);
    return rc;
}

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

int verb_summary(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q;
    int rc = inquire(store, args, io, &q, &why);
    json_t *summary = rc == BC_OK ? summary_json(q.view, &q.asked, &why) : NULL;
    if (summary) print_summary(&q, summary, io);
    json_decref(summary);
    view_free(&q.view);
    return summary ? EX_OK : verbs_refused(io, &why);
}

static int not_boarded(refusal_t *why) {
    return refuse(why, "board-none", NULL,
                  "Tình hình báo cáo chỉ có cho một kế hoạch (--plan) theo lịch và loại kỳ của kế hoạch đó.",
                  "The board is there only for one plan (--plan), in its own calendar and kind of period.");
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
    int rc = inquire(store, args, io, &q, &why);
    if (rc == BC_OK && !q.asked.boarded) rc = not_boarded(&why);
    json_t *board = rc == BC_OK ? summary_board(q.view, &q.asked, &why) : NULL;
    if (board) print_board(&q, board, whole, io);
    json_decref(board);
    view_free(&q.view);
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
