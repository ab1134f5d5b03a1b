/* SPDX-License-Identifier: MPL-2.0 */
/* enrol.c - reads ENROL, decides about its token, builds ENROLLED. */
#include "collector/enrol.h"

#include <stdlib.h>
#include <string.h>

#include "collector/access.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

/* What a message may leave out. */
static int read_asker(const json_t *header, enrol_request_t *out, refusal_t *why) {
    const char *role = json_text(header, "role"), *unit = json_text(header, "unit");
    int agent = role && strcmp(role, "agent") == 0, consumer = role && strcmp(role, "consumer") == 0;
    if (role && !agent && !consumer)
        return refuse(why, "header-bad", "role", "Yêu cầu ghi danh nêu một loại chương trình không có.",
                      "The request to enrol names a kind of program that there is none of.");
    if (unit && !unit_code_ok(unit))
        return refuse(why, "header-bad", "unit", "Yêu cầu ghi danh nêu một mã đơn vị không hợp lệ.",
                      "The request to enrol names a unit code that is not valid.");
    out->role = agent ? ENROL_AGENT : consumer ? ENROL_CONSUMER : ENROL_ANY;
    if (unit) strcpy(out->unit, unit);
    return BC_OK;
}

int enrol_read(const json_t *header, const char *public_hex, enrol_request_t *out, refusal_t *why) {
    *out = (enrol_request_t){0};
    if (json_int(header, "v", 0) != 1)
        return refuse(why, "version-unsupported", "v",
                      "Chương trình dùng phiên bản giao thức mà máy chủ không hỗ trợ (hỗ trợ: 1).",
                      "The program speaks a protocol version that this collector does not (it speaks 1).");
    const char *token = json_text(header, "token"), *name = json_text(header, "name");
    if (!token || hex_read(token, out->token, sizeof out->token))
        return refuse(why, "header-bad", "token", "Yêu cầu ghi danh thiếu mã hợp lệ.",
                      "The request to enrol has no valid token.");
    if (!public_hex || hex_read(public_hex, out->public_, sizeof out->public_))
        return refuse(why, "header-bad", NULL, "Kết nối ghi danh không mang khóa.",
                      "The connection that asks to enrol carries no key.");
    char *copy = mem_str(name ? name : "");
    char *trimmed = text_trim(copy);
    text_cut(trimmed, sizeof out->name - 1);
    strcpy(out->name, trimmed);
    free(copy);
    return read_asker(header, out, why);
}

/* One code, two computers: the second one is refused, and the operator must hear of it, for one of them
 * is wrong. */
static int note_reuse(queue_t *queue, const access_code_t *code, int64_t now) {
    log_warn("enrol.code-used-twice",
             "unit=%s key=%lld do=\"ask %s which computer is theirs; handover if unsure\"", code->unit,
             (long long)code->key, code->unit);
    json_t *fact =
        json_pack("{ss sI sI}", "unit", code->unit, "key", (json_int_t)code->key, "at", (json_int_t)now);
    char *text = json_canonical(fact);
    int rc = queue_fact_put(queue, "code_reused", text);
    free(text);
    json_decref(fact);
    return rc;
}

/* The answer to a token that has its key already. */
static int decide_again(queue_t *queue, const access_code_t *code, const access_key_t *owner, int64_t now,
                        enrol_result_t *out) {
    if (owner->serial == code->key) {
        out->serial = code->key;
        return BC_OK;
    }
    refuse(&out->why, "code-used", "token",
           "Mã ghi danh này đã được một máy khác sử dụng; hãy đề nghị cấp trên cấp mã mới.",
           "This code was used by another computer; ask the federation for a new one.");
    return note_reuse(queue, code, now);
}

typedef struct {
    const uint8_t *public_;
    access_key_t found;
} search_t;

static int match_key(void *arg, const access_key_t *k) {
    search_t *search = arg;
    if (memcmp(k->public_, search->public_, sizeof k->public_)) return 0;
    search->found = *k;
    return 1;
}

