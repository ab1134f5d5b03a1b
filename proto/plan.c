/* SPDX-License-Identifier: MPL-2.0 */
/* plan.c - a plan read from its published JSON: everything in it is checked once here, so that a document
 * can be judged by look-ups alone. */
#include "proto/plan.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/field.h"

#define PLAN_BYTES 900000 /* with the header of its entry it fits into one body of ENTRIES */
#define DAYS_MOST 366     /* working days of a deadline */

struct plan {
    json_t *json;
    const char *number, *period_kind;
    int version;
    day_t begins, ends;
    const calendar_t *calendar;
    calendar_t *own_calendar; /* of its windows */
    measure_t *measures;
    size_t measure_count;
    check_t **checks;
    size_t check_count;
    json_t *measure_index;              /* id -> place in measures */
    json_t *topics, *documents, *forms; /* id -> element of json */
};

static int bad(const char *field, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "plan-field", field, "Kế hoạch: %1$s%2$.0s", "The plan: %1$.0s%2$s", vi, en);
}

/* field_check with the code of plans. */
static int take(const json_t *obj, const field_t *fields, const char *path, size_t index,
                const json_t **values, refusal_t *why) {
    refusal_t inner;
    if (field_check(obj, fields, path, path ? (int)index : -1, values, &inner) == BC_OK) return BC_OK;
    return bad(inner.field, inner.vi, inner.en, why);
}

/* Every element of ARRAY is a day. */
static int check_days(const json_t *array, const char *field, refusal_t *why) {
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)array, i, v) {
        if (!json_is_string(v) || day_parse(json_string_value(v)) == DAY_NONE)
            return bad(field, "ngày nghỉ và ngày làm bù phải có dạng YYYY-MM-DD và có thật.",
                       "holidays and make-up days must be existing dates as YYYY-MM-DD.", why);
    }
    return BC_OK;
}

static int check_holidays(const json_t *j, refusal_t *why) {
    enum { OFF, WORK, COUNT };
    static const field_t fields[] = {
        [OFF] = {"off", FIELD_ARRAY, 1, 0, 2000}, [WORK] = {"work", FIELD_ARRAY, 1, 0, 2000}, [COUNT] = {0}};
    const json_t *v[COUNT];
    int rc = take(j, fields, NULL, 0, v, why);
    if (rc == BC_OK) rc = check_days(v[OFF], "holidays.off", why);
    return rc ? rc : check_days(v[WORK], "holidays.work", why);
}

static int check_deadline(const json_t *j, refusal_t *why) {
    enum { DAYS, DEFAULT, COUNT };
    static const field_t fields[] = {[DAYS] = {"days", FIELD_OBJECT, 1, 0, 0},
                                     [DEFAULT] = {"default", FIELD_NUMBER, 1, 0, DAYS_MOST},
                                     [COUNT] = {0}};
    const json_t *v[COUNT];
    int rc = take(j, fields, NULL, 0, v, why);
    const char *kind;
    json_t *n;
    json_object_foreach((json_t *)v[DAYS], kind, n) {
        if (rc) break;
        if (!json_is_integer(n) || json_integer_value(n) < 0 || json_integer_value(n) > DAYS_MOST)
            rc = bad("deadline.days", "số ngày làm việc phải từ 0 đến 366.",
                     "working days must be from 0 to 366.", why);
    }
    return rc;
}

/* Reads an array of things with an id and labels into INDEX, id -> element. */
static int read_index(const json_t *array, const field_t *fields, const char *name, json_t *index,
                      refusal_t *why) {
    size_t i;
    json_t *v;
    json_array_foreach((json_t *)array, i, v) {
        int rc = take(v, fields, name, i, NULL, why);
        if (rc) return rc;
        const char *id = json_text(v, fields[0].name);
        if (json_object_get(index, id))
            return bad(name, "có hai phần tử trùng mã hoặc trùng số.",
                       "two elements have the same id or number.", why);
        if (json_object_set(index, id, v) != 0) abort();
    }
    return BC_OK;
}

