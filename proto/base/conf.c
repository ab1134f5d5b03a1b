/* SPDX-License-Identifier: MPL-2.0 */
/* Configuration against a table. Every value goes through the same road, wherever it comes from:
 * set() checks it by its type and says where a wrong one stands. */
#include "proto/base/conf.h"

#include <assert.h>
#include <ctype.h>
#include <czmq.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proto/base/file.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/base/zpl.h"

#define FILE_MAX 1048576

typedef struct {
    char *text;
    int64_t value;
    size_t line; /* in the file; 0 if not set there */
} item_t;

struct conf {
    const conf_key_t *keys;
    size_t count;
    item_t *item; /* one for each key */
};

typedef struct {
    const char *sign;
    int64_t factor;
} unit_t;

/* The whole of TEXT as number with one of UNITS behind it; -1 if it is none or beyond 10^15. */
static int64_t with_unit(const char *text, const unit_t *units) {
    int64_t v = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        v = v * 10 + (*p - '0');
        if (v > 1000000000000000) return -1;
    }
    if (p == text) return -1;
    for (; units->sign != NULL; units++)
        if (strcasecmp(p, units->sign) == 0) return v > INT64_MAX / units->factor ? -1 : v * units->factor;
    return -1;
}

static int64_t as_bool(const char *text) {
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0) return (int64_t)(i % 2);
    return -1;
}

/* The value of TEXT in the unit of conf_int, -1 where it is not of TYPE. */
static int64_t value_of(conf_type_t type, const char *text) {
    static const unit_t none[] = {{"", 1}, {NULL, 0}};
    static const unit_t sizes[] = {{"", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {NULL, 0}};
    static const unit_t times[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                   {"h", 3600000}, {"d", 86400000}, {NULL, 0}};
    switch (type) {
    case CONF_TEXT: return 0;
    case CONF_BOOL: return as_bool(text);
    case CONF_SIZE: return with_unit(text, sizes);
    case CONF_TIME: return strcmp(text, "0") == 0 ? 0 : with_unit(text, times);
    case CONF_INT: break;
    }
    return with_unit(text, none);
}

static int refuse_value(const conf_key_t *k, const char *text, const char *where, refusal_t *why) {
    switch (k->type) {
    case CONF_TEXT:
        return refuse(why, "conf-value", k->key, "%s: giá trị của \"%s\" không phải văn bản UTF-8.",
                      "%s: the value of \"%s\" is not UTF-8 text.", where, k->key);
    case CONF_BOOL:
        return refuse(why, "conf-value", k->key, "%s: \"%s\" phải là yes hoặc no, không phải \"%s\".",
                      "%s: \"%s\" must be yes or no, not \"%s\".", where, k->key, text);
    case CONF_SIZE:
        return refuse(why, "conf-value", k->key,
                      "%s: \"%s\" phải là dung lượng như 64K, 10M hay 2G, không phải \"%s\".",
                      "%s: \"%s\" must be a size such as 64K, 10M or 2G, not \"%s\".", where, k->key, text);
    case CONF_TIME:
        return refuse(
            why, "conf-value", k->key,
            "%s: \"%s\" phải là thời gian có đơn vị như 500ms, 30s, 5m, 2h hay 7d, không phải \"%s\".",
            "%s: \"%s\" must be a time with its unit such as 500ms, 30s, 5m, 2h or 7d, not \"%s\".", where,
            k->key, text);
    case CONF_INT: break;
    }
    return refuse(why, "conf-value", k->key, "%s: \"%s\" phải là số nguyên, không phải \"%s\".",
                  "%s: \"%s\" must be a whole number, not \"%s\".", where, k->key, text);
}

static int refuse_range(const conf_key_t *k, const char *text, const char *where, refusal_t *why) {
    const char *unit = k->type == CONF_SIZE ? " byte" : k->type == CONF_TIME ? " ms" : "";
    return refuse(why, "conf-value", k->key,
                  "%s: \"%s\" = %s nằm ngoài khoảng cho phép, từ %" PRId64 " đến %" PRId64 "%s.",
                  "%s: \"%s\" = %s is out of range, which is %" PRId64 " to %" PRId64 "%s.", where, k->key,
                  text, k->min, k->max, unit);
}

/* Sets key I to TEXT, which stands at WHERE (file and line, or a variable). */
static int set(conf_t *c, size_t i, const char *text, const char *where, refusal_t *why) {
    const conf_key_t *k = &c->keys[i];
    int64_t v = value_of(k->type, text);
    if (v < 0 || !text_utf8_ok(text, strlen(text))) return refuse_value(k, text, where, why);
    int bounded = (k->min != 0 || k->max != 0) && k->type != CONF_TEXT && k->type != CONF_BOOL;
    if (bounded && (v < k->min || v > k->max)) return refuse_range(k, text, where, why);
    free(c->item[i].text);
    c->item[i].text = mem_str(text);
    c->item[i].value = v;
    return 0;
}

static int find(const conf_t *c, const char *key) {
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->keys[i].key, key) == 0) return (int)i;
    return -1;
}

