/* SPDX-License-Identifier: MPL-2.0 */
/* A plan's file, from staff or from the wire. */
#include "proto/plan.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size);
    refusal_t why = {0};
    char *whole = plan_complete(text, size, &why);
    if (!whole) fuzz_refused(&why);
    plan_t *plan = whole ? plan_read(whole, strlen(whole), &why) : plan_read(text, size, &why);
    if (!plan) {
        fuzz_refused(&why);
    } else {
        HOLDS(plan_number(plan) && plan_version(plan) >= 1 && plan_calendar(plan));
        HOLDS(calendar_has_kind(plan_calendar(plan), plan_period_kind(plan)));
        for (size_t i = 0; i < plan_measures(plan); i++)
            HOLDS(plan_measure_at(plan, i) != NULL);
    }
    plan_free(&plan);
    free(whole);
    free(text);
    return 0;
}
