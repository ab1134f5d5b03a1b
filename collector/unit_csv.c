/* SPDX-License-Identifier: MPL-2.0 */
/* unit_csv.c - finds the columns, lays each row over what is known, says every fault with row and column. */
#include "collector/unit_csv.h"

#include <stdlib.h>
#include <string.h>

#include "collector/unit_change.h"
#include "proto/base/csv.h"
#include "proto/base/json.h"
#include "proto/base/text.h"

enum {
    CODE,
    NAME,
    KIND,
    PARENT,
    OPENED,
    CLOSED,
    EXPECTED,
    CONTACT,
    PHONE,
    EMAIL,
    DECISION,
    EFFECTIVE,
    INTO,
    CUSTODY,
    COLUMNS
};

/* Heads, and the field of the record that a column is about. */
static const struct {
    const char *en, *vi, *field;
} heads[COLUMNS] = {
    [CODE] = {"code", "Mã đơn vị", "unit"},
    [NAME] = {"name", "Tên đơn vị", "names"},
    [KIND] = {"kind", "Loại", "kind"},
    [PARENT] = {"parent", "Mã cấp trên", "parents"},
    [OPENED] = {"opened", "Từ ngày", "opened"},
    [CLOSED] = {"closed", "Đến ngày", "closed"},
    [EXPECTED] = {"expected", "Phải báo cáo", "expected"},
    [CONTACT] = {"contact", "Người liên hệ", "contact.name"},
    [PHONE] = {"phone", "Điện thoại", "contact.phone"},
    [EMAIL] = {"email", "email", "contact.email"},
    [DECISION] = {"decision", "Số quyết định", "decision"},
    [EFFECTIVE] = {"effective", "Hiệu lực từ", "effective"},
    [INTO] = {"into", "Nhập vào", "successors"},
    [CUSTODY] = {"custody", "Tạm giao cho", "custody"},
};

