/* SPDX-License-Identifier: MPL-2.0 */
/* check.c - sums of measures compared as a plan says; what is blank is never taken for zero. */
#include "proto/check.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/field.h"

#define SIDE_MOST 32 /* ids on a side: 32 · JSON_NUMBER_MAX stays far inside int64_t */

typedef enum { OP_EQUAL, OP_AT_MOST, OP_IFF } op_t;

struct check {
    const char *id, *vi, *en; /* borrowed from the plan */
    const json_t *left, *right;
    op_t op;
    int refuses;
};

static int bad(const char *id, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "plan-check", id, "Quy tắc kiểm tra \"%1$s\": %2$s%3$.0s.",
                  "Check \"%1$s\": %2$.0s%3$s.", id, vi, en);
}

typedef int known_fn(const void *plan, const char *id);

static int side_ok(const json_t *side, known_fn *known, const void *plan) {
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)side, i, v) {
        if (!json_is_string(v) || !known(plan, json_string_value(v))) return 0;
    }
    return 1;
}

/* The id in braces at P ("{id}") to ID; its length with braces, 0 where P is no such thing. */
static size_t braced(const char *p, char id[static 33]) {
    size_t n = *p == '{' ? strcspn(p + 1, "{}") : 0;
    if (n == 0 || n > 32 || p[n + 1] != '}') return 0;
    memcpy(id, p + 1, n);
    id[n] = '\0';
    return n + 2;
}

static int sentence_ok(const char *s, known_fn *known, const void *plan) {
    char id[33];
    for (; *s; s++)
        if (*s == '{' && (!braced(s, id) || !known(plan, id))) return 0;
    return 1;
}

static int op_of(const char *s) {
    static const char *const ops[] = {"==", "<=", "iff"};
    for (int i = 0; i < 3; i++)
        if (strcmp(s, ops[i]) == 0) return i;
    return -1;
}

/* SELF from J, whose fields are all of the right type. */
static int fill(check_t *self, const json_t *j, known_fn *known, const void *plan, refusal_t *why) {
    *self = (check_t){.id = json_text(j, "id"), .vi = json_text(j, "vi"), .en = json_text(j, "en")};
    self->left = json_object_get(j, "left");
    self->right = json_object_get(j, "right");
    const char *action = json_text(j, "action");
    int op = op_of(json_text(j, "op"));
    if (op < 0) return bad(self->id, "\"op\" phải là ==, <= hoặc iff", "\"op\" must be ==, <= or iff", why);
    self->op = (op_t)op;
    self->refuses = strcmp(action, "refuse") == 0;
    if (!self->refuses && strcmp(action, "warn") != 0)
        return bad(self->id, "\"action\" phải là refuse hoặc warn", "\"action\" must be refuse or warn", why);
    if (!side_ok(self->left, known, plan) || !side_ok(self->right, known, plan))
        return bad(self->id, "\"left\" và \"right\" chỉ được nêu các chỉ tiêu số của kế hoạch",
                   "\"left\" and \"right\" may name only measures of the plan that are numbers", why);
    if (!sentence_ok(self->vi, known, plan) || !sentence_ok(self->en, known, plan))
        return bad(self->id, "dấu ngoặc nhọn trong câu chỉ được chứa mã của chỉ tiêu số",
                   "braces in the sentences may hold only the id of a measure that is a number", why);
    return BC_OK;
}

check_t *check_read(const json_t *j, int (*known)(const void *plan, const char *id), const void *plan,
                    refusal_t *why) {
    static const field_t fields[] = {{"id", FIELD_ID, 1, 1, 32},      {"left", FIELD_ARRAY, 1, 1, SIDE_MOST},
                                     {"op", FIELD_TEXT, 1, 1, 8},     {"right", FIELD_ARRAY, 1, 1, SIDE_MOST},
                                     {"action", FIELD_TEXT, 1, 1, 8}, {"vi", FIELD_TEXT, 1, 1, 300},
                                     {"en", FIELD_TEXT, 1, 1, 300},   {0}};
    refusal_t inner;
    const char *id = json_text(j, "id");
    if (field_check(j, fields, NULL, -1, NULL, &inner)) {
        bad(id ? id : "?", inner.vi, inner.en, why);
        return NULL;
    }
    check_t *self = mem_alloc(sizeof *self);
    if (fill(self, j, known, plan, why)) check_free(&self);
    return self;
}

void check_free(check_t **self_p) {
    free(*self_p);
    *self_p = NULL;
}

/* Sum of a side, and how many of its measures are there. */
static int64_t side_sum(const json_t *side, const json_t *measures, size_t *there) {
    int64_t sum = 0;
    *there = 0;
    for (size_t i = 0; i < json_array_size(side); i++) {
        const json_t *v = json_object_get(measures, json_string_value(json_array_get(side, i)));
        if (!json_is_integer(v)) continue;
        sum += (int64_t)json_integer_value(v);
        ++*there;
    }
    return sum;
}

/* With nothing on the left its sum is 0, and "at most" holds. */
static int holds(const check_t *self, const json_t *measures) {
    size_t on_left, on_right;
    int64_t left = side_sum(self->left, measures, &on_left);
    int64_t right = side_sum(self->right, measures, &on_right);
    if (on_right < json_array_size(self->right)) return 1;
    int whole = on_left == json_array_size(self->left);
    if (self->op == OP_IFF) return !whole || (left == 0) == (right == 0);
    return self->op == OP_EQUAL && whole ? left == right : left <= right;
}

/* The value of a measure as people read it in LANG. */
static void put_value(buf_t *out, const json_t *v, lang_t lang) {
    char digits[28];
    if (!json_is_integer(v)) {
        buf_puts(out, "?");
        return;
    }
    text_grouped((int64_t)json_integer_value(v), digits);
    for (char *p = digits; lang == LANG_EN && *p; p++)
        if (*p == '.') *p = ',';
    buf_puts(out, digits);
}

/* The sentence with {measure id} replaced; caller frees. */
static char *spoken(const char *sentence, const json_t *measures, lang_t lang) {
    buf_t out = {0};
    char id[33];
    buf_puts(&out, "");
    for (const char *p = sentence; *p;) {
        size_t n = braced(p, id);
        if (n) {
            put_value(&out, json_object_get(measures, id), lang);
        } else {
            n = 1;
            buf_add(&out, p, 1);
        }
        p += n;
    }
    return out.data;
}

int check_holds(const check_t *self, const json_t *measures, refusal_t *why) {
    if (holds(self, measures)) return 1;
    char *vi = spoken(self->vi, measures, LANG_VI), *en = spoken(self->en, measures, LANG_EN);
    refuse(why, "check-failed", self->id, "%1$s%2$.0s", "%1$.0s%2$s", vi, en);
    free(vi);
    free(en);
    return 0;
}

int check_refuses(const check_t *self) {
    return self->refuses;
}
