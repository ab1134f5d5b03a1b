/* SPDX-License-Identifier: MPL-2.0 */
/* paper.c - head, sections, addressees and signature of a Báo cáo (Decree 30/2020/NĐ-CP, Annex I). */
#include "aggregator/export/paper_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"

#define HEAD_LINE 36 /* bytes of capitals that fit into one line of the left head */

void paper_say(paper_t *self, const char *kind, const char *format, ...) {
    char *text = NULL;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    if (n < 0) abort();
    json_array_append_new(self->blocks, json_pack("{s:s,s:s}", "kind", kind, "text", text));
    free(text);
}

/* In capitals: "Liên đoàn" is "LIÊN ĐOÀN". New string. */
static char *capitals(const char *s) {
    buf_t out = {0};
    utf8proc_int32_t c;
    utf8proc_ssize_t n;
    for (const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s; *p; p += n) {
        utf8proc_uint8_t bytes[4];
        n = utf8proc_iterate(p, -1, &c);
        if (n <= 0) break;
        buf_add(&out, bytes, (size_t)utf8proc_encode_char(utf8proc_toupper(c), bytes));
    }
    return out.data ? out.data : mem_str("");
}

static void replace(buf_t *out, const char *text, const char *const (*words)[2]) {
    while (*text) {
        size_t i = 0;
        while (words[i][0] && strncmp(text, words[i][0], strlen(words[i][0])) != 0)
            i++;
        if (words[i][0]) {
            buf_puts(out, words[i][1]);
            text += strlen(words[i][0]);
        } else {
            buf_add(out, text++, 1);
        }
    }
}

/* A text of the template with {unit}, {plan} and {period} filled in: new string. */
static char *filled(const paper_t *p, const char *key) {
    const asked_t *a = p->s->asked;
    char *period = calendar_label(a->calendar, &a->period, LANG_VI);
    char *plan = a->plan ? mem_printf("Kế hoạch số %s", plan_number(a->plan)) : mem_str("các kế hoạch");
    const char *const words[][2] = {
        {"{unit}", unit_name(a->unit, a->period.to)}, {"{plan}", plan}, {"{period}", period}, {NULL, NULL}};
    buf_t out = {0};
    replace(&out, json_text(p->template, key), words);
    free(plan);
    free(period);
    return out.data ? out.data : mem_str("");
}

/* A long line of the head in two of about the same length: broken at the blank nearest to its middle. */
static void balance(char *text) {
    size_t n = strlen(text);
    char *best = NULL;
    if (n <= HEAD_LINE || strchr(text, '\n')) return;
    for (char *at = text; *at; at++)
        if (*at == ' ' && (!best || labs(2 * (at - text) - (long)n) < labs(2 * (best - text) - (long)n)))
            best = at;
    if (best) *best = '\n';
}

static json_t *filled_json(const paper_t *p, const char *key, int caps) {
    char *text = filled(p, key), *shown = caps ? capitals(text) : mem_str(text);
    if (caps) balance(shown);
    json_t *j = json_string(shown);
    free(shown);
    free(text);
    return j;
}

/* "Bình Dương, ngày 05 tháng 12 năm 2024"; days below 10 and months below 3 with a zero in front. */
static json_t *place_json(const paper_t *p) {
    const char *place = json_text(p->template, "place");
    if (p->typed->date == DAY_NONE) return json_sprintf("%s, ngày      tháng      năm        ", place);
    int year, month, day;
    day_split(p->typed->date, &year, &month, &day);
    return json_sprintf(month < 3 ? "%s, ngày %02d tháng %02d năm %d" : "%s, ngày %02d tháng %d năm %d",
                        place, day, month, year);
}

/* Above whom there is a unit in the tree writes under its name; the top under that of the template. */
static json_t *parent_json(const paper_t *p) {
    const asked_t *a = p->s->asked;
    day_t day = a->tree ? a->tree : a->period.to;
    const char *code = unit_parent(a->unit, day);
    const unit_t *parent = code ? tree_get(view_tree(p->s->view), code) : NULL;
    if (!parent) return filled_json(p, "parent", 1);
    char *shown = capitals(unit_name(parent, day));
    balance(shown);
    json_t *j = json_string(shown);
    free(shown);
    return j;
}

static json_t *head_json(const paper_t *p) {
    json_t *head = json_object();
    json_object_set_new(head, "parent", parent_json(p));
    json_object_set_new(head, "issuer", filled_json(p, "issuer", 1));
    json_object_set_new(head, "country", filled_json(p, "country", 0));
    json_object_set_new(head, "motto", filled_json(p, "motto", 0));
    json_object_set_new(head, "place", place_json(p));
    json_object_set_new(head, "number",
                        p->typed->number ? json_sprintf("Số: %s", p->typed->number)
                                         : filled_json(p, "number", 0));
    return head;
}

