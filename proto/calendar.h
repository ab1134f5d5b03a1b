/* SPDX-License-Identifier: MPL-2.0 */
/* calendar.h - reporting periods as data, and deadlines in working days (PROTOCOL.md 11; the 15th-to-14th
 * calendar is that of Decree 09/2019/NĐ-CP). */
#ifndef BC_CALENDAR_H
#define BC_CALENDAR_H

#include <jansson.h>

#include "proto/base/clock.h"
#include "proto/base/refusal.h"

typedef struct calendar calendar_t;

typedef struct {
    char id[32];    /* "2024-11" */
    char kind[16];  /* "month"; "window" in a plan's own calendar, "days" in dotxuat */
    day_t from, to; /* first and last day */
    int cumulative; /* never to be added to others */
} period_t;

/* The calendar of this name compiled in from data/calendars.json; borrowed for ever, NULL if there is
 * none. */
const calendar_t *calendar_named(const char *id);
/* New calendar "plan" from a plan's `windows` (borrowed during the call). NULL with WHY "calendar-bad"
 * where windows overlap, are empty or turned round. */
calendar_t *calendar_of_windows(const json_t *windows, refusal_t *why);
void calendar_free(calendar_t **self_p);
const char *calendar_id(const calendar_t *self);

/* The id of the period that somebody typed: "11/2024" is "2024-11", "15/11/2024..14/12/2024" the same
 * with its days as data has them; any other word is itself. New string. */
char *calendar_id_typed(const char *word);
/* The period of this id. Refuses "period-unknown", naming a good example. */
int calendar_period(const calendar_t *self, const char *id, period_t *out, refusal_t *why);
/* The one period of KIND that holds DAY; BC_NOTFOUND where there is none (between windows). */
int calendar_holding(const calendar_t *self, const char *kind, day_t day, period_t *out);
/* The period of the same kind that ends the day before P begins, and the same one of the year before.
 * BC_NOTFOUND where there is none: sums from January have no period before them, a plan's windows and
 * any days no year. */
int calendar_before(const calendar_t *self, const period_t *p, period_t *out);
int calendar_year_before(const calendar_t *self, const period_t *p, period_t *out);
/* 1 if periods of this kind exist in the calendar. */
int calendar_has_kind(const calendar_t *self, const char *kind);
/* A label for people: "Tháng 11/2024", "Quý 4/2024", "6 tháng cuối năm 2024", "9 tháng năm 2024", "Năm
 * 2024"; caller frees. */
char *calendar_label(const calendar_t *self, const period_t *p, lang_t lang);

/* The N-th working day after DAY: Monday to Friday but those in OFF, and those in WORK (arrays of days as
 * texts, borrowed, may be NULL). */
day_t calendar_working_day(day_t day, int n, const json_t *off, const json_t *work);

#endif