/* Kinds as people write them. Kinds are data: any other word is taken as it stands, and noted. */
static const struct {
    const char *kind, *vi;
} kinds[] = {
    {"federation", "lien doan"},
    {"upper-level", "cap tren truc tiep"},
    {"public-service", "don vi su nghiep"},
    {"grassroots", "cong doan co so"},
    {"trade", "nghiep doan"},
    {"coordinating", "don vi phoi hop"},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

typedef struct {
    const csv_t *csv;
    int column[COLUMNS]; /* -1: not there */
    const tree_t *tree;
    day_t today;
    size_t row;
    json_t *out, *problems, *notes;
} table_t;

/* ---- saying what is wrong ---- */

static size_t line(const table_t *t) {
    return csv_line(t->csv, t->row);
}

static void problem(table_t *t, size_t row, const char *column, const refusal_t *why) {
    json_array_append_new(t->problems, json_pack("{sI ss ss ss ss}", "row", (json_int_t)row, "column", column,
                                                 "code", why->code, "vi", why->vi, "en", why->en));
}

/* The head of a column as the file has it. */
static const char *head(const table_t *t, int c) {
    return t->column[c] < 0 ? heads[c].vi : csv_head(t->csv, (size_t)t->column[c]);
}

/* A fault of the current row's cell. */
static void fault(table_t *t, int c, const refusal_t *why) {
    problem(t, line(t), head(t, c), why);
}

static const char *cell(const table_t *t, int c) {
    return csv_cell(t->csv, t->row, t->column[c]);
}

/* ---- heads ---- */

static int is_group(const char *name) {
    return strncasecmp(name, "group:", 6) == 0 && name[6];
}

static int head_of(const char *name) {
    char *folded = text_fold(name);
    int found = -1;
    for (int c = 0; c < COLUMNS && found < 0; c++) {
        char *vi = text_fold(heads[c].vi);
        if (!strcmp(folded, heads[c].en) || !strcmp(folded, vi)) found = c;
        free(vi);
    }
    free(folded);
    return found;
}

static void refuse_head(table_t *t, const char *name) {
    const char *known[COLUMNS * 2];
    for (int c = 0; c < COLUMNS; c++) {
        known[2 * c] = heads[c].en;
        known[2 * c + 1] = heads[c].vi;
    }
    const char *near = text_nearest(name, known, COLUMNS * 2);
    refusal_t why = {0};
    if (near)
        refuse(&why, "csv-column", name, "Không hiểu cột \"%s\"; có phải là \"%s\" không?",
               "The column \"%s\" is not known; is it \"%s\"?", name, near);
    else
        refuse(&why, "csv-column", name, "Không hiểu cột \"%s\".", "The column \"%s\" is not known.", name);
    problem(t, 1, name, &why);
}

static void find_columns(table_t *t) {
    refusal_t why = {0};
    for (int c = 0; c < COLUMNS; c++)
        t->column[c] = -1;
    for (size_t i = 0; i < csv_columns(t->csv); i++) {
        const char *name = csv_head(t->csv, i);
        int c = head_of(name);
        if (c >= 0 && t->column[c] >= 0) {
            refuse(&why, "csv-column", name, "Cột \"%s\" có hai lần.", "The column \"%s\" is there twice.",
                   name);
            problem(t, 1, name, &why);
        } else if (c >= 0) {
            t->column[c] = (int)i;
        } else if (*name && !is_group(name)) {
            refuse_head(t, name);
        }
    }
    if (t->column[CODE] >= 0) return;
    refuse(&why, "csv-column", heads[CODE].vi, "Thiếu cột \"%s\".",
           "The column \"code\" (\"%s\") is missing.", heads[CODE].vi);
    problem(t, 1, heads[CODE].vi, &why);
}

/* ---- cells ---- */

/* The day in a cell, DEF where it is blank. A cell that is no day is a fault and gives DEF. */
static day_t day_cell(table_t *t, int c, day_t def) {
    const char *text = cell(t, c);
    day_t day = *text ? text_date(text) : def;
    if (!*text || day != DAY_NONE) return day;
    refusal_t why = {0};
    refuse(&why, "csv-cell", heads[c].en, "\"%s\" không phải là ngày; hãy viết như 07/11/2024.",
           "\"%s\" is no date; write it like 07/11/2024.", text);
    fault(t, c, &why);
    return def;
}

static int flag_cell(table_t *t, int c) {
    static const char *const yes[] = {"x", "1", "co", "yes"}, *const no[] = {"", "0", "khong", "no"};
    char *folded = text_fold(cell(t, c));
    int value = -1;
    for (size_t i = 0; i < 4; i++)
        value = !strcmp(folded, yes[i]) ? 1 : !strcmp(folded, no[i]) ? 0 : value;
    free(folded);
    if (value >= 0) return value;
    refusal_t why = {0};
    refuse(&why, "csv-cell", heads[c].en, "\"%s\" không phải là \"x\" hay để trống.",
           "\"%s\" is neither \"x\" nor blank.", cell(t, c));
    fault(t, c, &why);
    return 0;
}

static const char *kind_cell(table_t *t) {
    const char *text = cell(t, KIND), *found = NULL;
    char *folded = text_fold(text);
    for (size_t i = 0; i < KINDS && !found; i++)
        if (!strcmp(folded, kinds[i].kind) || !strcmp(folded, kinds[i].vi)) found = kinds[i].kind;
    free(folded);
    if (found) return found;
    char vi[200], en[200];
    snprintf(vi, sizeof vi, "loại đơn vị \"%.60s\" là loại mới", text);
    snprintf(en, sizeof en, "the kind \"%.60s\" is a new one", text);
    json_array_append_new(t->notes, json_pack("{sI ss ss}", "row", (json_int_t)line(t), "vi", vi, "en", en));
    return text;
}

/* ---- laying a row over a record ---- */

static void set_text(json_t *object, const char *key, const char *text) {
    if (*text)
        json_object_set_new(object, key, json_string(text));
    else
        json_object_del(object, key);
}

/* Sets LIST's value from a day on, if it is not the newest already. VALUE is stolen. */
static void set_dated(table_t *t, json_t *record, int c, const char *key, json_t *value, day_t from) {
    json_t *list = json_object_get(record, heads[c].field);
    json_t *last = json_array_get(list, json_array_size(list) - 1);
    char iso[11];
    const char *before = json_text(last, "from");
    if (last && json_equal(json_object_get(last, key), value)) {
        json_decref(value);
    } else if (last && strcmp(day_iso(from, iso), before) < 0) {
        refusal_t why = {0};
        refuse(
            &why, "csv-cell", heads[c].en,
            "Thay đổi này có hiệu lực từ %s, trước lần thay đổi đã ghi từ %s; hãy ghi cột \"Hiệu lực từ\".",
            "This change holds from %s, before the one recorded from %s; fill the column \"effective\".", iso,
            before);
        fault(t, EFFECTIVE, &why);
        json_decref(value);
    } else if (last && strcmp(iso, before) == 0) {
        json_object_set_new(last, key, value);
    } else {
        json_array_append_new(list, json_pack("{ss so}", "from", day_iso(from, iso), key, value));
    }
}

/* A first day that was wrong takes the first name and parent along. */
static void set_opened(json_t *record, day_t day) {
    char iso[11];
    day_iso(day, iso);
    const char *lists[] = {"names", "parents"}, *old = json_text(record, "opened");
    for (size_t i = 0; old && i < 2; i++) {
        json_t *first = json_array_get(json_object_get(record, lists[i]), 0);
        if (first && !strcmp(json_text(first, "from"), old))
            json_object_set_new(first, "from", json_string(iso));
    }
    json_object_set_new(record, "opened", json_string(iso));
}

/* One text of an object inside the record, which goes when its last text goes. */
static void set_inner(json_t *record, const char *object, const char *key, const char *text) {
    json_t *inner = json_object_get(record, object);
    if (!inner && !*text) return;
    if (!inner) json_object_set_new(record, object, inner = json_object());
    set_text(inner, key, text);
    if (!json_object_size(inner)) json_object_del(record, object);
}

static void set_inners(table_t *t, json_t *record) {
    if (t->column[CONTACT] >= 0) set_inner(record, "contact", "name", cell(t, CONTACT));
    if (t->column[PHONE] >= 0) set_inner(record, "contact", "phone", cell(t, PHONE));
    if (t->column[EMAIL] >= 0) set_inner(record, "contact", "email", cell(t, EMAIL));
    for (size_t i = 0; i < csv_columns(t->csv); i++)
        if (is_group(csv_head(t->csv, i)))
            set_inner(record, "groups", csv_head(t->csv, i) + 6, csv_cell(t->csv, t->row, (int)i));
}

/* What a new unit must have is asked for by name, so that the list of faults is complete. */
static void need(table_t *t, int c) {
    if (*cell(t, c)) return;
    refusal_t why = {0};
    refuse(&why, "csv-cell", heads[c].en, "Đơn vị mới phải có \"%s\".", "A new unit needs \"%s\".",
           head(t, c));
    fault(t, c, &why);
}

static json_t *record_begin(table_t *t, const unit_t *known) {
    if (known) return json_deep_copy(unit_json(known));
    need(t, NAME);
    need(t, KIND);
    need(t, OPENED);
    return json_pack("{ss s[] s[]}", "unit", cell(t, CODE), "names", "parents");
}

static void set_expected(table_t *t, json_t *record, int is_new) {
    const char *kind = json_text(record, "kind");
    int coordinating = kind && !strcmp(kind, "coordinating"), below = *cell(t, PARENT) != '\0';
    if (t->column[EXPECTED] < 0) {
        if (is_new) json_object_set_new(record, "expected", json_boolean(below && !coordinating));
        return;
    }
    int expected = flag_cell(t, EXPECTED);
    if (expected && coordinating) {
        refusal_t why = {0};
        refuse(&why, "csv-cell", "expected", "Đơn vị phối hợp không thuộc diện phải báo cáo.",
               "A coordinating unit is never expected to report.");
        fault(t, EXPECTED, &why);
    }
    json_object_set_new(record, "expected", json_boolean(expected));
}

/* Who carries the unit on, and who looks after it. */
static void set_change(table_t *t, json_t *record, day_t from) {
    refusal_t why = {0};
    if (t->column[INTO] >= 0 && unit_change_into(record, cell(t, INTO), &why)) fault(t, INTO, &why);
    if (t->column[CUSTODY] >= 0 && unit_change_custody(record, cell(t, CUSTODY), from, &why))
        fault(t, CUSTODY, &why);
}

/* The record the current row makes, new. */
static json_t *record_of(table_t *t, const unit_t *known) {
    json_t *record = record_begin(t, known);
    if (*cell(t, KIND)) json_object_set_new(record, "kind", json_string(kind_cell(t)));
    day_t opened = day_cell(t, OPENED, DAY_NONE);
    if (opened != DAY_NONE) set_opened(record, opened);
    day_t from = day_cell(t, EFFECTIVE, known || opened == DAY_NONE ? t->today : opened);
    if (*cell(t, NAME)) set_dated(t, record, NAME, "name", json_string(cell(t, NAME)), from);
    if (t->column[PARENT] >= 0 || !known)
        set_dated(t, record, PARENT, "parent", *cell(t, PARENT) ? json_string(cell(t, PARENT)) : json_null(),
                  from);
    if (t->column[CLOSED] >= 0) {
        char iso[11];
        day_t closed = day_cell(t, CLOSED, DAY_NONE);
        set_text(record, "closed", closed == DAY_NONE ? "" : day_iso(closed, iso));
    }
    set_expected(t, record, !known);
    set_inners(t, record);
    if (*cell(t, DECISION)) set_text(record, "decision", cell(t, DECISION));
    set_change(t, record, from);
    return record;
}

/* ---- rows ---- */

static json_t *changed_fields(const json_t *before, const json_t *after) {
    static const char *const fields[] = {"names",   "parents", "kind",     "opened",     "closed", "expected",
                                         "contact", "groups",  "decision", "successors", "custody"};
    json_t *out = json_array();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const json_t *a = json_object_get(before, fields[i]), *b = json_object_get(after, fields[i]);
        if (a != b && !(a && b && json_equal(a, b))) json_array_append_new(out, json_string(fields[i]));
    }
    return out;
}

