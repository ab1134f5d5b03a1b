/* SPDX-License-Identifier: MPL-2.0 */
/* closing.c - the summary of then beside the summary of now, and the documents between them. */
#include "aggregator/closing.h"

#include <stdlib.h>
#include <string.h>

#include "aggregator/changes.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

static const char *plan_of(const asked_t *asked) {
    return asked->plan ? plan_number(asked->plan) : NULL;
}

json_t *closing_figures(const asked_t *asked) {
    json_t *j = json_pack("{s:s,s:s,s:s}", "unit", unit_code(asked->unit), "calendar",
                          calendar_id(asked->calendar), "period", asked->period.id);
    if (asked->plan) json_object_set_new(j, "plan", json_string(plan_of(asked)));
    return j;
}

const ruled_t *closing_find(const view_t *view, const asked_t *asked, refusal_t *why) {
    const ruled_t *closing = asked->group.name /* figures of a group are never closed */
                                 ? NULL
                                 : rulings_closing(view_rulings(view), unit_code(asked->unit), plan_of(asked),
                                                   calendar_id(asked->calendar), asked->period.id);
    if (!closing)
        refuse(why, "period-open", "period", "Kỳ %s của %s chưa được chốt số liệu.",
               "The figures of %s of %s are not closed.", asked->period.id, unit_code(asked->unit));
    return closing;
}

json_t *closing_propose(const view_t *view, const asked_t *asked, day_t today, refusal_t *why) {
    char hex[HASH_HEX], day[11];
    const ruled_t *closing = closing_find(view, asked, NULL);
    if (closing) {
        refuse(why, "period-closed", "period",
               "Kỳ %s đã được chốt số liệu ngày %s; muốn chốt lại, hãy mở lại trước.",
               "The figures of %s were closed on %s; reopen them first to close them anew.", asked->period.id,
               day_vi(clock_day(closing->received), day));
        return NULL;
    }
    if (today <= asked->period.to) {
        refuse(why, "period-unfinished", "period", "Kỳ %s chưa kết thúc (đến hết ngày %s).",
               "The period %s has not ended yet (until %s).", asked->period.id,
               day_vi(asked->period.to, day));
        return NULL;
    }
    json_t *summary = summary_json(view, asked, why);
    if (!summary) return NULL;
    buf_t bytes = {0};
    summary_write(summary, &bytes);
    hash_t hash = hash_of(bytes.data, bytes.len);
    json_t *j = closing_figures(asked);
    json_object_set_new(j, "position", json_integer(view_at(view)->position));
    json_object_set_new(j, "rules", json_integer(STORE_RULES));
    json_object_set_new(j, "sha256", json_string(hex_write(hash.b, HASH_LEN, hex)));
    buf_free(&bytes);
    json_decref(summary);
    return j;
}

/* ---- the summary of then ---- */

/* New view as of the closing's position, in which ASKED gets what was asked. NULL with WHY. */
static view_t *view_then(const view_t *view, const ruled_t *closing, asked_t *asked, refusal_t *why) {
    const ruling_t *c = &closing->says;
    question_t q = {.unit = c->unit, .plan = c->plan, .calendar = c->calendar, .period = c->period};
    view_t *then = view_new(view_store(view), c->position, why);
    if (then && summary_ask(then, &q, asked, why)) view_free(&then);
    return then;
}

static int is_whole(const json_t *summary, const ruled_t *closing, buf_t *bytes) {
    summary_write(summary, bytes);
    hash_t hash = hash_of(bytes->data, bytes->len);
    return hash_equal(&hash, &closing->says.sha256);
}

int closing_summary(const view_t *view, const ruled_t *closing, buf_t *out, refusal_t *why) {
    asked_t asked;
    view_t *then = view_then(view, closing, &asked, why);
    json_t *summary = then ? summary_json(then, &asked, why) : NULL;
    int rc = summary ? BC_OK : BC_REFUSED;
    if (summary && !is_whole(summary, closing, out))
        rc = refuse(
            why, "closing-changed", NULL,
            "Số liệu đã chốt không in lại được nguyên văn: nội dung một báo cáo đã bị gỡ sau khi chốt.",
            "The closed figures can not be printed again as they were: a document was redacted since.");
    json_decref(summary);
    view_free(&then);
    return rc;
}

/* ---- then and now ---- */

static void put_difference(json_t *out, const char *key, const json_t *was, const json_t *is) {
    if (was == is || (was && is && json_equal(was, is))) return;
    json_t *row = json_pack("{s:O*,s:O*}", "was", was, "is", is);
    if (!was) json_object_set_new(row, "was", json_null());
    if (!is) json_object_set_new(row, "is", json_null());
    if ((!was || json_is_integer(was)) && (!is || json_is_integer(is)))
        json_object_set_new(row, "difference",
                            json_integer(json_integer_value(is) - json_integer_value(was)));
    json_object_set_new(out, key, row);
}

