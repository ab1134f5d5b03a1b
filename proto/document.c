/* SPDX-License-Identifier: MPL-2.0 */
/* document.c - reads a document and checks all that needs no plan. It runs for each document that arrives:
 * one pass over the bytes, one look-up a field, no memory beyond the JSON itself. */
#include "proto/document.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/field.h"

#define ACTIVITY_DAYS 366

/* Fields that every document has come first in each table, in this order. */
enum { DOC, ID, REV, REASON, WITHDRAWN, UNIT, ENTERED_BY, SOURCE, ARRIVED, MADE, PLANS, PREPARED, COMMON };
#define COMMON_FIELDS                                                                                    \
    [DOC] = {"doc", FIELD_TEXT, 1, 1, 16}, [ID] = {"id", FIELD_TEXT, 1, 1, 36},                          \
    [REV] = {"rev", FIELD_NUMBER, 1, 1, 999}, [REASON] = {"reason", FIELD_TEXT, 0, 1, 500},              \
    [WITHDRAWN] = {"withdrawn", FIELD_BOOL, 0, 0, 0}, [UNIT] = {"unit", FIELD_UNIT, 1, 0, 0},            \
    [ENTERED_BY] = {"entered_by", FIELD_UNIT, 1, 0, 0}, [SOURCE] = {"source", FIELD_TEXT, 1, 1, 16},     \
    [ARRIVED] = {"arrived", FIELD_DAY, 0, 0, 0}, [MADE] = {"made", FIELD_NUMBER, 1, 0, JSON_NUMBER_MAX}, \
    [PLANS] = {"plans", FIELD_ARRAY, 1, 1, 16}, [PREPARED] = {"prepared", FIELD_OBJECT, 0, 0, 0}

static const field_t common_fields[] = {COMMON_FIELDS, [COMMON] = {0}};

enum {
    FROM = COMMON,
    TO,
    FORM,
    INTEGRATED,
    TITLE,
    PLACE,
    TOPICS,
    DOCUMENTS,
    A_MEASURES,
    EVIDENCE,
    EVENT,
    ACTIVITY_COUNT
};
static const field_t activity_fields[] = {COMMON_FIELDS,
                                          [FROM] = {"from", FIELD_DAY, 1, 0, 0},
                                          [TO] = {"to", FIELD_DAY, 1, 0, 0},
                                          [FORM] = {"form", FIELD_ID, 1, 1, 32},
                                          [INTEGRATED] = {"integrated", FIELD_BOOL, 0, 0, 0},
                                          [TITLE] = {"title", FIELD_TEXT, 0, 1, 300},
                                          [PLACE] = {"place", FIELD_TEXT, 0, 1, 200},
                                          [TOPICS] = {"topics", FIELD_ARRAY, 0, 0, 100},
                                          [DOCUMENTS] = {"documents", FIELD_ARRAY, 0, 0, 100},
                                          [A_MEASURES] = {"measures", FIELD_OBJECT, 1, 0, 0},
                                          [EVIDENCE] = {"evidence", FIELD_ARRAY, 0, 0, 32},
                                          [EVENT] = {"event", FIELD_OBJECT, 0, 0, 0},
                                          [ACTIVITY_COUNT] = {0}};

/* `period` and `aggregate` begin alike. */
enum { CALENDAR = COMMON, PERIOD, MEASURES, SIGNED, LISTED, LISTED_COUNT };
#define PERIOD_FIELDS                                                                                        \
    COMMON_FIELDS, [CALENDAR] = {"calendar", FIELD_ID, 1, 1, 31}, [PERIOD] = {"period", FIELD_ID, 1, 1, 31}, \
                   [SIGNED] = {"signed", FIELD_OBJECT, 0, 0, 0}

static const field_t period_fields[] = {
    PERIOD_FIELDS, [MEASURES] = {"measures", FIELD_OBJECT, 0, 0, 0},
    [LISTED] = {"activities", FIELD_ARRAY, 1, 0, 400}, [LISTED_COUNT] = {0}};