static int read_lists(plan_t *self, refusal_t *why) {
    static const field_t labelled[] = {
        {"id", FIELD_ID, 1, 1, 32}, {"vi", FIELD_TEXT, 1, 1, 500}, {"en", FIELD_TEXT, 0, 1, 500}, {0}};
    static const field_t document[] = {{"number", FIELD_TEXT, 1, 1, 64},  {"vi", FIELD_TEXT, 1, 1, 500},
                                       {"en", FIELD_TEXT, 0, 1, 500},     {"date", FIELD_DAY, 0, 0, 0},
                                       {"issuer", FIELD_TEXT, 0, 1, 200}, {0}};
    static const field_t material[] = {{"title", FIELD_TEXT, 1, 1, 300},
                                       {"number", FIELD_TEXT, 0, 1, 64},
                                       {"link", FIELD_TEXT, 0, 1, 500},
                                       {"sha256", FIELD_HASH, 0, 0, 0},
                                       {0}};
    static const field_t addressee[] = {
        {"name", FIELD_TEXT, 1, 1, 300}, {"purpose", FIELD_TEXT, 1, 1, 32}, {0}};
    int rc = read_index(json_object_get(self->json, "topics"), labelled, "topics", self->topics, why);
    if (rc == BC_OK)
        rc = read_index(json_object_get(self->json, "forms"), labelled, "forms", self->forms, why);
    if (rc == BC_OK)
        rc =
            read_index(json_object_get(self->json, "documents"), document, "documents", self->documents, why);
    const json_t *array = json_object_get(self->json, "materials");
    for (size_t i = 0; rc == BC_OK && i < json_array_size(array); i++)
        rc = take(json_array_get(array, i), material, "materials", i, NULL, why);
    array = json_object_get(self->json, "addressees");
    for (size_t i = 0; rc == BC_OK && i < json_array_size(array); i++)
        rc = take(json_array_get(array, i), addressee, "addressees", i, NULL, why);
    return rc;
}

static int read_measures(plan_t *self, refusal_t *why) {
    const json_t *array = json_object_get(self->json, "measures");
    self->measures = mem_alloc(json_array_size(array) * sizeof *self->measures);
    for (size_t i = 0; i < json_array_size(array); i++) {
        measure_t *m = &self->measures[i];
        int rc = measure_read(json_array_get(array, i), m, why);
        if (rc) return rc;
        if (json_object_get(self->measure_index, m->id))
            return refuse(why, "plan-measure", m->id, "Kế hoạch có hai chỉ tiêu cùng mã \"%s\".",
                          "The plan has two measures with the id \"%s\".", m->id);
        if (json_object_set_new(self->measure_index, m->id, json_integer((json_int_t)i)) != 0) abort();
        self->measure_count++;
    }
    return BC_OK;
}

/* A check can compare only what is one number in a document. */
static int known_number(const void *plan, const char *id) {
    const measure_t *m = plan_measure(plan, id);
    return m && (m->add == ADD_SUM || m->add == ADD_MAX || m->add == ADD_LAST);
}

static int read_checks(plan_t *self, refusal_t *why) {
    const json_t *array = json_object_get(self->json, "checks");
    self->checks = mem_alloc((json_array_size(array) + 1) * sizeof *self->checks);
    for (size_t i = 0; i < json_array_size(array); i++) {
        self->checks[i] = check_read(json_array_get(array, i), known_number, self, why);
        if (!self->checks[i]) return BC_REFUSED;
        self->check_count++;
    }
    return BC_OK;
}

/* A side of a target: a measure, "units:" and one, or "expected". */
static int known_side(const plan_t *self, const char *side) {
    if (strcmp(side, "expected") == 0) return 1;
    return plan_measure(self, strncmp(side, "units:", 6) == 0 ? side + 6 : side) != NULL;
}

static int check_targets(const plan_t *self, refusal_t *why) {
    enum { ID, VI, EN, NUMERATOR, DENOMINATOR, VALUE, DATE, LEVEL, COUNT };
    static const field_t fields[] = {[ID] = {"id", FIELD_ID, 1, 1, 32},
                                     [VI] = {"vi", FIELD_TEXT, 1, 1, 500},
                                     [EN] = {"en", FIELD_TEXT, 0, 1, 500},
                                     [NUMERATOR] = {"numerator", FIELD_TEXT, 1, 1, 40},
                                     [DENOMINATOR] = {"denominator", FIELD_TEXT, 1, 1, 40},
                                     [VALUE] = {"value", FIELD_NUMBER, 1, 0, JSON_NUMBER_MAX},
                                     [DATE] = {"date", FIELD_DAY, 1, 0, 0},
                                     [LEVEL] = {"level", FIELD_TEXT, 1, 1, 32},
                                     [COUNT] = {0}};
    const json_t *array = json_object_get(self->json, "targets"), *v[COUNT];
    for (size_t i = 0; i < json_array_size(array); i++) {
        int rc = take(json_array_get(array, i), fields, "targets", i, v, why);
        if (rc) return rc;
        if (!known_side(self, json_string_value(v[NUMERATOR])) ||
            !known_side(self, json_string_value(v[DENOMINATOR])))
            return bad("targets", "mục tiêu nêu một chỉ tiêu mà kế hoạch không có.",
                       "a target names a measure that the plan does not have.", why);
    }
    return BC_OK;
}

