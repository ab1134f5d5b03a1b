/* SPDX-License-Identifier: MPL-2.0 */
/* verdict.c - the lines of RECEIPT, which are written without a JSON library. */
#include "proto/verdict.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/decimal.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define FIXED_ROOM 160 /* all names and numbers of a line together */

static const char *const names[] = {"", "stored", "refused", "later", "held"};

const char *verdict_name(verdict_t v) {
    assert(v <= VERDICT_HELD);
    return names[v];
}

verdict_t verdict_parse(const char *s) {
    for (int v = VERDICT_STORED; v <= VERDICT_HELD; v++)
        if (strcmp(s, names[v]) == 0) return (verdict_t)v;
    return VERDICT_NONE;
}

static void write_stored(buf_t *out, int64_t number, const char *line) {
    static const char frame[] = "{\"number\":,\"verdict\":\"stored\",\"line\":\"\"}\n";
    char *start = buf_room(out, sizeof frame + DECIMAL_MAX + strlen(line));
    char *to = decimal_write(number, stpcpy(start, "{\"number\":"));
    to = stpcpy(to, ",\"verdict\":\"stored\",\"line\":\"");
    to = stpcpy(stpcpy(to, line), "\"}\n");
    out->len += (size_t)(to - start);
}

static char *put(char *to, const char *name, const char *value) {
    return stpcpy(json_escape(stpcpy(to, name), value), "\"");
}

/* Whoever sends a thousand bad documents is answered by a thousand of these: they must cost little too. */
static void write_other(buf_t *out, int64_t number, verdict_t v, const refusal_t *why, int64_t wait_ms) {
    size_t texts = strlen(why->code) + strlen(why->field) + strlen(why->vi) + strlen(why->en);
    char *start = buf_room(out, FIXED_ROOM + JSON_ESCAPE * texts);
    char *to = decimal_write(number, stpcpy(start, "{\"number\":"));
    to = put(to, ",\"verdict\":\"", verdict_name(v));
    to = put(to, ",\"code\":\"", why->code);
    if (why->field[0]) to = put(to, ",\"field\":\"", why->field);
    to = put(to, ",\"vi\":\"", why->vi);
    to = put(to, ",\"en\":\"", why->en);
    if (v == VERDICT_LATER) to = decimal_write(wait_ms, stpcpy(to, ",\"wait_ms\":"));
    to = stpcpy(to, "}\n");
    out->len += (size_t)(to - start);
}

void verdict_write(buf_t *out, int64_t number, verdict_t v, const char *line, const refusal_t *why,
                   int64_t wait_ms) {
    if (v == VERDICT_STORED) {
        write_stored(out, number, line);
        return;
    }
    write_other(out, number, v, why, wait_ms);
}

/* Copies the string KEY into OUT of SIZE: 1; 0 where it is not there or does not fit. */
static int copy(const json_t *j, const char *key, char *out, size_t size) {
    const char *s = json_text(j, key);
    if (!s || strlen(s) >= size) return 0;
    strcpy(out, s);
    return 1;
}

/* By refuse(), which makes what another program wrote safe to print. */
static int read_why(const json_t *j, refusal_t *why) {
    char code[sizeof why->code];
    const char *vi = json_text(j, "vi"), *en = json_text(j, "en");
    if (!copy(j, "code", code, sizeof code) || !*code || !vi || !en) return 0;
    refuse(why, code, json_text(j, "field"), "%s%.0s", "%.0s%s", vi, en);
    return 1;
}

static int read_line(const json_t *j, verdict_line_t *out) {
    const char *verdict = json_text(j, "verdict");
    out->number = json_int(j, "number", -1);
    out->verdict = verdict ? verdict_parse(verdict) : VERDICT_NONE;
    out->wait_ms = json_int(j, "wait_ms", 0);
    if (out->number < 0 || out->wait_ms < 0) return 0;
    switch (out->verdict) {
    case VERDICT_STORED: return copy(j, "line", out->line, sizeof out->line);
    case VERDICT_REFUSED:
    case VERDICT_LATER:
    case VERDICT_HELD: return read_why(j, &out->why);
    default: return 0;
    }
}

int verdict_read(const char *p, size_t n, verdict_line_t *out, refusal_t *why) {
    *out = (verdict_line_t){0};
    json_t *j = json_read(p, n, NULL);
    int ok = j && read_line(j, out);
    json_decref(j);
    if (ok) return BC_OK;
    *out = (verdict_line_t){0};
    return refuse(why, "receipt-bad", NULL, "Không đọc được một dòng trả lời của máy chủ.",
                  "A line of the collector's answer cannot be read.");
}