static int is_section(const conf_t *c, const char *path) {
    size_t n = strlen(path);
    for (size_t i = 0; i < c->count; i++)
        if (strncmp(c->keys[i].key, path, n) == 0 && c->keys[i].key[n] == '/') return 1;
    return 0;
}

static int refuse_unknown(const conf_t *c, const char *path, const char *where, refusal_t *why) {
    const char **names = mem_alloc(c->count * sizeof *names);
    for (size_t i = 0; i < c->count; i++)
        names[i] = c->keys[i].key;
    const char *nearest = text_nearest(path, names, c->count);
    free(names);
    if (nearest != NULL)
        return refuse(why, "conf-unknown", path, "%s: không có khóa cấu hình \"%s\"; có phải là \"%s\"?",
                      "%s: there is no configuration key \"%s\"; did you mean \"%s\"?", where, path, nearest);
    return refuse(why, "conf-unknown", path, "%s: không có khóa cấu hình \"%s\".",
                  "%s: there is no configuration key \"%s\".", where, path);
}

/* The walk over zconfig's tree, in the order of the lines. */
typedef struct {
    conf_t *conf;
    const char *file;
    const size_t *line; /* of the item that comes next */
    refusal_t *why;
} walk_t;

static int take_item(walk_t *w, zconfig_t *node, const char *path, size_t line) {
    conf_t *c = w->conf;
    const char *text = zconfig_value(node);
    int i = find(c, path), rc = 0;
    char *where = mem_printf("%s:%zu", w->file, line);
    if (i < 0 && (*text != '\0' || (zconfig_child(node) == NULL && !is_section(c, path)))) {
        rc = refuse_unknown(c, path, where, w->why);
    } else if (i >= 0 && c->item[i].line > 0) {
        rc = refuse(w->why, "conf-double", path, "%s: khóa \"%s\" đã có ở dòng %zu.",
                    "%s: the key \"%s\" stands in line %zu already.", where, path, c->item[i].line);
    } else if (i >= 0) {
        c->item[i].line = line;
        rc = set(c, (size_t)i, text, where, w->why);
    }
    free(where);
    return rc;
}

static int walk(walk_t *w, zconfig_t *parent, const char *prefix) {
    int rc = 0;
    for (zconfig_t *node = zconfig_child(parent); node != NULL && rc == 0; node = zconfig_next(node)) {
        char *path = mem_printf("%s%s%s", prefix, *prefix != '\0' ? "/" : "", zconfig_name(node));
        rc = take_item(w, node, path, *w->line++);
        if (rc == 0) rc = walk(w, node, path);
        free(path);
    }
    return rc;
}

static int load_file(conf_t *c, const char *file, refusal_t *why) {
    buf_t content = {0};
    size_t *lines = NULL, count;
    zconfig_t *root = NULL;
    int rc = file_read(file, FILE_MAX, &content, why);
    if (rc != 0) goto cleanup;
    size_t mark = content.len >= 3 && memcmp(content.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    rc = zpl_check(content.data + mark, content.len - mark, file, &lines, &count, why);
    if (rc != 0) goto cleanup;
    root = zconfig_str_load(content.data + mark);
    assert(root != NULL); /* zpl_check has passed it */
    rc = walk(&(walk_t){c, file, lines, why}, root, "");

cleanup:
    zconfig_destroy(&root);
    free(lines);
    buf_free(&content);
    return rc;
}

char *conf_env(const char *key) {
    char *name = mem_printf("BAOCAO_%s", key);
    for (char *p = name; *p != '\0'; p++)
        *p = *p == '/' || *p == '-' ? '_' : (char)toupper((unsigned char)*p);
    return name;
}

static int load_environment(conf_t *c, refusal_t *why) {
    int rc = 0;
    for (size_t i = 0; i < c->count && rc == 0; i++) {
        char *name = conf_env(c->keys[i].key);
        const char *text = getenv(name);
        if (text != NULL) rc = set(c, i, text, name, why);
        free(name);
    }
    return rc;
}

conf_t *conf_load(const char *file, const conf_key_t *keys, refusal_t *why) {
    conf_t *c = mem_alloc(sizeof *c);
    c->keys = keys;
    while (keys[c->count].key != NULL)
        c->count++;
    c->item = mem_alloc(c->count * sizeof *c->item);
    int rc = 0;
    for (size_t i = 0; i < c->count; i++) {
        rc = set(c, i, keys[i].def != NULL ? keys[i].def : "", "default", NULL);
        assert(rc == 0); /* a default outside its own range is our mistake */
    }
    if (file != NULL) rc = load_file(c, file, why);
    if (rc == 0) rc = load_environment(c, why);
    if (rc != 0) conf_free(&c);
    return c;
}

void conf_free(conf_t **self_p) {
    conf_t *c = *self_p;
    if (c == NULL) return;
    for (size_t i = 0; i < c->count; i++)
        free(c->item[i].text);
    free(c->item);
    free(c);
    *self_p = NULL;
}

const char *conf_text(const conf_t *self, const char *key) {
    int i = find(self, key);
    if (i < 0) abort();
    return self->item[i].text;
}

int64_t conf_int(const conf_t *self, const char *key) {
    int i = find(self, key);
    if (i < 0 || self->keys[i].type == CONF_TEXT) abort();
    return self->item[i].value;
}
