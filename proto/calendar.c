/* SPDX-License-Identifier: MPL-2.0 */
/* calendar.c - periods computed from the calendars' data; nothing here knows a month's or a quarter's name
 * but the labels. */
#include "proto/calendar.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text_value.h"
#include "proto/embed.h"
#include "proto/field.h"

#define NAMED_MOST 8

/* One period of each year. */
typedef struct {
    char kind[16], suffix[8];
    int start, months, cumulative;
} pattern_t;

struct calendar {
    char id[32];
    int month_offset, first_day;
    int ranges;          /* any days: "2024-11-15..2024-12-14" */
    pattern_t *patterns; /* a named calendar */
    size_t pattern_count;
    period_t *windows; /* calendar "plan", by `from` */
    size_t window_count;
};

static struct {
    pthread_once_t once;
    calendar_t list[NAMED_MOST];
    size_t count;
} named = {.once = PTHREAD_ONCE_INIT};

static void put(char *to, size_t size, const char *from) {
    snprintf(to, size, "%s", from ? from : "");
}

/* The data file is ours: whatever is wrong in it ends the program at once. */
static void load_one(const json_t *j, calendar_t *self) {
    const json_t *kinds = json_object_get(j, "kinds");
    put(self->id, sizeof self->id, json_text(j, "id"));
    self->month_offset = (int)json_integer_value(json_object_get(j, "month_offset")); /* may be negative */
    self->first_day = (int)json_int(j, "first_day", 1);
    self->ranges = json_bool(j, "ranges", 0);
    self->pattern_count = json_array_size(kinds);
    self->patterns = mem_alloc(self->pattern_count * sizeof *self->patterns);
    for (size_t i = 0; i < self->pattern_count; i++) {
        const json_t *k = json_array_get(kinds, i);
        pattern_t *p = &self->patterns[i];
        put(p->kind, sizeof p->kind, json_text(k, "kind"));
        put(p->suffix, sizeof p->suffix, json_text(k, "suffix"));
        p->start = (int)json_int(k, "start", 0);
        p->months = (int)json_int(k, "months", 0);
        p->cumulative = json_bool(k, "cumulative", 0);
        if (p->start < 1 || p->months < 1) abort();
    }
}

static void load_named(void) {
    json_t *all = json_loadb(embed_calendars, (size_t)(embed_calendars_end - embed_calendars), 0, NULL);
    if (!json_is_array(all) || json_array_size(all) > NAMED_MOST) abort();
    named.count = json_array_size(all);
    for (size_t i = 0; i < named.count; i++)
        load_one(json_array_get(all, i), &named.list[i]);
    json_decref(all);
}

const calendar_t *calendar_named(const char *id) {
    pthread_once(&named.once, load_named);
    for (size_t i = 0; i < named.count; i++)
        if (strcmp(named.list[i].id, id) == 0) return &named.list[i];
    return NULL;
}

static int bad_windows(const char *field, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "calendar-bad", field, "Các đợt báo cáo của kế hoạch: %1$s%2$.0s.",
                  "The plan's windows: %1$.0s%2$s.", vi, en);
}

static int by_from(const void *a, const void *b) {
    const period_t *p = a, *q = b;
    return (p->from > q->from) - (p->from < q->from);
}

static int read_window(const json_t *j, size_t i, period_t *out, refusal_t *why) {
    enum { ID, FROM, TO, COUNT };
    static const field_t fields[] = {[ID] = {"id", FIELD_ID, 1, 1, 31},
                                     [FROM] = {"from", FIELD_DAY, 1, 0, 0},
                                     [TO] = {"to", FIELD_DAY, 1, 0, 0},
                                     [COUNT] = {0}};
    const json_t *v[COUNT];
    refusal_t inner;
    if (field_check(j, fields, "windows", (int)i, v, &inner))
        return bad_windows(inner.field, inner.vi, inner.en, why);
    put(out->id, sizeof out->id, json_string_value(v[ID]));
    put(out->kind, sizeof out->kind, "window");
    out->from = day_parse(json_string_value(v[FROM]));
    out->to = day_parse(json_string_value(v[TO]));
    if (out->from <= out->to) return BC_OK;
    return bad_windows(out->id, "có đợt kết thúc trước khi bắt đầu", "one ends before it begins", why);
}

/* Sorts the windows and looks for two that meet. */
static int check_windows(calendar_t *self, refusal_t *why) {
    qsort(self->windows, self->window_count, sizeof *self->windows, by_from);
    for (size_t i = 1; i < self->window_count; i++) {
        if (self->windows[i].from <= self->windows[i - 1].to)
            return bad_windows(self->windows[i].id, "có hai đợt chồng lên nhau", "two of them overlap", why);
        for (size_t k = 0; k < i; k++)
            if (strcmp(self->windows[i].id, self->windows[k].id) == 0)
                return bad_windows(self->windows[i].id, "có hai đợt trùng mã", "two of them have the same id",
                                   why);
    }
    return BC_OK;
}

