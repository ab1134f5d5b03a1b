/* SPDX-License-Identifier: MPL-2.0 */
/* fold_document.c - one document into its packed fact. The collector has judged it, so nothing is judged
 * again; but nothing is trusted to be there either. */
#include "aggregator/fold_document.h"

#include <stdio.h>
#include <string.h>

#include "aggregator/fact.h"
#include "proto/base/json.h"
#include "proto/base/json_quick.h"
#include "proto/base/rc.h"

/* A `last` value: how it adds up, and where. */
typedef struct {
    uint32_t way, scopes;
} last_t;

/* What is known of a document while it is read. */
typedef struct {
    store_t *store;
    const json_t *j;
    const version_t *version[FACT_PLANS];
    int plans;
    int in;                    /* IN_… */
    uint32_t plan[FACT_PLANS]; /* words */
    buf_t *stocks;             /* last_t: the `last` values that are there */
    buf_t *out;
} reading_t;

static int read_plans(reading_t *r, const defs_t *defs) {
    const json_t *plans = json_object_get(r->j, "plans");
    size_t n = json_array_size(plans);
    if (n < 1 || n > (r->in == IN_ACTIVITY ? FACT_PLANS : 1)) return BC_REFUSED;
    fact_put(r->out, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *plan = json_array_get(plans, i);
        const char *number = json_text(plan, "plan");
        int64_t version = json_int(plan, "version", 0);
        uint32_t word = number ? words_find(store_words(r->store), number, strlen(number)) : 0;
        r->version[i] = defs_get(defs, word, version);
        if (!r->version[i]) return BC_REFUSED;
        r->plan[i] = word;
        fact_put(r->out, word);
        fact_put(r->out, (uint64_t)version);
    }
    r->plans = (int)n;
    return BC_OK;
}

static int put_word(reading_t *r, const json_t *text) {
    if (!json_is_string(text)) return BC_REFUSED;
    uint32_t no = store_word(r->store, json_string_value(text), json_string_length(text));
    if (!no) return BC_DISK;
    fact_put(r->out, no);
    return BC_OK;
}

/* An array of ids as words; absent is empty. */
static int put_words(reading_t *r, const char *key) {
    const json_t *array = json_object_get(r->j, key);
    size_t n = json_array_size(array);
    fact_put(r->out, n);
    for (size_t i = 0; i < n; i++) {
        int rc = put_word(r, json_array_get(array, i));
        if (rc) return rc;
    }
    return BC_OK;
}

static int put_listed(reading_t *r) {
    const json_t *array = json_object_get(r->j, "activities");
    size_t n = json_array_size(array);
    fact_put(r->out, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(array, i);
        const char *id = json_text(item, "id"), *sha256 = json_text(item, "sha256");
        fact_listed_t listed = {.rev = (int)json_int(item, "rev", 0)};
        if (!id || !sha256 || uuid_parse(id, &listed.id) || hex_read(sha256, listed.sha256.b, HASH_LEN))
            return BC_REFUSED;
        if (listed.rev < 1 || listed.rev > 999) return BC_REFUSED;
        fact_put_listed(r->out, &listed);
    }
    return BC_OK;
}

static int put_number(reading_t *r, const json_t *v) {
    if (!json_is_integer(v) || json_integer_value(v) < 0) return BC_REFUSED;
    fact_put(r->out, (uint64_t)json_integer_value(v));
    return BC_OK;
}

static int put_texts(reading_t *r, const json_t *v) {
    if (json_is_string(v)) {
        fact_put(r->out, 1);
        fact_put_text(r->out, json_string_value(v), json_string_length(v));
        return BC_OK;
    }
    if (!json_is_array(v)) return BC_REFUSED;
    size_t i;
    json_t *text;
    fact_put(r->out, json_array_size(v));
    json_array_foreach((json_t *)v, i, text) {
        if (!json_is_string(text)) return BC_REFUSED;
        fact_put_text(r->out, json_string_value(text), json_string_length(text));
    }
    return BC_OK;
}

