/* SPDX-License-Identifier: MPL-2.0 */
/* verb_link.c - decisions on which activities are one event. */
#include "aggregator/joint.h"
#include "aggregator/verbs.h"
#include "proto/base/rc.h"

typedef struct {
    const view_t *view;
    int guest; /* it is part of another's event */
} standing_t;

static int look_standing(void *arg, const row_t *row) {
    standing_t *s = arg;
    fact_t fact;
    if (row->kind != ROW_ACTIVITY) return BC_OK;
    if (fact_read(row->body, row->body_len, &fact)) return BC_CORRUPT;
    s->guest = joint_is_guest(s->view, row, &fact);
    return s->guest < 0 ? s->guest : 1;
}

/* A live activity; a host must not be part of another's event. */
static int check_activity(const view_t *view, const char *text, int host, refusal_t *why) {
    uuid_bc_t id;
    standing_t s = {.view = view};
    int known = uuid_parse(text, &id) == BC_OK;
    int rc = known ? store_document_at(view_store(view), &id, STORE_NOW, look_standing, &s) : 0;
    if (rc < 0) return rc;
    if (!rc)
        return refuse(why, "report-none", text, "Không có hoạt động nào mang mã %s đang có hiệu lực.",
                      "There is no live activity %s.", text);
    if (!host || !s.guest) return BC_OK;
    return refuse(why, "joint-host", text,
                  "Hoạt động %s đã thuộc sự kiện của đơn vị khác, không thể là chủ trì.",
                  "The activity %s is part of another's event; it can not be the host.", text);
}

static int link_of(void *store, const args_t *args, const conf_t *conf, io_t *io, int first_guest) {
    aggregator_t *self = store;
    refusal_t why = {0};
    view_t *view = view_new(self->store, STORE_NOW, &why);
    int rc = view ? BC_OK : BC_REFUSED;
    json_t *guests = json_array(), *body = json_pack("{s:O}", "guests", guests);
    for (int i = 0; i < args->argc && rc == BC_OK; i++) {
        rc = check_activity(view, args->argv[i], i < first_guest, &why);
        if (i < first_guest) {
            json_object_set_new(body, "host", json_string(args->argv[i]));
        } else {
            json_array_append_new(guests, json_string(args->argv[i]));
        }
    }
    view_free(&view);
    ruling_t unused;
    if (rc == BC_OK) rc = ruling_read("link", body, &unused, &why); /* an id named twice */
    json_decref(guests);
    if (rc == BC_OK) return decide_send(store, args, conf, io, "link", body);
    json_decref(body);
    return verbs_failed(io, rc, &why);
}

int verb_link(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    return link_of(store, args, conf, io, 1);
}

int verb_unlink(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    return link_of(store, args, conf, io, 0);
}
