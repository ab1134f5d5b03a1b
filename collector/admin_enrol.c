/* SPDX-License-Identifier: MPL-2.0 */
/* admin_enrol.c - verbs that make enrolment codes: for units, for all units with slips, for a new
 * computer, for consumers. */
#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/access.h"
#include "collector/admin.h"
#include "collector/registry.h"
#include "collector/slip.h"
#include "collector/spare.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/code.h"
#include "proto/keyfile.h"

/* What making codes needs to know. */
typedef struct {
    admin_t *admin;
    tree_t *tree;
    code_t code;  /* all but the token */
    json_t *keys; /* active keys by unit */
    json_t *open; /* last day of the open code by unit */
    int64_t now;
    day_t today;
} desk_t;

/* ---- what stands in every code ---- */

/* Port of an endpoint such as tcp://[::]:5671, 0 where it is left to the system. */
static long port_of(const char *endpoint) {
    const char *colon = strrchr(endpoint, ':');
    return colon ? strtol(colon + 1, NULL, 10) : 0;
}

/* host:port that agents use for enrolment, to OUT. */
static int read_endpoint(admin_t *admin, const conf_t *conf, char out[static 101], refusal_t *why) {
    char own[256] = "";
    const char *host = conf_text(conf, "public/host");
    if (!*host && !gethostname(own, sizeof own - 1)) host = own;
    long port = port_of(conf_text(conf, "listen/enrol"));
    char *bound = port ? NULL : queue_fact(admin->queue, "enrol_port");
    if (bound) port = strtol(bound, NULL, 10);
    free(bound);
    int n = strchr(host, ':') ? snprintf(out, 101, "%s", host) : snprintf(out, 101, "%s:%ld", host, port);
    if (*host && n <= 100 && (port || strchr(host, ':'))) return BC_OK;
    return refuse(why, "endpoint-unknown", "public/host",
                  "Chưa biết địa chỉ mà các đơn vị sẽ kết nối đến; hãy đặt public/host trong tệp cấu hình.",
                  "The address units will connect to is not known; set public/host in the configuration.");
}

static int read_keys(const char *dir, code_t *code, refusal_t *why) {
    char *path = file_path(dir, "server.key");
    curve_pair_t pair;
    int rc = curve_pair_load(path, &pair, why);
    if (rc == BC_OK) rc = spare_load(dir, code->successor, why);
    memcpy(code->server, pair.public_, sizeof code->server);
    sodium_memzero(&pair, sizeof pair);
    free(path);
    return rc;
}

static int count_key(void *arg, const access_key_t *k) {
    desk_t *desk = arg;
    if (k->state == KEY_ACTIVE && (!k->to || k->to > desk->now))
        json_object_set_new(desk->keys, k->unit, json_true());
    return 0;
}

static int note_open(void *arg, const access_code_t *c) {
    desk_t *desk = arg;
    if (!c->key && !c->cancelled && c->expires >= desk->today)
        json_object_set_new(desk->open, c->unit, json_integer(c->expires));
    return 0;
}

static void desk_close(desk_t *desk) {
    tree_free(&desk->tree);
    json_decref(desk->keys);
    json_decref(desk->open);
}

static int desk_open(desk_t *desk, admin_t *admin, const conf_t *conf, refusal_t *why) {
    *desk = (desk_t){.admin = admin, .keys = json_object(), .open = json_object(), .now = clock_wall_ms()};
    desk->today = clock_day(desk->now);
    desk->code.expires = desk->today + (day_t)conf_int(conf, "code/days");
    desk->tree = admin_tree(admin, why);
    int rc = desk->tree ? read_keys(admin->dir, &desk->code, why) : BC_REFUSED;
    if (rc == BC_OK) rc = read_endpoint(admin, conf, desk->code.endpoint, why);
    if (rc == BC_OK &&
        (queue_key_each(admin->queue, count_key, desk) || queue_code_each(admin->queue, note_open, desk)))
        rc = refuse(why, "disk", "queue.db", "Không đọc được kho dữ liệu.", "The store cannot be read.");
    if (rc) desk_close(desk);
    return rc;
}

/* ---- making codes ---- */

/* A code that is open is not doubled unawares: whoever has the first slip would be shut out without a
 * word. */