static int put_value(reading_t *r, const def_t *def, uint32_t scopes, const json_t *v) {
    fact_put(r->out, def->way);
    fact_put(r->out, scopes);
    switch (def->add) {
    case ADD_LAST: buf_add(r->stocks, &(last_t){def->way, scopes}, sizeof(last_t)); return put_number(r, v);
    case ADD_SUM:
    case ADD_MAX: return put_number(r, v);
    case ADD_COUNT:
        if (!json_is_boolean(v)) return BC_REFUSED;
        fact_put(r->out, json_is_true(v));
        return BC_OK;
    case ADD_WEIGHTED: {
        int rc = put_number(r, json_object_get(v, "value"));
        return rc ? rc : put_number(r, json_object_get(v, "weight"));
    }
    case ADD_UNION:
    case ADD_LIST: return put_texts(r, v);
    }
    return BC_REFUSED;
}

/* A measure once for each way of adding up that the document's plans give it; the first plan that defines it
 * speaks for the whole. Adds to *COUNT. */
static int put_measure(reading_t *r, const char *id, const json_t *v, uint32_t *count) {
    const def_t *def[FACT_PLANS] = {0};
    uint32_t whole = FACT_WHOLE;
    for (int i = 0; i < r->plans; i++) {
        def[i] = defs_measure(r->version[i], id);
        if (def[i] && !(def[i]->in & r->in)) def[i] = NULL;
    }
    for (int i = 0; i < r->plans; i++) {
        if (!def[i]) continue;
        const def_t *d = def[i];
        uint32_t scopes = whole;
        for (int k = i; k < r->plans; k++)
            if (def[k] && def[k]->way == d->way) {
                scopes |= FACT_PLAN(k);
                def[k] = NULL;
            }
        whole = 0;
        int rc = put_value(r, d, scopes, v);
        if (rc) return rc;
        ++*count;
    }
    return whole ? BC_REFUSED : BC_OK;
}

/* The values go behind their number, which is known at the end. */
static int put_measures(reading_t *r) {
    buf_t values = {0};
    reading_t into = *r;
    uint32_t count = 0;
    int rc = BC_OK;
    const char *id;
    json_t *v;
    into.out = &values;
    json_object_foreach(json_object_get(r->j, "measures"), id, v) {
        if ((rc = put_measure(&into, id, v, &count))) break;
    }
    fact_put(r->out, count);
    if (values.len) buf_add(r->out, values.data, values.len);
    buf_free(&values);
    return rc;
}

/* The code of a joint event and who speaks: PROTOCOL.md 8. */
static int put_event(reading_t *r, row_t *row) {
    const json_t *event = json_object_get(r->j, "event");
    const char *code = json_text(event, "code"), *role = json_text(event, "role");
    if (!code || !role) {
        fact_put(r->out, 0);
        return BC_OK;
    }
    row->event = store_word(r->store, code, strlen(code));
    if (!row->event) return BC_DISK;
    fact_put(r->out, row->event);
    fact_put(r->out, strcmp(role, "host") == 0 ? FACT_HOST : FACT_GUEST);
    return BC_OK;
}

/* What only an activity has; the same room, empty, in other documents. */
static int put_activity(reading_t *r, row_t *row) {
    const char *from = json_text(r->j, "from"), *place = json_text(r->j, "place");
    day_t first = from ? day_parse(from) : DAY_NONE;
    int rc = r->in == IN_ACTIVITY ? put_word(r, json_object_get(r->j, "form")) : BC_OK;
    if (rc) return rc;
    if (r->in != IN_ACTIVITY) {
        buf_add(r->out, "\0\0\0\0", 4);
        return BC_OK;
    }
    fact_put(r->out, first != DAY_NONE && first < row->day ? (uint64_t)(row->day - first) : 0);
    rc = put_event(r, row);
    fact_put_text(r->out, place ? place : "", place ? strlen(place) : 0);
    return rc;
}

static int put_parts(reading_t *r, row_t *row) {
    int rc = put_activity(r, row);
    if (rc == BC_OK) rc = put_words(r, "topics");
    if (rc == BC_OK) rc = put_words(r, "covers");
    if (rc == BC_OK) rc = put_listed(r);
    return rc == BC_OK ? put_measures(r) : rc;
}

