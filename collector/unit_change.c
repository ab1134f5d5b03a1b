/* SPDX-License-Identifier: MPL-2.0 */
/* unit_change.c - links in a unit's record, and what they must lead to. */
#include "collector/unit_change.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

static int needs(const char *code, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, code, NULL, "Dòng này còn thiếu: %1$s%2$.0s.", "This row lacks: %1$.0s%2$s.", vi, en);
}

int unit_change_into(json_t *record, const char *text, refusal_t *why) {
    static const char apart[] = " ,;+";
    const char *closed = json_text(record, "closed"), *decision = json_text(record, "decision");
    char day[11];
    json_t *list = json_array();
    for (const char *at = text + strspn(text, apart); *at; at += strspn(at, apart)) {
        size_t n = strcspn(at, apart);
        json_array_append_new(list, json_stringn(at, n));
        at += n;
    }
    size_t count = json_array_size(list), i;
    json_object_del(record, "successors");
    if (count && !closed) {
        json_decref(list);
        return needs("unit-successor", "ngày cuối (cột \"Đến ngày\")", "the last day (column \"closed\")",
                     why);
    }
    if (count && !decision) {
        json_decref(list);
        return needs("unit-successor", "số quyết định", "the number of the decision", why);
    }
    json_t *links = json_array();
    for (i = 0; i < count; i++)
        json_array_append_new(links, json_pack("{ss sO ss ss}", "kind", count == 1 ? "merge" : "split",
                                               "unit", json_array_get(list, i), "date",
                                               day_iso(day_parse(closed) + 1, day), "decision", decision));
    if (count) json_object_set(record, "successors", links);
    json_decref(links);
    json_decref(list);
    return BC_OK;
}

int unit_change_custody(json_t *record, const char *code, day_t from, refusal_t *why) {
    json_t *list = json_object_get(record, "custody"),
           *last = json_array_get(list, json_array_size(list) ? json_array_size(list) - 1 : 0);
    const char *decision = json_text(record, "decision"),
               *now = json_text(last, "to") ? NULL : json_text(last, "unit");
    char day[11];
    if (!*code && !now) return BC_OK;
    if (now && strcmp(now, code) == 0) return BC_OK;
    if (!decision) return needs("unit-custody", "số quyết định", "the number of the decision", why);
    if (now && from <= day_parse(json_text(last, "from")))
        return needs("unit-custody", "ngày hiệu lực sau lần tạm giao trước",
                     "a day behind that of the last custody", why);
    if (now) json_object_set_new(last, "to", json_string(day_iso(from - 1, day)));
    if (!*code) return BC_OK;
    if (!list) json_object_set_new(record, "custody", list = json_array());
    json_array_append_new(
        list, json_pack("{ss ss ss}", "unit", code, "from", day_iso(from, day), "decision", decision));
    return BC_OK;
}

static int leads_to(const tree_t *tree, const unit_t *unit, const char *code, const char *day,
                    const char *refusal, refusal_t *why) {
    const unit_t *other = tree_get(tree, code);
    if (strcmp(code, unit_code(unit)) == 0)
        return refuse(why, refusal, code, "%s không thể được giao cho chính mình.",
                      "%s can not be given to itself.", code);
    if (!other)
        return refuse(why, refusal, code, "Không có đơn vị \"%s\".", "There is no unit \"%s\".", code);
    if (unit_open_on(other, day_parse(day))) return BC_OK;
    return refuse(why, refusal, code, "Đơn vị %s không hoạt động vào ngày %s.",
                  "The unit %s is not open on %s.", code, day);
}

int unit_change_check(const tree_t *tree, const unit_t *unit, refusal_t *why) {
    size_t i;
    json_t *link;
    int rc = BC_OK;
    json_array_foreach(json_object_get(unit_json(unit), "successors"), i, link) {
        const char *code = json_text(link, "unit");
        if (rc == BC_OK && code)
            rc = leads_to(tree, unit, code, json_text(link, "date"), "unit-successor", why);
    }
    json_array_foreach(json_object_get(unit_json(unit), "custody"), i, link) {
        if (rc == BC_OK)
            rc = leads_to(tree, unit, json_text(link, "unit"), json_text(link, "from"), "unit-custody", why);
    }
    return rc;
}
