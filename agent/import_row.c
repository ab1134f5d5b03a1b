/* SPDX-License-Identifier: MPL-2.0 */
/* import_row.c - reads the cells of a row one after the other; the first that can not be read refuses the
 * row. */
#include "agent/import_row.h"

#include <stdlib.h>
#include <string.h>

#include "agent/cell.h"
#include "agent/event.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define PLANS_MOST 16 /* of a document (PROTOCOL.md 8); more are refused with the document */

typedef struct {
    const import_table_t *table;
    size_t row;
    import_row_t *out;
    const plan_t *plan[PLANS_MOST];
    size_t plans;
} reader_t;

typedef int(part_fn)(reader_t *r, refusal_t *why);

/* The cell of the column of this kind, which is the one a refusal is about from now on. */
static const char *cell(reader_t *r, column_kind_t kind) {
    r->out->column = columns_of(r->table->columns, kind);
    return csv_cell(r->table->csv, r->row, r->out->column);
}

json_t *import_row_warning(const refusal_t *what) {
    return json_pack("{ss ss ss ss}", "code", what->code, "field", what->field, "vi", what->vi, "en",
                     what->en);
}

static void warn(reader_t *r, const refusal_t *what) {
    json_array_append_new(r->out->warnings, import_row_warning(what));
}

/* A text as a document may hold it: spreadsheets end the lines inside a cell with CR LF. New string. */
static char *without_cr(const char *s) {
    char *copy = mem_str(s), *to = copy;
    for (const char *p = copy; *p; p++)
        if (*p != '\r') *to++ = *p;
    *to = '\0';
    return copy;
}

static void put_text(reader_t *r, const char *key, column_kind_t kind) {
    char *text = without_cr(cell(r, kind));
    if (*text) json_object_set_new(r->out->doc, key, json_string(text));
    free(text);
}

/* ---- the parts of a row ---- */

static int read_shape(reader_t *r, refusal_t *why) {
    char letter[8];
    size_t cells = csv_cells(r->table->csv, r->row);
    r->out->column = -1;
    if (cells <= csv_columns(r->table->csv)) return BC_OK;
    return refuse(
        why, "row-long", NULL,
        "Dòng này có nhiều ô hơn dòng tiêu đề (đến cột %s); có lẽ một ô chứa dấu phân cách \"%c\" mà "
        "không đặt trong ngoặc kép.",
        "This row has more cells than the head (up to column %s); perhaps a cell holds the separator "
        "\"%c\" without quotes around it.",
        columns_letter(cells - 1, letter), csv_separator(r->table->csv));
}

static int read_unit(reader_t *r, refusal_t *why) {
    (void)why;
    put_text(r, "unit", COLUMN_UNIT);
    return BC_OK;
}

/* The newest version of the plan called NUMBER, however its letters are written; NULL with WHY. */
static const plan_t *plan_called(const plans_t *plans, const char *number, refusal_t *why) {
    const plan_t *plan = plans_get(plans, number, 0);
    char *folded = text_fold(number);
    for (size_t i = 0; !plan && i < plans_count(plans); i++) {
        char *other = text_fold(plan_number(plans_at(plans, i)));
        if (strcmp(folded, other) == 0) plan = plans_get(plans, plan_number(plans_at(plans, i)), 0);
        free(other);
    }
    free(folded);
    if (!plan)
        refuse(why, "plan-unknown", "plans",
               "Máy này không có kế hoạch số \"%s\". Xem các kế hoạch đã nhận: baocao-agent plan",
               "There is no plan \"%s\" on this computer. See which there are: baocao-agent plan", number);
    return plan;
}

static int plan_needed(refusal_t *why) {
    return refuse(why, "plan-which", "plans",
                  "Máy này có nhiều kế hoạch; hãy ghi số kế hoạch của hoạt động này.",
                  "There are several plans; write the number of this activity's plan.");
}

static int read_plans(reader_t *r, refusal_t *why) {
    json_t *numbers = cell_list(cell(r, COLUMN_PLANS), ",;|\n"), *number, *named = json_array();
    size_t i;
    int rc = BC_OK;
    json_array_foreach(numbers, i, number) {
        const plan_t *plan = rc ? NULL : plan_called(r->table->plans, json_string_value(number), why);
        if (!plan) rc = BC_REFUSED;
        if (plan) json_array_append_new(named, json_string(plan_number(plan)));
        if (plan && r->plans < PLANS_MOST) r->plan[r->plans++] = plan;
    }
    json_decref(numbers);
    if (!rc && r->plans == 0 && !r->table->usual) rc = plan_needed(why);
    if (!rc && r->plans == 0) {
        r->plan[r->plans++] = r->table->usual;
        json_array_append_new(named, json_string(plan_number(r->table->usual)));
    }
    json_object_set_new(r->out->doc, "plans", named);
    return rc;
}

