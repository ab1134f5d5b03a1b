/* SPDX-License-Identifier: MPL-2.0 */
/* setting.c - changes single values of a document, as the officer names them. */
#include "agent/setting.h"

#include <stdlib.h>
#include <string.h>

#include "agent/cell.h"
#include "agent/event.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

/* The measure of any of the plans by id or label; NULL. */
static const measure_t *find_measure(const plan_t *const *plans, size_t n, const char *name) {
    char *folded = text_fold(name);
    const measure_t *found = NULL;
    for (size_t i = 0; !found && i < n; i++)
        for (size_t k = 0; !found && k < plan_measures(plans[i]); k++) {
            const measure_t *m = plan_measure_at(plans[i], k);
            char *vi = text_fold(m->vi), *en = text_fold(m->en);
            if (strcmp(m->id, name) == 0 || strcmp(vi, folded) == 0 || strcmp(en, folded) == 0) found = m;
            free(vi);
            free(en);
        }
    free(folded);
    return found;
}

static int set_measure(json_t *doc, const measure_t *m, const char *value, refusal_t *why) {
    if (!json_object_get(doc, "measures")) json_object_set_new(doc, "measures", json_object());
    json_t *measures = json_object_get(doc, "measures");
    if (!*value) {
        json_object_del(measures, m->id);
        return BC_OK;
    }
    json_t *j = cell_measure(m, value, NULL, NULL, why);
    if (!j) return BC_REFUSED;
    json_object_set_new(measures, m->id, j);
    return BC_OK;
}

/* Puts J (taken; NULL is a refusal) at KEY. */
static int put(json_t *doc, const char *key, json_t *j) {
    return j && json_object_set_new(doc, key, j) == 0 ? BC_OK : BC_REFUSED;
}

static int set_integrated(json_t *doc, const char *value, refusal_t *why) {
    int yes = 0, rc = cell_yes_no(value, &yes, why);
    return rc ? rc : put(doc, "integrated", json_boolean(yes));
}

/* "host" or "chủ trì": it hosts an event, whose code follows; else the code of another's event. */
static int set_event(json_t *doc, const char *value) {
    char *folded = text_fold(value);
    int host = strcmp(folded, "host") == 0 || strcmp(folded, "chu tri") == 0;
    free(folded);
    json_object_set_new(doc, "event",
                        host ? json_pack("{ss}", "role", "host")
                             : json_pack("{ss ss}", "code", value, "role", "guest"));
    event_fill(doc);
    return BC_OK;
}

/* A plain field of an activity: 0, a refusal, or BC_NOTFOUND where NAME is none. */
static int set_field(json_t *doc, const plan_t *const *plans, size_t n, const char *name, const char *value,
                     refusal_t *why) {
    static const char *const fields[] = {"title", "place", "form",       "from",
                                         "to",    "date",  "integrated", "event"};
    int known = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        known |= strcmp(name, fields[i]) == 0;
    if (!known) return BC_NOTFOUND;
    if (!*value) return json_object_del(doc, name) == 0 ? BC_OK : BC_NOTFOUND;
    if (strcmp(name, "integrated") == 0) return set_integrated(doc, value, why);
    if (strcmp(name, "event") == 0) return set_event(doc, value);
    if (strcmp(name, "form") == 0) {
        const char *form = n ? cell_form(plans[0], value, why) : NULL;
        return put(doc, name, form ? json_string(form) : NULL);
    }
    if (strcmp(name, "date") == 0) {
        int rc = put(doc, "from", cell_date(value, why));
        return rc ? rc : put(doc, "to", json_incref(json_object_get(doc, "from")));
    }
    if (strcmp(name, "from") == 0 || strcmp(name, "to") == 0) return put(doc, name, cell_date(value, why));
    return put(doc, name, json_string(value));
}

static int set_one(json_t *doc, const plan_t *const *plans, size_t n, const char *text, refusal_t *why) {
    char *copy = text_nfc(text, strlen(text)), *equals = copy ? strchr(copy, '=') : NULL;
    int rc = BC_NOTFOUND;
    if (equals) {
        *equals = '\0';
        const char *name = text_trim(copy), *value = text_trim(equals + 1);
        const measure_t *m = find_measure(plans, n, name);
        rc = m ? set_measure(doc, m, value, why) : set_field(doc, plans, n, name, value, why);
    }
    free(copy);
    if (rc != BC_NOTFOUND) return rc;
    return refuse(
        why, "setting-bad", text,
        "--set \"%s\" không hiểu được. Hãy ghi CHỈ_TIÊU=SỐ, ví dụ --set workers=120. Các chỉ tiêu: "
        "baocao-agent "
        "plan",
        "--set \"%s\" is not understood. Write MEASURE=VALUE, such as --set workers=120. The measures: "
        "baocao-agent plan",
        text);
}

int setting_apply(json_t *doc, const plan_t *const *plans, size_t n, const args_t *args, refusal_t *why) {
    for (int i = 0; i < args->optc; i++) {
        if (strcmp(args->opt[i].name, "set")) continue;
        int rc = set_one(doc, plans, n, args->opt[i].value, why);
        if (rc) return rc;
    }
    return BC_OK;
}
