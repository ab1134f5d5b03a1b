/* SPDX-License-Identifier: MPL-2.0 */
/* verb_close.c - the verbs about published figures: close, reopen, sent, restated, closings. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/closing.h"
#include "aggregator/export/table.h"
#include "aggregator/inquiry.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define FILE_MOST (256 << 20) /* bytes of a document that went up */

int verb_close(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    inquiry_t q = {0};
    json_t *body = NULL;
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK) body = closing_propose(q.view, &q.asked, clock_day(clock_wall_ms()), &why);
    inquiry_close(&q);
    return body ? decide_send(store, args, conf, io, "close", body) : verbs_refused(io, &why);
}

int verb_reopen(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    inquiry_t q = {0};
    json_t *body = NULL;
    const char *reason = args_opt(args, "reason");
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK && !reason) rc = verbs_missing("reason", &why);
    if (rc == BC_OK && !closing_find(q.view, &q.asked, &why)) rc = BC_REFUSED;
    if (rc == BC_OK) {
        body = closing_figures(&q.asked);
        json_object_set_new(body, "reason", json_string(reason));
    }
    inquiry_close(&q);
    return body ? decide_send(store, args, conf, io, "reopen", body) : verbs_refused(io, &why);
}

/* The hash of the document's file into BODY. */
static int put_file(const char *path, json_t *body, refusal_t *why) {
    buf_t bytes = {0};
    char hex[HASH_HEX];
    int rc = file_read(path, FILE_MOST, &bytes, why);
    if (rc == BC_OK) {
        hash_t hash = hash_of(bytes.data ? bytes.data : "", bytes.len);
        json_object_set_new(body, "sha256", json_string(hex_write(hash.b, HASH_LEN, hex)));
    }
    buf_free(&bytes);
    return rc;
}

static int put_sent(const args_t *args, json_t *body, refusal_t *why) {
    if (!args_opt(args, "number")) return verbs_missing("number", why);
    if (!args_opt(args, "signer")) return verbs_missing("signer", why);
    char iso[11];
    day_t day;
    if (inquiry_day(args, "date", &day, why)) return BC_REFUSED;
    json_object_set_new(body, "number", json_string(args_opt(args, "number")));
    json_object_set_new(body, "date", json_string(day_iso(day, iso)));
    json_object_set_new(body, "signer", json_string(args_opt(args, "signer")));
    if (args_opt(args, "to")) json_object_set_new(body, "to", json_string(args_opt(args, "to")));
    const char *file = args_opt(args, "file");
    if (!file) return BC_OK;
    char *path = *file == '/' ? mem_str(file) : file_path(args->cwd, file); /* as its giver sees it */
    int rc = put_file(path, body, why);
    free(path);
    return rc;
}

int verb_sent(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    inquiry_t q = {0};
    json_t *body = NULL;
    int rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK && !closing_find(q.view, &q.asked, &why)) rc = BC_REFUSED;
    if (rc == BC_OK) body = closing_figures(&q.asked);
    if (rc == BC_OK) rc = put_sent(args, body, &why);
    inquiry_close(&q);
    if (rc == BC_OK) return decide_send(store, args, conf, io, "sent", body);
    json_decref(body);
    return verbs_failed(io, rc, &why);
}

int verb_restated(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q = {0};
    json_t *restated = NULL;
    int rc = inquiry_open(store, args, io, &q, &why);
    const ruled_t *closing = rc == BC_OK ? closing_find(q.view, &q.asked, &why) : NULL;
    if (closing) restated = closing_restate(q.view, &q.asked, closing, &why);
    if (restated && io->json) {
        io_json(io, restated);
    } else if (restated) {
        shown_t shown = {q.view, &q.asked, NULL, io->lang};
        table_heading(&shown, io);
        fputc('\n', io->out);
        table_restated(&shown, restated, io);
    }
    json_decref(restated);
    inquiry_close(&q);
    return restated ? EX_OK : verbs_refused(io, &why);
}

/* ---- the list ---- */

static json_t *ruled_json(const ruled_t *d) {
    const ruling_t *r = &d->says;
    json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:s}", "kind", ruling_name(r->kind), "unit", r->unit,
                          "calendar", r->calendar, "period", r->period, "position", (json_int_t)d->position,
                          "received", (json_int_t)d->received, "person", d->person);
    json_object_set_new(j, "plan", r->plan ? json_string(r->plan) : json_null());
    if (r->reason) json_object_set_new(j, "reason", json_string(r->reason));
    if (r->number) json_object_set_new(j, "number", json_string(r->number));
    if (r->kind == RULING_CLOSE) json_object_set_new(j, "figures", json_integer(r->position));
    if (r->kind == RULING_CLOSE) json_object_set_new(j, "open", json_boolean(d->ended != 0));
    return j;
}

static void print_ruled(const ruled_t *d, io_t *io) {
    static const char *const names[RULING_KINDS][2] = {[RULING_CLOSE] = {"chốt", "closed"},
                                                       [RULING_REOPEN] = {"mở lại", "reopened"},
                                                       [RULING_SENT] = {"đã gửi", "sent"}};
    char at[17];
    const ruling_t *r = &d->says;
    fprintf(io->out, "  %s  %-8s  %s %s %s  %s%s%s\n", clock_vi(d->received, at),
            tr(io->lang, names[r->kind][0], names[r->kind][1]), r->period, r->unit, r->plan ? r->plan : "*",
            d->person,
            r->number   ? ": "
            : r->reason ? ": "
                        : "",
            r->number   ? r->number
            : r->reason ? r->reason
                        : "");
}

int verb_closings(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    aggregator_t *self = store;
    refusal_t why = {0};
    view_t *view = view_new(self->store, STORE_NOW, &why);
    if (!view) return verbs_refused(io, &why);
    json_t *list = json_array();
    const rulings_t *rulings = view_rulings(view);
    for (size_t i = 0; i < rulings_count(rulings); i++) {
        const ruled_t *d = rulings_at(rulings, i);
        if (!d->holds || d->says.kind < RULING_CLOSE) continue;
        json_array_append_new(list, ruled_json(d));
        if (!io->json) print_ruled(d, io);
    }
    if (io->json) io_json(io, list);
    if (!io->json && !json_array_size(list))
        io_say(io, "Chưa chốt số liệu kỳ nào.\n", "No period is closed.\n");
    json_decref(list);
    view_free(&view);
    return EX_OK;
}
