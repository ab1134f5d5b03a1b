/* SPDX-License-Identifier: MPL-2.0 */
/* admin_unit.c - verbs about units: importing their list, showing it, writing to them. */
#include <stdlib.h>
#include <string.h>

#include "collector/admin.h"
#include "collector/registry.h"
#include "collector/unit_csv.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

#define SHOWN_NEW 20 /* new units named one by one; a first import has thousands */

/* ---- unit import ---- */

static const char *field_vi(const char *field) {
    static const char *const words[][2] = {{"names", "tên"},
                                           {"parents", "cấp trên"},
                                           {"kind", "loại"},
                                           {"opened", "từ ngày"},
                                           {"closed", "đến ngày"},
                                           {"expected", "phải báo cáo"},
                                           {"contact", "liên hệ"},
                                           {"groups", "nhóm"},
                                           {"decision", "số quyết định"},
                                           {"successors", "đơn vị kế tục"},
                                           {"custody", "tạm giao"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(words[i][0], field)) return words[i][1];
    return field;
}

static void say_change(io_t *io, const json_t *change) {
    const json_t *names = json_object_get(json_object_get(change, "record"), "names");
    const char *name = json_text(json_array_get(names, json_array_size(names) - 1), "name");
    if (json_bool(change, "new", 0)) {
        io_say(io, "  mới       %-14s %s\n", "  new       %-14s %s\n", json_text(change, "unit"), name);
        return;
    }
    io_say(io, "  thay đổi  %-14s %s:", "  changed   %-14s %s:", json_text(change, "unit"), name);
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(change, "fields"), i, field) {
        const char *word = json_string_value(field);
        fprintf(io->out, "%s %s", i ? "," : "", tr(io->lang, field_vi(word), word));
    }
    fputc('\n', io->out);
}

static void say_changes(io_t *io, const json_t *read, int dry) {
    size_t i, fresh = 0, changed = 0;
    json_t *change, *note;
    json_array_foreach(json_object_get(read, "notes"), i, note)
        io_say(io, "Lưu ý, dòng %lld: %s.\n", "Note, row %lld: %s.\n", (long long)json_int(note, "row", 0),
               json_text(note, tr(io->lang, "vi", "en")));
    json_array_foreach(json_object_get(read, "changes"), i, change) {
        int is_new = json_bool(change, "new", 0);
        fresh += (size_t)is_new;
        changed += (size_t)!is_new;
        if (!is_new || fresh <= SHOWN_NEW) say_change(io, change);
    }
    if (fresh > SHOWN_NEW)
        io_say(io, "  … và %zu đơn vị mới khác\n", "  … and %zu more new units\n", fresh - SHOWN_NEW);
    io_say(io, "%sMới %zu, thay đổi %zu, không đổi %lld.\n", "%sNew %zu, changed %zu, unchanged %lld.\n",
           dry ? tr(io->lang, "Thử, chưa ghi gì. ", "Trial, nothing was stored. ") : "", fresh, changed,
           (long long)json_int(read, "same", 0));
}

static void say_problem(io_t *io, const json_t *p) {
    long long row = (long long)json_int(p, "row", 0);
    if (io->lang == LANG_EN)
        fprintf(io->err, "row %lld, column \"%s\": %s\n", row, json_text(p, "column"), json_text(p, "en"));
    else
        fprintf(io->err, "dòng %lld, cột \"%s\": %s\n", row, json_text(p, "column"), json_text(p, "vi"));
}

/* Every fault at once, so that the file is mended once. */
static int say_problems(io_t *io, const json_t *read) {
    const json_t *problems = json_object_get(read, "problems");
    size_t i;
    json_t *p;
    if (io->json) {
        io_json(io, read);
        return rc_exit(BC_REFUSED);
    }
    json_array_foreach(problems, i, p) say_problem(io, p);
    refusal_t why = {0};
    refuse(&why, "import-refused", NULL, "Có %zu lỗi; chưa ghi đơn vị nào. Hãy sửa tệp rồi nhập lại.",
           "Faults found: %zu; no unit was stored. Mend the file and import it again.",
           json_array_size(problems));
    return admin_refused(io, &why);
}

static int append_units(admin_t *admin, const json_t *changes, const char *by, int64_t now) {
    size_t i;
    json_t *change;
    int rc = BC_OK;
    json_array_foreach(changes, i, change) {
        char *text = json_canonical(json_object_get(change, "record"));
        entry_t e = {.kind = "unit", .received = now, .unit = json_text(change, "unit"), .by = by};
        if (rc == BC_OK) rc = queue_append(admin->queue, &e, text, strlen(text));
        free(text);
    }
    return rc;
}

static int store_units(admin_t *admin, const args_t *args, io_t *io, const json_t *changes) {
    if (!json_array_size(changes)) return 0;
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = append_units(admin, changes, args->person, clock_wall_ms());
    return admin_end(admin, io, rc, REGISTRY_UNITS, NULL);
}