static const field_t aggregate_fields[] = {
    PERIOD_FIELDS, [MEASURES] = {"measures", FIELD_OBJECT, 1, 0, 0},
    [LISTED] = {"covers", FIELD_ARRAY, 1, 1, 500}, [LISTED_COUNT] = {0}};

static const char *const kind_names[] = {"activity", "period", "aggregate"};
static const field_t *const kind_fields[] = {activity_fields, period_fields, aggregate_fields};

const char *document_kind_name(doc_kind_t kind) {
    return kind_names[kind];
}

/* Place of S in N words, -1 if it is none of them. */
static int word_of(const char *s, const char *const *words, int n) {
    for (int i = 0; s && i < n; i++)
        if (strcmp(s, words[i]) == 0) return i;
    return -1;
}

/* The bytes as such: size and line ends. */
static int check_bytes(const char *p, size_t n, refusal_t *why) {
    if (n > DOCUMENT_MAX)
        return refuse(why, "document-large", NULL,
                      "Báo cáo dài %zu byte, vượt quá 65.536 byte; hãy rút gọn hoặc tách ra.",
                      "The document is %zu bytes long, above 65,536; shorten it or split it.", n);
    if (memchr(p, '\n', n) || memchr(p, '\r', n))
        return refuse(why, "document-lf", NULL,
                      "Báo cáo phải nằm trên một dòng, không có dấu xuống dòng giữa các trường.",
                      "The document must stand on one line, without line ends.");
    /* Parsing a hundred thousand empty lists takes longer than all else the collector does for a document. */
    if (n > DOCUMENT_WEIGHT && json_weight(p, n) > DOCUMENT_WEIGHT)
        return refuse(why, "document-values", NULL, "Báo cáo có quá nhiều giá trị (trên 8.192); hãy tách ra.",
                      "The document has too many values (above 8,192); split it.");
    return BC_OK;
}

static int check_plans(const json_t *plans, doc_kind_t kind, refusal_t *why) {
    static const field_t fields[] = {
        {"plan", FIELD_TEXT, 1, 1, 64}, {"version", FIELD_NUMBER, 1, 1, PLAN_VERSION_MAX}, {0}};
    size_t n = json_array_size(plans);
    if (n > 1 && kind != DOC_ACTIVITY)
        return refuse(why, "field-range", "plans", "Báo cáo kỳ và báo cáo gộp chỉ thuộc đúng một kế hoạch.",
                      "A period or aggregate document is for exactly one plan.");
    for (size_t i = 0; i < n; i++) {
        const json_t *plan = json_array_get(plans, i);
        int rc = field_check(plan, fields, "plans", (int)i, NULL, why);
        if (rc) return rc;
        const char *number = json_text(plan, "plan");
        for (size_t k = 0; k < i; k++)
            if (strcmp(number, json_text(json_array_get(plans, k), "plan")) == 0)
                return refuse(why, "plan-twice", "plans", "Kế hoạch \"%s\" được nêu hai lần.",
                              "Plan \"%s\" is named twice.", number);
    }
    return BC_OK;
}

/* How it reached the one who entered it, and when. */
static int check_source(const json_t *const v[static COMMON], refusal_t *why) {
    static const char *const sources[] = {"agent", "paper", "e-office", "message"};
    int source = word_of(json_string_value(v[SOURCE]), sources, 4);
    if (source < 0)
        return refuse(why, "field-range", "source",
                      "Trường \"source\" phải là agent, paper, e-office hoặc message.",
                      "Field \"source\" must be agent, paper, e-office or message.");
    if (source > 0 && !v[ARRIVED])
        return refuse(why, "field-missing", "arrived",
                      "Thiếu ngày nhận (\"arrived\") của báo cáo không gửi bằng máy.",
                      "The day of arrival (\"arrived\") of a document that came by other ways is missing.");
    if (source == 0 && v[ARRIVED])
        return refuse(why, "field-unknown", "arrived",
                      "Báo cáo nhập trực tiếp (\"agent\") không có ngày nhận \"arrived\".",
                      "A document entered directly (\"agent\") has no day of arrival \"arrived\".");
    return BC_OK;
}