/* "- Văn phòng Tỉnh ủy (b/c);", out of the template or, where it names none, of the plan; last what is
 * kept. */
static json_t *addressees_json(const paper_t *p) {
    const json_t *list = json_object_get(p->template, "addressees");
    if (!json_array_size(list) && p->s->asked->plan)
        list = json_object_get(plan_json(p->s->asked->plan), "addressees");
    json_t *out = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)list, i, one) {
        const char *purpose = json_text(one, "purpose");
        if (strcmp(purpose, "Lưu") != 0)
            json_array_append_new(out, json_sprintf("- %s (%s);", json_text(one, "name"), purpose));
    }
    json_array_append_new(out, json_sprintf("- %s", json_text(p->template, "keep")));
    return out;
}

static json_t *signature_json(const paper_t *p) {
    if (!p->typed->posts) return json_incref(json_object_get(p->template, "signature"));
    json_t *lines = json_array();
    for (const char *at = p->typed->posts; *at;) {
        size_t n = strcspn(at, "|");
        if (n) json_array_append_new(lines, json_stringn(at, n));
        at += n + (at[n] == '|');
    }
    return lines;
}

static void add_opening(paper_t *p) {
    const asked_t *a = p->s->asked;
    char from[11], to[11], issued[11], *period = calendar_label(a->calendar, &a->period, LANG_VI);
    const char *unit = unit_name(a->unit, a->period.to);
    if (a->plan) {
        const json_t *plan = plan_json(a->plan);
        paper_say(p, "p",
                  "Thực hiện Kế hoạch số %s ngày %s của %s (%s), %s báo cáo kết quả %s (từ ngày %s đến ngày "
                  "%s) như "
                  "sau:",
                  plan_number(a->plan), day_vi(day_parse(json_text(plan, "issued")), issued),
                  json_text(plan, "issuer"), plan_title(a->plan, LANG_VI), unit, period,
                  day_vi(a->period.from, from), day_vi(a->period.to, to));
    } else {
        paper_say(p, "p",
                  "%s báo cáo kết quả hoạt động theo các kế hoạch, %s (từ ngày %s đến ngày %s), như sau:",
                  unit, period, day_vi(a->period.from, from), day_vi(a->period.to, to));
    }
    free(period);
}

static void add_sections(paper_t *p) {
    static const char *const roman[] = {"I",    "II",  "III",  "IV",    "V",   "VI",   "VII",
                                        "VIII", "IX",  "X",    "XI",    "XII", "XIII", "XIV",
                                        "XV",   "XVI", "XVII", "XVIII", "XIX", "XX"};
    size_t i, k;
    json_t *section, *part;
    json_array_foreach(json_object_get(p->template, "sections"), i, section) {
        paper_say(p, "h1", "%s. %s", roman[i], json_text(section, "title"));
        size_t before = json_array_size(p->blocks);
        json_array_foreach(json_object_get(section, "parts"), k, part) paper_part(p, json_string_value(part));
        if (json_array_size(p->blocks) == before)
            paper_say(p, "p", "Trong kỳ không có nội dung báo cáo ở mục này.");
    }
}

json_t *paper_new(const shown_t *shown, const json_t *template, const typed_t *typed,
                  const beside_t *beside) {
    paper_t p = {.s = shown,
                 .template = template,
                 .typed = typed,
                 .restated = beside->restated,
                 .targets = beside->targets,
                 .stages = beside->stages,
                 .blocks = json_array(),
                 .annexes = json_array()};
    p.columns = label_columns(shown, &p.n);
    json_t *j = json_object();
    const char *signer = typed->signer ? typed->signer : json_text(template, "signer");
    add_opening(&p);
    add_sections(&p);
    paper_annexes(&p);
    json_object_set_new(j, "head", head_json(&p));
    json_object_set_new(j, "type", filled_json(&p, "type", 1));
    json_object_set_new(j, "abstract", filled_json(&p, "abstract", 0));
    json_object_set_new(j, "blocks", p.blocks);
    json_object_set_new(j, "annexes", p.annexes);
    json_object_set_new(j, "addressees", addressees_json(&p));
    json_object_set_new(j, "signature", signature_json(&p));
    json_object_set_new(j, "signer", json_string(signer ? signer : ""));
    json_object_set(j, "template", (json_t *)template);
    free(p.columns);
    return j;
}

char *paper_cell(const json_t *cell) {
    if (json_is_string(cell)) return mem_str(json_string_value(cell));
    if (json_is_integer(cell)) return label_number(json_integer_value(cell), 0);
    if (json_is_object(cell)) return label_number(json_int(cell, "n", 0), (int)json_int(cell, "scale", 0));
    return mem_str("");
}
