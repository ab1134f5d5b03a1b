/* SPDX-License-Identifier: MPL-2.0 */
/* admin_held.c - verbs about held documents: looking at them, taking them, not taking them. */
#include <stdlib.h>
#include <string.h>

#include "collector/admin.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

/* The number in the command line; 0 where it is none, which no held document has. */
static int64_t number(const args_t *args) {
    char *end;
    long long n = strtoll(args->argv[0], &end, 10);
    return *end || n < 0 ? 0 : n;
}

static int unknown(io_t *io, const args_t *args) {
    refusal_t why = {0};
    refuse(&why, "held-unknown", NULL, "Không có báo cáo chờ xử lý số %s; xem \"held list\".",
           "There is no held document number %s; see \"held list\".", args->argv[0]);
    return admin_refused(io, &why);
}

static json_t *row_of(const held_t *h) {
    char id[UUID_TEXT], at[25];
    return json_pack("{sI ss si ss sI ss ss ss ss}", "held", (json_int_t)h->n, "id", uuid_text(&h->id, id),
                     "rev", h->rev, "unit", h->unit, "key", (json_int_t)h->key, "received",
                     clock_iso(h->received, at), "code", h->why.code, "vi", h->why.vi, "en", h->why.en);
}

static int take_row(void *arg, const held_t *h) {
    json_array_append_new(arg, row_of(h));
    return 0;
}

int admin_held_list(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    admin_t *admin = store;
    json_t *rows = json_array(), *row;
    int rc = queue_held_each(admin->queue, take_row, rows);
    size_t i;
    if (rc) admin->broken = rc;
    if (!rc && io->json) io_json(io, rows);
    if (!rc && !io->json && !json_array_size(rows))
        io_say(io, "Không có báo cáo nào chờ xử lý.\n", "No document is held.\n");
    if (!rc && !io->json)
        json_array_foreach(rows, i, row)
            fprintf(io->out, "%5lld  %-14s %s rev %lld  %s  %s\n", (long long)json_int(row, "held", 0),
                    json_text(row, "unit"), json_text(row, "id"), (long long)json_int(row, "rev", 0),
                    json_text(row, "received"), json_text(row, "code"));
    json_decref(rows);
    return rc_exit(rc);
}

static int show(void *arg, const held_t *h) {
    io_t *io = arg;
    json_t *row = row_of(h), *body = json_loadb(h->body, h->body_len, 0, NULL);
    json_object_set_new(row, "document", body ? body : json_null());
    char *text = io->json ? json_canonical(row) : json_pretty(row);
    fprintf(io->out, "%s\n", text);
    free(text);
    json_decref(row);
    return 0;
}

int admin_held_show(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    int rc = queue_held_get(admin->queue, number(args), show, io);
    if (rc == BC_NOTFOUND) return unknown(io, args);
    if (rc) admin->broken = rc;
    return rc_exit(rc);
}

int admin_held_release(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    int64_t position = 0;
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK)
        rc = queue_held_release(admin->queue, number(args), args->person, clock_wall_ms(), &position, &why);
    int status = admin_end(admin, io, rc, 0, &why);
    if (!status)
        io_say(io, "Đã ghi vào sổ nhận ở vị trí %lld, là bản mới nhất của báo cáo.\n",
               "Taken into the log at position %lld, as the document's newest revision.\n",
               (long long)position);
    return status;
}

int admin_held_discard(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    const char *reason = admin_reason(args, &why);
    if (!reason) return admin_refused(io, &why);
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK)
        rc = queue_held_discard(admin->queue, number(args), args->person, reason, clock_wall_ms(), &why);
    int status = admin_end(admin, io, rc, 0, &why);
    if (!status)
        io_say(io, "Đã ghi: không nhận báo cáo số %s.\n", "Recorded: held document %s is not taken.\n",
               args->argv[0]);
    return status;
}
