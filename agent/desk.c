/* SPDX-License-Identifier: MPL-2.0 */
/* desk.c - the last look at a document before it is kept. */
#include "agent/desk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/compose.h"
#include "agent/event.h"
#include "agent/outbox_document.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* For the judge's questions. */
typedef struct {
    agent_t *agent;
    desk_t *out;
} asked_t;

static int may_act(void *arg, const char *unit) {
    return agent_may_act(((asked_t *)arg)->agent, unit);
}

static void warn(void *arg, const refusal_t *what) {
    desk_t *out = ((asked_t *)arg)->out;
    if (out->warnings < DESK_WARNINGS) out->warning[out->warnings++] = *what;
}

static int judge(agent_t *agent, const document_t *doc, desk_t *out, refusal_t *why) {
    asked_t asked = {agent, out};
    char *own = agent_unit(agent, why);
    if (!own) return BC_REFUSED;
    judge_t j = {.plans = outbox_plans(agent->outbox),
                 .today = clock_day(clock_wall_ms()),
                 .may_act = may_act,
                 .sender = own,
                 .arg = &asked,
                 .warn = warn};
    int rc = document_judge(doc, &j, why);
    free(own);
    return rc;
}

/* 1 where KEPT says the same as DOC. */
static int same(const kept_t *kept, const json_t *doc) {
    json_t *old = json_loadb(kept->bytes, kept->len, 0, NULL);
    json_t *a = compose_content(old), *b = compose_content(doc);
    int equal = json_equal(a, b);
    json_decref(old);
    json_decref(a);
    json_decref(b);
    return equal;
}

static int entered_before(const kept_t *kept, refusal_t *why) {
    if (kept->withdrawn)
        return refuse(
            why, "entered-before", "id",
            "Báo cáo này đã nhập (số %lld) và đã rút. Muốn dùng lại, chạy: baocao-agent restore %lld",
            "This report was entered (number %lld) and withdrawn. To use it again: baocao-agent restore %lld",
            (long long)kept->no, (long long)kept->no);
    return refuse(
        why, "entered-before", "id",
        "Báo cáo này đã nhập trước đây (số %lld) với nội dung khác. Nếu muốn chỉnh lý, hãy nhập lại kèm lý "
        "do: "
        "--reason \"…\"; hoặc chạy: baocao-agent correct %lld",
        "This report was entered before (number %lld) with other content. To correct it, enter it again with "
        "--reason \"…\", or run: baocao-agent correct %lld",
        (long long)kept->no, (long long)kept->no);
}

/* Which revision DOC is: sets rev and reason, or finds that nothing is new (out->result). */
static int settle_revision(agent_t *agent, json_t *doc, const desk_how_t *how, desk_t *out, refusal_t *why) {
    const char *id = json_text(doc, "id");
    kept_t kept;
    int rc = id ? outbox_newest(agent->outbox, id, &kept) : BC_NOTFOUND,
        given = json_object_get(doc, "rev") != NULL;
    if (rc == BC_NOTFOUND) {
        if (!given) json_object_set_new(doc, "rev", json_integer(1));
        return BC_OK;
    }
    if (rc) return rc;
    out->no = kept.no;
    out->rev = kept.rev;
    int revise = given || how->reason; /* what was refused may be sent again as it is, as a new revision */
    if (!kept.withdrawn && same(&kept, doc) && (kept.state != KEPT_REFUSED || !revise)) {
        out->result = DESK_KNOWN;
    } else if (given && json_int(doc, "rev", 0) > outbox_revision(agent->outbox, id)) {
        out->result = DESK_REVISED;
    } else if (how->reason && !kept.withdrawn) {
        json_object_set_new(doc, "rev", json_integer(outbox_revision(agent->outbox, id) + 1));
        json_object_set_new(doc, "reason", json_string(how->reason));
        out->result = DESK_REVISED;
    } else {
        rc = entered_before(&kept, why);
    }
    kept_free(&kept);
    return rc;
}

