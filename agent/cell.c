/* SPDX-License-Identifier: MPL-2.0 */
/* cell.c - reads cells as people write them in Vietnam. */
#include "agent/cell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

/* ---- numbers ---- */

/* How a whole number is written, for a sentence about one that is not. */
static int bad_number(const measure_t *m, const char *text, number_t how, refusal_t *why) {
    if (how == NUMBER_RANGE)
        return refuse(why, "cell-number", m->id, "Số \"%s\" quá lớn.", "The number \"%s\" is too large.",
                      text);
    if (m->scale)
        return refuse(
            why, "cell-number", m->id,
            "\"%s\" không phải là số. Hãy ghi như 1234 hoặc 1.234,5 (nhiều nhất %d chữ số sau dấu phẩy).",
            "\"%s\" is no number. Write it like 1234 or 1.234,5 (with at most %d digits behind the comma).",
            text, m->scale);
    return refuse(
        why, "cell-number", m->id,
        "\"%s\" không phải là số nguyên. Chỉ ghi chữ số, ví dụ 1234 hoặc 1.234.567; không ghi số lẻ, số âm "
        "hay "
        "đơn vị.",
        "\"%s\" is no whole number. Write digits only, such as 1234 or 1.234.567; no fraction, sign or unit.",
        text);
}

static void say_odd(const measure_t *m, const char *text, int64_t value, refusal_t *odd) {
    if (odd)
        refuse(odd, "cell-read-as", m->id, "\"%s\" được hiểu là %" PRId64 ".",
               "\"%s\" was read as %" PRId64 ".", text, value);
}

/* The digits behind the comma of TEXT, as many as SCALE; -1 where they are no digits or too many. */
static int64_t fraction(const char *digits, int scale) {
    size_t n = strlen(digits);
    if (n == 0 || n > (size_t)scale || strspn(digits, "0123456789") != n) return -1;
    int64_t v = strtoll(digits, NULL, 10);
    for (size_t i = n; i < (size_t)scale; i++)
        v *= 10;
    return v;
}

/* A number of M in 10^-scale of its unit to *VALUE. */
static int read_number(const measure_t *m, const char *text, int64_t *value, refusal_t *odd, refusal_t *why) {
    char whole[64];
    const char *comma = m->scale ? strchr(text, ',') : NULL;
    size_t n = comma ? (size_t)(comma - text) : strlen(text);
    if (n >= sizeof whole) return bad_number(m, text, NUMBER_RANGE, why);
    memcpy(whole, text, n);
    whole[n] = '\0';
    number_t how = text_number(whole, value);
    if (how == NUMBER_BAD || how == NUMBER_RANGE) return bad_number(m, text, how, why);
    int64_t rest = comma ? fraction(comma + 1, m->scale) : 0;
    if (rest < 0) return bad_number(m, text, NUMBER_BAD, why);
    for (int i = 0; i < m->scale; i++)
        if ((*value *= 10) > JSON_NUMBER_MAX) return bad_number(m, text, NUMBER_RANGE, why);
    *value += rest;
    if (how == NUMBER_AMBIGUOUS && !comma) say_odd(m, text, *value, odd);
    return BC_OK;
}

static json_t *number(const measure_t *m, const char *text, refusal_t *odd, refusal_t *why) {
    int64_t value = 0;
    return read_number(m, text, &value, odd, why) ? NULL : json_integer(value);
}

/* "VALUE/WEIGHT", or the weight from a column of its own. */
static json_t *weighted(const measure_t *m, const char *text, const char *weight, refusal_t *odd,
                        refusal_t *why) {
    measure_t people = *m;
    int64_t value = 0, count = 0;
    char *copy = mem_str(text), *slash = strchr(copy, '/');
    json_t *j = NULL;
    people.scale = 0;
    if (slash) *slash = '\0';
    const char *behind = slash ? text_trim(slash + 1) : weight;
    if (!behind || !*behind)
        refuse(why, "cell-number", m->id,
               "Chỉ tiêu \"%1$s%2$.0s\" cần hai số: trị số và số người được tính, ví dụ 8500000/120.",
               "Measure \"%1$.0s%2$s\" needs two numbers: the value and how many were counted, such as "
               "8500000/120.",
               m->vi, m->en);
    else if (!read_number(m, text_trim(copy), &value, odd, why) &&
             !read_number(&people, behind, &count, odd, why))
        j = json_pack("{sI sI}", "value", (json_int_t)value, "weight", (json_int_t)count);
    free(copy);
    return j;
}

json_t *cell_measure(const measure_t *m, const char *text, const char *weight, refusal_t *odd,
                     refusal_t *why) {
    int yes;
    if (odd) odd->code[0] = '\0';
    switch (m->add) {
    case ADD_COUNT: return cell_yes_no(text, &yes, why) ? NULL : json_boolean(yes);
    case ADD_WEIGHTED: return weighted(m, text, weight, odd, why);
    case ADD_UNION: return cell_list(text, ",;|\n");
    case ADD_LIST: return json_string(text);
    default: return number(m, text, odd, why);
    }
}

/* ---- words and dates ---- */

