/* SPDX-License-Identifier: MPL-2.0 */
/* Documents against plans, units and today: the golden documents of proto/vectors, each with what it must
 * come to. */
#include "proto/judge.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

/* What proto/vectors/judge.json says the documents are judged against. */
typedef struct {
    json_t *json, *documents;
    const json_t *units;
    plans_t *plans;
    judge_t judge;
    char warned[96];
} court_t;

static int may_act(void *arg, const char *unit) {
    const json_t *known = json_object_get(((court_t *)arg)->units, unit);
    return known ? json_bool(known, "may", 0) : -1;
}

static int unit_open(void *arg, const char *unit, day_t day) {
    const json_t *known = json_object_get(((court_t *)arg)->units, unit);
    const char *closed = json_text(known, "closed");
    return day >= day_parse(vector_text(known, "opened")) && (!closed || day <= day_parse(closed));
}

static void warn(void *arg, const refusal_t *what) {
    court_t *court = arg;
    snprintf(court->warned, sizeof court->warned, "%s", *what->field ? what->field : what->code);
}

static int court_open(void **state) {
    court_t *court = mem_alloc(sizeof *court);
    refusal_t why;
    size_t i;
    json_t *j;
    court->json = vector_load("judge.json");
    court->documents = vector_load("documents.json");
    court->units = json_object_get(court->json, "units");
    court->plans = plans_new();
    json_array_foreach(json_object_get(court->json, "plans"), i, j) {
        char *text = json_canonical(j);
        plan_t *plan = plan_read(text, strlen(text), &why);
        free(text);
        if (!plan) fail_msg("plan %zu: %s %s: %s", i, why.code, why.field, why.en);
        plans_put(court->plans, &plan);
    }
    court->judge = (judge_t){.plans = court->plans,
                             .today = day_parse(vector_text(court->json, "today")),
                             .future_refused = 1,
                             .may_act = may_act,
                             .unit_open = unit_open,
                             .sender = vector_text(court->json, "sender"),
                             .arg = court,
                             .warn = warn};
    *state = court;
    return 0;
}

static int court_close(void **state) {
    court_t *court = *state;
    plans_free(&court->plans);
    json_decref(court->documents);
    json_decref(court->json);
    free(court);
    return 0;
}

#define IN_COURT(test) cmocka_unit_test_setup_teardown(test, court_open, court_close)

/* The bytes of a vector; caller frees. */
static char *bytes_of(const json_t *vector, size_t *n) {
    const char *hex = json_text(vector, "hex");
    if (!hex) {
        *n = strlen(vector_text(vector, "document"));
        return mem_str(vector_text(vector, "document"));
    }
    *n = strlen(hex) / 2;
    char *bytes = mem_alloc(*n + 1);
    vector_hex(vector, "hex", bytes, *n);
    return bytes;
}

/* Reads and judges; the stage that refused or NULL. */
static const char *refused_at(court_t *court, const char *p, size_t n, refusal_t *why) {
    document_t doc;
    *why = (refusal_t){0};
    court->warned[0] = '\0';
    if (document_read(p, n, &doc, why)) return "read";
    int rc = document_judge(&doc, &court->judge, why);
    document_free(&doc);
    return rc ? "judge" : NULL;
}

static void expect_as_told(court_t *court, const json_t *vector) {
    const char *name = vector_text(vector, "name"), *code = json_text(vector, "code");
    const char *field = json_text(vector, "field"), *warning = json_text(vector, "warn");
    refusal_t why;
    size_t n;
    char *bytes = bytes_of(vector, &n);
    const char *stage = refused_at(court, bytes, n, &why);
    free(bytes);
    if (strcmp(why.code, code ? code : "") != 0 || strcmp(why.field, field ? field : "") != 0)
        fail_msg("%s: %s at \"%s\" (%s), not %s at \"%s\"", name, why.code, why.field, why.en,
                 code ? code : "stored", field ? field : "");
    if (code) assert_string_equal(stage, vector_text(vector, "stage"));
    if (code && (!*why.vi || strcmp(why.vi, why.en) == 0)) fail_msg("%s: no two sentences", name);
    if (strcmp(court->warned, warning ? warning : "") != 0) fail_msg("%s: warned of %s", name, court->warned);
}

