/* SPDX-License-Identifier: MPL-2.0 */
/* entry.c - writes and reads header lines. There is one way to write a header, so its reader takes that
 * way only, field by field, without a JSON parser: it is on the path of every entry a consumer folds. */
#include "proto/entry.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/decimal.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define FIXED_ROOM 700 /* all names, numbers, hashes and ids of a header together */

static char *put_text(char *to, const char *name, const char *value) {
    if (!value) return to;
    to = stpcpy(to, name);
    to = stpcpy(to, value);
    return stpcpy(to, "\"");
}

static char *put_number(char *to, const char *name, int64_t value) {
    return value ? decimal_write(value, stpcpy(to, name)) : to;
}

void entry_write(const entry_t *e, buf_t *out) {
    size_t texts = strlen(e->kind) + JSON_ESCAPE * strlen(e->by) + (e->unit ? strlen(e->unit) : 0);
    char *start = buf_room(out, FIXED_ROOM + texts);
    char *to = stpcpy(start, "{\"v\":1");
    to = put_text(to, ",\"log\":\"", e->log);
    to = put_number(to, ",\"position\":", e->position);
    to = decimal_write(e->received, stpcpy(to, ",\"received\":"));
    to = put_text(to, ",\"kind\":\"", e->kind);
    to = put_text(to, ",\"unit\":\"", e->unit);
    to = json_escape(stpcpy(to, ",\"by\":\""), e->by); /* may be a name as typed */
    to = put_number(stpcpy(to, "\""), ",\"key\":", e->key);
    to = put_text(to, ",\"outbox\":\"", e->outbox);
    to = put_number(to, ",\"number\":", e->number);
    if (e->id) {
        to = stpcpy(to, ",\"id\":\"");
        uuid_text(e->id, to);
        to = stpcpy(to + UUID_TEXT - 1, "\"");
    }
    to = put_number(to, ",\"rev\":", e->rev);
    to = put_number(to, ",\"of\":", e->of);
    to = decimal_write(e->bytes, stpcpy(to, ",\"bytes\":"));
    to = stpcpy(to, ",\"sha256\":\"");
    hex_write(e->sha256.b, HASH_LEN, to);
    to = stpcpy(to + HASH_HEX - 1, "\"}");
    out->len += (size_t)(to - start);
}

/* The reader works in a copy of the header and puts NULs where strings end. */

static int literal(char **at, const char *s) {
    size_t n = strlen(s);
    if (strncmp(*at, s, n) != 0) return 0;
    *at += n;
    return 1;
}

/* A string without escapes, closed by its quote. */
static int word(char **at, const char **out) {
    char *p = *at;
    while (*p > 0x20 && *p < 0x7f && *p != '"' && *p != '\\')
        p++;
    if (*p != '"' || p == *at) return 0;
    *out = *at;
    *p = '\0';
    *at = p + 1;
    return 1;
}

static int hex_word(char **at, size_t bytes, const char **out) {
    uint8_t raw[HASH_LEN];
    return word(at, out) && hex_read(*out, raw, bytes) == BC_OK;
}

/* One escape of json_escape, and no other spelling of the same character. */
static int unescape(char **from, char **to) {
    char *p = *from + 1;
    unsigned char c;
    if (*p == '"' || *p == '\\') {
        *(*to)++ = *p;
        *from = p + 1;
        return 1;
    }
    if (strncmp(p, "u00", 3) != 0 || !p[3] || !p[4]) return 0;
    char digits[3] = {p[3], p[4], '\0'};
    if (hex_read(digits, &c, 1) || c == 0 || c >= 0x20) return 0;
    *(*to)++ = (char)c;
    *from = p + 5;
    return 1;
}

/* A string with escapes, unescaped where it stands. */
static int phrase(char **at, const char **out) {
    char *p = *at, *to = *at;
    while (*p && *p != '"') {
        if (*p != '\\') {
            if ((unsigned char)*p < 0x20) return 0;
            *to++ = *p++;
        } else if (!unescape(&p, &to)) {
            return 0;
        }
    }
    if (*p != '"') return 0;
    *out = *at;
    *at = p + 1;
    *to = '\0';
    return text_utf8_ok(*out, strlen(*out));
}

static int number(char **at, int64_t *out) {
    const char *p = *at;
    if (!decimal_read(&p, out)) return 0;
    *at = (char *)p;
    return 1;
}

/* A number that is left out where it is 0. */
static int optional(char **at, const char *name, int64_t *out) {
    return !literal(at, name) || (number(at, out) && *out > 0);
}

static int read_whose(char **at, entry_t *e) {
    const char *log;
    if (!literal(at, "{\"v\":1,\"log\":\"") || !hex_word(at, 16, &log)) return 0;
    memcpy(e->log, log, LOG_ID);
    return literal(at, ",\"position\":") && number(at, &e->position) && e->position > 0 &&
           literal(at, ",\"received\":") && number(at, &e->received) && literal(at, ",\"kind\":\"") &&
           word(at, &e->kind) && (!literal(at, ",\"unit\":\"") || word(at, &e->unit)) &&
           literal(at, ",\"by\":\"") && phrase(at, &e->by);
}

static int read_what(char **at, entry_t *e, uuid_bc_t *id) {
    const char *text;
    int64_t rev = 0;
    if (!optional(at, ",\"key\":", &e->key)) return 0;
    if (literal(at, ",\"outbox\":\"") && !hex_word(at, 16, &e->outbox)) return 0;
    if (!optional(at, ",\"number\":", &e->number)) return 0;
    if (literal(at, ",\"id\":\"")) {
        if (!word(at, &text) || uuid_parse(text, id)) return 0;
        e->id = id;
    }
    if (!optional(at, ",\"rev\":", &rev) || rev > ENTRY_REV_MAX) return 0;
    if (!optional(at, ",\"of\":", &e->of)) return 0;
    e->rev = (int)rev;
    if (!literal(at, ",\"bytes\":") || !number(at, &e->bytes) || !literal(at, ",\"sha256\":\"")) return 0;
    return word(at, &text) && hex_read(text, e->sha256.b, HASH_LEN) == BC_OK && literal(at, "}");
}

int entry_read(const char *p, size_t n, entry_t *e, char **hold_p, refusal_t *why) {
    *e = (entry_t){0};
    char *hold = mem_alloc(sizeof(uuid_bc_t) + n + 1);
    char *text = hold + sizeof(uuid_bc_t), *at = text;
    memcpy(text, p, n);
    if (!memchr(p, '\0', n) && read_whose(&at, e) && read_what(&at, e, (uuid_bc_t *)hold) && at == text + n) {
        *hold_p = hold;
        return BC_OK;
    }
    int column = (int)(at - text) + 1;
    free(hold);
    *hold_p = NULL;
    *e = (entry_t){0};
    return refuse(why, "entry-bad", NULL, "Phần đầu của một mục trong sổ nhận bị sai từ ký tự thứ %d.",
                  "The header of an entry of the log is wrong from character %d on.", column);
}

hash_t chain_begin(const char *log) {
    static const char begin[] = "baocao-log/1 ";
    return hash_of2(begin, sizeof begin - 1, log, strlen(log));
}

hash_t chain_next(const hash_t *before, const char *header, size_t n) {
    return hash_of2(before->b, HASH_LEN, header, n);
}