/* What is done in a stage is asked for as the days of an ad-hoc period, which has its limits. */
static int are_days(day_t from, day_t to) {
    char period[24], first[11], last[11];
    period_t p;
    snprintf(period, sizeof period, "%s..%s", day_iso(from, first), day_iso(to, last));
    return calendar_period(calendar_named("dotxuat"), period, &p, NULL) == BC_OK;
}

/* In their order, and no day in two: it would count twice. */
static int check_stages(const plan_t *self, refusal_t *why) {
    enum { ID, VI, EN, FROM, TO, COUNT };
    static const field_t fields[] = {
        [ID] = {"id", FIELD_ID, 1, 1, 32},    [VI] = {"vi", FIELD_TEXT, 1, 1, 500},
        [EN] = {"en", FIELD_TEXT, 0, 1, 500}, [FROM] = {"from", FIELD_DAY, 1, 0, 0},
        [TO] = {"to", FIELD_DAY, 1, 0, 0},    [COUNT] = {0}};
    const json_t *array = json_object_get(self->json, "stages"), *v[COUNT];
    day_t before = DAY_NONE; /* before every day */
    for (size_t i = 0; i < json_array_size(array); i++) {
        int rc = take(json_array_get(array, i), fields, "stages", i, v, why);
        if (rc) return rc;
        day_t from = day_parse(json_string_value(v[FROM])), to = day_parse(json_string_value(v[TO]));
        if (from <= before || !are_days(from, to))
            return bad("stages",
                       "các giai đoạn phải theo thứ tự thời gian, không chồng lên nhau, mỗi giai đoạn nhiều "
                       "nhất 10 năm.",
                       "stages must follow each other in time and not overlap, each of ten years at most.",
                       why);
        before = to;
    }
    return BC_OK;
}

static int read_calendar(plan_t *self, refusal_t *why) {
    const char *id = json_text(self->json, "calendar");
    const json_t *windows = json_object_get(self->json, "windows");
    if (strcmp(id, "plan") == 0) {
        self->own_calendar = calendar_of_windows(windows, why);
        if (!self->own_calendar) return BC_REFUSED;
        self->calendar = self->own_calendar;
    } else {
        if (windows)
            return bad("windows", "các đợt chỉ dùng với lịch \"plan\".",
                       "windows go with the calendar \"plan\" only.", why);
        self->calendar = calendar_named(id);
    }
    if (!self->calendar)
        return bad("calendar", "không có lịch báo cáo này.", "there is no such calendar.", why);
    if (calendar_has_kind(self->calendar, self->period_kind)) return BC_OK;
    return bad("period_kind", "lịch báo cáo không có loại kỳ này.",
               "the calendar has no such kind of period.", why);
}

/* The plan's own fields; those that read_head looks at come first. */
enum { PLAN, VERSION, KIND, BEGINS, ENDS, BASIS, DEADLINE, HOLIDAYS };
static const field_t head[] = {[PLAN] = {"plan", FIELD_TEXT, 1, 1, 64},
                               [VERSION] = {"version", FIELD_NUMBER, 1, 1, PLAN_VERSION_MAX},
                               [KIND] = {"period_kind", FIELD_ID, 1, 1, 15},
                               [BEGINS] = {"begins", FIELD_DAY, 1, 0, 0},
                               [ENDS] = {"ends", FIELD_DAY, 0, 0, 0},
                               [BASIS] = {"basis", FIELD_ARRAY, 0, 0, 100},
                               [DEADLINE] = {"deadline", FIELD_OBJECT, 1, 0, 0},
                               [HOLIDAYS] = {"holidays", FIELD_OBJECT, 1, 0, 0},
                               {"title", FIELD_LABEL, 1, 1, 500},
                               {"issued", FIELD_DAY, 1, 0, 0},
                               {"issuer", FIELD_TEXT, 1, 1, 200},
                               {"calendar", FIELD_ID, 1, 1, 31},
                               {"windows", FIELD_ARRAY, 0, 1, 400},
                               {"topics", FIELD_ARRAY, 1, 0, 200},
                               {"documents", FIELD_ARRAY, 1, 0, 200},
                               {"forms", FIELD_ARRAY, 1, 1, 200},
                               {"measures", FIELD_ARRAY, 1, 1, 500},
                               {"checks", FIELD_ARRAY, 0, 0, 200},
                               {"targets", FIELD_ARRAY, 0, 0, 200},
                               {"stages", FIELD_ARRAY, 0, 1, 40},
                               {"materials", FIELD_ARRAY, 0, 0, 200},
                               {"addressees", FIELD_ARRAY, 0, 0, 200},
                               {0}};