calendar_t *calendar_of_windows(const json_t *windows, refusal_t *why) {
    size_t n = json_array_size(windows);
    if (n == 0 || n > 400) {
        bad_windows("windows", "phải có từ 1 đến 400 đợt", "there must be 1 to 400", why);
        return NULL;
    }
    calendar_t *self = mem_alloc(sizeof *self);
    put(self->id, sizeof self->id, "plan");
    self->windows = mem_alloc(n * sizeof *self->windows);
    self->window_count = n;
    int rc = BC_OK;
    for (size_t i = 0; i < n && rc == BC_OK; i++)
        rc = read_window(json_array_get(windows, i), i, &self->windows[i], why);
    if (rc || check_windows(self, why)) calendar_free(&self);
    return self;
}

void calendar_free(calendar_t **self_p) {
    calendar_t *self = *self_p;
    if (!self) return;
    free(self->windows);
    free(self->patterns);
    free(self);
    *self_p = NULL;
}

const char *calendar_id(const calendar_t *self) {
    return self->id;
}

/* FIRST_DAY of the month counted from January of YEAR; 0 and below lie in the years before. */
static day_t month_day(int year, int month, int first_day) {
    int zero = year * 12 + month - 1;
    return day_make(zero / 12, zero % 12 + 1, first_day);
}

/* The period of PATTERN in YEAR; BC_NOTFOUND beyond the years that days reach. */
static int of_year(const calendar_t *self, const pattern_t *pattern, int year, period_t *out) {
    int month = pattern->start + self->month_offset;
    out->from = month_day(year, month, self->first_day);
    out->to = month_day(year, month + pattern->months, self->first_day);
    if (out->from == DAY_NONE || out->to == DAY_NONE) return BC_NOTFOUND;
    out->to--;
    out->cumulative = pattern->cumulative;
    snprintf(out->id, sizeof out->id, "%04d%s", year, pattern->suffix);
    memcpy(out->kind, pattern->kind, sizeof out->kind);
    return BC_OK;
}

/* Four digits at the head of ID, -1 if there are none. */
static int year_of(const char *id) {
    int year = 0;
    for (int i = 0; i < 4; i++) {
        if (id[i] < '0' || id[i] > '9') return -1;
        year = year * 10 + id[i] - '0';
    }
    return year;
}

static int find_window(const calendar_t *self, const char *id, period_t *out) {
    for (size_t i = 0; i < self->window_count; i++) {
        if (strcmp(self->windows[i].id, id) != 0) continue;
        *out = self->windows[i];
        return BC_OK;
    }
    return BC_NOTFOUND;
}

static int find_pattern(const calendar_t *self, const char *id, period_t *out) {
    int year = year_of(id);
    for (size_t i = 0; year >= 0 && i < self->pattern_count; i++)
        if (strcmp(self->patterns[i].suffix, id + 4) == 0)
            return of_year(self, &self->patterns[i], year, out);
    return BC_NOTFOUND;
}

/* Two days as "2024-11-15..2024-12-14"; at most ten years. */
static int find_range(const char *id, period_t *out) {
    char from[11];
    if (strlen(id) != 22 || strncmp(id + 10, "..", 2) != 0) return BC_NOTFOUND;
    snprintf(from, sizeof from, "%.10s", id);
    *out = (period_t){.from = day_parse(from), .to = day_parse(id + 12)};
    if (out->from == DAY_NONE || out->to == DAY_NONE || out->from > out->to || out->to - out->from > 3660)
        return BC_NOTFOUND;
    put(out->id, sizeof out->id, id);
    put(out->kind, sizeof out->kind, "days");
    return BC_OK;
}

/* "15/11/2024..14/12/2024" with its days as data has them; NULL where it is none. */
static char *range_typed(const char *word) {
    const char *dots = strstr(word, "..");
    if (!dots) return NULL;
    char *first = mem_strn(word, (size_t)(dots - word)), from[11], to[11];
    day_t begins = text_date(first), ends = text_date(dots + 2);
    free(first);
    if (begins == DAY_NONE || ends == DAY_NONE) return NULL;
    return mem_printf("%s..%s", day_iso(begins, from), day_iso(ends, to));
}

char *calendar_id_typed(const char *word) {
    unsigned month, year;
    char rest;
    if (sscanf(word, "%2u/%4u%c", &month, &year, &rest) == 2 && month >= 1 && month <= 12)
        return mem_printf("%04u-%02u", year, month);
    char *range = range_typed(word);
    return range ? range : mem_str(word);
}

int calendar_period(const calendar_t *self, const char *id, period_t *out, refusal_t *why) {
    int rc = self->windows  ? find_window(self, id, out)
             : self->ranges ? find_range(id, out)
                            : find_pattern(self, id, out);
    if (rc == BC_OK) return BC_OK;
    return refuse(why, "period-unknown", "period",
                  "Không có kỳ báo cáo \"%s\" trong lịch \"%s\"; ví dụ đúng: \"%s\".",
                  "There is no period \"%s\" in calendar \"%s\"; a good example is \"%s\".", id, self->id,
                  self->windows  ? self->windows[0].id
                  : self->ranges ? "2024-11-15..2024-12-14"
                  : self->pattern_count && strcmp(self->patterns[0].kind, "month") != 0 ? "2024-H1"
                                                                                        : "2024-11");
}

