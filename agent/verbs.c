/* SPDX-License-Identifier: MPL-2.0 */
/* verbs.c - everything the agent can do, in one table. */
#include <stdlib.h>

#include "agent/agent.h"
#include "agent/doctor.h"
#include "agent/enrol.h"
#include "agent/event.h"
#include "agent/import.h"
#include "agent/report.h"
#include "agent/revise.h"
#include "agent/send.h"
#include "agent/show.h"
#include "agent/status.h"
#include "agent/submit.h"
#include "proto/base/mem.h"

#define END \
    { NULL, NULL, NULL, NULL }
#define UNIT \
    { "unit", "U", "nhập thay cho đơn vị này", "enter for this unit" }
#define PLAN \
    { "plan", "N", "thuộc kế hoạch số này", "of the plan with this number" }
#define AGAIN                                                       \
    {                                                               \
        "again", NULL, "vẫn nhập dù trông giống một báo cáo đã có", \
            "enter it though it looks like another report"          \
    }
#define REASON \
    { "reason", "R", "lý do", "the reason" }
#define SET                                                                          \
    {                                                                                \
        "set", "NAME=VALUE...", "đặt một chỉ tiêu hoặc trường; dùng được nhiều lần", \
            "set a measure or field; may be given several times"                     \
    }

static const opt_t join_opts[] = {
    {"name", "NAME", "tên máy này, để Liên đoàn nhận ra", "what to call this computer"}, END};
static const opt_t report_opts[] = {UNIT, PLAN, AGAIN, REASON, END};
static const opt_t import_opts[] = {
    UNIT, PLAN, AGAIN, {"dry-run", NULL, "chỉ kiểm tra, không lưu", "only check, keep nothing"}, END};
static const opt_t submit_opts[] = {
    UNIT,
    PLAN,
    SET,
    REASON,
    {"signed", "NAME, POST", "người ký", "who signs"},
    {"prepared", "NAME, POST", "người lập", "who prepared it"},
    {"preview", NULL, "chỉ xem sẽ gửi gì, không lưu", "only say what it would be, keep nothing"},
    {"yes", NULL, "không hỏi lại", "do not ask"},
    END};
static const opt_t correct_opts[] = {SET, REASON, END};
static const opt_t reason_opts[] = {REASON, END};
static const opt_t send_opts[] = {{"wait", "TIME", "thử lại trong thời gian này nếu chưa được (90s, 5m)",
                                   "keep trying for so long (90s, 5m)"},
                                  END};
static const opt_t receipt_opts[] = {
    {"verify", NULL, "kiểm tra chữ ký và nội dung, không cần mạng",
     "check signature and content, without a network"},
    {"first", NULL, "xác nhận sớm nhất của mỗi bản", "the earliest receipt of a revision"},
    END};

static const verb_t verbs[] = {
    {"join", "CODE…|FILE", "ghi danh máy này bằng mã do Liên đoàn cấp", "enrol this computer by its code",
     NULL, NULL, join_opts, 1, -1, 0, VERB_ALONE, enrol_join_verb},
    {"import", "FILE.csv [--unit U]", "nhập bảng hoạt động (CSV lưu từ Excel)",
     "enter a table of activities (CSV)",
     "Mỗi dòng một hoạt động. Cột: Ngày (hoặc Từ ngày, Đến ngày), Hình thức, và mỗi chỉ tiêu một cột. Xem "
     "tên cột: "
     "baocao-agent plan. Nếu cần, thêm các cột: Mã dòng, Tên hoạt động, Địa điểm, Nội dung, Văn bản, Lồng "
     "ghép, Mã sự "
     "kiện, Vai trò (chủ trì hoặc tham dự). Nhập lại cùng một tệp không thêm gì.",
     "One row, one activity. Columns: date (or from, to), form, and one for each measure. See their names "
     "with: "
     "baocao-agent plan. Where wanted also: ref, title, place, topics, documents, integrated, event, role "
     "(host or "
     "guest). The same file again adds nothing.",
     import_opts, 1, 1, 1, VERB_STORE, import_verb},
    {"report", "FILE.json|-", "nhập báo cáo từ tệp JSON (cả ba loại)", "enter documents from JSON (any kind)",
     "Một tệp một báo cáo, hoặc mỗi dòng một báo cáo. Điều gì chương trình tự biết thì không phải ghi. "
     "Ví dụ:\n"
     "  {\"from\": \"2024-11-07\", \"form\": \"F1\", \"title\": \"Hội nghị\",\n"
     "   \"measures\": {\"sessions\": 1, \"attendances\": 120}}",
     "One document a file, or one a line. What the program knows need not be written. An example:\n"
     "  {\"from\": \"2024-11-07\", \"form\": \"F1\", \"title\": \"Hội nghị\",\n"
     "   \"measures\": {\"sessions\": 1, \"attendances\": 120}}",
     report_opts, 1, 1, 1, VERB_STORE, report_verb},
    {"submit", "PERIOD [--plan N]", "gửi báo cáo kỳ: \"đây là toàn bộ\"",
     "submit the period: \"this is all\"",
     "Kỳ: 2024-11 hoặc 11/2024. Trong kỳ không có hoạt động thì vẫn gửi: chương trình tự ghi như vậy.",
     "Period: 2024-11 or 11/2024. Submit it without activities too: it then says that there were none.",
     submit_opts, 1, 1, 0, VERB_STORE, submit_verb},
    {"correct", "ID [FILE.json] --set M=V --reason R", "chỉnh lý một báo cáo", "correct a report", NULL, NULL,
     correct_opts, 1, 2, 2, VERB_STORE, revise_correct_verb},
    {"withdraw", "ID --reason R", "rút báo cáo", "take a report back", NULL, NULL, reason_opts, 1, 1, 0,
     VERB_STORE, revise_withdraw_verb},
    {"restore", "ID --reason R", "dùng lại báo cáo đã rút", "undo a withdrawal", NULL, NULL, reason_opts, 1,
     1, 0, VERB_STORE, revise_restore_verb},
    {"send", "[--wait TIME]", "gửi tất cả rồi thôi", "send what waits, and leave", NULL, NULL, send_opts, 0,
     0, 0, VERB_STORE, send_verb},
    {"run", "", "chạy thường trực: tự gửi, tự nhận tệp ở thư mục drop",
     "keep running: send, and take files from drop/", NULL, NULL, NULL, 0, 0, 0, VERB_ALONE, send_run_verb},
    {"list", "", "các báo cáo trên máy này", "the reports on this computer", NULL, NULL, NULL, 0, 0, 0,
     VERB_LOOK, show_list_verb},
    {"status", "", "còn gì chờ gửi, cần làm gì", "what waits, and what to do", NULL, NULL, NULL, 0, 0, 0,
     VERB_LOOK, status_verb},
    {"doctor", "", "khám: vì sao chưa gửi được, phải làm gì", "why it does not send, and what to do about it",
     "Không thay đổi gì. Thoát với 0 khi mọi thứ ổn, 1 khi có điều phải sửa.",
     "Changes nothing. Exits with 0 where all is well, 1 where something must be mended.", NULL, 0, 0, 0,
     VERB_ALONE, doctor_verb},
    {"verify", "", "kiểm tra mọi thứ lưu trên máy này có còn nguyên vẹn",
     "whether all that is kept on this computer is whole", NULL, NULL, NULL, 0, 0, 0, VERB_LOOK,
     status_verify_verb},
    {"receipt", "ID [--verify]", "xác nhận đã nhận của một báo cáo", "the receipt of a report", NULL, NULL,
     receipt_opts, 1, 1, 0, VERB_LOOK, show_receipt_verb},
    {"plan", "[NUMBER]", "kế hoạch, hình thức, chỉ tiêu", "plans, forms, measures", NULL, NULL, NULL, 0, 1, 0,
     VERB_LOOK, show_plan_verb},
    {"event", "", "tạo mã sự kiện để ghi vào giấy mời", "make a code for an invitation",
     "Một sự kiện do nhiều đơn vị cùng tham gia chỉ được tính một lần khi đơn vị chủ trì và các đơn vị tham "
     "dự cùng "
     "ghi mã này.",
     "An event that several units report counts once where the host and the guests enter this code.", NULL, 0,
     0, 0, VERB_LOOK, event_verb},
    {"news", "", "thông báo của Liên đoàn", "what the federation has told", NULL, NULL, NULL, 0, 0, 0,
     VERB_LOOK, show_news_verb},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};

