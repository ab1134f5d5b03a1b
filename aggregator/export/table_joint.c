/* SPDX-License-Identifier: MPL-2.0 */
/* table_joint.c - joint events for the terminal: whose, who came, and what to decide. */
#include <stdlib.h>

#include "aggregator/export/table.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define VALUES 3 /* beside a name */

/* "Số cuộc, buổi 1; Tổng lượt người dự 300": the first few values in the order of the plan. */
static void add_values(const shown_t *s, const json_t *activity, buf_t *out) {
    json_t *values = json_object_get(activity, "values"),
           *like_a_summary = json_pack("{s:O}", "measures", values);
    const shown_t shown = {s->view, s->asked, like_a_summary, s->lang};
    size_t n;
    column_t *columns = label_columns(&shown, &n);
    for (size_t i = 0; i < n && i < VALUES; i++) {
        const measure_t *m = label_measure(s, columns[i].name);
        char *number = label_value(json_object_get(values, columns[i].name), m->scale);
        buf_printf(out, "%s%s %s", i ? "; " : "", columns[i].label, number);
        free(number);
    }
    free(columns);
    json_decref(like_a_summary);
}

static void print_activity(const shown_t *s, const char *role, const json_t *activity, io_t *io) {
    buf_t values = {0};
    buf_puts(&values, "");
    add_values(s, activity, &values);
    fprintf(io->out, "    %s  %s %s  (%s)  %s\n", role, json_text(activity, "unit"),
            json_text(activity, "name"), values.data, json_text(activity, "id"));
    buf_free(&values);
}

/* Day, place and code, as far as they are known. */
static void print_event(const json_t *activity, io_t *io) {
    const char *place = json_text(activity, "place"), *code = json_text(activity, "code");
    char day[11];
    fprintf(io->out, "  %s%s%s%s%s\n", day_vi(day_parse(json_text(activity, "day")), day), place ? ", " : "",
            place ? place : "", code ? "  " : "", code ? code : "");
}

static void print_lost(const shown_t *s, const json_t *lost, io_t *io) {
    size_t i;
    json_t *activity;
    if (json_array_size(lost))
        fprintf(io->out, "\n%s\n",
                tr(s->lang, "CHƯA CÓ BÁO CÁO CỦA ĐƠN VỊ CHỦ TRÌ", "THE HOST HAS NOT REPORTED"));
    json_array_foreach((json_t *)lost, i, activity) {
        print_event(activity, io);
        print_activity(s, tr(s->lang, "tham dự", "guest"), activity, io);
    }
}

static void print_candidates(const shown_t *s, const json_t *candidates, io_t *io) {
    size_t i, k;
    json_t *list, *activity;
    if (!json_array_size(candidates)) return;
    fprintf(io->out, "\n%s\n",
            tr(s->lang, "CÓ THỂ LÀ MỘT SỰ KIỆN CHUNG (cùng ngày, cùng nơi)",
               "PERHAPS ONE EVENT (same day and place)"));
    json_array_foreach((json_t *)candidates, i, list) {
        print_event(json_array_get(list, 0), io);
        json_array_foreach(list, k, activity) print_activity(s, "  -", activity, io);
    }
    io_say(io,
           "Nếu đúng, hãy quyết định: baocao-aggregator decide link MÃ-CỦA-ĐƠN-VỊ-CHỦ-TRÌ MÃ-THAM-DỰ…\n"
           "Nếu không:                baocao-aggregator decide unlink MÃ…\n",
           "Where it is so, decide: baocao-aggregator decide link ID-OF-HOST ID-OF-GUEST…\n"
           "Where not:              baocao-aggregator decide unlink ID…\n");
}

void table_joint(const shown_t *s, const json_t *joint, io_t *io) {
    const json_t *events = json_object_get(joint, "events");
    size_t i, k;
    json_t *event, *guest;
    if (json_array_size(events)) {
        fprintf(io->out, "%s\n", tr(s->lang, "SỰ KIỆN CHUNG", "JOINT EVENTS"));
    } else {
        io_say(io, "Trong kỳ chưa có sự kiện chung nào có đơn vị tham dự báo cáo.\n",
               "No joint event of which a guest has reported in the period.\n");
    }
    json_array_foreach(events, i, event) {
        print_event(json_object_get(event, "host"), io);
        print_activity(s, tr(s->lang, "chủ trì", "host "), json_object_get(event, "host"), io);
        json_array_foreach(json_object_get(event, "guests"), k, guest)
            print_activity(s, tr(s->lang, "tham dự", "guest"), guest, io);
    }
    print_lost(s, json_object_get(joint, "without_host"), io);
    print_candidates(s, json_object_get(joint, "candidates"), io);
}
