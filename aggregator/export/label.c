/* SPDX-License-Identifier: MPL-2.0 */
/* label.c - labels come from the newest version of the plan that has them. */
#include "aggregator/export/label.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/text.h"

/* The plans whose labels count: the one asked for, or all. The newest come first. */
static const plan_t *labelling(const shown_t *s, size_t i) {
    const plans_t *plans = view_plans(s->view);
    const plan_t *plan = plans_at(plans, plans_count(plans) - 1 - i);
    if (!s->asked->plan || strcmp(plan_number(plan), plan_number(s->asked->plan)) == 0) return plan;
    return NULL;
}

static int has(const column_t *columns, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i].name, name) == 0) return 1;
    return 0;
}

/* Whether NAME, "id" or "id/add/scale", is about the measure ID. */
static int is_about(const char *name, const char *id) {
    size_t n = strlen(id);
    return strncmp(name, id, n) == 0 && (name[n] == '\0' || name[n] == '/');
}

static void add_columns(const shown_t *s, const measure_t *m, column_t *columns, size_t *n) {
    const char *name;
    json_t *figure;
    json_object_foreach(json_object_get(s->summary, "measures"), name, figure) {
        if (is_about(name, m->id) && !has(columns, *n, name))
            columns[(*n)++] = (column_t){name, tr(s->lang, m->vi, m->en), tr(s->lang, m->unit_vi, m->unit_en),
                                         json_text(figure, "add")};
    }
}

const measure_t *label_measure(const shown_t *s, const char *name) {
    for (size_t i = 0; i < plans_count(view_plans(s->view)); i++) {
        const plan_t *plan = labelling(s, i);
        for (size_t k = 0; plan && k < plan_measures(plan); k++)
            if (is_about(name, plan_measure_at(plan, k)->id)) return plan_measure_at(plan, k);
    }
    return NULL;
}

column_t *label_columns(const shown_t *s, size_t *count) {
    const json_t *measures = json_object_get(s->summary, "measures");
    column_t *columns = mem_alloc((json_object_size(measures) + 1) * sizeof *columns);
    *count = 0;
    for (size_t i = 0; i < plans_count(view_plans(s->view)); i++) {
        const plan_t *plan = labelling(s, i);
        for (size_t k = 0; plan && k < plan_measures(plan); k++)
            add_columns(s, plan_measure_at(plan, k), columns, count);
    }
    return columns;
}

const char *label_form(const shown_t *s, const char *id) {
    const char *label = NULL;
    if (strcmp(id, "-") == 0) return tr(s->lang, "Báo cáo gộp", "Aggregates");
    for (size_t i = 0; i < plans_count(view_plans(s->view)) && !label; i++) {
        const plan_t *plan = labelling(s, i);
        if (plan) label = plan_form(plan, id, s->lang);
    }
    return label ? label : id;
}

const char *label_topic(const shown_t *s, const char *id) {
    const char *label = NULL;
    for (size_t i = 0; i < plans_count(view_plans(s->view)) && !label; i++) {
        const plan_t *plan = labelling(s, i);
        if (plan) label = plan_topic(plan, id, s->lang);
    }
    return label ? label : id;
}

/* The row of WORDS that begins with WORD, in LANG; WORD itself where there is none. */
static const char *translate(const char *const (*words)[3], size_t n, const char *word, lang_t lang) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i][0], word) == 0) return tr(lang, words[i][1], words[i][2]);
    return word;
}

const char *label_kind(const char *kind, lang_t lang) {
    static const char *const words[][3] = {
        {"federation", "liên đoàn lao động", "federations"},
        {"upper-level", "công đoàn cấp trên", "upper-level unions"},
        {"public-service", "đơn vị sự nghiệp", "public-service units"},
        {"grassroots", "công đoàn cơ sở", "grassroots unions"},
        {"trade", "nghiệp đoàn", "trade unions"},
        {"coordinating", "đơn vị phối hợp", "coordinating units"},
    };
    return translate(words, sizeof words / sizeof *words, kind, lang);
}

const char *label_document(const char *kind, lang_t lang) {
    static const char *const words[][3] = {
        {"activity", "hoạt động", "activity"},
        {"period", "báo cáo kỳ", "report of the period"},
        {"aggregate", "báo cáo gộp", "aggregate"},
    };
    return translate(words, sizeof words / sizeof *words, kind, lang);
}

const char *label_status(const char *status, lang_t lang) {
    static const char *const words[][3] = {
        {"complete", "đã gửi, đầy đủ", "complete"},
        {"mismatch", "đã gửi, chưa khớp", "mismatch"},
        {"nil", "trong kỳ không có hoạt động", "nil"},
        {"returned", "đã đề nghị bổ sung, chỉnh lý", "returned for correction"},
        {"covered", "trong báo cáo gộp", "covered by an aggregate"},
        {"active", "có hoạt động, chưa gửi báo cáo kỳ", "active, not submitted"},
        {"missing", "chưa báo cáo", "missing"},
    };
    return translate(words, sizeof words / sizeof *words, status, lang);
}

