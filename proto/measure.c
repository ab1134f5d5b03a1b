/* SPDX-License-Identifier: MPL-2.0 */
/* measure.c - what a plan says about a measure, and whether a value in a document is one. */
#include "proto/measure.h"

#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/field.h"

#define LIST_TEXT 4000
#define LIST_ITEMS 20
#define UNION_CODE 64
#define UNION_ITEMS 500

static const char *const add_names[] = {"sum", "count", "max", "last", "weighted", "union", "list"};

int measure_add(const char *word) {
    for (int i = 0; word && i < 7; i++)
        if (strcmp(word, add_names[i]) == 0) return i;
    return -1;
}

const char *measure_add_name(add_t add) {
    return add_names[add];
}

static int bad(const char *id, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "plan-measure", id, "Chỉ tiêu \"%1$s\": %2$s%3$.0s.", "Measure \"%1$s\": %2$.0s%3$s.",
                  id, vi, en);
}

static int id_ok(const char *id) {
    for (const char *p = id; *p; p++) {
        int digit = (*p >= '0' && *p <= '9') || *p == '_';
        if (!(*p >= 'a' && *p <= 'z') && (!digit || p == id)) return 0;
    }
    return *id && strlen(id) <= 32;
}

/* The bits of `in`, 0 where it is wrong or empty. */
static int read_in(const json_t *array) {
    static const char *const places[] = {"activity", "period", "aggregate"};
    int in = 0;
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)array, i, v) {
        const char *s = json_string_value(v);
        int bit = 0;
        for (int k = 0; s && k < 3; k++)
            if (strcmp(s, places[k]) == 0) bit = 1 << k;
        if (!bit || in & bit) return 0;
        in |= bit;
    }
    return in;
}

int measure_read(const json_t *j, measure_t *m, refusal_t *why) {
    enum { ID, VI, EN, UNIT, ADD, IN, REQUIRED, MOST, SCALE, COUNT };
    static const field_t fields[] = {
        [ID] = {"id", FIELD_ID, 1, 1, 32},          [VI] = {"vi", FIELD_TEXT, 1, 1, 300},
        [EN] = {"en", FIELD_TEXT, 0, 1, 300},       [UNIT] = {"unit", FIELD_LABEL, 1, 1, 60},
        [ADD] = {"add", FIELD_TEXT, 1, 1, 16},      [IN] = {"in", FIELD_ARRAY, 1, 1, 3},
        [REQUIRED] = {"required", FIELD_BOOL, 0},   [MOST] = {"most", FIELD_NUMBER, 0, 1, JSON_NUMBER_MAX},
        [SCALE] = {"scale", FIELD_NUMBER, 0, 0, 6}, [COUNT] = {0}};
    const json_t *v[COUNT];
    refusal_t inner;
    const char *id = json_text(j, "id");
    if (field_check(j, fields, NULL, -1, v, &inner)) return bad(id ? id : "?", inner.vi, inner.en, why);
    if (!id_ok(id))
        return bad(id, "mã phải gồm a-z, 0-9, '_', bắt đầu bằng chữ",
                   "its id must be of a-z, 0-9, '_', a letter first", why);
    int add = measure_add(json_string_value(v[ADD]));
    if (add < 0)
        return bad(id, "\"add\" phải là sum, count, max, last, weighted, union hoặc list",
                   "\"add\" must be sum, count, max, last, weighted, union or list", why);
    int in = read_in(v[IN]);
    if (!in)
        return bad(id, "\"in\" chỉ gồm activity, period, aggregate, mỗi loại một lần",
                   "\"in\" may hold activity, period, aggregate, each once", why);
    const char *unit_en = json_text(v[UNIT], "en");
    *m = (measure_t){.id = id, .vi = json_string_value(v[VI]), .add = (add_t)add, .in = in};
    m->en = v[EN] ? json_string_value(v[EN]) : m->vi;
    m->unit_vi = json_text(v[UNIT], "vi");
    m->unit_en = unit_en ? unit_en : m->unit_vi;
    m->required = json_is_true(v[REQUIRED]);
    m->most = v[MOST] ? (int64_t)json_integer_value(v[MOST]) : JSON_NUMBER_MAX;
    m->scale = v[SCALE] ? (int)json_integer_value(v[SCALE]) : 0;
    return BC_OK;
}

static int type_wrong(const measure_t *m, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "measure-type", m->id, "\"%1$s%2$.0s\" phải là %3$s%4$.0s.",
                  "\"%1$.0s%2$s\" must be %3$.0s%4$s.", m->vi, m->en, vi, en);
}

