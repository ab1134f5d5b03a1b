/* SPDX-License-Identifier: MPL-2.0 */
/* show_plan.c - the plans on this computer, as the officer needs them for a table. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/show.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

static int is_newest(const plans_t *plans, const plan_t *plan) {
    return plans_get(plans, plan_number(plan), 0) == plan;
}

static void print_line(const plan_t *plan, io_t *io) {
    show_padded(io->out, plan_number(plan), 20);
    fprintf(io->out, "  %s\n", plan_title(plan, io->lang));
}

/* The elements of the array KEY, by their id. */
static void print_named(const plan_t *plan, const char *key, const char *id, io_t *io) {
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(plan_json(plan), key), i, one) {
        const char *en = json_text(one, "en"), *vi = json_text(one, "vi");
        fputs("  ", io->out);
        show_padded(io->out, json_text(one, id), 20);
        fprintf(io->out, "  %s\n", io->lang == LANG_EN && en ? en : vi);
    }
}

static void print_measures(const plan_t *plan, int where, io_t *io) {
    for (size_t i = 0; i < plan_measures(plan); i++) {
        const measure_t *m = plan_measure_at(plan, i);
        if (!(m->in & where)) continue;
        fputs("  ", io->out);
        show_padded(io->out, m->id, 20);
        fprintf(io->out, "  %s (%s)%s\n", tr(io->lang, m->vi, m->en), tr(io->lang, m->unit_vi, m->unit_en),
                m->required ? tr(io->lang, ", bắt buộc", ", required") : "");
    }
}

/* The period under way and until when it is due. */
static void print_period(agent_t *agent, const plan_t *plan, io_t *io) {
    period_t p;
    char due[11], *unit = outbox_fact(agent->outbox, "unit"),
                  *kind = unit ? agent_unit_kind(agent, unit) : NULL;
    if (!calendar_holding(plan_calendar(plan), plan_period_kind(plan), clock_day(clock_wall_ms()), &p)) {
        char *label = calendar_label(plan_calendar(plan), &p, io->lang);
        day_vi(plan_deadline(plan, &p, kind ? kind : ""), due);
        io_say(io, "Kỳ hiện nay: %s (%s), hạn gửi báo cáo kỳ: hết ngày %s\n",
               "Period now: %s (%s), due by the end of %s\n", label, p.id, due);
        free(label);
    }
    free(kind);
    free(unit);
}

static void print_plan(agent_t *agent, const plan_t *plan, io_t *io) {
    print_line(plan, io);
    print_period(agent, plan, io);
    io_say(io, "\nHình thức (cột \"Hình thức\"):\n", "\nForms (column \"form\"):\n");
    print_named(plan, "forms", "id", io);
    io_say(io, "\nNội dung (cột \"Nội dung\"):\n", "\nTopics (column \"topics\"):\n");
    print_named(plan, "topics", "id", io);
    io_say(io, "\nVăn bản (cột \"Văn bản\"):\n", "\nDocuments (column \"documents\"):\n");
    print_named(plan, "documents", "number", io);
    io_say(io, "\nChỉ tiêu của từng hoạt động (mỗi chỉ tiêu một cột, tiêu đề là mã hoặc tên):\n",
           "\nMeasures of an activity (a column each, under its id or name):\n");
    print_measures(plan, IN_ACTIVITY, io);
    io_say(io, "\nChỉ tiêu của báo cáo kỳ (baocao-agent submit … --set MÃ=SỐ):\n",
           "\nMeasures of a period report (baocao-agent submit … --set ID=VALUE):\n");
    print_measures(plan, IN_PERIOD, io);
}

static void all_json(const plans_t *plans, io_t *io) {
    json_t *all = json_array();
    for (size_t i = 0; i < plans_count(plans); i++)
        if (is_newest(plans, plans_at(plans, i)))
            json_array_append_new(all, json_pack("{ss si ss}", "plan", plan_number(plans_at(plans, i)),
                                                 "version", plan_version(plans_at(plans, i)), "title",
                                                 plan_title(plans_at(plans, i), io->lang)));
    io_json(io, all);
    json_decref(all);
}

int show_plan_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    const plans_t *plans = outbox_plans(agent->outbox);
    (void)conf;
    if (args->argc == 0 && io->json) {
        all_json(plans, io);
        return EX_OK;
    }
    const plan_t *plan = agent_plan(agent, args->argc ? args->argv[0] : NULL, &why);
    if (plan && io->json) {
        io_json(io, plan_json(plan));
    } else if (plan) {
        print_plan(agent, plan, io);
    } else if (strcmp(why.code, "plan-which") == 0) {
        for (size_t i = 0; i < plans_count(plans); i++)
            if (is_newest(plans, plans_at(plans, i))) print_line(plans_at(plans, i), io);
        io_say(io, "Xem một kế hoạch: baocao-agent plan \"SỐ\"\n",
               "See one of them: baocao-agent plan \"NUMBER\"\n");
    } else {
        return io_refused(io, BC_REFUSED, &why);
    }
    return EX_OK;
}