int admin_unit_import(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    tree_t *tree = admin_tree(admin, &why);
    if (!tree) return admin_refused(io, &why);
    int dry = args_opt(args, "dry-run") != NULL, status;
    json_t *read = unit_csv_read(io->input.data, io->input.len, tree, clock_day(clock_wall_ms()), &why);
    tree_free(&tree);
    if (!read) return admin_refused(io, &why);
    if (json_array_size(json_object_get(read, "problems"))) {
        status = say_problems(io, read);
    } else {
        status = dry ? 0 : store_units(admin, args, io, json_object_get(read, "changes"));
        if (!status && io->json) io_json(io, read);
        if (!status && !io->json) say_changes(io, read, dry);
    }
    json_decref(read);
    return status;
}

/* ---- unit list ---- */

static int count_key(void *arg, const access_key_t *k) {
    if (!k->consumer && k->state == KEY_ACTIVE)
        json_object_set_new(arg, k->unit, json_integer(json_int(arg, k->unit, 0) + 1));
    return 0;
}

static json_t *unit_row(const unit_t *u, day_t today, const json_t *keys) {
    json_t *row = json_pack("{ss ss ss sb sb sI}", "unit", unit_code(u), "kind", unit_kind(u), "name",
                            unit_name(u, today), "expected", unit_expected(u), "open", unit_open_on(u, today),
                            "keys", (json_int_t)json_int(keys, unit_code(u), 0));
    const char *parent = unit_parent(u, today);
    json_object_set_new(row, "parent", parent ? json_string(parent) : json_null());
    static const char *const links[] = {"successors", "custody"};
    for (int i = 0; i < 2; i++) {
        json_t *list = json_object_get(unit_json(u), links[i]);
        if (list) json_object_set(row, links[i], list);
    }
    return row;
}

static void say_row(io_t *io, const json_t *row) {
    const char *parent = json_text(row, "parent");
    const char *state = !json_bool(row, "open", 0) ? tr(io->lang, "không hoạt động", "not open")
                        : json_int(row, "keys", 0) ? tr(io->lang, "đã ghi danh", "enrolled")
                                                   : tr(io->lang, "chưa ghi danh", "not enrolled");
    fprintf(io->out, "%-14s %-15s %-14s %-3s %-16s %s\n", json_text(row, "unit"), json_text(row, "kind"),
            parent ? parent : "-", json_bool(row, "expected", 0) ? "x" : "", state, json_text(row, "name"));
}

int admin_unit_list(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    tree_t *tree = admin_tree(admin, &why);
    if (!tree) return admin_refused(io, &why);
    const char *under = args_opt(args, "under");
    if (under && !admin_unit(tree, under, &why)) {
        tree_free(&tree);
        return admin_refused(io, &why);
    }
    day_t today = clock_day(clock_wall_ms());
    json_t *keys = json_object(), *rows = json_array();
    int rc = queue_key_each(admin->queue, count_key, keys);
    for (size_t i = 0; i < tree_count(tree); i++) {
        const unit_t *u = tree_at(tree, i);
        if (under && !tree_under(tree, unit_code(u), under, today)) continue;
        json_array_append_new(rows, unit_row(u, today, keys));
    }
    if (rc) admin->broken = rc;
    size_t i;
    json_t *row;
    if (!rc && io->json) io_json(io, rows);
    if (!rc && !io->json) json_array_foreach(rows, i, row) say_row(io, row);
    json_decref(keys);
    json_decref(rows);
    tree_free(&tree);
    return rc_exit(rc);
}

/* ---- notice ---- */

/* Body of a notice to the units of the command line, new text. NULL with WHY. */
static char *notice_body(admin_t *admin, const args_t *args, refusal_t *why) {
    const char *subject = args_opt(args, "subject"), *text = args_opt(args, "text");
    if (!subject || !text || !*subject || !*text) {
        refuse(why, "option-missing", "text", "Hãy ghi --subject và --text.", "Give --subject and --text.");
        return NULL;
    }
    tree_t *tree = admin_tree(admin, why);
    if (!tree) return NULL;
    int known = 1;
    json_t *to = json_array();
    for (int i = 0; i < args->argc && known; i++) {
        known = admin_unit(tree, args->argv[i], why) != NULL;
        json_array_append_new(to, json_string(args->argv[i]));
    }
    tree_free(&tree);
    json_t *j = json_pack("{so ss ss ss}", "to", to, "subject", subject, "text", text, "kind", "notice");
    char *body = known && j ? json_canonical(j) : NULL;
    json_decref(j);
    return body;
}

int admin_notice(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    char *body = notice_body(admin, args, &why);
    if (!body) return admin_refused(io, &why);
    entry_t e = {.kind = "notice", .received = clock_wall_ms(), .by = args->person};
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = queue_append(admin->queue, &e, body, strlen(body));
    free(body);
    int status = admin_end(admin, io, rc, 0, NULL);
    if (!status)
        io_say(io, "Đã ghi thông báo cho %d đơn vị.\n", "The notice to %d units is recorded.\n", args->argc);
    return status;
}
