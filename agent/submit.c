/* SPDX-License-Identifier: MPL-2.0 */
/* submit.c - makes the period report from what the outbox holds. */
#include "agent/submit.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/cell.h"
#include "agent/compose.h"
#include "agent/desk.h"
#include "agent/outbox_document.h"
#include "agent/setting.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define LIST_MOST 400   /* PROTOCOL.md 8 */
#define HEADLINE_MOST 4 /* sums in the sentence */

#define REASON_LATER "Có hoạt động bổ sung hoặc chỉnh lý sau lần gửi trước."

/* What the outbox holds of one unit, plan and period. */
typedef struct {
    const plan_t *plan;
    const char *unit;
    period_t period;
    json_t *list; /* as the document wants it */
    json_t *sums; /* measure id -> sum, of those that add up so */
    size_t out;   /* activities that are refused or held, and so not in it */
} holdings_t;

static void add_sums(holdings_t *h, const json_t *measures) {
    const char *id;
    json_t *value;
    json_object_foreach((json_t *)measures, id, value) {
        const measure_t *m = plan_measure(h->plan, id);
        if (!m || m->add != ADD_SUM || !json_is_integer(value)) continue;
        json_int_t sum = json_int(h->sums, id, 0) + json_integer_value(value);
        json_object_set_new(h->sums, id, json_integer(sum));
    }
}

static int add_live(void *arg, const kept_t *kept) {
    holdings_t *h = arg;
    char hex[HASH_HEX];
    json_t *doc = json_loadb(kept->bytes, kept->len, 0, NULL);
    json_array_append_new(h->list, json_pack("{ss si ss}", "id", kept->id, "rev", kept->counts, "sha256",
                                             hex_write(kept->sha256.b, HASH_LEN, hex)));
    add_sums(h, json_object_get(doc, "measures"));
    json_decref(doc);
    return 0;
}

/* Counts the newest revisions that did not come through. */
static int add_out(void *arg, const kept_t *kept) {
    holdings_t *h = arg;
    char *wanted = mem_printf("\x1f%s\x1f", plan_number(h->plan));
    if ((kept->state == KEPT_REFUSED || kept->state == KEPT_HELD) && !kept->withdrawn &&
        strcmp(kept->kind, "activity") == 0 && strcmp(kept->unit, h->unit) == 0 &&
        kept->day >= h->period.from && kept->day <= h->period.to && strstr(kept->plans, wanted))
        h->out++;
    free(wanted);
    return 0;
}

static void holdings_free(holdings_t *h) {
    json_decref(h->list);
    json_decref(h->sums);
}

static int collect(agent_t *agent, holdings_t *h, refusal_t *why) {
    h->list = json_array();
    h->sums = json_object();
    int rc = outbox_each_live(agent->outbox, h->unit, plan_number(h->plan), &h->period, add_live, h);
    if (!rc) rc = outbox_each(agent->outbox, add_out, h);
    if (rc) return rc;
    if (json_array_size(h->list) > LIST_MOST)
        return refuse(
            why, "period-many", "activities",
            "Kỳ này có %zu hoạt động, mỗi báo cáo kỳ chỉ kê được %d. Hãy gộp các hoạt động nhỏ cùng ngày.",
            "The period has %zu activities; a period report can list %d. Join small ones of a day.",
            json_array_size(h->list), LIST_MOST);
    return BC_OK;
}

/* ---- what is said ---- */

/* A sum as people read it: 1.234 in Vietnamese; plain in English, where the dot would say something else. */
static const char *amount(int64_t sum, lang_t lang, char out[static 28]) {
    if (lang == LANG_VI) return text_grouped(sum, out);
    snprintf(out, 28, "%lld", (long long)sum);
    return out;
}