static int check_open(const desk_t *desk, const char *name, int again, refusal_t *why) {
    const json_t *until = json_object_get(desk->open, name);
    char day[11];
    if (!until || again) return BC_OK;
    return refuse(
        why, "code-open", name,
        "%s đang có mã ghi danh dùng được đến hết ngày %s; thêm --again để hủy mã đó và cấp mã mới.",
        "%s has a code that is good until %s; --again cancels it and makes a new one.", name,
        day_vi((day_t)json_integer_value(until), day));
}

/* Inside a transaction: cancels NAME's open codes and makes one, its text appended to TEXT. */
static int make_code(desk_t *desk, const char *name, int consumer, int may_decide, buf_t *text) {
    access_code_t c = {
        .consumer = consumer, .may_decide = may_decide, .expires = desk->code.expires, .made = desk->now};
    randombytes_buf(desk->code.token, sizeof desk->code.token);
    memcpy(c.token, desk->code.token, sizeof c.token);
    snprintf(c.unit, sizeof c.unit, "%s", name);
    int rc = queue_code_cancel(desk->admin->queue, name);
    if (rc == BC_OK) rc = queue_code_add(desk->admin->queue, &c);
    code_write(&desk->code, 8, text);
    return rc;
}

static json_t *made_json(const desk_t *desk, const char *kind, const char *name, const char *text) {
    char day[11];
    return json_pack("{ss ss ss}", kind, name, "code", text, "expires", day_iso(desk->code.expires, day));
}

static void say_made(io_t *io, const json_t *made) {
    const char *unit = json_text(made, "unit");
    char day[11];
    day_vi(day_parse(json_text(made, "expires")), day);
    io_say(io, "Mã ghi danh của %s, dùng một lần, đến hết ngày %s:\n\n%s\n\n",
           "Enrolment code of %s, good once until the end of %s:\n\n%s\n\n",
           unit ? unit : json_text(made, "consumer"), day, json_text(made, "code"));
}

/* ---- files and slips ---- */

static const char *above_of(const desk_t *desk, const char *unit) {
    const char *parent = unit_parent(tree_get(desk->tree, unit), desk->today);
    return parent ? parent : "";
}

/* The top of the unit's tree is whom the officer asks. */
static const unit_t *top_of(const desk_t *desk, const char *unit) {
    const unit_t *u = tree_get(desk->tree, unit);
    for (size_t i = 0; i < 32; i++) {
        const char *parent = unit_parent(u, desk->today);
        const unit_t *above = parent ? tree_get(desk->tree, parent) : NULL;
        if (!above) break;
        u = above;
    }
    return u;
}

static void slip_of(const desk_t *desk, const json_t *made, buf_t *out) {
    const char *unit = json_text(made, "unit"), *above = above_of(desk, unit);
    const unit_t *top = top_of(desk, unit);
    slip_t slip = {.federation = unit_name(top, desk->today),
                   .phone = json_text(json_object_get(unit_json(top), "contact"), "phone"),
                   .unit = unit,
                   .name = unit_name(tree_get(desk->tree, unit), desk->today),
                   .above = *above ? unit_name(tree_get(desk->tree, above), desk->today) : NULL,
                   .code = json_text(made, "code"),
                   .expires = desk->code.expires};
    slip_write(&slip, out);
}

static void out_file(io_t *io, const char *dir, const char *name, const char *suffix, const buf_t *content) {
    char *path = mem_printf("%s/%s%s", dir, name, suffix);
    io_file(io, path, content->data, content->len, 0600);
    free(path);
}

typedef struct {
    buf_t text;
    char above[UNIT_CODE];
} pile_t;

/* The pile of slips that goes out through a unit's upper-level union. */
static pile_t *pile_of(pile_t **piles, size_t *count, const char *above) {
    for (size_t i = 0; i < *count; i++)
        if (!strcmp((*piles)[i].above, above)) return &(*piles)[i];
    *piles = mem_grow(*piles, (*count + 1) * sizeof **piles);
    pile_t *pile = &(*piles)[(*count)++];
    *pile = (pile_t){0};
    snprintf(pile->above, sizeof pile->above, "%s", above);
    return pile;
}

