/* SPDX-License-Identifier: MPL-2.0 */
/* agent.c - who this computer is, for whom it may enter, and under which plan. */
#include "agent/agent.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define UNITS_TOLD 500 /* PROTOCOL.md 4: a grant lists at most so many */

int agent_lock(const char *dir, int *rc, refusal_t *why) {
    int lock = ctl_lock(dir, why);
    *rc = lock >= 0 ? BC_OK : strcmp(why->code, "dir-locked") == 0 ? BC_AGAIN : BC_NOTFOUND;
    return lock;
}

char *agent_unit(agent_t *self, refusal_t *why) {
    char *unit = outbox_fact(self->outbox, "unit");
    if (!unit)
        refuse(why, "not-joined", NULL,
               "Máy này chưa ghi danh. Hãy lấy mã ghi danh do Liên đoàn cấp rồi chạy: baocao-agent join MÃ",
               "This computer is not enrolled yet. Take the code from the federation and run: baocao-agent "
               "join CODE");
    return unit;
}

static json_t *grants_of(agent_t *self) {
    char *text = outbox_fact(self->outbox, "grants");
    json_t *grants = text ? json_loads(text, 0, NULL) : NULL; /* as we wrote it: an array */
    free(text);
    return grants;
}

/* The entry [code, name, kind] of UNIT in GRANTS; NULL where there is none. Borrowed. *OPEN is set where
 * a grant has more units than could be told. */
static const json_t *told(const json_t *grants, const char *unit, int *open) {
    size_t i, k;
    json_t *grant, *entry;
    json_array_foreach(grants, i, grant) {
        const json_t *units = json_object_get(grant, "units");
        if (json_array_size(units) >= UNITS_TOLD) *open = 1;
        json_array_foreach(units, k, entry) {
            const char *code = json_string_value(json_array_get(entry, 0));
            if (code && strcmp(code, unit) == 0) return entry;
        }
    }
    return NULL;
}

int agent_may_act(agent_t *self, const char *unit) {
    char *own = outbox_fact(self->outbox, "unit");
    json_t *grants = grants_of(self);
    int open = 0, may = (own && strcmp(own, unit) == 0) || told(grants, unit, &open) || open;
    json_decref(grants);
    free(own);
    return may;
}

/* Part 1 or 2 of what was told about UNIT. */
static char *told_part(agent_t *self, const char *unit, size_t part) {
    json_t *grants = grants_of(self);
    int open = 0;
    const json_t *entry = told(grants, unit, &open);
    char *text = mem_str(json_string_value(json_array_get(entry, part)));
    json_decref(grants);
    return text;
}

char *agent_unit_name(agent_t *self, const char *unit) {
    char *name = told_part(self, unit, 1), *own = NULL;
    if (name) return name;
    own = outbox_fact(self->outbox, "unit");
    if (own && strcmp(own, unit) == 0) name = outbox_fact(self->outbox, "name");
    free(own);
    return name;
}

char *agent_unit_kind(agent_t *self, const char *unit) {
    return told_part(self, unit, 2);
}

static const plan_t *only_plan(const plans_t *plans, refusal_t *why) {
    const char *number = plan_number(plans_at(plans, 0));
    for (size_t i = 1; i < plans_count(plans); i++) {
        if (strcmp(number, plan_number(plans_at(plans, i))) == 0) continue;
        refuse(why, "plan-which", "plans",
               "Máy này có nhiều kế hoạch, hãy nói rõ kế hoạch nào (ví dụ --plan \"%s\"). Xem: baocao-agent "
               "plan",
               "There are several plans; say which one (such as --plan \"%s\"). See: baocao-agent plan",
               number);
        return NULL;
    }
    return plans_get(plans, number, 0);
}

const plan_t *agent_plan(agent_t *self, const char *number, refusal_t *why) {
    const plans_t *plans = outbox_plans(self->outbox);
    if (plans_count(plans) == 0) {
        refuse(why, "plan-none", NULL,
               "Máy này chưa nhận được kế hoạch nào nên chưa kiểm tra được báo cáo. Hãy nối mạng rồi chạy: "
               "baocao-agent "
               "send; sau đó nhập lại.",
               "No plan has reached this computer yet, so nothing can be checked. Connect it to the network, "
               "run: "
               "baocao-agent send, then enter it again.");
        return NULL;
    }
    if (!number || !*number) return only_plan(plans, why);
    const plan_t *plan = plans_get(plans, number, 0);
    if (!plan)
        refuse(
            why, "plan-unknown", "plans",
            "Máy này không có kế hoạch số \"%s\". Xem các kế hoạch đã nhận: baocao-agent plan; nếu là kế "
            "hoạch mới, "
            "hãy nối mạng và chạy: baocao-agent send",
            "There is no plan \"%s\" on this computer. See which there are: baocao-agent plan; if it is new, "
            "connect to the network and run: baocao-agent send",
            number);
    return plan;
}