static int read_head(plan_t *self, refusal_t *why) {
    const json_t *v[FIELD_MOST];
    refusal_t inner;
    int rc = take(self->json, head, NULL, 0, v, why);
    if (rc) return rc;
    if (field_texts(v[BASIS], 300, 0, "basis", &inner)) return bad("basis", inner.vi, inner.en, why);
    self->number = json_string_value(v[PLAN]);
    self->version = (int)json_integer_value(v[VERSION]);
    self->period_kind = json_string_value(v[KIND]);
    self->begins = day_parse(json_string_value(v[BEGINS]));
    self->ends = v[ENDS] ? day_parse(json_string_value(v[ENDS])) : DAY_NONE;
    if (v[ENDS] && self->ends < self->begins)
        return bad("ends", "ngày kết thúc trước ngày bắt đầu.", "it ends before it begins.", why);
    rc = check_deadline(v[DEADLINE], why);
    return rc ? rc : check_holidays(v[HOLIDAYS], why);
}

static int read_all(plan_t *self, refusal_t *why) {
    int rc = read_head(self, why);
    if (rc == BC_OK) rc = read_calendar(self, why);
    if (rc == BC_OK) rc = read_lists(self, why);
    if (rc == BC_OK) rc = read_measures(self, why);
    if (rc == BC_OK) rc = read_checks(self, why);
    if (rc == BC_OK) rc = check_targets(self, why);
    return rc ? rc : check_stages(self, why);
}

plan_t *plan_read(const char *p, size_t n, refusal_t *why) {
    if (n > PLAN_BYTES) {
        bad(NULL, "tệp dài quá 900.000 byte.", "it is longer than 900,000 bytes.", why);
        return NULL;
    }
    json_t *json = json_read(p, n, why);
    if (!json) return NULL;
    plan_t *self = mem_alloc(sizeof *self);
    self->json = json;
    self->measure_index = json_object();
    self->topics = json_object();
    self->documents = json_object();
    self->forms = json_object();
    int rc = field_nfc(p, n, json)
                 ? read_all(self, why)
                 : bad(NULL, "văn bản không ở dạng Unicode dựng sẵn (NFC).", "its text is not in NFC.", why);
    if (rc) plan_free(&self);
    return self;
}

void plan_free(plan_t **self_p) {
    plan_t *self = *self_p;
    if (!self) return;
    for (size_t i = 0; i < self->check_count; i++)
        check_free(&self->checks[i]);
    free(self->checks);
    free(self->measures);
    calendar_free(&self->own_calendar);
    json_decref(self->measure_index);
    json_decref(self->topics);
    json_decref(self->documents);
    json_decref(self->forms);
    json_decref(self->json);
    free(self);
    *self_p = NULL;
}

const char *plan_number(const plan_t *self) {
    return self->number;
}

int plan_version(const plan_t *self) {
    return self->version;
}

/* Text of a label; Vietnamese where there is no other. */
static const char *label(const json_t *j, lang_t lang) {
    const char *en = lang == LANG_EN ? json_text(j, "en") : NULL;
    return en ? en : json_text(j, "vi");
}

const char *plan_title(const plan_t *self, lang_t lang) {
    return label(json_object_get(self->json, "title"), lang);
}

const json_t *plan_json(const plan_t *self) {
    return self->json;
}

day_t plan_begins(const plan_t *self) {
    return self->begins;
}

day_t plan_ends(const plan_t *self) {
    return self->ends;
}

const calendar_t *plan_calendar(const plan_t *self) {
    return self->calendar;
}

const char *plan_period_kind(const plan_t *self) {
    return self->period_kind;
}

day_t plan_deadline(const plan_t *self, const period_t *p, const char *unit_kind) {
    const json_t *deadline = json_object_get(self->json, "deadline");
    const json_t *holidays = json_object_get(self->json, "holidays");
    const json_t *days = json_object_get(json_object_get(deadline, "days"), unit_kind);
    int n = days ? (int)json_integer_value(days) : (int)json_int(deadline, "default", 0);
    return calendar_working_day(p->to, n, json_object_get(holidays, "off"),
                                json_object_get(holidays, "work"));
}

const measure_t *plan_measure(const plan_t *self, const char *id) {
    const json_t *at = json_object_get(self->measure_index, id);
    return at ? &self->measures[json_integer_value(at)] : NULL;
}

size_t plan_measures(const plan_t *self) {
    return self->measure_count;
}

const measure_t *plan_measure_at(const plan_t *self, size_t i) {
    return &self->measures[i];
}

size_t plan_checks(const plan_t *self) {
    return self->check_count;
}

const check_t *plan_check_at(const plan_t *self, size_t i) {
    return self->checks[i];
}

const char *plan_form(const plan_t *self, const char *id, lang_t lang) {
    return label(json_object_get(self->forms, id), lang);
}

const char *plan_topic(const plan_t *self, const char *id, lang_t lang) {
    return label(json_object_get(self->topics, id), lang);
}

const char *plan_document(const plan_t *self, const char *number, lang_t lang) {
    return label(json_object_get(self->documents, number), lang);
}