static void write_files(const desk_t *desk, io_t *io, const json_t *all, const char *dir) {
    pile_t *piles = NULL;
    size_t i, count = 0;
    json_t *made;
    buf_t text = {0};
    json_array_foreach(all, i, made) {
        const char *unit = json_text(made, "unit");
        buf_printf(&text, "%s\n", json_text(made, "code"));
        out_file(io, dir, unit, ".code", &text);
        buf_clear(&text);
        slip_of(desk, made, &text);
        out_file(io, dir, unit, ".txt", &text);
        pile_t *pile = pile_of(&piles, &count, above_of(desk, unit));
        if (pile->text.len) buf_puts(&pile->text, "\f\n");
        buf_add(&pile->text, text.data, text.len);
        buf_clear(&text);
    }
    char *under = mem_printf("%s/theo-cap-tren", dir);
    for (i = 0; i < count; i++) {
        out_file(io, under, piles[i].above[0] ? piles[i].above : "khong-co-cap-tren", ".txt", &piles[i].text);
        buf_free(&piles[i].text);
    }
    free(under);
    free(piles);
    buf_free(&text);
}

/* ---- enrol ---- */

/* The units of the command line, or with --all those that need a code; borrowed from the tree. NULL with
 * WHY. */
static json_t *wanted(desk_t *desk, const args_t *args, refusal_t *why) {
    int all = args_opt(args, "all") != NULL, again = args_opt(args, "again") != NULL;
    json_t *units = json_array();
    int rc = BC_OK;
    if (all == (args->argc > 0) || (all && !args_opt(args, "out")))
        rc = refuse(why, "option-missing", "all", "Hãy ghi mã các đơn vị, hoặc --all cùng với --out DIR.",
                    "Name units, or give --all together with --out DIR.");
    for (int i = 0; i < args->argc && rc == BC_OK; i++) {
        rc = admin_unit(desk->tree, args->argv[i], why) ? check_open(desk, args->argv[i], again, why)
                                                        : BC_REFUSED;
        json_array_append_new(units, json_string(args->argv[i]));
    }
    for (size_t i = 0; all && rc == BC_OK && i < tree_count(desk->tree); i++) {
        const unit_t *u = tree_at(desk->tree, i);
        int served = json_object_get(desk->keys, unit_code(u)) || json_object_get(desk->open, unit_code(u));
        if (unit_open_on(u, desk->today) && (again || !served))
            json_array_append_new(units, json_string(unit_code(u)));
    }
    if (rc == BC_OK) return units;
    json_decref(units);
    return NULL;
}

static int make_all(desk_t *desk, const json_t *units, json_t *all) {
    size_t i;
    json_t *unit;
    int rc = BC_OK;
    buf_t text = {0};
    json_array_foreach(units, i, unit) {
        buf_clear(&text);
        if (rc == BC_OK) rc = make_code(desk, json_string_value(unit), 0, 0, &text);
        if (rc == BC_OK)
            json_array_append_new(all, made_json(desk, "unit", json_string_value(unit), text.data));
    }
    buf_free(&text);
    return rc;
}

static void say_all(const desk_t *desk, const args_t *args, io_t *io, const json_t *all) {
    const char *dir = args_opt(args, "out");
    size_t i;
    json_t *made;
    if (dir) write_files(desk, io, all, dir);
    if (io->json) {
        io_json(io, all);
    } else if (json_array_size(all) == 0) {
        io_say(io, "Mọi đơn vị đã ghi danh hoặc đang có mã dùng được; --again để hủy mã cũ và cấp mã mới.\n",
               "Every unit is enrolled or has a code; --again cancels the old ones and makes new ones.\n");
    } else if (dir) {
        io_say(io,
               "Đã cấp %zu mã. Trong \"%s\": mỗi đơn vị một tệp .code và một phiếu .txt;\n"
               "theo-cap-tren/ gộp phiếu theo từng công đoàn cấp trên để giao.\n"
               "Các máy sẽ ghi danh qua %s.\n",
               "%zu codes made. In \"%s\": one .code file and one .txt slip a unit;\n"
               "theo-cap-tren/ holds the slips by upper-level union, to hand out.\n"
               "Computers will enrol at %s.\n",
               json_array_size(all), dir, desk->code.endpoint);
    } else {
        json_array_foreach(all, i, made) say_made(io, made);
    }
}

int admin_enrol(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    admin_t *admin = store;
    refusal_t why = {0};
    desk_t desk;
    if (desk_open(&desk, admin, conf, &why)) return admin_refused(io, &why);
    json_t *units = wanted(&desk, args, &why), *all = json_array();
    int status;
    if (units) {
        int rc = queue_begin(admin->queue);
        if (rc == BC_OK) rc = make_all(&desk, units, all);
        status = admin_end(admin, io, rc, 0, NULL);
        if (!status) say_all(&desk, args, io, all);
    } else {
        status = admin_refused(io, &why);
    }
    json_decref(units);
    json_decref(all);
    desk_close(&desk);
    return status;
}