/* Reads, judges, asks and adds the bytes of a document. */
static int add(agent_t *agent, const char *bytes, const desk_how_t *how, desk_t *out, refusal_t *why) {
    document_t doc;
    int rc = document_read(bytes, strlen(bytes), &doc, why);
    if (rc) return rc;
    rc = judge(agent, &doc, out, why);
    int64_t other = rc || how->again || out->result != DESK_ADDED ? 0 : outbox_alike(agent->outbox, &doc);
    if (other)
        rc = refuse(
            why, "looks-double", NULL,
            "Báo cáo số %lld có cùng hình thức, cùng ngày và cùng số liệu. Nếu đây là một hoạt động khác, "
            "hãy nhập "
            "lại và thêm --again.",
            "Report number %lld has the same form, day and figures. If this is another activity, enter it "
            "again with --again.",
            (long long)other);
    if (!rc) rc = outbox_add(agent->outbox, &doc, bytes, strlen(bytes), clock_wall_ms(), &out->no);
    out->rev = doc.rev;
    document_free(&doc);
    return rc;
}

int desk_enter(agent_t *agent, json_t *doc, const desk_how_t *how, desk_t *out, refusal_t *why) {
    *out = (desk_t){.result = DESK_ADDED};
    const char *id = json_text(doc, "id");
    snprintf(out->id, sizeof out->id, "%s", id ? id : "");
    int rc = settle_revision(agent, doc, how, out, why);
    if (rc || out->result == DESK_KNOWN) return rc;
    char *bytes = json_canonical(doc);
    rc = add(agent, bytes, how, out, why);
    free(bytes);
    refusal_t note;
    if (!rc && event_note(doc, &note)) warn(&(asked_t){agent, out}, &note);
    return rc;
}

void desk_disk_failed(refusal_t *why) {
    refuse(why, "disk", NULL,
           "Không ghi được vào ổ đĩa, báo cáo CHƯA được lưu. Hãy kiểm tra ổ đĩa rồi nhập lại.",
           "The disk could not be written: the report is NOT kept. Check the disk, then enter it again.");
}

int desk_enter_one(agent_t *agent, json_t *doc, const desk_how_t *how, desk_t *out, refusal_t *why) {
    int rc = outbox_begin(agent->outbox);
    if (!rc) rc = desk_enter(agent, doc, how, out, why);
    if (!rc) rc = outbox_commit(agent->outbox);
    if (rc_refused(rc)) outbox_rollback(agent->outbox);
    if (rc_stop(rc)) desk_disk_failed(why);
    return rc;
}

static void say_json(const desk_t *done, io_t *io) {
    static const char *const results[] = {"added", "revised", "known"};
    json_t *warnings = json_array();
    for (size_t i = 0; i < done->warnings; i++)
        json_array_append_new(warnings, json_pack("{ss ss ss ss}", "code", done->warning[i].code, "field",
                                                  done->warning[i].field, "vi", done->warning[i].vi, "en",
                                                  done->warning[i].en));
    json_t *j = json_pack("{ss ss si sI so}", "result", results[done->result], "id", done->id, "rev",
                          done->rev, "no", (json_int_t)done->no, "warnings", warnings);
    io_json(io, j);
    json_decref(j);
}

void desk_say(const desk_t *done, io_t *io) {
    long long no = done->no;
    if (io->json) {
        say_json(done, io);
        return;
    }
    for (size_t i = 0; i < done->warnings; i++)
        io_say(io, "Lưu ý: %s\n", "Note: %s\n", refusal_text(&done->warning[i], io->lang));
    if (done->result == DESK_KNOWN)
        io_say(io, "Báo cáo này đã có từ trước (số %lld), không thêm gì.\n",
               "This report is there already (number %lld); nothing was added.\n", no);
    else if (done->result == DESK_REVISED)
        io_say(io, "Đã lưu bản chỉnh lý lần %d của báo cáo số %lld trên máy này, chờ gửi.\n",
               "Kept on this computer as correction %d of report number %lld, to be sent.\n", done->rev - 1,
               no);
    else
        io_say(io, "Đã lưu trên máy này, báo cáo số %lld, chờ gửi.\n",
               "Kept on this computer as report number %lld, to be sent.\n", no);
}
