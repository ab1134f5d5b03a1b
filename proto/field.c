/* SPDX-License-Identifier: MPL-2.0 */
/* field.c - the fields of a JSON object against a table. It runs for each document that arrives: one
 * look-up a field, no allocation, and names are put together only for a refusal. */
#include "proto/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/unit.h"

/* Where a field stands, for the refusal alone. */
typedef struct {
    const char *path;
    int index;
} place_t;

static const char *full_name(place_t at, const char *name, char out[static 96]) {
    if (!at.path) {
        snprintf(out, 96, "%s", name);
    } else if (at.index < 0) {
        snprintf(out, 96, "%s.%s", at.path, name);
    } else {
        snprintf(out, 96, "%s[%d].%s", at.path, at.index, name);
    }
    return out;
}

/* Slow, and asked only for texts without one visible ASCII character. */
static int blank(const char *s, size_t n) {
    char *copy = mem_strn(s, n);
    int is = *text_trim(copy) == '\0';
    free(copy);
    return is;
}

text_fault_t field_text_fault(const char *s, size_t n, int64_t max) {
    const unsigned char *p = (const unsigned char *)s;
    int64_t characters = 0;
    int visible = 0;
    for (size_t i = 0; i < n; i++) {
        characters += (p[i] & 0xC0) != 0x80;
        visible |= p[i] > ' ' && p[i] < 0x7F;
        if (p[i] < ' ' && p[i] != '\n' && p[i] != '\t') return TEXT_CONTROL;
        if (p[i] == 0x7F || (p[i] == 0xC2 && i + 1 < n && p[i + 1] < 0xA0)) return TEXT_CONTROL;
    }
    if (!visible && blank(s, n)) return TEXT_BLANK;
    return characters > max ? TEXT_LONG : TEXT_FINE;
}

static int refuse_text(text_fault_t fault, const char *name, int64_t max, refusal_t *why) {
    switch (fault) {
    case TEXT_BLANK:
        return refuse(why, "text-blank", name, "Trường \"%s\" để trống; hãy điền hoặc bỏ trường này.",
                      "Field \"%s\" is blank; fill it in or leave it out.", name);
    case TEXT_LONG:
        return refuse(why, "text-long", name, "Trường \"%s\" dài quá %lld ký tự.",
                      "Field \"%s\" is longer than %lld characters.", name, (long long)max);
    case TEXT_CONTROL:
        return refuse(why, "text-control", name,
                      "Trường \"%s\" có ký tự điều khiển; chỉ được xuống dòng và TAB.",
                      "Field \"%s\" holds control characters; only line ends and TAB may stand in it.", name);
    case TEXT_FINE: break;
    }
    return BC_OK;
}

static int type_wrong(const char *name, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "field-type", name, "Trường \"%1$s\" phải là %2$s%3$.0s.",
                  "Field \"%1$s\" must be %2$.0s%3$s.", name, vi, en);
}

static int out_of_range(const field_t *f, const char *name, refusal_t *why) {
    const char *what_vi = f->type == FIELD_ARRAY    ? "số phần tử"
                          : f->type == FIELD_NUMBER ? "giá trị"
                                                    : "số ký tự";
    const char *what_en = f->type == FIELD_ARRAY    ? "elements"
                          : f->type == FIELD_NUMBER ? "value"
                                                    : "characters";
    return refuse(why, "field-range", name, "Trường \"%1$s\": %2$s%3$.0s phải từ %4$lld đến %5$lld.",
                  "Field \"%1$s\": its %2$.0s%3$s must be from %4$lld to %5$lld.", name, what_vi, what_en,
                  (long long)f->min, (long long)f->max);
}

static int id_ok(const char *s) {
    for (const char *p = s; *p; p++) {
        int sign = *p == '.' || *p == '_' || *p == '-';
        int letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (!letter && (!sign || p == s)) return 0;
    }
    return *s != '\0';
}

static int check_label(const json_t *v, const char *name, int64_t max, refusal_t *why) {
    const field_t label[] = {{"vi", FIELD_TEXT, 1, 1, max}, {"en", FIELD_TEXT, 0, 1, max}, {0}};
    return field_check(v, label, name, -1, NULL, why);
}

/* The types that are written as strings. */
static int check_string(const field_t *f, const json_t *v, place_t at, refusal_t *why) {
    char name[96];
    if (!json_is_string(v)) return type_wrong(full_name(at, f->name, name), "một chuỗi", "a string", why);
    const char *s = json_string_value(v);
    size_t n = json_string_length(v);
    hash_t hash;
    switch (f->type) {
    case FIELD_UNIT:
    case FIELD_PARENT:
        if (unit_code_ok(s)) return BC_OK;
        return type_wrong(full_name(at, f->name, name), "mã đơn vị (A-Z, 0-9, dấu chấm, gạch nối)",
                          "a unit code (A-Z, 0-9, dot, hyphen)", why);
    case FIELD_DAY:
        if (day_parse(s) != DAY_NONE) return BC_OK;
        full_name(at, f->name, name);
        return refuse(why, "date-bad", name,
                      "Trường \"%s\": \"%s\" không phải là ngày có thật dạng YYYY-MM-DD.",
                      "Field \"%s\": \"%s\" is not an existing date as YYYY-MM-DD.", name, s);
    case FIELD_HASH:
        if (n == 64 && hex_read(s, hash.b, HASH_LEN) == BC_OK) return BC_OK;
        return type_wrong(full_name(at, f->name, name), "64 chữ số thập lục phân viết thường",
                          "64 lower-case hexadecimal digits", why);
    case FIELD_ID:
        if (!id_ok(s))
            return type_wrong(full_name(at, f->name, name), "mã gồm chữ không dấu, số, '.', '_', '-'",
                              "an id of letters, digits, '.', '_', '-'", why);
        if (n > (size_t)f->max || n < (size_t)f->min)
            return out_of_range(f, full_name(at, f->name, name), why);
        return BC_OK;
    default: break;
    }
    text_fault_t fault = field_text_fault(s, n, f->max);
    return fault == TEXT_FINE ? BC_OK : refuse_text(fault, full_name(at, f->name, name), f->max, why);
}