static int check_revision(const json_t *const v[static COMMON], document_t *doc, refusal_t *why) {
    doc->rev = (int)json_integer_value(v[REV]);
    doc->withdrawn = v[WITHDRAWN] != NULL;
    if (doc->withdrawn && !json_is_true(v[WITHDRAWN]))
        return refuse(why, "field-range", "withdrawn",
                      "Trường \"withdrawn\" chỉ có thể là true; nếu không rút thì bỏ đi.",
                      "Field \"withdrawn\" can only be true; leave it out otherwise.");
    if (doc->withdrawn && doc->rev == 1)
        return refuse(why, "withdrawn-first", "withdrawn", "Bản đầu tiên không thể là bản rút báo cáo.",
                      "The first revision can not withdraw the document.");
    if (doc->rev > 1 && !v[REASON])
        return refuse(why, "reason-missing", "reason", "Bản chỉnh lý phải ghi lý do.",
                      "A revision must give its reason.");
    if (doc->rev == 1 && v[REASON])
        return refuse(why, "reason-early", "reason", "Bản đầu tiên không ghi lý do chỉnh lý.",
                      "The first revision has no reason.");
    return BC_OK;
}

static int check_person(const json_t *person, int with_phone, const char *name, refusal_t *why) {
    static const field_t fields[] = {{"name", FIELD_TEXT, 1, 1, 100},
                                     {"post", FIELD_TEXT, 0, 1, 100},
                                     {"phone", FIELD_TEXT, 0, 1, 100},
                                     {0}};
    static const field_t no_phone[] = {{"name", FIELD_TEXT, 1, 1, 100}, {"post", FIELD_TEXT, 0, 1, 100}, {0}};
    return person ? field_check(person, with_phone ? fields : no_phone, name, -1, NULL, why) : BC_OK;
}

/* What every document has; V holds the values of COMMON_FIELDS. */
static int read_common(const json_t *const v[static COMMON], document_t *doc, refusal_t *why) {
    if (uuid_parse(json_string_value(v[ID]), &doc->id) != BC_OK)
        return refuse(why, "id-bad", "id", "Mã báo cáo phải là UUID phiên bản 7 hoặc 8, viết thường.",
                      "The id must be a UUID of version 7 or 8 in lower case.");
    doc->unit = json_string_value(v[UNIT]);
    doc->entered_by = json_string_value(v[ENTERED_BY]);
    doc->source = json_string_value(v[SOURCE]);
    doc->plans = v[PLANS];
    int rc = check_revision(v, doc, why);
    if (rc == BC_OK) rc = check_source(v, why);
    if (rc == BC_OK) rc = check_plans(v[PLANS], doc->kind, why);
    return rc ? rc : check_person(v[PREPARED], 1, "prepared", why);
}

static int check_evidence(const json_t *array, refusal_t *why) {
    static const field_t link[] = {{"url", FIELD_TEXT, 1, 1, 500}, {0}};
    static const field_t file[] = {{"sha256", FIELD_HASH, 1, 0, 0}, {"name", FIELD_TEXT, 1, 1, 200}, {0}};
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *one = json_array_get(array, i);
        int rc =
            field_check(one, json_object_get(one, "sha256") ? file : link, "evidence", (int)i, NULL, why);
        if (rc) return rc;
    }
    return BC_OK;
}

static int event_code_ok(const char *code) {
    size_t n = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return code[n] == '\0' && n >= 4 && n <= 12;
}