/* Whether a free code is for the one who asks: slips get mixed up, and a code must not be lost by it. */
static int is_for(const access_code_t *code, const enrol_request_t *request, refusal_t *why) {
    if (code->consumer && request->role == ENROL_AGENT)
        refuse(
            why, "code-role", "role",
            "Mã này dành cho chương trình tổng hợp, không dùng để gửi báo cáo. Hãy xin mã ghi danh của đơn "
            "vị.",
            "This code is for a program that reads, not for sending reports. Ask for your unit's code.");
    else if (!code->consumer && request->role == ENROL_CONSUMER)
        refuse(why, "code-role", "role",
               "Mã ghi danh này dành cho đơn vị \"%s\", không phải cho chương trình tổng hợp.",
               "This code is for the unit \"%s\", not for an aggregator.", code->unit);
    else if (request->unit[0] && strcmp(request->unit, code->unit) != 0)
        refuse(
            why, "unit-other", "unit",
            "Mã này là của đơn vị %s, nhưng thư mục này đang giữ báo cáo của đơn vị %s. Hãy dùng mã của đúng "
            "đơn vị, hoặc thư mục khác (-d).",
            "This code is for unit %s, but this folder holds reports of unit %s. Use a code of that unit, or "
            "another folder (-d).",
            code->unit, request->unit);
    else
        return 1;
    return 0;
}

/* A free code that is still good makes a key. */
static int decide_fresh(queue_t *queue, const access_code_t *code, const enrol_request_t *request,
                        int64_t now, enrol_result_t *out) {
    access_key_t key = {
        .consumer = code->consumer, .may_decide = code->may_decide, .state = KEY_ACTIVE, .from = now};
    memcpy(key.public_, request->public_, sizeof key.public_);
    memcpy(key.unit, code->unit, sizeof key.unit);
    memcpy(key.name, request->name, sizeof key.name);
    int rc = queue_key_add(queue, &key);
    if (rc == BC_CONFLICT) {
        refuse(&out->why, "key-taken", NULL, "Khóa này đã được ghi danh bằng mã khác; hãy tạo khóa mới.",
               "This key is enrolled with another code; make a new key.");
        return BC_OK;
    }
    if (rc == BC_OK) rc = queue_code_used(queue, request->token, key.serial);
    access_note_t note = {
        .what = "enrolled", .name = key.unit, .consumer = key.consumer, .key = key.serial, .by = key.unit};
    if (rc == BC_OK) rc = access_append(queue, &note, now);
    out->serial = key.serial;
    out->fresh = 1;
    return rc;
}

int enrol_decide(queue_t *queue, const enrol_request_t *request, int64_t now, enrol_result_t *out) {
    *out = (enrol_result_t){0};
    access_code_t code = {0};
    int rc = queue_code_get(queue, request->token, &code);
    if (rc == BC_NOTFOUND) {
        refuse(&out->why, "code-unknown", "token", "Máy chủ không có mã ghi danh này.",
               "The collector does not know this code.");
        return BC_OK;
    }
    if (rc) return rc;
    memcpy(out->unit, code.unit, sizeof out->unit);
    out->consumer = code.consumer;
    if (code.key) {
        search_t search = {.public_ = request->public_};
        rc = queue_key_each(queue, match_key, &search);
        return rc < 0 ? rc : decide_again(queue, &code, &search.found, now, out);
    }
    if (code.cancelled || clock_day(now) > code.expires) {
        refuse(&out->why, "code-expired", "token",
               "Mã ghi danh này đã hết hạn hoặc đã bị hủy; hãy đề nghị cấp trên cấp mã mới.",
               "This code has expired or was cancelled; ask the federation for a new one.");
        return BC_OK;
    }
    return is_for(&code, request, &out->why) ? decide_fresh(queue, &code, request, now, out) : BC_OK;
}

json_t *enrol_refused(const refusal_t *why) {
    return json_pack("{s{ss ss ss}}", "refused", "code", why->code, "vi", why->vi, "en", why->en);
}

json_t *enrol_answer(const enrol_result_t *result, const registry_t *registry, const char *log,
                     const uint8_t sign[static 32], int port, int64_t now) {
    if (!result->serial) return enrol_refused(&result->why);
    const unit_t *unit = result->consumer ? NULL : tree_get(registry_tree(registry), result->unit);
    char hex[65];
    return json_pack("{ss ss ss sI si ss ss sI}", "unit", result->unit, "name",
                     unit ? unit_name(unit, clock_day(now)) : result->unit, "role",
                     result->consumer ? "consumer" : "agent", "key", (json_int_t)result->serial, "port", port,
                     "sign", hex_write(sign, 32, hex), "log", log, "now", (json_int_t)now);
}