int cell_yes_no(const char *text, int *value, refusal_t *why) {
    static const char *const yes[] = {"x", "1", "co", "yes", "true", "dung", "v"};
    static const char *const no[] = {"", "0", "khong", "no", "false", "sai", "-"};
    char *folded = text_fold(text);
    int found = -1;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcmp(folded, yes[i]) == 0) found = 1;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcmp(folded, no[i]) == 0) found = 0;
    free(folded);
    if (found < 0)
        return refuse(why, "cell-yes-no", NULL,
                      "\"%s\" không hiểu được. Hãy ghi \"x\" nếu có, để trống nếu không.",
                      "\"%s\" is not understood. Write \"x\" for yes, leave it blank for no.", text);
    *value = found;
    return BC_OK;
}

json_t *cell_date(const char *text, refusal_t *why) {
    char iso[11];
    day_t day = text_date(text);
    if (day != DAY_NONE) return json_string(day_iso(day, iso));
    refuse(why, "cell-date", NULL,
           "\"%s\" không phải là ngày có thật. Hãy ghi ngày/tháng/năm, ví dụ 07/11/2024 (năm đủ bốn chữ số).",
           "\"%s\" is no date that exists. Write day/month/year, such as 07/11/2024 (all four digits of the "
           "year).",
           text);
    return NULL;
}

json_t *cell_list(const char *text, const char *separators) {
    json_t *list = json_array();
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, separators);
        char *part = mem_strn(at, n), *trimmed = text_trim(part);
        if (*trimmed) json_array_append_new(list, json_string(trimmed));
        free(part);
        at += n + (at[n] != '\0');
    }
    return list;
}

/* ---- what a plan names ---- */

/* Id (under KEY) of the element of ARRAY whose id or label is TEXT; NULL. Borrowed. */
static const char *named(const json_t *array, const char *key, const char *text) {
    char *folded = text_fold(text);
    const char *found = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(array, i, one) {
        const char *const names[] = {json_text(one, key), json_text(one, "vi"), json_text(one, "en")};
        for (size_t k = 0; !found && k < 3; k++) {
            char *name = names[k] ? text_fold(names[k]) : NULL;
            if (name && strcmp(name, folded) == 0) found = names[0];
            free(name);
        }
        if (found) break;
    }
    free(folded);
    return found;
}

const char *cell_form(const plan_t *plan, const char *text, refusal_t *why) {
    const char *id = named(json_object_get(plan_json(plan), "forms"), "id", text);
    if (!id)
        refuse(why, "form-unknown", "form",
               "Kế hoạch %2$s không có hình thức \"%1$s\". Xem các hình thức: baocao-agent plan %2$s",
               "Plan %2$s has no form \"%1$s\". See the forms: baocao-agent plan %2$s", text,
               plan_number(plan));
    return id;
}

/* Adds to LIST what TEXT names, whole or, where that is nothing, split at the first of SEPARATORS, and so
 * on: labels hold commas and semicolons themselves. 0, or -1 with the part that is nothing in *BAD
 * (caller frees). */
static int add_named(json_t *list, const json_t *array, const char *key, const char *text,
                     const char *separators, char **bad) {
    const char *id = named(array, key, text);
    char one[2] = {*separators, '\0'};
    size_t i;
    json_t *part;
    int rc = 0;
    if (id) {
        json_array_append_new(list, json_string(id));
        return 0;
    }
    if (!*separators) {
        *bad = mem_str(text);
        return -1;
    }
    json_t *parts = cell_list(text, one);
    json_array_foreach(parts, i, part) {
        if (rc == 0) rc = add_named(list, array, key, json_string_value(part), separators + 1, bad);
    }
    json_decref(parts);
    return rc;
}

/* The elements of the array KEY of all plans: new array. */
static json_t *of_plans(const plan_t *const *plans, size_t n, const char *key) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_extend(all, json_object_get(plan_json(plans[i]), key));
    return all;
}

/* The list that TEXT names, or NULL with *BAD. */
static json_t *list_of(const plan_t *const *plans, size_t n, const char *array, const char *key,
                       const char *text, char **bad) {
    json_t *list = json_array(), *all = of_plans(plans, n, array);
    int rc = add_named(list, all, key, text, "\n|;,", bad);
    json_decref(all);
    if (rc == 0) return list;
    json_decref(list);
    return NULL;
}

json_t *cell_topics(const plan_t *const *plans, size_t n, const char *text, refusal_t *why) {
    char *bad = NULL;
    json_t *list = list_of(plans, n, "topics", "id", text, &bad);
    if (!list)
        refuse(why, "topic-unknown", "topics",
               "Kế hoạch %2$s không có nội dung \"%1$s\". Xem các nội dung: baocao-agent plan %2$s",
               "Plan %2$s has no topic \"%1$s\". See the topics: baocao-agent plan %2$s", bad,
               plan_number(plans[0]));
    free(bad);
    return list;
}

json_t *cell_documents(const plan_t *const *plans, size_t n, const char *text, refusal_t *why) {
    char *bad = NULL;
    json_t *list = list_of(plans, n, "documents", "number", text, &bad);
    if (!list)
        refuse(why, "document-unknown", "documents",
               "Kế hoạch %2$s không có văn bản \"%1$s\". Xem các văn bản: baocao-agent plan %2$s",
               "Plan %2$s has no document \"%1$s\". See the documents: baocao-agent plan %2$s", bad,
               plan_number(plans[0]));
    free(bad);
    return list;
}