/* The day in a cell as JSON under KEY; 0 with nothing set where the cell is blank. */
static int read_day(reader_t *r, column_kind_t kind, const char *key, refusal_t *why) {
    const char *text = cell(r, kind);
    if (!*text) return BC_OK;
    json_t *day = cell_date(text, why);
    if (!day) return BC_REFUSED;
    json_object_set_new(r->out->doc, key, day);
    return BC_OK;
}

static int read_days(reader_t *r, refusal_t *why) {
    column_kind_t first = columns_of(r->table->columns, COLUMN_DATE) >= 0 ? COLUMN_DATE : COLUMN_FROM;
    json_t *doc = r->out->doc;
    int rc = read_day(r, first, "from", why);
    if (rc) return rc;
    if (!json_object_get(doc, "from"))
        return refuse(why, "cell-blank", "from", "Chưa ghi ngày của hoạt động.",
                      "The day of the activity is not written.");
    rc = read_day(r, COLUMN_TO, "to", why);
    if (!rc && !json_object_get(doc, "to")) json_object_set(doc, "to", json_object_get(doc, "from"));
    return rc;
}

static int read_form(reader_t *r, refusal_t *why) {
    const char *text = cell(r, COLUMN_FORM);
    if (!*text)
        return refuse(why, "cell-blank", "form", "Chưa ghi hình thức của hoạt động.",
                      "The form of the activity is not written.");
    const char *form = cell_form(r->plan[0], text, why);
    if (!form) return BC_REFUSED;
    json_object_set_new(r->out->doc, "form", json_string(form));
    return BC_OK;
}

/* A list that may be empty. */
static int put_list(reader_t *r, const char *key, json_t *list) {
    if (!list) return BC_REFUSED;
    if (json_array_size(list)) json_object_set(r->out->doc, key, list);
    json_decref(list);
    return BC_OK;
}

static int read_topics(reader_t *r, refusal_t *why) {
    return put_list(r, "topics", cell_topics(r->plan, r->plans, cell(r, COLUMN_TOPICS), why));
}

static int read_documents(reader_t *r, refusal_t *why) {
    return put_list(r, "documents", cell_documents(r->plan, r->plans, cell(r, COLUMN_DOCUMENTS), why));
}

static int read_integrated(reader_t *r, refusal_t *why) {
    int yes = 0, rc = cell_yes_no(cell(r, COLUMN_INTEGRATED), &yes, why);
    if (yes) json_object_set_new(r->out->doc, "integrated", json_true());
    return rc;
}

static int read_texts(reader_t *r, refusal_t *why) {
    (void)why;
    put_text(r, "title", COLUMN_TITLE);
    put_text(r, "place", COLUMN_PLACE);
    return BC_OK;
}

/* The word among N pairs of folded word and value that TEXT is; NULL with WHY, which offers VI or EN. */
static const char *word_of(const char *text, const char *const words[][2], size_t n, const char *field,
                           const char *vi, const char *en, refusal_t *why) {
    char *folded = text_fold(text);
    const char *value = NULL;
    for (size_t i = 0; !value && i < n; i++)
        if (strcmp(folded, words[i][0]) == 0) value = words[i][1];
    free(folded);
    if (!value)
        refuse(why, "cell-word", field, "\"%1$s\" không hiểu được. Có thể ghi: %2$s.%3$.0s",
               "\"%1$s\" is not understood. It may be: %3$s.%2$.0s", text, vi, en);
    return value;
}

static int read_event(reader_t *r, refusal_t *why) {
    static const char *const roles[][2] = {
        {"host", "host"},    {"guest", "guest"},     {"chu tri", "host"},   {"dang cai", "host"},
        {"to chuc", "host"}, {"tham du", "guest"},   {"tham gia", "guest"}, {"phoi hop", "guest"},
        {"khach", "guest"},  {"khach moi", "guest"}, {"duoc moi", "guest"}};
    char *code = event_typed(cell(r, COLUMN_EVENT));
    const char *text = cell(r, COLUMN_ROLE), *role = "guest";
    if (*text)
        role = word_of(text, roles, sizeof roles / sizeof *roles, "event.role", "chủ trì, tham dự",
                       "host, guest", why);
    int rc = role ? BC_OK : BC_REFUSED;
    if (!rc && *text && !*code && strcmp(role, "guest") == 0)
        rc = refuse(why, "cell-blank", "event.code",
                    "Đơn vị tham dự cần ghi mã sự kiện; mã có trên giấy mời của đơn vị chủ trì.",
                    "A guest needs the code of the event, which stands on the host's invitation.");
    if (!rc && (*code || *text)) /* a host's code may be made later */
        json_object_set_new(r->out->doc, "event",
                            json_pack("{ss* ss}", "code", *code ? code : NULL, "role", role));
    free(code);
    return rc;
}