static int check_event(const json_t *event, refusal_t *why) {
    enum { CODE, ROLE, COUNT };
    static const field_t fields[] = {
        [CODE] = {"code", FIELD_TEXT, 1, 1, 12}, [ROLE] = {"role", FIELD_TEXT, 1, 1, 8}, [COUNT] = {0}};
    static const char *const roles[] = {"host", "guest"};
    const json_t *v[COUNT];
    if (!event) return BC_OK;
    int rc = field_check(event, fields, "event", -1, v, why);
    if (rc) return rc;
    if (!event_code_ok(json_string_value(v[CODE])))
        return refuse(why, "field-range", "event.code", "Mã sự kiện gồm 4 đến 12 ký tự A-Z, 0-9.",
                      "An event code has 4 to 12 characters of A-Z, 0-9.");
    if (word_of(json_string_value(v[ROLE]), roles, 2) < 0)
        return refuse(why, "field-range", "event.role", "Vai trò trong sự kiện phải là host hoặc guest.",
                      "The role in an event must be host or guest.");
    return BC_OK;
}

static int no_measures(refusal_t *why) {
    return refuse(why, "measure-missing", "measures", "Báo cáo phải có ít nhất một chỉ tiêu.",
                  "The document must have at least one measure.");
}

static int read_activity(const json_t *const v[static ACTIVITY_COUNT], document_t *doc, refusal_t *why) {
    doc->from = day_parse(json_string_value(v[FROM]));
    doc->to = day_parse(json_string_value(v[TO]));
    doc->measures = v[A_MEASURES];
    if (doc->from > doc->to || doc->to - doc->from >= ACTIVITY_DAYS)
        return refuse(why, "date-order", "to",
                      "Ngày kết thúc phải từ ngày bắt đầu trở đi và hoạt động không quá 366 ngày.",
                      "The last day must not be before the first, and an activity lasts at most 366 days.");
    if (json_object_size(v[A_MEASURES]) == 0) return no_measures(why);
    int rc = field_texts(v[TOPICS], 64, 1, "topics", why);
    if (rc == BC_OK) rc = field_texts(v[DOCUMENTS], 64, 1, "documents", why);
    if (rc == BC_OK) rc = check_evidence(v[EVIDENCE], why);
    return rc ? rc : check_event(v[EVENT], why);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts N texts and refuses where one stands there twice. */
static int check_distinct(const char **texts, size_t n, const char *name, refusal_t *why) {
    qsort(texts, n, sizeof *texts, by_text);
    for (size_t i = 1; i < n; i++)
        if (strcmp(texts[i - 1], texts[i]) == 0)
            return refuse(why, "item-twice", name, "Trường \"%s\" ghi \"%s\" hai lần.",
                          "Field \"%s\" names \"%s\" twice.", name, texts[i]);
    return BC_OK;
}

static int read_listed(const json_t *array, document_t *doc, refusal_t *why) {
    static const field_t fields[] = {
        {"id", FIELD_TEXT, 1, 1, 36}, {"rev", FIELD_NUMBER, 1, 1, 999}, {"sha256", FIELD_HASH, 1, 0, 0}, {0}};
    const char *ids[400] = {0};
    uuid_bc_t id;
    doc->activities = array;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *one = json_array_get(array, i);
        int rc = field_check(one, fields, "activities", (int)i, NULL, why);
        if (rc) return rc;
        ids[i] = json_text(one, "id");
        if (uuid_parse(ids[i], &id) != BC_OK)
            return refuse(why, "id-bad", "activities", "Danh sách hoạt động có mã không phải UUID: \"%s\".",
                          "The list of activities holds an id that is no UUID: \"%s\".", ids[i]);
    }
    return check_distinct(ids, json_array_size(array), "activities", why);
}

static int read_covers(const json_t *array, document_t *doc, refusal_t *why) {
    const char *codes[500] = {0};
    doc->covers = array;
    int rc = field_texts(array, 32, 0, "covers", why);
    if (rc) return rc;
    for (size_t i = 0; i < json_array_size(array); i++) {
        codes[i] = json_string_value(json_array_get(array, i));
        if (strcmp(codes[i], doc->unit) == 0)
            return refuse(why, "covers-self", "covers",
                          "Báo cáo gộp không được kể chính đơn vị gửi (\"%s\").",
                          "An aggregate must not cover the unit itself (\"%s\").", doc->unit);
    }
    rc = check_distinct(codes, json_array_size(array), "covers", why);
    return rc == BC_OK && json_object_size(doc->measures) == 0 ? no_measures(why) : rc;
}

