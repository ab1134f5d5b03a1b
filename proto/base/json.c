/* SPDX-License-Identifier: MPL-2.0 */
/* json.c - strict reading, each fault with its own code, and one canonical way of writing. */
#include "proto/base/json.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/hash.h"
#include "proto/base/json_quick.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

typedef struct {
    int deepest;   /* nesting */
    size_t weight; /* commas and opening brackets */
} shape_t;

/* The shape of N bytes that need not be JSON, in one pass and without a stack. */
static shape_t shape_of(const char *p, size_t n) {
    shape_t s = {0};
    int depth = 0, quoted = 0;
    for (size_t i = 0; i < n; i++) {
        if (quoted) {
            if (p[i] == '\\') {
                i++;
            } else if (p[i] == '"') {
                quoted = 0;
            }
        } else if (p[i] == '"') {
            quoted = 1;
        } else if (p[i] == '{' || p[i] == '[') {
            s.weight++;
            if (++depth > s.deepest) s.deepest = depth;
        } else if (p[i] == '}' || p[i] == ']') {
            depth--;
        } else if (p[i] == ',') {
            s.weight++;
        }
    }
    return s;
}

size_t json_weight(const char *p, size_t n) {
    return shape_of(p, n).weight;
}

static int nul(refusal_t *why) {
    return refuse(why, "json-nul", NULL, "Văn bản JSON có ký tự NUL (\\u0000), không được phép.",
                  "The JSON text holds a NUL character (\\u0000), which is not allowed.");
}

static int refuse_parse(const json_error_t *err, refusal_t *why) {
    switch (json_error_code(err)) {
    case json_error_null_character:
    case json_error_null_byte_in_key: return nul(why);
    case json_error_invalid_utf8:
        return refuse(why, "json-utf8", NULL, "Văn bản JSON không phải là UTF-8 hợp lệ (byte thứ %d).",
                      "The JSON text is not valid UTF-8 (at byte %d).", err->position);
    case json_error_duplicate_key:
        return refuse(why, "json-duplicate", NULL,
                      "Một tên trường xuất hiện hai lần trong cùng một đối tượng (dòng %d, cột %d).",
                      "A field name stands twice in the same object (line %d, column %d).", err->line,
                      err->column);
    case json_error_numeric_overflow:
        return refuse(why, "json-number", NULL, "Có một số quá lớn (dòng %d, cột %d).",
                      "A number is too large (line %d, column %d).", err->line, err->column);
    case json_error_stack_overflow:
        return refuse(why, "json-deep", NULL, "JSON lồng nhau quá sâu (dòng %d).",
                      "The JSON is nested too deeply (line %d).", err->line);
    default:
        return refuse(why, "json-malformed", NULL, "JSON sai cú pháp ở dòng %d, cột %d.",
                      "The JSON is malformed at line %d, column %d.", err->line, err->column);
    }
}

json_t *json_read(const char *p, size_t n, refusal_t *why) {
    if (!n) p = "";
    json_t *quick = json_quick(p, n);
    if (quick) return quick;
    if (memchr(p, '\0', n)) {
        nul(why);
        return NULL;
    }
    if (shape_of(p, n).deepest > JSON_DEPTH) {
        refuse(why, "json-deep", NULL, "JSON lồng nhau quá %d tầng.",
               "The JSON is nested deeper than %d levels.", JSON_DEPTH);
        return NULL;
    }
    json_error_t err;
    json_t *j = json_loadb(p, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &err);
    if (!j) {
        refuse_parse(&err, why);
        return NULL;
    }
    if (json_is_object(j)) return j;
    json_decref(j);
    refuse(why, "json-not-object", NULL, "Văn bản JSON phải là một đối tượng {…}.",
           "The JSON text must be an object {…}.");
    return NULL;
}

static char *dump(const json_t *j, size_t flags) {
    char *s = json_dumps(j, JSON_SORT_KEYS | JSON_ENCODE_ANY | flags);
    if (!s) abort(); /* out of memory, or text that never passed json_read: both are ours */
    return s;
}

char *json_canonical(const json_t *j) {
    return dump(j, JSON_COMPACT);
}

char *json_pretty(const json_t *j) {
    return dump(j, JSON_INDENT(2));
}

const char *json_text(const json_t *obj, const char *key) {
    return json_string_value(json_object_get(obj, key));
}

int64_t json_int(const json_t *obj, const char *key, int64_t def) {
    const json_t *v = json_object_get(obj, key);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : def;
}

int json_bool(const json_t *obj, const char *key, int def) {
    const json_t *v = json_object_get(obj, key);
    return json_is_boolean(v) ? json_is_true(v) : def;
}

char *json_escape(char *to, const char *s) {
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') {
            *to++ = '\\';
            *to++ = *s;
        } else if (c < 0x20) {
            to = stpcpy(to, "\\u00");
            hex_write(&c, 1, to);
            to += 2;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
    return to;
}

static int is_known(const char *key, const char *const *known) {
    while (*known && strcmp(*known, key) != 0)
        known++;
    return *known != NULL;
}

int json_only(const json_t *obj, const char *const *known, const char *path, refusal_t *why) {
    size_t n = 0;
    while (known[n])
        n++;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)obj, key, value) {
        if (is_known(key, known)) continue;
        char *field = mem_printf("%s%s", path, key);
        const char *near = text_nearest(key, known, n);
        int rc = near ? refuse(why, "field-unknown", field, "Không có trường \"%s\"; có phải là \"%s\"?",
                               "There is no field \"%s\"; did you mean \"%s\"?", field, near)
                      : refuse(why, "field-unknown", field, "Không có trường \"%s\".",
                               "There is no field \"%s\".", field);
        free(field);
        return rc;
    }
    return BC_OK;
}
