/* clock.h - the two clocks, and the civil calendar in fixed +07:00.
 *
 * Waiting uses the monotonic clock only. Civil time serves periods and deadlines: Vietnam has no
 * daylight saving, so +07:00 is arithmetic and needs no tzdata. A day is a day number counted
 * from 1970-01-01; every date comparison in baocao is a comparison of two of them. */
#ifndef BC_CLOCK_H
#define BC_CLOCK_H

#include <stdint.h>

/* Milliseconds that only grow, for waiting. */
int64_t clock_mono_ms(void);
/* Microseconds that only grow, for measuring. */
int64_t clock_mono_us(void);
/* Milliseconds since 1970-01-01T00:00Z. The environment variable BAOCAO_CLOCK_OFFSET_MS, read once,
 * is added: tests and the demo live in 2024 with it. */
int64_t clock_wall_ms(void);

typedef int32_t day_t; /* days since 1970-01-01; DAY_NONE where there is no date */
#define DAY_NONE INT32_MIN

/* The civil day (+07:00) that holds an instant. 16:59:59.999Z is today, 17:00Z is tomorrow. */
day_t clock_day(int64_t wall_ms);
/* The first instant (ms UTC) of a civil day. */
int64_t clock_day_start(day_t day);

/* Proleptic Gregorian. day_make returns DAY_NONE for a date that does not exist or a year outside
 * 1900..2199. */
day_t day_make(int year, int month, int day);
void day_split(day_t day, int *year, int *month, int *mday);
/* 0 = Monday … 6 = Sunday. */
int day_weekday(day_t day);

/* "2024-11-07", strictly; DAY_NONE otherwise. */
day_t day_parse(const char *iso);
/* Writes "2024-11-07" and returns OUT. */
char *day_iso(day_t day, char out[static 11]);
/* Writes "07/11/2024", as read in Vietnam, and returns OUT. */
char *day_vi(day_t day, char out[static 11]);
/* Writes "2024-11-07T08:15:30.123Z" and returns OUT. */
char *clock_iso(int64_t wall_ms, char out[static 25]);
/* Writes "15:15 07/11/2024" in +07:00 and returns OUT. */
char *clock_vi(int64_t wall_ms, char out[static 17]);

#endif
