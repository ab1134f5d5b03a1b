/* SPDX-License-Identifier: MPL-2.0 */
/* A document from the wire: the quick reader agrees with jansson, and what is judged good is whole. */
#include "proto/document.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/json_quick.h"
#include "tests/fuzz/part_fuzz.h"

static int may_act(void *arg, const char *unit) {
    (void)arg;
    return strncmp(unit, "BD", 2) == 0 ? strlen(unit) < 12 : -1;
}

static int is_open(void *arg, const char *unit, day_t day) {
    (void)arg;
    (void)unit;
    return day > 10000;
}

static void warned(void *arg, const refusal_t *what) {
    ++*(int *)arg;
    fuzz_refused(what);
}

/* Plan 160 as it is published. */
static plans_t *plans(void) {
    static plans_t *all;
    if (all) return all;
    buf_t file = {0};
    refusal_t why = {0};
    all = plans_new();
    HOLDS(file_read("proto/data/plan-160.json", 1 << 20, &file, &why) == 0);
    char *whole = plan_complete(file.data, file.len, &why);
    plan_t *plan = whole ? plan_read(whole, strlen(whole), &why) : NULL;
    HOLDS(plan != NULL);
    plans_put(all, &plan);
    free(whole);
    buf_free(&file);
    return all;
}

static void quick_agrees(const char *text, size_t size) {
    json_t *quick = json_quick(text, size);
    if (!quick) return;
    json_t *slow = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    HOLDS(slow && json_equal(quick, slow));
    json_decref(quick);
    json_decref(slow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size);
    document_t doc;
    refusal_t why = {0};
    int warnings = 0;
    const judge_t judge = {.plans = plans(),
                           .today = day_make(2025, 2, 1),
                           .future_refused = size & 1,
                           .may_act = may_act,
                           .unit_open = is_open,
                           .warn = warned,
                           .arg = &warnings};
    quick_agrees(text, size);
    if (document_read(text, size, &doc, &why)) {
        fuzz_refused(&why);
    } else {
        HOLDS(size <= DOCUMENT_MAX && doc.rev >= 1 && doc.rev <= 999 && doc.unit && doc.entered_by);
        HOLDS(doc.kind != DOC_ACTIVITY || doc.withdrawn || doc.from <= doc.to);
        if (document_judge(&doc, &judge, &why)) fuzz_refused(&why);
        document_free(&doc);
    }
    free(text);
    return 0;
}