static void say_headline(const holdings_t *h, io_t *io) {
    char *label = calendar_label(plan_calendar(h->plan), &h->period, io->lang), number[28];
    const char *used[HEADLINE_MOST] = {NULL};
    size_t n = 0, count = json_array_size(h->list);
    if (count == 0)
        io_say(io, "%s: Trong kỳ không có hoạt động.", "%s: no activity in this period.", label);
    else
        io_say(io, "%s: %zu hoạt động", "%s: %zu activities", label, count);
    free(label);
    for (size_t i = 0; count && n < HEADLINE_MOST && i < plan_measures(h->plan); i++) {
        const measure_t *m = plan_measure_at(h->plan, i);
        const char *unit = tr(io->lang, m->unit_vi, m->unit_en);
        int64_t sum = json_int(h->sums, m->id, 0);
        int seen = sum == 0;
        for (size_t k = 0; k < n; k++)
            seen |= strcmp(used[k], unit) == 0; /* a part of one that was named */
        if (seen) continue;
        used[n++] = unit;
        fprintf(io->out, ", %s %s", amount(sum, io->lang, number), unit);
    }
    fputs(count ? ".\n" : "\n", io->out);
}

static void say_preview(const holdings_t *h, io_t *io) {
    char number[28];
    size_t i;
    for (i = 0; i < plan_measures(h->plan); i++) {
        const measure_t *m = plan_measure_at(h->plan, i);
        if (json_object_get(h->sums, m->id))
            fprintf(io->out, "  %s: %s\n", tr(io->lang, m->vi, m->en),
                    amount(json_int(h->sums, m->id, 0), io->lang, number));
    }
    if (h->out)
        io_say(io,
               "Lưu ý: %zu hoạt động chưa được nhận (xem: baocao-agent list) không nằm trong báo cáo này.\n",
               "Note: %zu activities that were not taken (see: baocao-agent list) are not in it.\n", h->out);
}

static void say_question(io_t *io) {
    io_say(io, "Đây có phải toàn bộ hoạt động của đơn vị trong kỳ?\n",
           "Is this everything your unit did in the period?\n");
}

/* ---- the document ---- */

/* "NAME, POST" as the protocol wants it. */
static void set_person(json_t *doc, const char *key, const char *text) {
    if (!text) return;
    char *copy = mem_str(text), *comma = strrchr(copy, ',');
    json_t *person = json_object();
    if (comma) {
        *comma = '\0';
        json_object_set_new(person, "post", json_string(text_trim(comma + 1)));
    }
    json_object_set_new(person, "name", json_string(text_trim(copy)));
    json_object_set_new(doc, key, person);
    free(copy);
}

/* The fields that stay from one revision to the next: stocks and texts, who prepared and signed. */
static void carry_over(agent_t *agent, json_t *doc) {
    static const char *const fields[] = {"measures", "signed", "prepared"};
    kept_t kept;
    if (outbox_content(agent->outbox, json_text(doc, "id"), &kept)) return;
    json_t *old = json_loadb(kept.bytes, kept.len, 0, NULL);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (json_object_get(old, fields[i])) json_object_set(doc, fields[i], json_object_get(old, fields[i]));
    json_decref(old);
    kept_free(&kept);
}

/* New period document, not yet judged; NULL with WHY. */
static json_t *make(agent_t *agent, const holdings_t *h, const args_t *args, refusal_t *why) {
    json_t *doc = json_pack("{ss ss ss s[s] sO}", "doc", "period", "unit", h->unit, "period", h->period.id,
                            "plans", plan_number(h->plan), "activities", h->list);
    int rc = compose_fill(agent, doc, &(compose_t){0}, why);
    if (!rc) carry_over(agent, doc);
    if (!rc) rc = setting_apply(doc, &h->plan, 1, args, why);
    if (!rc) set_person(doc, "signed", args_opt(args, "signed"));
    if (!rc) set_person(doc, "prepared", args_opt(args, "prepared"));
    if (!rc && json_object_size(json_object_get(doc, "measures")) == 0) json_object_del(doc, "measures");
    if (!rc) return doc;
    json_decref(doc);
    return NULL;
}

static int send_in(agent_t *agent, const holdings_t *h, const args_t *args, io_t *io, refusal_t *why) {
    desk_t done;
    const char *reason = args_opt(args, "reason");
    desk_how_t how = {.reason = reason ? reason : REASON_LATER};
    json_t *doc = make(agent, h, args, why);
    if (!doc) return BC_REFUSED;
    kept_t kept;
    int withdrawn = !outbox_newest(agent->outbox, json_text(doc, "id"), &kept) && kept.withdrawn;
    if (withdrawn) { /* a withdrawn one that is submitted again is its next revision */
        json_object_set_new(doc, "rev", json_integer(outbox_revision(agent->outbox, kept.id) + 1));
        json_object_set_new(doc, "reason", json_string(how.reason));
    }
    kept_free(&kept);
    int rc = desk_enter_one(agent, doc, &how, &done, why);
    json_decref(doc);
    if (!rc) desk_say(&done, io);
    return rc;
}