char *label_figure(const json_t *figure, lang_t lang) {
    const json_t *value = json_object_get(figure, "value");
    if (!value && json_is_true(json_object_get(figure, "overflow")))
        return mem_str(tr(lang, "quá lớn", "too large"));
    if (!value) return mem_str("-");
    return label_number((int64_t)json_integer_value(value), (int)json_int(figure, "scale", 0));
}

char *label_number(int64_t number, int scale) {
    char grouped[28];
    int64_t unit = 1, size = number < 0 ? -number : number;
    const char *sign = number < 0 ? "-" : "";
    for (int i = 0; i < scale; i++)
        unit *= 10;
    text_grouped(size / unit, grouped);
    if (!scale) return mem_printf("%s%s", sign, grouped);
    return mem_printf("%s%s,%0*lld", sign, grouped, scale, (long long)(size % unit));
}

int label_is_number(const column_t *column) {
    return strcmp(column->add, "list") != 0;
}

char *label_value(const json_t *value, int scale) {
    return json_is_integer(value) ? label_number(json_integer_value(value), scale) : mem_str("-");
}

char *label_share(int64_t part, int64_t whole) {
    return label_number(whole ? part * 1000 / whole : 0, 1);
}

json_t *label_joint(const shown_t *s) {
    const json_t *joint = json_object_get(s->summary, "joint");
    const char *name;
    json_t *figure, *measures;
    if (!joint) return NULL;
    measures = json_object();
    json_object_foreach(json_object_get(joint, "measures"), name, figure) {
        json_t *copy = json_copy(figure), *value = json_object_get(figure, "value");
        if (strcmp(json_text(figure, "add"), "sum") == 0 && value) {
            json_object_set_new(copy, "value", json_integer(-json_integer_value(value)));
            json_object_set(measures, name, copy);
        }
        json_decref(copy);
    }
    return json_pack("{s:s,s:s,s:I,s:o}", "code", "", "name",
                     tr(s->lang, "Trừ trùng sự kiện chung", "Joint events counted once"), "activities",
                     (json_int_t)-json_int(joint, "guests", 0), "measures", measures);
}

char *label_contact(const json_t *contact) {
    static const char *const keys[] = {"name", "phone", "email"};
    buf_t out = {0};
    buf_puts(&out, "");
    for (size_t i = 0; i < 3; i++) {
        const char *text = json_text(contact, keys[i]);
        if (text) buf_printf(&out, "%s%s", out.len ? ", " : "", text);
    }
    return out.data ? out.data : mem_str("");
}

typedef struct {
    char *key;
    const json_t *row;
} keyed_t;

static int by_key(const void *a_, const void *b_) {
    const keyed_t *a = a_, *b = b_;
    int rc = strcmp(a->key, b->key);
    return rc ? rc : strcmp(json_text(a->row, "code"), json_text(b->row, "code"));
}

const json_t **label_by_name(const json_t *rows, size_t *count) {
    size_t n = json_array_size(rows);
    keyed_t *keyed = mem_alloc((n + 1) * sizeof *keyed);
    const json_t **out = mem_alloc((n + 1) * sizeof *out);
    for (size_t i = 0; i < n; i++)
        keyed[i] =
            (keyed_t){text_sort_key(json_text(json_array_get(rows, i), "name")), json_array_get(rows, i)};
    qsort(keyed, n, sizeof *keyed, by_key);
    for (size_t i = 0; i < n; i++) {
        out[i] = keyed[i].row;
        free(keyed[i].key);
    }
    free(keyed);
    *count = n;
    return out;
}

typedef struct {
    char *key;
    const char *id;
} ordered_t;

static int by_order(const void *a_, const void *b_) {
    const ordered_t *a = a_, *b = b_;
    int last = (strcmp(a->id, "-") == 0) - (strcmp(b->id, "-") == 0);
    if (last) return last;
    int rc = strcmp(a->key, b->key);
    return rc ? rc : strcmp(a->id, b->id);
}

json_t *label_by_id(const json_t *table) {
    size_t n = json_object_size(table), i = 0;
    ordered_t *order = mem_alloc((n + 1) * sizeof *order);
    json_t *row, *out = json_object();
    const char *id;
    json_object_foreach((json_t *)table, id, row) order[i++] = (ordered_t){text_sort_key(id), id};
    qsort(order, n, sizeof *order, by_order);
    for (i = 0; i < n; i++) {
        json_object_set(out, order[i].id, json_object_get(table, order[i].id));
        free(order[i].key);
    }
    free(order);
    return out;
}

const char *label_plan(const shown_t *s, const char *number) {
    const plan_t *plan = plans_get(view_plans(s->view), number, 0);
    return plan ? plan_title(plan, s->lang) : number;
}