/* 1 if the row's shape and code allow reading it. */
static int row_ok(table_t *t, json_t *seen) {
    const char *code = cell(t, CODE);
    refusal_t why = {0};
    json_int_t first = json_integer_value(json_object_get(seen, code));
    if (csv_cells(t->csv, t->row) > csv_columns(t->csv))
        refuse(&why, "csv-cell", NULL, "Dòng có nhiều ô hơn dòng tiêu đề; có ô nào chứa dấu phân cách không?",
               "The row has more cells than the head; does a cell hold the separator?");
    else if (!unit_code_ok(code))
        refuse(&why, "csv-cell", "code",
               "Mã đơn vị \"%s\" không hợp lệ: chỉ dùng A-Z, 0-9, dấu chấm và gạch ngang.",
               "The unit code \"%s\" is not valid: only A-Z, 0-9, dot and hyphen.", code);
    else if (first)
        refuse(&why, "csv-double", "code", "Đơn vị %s đã có ở dòng %lld.",
               "Unit %s stands in row %lld already.", code, (long long)first);
    else
        json_object_set_new(seen, code, json_integer((json_int_t)line(t)));
    if (why.code[0]) fault(t, CODE, &why);
    return !why.code[0];
}

static void read_rows(table_t *t, json_t *changes) {
    json_t *seen = json_object();
    json_int_t same = 0;
    for (t->row = 0; t->row < csv_rows(t->csv); t->row++) {
        if (!row_ok(t, seen)) continue;
        const unit_t *known = tree_get(t->tree, cell(t, CODE));
        json_t *record = record_of(t, known);
        json_t *fields = changed_fields(known ? unit_json(known) : NULL, record);
        if (known && !json_array_size(fields)) {
            same++;
            json_decref(fields);
            json_decref(record);
            continue;
        }
        json_array_append_new(changes,
                              json_pack("{sI ss sb so so}", "row", (json_int_t)line(t), "unit", cell(t, CODE),
                                        "new", known == NULL, "fields", fields, "record", record));
    }
    json_object_set_new(t->out, "same", json_integer(same));
    json_decref(seen);
}

