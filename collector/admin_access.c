/* SPDX-License-Identifier: MPL-2.0 */
/* admin_access.c - verbs about who may speak for whom: granting, revoking, listing keys. */
#include <stdlib.h>
#include <string.h>

#include "collector/access.h"
#include "collector/admin.h"
#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

/* ---- grant ---- */

static int read_grant(admin_t *admin, const args_t *args, access_grant_t *g, refusal_t *why) {
    const char *unit = args_opt(args, "for");
    if (!unit)
        return refuse(why, "option-missing", "for", "Hãy ghi --for MÃ: đơn vị được làm thay.",
                      "Give --for CODE: the unit it may act for.");
    int rc = admin_day(args, "from", DAY_NONE, &g->from, why);
    if (rc == BC_OK) rc = admin_day(args, "to", DAY_NONE, &g->to, why);
    tree_t *tree = rc == BC_OK ? admin_tree(admin, why) : NULL;
    if (!tree) return BC_REFUSED;
    if (!admin_unit(tree, args->argv[0], why) || !admin_unit(tree, unit, why)) rc = BC_REFUSED;
    tree_free(&tree);
    if (rc == BC_OK && g->from != DAY_NONE && g->to != DAY_NONE && g->to < g->from)
        rc = refuse(why, "option-day", "to", "Ngày --to ở trước ngày --from.",
                    "The day --to is before --from.");
    if (rc) return rc;
    snprintf(g->holder, sizeof g->holder, "%s", args->argv[0]);
    snprintf(g->unit, sizeof g->unit, "%s", unit);
    g->subtree = args_opt(args, "subtree") != NULL;
    return BC_OK;
}

int admin_grant(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    access_grant_t g = {0};
    if (read_grant(admin, args, &g, &why)) return admin_refused(io, &why);
    access_note_t note = {.what = "granted", .name = g.holder, .grant = &g, .by = args->person};
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = queue_grant_add(admin->queue, &g);
    if (rc == BC_OK) rc = access_append(admin->queue, &note, clock_wall_ms());
    int status = admin_end(admin, io, rc, REGISTRY_ACCESS, NULL);
    if (!status)
        io_say(io, "Mọi khóa của %s, kể cả khóa ghi danh sau này, được báo cáo thay cho %s%s.\n",
               "All keys of %s, those enrolled later too, may act for %s%s.\n", g.holder, g.unit,
               g.subtree ? tr(io->lang, " và các đơn vị bên dưới", " and the units under it") : "");
    return status;
}

/* ---- revoke ---- */

static int read_end(admin_t *admin, const args_t *args, access_end_t *end, refusal_t *why) {
    const char *serial = args_opt(args, "key");
    day_t until;
    int rc = admin_day(args, "on", 0, &until, why);
    if (rc) return rc;
    end->until = until;
    end->name = args->argc ? args->argv[0] : "";
    end->serial = serial ? strtoll(serial, NULL, 10) : 0;
    if ((serial != NULL) == (args->argc > 0) || (serial && end->serial < 1))
        return refuse(why, "option-missing", "key",
                      "Hãy ghi mã đơn vị (hoặc tên nơi nhận dữ liệu), hoặc --key SỐ.",
                      "Name a unit (or a consumer), or give --key SERIAL.");
    if (serial || !unit_code_ok(end->name)) return BC_OK; /* a consumer's name is lower-case */
    tree_t *tree = admin_tree(admin, why);
    rc = tree && admin_unit(tree, end->name, why) ? BC_OK : BC_REFUSED;
    tree_free(&tree);
    return rc;
}

int admin_revoke(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    access_end_t end = {.by = args->person};
    if (read_end(admin, args, &end, &why)) return admin_refused(io, &why);
    int revoked = 0, rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = access_revoke(admin->queue, &end, clock_wall_ms(), &revoked);
    if (rc == BC_OK && !end.serial) rc = queue_code_cancel(admin->queue, end.name);
    if (rc == BC_OK && end.serial && !revoked)
        rc = refuse(&why, "serial-unknown", "key", "Không có khóa đang dùng số %lld.",
                    "There is no active key %lld.", (long long)end.serial);
    int status = admin_end(admin, io, rc, REGISTRY_ACCESS, &why);
    char day[11];
    if (!status && end.until)
        io_say(io, "%d khóa hết hiệu lực sau ngày %s.\n", "%d keys end after %s.\n", revoked,
               day_vi(end.until, day));
    if (!status && !end.until) io_say(io, "Đã thu hồi %d khóa.\n", "%d keys were revoked.\n", revoked);
    return status;
}

