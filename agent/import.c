/* SPDX-License-Identifier: MPL-2.0 */
/* import.c - takes the rows of a table to the desk, all in one transaction, and notes what became of each. */
#include "agent/import.h"

#include <stdlib.h>
#include <string.h>

#include "agent/compose.h"
#include "agent/desk.h"
#include "agent/event.h"
#include "agent/import_row.h"
#include "agent/outbox_document.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

typedef struct {
    agent_t *agent;
    const import_options_t *opts;
    import_table_t table;
    json_t *rows;
    json_t *seen; /* id of a row without repetition to [its line, how often it came] */
    size_t line;
    import_row_t row; /* the one at hand */
    int64_t added, known, questions, refused;
} import_t;

/* ---- what became of a row ---- */

/* Adds to J in which column it is, -1: in none. */
static void put_column(const import_t *im, json_t *j, int column) {
    char letter[8];
    if (column < 0) return;
    json_object_set_new(j, "column", json_string(columns_letter((size_t)column, letter)));
    json_object_set_new(j, "head", json_string(csv_head(im->table.csv, (size_t)column)));
}

static json_t *say(import_t *im, const char *what, const char *id, int64_t no, int rev) {
    json_t *row =
        json_pack("{sI ss sO}", "line", (json_int_t)im->line, "what", what, "warnings", im->row.warnings);
    json_t *warning;
    size_t i;
    json_array_foreach(im->row.warnings, i, warning)
        put_column(im, warning, columns_of_field(im->table.columns, json_text(warning, "field")));
    if (id) json_object_set_new(row, "id", json_string(id));
    if (no && !(im->opts->dry && strcmp(what, "added") == 0))
        json_object_set_new(row, "no", json_integer(no));
    if (rev) json_object_set_new(row, "rev", json_integer(rev));
    json_array_append_new(im->rows, row);
    return row;
}

static void say_why(import_t *im, const char *what, int column, const char *id, int64_t no,
                    const refusal_t *why) {
    json_t *row = say(im, what, id, no, 0);
    json_object_set_new(row, "code", json_string(why->code));
    json_object_set_new(row, "field", json_string(why->field));
    json_object_set_new(row, "vi", json_string(why->vi));
    json_object_set_new(row, "en", json_string(why->en));
    put_column(im, row, column);
}

static void refused(import_t *im, int column, const refusal_t *why) {
    im->refused++;
    say_why(im, "refused", column, NULL, 0, why);
}

/* Something only the officer knows; nothing is added. NO: the report it is about. */
static void question(import_t *im, column_kind_t kind, const char *id, int64_t no, const refusal_t *why) {
    im->questions++;
    say_why(im, "question", kind == COLUMN_NONE ? -1 : columns_of(im->table.columns, kind), id, no, why);
}

/* ---- rows that were there before ---- */

typedef struct {
    const json_t *content;
    int64_t no;
    int revisions, same; /* same: the revision with this content, 0: none */
} before_t;

static int compare(void *arg, const kept_t *kept) {
    before_t *b = arg;
    json_t *doc = json_loadb(kept->bytes, kept->len, 0, NULL), *content = compose_content(doc);
    if (!b->same && json_equal(content, b->content)) b->same = kept->rev;
    b->no = kept->no;
    b->revisions++;
    json_decref(content);
    json_decref(doc);
    return 0;
}

/* The row was entered before: 1 if it was said so in the results. A later correction or withdrawal stands:
 * the same file again changes nothing. */
static int entered_before(import_t *im, const char *id, int *rc) {
    json_t *content = compose_content(im->row.doc);
    before_t b = {.content = content};
    refusal_t why;
    *rc = outbox_each_revision(im->agent->outbox, id, compare, &b);
    json_decref(content);
    if (*rc || !b.revisions) return 0;
    if (b.same) {
        im->known++;
        say(im, "known", id, b.no, b.same);
        return 1;
    }
    refuse(
        &why, "entered-before", "id",
        "Mã dòng \"%1$s\" là của báo cáo số %2$lld, đã nhập với nội dung khác; bản đã nhập được giữ nguyên. "
        "Nếu "
        "muốn chỉnh lý, chạy: baocao-agent correct %2$lld. Nếu đây là hoạt động khác, hãy đặt mã dòng khác.",
        "\"%1$s\" is the reference of report number %2$lld, which was entered with other content and is kept "
        "as it "
        "is. To correct it run: baocao-agent correct %2$lld. If this is another activity, give it another "
        "reference.",
        im->row.ref ? im->row.ref : "", (long long)b.no);
    question(im, COLUMN_REF, id, b.no, &why);
    return 1;
}

