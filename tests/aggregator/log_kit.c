/* SPDX-License-Identifier: MPL-2.0 */
/* log_kit.c - making logs for the tests of the fold. */
#include "tests/aggregator/log_kit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

static const char test_plan[] =
    "{\"plan\":\"%s\",\"version\":%d,\"title\":{\"vi\":\"Kế hoạch "
    "thử\"},\"issued\":\"2024-10-01\",\"issuer\":\"LĐLĐ\","
    "\"begins\":\"2024-10-01\",\"calendar\":\"duonglich\",\"period_kind\":\"month\","
    "\"deadline\":{\"days\":{\"upper-level\":4},\"default\":2},\"holidays\":{\"off\":[],\"work\":[]},"
    "\"topics\":[{\"id\":\"t1\",\"vi\":\"Một\"},{\"id\":\"t2\",\"vi\":\"Hai\"}],\"documents\":[],"
    "\"forms\":[{\"id\":\"F1\",\"vi\":\"Hội nghị\"},{\"id\":\"F2\",\"vi\":\"Phát thanh\"}],\"measures\":["
    "{\"id\":\"s\",\"vi\":\"Tổng\",\"unit\":{\"vi\":\"buổi\"},\"add\":\"sum\",\"in\":[\"activity\","
    "\"period\",\"aggregate\"]},"
    "{\"id\":\"c\",\"vi\":\"Đếm\",\"unit\":{\"vi\":\"đơn "
    "vị\"},\"add\":\"count\",\"in\":[\"activity\",\"period\",\"aggregate\"]},"
    "{\"id\":\"m\",\"vi\":\"Lớn "
    "nhất\",\"unit\":{\"vi\":\"người\"},\"add\":\"max\",\"in\":[\"activity\",\"period\",\"aggregate\"]},"
    "{\"id\":\"l\",\"vi\":\"Tồn\",\"unit\":{\"vi\":\"người\"},\"add\":\"last\",\"in\":[\"activity\","
    "\"period\",\"aggregate\"]},"
    "{\"id\":\"w\",\"vi\":\"Bình "
    "quân\",\"unit\":{\"vi\":\"đồng\"},\"add\":\"weighted\",\"in\":[\"activity\",\"period\",\"aggregate\"]},"
    "{\"id\":\"u\",\"vi\":\"Mã\",\"unit\":{\"vi\":\"mã\"},\"add\":\"union\",\"in\":[\"activity\",\"period\","
    "\"aggregate\"]},"
    "{\"id\":\"q\",\"vi\":\"Lời\",\"unit\":{\"vi\":\"đoạn\"},\"add\":\"list\",\"in\":[\"activity\","
    "\"period\",\"aggregate\"]}]}";

kit_t *kit_new(void) {
    kit_t *self = mem_alloc(sizeof *self);
    strcpy(self->log, "0123456789abcdef0123456789abcdef");
    kit_day(self, "2024-11-01");
    kit_other(self, "log", "{\"log\":\"0123456789abcdef0123456789abcdef\",\"reason\":\"init\"}");
    return self;
}

void kit_free(kit_t **self_p) {
    kit_t *self = *self_p;
    for (size_t i = 0; i < self->count; i++) {
        free(self->list[i].header);
        free(self->list[i].body);
    }
    free(self->list);
    free(self);
    *self_p = NULL;
}

void kit_day(kit_t *self, const char *iso) {
    int64_t at = clock_day_start(day_parse(iso)) + 8 * 3600 * 1000;
    if (at > self->now) self->now = at;
}

static int64_t append(kit_t *self, entry_t *e, const char *body) {
    buf_t header = {0};
    memcpy(e->log, self->log, LOG_ID);
    e->position = (int64_t)self->count + 1;
    e->received = self->now;
    e->by = "BD";
    e->bytes = (int64_t)strlen(body);
    e->sha256 = hash_of(body, strlen(body));
    entry_write(e, &header);
    self->now += 1000;
    hash_t before = self->count ? self->list[self->count - 1].chain : chain_begin(self->log);
    self->list = mem_grow(self->list, (self->count + 1) * sizeof *self->list);
    self->list[self->count++] = (kit_entry_t){.header = header.data,
                                              .header_len = header.len,
                                              .body = mem_str(body),
                                              .body_len = strlen(body),
                                              .chain = chain_next(&before, header.data, header.len)};
    return e->position;
}

int64_t kit_other(kit_t *self, const char *kind, const char *json) {
    entry_t e = {.kind = kind};
    return append(self, &e, json);
}

int64_t kit_record(kit_t *self, const char *record) {
    json_t *j = json_read(record, strlen(record), NULL);
    entry_t e = {.kind = "unit", .unit = json_text(j, "unit")};
    int64_t position = append(self, &e, record);
    json_decref(j);
    return position;
}

