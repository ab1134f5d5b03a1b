/* SPDX-License-Identifier: MPL-2.0 */
/* revise.c - makes the next revision of a document. Those before it stay in the outbox and in the log. */
#include "agent/revise.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/compose.h"
#include "agent/desk.h"
#include "agent/outbox_document.h"
#include "agent/setting.h"
#include "agent/submit.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define PLANS_MOST 16

static int need_reason(const args_t *args, refusal_t *why) {
    if (args_opt(args, "reason")) return BC_OK;
    return refuse(why, "reason-missing", "reason", "Hãy ghi lý do, ví dụ: --reason \"Bổ sung số người dự\"",
                  "Give the reason, such as: --reason \"Two "
                  "sessions were left out\"");
}

static int is_withdrawn(const kept_t *kept, refusal_t *why) {
    return refuse(why, "document-withdrawn", "id",
                  "Báo cáo số %lld đã rút. Muốn dùng lại, chạy: baocao-agent restore %lld",
                  "Report number %lld is withdrawn. To use it again: baocao-agent restore %lld",
                  (long long)kept->no, (long long)kept->no);
}

/* The content the next revision begins with: new JSON of the document KEPT. */
static json_t *content_of(const kept_t *kept) {
    return json_loadb(kept->bytes, kept->len, 0, NULL);
}

/* Makes DOC the next revision: who, when, why. */
static int stamp(agent_t *agent, json_t *doc, const char *reason, refusal_t *why) {
    char *own = agent_unit(agent, why);
    if (!own) return BC_REFUSED;
    json_object_set_new(doc, "entered_by", json_string(own));
    json_object_set_new(doc, "made", json_integer(clock_wall_ms()));
    json_object_set_new(doc, "rev", json_integer(outbox_revision(agent->outbox, json_text(doc, "id")) + 1));
    json_object_set_new(doc, "reason", json_string(reason));
    free(own);
    return BC_OK;
}

/* Stamps and enters DOC (taken), and says so. Returns the exit status. */
static int enter(agent_t *agent, json_t *doc, const args_t *args, io_t *io) {
    refusal_t why = {0};
    desk_t done = {0};
    int rc = stamp(agent, doc, args_opt(args, "reason"), &why);
    if (!rc) rc = desk_enter_one(agent, doc, &(desk_how_t){.again = 1}, &done, &why);
    json_decref(doc);
    if (rc) return io_refused(io, rc, &why);
    desk_say(&done, io);
    if (!io->json) submit_hint(agent, done.id, io);
    return EX_OK;
}

/* ---- correct ---- */

/* The plans of DOC that are kept here. */
static size_t plans_of(agent_t *agent, const json_t *doc, const plan_t *out[static PLANS_MOST]) {
    size_t n = 0, i;
    json_t *p;
    json_array_foreach(json_object_get(doc, "plans"), i, p) {
        const char *number = json_text(p, "plan");
        const plan_t *plan = number ? plans_get(outbox_plans(agent->outbox), number, 0) : NULL;
        if (plan && n < PLANS_MOST) out[n++] = plan;
    }
    return n;
}

/* The document in the file, as a revision of KEPT: what the file leaves out of the circumstances stays. */
static json_t *from_file(agent_t *agent, const kept_t *kept, const io_t *io, refusal_t *why) {
    static const char *const stays[] = {"doc", "unit", "source", "arrived", "plans", "calendar", "period"};
    json_t *doc = json_read(io->input.data ? io->input.data : "", io->input.len, why);
    if (!doc) return NULL;
    json_t *old = content_of(kept);
    for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
        if (!json_object_get(doc, stays[i]) && json_object_get(old, stays[i]))
            json_object_set(doc, stays[i], json_object_get(old, stays[i]));
    json_decref(old);
    json_object_set_new(doc, "id", json_string(kept->id));
    if (!compose_fill(agent, doc, &(compose_t){0}, why)) return doc;
    json_decref(doc);
    return NULL;
}

static json_t *corrected(agent_t *agent, const kept_t *kept, const args_t *args, const io_t *io,
                         refusal_t *why) {
    const plan_t *plans[PLANS_MOST];
    if (need_reason(args, why)) return NULL;
    if (kept->withdrawn) {
        is_withdrawn(kept, why);
        return NULL;
    }
    if (args->argc < 2 && !args_opt(args, "set")) {
        refuse(why, "setting-missing", NULL,
               "Hãy nói cần sửa gì, ví dụ: baocao-agent correct %lld --set attendances=120 --reason \"…\"; "
               "hoặc đưa tệp "
               "JSON có nội dung mới.",
               "Say what to change, such as: baocao-agent correct %lld --set attendances=120 --reason \"…\"; "
               "or give a "
               "JSON file with the new content.",
               (long long)kept->no);
        return NULL;
    }
    json_t *doc = args->argc >= 2 ? from_file(agent, kept, io, why) : content_of(kept);
    if (!doc) return NULL;
    size_t n = plans_of(agent, doc, plans);
    if (!setting_apply(doc, plans, n, args, why)) return doc;
    json_decref(doc);
    return NULL;
}

int revise_correct_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    kept_t kept;
    (void)conf;
    int rc = outbox_find(agent->outbox, args->argv[0], &kept, &why);
    if (rc) return io_refused(io, rc, &why);
    json_t *doc = corrected(agent, &kept, args, io, &why);
    kept_free(&kept);
    return doc ? enter(agent, doc, args, io) : io_refused(io, BC_REFUSED, &why);
}

/* ---- withdraw, restore ---- */

/* What a withdrawal may say (PROTOCOL.md 8). */
static json_t *withdrawal_of(const kept_t *kept) {
    static const char *const fields[] = {"doc", "id", "unit", "source", "arrived", "plans", "prepared"};
    json_t *old = content_of(kept), *doc = json_pack("{sb}", "withdrawn", 1);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (json_object_get(old, fields[i])) json_object_set(doc, fields[i], json_object_get(old, fields[i]));
    json_decref(old);
    return doc;
}

int revise_withdraw_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    kept_t kept;
    json_t *doc = NULL;
    (void)conf;
    int rc = outbox_find(agent->outbox, args->argv[0], &kept, &why);
    if (!rc) rc = kept.withdrawn ? is_withdrawn(&kept, &why) : need_reason(args, &why);
    if (!rc) doc = withdrawal_of(&kept);
    kept_free(&kept);
    return rc ? io_refused(io, rc, &why) : enter(agent, doc, args, io);
}

int revise_restore_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    kept_t kept, content = {0};
    json_t *doc = NULL;
    (void)conf;
    int rc = outbox_find(agent->outbox, args->argv[0], &kept, &why);
    if (!rc && !kept.withdrawn)
        rc = refuse(&why, "document-not-withdrawn", "id", "Báo cáo số %lld chưa rút, không cần khôi phục.",
                    "Report number %lld is not withdrawn.", (long long)kept.no);
    if (!rc) rc = need_reason(args, &why);
    if (!rc && outbox_content(agent->outbox, kept.id, &content))
        rc = refuse(
            &why, "document-none", "id",
            "Máy này không có nội dung cũ của báo cáo số %lld. Hãy nhập lại thành báo cáo mới.",
            "This computer does not have the earlier content of report number %lld. Enter it as a new one.",
            (long long)kept.no);
    if (!rc) doc = content_of(&content);
    kept_free(&kept);
    kept_free(&content);
    return rc ? io_refused(io, rc, &why) : enter(agent, doc, args, io);
}