/* The id follows from the content; that of an aggregate from a reference only its sender knows, so there
 * only the version. */
static int check_derived(const document_t *doc, refusal_t *why) {
    if (doc->kind == DOC_PERIOD) {
        uuid_bc_t id = document_period_id(doc->unit, json_text(json_array_get(doc->plans, 0), "plan"),
                                          doc->calendar, doc->period);
        if (memcmp(id.b, doc->id.b, sizeof id.b) == 0) return BC_OK;
    } else if (doc->id.b[6] >> 4 == 8) {
        return BC_OK;
    }
    return refuse(why, "id-derived", "id", "Mã báo cáo không đúng với đơn vị, kế hoạch và kỳ báo cáo của nó.",
                  "The id is not the one that follows from unit, plan and period.");
}

static int read_period(const json_t *const v[static LISTED_COUNT], document_t *doc, refusal_t *why) {
    doc->calendar = json_string_value(v[CALENDAR]);
    doc->period = json_string_value(v[PERIOD]);
    doc->measures = v[MEASURES];
    int rc = doc->kind == DOC_PERIOD ? read_listed(v[LISTED], doc, why) : read_covers(v[LISTED], doc, why);
    if (rc == BC_OK) rc = check_person(v[SIGNED], 0, "signed", why);
    return rc ? rc : check_derived(doc, why);
}

/* A withdrawal that carries content would leave in doubt whether it counts. */
static int check_withdrawn(const json_t *json, doc_kind_t kind, refusal_t *why) {
    for (const field_t *f = kind_fields[kind] + COMMON; f->name; f++)
        if (json_object_get(json, f->name))
            return refuse(why, "withdrawn-content", f->name,
                          "Bản rút báo cáo không được có nội dung (\"%s\").",
                          "A withdrawal must have no content (\"%s\").", f->name);
    return BC_OK;
}

static int read_fields(document_t *doc, refusal_t *why) {
    const json_t *v[FIELD_MOST] = {0};
    int kind = word_of(json_text(doc->json, "doc"), kind_names, 3);
    if (kind < 0)
        return refuse(why, "document-kind", "doc", "Trường \"doc\" phải là activity, period hoặc aggregate.",
                      "Field \"doc\" must be activity, period or aggregate.");
    doc->kind = (doc_kind_t)kind;
    int bare = json_object_get(doc->json, "withdrawn") != NULL;
    int rc = bare ? check_withdrawn(doc->json, doc->kind, why) : BC_OK;
    if (rc == BC_OK) rc = field_check(doc->json, bare ? common_fields : kind_fields[kind], NULL, -1, v, why);
    if (rc == BC_OK) rc = read_common(v, doc, why);
    if (rc || bare) return rc;
    return doc->kind == DOC_ACTIVITY ? read_activity(v, doc, why) : read_period(v, doc, why);
}

int document_read(const char *p, size_t n, document_t *doc, refusal_t *why) {
    *doc = (document_t){.from = DAY_NONE, .to = DAY_NONE};
    int rc = check_bytes(p, n, why);
    if (rc) return rc;
    doc->json = json_read(p, n, why);
    if (!doc->json) return BC_REFUSED;
    rc = field_nfc(p, n, doc->json)
             ? read_fields(doc, why)
             : refuse(why, "document-nfc", NULL, "Văn bản không ở dạng Unicode dựng sẵn (NFC).",
                      "The text is not in NFC.");
    if (rc) {
        document_free(doc);
        return rc;
    }
    doc->hash = hash_of(p, n);
    return BC_OK;
}

void document_free(document_t *doc) {
    json_decref(doc->json);
    *doc = (document_t){.from = DAY_NONE, .to = DAY_NONE};
}