static int read_source(reader_t *r, refusal_t *why) {
    static const char *const sources[][2] = {{"agent", "agent"},        {"paper", "paper"},
                                             {"e-office", "e-office"},  {"message", "message"},
                                             {"giay", "paper"},         {"ban giay", "paper"},
                                             {"van ban giay", "paper"}, {"van ban dien tu", "e-office"},
                                             {"cong van", "e-office"},  {"tin nhan", "message"},
                                             {"zalo", "message"},       {"email", "message"}};
    const char *text = cell(r, COLUMN_SOURCE);
    const char *source = *text
                             ? word_of(text, sources, sizeof sources / sizeof *sources, "source",
                                       "bản giấy, văn bản điện tử, tin nhắn", "paper, e-office, message", why)
                             : "agent";
    if (!source) return BC_REFUSED;
    json_object_set_new(r->out->doc, "source", json_string(source));
    return read_day(r, COLUMN_ARRIVED, "arrived", why);
}

static int read_evidence(reader_t *r, refusal_t *why) {
    (void)why;
    json_t *links = cell_list(cell(r, COLUMN_EVIDENCE), " \t\r\n|"), *link, *evidence = json_array();
    size_t i;
    json_array_foreach(links, i, link) json_array_append_new(evidence, json_pack("{sO}", "url", link));
    json_decref(links);
    return put_list(r, "evidence", evidence);
}

/* ---- figures ---- */

/* As the row's own plans define it, since versions and plans may differ. */
static const measure_t *defined(const reader_t *r, const measure_t *of_column) {
    const measure_t *m = NULL;
    for (size_t i = 0; !m && i < r->plans; i++)
        m = plan_measure(r->plan[i], of_column->id);
    return m ? m : of_column;
}

/* The cell with the weight of a measure; NULL where there is no such column. */
static const char *weight_of(const reader_t *r, const char *id) {
    for (size_t i = 0; i < csv_columns(r->table->csv); i++) {
        column_t c = columns_at(r->table->columns, i);
        if (c.kind == COLUMN_WEIGHT && strcmp(c.measure->id, id) == 0)
            return csv_cell(r->table->csv, r->row, (int)i);
    }
    return NULL;
}

static int read_measure(reader_t *r, const measure_t *m, const char *given, json_t *measures,
                        refusal_t *why) {
    refusal_t odd = {0};
    char *text = without_cr(given);
    json_t *value = cell_measure(m, text, weight_of(r, m->id), &odd, why);
    free(text);
    if (!value) return BC_REFUSED;
    if (odd.code[0]) warn(r, &odd);
    json_object_set_new(measures, m->id, value);
    return BC_OK;
}

static int read_measures(reader_t *r, refusal_t *why) {
    json_t *measures = json_object();
    int rc = BC_OK;
    json_object_set_new(r->out->doc, "measures", measures);
    for (size_t i = 0; !rc && i < csv_columns(r->table->csv); i++) {
        column_t c = columns_at(r->table->columns, i);
        const char *text = csv_cell(r->table->csv, r->row, (int)i);
        if (!*text || c.kind != COLUMN_MEASURE) continue;
        r->out->column = (int)i;
        rc = read_measure(r, defined(r, c.measure), text, measures, why);
    }
    return rc;
}

/* A weight without its value would be lost, and a note is: nobody shall believe it was sent. */
static int read_leftovers(reader_t *r, refusal_t *why) {
    const json_t *measures = json_object_get(r->out->doc, "measures");
    for (size_t i = 0; i < csv_columns(r->table->csv); i++) {
        column_t c = columns_at(r->table->columns, i);
        if (!*csv_cell(r->table->csv, r->row, (int)i)) continue;
        r->out->column = (int)i;
        if (c.kind == COLUMN_WEIGHT && !json_object_get(measures, c.measure->id))
            return refuse(
                why, "cell-blank", c.measure->id, "Có số người được tính nhưng chưa ghi \"%1$s%2$.0s\".",
                "How many were counted is there, but not \"%1$.0s%2$s\".", c.measure->vi, c.measure->en);
        if (c.kind != COLUMN_NOTE) continue;
        refusal_t odd;
        refuse(&odd, "column-left-out", NULL, "Cột \"%s\" chỉ để xem, không được gửi đi.",
               "The column \"%s\" is for your eyes only and is not sent.", csv_head(r->table->csv, i));
        warn(r, &odd);
    }
    return BC_OK;
}

int import_row_read(const import_table_t *table, size_t row, import_row_t *out, refusal_t *why) {
    static part_fn *const parts[] = {read_shape,  read_unit,      read_plans,      read_days,     read_form,
                                     read_topics, read_documents, read_integrated, read_texts,    read_event,
                                     read_source, read_evidence,  read_measures,   read_leftovers};
    reader_t r = {.table = table, .row = row, .out = out};
    int rc = BC_OK;
    *out = (import_row_t){.doc = json_object(), .warnings = json_array()};
    for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++)
        rc = parts[i](&r, why);
    const char *ref = csv_cell(table->csv, row, columns_of(table->columns, COLUMN_REF));
    out->ref = *ref ? ref : NULL;
    return rc;
}

void import_row_free(import_row_t *row) {
    json_decref(row->doc);
    json_decref(row->warnings);
    *row = (import_row_t){0};
}