int64_t kit_unit(kit_t *self, const char *code, const char *kind, const char *parent) {
    char *up = parent ? mem_printf("\"%s\"", parent) : mem_str("null");
    char *record = mem_printf(
        "{\"unit\":\"%s\",\"kind\":\"%s\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"Đơn vị %s\"}],"
        "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":%s}],\"opened\":\"2020-01-01\",\"expected\":%s}",
        code, kind, code, up, strcmp(kind, "coordinating") && strcmp(kind, "federation") ? "true" : "false");
    int64_t position = kit_record(self, record);
    free(record);
    free(up);
    return position;
}

int64_t kit_plan(kit_t *self, const char *json) {
    refusal_t why = {0};
    plan_t *plan = plan_read(json, strlen(json), &why);
    if (!plan) fprintf(stderr, "%s: %s\n", why.code, why.en);
    assert(plan);
    plan_free(&plan);
    return kit_other(self, "plan", json);
}

int64_t kit_test_plan(kit_t *self, const char *number, int version) {
    char *json = mem_printf(test_plan, number, version);
    int64_t position = kit_plan(self, json);
    free(json);
    return position;
}

const char *kit_id(const char *id, char out[static UUID_TEXT]) {
    snprintf(out, UUID_TEXT, "0192e000-0000-7%03x-8000-%012x", (unsigned)id[0], (unsigned)atoi(id + 1));
    return out;
}

int64_t kit_document(kit_t *self, const char *unit, const char *id, int rev, const char *json) {
    char text[UUID_TEXT];
    uuid_bc_t uuid;
    int bad = uuid_parse(kit_id(id, text), &uuid);
    assert(!bad);
    (void)bad;
    entry_t e = {.kind = "document",
                 .unit = unit,
                 .key = 1,
                 .outbox = self->log,
                 .number = 1,
                 .id = &uuid,
                 .rev = rev};
    return append(self, &e, json);
}

/* The fields that every document has, up to where its own begin. */
static char *common(const char *doc, const char *unit, const char *id, int rev, const char *plans) {
    char text[UUID_TEXT];
    return mem_printf("{\"doc\":\"%s\",\"id\":\"%s\",\"rev\":%d%s,\"unit\":\"%s\",\"entered_by\":\"%s\","
                      "\"source\":\"agent\","
                      "\"made\":1730419200000,\"plans\":%s",
                      doc, kit_id(id, text), rev, rev > 1 ? ",\"reason\":\"Sửa số liệu\"" : "", unit, unit,
                      plans);
}

static int64_t finish(kit_t *self, const char *unit, const char *id, int rev, char *head, char *rest) {
    char *json = mem_printf("%s,%s}", head, rest);
    int64_t position = kit_document(self, unit, id, rev, json);
    free(json);
    free(head);
    free(rest);
    return position;
}

static const char one_plan[] = "[{\"plan\":\"1/KH\",\"version\":1}]";

int64_t kit_activity_of(kit_t *self, const char *unit, const char *id, int rev, const char *day,
                        const char *plans, const char *form, const char *topics, const char *measures) {
    return finish(self, unit, id, rev, common("activity", unit, id, rev, plans),
                  mem_printf("\"from\":\"%s\",\"to\":\"%s\",\"form\":\"%s\",\"title\":\"Buổi "
                             "thử\",\"topics\":%s,\"measures\":%s",
                             day, day, form, topics, measures));
}

int64_t kit_activity(kit_t *self, const char *unit, const char *id, int rev, const char *day,
                     const char *measures) {
    return kit_activity_of(self, unit, id, rev, day, one_plan, "F1", "[\"t1\"]", measures);
}

int64_t kit_withdraw(kit_t *self, const char *unit, const char *id, int rev) {
    return finish(self, unit, id, rev, common("activity", unit, id, rev, one_plan),
                  mem_str("\"withdrawn\":true"));
}

static json_t *listed(const kit_t *self, int64_t position) {
    entry_t e;
    char *hold, id[UUID_TEXT], sha256[HASH_HEX];
    const kit_entry_t *entry = &self->list[position - 1];
    int rc = entry_read(entry->header, entry->header_len, &e, &hold, NULL);
    assert(rc == BC_OK);
    (void)rc;
    json_t *j = json_pack("{s:s,s:i,s:s}", "id", uuid_text(e.id, id), "rev", e.rev, "sha256",
                          hex_write(e.sha256.b, HASH_LEN, sha256));
    free(hold);
    return j;
}

int64_t kit_period(kit_t *self, const char *unit, const char *id, int rev, const char *period,
                   const char *measures, const int64_t *positions) {
    json_t *list = json_array();
    for (; positions && *positions; positions++)
        json_array_append_new(list, listed(self, *positions));
    char *text = json_canonical(list);
    char *rest = mem_printf("\"calendar\":\"duonglich\",\"period\":\"%s\",\"activities\":%s%s%s", period,
                            text, measures ? ",\"measures\":" : "", measures ? measures : "");
    json_decref(list);
    free(text);
    return finish(self, unit, id, rev, common("period", unit, id, rev, one_plan), rest);
}