static void test_judge_follows_the_vectors(void **state) {
    court_t *court = *state;
    size_t i;
    json_t *vector;
    assert_true(json_array_size(court->documents) > 100);
    json_array_foreach(court->documents, i, vector) {
        expect_as_told(court, vector);
    }
}

/* One that is judged, by name; new bytes. */
static char *document_named(const court_t *court, const char *name) {
    size_t i, n;
    json_t *vector;
    json_array_foreach(court->documents, i, vector) {
        if (strcmp(vector_text(vector, "name"), name) == 0) return bytes_of(vector, &n);
    }
    fail_msg("there is no vector %s", name);
    return NULL;
}

static void test_judge_only_warns_of_the_future_where_the_clock_may_be_wrong(void **state) {
    static const char *const names[] = {"tomorrow", "arrives tomorrow", "next month"};
    static const char *const fields[] = {"to", "arrived", "period"};
    court_t *court = *state;
    court->judge.future_refused = 0;
    for (int i = 0; i < 3; i++) {
        char *text = document_named(court, names[i]);
        refusal_t why;
        assert_null(refused_at(court, text, strlen(text), &why));
        assert_string_equal(court->warned, fields[i]);
        free(text);
    }
}

static void test_judge_asks_neither_sender_nor_opening_where_it_need_not(void **state) {
    static const char *const names[] = {"entered by another", "the day after the unit closed",
                                        "period before the unit opened"};
    court_t *court = *state;
    court->judge.sender = NULL;
    court->judge.unit_open = NULL;
    for (int i = 0; i < 3; i++) {
        char *text = document_named(court, names[i]);
        refusal_t why;
        assert_null(refused_at(court, text, strlen(text), &why));
        free(text);
    }
}

static void test_judge_works_without_anyone_to_tell(void **state) {
    court_t *court = *state;
    char *text = document_named(court, "activity, a check that only warns");
    document_t doc;
    court->judge.warn = NULL;
    assert_int_equal(document_read(text, strlen(text), &doc, NULL), 0);
    assert_int_equal(document_judge(&doc, &court->judge, NULL), 0);
    document_free(&doc);
    free(text);
}

/* The refusals that the vectors must hold: all of document_read but the size, and all of document_judge. */
static void test_judge_has_a_vector_for_each_code(void **state) {
    static const char *const codes[] = {
        "calendar-wrong",    "check-failed",     "covers-self",    "date-after-plan",  "date-bad",
        "date-before-plan",  "date-future",      "date-order",     "document-kind",    "document-lf",
        "document-nfc",      "document-unknown", "field-missing",  "field-range",      "field-type",
        "field-unknown",     "form-unknown",     "id-bad",         "id-derived",       "item-twice",
        "json-deep",         "json-duplicate",   "json-malformed", "json-not-object",  "json-nul",
        "json-number",       "json-utf8",        "measure-blank",  "measure-large",    "measure-missing",
        "measure-place",     "measure-range",    "measure-type",   "measure-unknown",  "period-future",
        "period-kind",       "period-unknown",   "plan-twice",     "plan-unknown",     "plan-version-unknown",
        "reason-early",      "reason-missing",   "sender-wrong",   "text-blank",       "text-control",
        "text-long",         "topic-unknown",    "unit-closed",    "unit-not-granted", "unit-unknown",
        "withdrawn-content", "withdrawn-first"};
    court_t *court = *state;
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        size_t i, found = 0;
        json_t *vector;
        json_array_foreach(court->documents, i, vector) {
            const char *code = json_text(vector, "code");
            found += code && strcmp(code, codes[k]) == 0;
        }
        if (found == 0) fail_msg("no vector for %s", codes[k]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_COURT(test_judge_follows_the_vectors),
        IN_COURT(test_judge_only_warns_of_the_future_where_the_clock_may_be_wrong),
        IN_COURT(test_judge_asks_neither_sender_nor_opening_where_it_need_not),
        IN_COURT(test_judge_works_without_anyone_to_tell),
        IN_COURT(test_judge_has_a_vector_for_each_code),
    };
    return RUN(tests);
}
