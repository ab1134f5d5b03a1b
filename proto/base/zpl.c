/* SPDX-License-Identifier: MPL-2.0 */
/* A checker, not a parser: it walks each line the way zconfig does and refuses where zconfig would
 * stop without a word, or go on with less than was written. */
#include "proto/base/zpl.h"

#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

enum { LINE_MAX_BYTES = 1000, INDENT = 4 };

typedef struct {
    const char *file;
    size_t line;
    refusal_t *why;
} place_t;

#define SYNTAX(at, vi, en) \
    refuse((at)->why, "conf-syntax", NULL, "%s:%zu: " vi, "%s:%zu: " en, (at)->file, (at)->line)

static int is_name_char(char c) {
    return c != '\0' &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$-_@.&+/", c) != NULL;
}

static int is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_space(const char *p) {
    while (is_space(*p))
        p++;
    return p;
}

static int check_rest(const place_t *at, const char *p) {
    p = skip_space(p);
    if (*p == '\0' || *p == '#') return 0;
    return SYNTAX(at, "có chữ thừa sau tên hoặc sau giá trị; mỗi dòng viết: tên = \"giá trị\".",
                  "there is something left behind the name or the value; a line reads: name = \"value\".");
}

static int check_value(const place_t *at, const char *p) {
    if (*p == '"' || *p == '\'') {
        const char *end = strchr(p + 1, *p);
        if (end == NULL)
            return SYNTAX(at, "giá trị thiếu dấu nháy đóng.", "the value lacks its closing quote.");
        return check_rest(at, end + 1);
    }
    const char *sign = strchr(p, '#');
    if (sign == NULL || (sign > p && is_space(sign[-1])))
        return 0; /* a comment parted by a blank is none of ours */
    return refuse(
        at->why, "conf-unquoted", NULL,
        "%s:%zu: giá trị có dấu '#' phải đặt trong dấu nháy kép, nếu không phần sau dấu '#' sẽ bị cắt mất.",
        "%s:%zu: a value with '#' must be quoted, or what stands behind the '#' is lost.", at->file,
        at->line);
}

static int check_item(const place_t *at, const char *name) {
    const char *p = name;
    while (is_name_char(*p))
        p++;
    if (p == name || *name == '/' || p[-1] == '/')
        return SYNTAX(at,
                      "dòng phải bắt đầu bằng một tên (chữ La-tinh không dấu, chữ số, '-', '_', '/' ở giữa).",
                      "a line must begin with a name (Latin letters, digits, '-', '_', '/' inside).");
    const char *sign = skip_space(p);
    return *sign == '=' ? check_value(at, skip_space(sign + 1)) : check_rest(at, p);
}

/* Checks one line without its end. Returns the level of its item, -1 for none, BC_REFUSED. */
static int check_line(const place_t *at, char *line, int level_before) {
    size_t len = strlen(line);
    if (len > LINE_MAX_BYTES)
        return SYNTAX(at, "dòng dài quá 1000 byte.", "the line is longer than 1000 bytes.");
    while (len > 0 && is_space(line[len - 1]))
        line[--len] = ' ';
    char *p = line;
    while (*p == ' ')
        p++;
    if (*p == '\0') return -1;
    if (*p == '#') {
        memset(line, ' ', strlen(line));
        return -1;
    }
    int level = (int)(p - line) / INDENT;
    if (*p == '\t' || (p - line) % INDENT != 0 || level > level_before + 1)
        return SYNTAX(at, "thụt đầu dòng phải bằng dấu cách, mỗi cấp đúng 4 dấu cách.",
                      "indent by spaces, exactly 4 for each level.");
    int rc = check_item(at, p);
    return rc < 0 ? rc : level;
}

int zpl_check(char *text, size_t n, const char *file, size_t **lines, size_t *count, refusal_t *why) {
    place_t at = {file, 0, why};
    int level = -1;
    *lines = NULL;
    *count = 0;
    if (!text_utf8_ok(text, n))
        return refuse(why, "conf-syntax", NULL, "%s: tệp không phải văn bản UTF-8.",
                      "%s: the file is not UTF-8 text.", file);
    for (char *line = text, *end; line != NULL; line = end) {
        end = strchr(line, '\n');
        if (end != NULL) *end = '\0';
        at.line++;
        int rc = check_line(&at, line, level);
        if (end != NULL) *end++ = '\n';
        if (rc == BC_REFUSED) return rc;
        if (rc >= 0) {
            level = rc;
            *lines = mem_grow(*lines, (*count + 1) * sizeof **lines);
            (*lines)[(*count)++] = at.line;
        }
    }
    return 0;
}