static int check_value(const field_t *f, const json_t *v, place_t at, refusal_t *why) {
    char name[96];
    int64_t size;
    switch (f->type) {
    case FIELD_NUMBER:
        if (!json_is_integer(v))
            return type_wrong(full_name(at, f->name, name), "số nguyên", "a whole number", why);
        size = (int64_t)json_integer_value(v);
        break;
    case FIELD_ARRAY:
        if (!json_is_array(v)) return type_wrong(full_name(at, f->name, name), "một mảng", "an array", why);
        size = (int64_t)json_array_size(v);
        break;
    case FIELD_BOOL:
        if (json_is_boolean(v)) return BC_OK;
        return type_wrong(full_name(at, f->name, name), "true hoặc false", "true or false", why);
    case FIELD_OBJECT:
        if (json_is_object(v)) return BC_OK;
        return type_wrong(full_name(at, f->name, name), "một đối tượng", "an object", why);
    case FIELD_LABEL: return check_label(v, full_name(at, f->name, name), f->max, why);
    case FIELD_PARENT:
        if (json_is_null(v)) return BC_OK;
        return check_string(f, v, at, why);
    default: return check_string(f, v, at, why);
    }
    return size >= f->min && size <= f->max ? BC_OK : out_of_range(f, full_name(at, f->name, name), why);
}

static int unknown(const json_t *obj, const field_t *fields, place_t at, refusal_t *why) {
    const char *known[FIELD_MOST + 1] = {0};
    char path[96] = "";
    for (size_t i = 0; i < FIELD_MOST && fields[i].name; i++)
        known[i] = fields[i].name;
    if (at.path) full_name(at, "", path);
    return json_only(obj, known, path, why);
}

int field_check(const json_t *obj, const field_t *fields, const char *path, int index, const json_t **values,
                refusal_t *why) {
    place_t at = {path, index};
    char name[96];
    if (!json_is_object(obj)) return type_wrong(path ? path : "{}", "một đối tượng", "an object", why);
    size_t found = 0;
    for (size_t i = 0; fields[i].name; i++) {
        const json_t *v = json_object_get(obj, fields[i].name);
        if (values) values[i] = v;
        if (v) {
            found++;
            int rc = check_value(&fields[i], v, at, why);
            if (rc) return rc;
        } else if (fields[i].needed) {
            full_name(at, fields[i].name, name);
            return refuse(why, "field-missing", name, "Thiếu trường \"%s\".", "Field \"%s\" is missing.",
                          name);
        }
    }
    return found == json_object_size(obj) ? BC_OK : unknown(obj, fields, at, why);
}

static int stands_before(const json_t *array, size_t i, const char *s) {
    for (size_t k = 0; k < i; k++)
        if (strcmp(json_string_value(json_array_get(array, k)), s) == 0) return 1;
    return 0;
}

int field_texts(const json_t *array, int64_t max, int distinct, const char *name, refusal_t *why) {
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)array, i, v) {
        if (!json_is_string(v)) return type_wrong(name, "mảng các chuỗi", "an array of strings", why);
        text_fault_t fault = field_text_fault(json_string_value(v), json_string_length(v), max);
        if (fault != TEXT_FINE) return refuse_text(fault, name, max, why);
        if (distinct && stands_before(array, i, json_string_value(v)))
            return refuse(why, "item-twice", name, "Trường \"%s\" ghi \"%s\" hai lần.",
                          "Field \"%s\" names \"%s\" twice.", name, json_string_value(v));
    }
    return BC_OK;
}

static int strings_nfc(const json_t *j) {
    size_t i;
    const char *key;
    json_t *v;
    if (json_is_string(j)) return text_is_nfc(json_string_value(j), json_string_length(j));
    json_object_foreach((json_t *)j, key, v) {
        if (!text_is_nfc(key, strlen(key)) || !strings_nfc(v)) return 0;
    }
    if (!json_is_array(j)) return 1;
    json_array_foreach((json_t *)j, i, v) {
        if (!strings_nfc(v)) return 0;
    }
    return 1;
}

int field_nfc(const char *p, size_t n, const json_t *j) {
    if (!text_is_nfc(p, n)) return 0;
    if (!memchr(p, '\\', n)) return 1; /* memmem of two bytes goes byte by byte */
    return memmem(p, n, "\\u", 2) == NULL || strings_nfc(j);
}