/* Differences of the values under each key of two objects; FIELD NULL: of the integers themselves. */
static json_t *differences(const json_t *was, const json_t *is, const char *field) {
    json_t *out = json_object(), *value;
    const char *key;
    const json_t *const sides[] = {was, is};
    for (int i = 0; i < 2; i++)
        json_object_foreach((json_t *)sides[i], key, value) {
            const json_t *a = json_object_get(was, key), *b = json_object_get(is, key);
            if (field) {
                a = json_object_get(a, field);
                b = json_object_get(b, field);
            }
            if (field || json_is_integer(value)) put_difference(out, key, a, b);
        }
    return out;
}

/* Whether LIST names the same document as ROW, whoever recorded it: who was not answered does so again. */
static int is_listed(const json_t *list, const json_t *row) {
    size_t i;
    json_t *listed;
    int same = 0;
    json_array_foreach((json_t *)list, i, listed) {
        json_t *as = json_copy((json_t *)row);
        json_object_set(as, "person", json_object_get(listed, "person"));
        json_object_set(as, "position", json_object_get(listed, "position"));
        same |= json_equal(as, listed);
        json_decref(as);
    }
    return same;
}

static json_t *sent_json(const view_t *view, const ruled_t *closing) {
    const rulings_t *rulings = view_rulings(view);
    json_t *list = json_array();
    for (size_t i = 0; i < rulings_count(rulings); i++) {
        const ruled_t *d = rulings_at(rulings, i);
        char day[11], hex[HASH_HEX];
        if (d->says.kind != RULING_SENT || !d->holds || d->closing != closing->position) continue;
        static const hash_t none;
        json_t *row =
            json_pack("{s:s,s:s,s:s,s:s,s:I}", "number", d->says.number, "date", day_iso(d->says.day, day),
                      "signer", d->says.signer, "person", d->person, "position", (json_int_t)d->position);
        if (d->says.to) json_object_set_new(row, "to", json_string(d->says.to));
        if (!hash_equal(&d->says.sha256, &none))
            json_object_set_new(row, "sha256", json_string(hex_write(d->says.sha256.b, HASH_LEN, hex)));
        if (!is_listed(list, row)) json_array_append(list, row);
        json_decref(row);
    }
    return list;
}

static json_t *closing_json(const ruled_t *closing, int whole) {
    char hex[HASH_HEX];
    return json_pack("{s:I,s:I,s:I,s:s,s:s,s:b}", "position", (json_int_t)closing->position, "received",
                     (json_int_t)closing->received, "figures", (json_int_t)closing->says.position, "person",
                     closing->person, "sha256", hex_write(closing->says.sha256.b, HASH_LEN, hex), "whole",
                     whole);
}

/* WAS and IS: the summaries of then and now, borrowed. */
static json_t *restatement(const view_t *view, const ruled_t *closing, const json_t *was, const json_t *is,
                           int whole) {
    const cursor_t *at = view_at(view);
    json_t *j =
        json_pack("{s:i,s:s,s:I}", "restatement", 1, "log", at->log, "position", (json_int_t)at->position);
    static const char *const same[] = {"unit", "plan", "calendar", "period"};
    for (int i = 0; i < 4; i++)
        json_object_set(j, same[i], json_object_get(is, same[i]));
    json_object_set_new(j, "closing", closing_json(closing, whole));
    json_object_set_new(
        j, "documents",
        differences(json_object_get(was, "documents"), json_object_get(is, "documents"), NULL));
    json_object_set_new(
        j, "measures",
        differences(json_object_get(was, "measures"), json_object_get(is, "measures"), "value"));
    json_object_set_new(j, "board",
                        differences(json_object_get(was, "board"), json_object_get(is, "board"), NULL));
    json_object_set_new(j, "sent", sent_json(view, closing));
    return j;
}

json_t *closing_restate(const view_t *view, const asked_t *asked, const ruled_t *closing, refusal_t *why) {
    asked_t asked_then;
    buf_t bytes = {0};
    json_t *j = NULL;
    view_t *then = view_then(view, closing, &asked_then, why);
    json_t *was = then ? summary_json(then, &asked_then, why) : NULL;
    json_t *is = was ? summary_json(view, asked, why) : NULL;
    json_t *changes = is ? changes_find(then, view, asked, why) : NULL;
    if (changes) {
        j = restatement(view, closing, was, is, is_whole(was, closing, &bytes));
        json_object_update(j, changes);
    }
    json_decref(changes);
    json_decref(is);
    json_decref(was);
    view_free(&then);
    buf_free(&bytes);
    return j;
}