/* Reads what the command line names. */
static int find(agent_t *agent, const args_t *args, char *own, holdings_t *h, refusal_t *why) {
    h->unit = args_opt(args, "unit") ? args_opt(args, "unit") : own;
    h->plan = agent_plan(agent, args_opt(args, "plan"), why);
    if (!h->plan) return BC_REFUSED;
    char *id = calendar_id_typed(args->argv[0]);
    int rc = calendar_period(plan_calendar(h->plan), id, &h->period, why);
    free(id);
    return rc ? rc : collect(agent, h, why);
}

int submit_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    holdings_t h = {0};
    char *own = agent_unit(agent, &why);
    (void)conf;
    int rc = own ? find(agent, args, own, &h, &why) : BC_REFUSED;
    if (!rc && !io->json && !args_opt(args, "yes")) { /* with --yes it was seen before */
        say_headline(&h, io);
        say_preview(&h, io);
    }
    if (!rc && args_opt(args, "preview"))
        say_question(io);
    else if (!rc)
        rc = send_in(agent, &h, args, io, &why);
    holdings_free(&h);
    free(own);
    return rc ? io_refused(io, rc, &why) : EX_OK;
}

/* ---- for others ---- */

int submit_fill(agent_t *agent, json_t *doc, refusal_t *why) {
    const char *kind = json_text(doc, "doc"), *period = json_text(doc, "period"),
               *unit = json_text(doc, "unit");
    if (!kind || strcmp(kind, "period") || json_object_get(doc, "activities") || !period || !unit)
        return BC_OK;
    holdings_t h = {.unit = unit};
    h.plan = agent_plan(agent, json_text(json_array_get(json_object_get(doc, "plans"), 0), "plan"), why);
    int rc = h.plan ? calendar_period(plan_calendar(h.plan), period, &h.period, why) : BC_REFUSED;
    if (!rc) rc = collect(agent, &h, why);
    if (!rc) json_object_set(doc, "activities", h.list);
    holdings_free(&h);
    return rc;
}

/* 1 where the live period document for plan and period holds another list than H. */
static int differs(agent_t *agent, const holdings_t *h) {
    char id[UUID_TEXT];
    kept_t kept;
    uuid_bc_t u =
        document_period_id(h->unit, plan_number(h->plan), calendar_id(plan_calendar(h->plan)), h->period.id);
    if (outbox_newest(agent->outbox, uuid_text(&u, id), &kept)) return 0;
    json_t *doc = json_loadb(kept.bytes, kept.len, 0, NULL);
    int yes = !kept.withdrawn && !json_equal(json_object_get(doc, "activities"), h->list);
    json_decref(doc);
    kept_free(&kept);
    return yes;
}

static void hint_plan(agent_t *agent, const kept_t *kept, const char *number, io_t *io) {
    refusal_t why;
    holdings_t h = {.unit = kept->unit, .plan = plans_get(outbox_plans(agent->outbox), number, 0)};
    if (!h.plan || calendar_holding(plan_calendar(h.plan), plan_period_kind(h.plan), kept->day, &h.period))
        return;
    if (!collect(agent, &h, &why) && differs(agent, &h))
        io_say(io,
               "Kỳ %s đã có báo cáo kỳ; danh sách hoạt động nay đã khác. Hãy gửi lại: baocao-agent submit %s "
               "--plan "
               "\"%s\"\n",
               "Period %s was submitted, and its list of activities is another now. Send it again: "
               "baocao-agent submit %s "
               "--plan \"%s\"\n",
               h.period.id, h.period.id, number);
    holdings_free(&h);
}

void submit_hint(agent_t *agent, const char *id, io_t *io) {
    kept_t kept;
    if (!id || outbox_newest(agent->outbox, id, &kept)) return;
    json_t *plans = strcmp(kept.kind, "activity") ? json_array() : cell_list(kept.plans, "\x1f"), *one;
    size_t i;
    json_array_foreach(plans, i, one) hint_plan(agent, &kept, json_string_value(one), io);
    json_decref(plans);
    kept_free(&kept);
}
