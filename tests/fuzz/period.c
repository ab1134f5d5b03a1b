/* SPDX-License-Identifier: MPL-2.0 */
/* Words that mean a time: ids of periods in each calendar, as typed and as written, and days. */
#include "proto/calendar.h"
#include "tests/fuzz/part_fuzz.h"

static void in_calendar(const char *name, const char *id) {
    const calendar_t *calendar = calendar_named(name);
    period_t period, held;
    refusal_t why = {0};
    HOLDS(calendar != NULL);
    if (calendar_period(calendar, id, &period, &why)) {
        fuzz_refused(&why);
        return;
    }
    HOLDS(strcmp(period.id, id) == 0 && period.from <= period.to && calendar_has_kind(calendar, period.kind));
    if (!period.cumulative) {
        HOLDS(calendar_holding(calendar, period.kind, period.to, &held) == 0);
        HOLDS(strcmp(held.id, id) == 0 && held.from == period.from);
    }
    for (int lang = 0; lang < 2; lang++) {
        char *label = calendar_label(calendar, &period, (lang_t)lang);
        HOLDS(label && *label);
        free(label);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size), *id = calendar_id_typed(text), iso[11];
    in_calendar("duonglich", id);
    in_calendar("nd09", id);
    day_t day = day_parse(text);
    HOLDS(day == DAY_NONE || strcmp(day_iso(day, iso), text) == 0);
    free(id);
    free(text);
    return 0;
}