/* ---- rows that stand in the file twice ---- */

/* Gives the row the id of the N-th with this content. */
static int number_copy(import_t *im, const compose_t *how, long long n, refusal_t *why) {
    event_unfill(im->row.doc);
    json_t *content = compose_content(im->row.doc);
    char *text = json_canonical(content), *ref = mem_printf("%s\x1f%lld", text, n);
    compose_t copy = *how;
    copy.ref = ref;
    json_object_del(im->row.doc, "id");
    int rc = compose_fill(im->agent, im->row.doc, &copy, why);
    json_decref(content);
    free(text);
    free(ref);
    return rc;
}

/* How often the row stood in the file, this one included; *FIRST: the line of the first. */
static long long times(import_t *im, long long *first) {
    const char *id = json_text(im->row.doc, "id");
    json_t *seen = json_object_get(im->seen, id);
    if (!seen) json_object_set_new(im->seen, id, seen = json_pack("[Ii]", (json_int_t)im->line, 0));
    long long n = json_integer_value(json_array_get(seen, 1)) + 1;
    json_array_set_new(seen, 1, json_integer(n));
    *first = json_integer_value(json_array_get(seen, 0));
    return n;
}

/* Nobody but the officer knows whether two equal rows are two activities or one that was copied. 1 if the
 * row was dealt with here. */
static int stands_twice(import_t *im, const compose_t *how, int *rc, refusal_t *why) {
    long long first, n = times(im, &first);
    kept_t kept;
    if (n == 1) return 0;
    if (im->row.ref) {
        refuse(why, "row-double", "id",
               "Mã dòng \"%s\" đã có ở dòng %lld của bảng; mỗi hoạt động cần một mã dòng riêng.",
               "The reference \"%s\" stands in row %lld already; each activity needs its own.", im->row.ref,
               first);
        refused(im, columns_of(im->table.columns, COLUMN_REF), why);
        return 1;
    }
    *rc = number_copy(im, how, n, why);
    if (*rc) return 0;
    int there = outbox_newest(im->agent->outbox, json_text(im->row.doc, "id"), &kept);
    if (there != BC_OK && there != BC_NOTFOUND) *rc = there;
    if (there == BC_OK) kept_free(&kept);
    if (*rc || there == BC_OK || im->opts->again) return 0;
    refuse(why, "row-double", NULL,
           "Dòng này giống hệt dòng %lld. Nếu là hai hoạt động khác nhau, hãy ghi cho mỗi dòng một mã riêng "
           "ở cột \"Mã "
           "dòng\", hoặc nhập lại và thêm --again; nếu không thì xóa dòng này.",
           "This row is the same as row %lld. If they are two activities, give each its own reference in a "
           "column "
           "\"ref\", or import again with --again; else delete this row.",
           first);
    question(im, COLUMN_REF, NULL, 0, why);
    return 1;
}

/* ---- rows ---- */

static void note_warnings(import_t *im, const desk_t *done) {
    for (size_t i = 0; i < done->warnings; i++)
        json_array_append_new(im->row.warnings, import_row_warning(&done->warning[i]));
}