static int read_days(const reading_t *r, row_t *row, char period[static 80]) {
    if (r->in == IN_ACTIVITY) {
        const char *to = json_text(r->j, "to");
        row->day = to ? day_parse(to) : DAY_NONE;
        return row->day == DAY_NONE ? BC_REFUSED : BC_OK;
    }
    const char *calendar = json_text(r->j, "calendar"), *id = json_text(r->j, "period");
    const calendar_t *own = plan_calendar(defs_plan(r->version[0]));
    period_t p;
    if (!calendar || !id || strcmp(calendar_id(own), calendar) != 0 || calendar_period(own, id, &p, NULL))
        return BC_REFUSED;
    snprintf(period, 80, "%s/%s", calendar, p.id);
    row->period = period;
    row->since = p.from;
    row->day = p.to;
    return BC_OK;
}

static int read_kind(const json_t *j, row_t *row) {
    const char *doc = json_text(j, "doc");
    if (doc && strcmp(doc, "activity") == 0) {
        row->kind = ROW_ACTIVITY;
        return IN_ACTIVITY;
    }
    if (doc && strcmp(doc, "period") == 0) {
        row->kind = ROW_PERIOD;
        return IN_PERIOD;
    }
    row->kind = ROW_AGGREGATE;
    return doc && strcmp(doc, "aggregate") == 0 ? IN_AGGREGATE : 0;
}

/* In every scope of a value, for one unit. */
static int note_unit(const reading_t *r, const row_t *row, uint32_t unit, const last_t *last) {
    int rc = last->scopes & FACT_WHOLE ? store_stock(r->store, unit, 0, last->way, row->day) : BC_OK;
    for (int i = 0; i < r->plans && rc == BC_OK; i++)
        if (last->scopes & FACT_PLAN(i)) rc = store_stock(r->store, unit, r->plan[i], last->way, row->day);
    return rc;
}

/* For the unit itself, or those an aggregate covers. */
static int note_stocks(const reading_t *r, const row_t *row) {
    const json_t *covers = json_object_get(r->j, "covers");
    size_t n = r->stocks->len / sizeof(last_t),
           units = row->kind == ROW_AGGREGATE ? json_array_size(covers) : 1;
    int rc = BC_OK;
    for (size_t i = 0; i < n * units && rc == BC_OK; i++) {
        last_t last;
        memcpy(&last, r->stocks->data + i / units * sizeof last, sizeof last);
        const json_t *covered = json_array_get(covers, i % units);
        uint32_t unit =
            row->kind == ROW_AGGREGATE
                ? words_find(store_words(r->store), json_string_value(covered), json_string_length(covered))
                : row->unit;
        rc = note_unit(r, row, unit, &last);
    }
    return rc;
}

static int read_document(reading_t *r, const defs_t *defs, row_t *row, char period[static 80]) {
    r->in = read_kind(r->j, row);
    if (!r->in) return BC_REFUSED;
    if (json_bool(r->j, "withdrawn", 0)) {
        row->kind = ROW_WITHDRAWN;
        return BC_OK;
    }
    int rc = read_plans(r, defs);
    if (rc == BC_OK) rc = read_days(r, row, period);
    if (rc == BC_OK) rc = put_parts(r, row);
    if (rc == BC_OK && r->stocks->len) {
        row->stock = row->day;
        rc = note_stocks(r, row);
    }
    return rc;
}

int fold_document(const defs_t *defs, store_t *store, const void *body, size_t n, row_t *row, buf_t *fact,
                  char period[static 80]) {
    json_t *j = json_quick(body, n);
    if (!j) j = json_loadb(body, n, 0, NULL); /* what is rare in it, or wrong */
    buf_t stocks = {0};
    reading_t r = {.store = store, .j = j, .out = fact, .stocks = &stocks};
    row->since = row->day = row->stock = DAY_NONE;
    int rc = j ? read_document(&r, defs, row, period) : BC_REFUSED;
    json_decref(j);
    buf_free(&stocks);
    if (!rc_refused(rc)) return rc;
    row->kind = ROW_UNREAD;
    row->since = row->day = row->stock = DAY_NONE;
    row->period = NULL;
    row->event = 0;
    buf_clear(fact);
    return BC_OK;
}
