/* SPDX-License-Identifier: MPL-2.0 */
/* inquiry.c - reads the options that say what is asked about. */
#include "aggregator/inquiry.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/decimal.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/base/text_value.h"

/* The last entry that was received up to the end of a day. */
static int at_day(const aggregator_t *self, day_t day, int64_t *out, refusal_t *why) {
    *out = store_position_by(self->store, clock_day_start(day + 1) - 1);
    if (*out > 0) return BC_OK;
    char text[11];
    return refuse(why, "position-unknown", "as-of", "Đến hết ngày %s chưa có gì trong sổ nhận.",
                  "Nothing was in the log by the end of %s.", day_vi(day, text));
}

static int read_as_of(const aggregator_t *self, const args_t *args, int64_t *out, refusal_t *why) {
    const char *text = args_opt(args, "as-of"), *at = text;
    *out = STORE_NOW;
    if (!text) return BC_OK;
    if (decimal_read(&at, out) && !*at && *out > 0) return BC_OK;
    day_t day = text_date(text);
    if (day != DAY_NONE) return at_day(self, day, out, why);
    return refuse(why, "option-number", "as-of",
                  "--as-of: \"%s\" không phải là một vị trí của sổ nhận hay một ngày (05/12/2024).",
                  "--as-of: \"%s\" is no position of the log and no day (05/12/2024).", text);
}

/* --tree: a day, or "today"; left out: as it was. */
static int read_tree(const args_t *args, day_t *out, refusal_t *why) {
    const char *text = args_opt(args, "tree");
    *out = 0;
    if (!text) return BC_OK;
    *out = strcmp(text, "today") == 0 ? clock_day(clock_wall_ms()) : text_date(text);
    if (*out != DAY_NONE) return BC_OK;
    return refuse(why, "option-day", "tree",
                  "--tree: \"%s\" không phải là ngày; hãy viết today hoặc như 01/07/2025.",
                  "--tree: \"%s\" is no date; write today, or a date like 01/07/2025.", text);
}

int inquiry_group(const args_t *args, char **hold, group_of_t *out, refusal_t *why) {
    const char *text = args_opt(args, "group");
    *out = (group_of_t){NULL, NULL};
    *hold = text ? text_nfc(text, strlen(text)) : NULL;
    if (!text) return BC_OK;
    char *equals = *hold ? strchr(*hold, '=') : NULL;
    if (!equals || equals == *hold || !equals[1])
        return refuse(why, "option-group", "group",
                      "--group phải có dạng TÊN=GIÁ TRỊ, ví dụ \"ngành=may mặc\".",
                      "--group must be NAME=VALUE, like \"ngành=may mặc\".");
    *equals = '\0';
    *out = (group_of_t){*hold, equals + 1};
    return BC_OK;
}

static int read_format(const args_t *args, const io_t *io, format_t *out, refusal_t *why) {
    const char *text = args_opt(args, "format");
    *out = io->json ? FORMAT_JSON : FORMAT_TABLE;
    if (!text) return BC_OK;
    if (strcmp(text, "json") == 0) {
        *out = FORMAT_JSON;
    } else if (strcmp(text, "csv") == 0) {
        *out = FORMAT_CSV;
    } else if (strcmp(text, "table") != 0) {
        return refuse(why, "option-format", "format", "--format phải là table, json hoặc csv.",
                      "--format must be table, json or csv.");
    }
    return BC_OK;
}

static int no_period(refusal_t *why) {
    return refuse(why, "option-period", "period", "Hãy cho biết kỳ, ví dụ --period 2024-11.",
                  "Name the period, for example --period 2024-11.");
}

static int check_store(const aggregator_t *self, refusal_t *why) {
    if (store_cursor(self->store)->position == 0)
        return refuse(why, "log-unread", NULL, "Chưa đọc gì từ sổ nhận; hãy chạy: baocao-aggregator sync.",
                      "Nothing of the log was read yet; run: baocao-aggregator sync.");
    if (!store_forked(self->store)) return BC_OK;
    return refuse(why, "log-forked", NULL,
                  "Sổ nhận của máy chủ đã rẽ nhánh; số liệu ở đây không còn tin được. Hãy chạy: "
                  "baocao-aggregator rebuild.",
                  "The collector's log has forked; the figures here can not be trusted. Run: "
                  "baocao-aggregator rebuild.");
}

int inquiry_open(aggregator_t *self, const args_t *args, const io_t *io, inquiry_t *q, refusal_t *why) {
    int64_t as_of;
    question_t question = {.unit = args_opt(args, "unit"),
                           .plan = args_opt(args, "plan"),
                           .calendar = args_opt(args, "calendar")};
    *q = (inquiry_t){0};
    if (read_as_of(self, args, &as_of, why) || read_tree(args, &question.tree, why) ||
        inquiry_group(args, &q->group, &question.group, why) || read_format(args, io, &q->format, why) ||
        check_store(self, why))
        return BC_REFUSED;
    if (!args_opt(args, "period")) return no_period(why);
    q->view = view_new(self->store, as_of, why);
    if (!q->view) return BC_REFUSED;
    const plan_t *only = view_only_plan(q->view);
    if (!question.plan && only) question.plan = plan_number(only);
    if (question.plan && strcmp(question.plan, "all") == 0) question.plan = NULL;
    char *period = calendar_id_typed(args_opt(args, "period"));
    question.period = period;
    int rc = summary_ask(q->view, &question, &q->asked, why);
    free(period);
    return rc;
}

void inquiry_close(inquiry_t *self) {
    view_free(&self->view);
    free(self->group);
}

int inquiry_boarded(const inquiry_t *self, refusal_t *why) {
    if (self->asked.boarded) return BC_OK;
    char *list = plans_list(view_plans(self->view));
    refuse(
        why, "board-none", NULL,
        "Tình hình báo cáo chỉ có cho một kế hoạch (--plan), theo lịch và loại kỳ của kế hoạch đó. Các kế "
        "hoạch: %s.",
        "The board is there only for one plan (--plan), in its own calendar and kind of period. The plans: "
        "%s.",
        list);
    free(list);
    return BC_REFUSED;
}

int inquiry_day(const args_t *args, const char *name, day_t *out, refusal_t *why) {
    const char *text = args_opt(args, name);
    *out = text ? text_date(text) : DAY_NONE;
    if (!text) return verbs_missing(name, why);
    if (*out != DAY_NONE) return BC_OK;
    return refuse(why, "option-day", name, "--%s: \"%s\" không phải là ngày; hãy viết như 07/11/2024.",
                  "--%s: \"%s\" is no date; write it like 07/11/2024.", name, text);
}