/* ---- the records as units ---- */

/* The column a refusal of unit_read or tree_check is about. */
static const char *column_of(const table_t *t, const refusal_t *why) {
    if (!strncmp(why->code, "tree-", 5)) return head(t, PARENT);
    if (!strcmp(why->code, "unit-successor")) return head(t, INTO);
    if (!strcmp(why->code, "unit-custody")) return head(t, CUSTODY);
    for (int c = 0; c < COLUMNS; c++)
        if (*why->field && !strncmp(why->field, heads[c].field, strlen(heads[c].field))) return head(t, c);
    return why->field;
}

static void put_units(table_t *t, const json_t *changes, tree_t *tree) {
    size_t i;
    json_t *change;
    refusal_t why = {0};
    json_array_foreach(changes, i, change) {
        char *text = json_canonical(json_object_get(change, "record"));
        unit_t *unit = unit_read(text, strlen(text), &why);
        free(text);
        if (unit)
            tree_put(tree, &unit);
        else
            problem(t, (size_t)json_int(change, "row", 0), column_of(t, &why), &why);
    }
}

/* A unit that is closed should leave none beneath it: not wrong, but hardly meant. */
static void note_children(table_t *t, const json_t *change, const tree_t *tree, const unit_t *unit) {
    int left = 0;
    char vi[200], en[200];
    if (unit_closed(unit) == DAY_NONE) return;
    for (size_t i = 0; i < tree_count(tree); i++) {
        const unit_t *other = tree_at(tree, i);
        const char *parent = unit_parent(other, unit_closed(unit) + 1);
        left += parent && strcmp(parent, unit_code(unit)) == 0 && unit_open_on(other, unit_closed(unit) + 1);
    }
    if (!left) return;
    snprintf(vi, sizeof vi, "sau ngày cuối của %s vẫn còn %d đơn vị trực thuộc", unit_code(unit), left);
    snprintf(en, sizeof en, "%d units still stand under %s after its last day", left, unit_code(unit));
    json_array_append_new(t->notes,
                          json_pack("{sO ss ss}", "row", json_object_get(change, "row"), "vi", vi, "en", en));
}

