/* SPDX-License-Identifier: MPL-2.0 */
/* show_receipt.c - the proof that a report arrived; it can be checked alone, years later, without a
 * network. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/outbox_document.h"
#include "agent/show.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

/* The newest revision that has a receipt, with it. */
typedef struct {
    agent_t *agent;
    int first;
    kept_t kept;
    char *text;
} proof_t;

static int pick(void *arg, const kept_t *k) {
    proof_t *p = arg;
    char *text = outbox_receipt(p->agent->outbox, k->row, p->first);
    if (!text) return 0;
    kept_free(&p->kept);
    free(p->text);
    kept_copy(k, &p->kept);
    p->text = text;
    return 0;
}

static int none(const kept_t *k, refusal_t *why) {
    const char *vi = kept_state_label(k->state, LANG_VI), *en = kept_state_label(k->state, LANG_EN);
    if (k->state == KEPT_REFUSED || k->state == KEPT_HELD)
        return refuse(why, "receipt-none", NULL,
                      "Báo cáo số %1$lld chưa có xác nhận đã nhận. %2$s%3$.0s: %4$s%5$.0s",
                      "Report number %1$lld has no receipt. It is %2$.0s%3$s: %4$.0s%5$s", (long long)k->no,
                      vi, en, k->why.vi, k->why.en);
    return refuse(
        why, "receipt-none", NULL,
        "Báo cáo số %lld chưa gửi được nên chưa có xác nhận đã nhận. Hãy nối mạng rồi chạy: baocao-agent "
        "send",
        "Report number %lld was not sent yet, so it has no receipt. Connect to the network and run: "
        "baocao-agent send",
        (long long)k->no);
}

static void print(agent_t *agent, const proof_t *p, const receipt_t *r, io_t *io) {
    char at[17], id[UUID_TEXT], hash[HASH_HEX], *name = agent_unit_name(agent, r->unit);
    io_say(io, "Xác nhận đã nhận, số %" PRId64 "\n", "Receipt, number %" PRId64 "\n", r->position);
    io_say(io, "  Đơn vị:     %s %s\n", "  Unit:       %s %s\n", r->unit, name ? name : "");
    io_say(io, "  Báo cáo số: %lld", "  Report:     %lld", (long long)p->kept.no);
    if (p->kept.rev > 1) io_say(io, ", bản chỉnh lý lần %d", ", correction %d", p->kept.rev - 1);
    if (p->kept.withdrawn) io_say(io, ", rút báo cáo", ", withdrawal");
    fprintf(io->out, "%s%s\n", *p->kept.title ? " - " : "", p->kept.title);
    io_say(io, "  Nhận lúc:   %s\n", "  Received:   %s (+07:00)\n", clock_vi(r->received, at));
    io_say(io, "  Mã báo cáo: %s\n", "  Id:         %s\n", uuid_text(&r->id, id));
    io_say(io, "  SHA-256:    %s\n", "  SHA-256:    %s\n", hex_write(r->sha256.b, HASH_LEN, hash));
    io_say(io, "  Sổ nhận:    %s\n", "  Log:        %s\n", r->log);
    free(name);
}

/* 1 where the receipt is signed with the key that the collector has shown at the last connection. */
static int known_key(agent_t *agent, const json_t *kept) {
    char *sign = outbox_fact(agent->outbox, "sign");
    int same = sign && json_text(kept, "sign") && strcmp(sign, json_text(kept, "sign")) == 0;
    free(sign);
    return same;
}

static int verify(agent_t *agent, const proof_t *p, const json_t *kept, receipt_t *r, io_t *io,
                  refusal_t *why) {
    int rc = receipt_verify(kept, NULL, p->kept.bytes, p->kept.len, r, why);
    if (rc) return rc;
    if (io->json) return BC_OK;
    print(agent, p, r, io);
    io_say(io, "Đã kiểm tra: xác nhận đúng với báo cáo trên máy này, chữ ký đúng.\n",
           "Checked: the receipt is that of the report on this computer, and its signature holds.\n");
    if (!known_key(agent, kept))
        io_say(io, "Lưu ý: khóa ký khác với khóa máy chủ đang dùng hiện nay.\n",
               "Note: it is signed with another key than the collector uses now.\n");
    return BC_OK;
}

static int show(agent_t *agent, const proof_t *p, const args_t *args, io_t *io, refusal_t *why) {
    json_t *kept = json_loads(p->text, 0, NULL);
    receipt_t r;
    int rc = args_opt(args, "verify") ? verify(agent, p, kept, &r, io, why)
                                      : receipt_read(json_text(kept, "line"), &r, why);
    if (!rc && io->json)
        io_json(io, kept);
    else if (!rc && !args_opt(args, "verify"))
        print(agent, p, &r, io);
    json_decref(kept);
    return rc;
}

int show_receipt_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    proof_t p = {.agent = store, .first = args_opt(args, "first") != NULL};
    refusal_t why = {0};
    kept_t newest;
    (void)conf;
    int rc = outbox_find(p.agent->outbox, args->argv[0], &newest, &why);
    if (!rc) rc = outbox_each_revision(p.agent->outbox, newest.id, pick, &p);
    if (!rc && !p.text) rc = none(&newest, &why);
    if (!rc) rc = show(p.agent, &p, args, io, &why);
    kept_free(&newest);
    kept_free(&p.kept);
    free(p.text);
    return rc ? io_refused(io, rc, &why) : EX_OK;
}