static const conf_key_t keys[] = {
    {"collector/endpoint", CONF_TEXT, "", 0, 0,
     "địa chỉ máy chủ (tcp://host:cổng); để trống: theo mã ghi danh",
     "address of the collector (tcp://host:port); empty: as enrolled"},
    {"courier/patience", CONF_TIME, "30s", 100, 3600000, "chờ máy chủ trả lời bao lâu",
     "how long to wait for an answer"},
    {"courier/backoff", CONF_TIME, "15m", 1, 86400000, "lâu nhất giữa hai lần thử",
     "longest wait between two attempts"},
    {"courier/stay", CONF_TIME, "60s", 0, 86400000, "giữ kết nối bao lâu khi không có gì gửi",
     "how long a connection without work is kept"},
    {"courier/look", CONF_TIME, "30m", 1000, 86400000, "bao lâu hỏi thông báo một lần",
     "how often to look for news"},
    {"door/folder", CONF_TEXT, "", 0, 0, "thư mục nhận tệp; để trống: drop trong thư mục dữ liệu",
     "the drop folder; empty: drop/ in the data directory"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};

static void *open_agent(const args_t *args, const conf_t *conf, refusal_t *why) {
    agent_t *self = mem_alloc(sizeof *self);
    (void)conf;
    self->dir = mem_str(args->dir);
    self->outbox = outbox_open(args->dir, why);
    if (self->outbox) return self;
    free(self->dir);
    free(self);
    return NULL;
}

static void close_agent(void **store_p) {
    agent_t *self = *store_p;
    if (!self) return;
    outbox_close(&self->outbox);
    free(self->dir);
    free(self);
    *store_p = NULL;
}

const program_t agent_program = {
    .name = "baocao-agent",
    .about_vi =
        "Nhập báo cáo của đơn vị, giữ trên máy này, gửi về Liên đoàn khi có mạng và giữ xác nhận đã nhận.",
    .about_en = "Takes a unit's reports, keeps them on this computer, sends them when there is a network, "
                "keeps receipts.",
    .verbs = verbs,
    .keys = keys,
    .examples_vi = "  baocao-agent join \"ABCDE FGHIJ …\"\n"
                   "  baocao-agent import hoat-dong.csv\n"
                   "  baocao-agent submit 11/2024\n"
                   "  baocao-agent send\n"
                   "  baocao-agent receipt 1 --verify\n",
    .examples_en = "  baocao-agent join \"ABCDE FGHIJ …\"\n"
                   "  baocao-agent import activities.csv\n"
                   "  baocao-agent submit 2024-11\n"
                   "  baocao-agent send\n"
                   "  baocao-agent receipt 1 --verify\n",
    .missing_vi = "Máy này chưa ghi danh: hãy lấy mã do Liên đoàn cấp rồi chạy: baocao-agent join MÃ",
    .missing_en = "This computer is not enrolled yet: take your unit's code, run: baocao-agent join CODE",
    .open = open_agent,
    .close = close_agent,
};