static int check_number(const measure_t *m, const json_t *v, int64_t most, refusal_t *why) {
    if (!json_is_integer(v)) return type_wrong(m, "số nguyên", "a whole number", why);
    json_int_t n = json_integer_value(v);
    if (n < 0 || n > JSON_NUMBER_MAX)
        return refuse(why, "measure-range", m->id, "\"%1$s%2$.0s\" phải từ 0 đến %3$lld.",
                      "\"%1$.0s%2$s\" must be from 0 to %3$lld.", m->vi, m->en, JSON_NUMBER_MAX);
    if (n > most)
        return refuse(why, "measure-large", m->id,
                      "\"%1$s%2$.0s\" là %3$lld, lớn hơn mức hợp lý (%4$lld); hãy kiểm tra lại.",
                      "\"%1$.0s%2$s\" is %3$lld, above what is plausible (%4$lld); please check it.", m->vi,
                      m->en, (long long)n, (long long)most);
    return BC_OK;
}

static int check_text(const measure_t *m, const json_t *v, int64_t max, refusal_t *why) {
    if (!json_is_string(v)) return type_wrong(m, "văn bản", "text", why);
    switch (field_text_fault(json_string_value(v), json_string_length(v), max)) {
    case TEXT_BLANK:
        return refuse(why, "measure-blank", m->id, "\"%1$s%2$.0s\" để trống; hãy điền hoặc bỏ mục này.",
                      "\"%1$.0s%2$s\" is blank; fill it in or leave it out.", m->vi, m->en);
    case TEXT_LONG:
        return refuse(why, "measure-large", m->id, "\"%1$s%2$.0s\" dài quá %3$lld ký tự.",
                      "\"%1$.0s%2$s\" is longer than %3$lld characters.", m->vi, m->en, (long long)max);
    case TEXT_CONTROL:
        return refuse(
            why, "text-control", m->id, "\"%1$s%2$.0s\" có ký tự điều khiển; chỉ được xuống dòng và TAB.",
            "\"%1$.0s%2$s\" holds control characters; only line ends and TAB may stand in it.", m->vi, m->en);
    case TEXT_FINE: break;
    }
    return BC_OK;
}

static int check_texts(const measure_t *m, const json_t *array, size_t items, int64_t max, refusal_t *why) {
    if (json_array_size(array) > items)
        return refuse(why, "measure-large", m->id, "\"%1$s%2$.0s\" có quá %3$zu mục.",
                      "\"%1$.0s%2$s\" has more than %3$zu items.", m->vi, m->en, items);
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)array, i, v) {
        int rc = check_text(m, v, max, why);
        if (rc) return rc;
    }
    return BC_OK;
}

static int check_weighted(const measure_t *m, const json_t *v, refusal_t *why) {
    const json_t *value = json_object_get(v, "value"), *weight = json_object_get(v, "weight");
    if (!value || !weight || json_object_size(v) != 2)
        return type_wrong(m, "{\"value\":số,\"weight\":số}", "{\"value\":number,\"weight\":number}", why);
    int rc = check_number(m, value, m->most, why);
    return rc ? rc : check_number(m, weight, JSON_NUMBER_MAX, why);
}

int measure_check(const measure_t *m, const json_t *value, refusal_t *why) {
    switch (m->add) {
    case ADD_SUM:
    case ADD_MAX:
    case ADD_LAST: return check_number(m, value, m->most, why);
    case ADD_COUNT:
        return json_is_boolean(value) ? BC_OK : type_wrong(m, "true hoặc false", "true or false", why);
    case ADD_WEIGHTED: return check_weighted(m, value, why);
    case ADD_UNION:
        if (!json_is_array(value)) return type_wrong(m, "mảng các mã", "an array of codes", why);
        return check_texts(m, value, UNION_ITEMS, UNION_CODE, why);
    case ADD_LIST: break;
    }
    if (!json_is_array(value)) return check_text(m, value, LIST_TEXT, why);
    if (json_array_size(value) == 0)
        return refuse(why, "measure-blank", m->id, "\"%1$s%2$.0s\" để trống; hãy điền hoặc bỏ mục này.",
                      "\"%1$.0s%2$s\" is blank; fill it in or leave it out.", m->vi, m->en);
    return check_texts(m, value, LIST_ITEMS, LIST_TEXT, why);
}