/* Parents may stand below their children in the file, so this comes after all were put in. */
static void check_tree(table_t *t, const json_t *changes, const tree_t *tree) {
    size_t i;
    json_t *change;
    refusal_t why = {0};
    json_array_foreach(changes, i, change) {
        const unit_t *unit = tree_get(tree, json_text(change, "unit"));
        if (tree_check(tree, unit, &why) || unit_change_check(tree, unit, &why))
            problem(t, (size_t)json_int(change, "row", 0), column_of(t, &why), &why);
        else
            note_children(t, change, tree, unit);
    }
}

json_t *unit_csv_read(const char *p, size_t n, tree_t *tree, day_t today, refusal_t *why) {
    csv_t *csv = csv_read(p, n, why);
    if (!csv) return NULL;
    table_t t = {.csv = csv, .tree = tree, .today = today, .out = json_object()};
    json_t *changes = json_array();
    json_object_set_new(t.out, "changes", changes);
    json_object_set_new(t.out, "problems", t.problems = json_array());
    json_object_set_new(t.out, "notes", t.notes = json_array());
    find_columns(&t);
    if (!json_array_size(t.problems)) read_rows(&t, changes);
    if (!json_array_size(t.problems)) put_units(&t, changes, tree);
    if (!json_array_size(t.problems)) check_tree(&t, changes, tree);
    csv_destroy(&csv);
    return t.out;
}