/* ---- key list ---- */

static int take_key(void *arg, const access_key_t *k) {
    char from[25], to[25];
    json_t *row =
        json_pack("{sI ss ss ss ss sb}", "key", (json_int_t)k->serial, k->consumer ? "consumer" : "unit",
                  k->unit, "name", k->name, "state", k->state == KEY_ACTIVE ? "active" : "revoked", "from",
                  clock_iso(k->from, from), "may_decide", k->may_decide);
    if (k->to) json_object_set_new(row, "to", json_string(clock_iso(k->to, to)));
    json_array_append_new(arg, row);
    return 0;
}

static int take_code(void *arg, const access_code_t *c) {
    char day[11];
    if (!c->key && !c->cancelled && c->expires >= clock_day(clock_wall_ms()))
        json_array_append_new(arg, json_pack("{ss ss}", c->consumer ? "consumer" : "unit", c->unit, "expires",
                                             day_iso(c->expires, day)));
    return 0;
}

static int take_grant(void *arg, const access_grant_t *g) {
    char from[11], to[11];
    json_t *row = json_pack("{ss ss ss}", "holder", g->holder, "unit", g->unit, "scope",
                            g->subtree ? "subtree" : "one");
    if (g->from != DAY_NONE) json_object_set_new(row, "from", json_string(day_iso(g->from, from)));
    if (g->to != DAY_NONE) json_object_set_new(row, "to", json_string(day_iso(g->to, to)));
    json_array_append_new(arg, row);
    return 0;
}

static const char *holder(const json_t *row) {
    const char *unit = json_text(row, "unit");
    return unit ? unit : json_text(row, "consumer");
}

static void say_keys(io_t *io, const json_t *all) {
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(all, "keys"), i, row) {
        int active = !strcmp(json_text(row, "state"), "active");
        const char *to = json_text(row, "to");
        fprintf(io->out, "%6lld  %-16s %-14s %.10s..%-10.10s  %s\n", (long long)json_int(row, "key", 0),
                holder(row),
                active ? tr(io->lang, "đang dùng", "active") : tr(io->lang, "đã thu hồi", "revoked"),
                json_text(row, "from"), to ? to : "", json_text(row, "name"));
    }
    json_array_foreach(json_object_get(all, "codes"), i, row)
        io_say(io, "mã chưa dùng  %-16s hết hạn %s\n", "unused code  %-16s expires %s\n", holder(row),
               json_text(row, "expires"));
    json_array_foreach(json_object_get(all, "grants"), i, row) {
        const char *from = json_text(row, "from"), *to = json_text(row, "to");
        io_say(io, "làm thay  %s -> %s%s  %s..%s\n", "acts for  %s -> %s%s  %s..%s\n",
               json_text(row, "holder"), json_text(row, "unit"),
               strcmp(json_text(row, "scope"), "one") ? "/*" : "", from ? from : "", to ? to : "");
    }
}

int admin_key_list(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    admin_t *admin = store;
    json_t *all = json_pack("{s[] s[] s[]}", "keys", "codes", "grants");
    int rc = queue_key_each(admin->queue, take_key, json_object_get(all, "keys"));
    if (rc == BC_OK) rc = queue_code_each(admin->queue, take_code, json_object_get(all, "codes"));
    if (rc == BC_OK) rc = queue_grant_each(admin->queue, take_grant, json_object_get(all, "grants"));
    if (rc) admin->broken = rc;
    if (!rc && io->json) io_json(io, all);
    if (!rc && !io->json) say_keys(io, all);
    json_decref(all);
    return rc_exit(rc);
}