static int window_holding(const calendar_t *self, day_t day, period_t *out) {
    size_t low = 0, high = self->window_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (self->windows[mid].to < day) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if (low == self->window_count || self->windows[low].from > day) return BC_NOTFOUND;
    *out = self->windows[low];
    return BC_OK;
}

int calendar_holding(const calendar_t *self, const char *kind, day_t day, period_t *out) {
    if (!calendar_has_kind(self, kind)) return BC_NOTFOUND;
    if (self->windows) return window_holding(self, day, out);
    int year, month, mday;
    day_split(day, &year, &month, &mday);
    static const int years[] = {0, 1, -1}; /* an offset moves days into a neighbouring year */
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < self->pattern_count; i++) {
            if (strcmp(self->patterns[i].kind, kind) != 0) continue;
            if (of_year(self, &self->patterns[i], year + years[k], out) == BC_OK && out->from <= day &&
                day <= out->to)
                return BC_OK;
        }
    return BC_NOTFOUND;
}

int calendar_before(const calendar_t *self, const period_t *p, period_t *out) {
    if (p->cumulative || calendar_holding(self, p->kind, p->from - 1, out)) return BC_NOTFOUND;
    return out->to == p->from - 1 ? BC_OK : BC_NOTFOUND;
}

int calendar_year_before(const calendar_t *self, const period_t *p, period_t *out) {
    char id[sizeof p->id];
    int year = year_of(p->id);
    if (!self->pattern_count || year < 1) return BC_NOTFOUND;
    snprintf(id, sizeof id, "%04d%s", (year - 1) % 10000, p->id + 4);
    return find_pattern(self, id, out);
}

int calendar_has_kind(const calendar_t *self, const char *kind) {
    if (self->windows) return strcmp(kind, "window") == 0;
    for (size_t i = 0; i < self->pattern_count; i++)
        if (strcmp(self->patterns[i].kind, kind) == 0) return 1;
    return 0;
}

static char *window_label(const period_t *p, lang_t lang) {
    char from[11], to[11];
    return mem_printf("%s %s (%s - %s)", tr(lang, "Đợt", "Window"), p->id, day_vi(p->from, from),
                      day_vi(p->to, to));
}

static char *range_label(const period_t *p, lang_t lang) {
    char from[11], to[11];
    return mem_printf("%s %s %s %s", tr(lang, "Từ ngày", "From"), day_vi(p->from, from),
                      tr(lang, "đến ngày", "to"), day_vi(p->to, to));
}

char *calendar_label(const calendar_t *self, const period_t *p, lang_t lang) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    if (self->windows) return window_label(p, lang);
    if (self->ranges) return range_label(p, lang);
    int year = year_of(p->id);
    const char *suffix = p->id + 4;
    int n = (int)strtol(suffix + strcspn(suffix, "0123456789"), NULL, 10);
    if (strcmp(p->kind, "month") == 0 && n >= 1 && n <= 12)
        return lang == LANG_VI ? mem_printf("Tháng %d/%d", n, year)
                               : mem_printf("%s %d", months[n - 1], year);
    if (strcmp(p->kind, "quarter") == 0) return mem_printf("%s %d/%d", tr(lang, "Quý", "Quarter"), n, year);
    if (strcmp(p->kind, "ytd") == 0)
        return lang == LANG_VI ? mem_printf("Lũy kế %d tháng năm %d", n, year)
                               : mem_printf("%d from January to %s", year, months[n - 1]);
    const char *span = NULL;
    if (strcmp(p->kind, "half") == 0)
        span = n == 1 ? tr(lang, "6 tháng đầu năm", "First half of")
                      : tr(lang, "6 tháng cuối năm", "Second half of");
    if (strcmp(p->kind, "nine") == 0) span = tr(lang, "9 tháng năm", "Nine months of");
    if (strcmp(p->kind, "year") == 0) span = tr(lang, "Năm", "Year");
    if (span) return mem_printf("%s %d", span, year);
    return mem_printf("%s %s", tr(lang, "Kỳ", "Period"), p->id);
}

static int names_day(const json_t *days, const char *iso) {
    for (size_t i = 0; i < json_array_size(days); i++) {
        const char *s = json_string_value(json_array_get(days, i));
        if (s && strcmp(s, iso) == 0) return 1;
    }
    return 0;
}

static int works(day_t day, const json_t *off, const json_t *work) {
    char iso[11];
    day_iso(day, iso);
    if (day_weekday(day) >= 5) return names_day(work, iso);
    return !names_day(off, iso);
}

day_t calendar_working_day(day_t day, int n, const json_t *off, const json_t *work) {
    while (n > 0)
        n -= works(++day, off, work);
    return day;
}