/* Enters the document of the row: 0 when its result was noted, BC_REFUSED with WHY, or a stop. */
static int enter(import_t *im, refusal_t *why) {
    compose_t how = {.unit = im->opts->unit, .ref = im->row.ref};
    desk_how_t desk = {.again = im->opts->again};
    desk_t done;
    int rc = compose_fill(im->agent, im->row.doc, &how, why);
    if (rc || stands_twice(im, &how, &rc, why) || rc) return rc;
    const char *id = json_text(im->row.doc, "id");
    if (entered_before(im, id, &rc) || rc) return rc;
    rc = desk_enter(im->agent, im->row.doc, &desk, &done, why);
    note_warnings(im, &done);
    if (rc == BC_REFUSED && strcmp(why->code, "looks-double") == 0) {
        question(im, COLUMN_NONE, id, 0, why);
        return BC_OK;
    }
    if (rc) return rc;
    im->added++;
    say(im, "added", done.id, done.no, done.rev);
    return BC_OK;
}

/* 0 or a stop. */
static int take_row(import_t *im, size_t row) {
    refusal_t why = {0};
    im->line = csv_line(im->table.csv, row);
    int rc = import_row_read(&im->table, row, &im->row, &why);
    if (rc) {
        refused(im, im->row.column, &why);
        rc = BC_OK;
    } else if (rc_refused(rc = enter(im, &why))) {
        refused(im, columns_of_field(im->table.columns, why.field), &why);
        rc = BC_OK;
    }
    import_row_free(&im->row);
    return rc;
}

static int take_rows(import_t *im) {
    int rc = outbox_begin(im->agent->outbox);
    for (size_t row = 0; !rc && row < csv_rows(im->table.csv); row++)
        rc = take_row(im, row);
    if (!rc && !im->opts->dry && im->added) return outbox_commit(im->agent->outbox);
    outbox_rollback(im->agent->outbox);
    return rc;
}

static json_t *result(import_t *im) {
    json_t *out = json_pack("{sO sI sI sI sI}", "rows", im->rows, "added", (json_int_t)im->added, "known",
                            (json_int_t)im->known, "questions", (json_int_t)im->questions, "refused",
                            (json_int_t)im->refused);
    if (im->opts->dry) json_object_set_new(out, "dry", json_true());
    return out;
}

/* The plan of rows that name none, NULL where each must. 0 or BC_REFUSED. */
static int find_usual(agent_t *agent, const import_options_t *opts, const plan_t **usual, refusal_t *why) {
    *usual = agent_plan(agent, opts->plan, why);
    return *usual || (!opts->plan && strcmp(why->code, "plan-which") == 0) ? BC_OK : BC_REFUSED;
}

/* A table without a column for plans, where there are several, is refused once and not in each row. */
static int check_plans(const import_t *im, const refusal_t *which, refusal_t *why) {
    if (im->table.usual || columns_of(im->table.columns, COLUMN_PLANS) >= 0) return BC_OK;
    *why = *which;
    return BC_REFUSED;
}

int import_csv(agent_t *agent, const import_options_t *opts, const char *p, size_t n, json_t **out,
               refusal_t *why) {
    import_t im = {.agent = agent, .opts = opts, .table.plans = outbox_plans(agent->outbox)};
    refusal_t which = {0};
    csv_t *csv = NULL;
    columns_t *columns = NULL;
    char *own = agent_unit(agent, why);
    int rc = own ? find_usual(agent, opts, &im.table.usual, &which) : BC_REFUSED;
    if (own && rc) *why = which;
    free(own);
    if (!rc && !(csv = csv_read(p, n, why))) rc = BC_REFUSED;
    if (!rc && !(columns = columns_read(csv, im.table.plans, im.table.usual, why))) rc = BC_REFUSED;
    im.table.csv = csv;
    im.table.columns = columns;
    if (!rc) rc = check_plans(&im, &which, why);
    im.rows = json_array();
    im.seen = json_object();
    if (!rc) rc = take_rows(&im);
    if (!rc) *out = result(&im);
    if (!rc && im.added && agent->courier) courier_nudge(agent->courier);
    if (rc_stop(rc)) desk_disk_failed(why);
    json_decref(im.rows);
    json_decref(im.seen);
    columns_free(&columns);
    csv_destroy(&csv);
    return rc;
}

int import_whole(const json_t *out) {
    return json_int(out, "questions", 0) == 0 && json_int(out, "refused", 0) == 0;
}