/* ---- handover ---- */

int admin_handover(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    admin_t *admin = store;
    refusal_t why = {0};
    desk_t desk;
    const char *unit = args->argv[0];
    if (desk_open(&desk, admin, conf, &why)) return admin_refused(io, &why);
    int status;
    if (admin_unit(desk.tree, unit, &why)) {
        buf_t text = {0};
        access_end_t end = {.name = unit, .by = args->person};
        int revoked = 0, rc = queue_begin(admin->queue);
        if (rc == BC_OK) rc = access_revoke(admin->queue, &end, desk.now, &revoked);
        if (rc == BC_OK) rc = make_code(&desk, unit, 0, 0, &text);
        status = admin_end(admin, io, rc, REGISTRY_ACCESS, NULL);
        json_t *made = made_json(&desk, "unit", unit, text.data);
        json_object_set_new(made, "revoked", json_integer(revoked));
        if (!status && io->json) io_json(io, made);
        if (!status && !io->json) {
            io_say(io, "Đã thu hồi %d khóa của %s.\n", "%d keys of %s were revoked.\n", revoked, unit);
            say_made(io, made);
        }
        json_decref(made);
        buf_free(&text);
    } else {
        status = admin_refused(io, &why);
    }
    desk_close(&desk);
    return status;
}

/* ---- consumer add ---- */

/* Lower-case, so that it never is a unit's code. */
static int check_name(const char *name, refusal_t *why) {
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (n && n <= 32 && !name[n] && islower((unsigned char)name[0])) return BC_OK;
    return refuse(
        why, "consumer-name", "NAME",
        "Tên \"%s\" không hợp lệ: dùng chữ thường không dấu, chữ số và gạch ngang, tối đa 32 ký tự.",
        "The name \"%s\" is not valid: lower-case letters, digits and hyphens, at most 32.", name);
}

/* Whose matters a consumer may decide: --for, a unit that is there; NULL for all. */
static int read_scope(const desk_t *desk, const args_t *args, const char **scope, refusal_t *why) {
    *scope = args_opt(args, "for");
    if (!*scope) return BC_OK;
    if (!args_opt(args, "may-decide"))
        return refuse(why, "option-missing", "may-decide", "--for chỉ dùng cùng với --may-decide.",
                      "--for goes with --may-decide.");
    return admin_unit(desk->tree, *scope, why) ? BC_OK : BC_REFUSED;
}

static int grant_scope(const desk_t *desk, const access_note_t *consumer, const char *unit) {
    access_grant_t grant = {.subtree = 1, .from = DAY_NONE, .to = DAY_NONE};
    access_note_t note = {
        .what = "granted", .name = consumer->name, .consumer = 1, .grant = &grant, .by = consumer->by};
    strcpy(grant.holder, consumer->name); /* both are at most 32 characters */
    strcpy(grant.unit, unit);
    int rc = queue_grant_add(desk->admin->queue, &grant);
    return rc ? rc : access_append(desk->admin->queue, &note, desk->now);
}

int admin_consumer_add(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    admin_t *admin = store;
    refusal_t why = {0};
    desk_t desk;
    const char *name = args->argv[0], *scope;
    if (check_name(name, &why) || desk_open(&desk, admin, conf, &why)) return admin_refused(io, &why);
    if (check_open(&desk, name, args_opt(args, "again") != NULL, &why) ||
        read_scope(&desk, args, &scope, &why)) {
        desk_close(&desk);
        return admin_refused(io, &why);
    }
    buf_t text = {0};
    access_note_t note = {.what = "consumer", .name = name, .consumer = 1, .by = args->person};
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = make_code(&desk, name, 1, args_opt(args, "may-decide") != NULL, &text);
    if (rc == BC_OK) rc = access_append(admin->queue, &note, desk.now);
    if (rc == BC_OK && scope) rc = grant_scope(&desk, &note, scope);
    int status = admin_end(admin, io, rc, REGISTRY_ACCESS, NULL);
    json_t *made = made_json(&desk, "consumer", name, text.data);
    if (!status && io->json) io_json(io, made);
    if (!status && !io->json) say_made(io, made);
    json_decref(made);
    buf_free(&text);
    desk_close(&desk);
    return status;
}