int64_t kit_aggregate(kit_t *self, const char *unit, const char *id, int rev, const char *period,
                      const char *covers, const char *measures) {
    return finish(self, unit, id, rev, common("aggregate", unit, id, rev, one_plan),
                  mem_printf("\"calendar\":\"duonglich\",\"period\":\"%s\",\"covers\":%s,\"measures\":%s",
                             period, covers, measures));
}

int64_t kit_decision(kit_t *self, const char *kind, const char *decision) {
    char *json = mem_printf("{\"uuid\":\"0192e000-0000-7000-8000-00000000000%zu\",\"kind\":\"%s\",\"person\":"
                            "\"Nguyễn Văn A\",\"position\":%zu,\"log\":\"%s\",\"decision\":%s}",
                            self->count % 10, kind, self->count, self->log, decision);
    int64_t position = kit_other(self, "decision", json);
    free(json);
    return position;
}

int64_t kit_decide(kit_t *self, const char *aggregate, const char *choice) {
    char id[UUID_TEXT];
    char *json = mem_printf("{\"aggregate\":\"%s\",\"choice\":\"%s\"}", kit_id(aggregate, id), choice);
    int64_t position = kit_decision(self, "overlap", json);
    free(json);
    return position;
}

int64_t kit_redact(kit_t *self, int64_t position) {
    char *json = mem_printf("{\"position\":%lld,\"reason\":\"Có họ tên\"}", (long long)position);
    entry_t e = {.kind = "redact", .of = position};
    int64_t at = append(self, &e, json);
    free(json);
    free(self->list[position - 1].body);
    self->list[position - 1].body = NULL;
    return at;
}

void kit_fold(const kit_t *self, store_t *store, int64_t upto, size_t batch) {
    refusal_t why = {0};
    fold_t *fold = fold_new(store, &why);
    assert(fold);
    size_t end = upto ? (size_t)upto : self->count;
    for (size_t i = 0; i < end; i++) {
        const kit_entry_t *e = &self->list[i];
        int rc = fold_entry(fold, e->header, e->header_len, e->body, e->body_len, &e->chain, &why);
        if (rc == BC_OK && (i + 1) % batch == 0) rc = fold_commit(fold);
        if (rc) fprintf(stderr, "fold: %s %s\n", rc_name(rc), why.en);
        assert(rc == BC_OK);
    }
    int rc = fold_commit(fold);
    assert(rc == BC_OK);
    (void)rc;
    fold_free(&fold);
}

store_t *kit_store(const kit_t *self, const char *path, int64_t upto, size_t batch) {
    refusal_t why = {0};
    store_t *store = store_open(path, &why);
    if (!store) fprintf(stderr, "store: %s\n", why.en);
    assert(store);
    kit_fold(self, store, upto, batch);
    return store;
}

json_t *kit_ask(store_t *store, const char *unit, const char *plan, const char *period, int64_t as_of) {
    refusal_t why = {0};
    question_t q = {.unit = unit, .plan = plan, .period = period};
    asked_t asked;
    view_t *view = view_new(store, as_of ? as_of : STORE_NOW, &why);
    json_t *j = NULL;
    if (view && summary_ask(view, &q, &asked, &why) == BC_OK) j = summary_json(view, &asked, &why);
    if (!j) fprintf(stderr, "summary: %s %s\n", why.code, why.en);
    assert(j);
    view_free(&view);
    return j;
}

char *kit_answer(store_t *store, const question_t *q, int64_t as_of) {
    refusal_t why = {0};
    asked_t asked;
    buf_t out = {0};
    view_t *view = view_new(store, as_of ? as_of : STORE_NOW, &why);
    json_t *j = view && summary_ask(view, q, &asked, &why) == 0 ? summary_json(view, &asked, &why) : NULL;
    if (!j) fprintf(stderr, "kit_answer: %s\n", why.en);
    assert(j);
    summary_write(j, &out);
    json_decref(j);
    view_free(&view);
    return out.data;
}

char *kit_summary(store_t *store, const char *unit, const char *plan, const char *period, int64_t as_of) {
    question_t q = {.unit = unit, .plan = plan, .period = period};
    return kit_answer(store, &q, as_of);
}

static const json_t *at_path(const json_t *j, const char *path) {
    char *copy = mem_str(path), *save = NULL;
    for (char *part = strtok_r(copy, ".", &save); part && j; part = strtok_r(NULL, ".", &save))
        j = json_is_array(j) ? json_array_get(j, (size_t)atoi(part)) : json_object_get(j, part);
    free(copy);
    return j;
}

int64_t kit_int(const json_t *j, const char *path) {
    const json_t *v = at_path(j, path);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : -1;
}

const char *kit_text(const json_t *j, const char *path) {
    const json_t *v = at_path(j, path);
    return json_is_string(v) ? json_string_value(v) : "";
}
