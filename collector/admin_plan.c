/* SPDX-License-Identifier: MPL-2.0 */
/* admin_plan.c - verbs that publish plans and list them. */
#include <stdlib.h>
#include <string.h>

#include "collector/admin.h"
#include "collector/registry.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

/* ---- plan publish ---- */

typedef struct {
    const char *number;
    int highest;
    char *text; /* newest published */
} search_t;

static int match_plan(void *arg, const char *json, size_t n, int64_t position) {
    (void)position;
    search_t *search = arg;
    refusal_t why = {0};
    json_t *j = json_read(json, n, &why);
    const char *number = json_text(j, "plan");
    int version = (int)json_int(j, "version", 0);
    if (number && !strcmp(number, search->number) && version > search->highest) {
        free(search->text);
        search->text = mem_strn(json, n);
        search->highest = version;
    }
    json_decref(j);
    return 0;
}

/* 1 where PLAN is the next version, 0 where the same stands there already, else refused. */
static int check_version(const plan_t *plan, const char *text, const search_t *known, refusal_t *why) {
    int version = plan_version(plan), next = known->highest + 1;
    if (version == known->highest && !strcmp(text, known->text)) return 0;
    if (version == next) return 1;
    if (version == known->highest)
        return refuse(
            why, "plan-version", "version",
            "Kế hoạch %s phiên bản %d đã công bố với nội dung khác; nội dung mới phải là phiên bản %d.",
            "Plan %s version %d is published with other content; what changed must be version %d.",
            plan_number(plan), version, next);
    return refuse(why, "plan-version", "version",
                  "Phiên bản tiếp theo của kế hoạch %s phải là %d, không phải %d.",
                  "The next version of plan %s must be %d, not %d.", plan_number(plan), next, version);
}

static void say_plan(io_t *io, const plan_t *plan, int fresh) {
    const json_t *j = plan_json(plan);
    if (io->json) {
        json_t *out =
            json_pack("{ss si sb}", "plan", plan_number(plan), "version", plan_version(plan), "new", fresh);
        io_json(io, out);
        json_decref(out);
        return;
    }
    if (!fresh) {
        io_say(io, "Kế hoạch %s phiên bản %d đã công bố đúng như vậy; không có gì mới.\n",
               "Plan %s version %d is published just so; nothing is new.\n", plan_number(plan),
               plan_version(plan));
        return;
    }
    io_say(io, "Đã công bố kế hoạch %s, phiên bản %d: %s\n", "Published plan %s, version %d: %s\n",
           plan_number(plan), plan_version(plan), plan_title(plan, io->lang));
    io_say(io, "%zu chỉ tiêu, %zu kiểm tra, %zu hình thức, %zu nội dung; kỳ báo cáo: %s (%s).\n",
           "%zu measures, %zu checks, %zu forms, %zu topics; reported by %s (%s).\n", plan_measures(plan),
           plan_checks(plan), json_array_size(json_object_get(j, "forms")),
           json_array_size(json_object_get(j, "topics")), plan_period_kind(plan),
           calendar_id(plan_calendar(plan)));
}

static int publish(admin_t *admin, const args_t *args, io_t *io, const plan_t *plan, const char *text) {
    refusal_t why = {0};
    search_t known = {.number = plan_number(plan)};
    int rc = queue_plan_each(admin->queue, match_plan, &known);
    int fresh = rc ? rc : check_version(plan, text, &known, &why);
    free(known.text);
    if (rc) admin->broken = rc;
    if (rc) return rc_exit(rc);
    if (fresh < 0) return admin_refused(io, &why);
    int status = 0;
    if (fresh) {
        entry_t e = {.kind = "plan", .received = clock_wall_ms(), .by = args->person};
        rc = queue_begin(admin->queue);
        if (rc == BC_OK) rc = queue_append(admin->queue, &e, text, strlen(text));
        status = admin_end(admin, io, rc, REGISTRY_PLANS, NULL);
    }
    if (!status) say_plan(io, plan, fresh);
    return status;
}

int admin_plan_publish(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    char *text = plan_complete(io->input.data, io->input.len, &why);
    plan_t *plan = text ? plan_read(text, strlen(text), &why) : NULL;
    int status = plan ? publish(store, args, io, plan, text) : admin_refused(io, &why);
    plan_free(&plan);
    free(text);
    return status;
}

/* ---- plan list ---- */

static int list_plan(void *arg, const char *json, size_t n, int64_t position) {
    refusal_t why = {0};
    json_t *j = json_read(json, n, &why);
    json_array_append_new(arg,
                          json_pack("{sO sO sO sO sI}", "plan", json_object_get(j, "plan"), "version",
                                    json_object_get(j, "version"), "issued", json_object_get(j, "issued"),
                                    "title", json_object_get(j, "title"), "position", (json_int_t)position));
    json_decref(j);
    return 0;
}

int admin_plan_list(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    admin_t *admin = store;
    json_t *rows = json_array(), *row;
    int rc = queue_plan_each(admin->queue, list_plan, rows);
    size_t i;
    if (rc) admin->broken = rc;
    if (!rc && io->json) io_json(io, rows);
    if (!rc && !io->json) json_array_foreach(rows, i, row) {
            const json_t *title = json_object_get(row, "title");
            const char *text = json_text(title, tr(io->lang, "vi", "en"));
            fprintf(io->out, "%-20s %3lld  %s  %s\n", json_text(row, "plan"),
                    (long long)json_int(row, "version", 0), json_text(row, "issued"),
                    text ? text : json_text(title, "vi"));
        }
    json_decref(rows);
    return rc_exit(rc);
}
