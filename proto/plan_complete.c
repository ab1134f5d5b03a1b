/* SPDX-License-Identifier: MPL-2.0 */
/* plan_complete.c - makes the plan file that staff write whole: names of the shared catalogue and of the
 * holidays give way to what they stand for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/embed.h"
#include "proto/plan.h"

/* A data file of ours: whatever is wrong in it ends the program at once. New. */
static json_t *ours(const char *begin, const char *end) {
    json_t *j = json_loadb(begin, (size_t)(end - begin), JSON_REJECT_DUPLICATES, NULL);
    if (!j) abort();
    return j;
}

/* New object id -> measure. */
static json_t *catalogue(void) {
    json_t *array = ours(embed_catalogue, embed_catalogue_end), *byid = json_object(), *v;
    size_t i;
    json_array_foreach(array, i, v) {
        if (json_object_set(byid, json_text(v, "id"), v) != 0) abort();
    }
    json_decref(array);
    return byid;
}

static int unknown(const char *name, const json_t *byid, refusal_t *why) {
    const char *known[500], *key;
    size_t n = 0;
    json_t *v;
    json_object_foreach((json_t *)byid, key, v) {
        if (n < sizeof known / sizeof *known) known[n++] = key;
    }
    const char *near = text_nearest(name, known, n);
    if (!near)
        return refuse(why, "plan-catalogue", "measures", "Danh mục chỉ tiêu không có \"%s\".",
                      "The catalogue of measures has no \"%s\".", name);
    return refuse(why, "plan-catalogue", "measures", "Danh mục chỉ tiêu không có \"%s\"; có phải là \"%s\"?",
                  "The catalogue of measures has no \"%s\"; did you mean \"%s\"?", name, near);
}

static int complete_measures(json_t *measures, refusal_t *why) {
    json_t *byid = catalogue(), *v;
    size_t i;
    int rc = BC_OK;
    json_array_foreach(measures, i, v) {
        if (!json_is_string(v)) continue;
        json_t *measure = json_object_get(byid, json_string_value(v));
        if (!measure) {
            rc = unknown(json_string_value(v), byid, why);
            break;
        }
        if (json_array_set(measures, i, measure) != 0) abort();
    }
    json_decref(byid);
    return rc;
}

static int complete_holidays(json_t *plan, refusal_t *why) {
    const char *name = json_text(plan, "holidays");
    if (!name) return BC_OK;
    if (strcmp(name, "vn") != 0)
        return refuse(why, "plan-catalogue", "holidays", "Không có bảng ngày nghỉ \"%s\"; hãy dùng \"vn\".",
                      "There is no list of holidays \"%s\"; use \"vn\".", name);
    if (json_object_set_new(plan, "holidays", ours(embed_holidays, embed_holidays_end)) != 0) abort();
    return BC_OK;
}

static int names_year(const json_t *days, const char *year) {
    size_t i;
    json_t *day;
    json_array_foreach((json_t *)days, i, day) {
        if (json_is_string(day) && strncmp(json_string_value(day), year, 4) == 0) return 1;
    }
    return 0;
}

/* A list of holidays that knows none in a year of the plan is that of other years: its deadlines would be
 * wrong. One without any day says that there are none. */
static int check_years(const json_t *plan, refusal_t *why) {
    const json_t *off = json_object_get(json_object_get(plan, "holidays"), "off");
    const char *begins = json_text(plan, "begins"), *ends = json_text(plan, "ends");
    if (!json_array_size(off) || !begins || strlen(begins) < 4) return BC_OK; /* plan_read names what lacks */
    int first = atoi(begins), last = ends && strlen(ends) >= 4 ? atoi(ends) : first;
    for (int year = first; year <= last && year - first < 100; year++) {
        char digits[16];
        snprintf(digits, sizeof digits, "%04d", year);
        if (!names_year(off, digits))
            return refuse(why, "plan-holidays", "holidays",
                          "Bảng ngày nghỉ của kế hoạch không có ngày nào của năm %d; hãy bổ sung.",
                          "The plan's list of holidays has no day of %d; complete it.", year);
    }
    return BC_OK;
}

char *plan_complete(const char *p, size_t n, refusal_t *why) {
    char *text = text_nfc(p, n); /* a file from a Mac may come with marks apart */
    json_t *plan = text ? json_read(text, strlen(text), why) : json_read(p, n, why);
    free(text);
    if (!plan) return NULL;
    int rc = complete_measures(json_object_get(plan, "measures"), why);
    if (rc == BC_OK) rc = complete_holidays(plan, why);
    if (rc == BC_OK) rc = check_years(plan, why);
    char *whole = rc == BC_OK ? json_canonical(plan) : NULL;
    json_decref(plan);
    return whole;
}
