/* SPDX-License-Identifier: MPL-2.0 */
/* verbs.c - the table of the aggregator's verbs and configuration, and what all verbs share. */
#include "aggregator/verbs.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/doctor.h"
#include "proto/base/ctl.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"

char *verbs_store_path(const char *dir) {
    return file_path(dir, "aggregator.db");
}

aggregator_t *verbs_open(const char *dir, refusal_t *why) {
    char *path = verbs_store_path(dir);
    store_t *store = store_open(path, why);
    free(path);
    if (!store) return NULL;
    aggregator_t *self = mem_alloc(sizeof *self);
    self->dir = mem_str(dir);
    self->store = store;
    return self;
}

void verbs_close(aggregator_t **self_p) {
    aggregator_t *self = *self_p;
    if (!self) return;
    follow_free(&self->follow);
    store_close(&self->store);
    free(self->dir);
    free(self);
    *self_p = NULL;
}

int verbs_lock(const char *dir, refusal_t *why) {
    return ctl_lock(dir, why);
}

int verbs_refused(io_t *io, const refusal_t *why) {
    return io_refused(io, BC_REFUSED, why);
}

int verbs_failed(io_t *io, int rc, const refusal_t *why) {
    refusal_t own = *why;
    if (!own.code[0])
        refuse(&own, "disk", NULL, "Không đọc hoặc không ghi được kho số liệu (%s).",
               "The store can not be read or written (%s).", rc_name(rc));
    return io_refused(io, rc, &own);
}

int verbs_missing(const char *option, refusal_t *why) {
    return refuse(why, "option-missing", option, "Hãy ghi --%s.", "Give --%s.", option);
}

static void *open_store(const args_t *args, const conf_t *conf, refusal_t *why) {
    (void)conf;
    return verbs_open(args->dir, why);
}

static void close_store(void **store_p) {
    verbs_close((aggregator_t **)store_p);
}

/* ---- configuration ---- */

static const conf_key_t keys[] = {
    {"follow/patience", CONF_TIME, "30s", 100, 3600000,
     "chờ máy chủ trả lời bao lâu trước khi kết nối lại; khi không có gì mới, cứ ngần ấy thì hỏi lại một lần",
     "how long the collector may be silent before it is asked again, and then given up and called anew"},
    {"follow/backoff", CONF_TIME, "1m", 100, 3600000, "chờ lâu nhất giữa hai lần kết nối lại",
     "the longest wait between two attempts to connect"},
    {"follow/window", CONF_SIZE, "16M", 65536, 64 << 20, "dung lượng máy chủ được gửi trước khi chờ xác nhận",
     "bytes the collector may send ahead of what is on disk here"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};

/* ---- verbs ---- */

#define OPTION_UNIT                                                                         \
    {                                                                                       \
        "unit", "CODE", "đơn vị, cùng mọi đơn vị bên dưới (mặc định: đơn vị cấp cao nhất)", \
            "the unit and all beneath it (default: the one at the top)"                     \
    }
#define OPTION_PERIOD                                                                                    \
    {                                                                                                    \
        "period", "ID",                                                                                  \
            "kỳ: 2024-11, 2024-Q4, 2024-H2, 2024-9M, 2024-to-11 (lũy kế), 2024, 15/11/2024..14/12/2024", \
            "period: 2024-11, 2024-Q4, 2024-H2, 2024-9M, 2024-to-11 (cumulative), 2024, "                \
            "15/11/2024..14/12/2024"                                                                     \
    }
#define OPTION_PLAN                                                                                       \
    {                                                                                                     \
        "plan", "NUMBER", "số kế hoạch; all: mọi kế hoạch (mặc định: kế hoạch duy nhất, nếu chỉ có một)", \
            "number of the plan; all: every plan (default: the only one, where there is just one)"        \
    }
#define OPTION_AS_OF \
    { "as-of", "POSITION", "như tại vị trí này của sổ nhận", "as it stood at this position of the log" }
#define OPTION_CALENDAR                                                                                   \
    {                                                                                                     \
        "calendar", "ID", "lịch báo cáo: duonglich, nd09, tk1454, dotxuat (mặc định: lịch của kế hoạch)", \
            "calendar: duonglich, nd09, tk1454, dotxuat (default: the plan's)"                            \
    }
#define OPTION_TREE                                                                                      \
    {                                                                                                    \
        "tree", "DAY|today", "theo tổ chức của ngày này (mặc định: theo tổ chức tại thời điểm báo cáo)", \
            "by the tree of this day (default: as it was when it was reported)"                          \
    }
#define OPTION_GROUP                                                                     \
    {                                                                                    \
        "group", "NAME=VALUE", "chỉ các đơn vị thuộc nhóm này, ví dụ \"ngành=may mặc\"", \
            "only the units of this group, like \"sector=textile\""                      \
    }
#define OPTION_PERSON                                                                       \
    {                                                                                       \
        "person", "NAME", "người quyết định (mặc định: BAOCAO_PERSON hoặc tên người dùng)", \
            "who decides (default: BAOCAO_PERSON or the user's name)"                       \
    }
#define OPTION_REASON \
    { "reason", "TEXT", "lý do, không quá 500 ký tự", "why, at most 500 characters" }
#define END \
    { NULL, NULL, NULL, NULL }

static const opt_t summary_opts[] = {
    OPTION_UNIT,
    OPTION_PERIOD,
    OPTION_CALENDAR,
    OPTION_PLAN,
    OPTION_AS_OF,
    OPTION_TREE,
    OPTION_GROUP,
    {"format", "FORM", "table (mặc định), json (như --json) hoặc csv",
     "table (default), json (same as --json) or csv"},
    {"closed", NULL, "số liệu đã chốt, đúng từng byte (JSON)", "the closed figures, byte for byte (JSON)"},
    END};
static const opt_t explain_opts[] = {
    {"measure", "ID", "mã chỉ tiêu, như trong --format json", "the measure's id, as in --format json"},
    OPTION_PERIOD,
    OPTION_UNIT,
    OPTION_PLAN,
    OPTION_CALENDAR,
    OPTION_AS_OF,
    OPTION_TREE,
    OPTION_GROUP,
    END};
#define PAPER_OPTIONS                                                                                      \
    OPTION_PERIOD, OPTION_UNIT, OPTION_PLAN, OPTION_CALENDAR, OPTION_AS_OF, OPTION_TREE,                   \
        {"number", "TEXT", "số và ký hiệu, ví dụ 12/BC-LĐLĐ", "number and symbol, like 12/BC-LĐLĐ"},       \
        {"date", "DAY", "ngày văn bản (mặc định: để trống)", "date of the document (default: left open)"}, \
        {"signer", "NAME", "họ tên người ký", "who signs"}, {                                              \
        "posts", "TEXT", "các dòng trên chữ ký, cách nhau bằng |",                                         \
            "the lines above the name, separated by |"                                                     \
    }
static const opt_t paper_opts[] = {PAPER_OPTIONS, END};
static const opt_t document_opts[] = {
    PAPER_OPTIONS,
    {"format", "FORM", "docx (mặc định), pdf, html, xlsx, csv, json",
     "docx (default), pdf, html, xlsx, csv, json"},
    {"out", "FILE", "ghi vào tệp này (mặc định: bao-cao-KỲ.ĐUÔI ở thư mục hiện tại)",
     "write to this file (default: bao-cao-PERIOD.FORM where you stand)"},
    {"template", "FILE", "mẫu văn bản khác (xem: document --print-template)",
     "another template (see: document --print-template)"},
    {"print-template", NULL, "in mẫu mặc định để sửa", "print the default template to edit"},
    END};
static const opt_t compare_opts[] = {OPTION_PERIOD, OPTION_UNIT, OPTION_PLAN,  OPTION_CALENDAR,
                                     OPTION_AS_OF,  OPTION_TREE, OPTION_GROUP, END};
static const opt_t board_opts[] = {OPTION_UNIT, OPTION_PERIOD, OPTION_PLAN, OPTION_AS_OF, OPTION_GROUP, END};
static const opt_t join_opts[] = {{"name", "TEXT",
                                   "tên máy này, cho danh sách của người quản trị (mặc định: tên máy)",
                                   "which computer this is, for the operator's list (default: host name)"},
                                  END};
static const opt_t decide_opts[] = {OPTION_PERSON, END};
static const opt_t return_opts[] = {OPTION_REASON, OPTION_PERIOD, OPTION_PLAN, OPTION_PERSON, END};
static const opt_t accept_opts[] = {OPTION_PERIOD, OPTION_PLAN, OPTION_PERSON, END};
static const opt_t extend_opts[] = {
    OPTION_PERIOD,
    OPTION_PLAN,
    {"until", "DAY", "hạn mới, đến hết ngày này", "the new deadline, this day included"},
    OPTION_REASON,
    {"unit", "CODE", "chỉ cho đơn vị này (mặc định: mọi đơn vị)", "for this unit only (default: for all)"},
    {"below", NULL, "cùng mọi đơn vị bên dưới", "and all beneath it"},
    {"group", "NAME=VALUE", "chỉ cho các đơn vị thuộc nhóm này", "only for the units of this group"},
    OPTION_PERSON,
    END};
static const opt_t close_opts[] = {OPTION_PERIOD,   OPTION_UNIT,   OPTION_PLAN,
                                   OPTION_CALENDAR, OPTION_PERSON, END};
static const opt_t reopen_opts[] = {OPTION_PERIOD, OPTION_UNIT,   OPTION_PLAN, OPTION_CALENDAR,
                                    OPTION_REASON, OPTION_PERSON, END};
static const opt_t sent_opts[] = {
    OPTION_PERIOD,
    OPTION_UNIT,
    OPTION_PLAN,
    OPTION_CALENDAR,
    {"number", "TEXT", "số và ký hiệu văn bản", "number and symbol of the document"},
    {"date", "DAY", "ngày văn bản", "date of the document"},
    {"signer", "NAME", "người ký", "who signed it"},
    {"to", "TEXT", "nơi nhận", "to whom"},
    {"file", "FILE", "tệp văn bản, để ghi mã băm", "the document's file, for its hash"},
    OPTION_PERSON,
    END};
static const opt_t restated_opts[] = {OPTION_PERIOD,   OPTION_UNIT,  OPTION_PLAN,
                                      OPTION_CALENDAR, OPTION_AS_OF, END};

static const verb_t verbs[] = {
    {"join", "CODE…|FILE", "ghi danh với máy chủ bằng mã dùng một lần",
     "enrol with the collector by a one-time code",
     "Mã do lệnh \"baocao-collector consumer add\" cấp. Khóa được tạo và ghi xuống đĩa trước khi hỏi, nên "
     "chạy lại với "
     "cùng mã là vô hại. Thay cho mã có thể ghi tên tệp chứa mã.",
     "The code comes from \"baocao-collector consumer add\". The key is made and on disk before anything is "
     "asked, so "
     "the same code again does no harm. A file with the code may be named instead.",
     join_opts, 1, -1, 0, VERB_ALONE, verb_join},
    {"run", NULL, "theo dõi sổ nhận của máy chủ cho đến khi được lệnh dừng",
     "follow the collector's log until told to stop", NULL, NULL, NULL, 0, 0, 0, VERB_ALONE, verb_run},
    {"sync", NULL, "đọc sổ nhận đến mục cuối cùng rồi thôi", "read the log up to its head, then leave", NULL,
     NULL, NULL, 0, 0, 0, VERB_STORE, verb_sync},
    {"summary", "--period ID [--unit CODE] [--plan NUMBER]", "tổng hợp số liệu của một đơn vị trong một kỳ",
     "sum up a unit over a period",
     "JSON là dạng chuẩn tắc: cùng sổ nhận, vị trí và quy tắc thì cùng từng byte. Bảng tình hình báo cáo chỉ "
     "có khi hỏi một "
     "kế hoạch theo lịch và loại kỳ của chính nó.",
     "JSON is canonical: same log, position and rules, same bytes. The reporting board is there only where "
     "one plan is "
     "asked for in its own calendar and kind of period.",
     summary_opts, 0, 0, 0, VERB_LOOK, verb_summary},
    {"explain", "--measure ID --period ID [--unit CODE] [--plan NUMBER]",
     "một số liệu gồm những gì: đơn vị, báo cáo, các bản chỉnh lý",
     "what makes up a figure: units, documents, revisions", NULL, NULL, explain_opts, 0, 0, 0, VERB_LOOK,
     verb_explain},
    {"targets", "--period ID [--unit CODE] [--plan NUMBER]", "mục tiêu của kế hoạch và kết quả đã đạt",
     "what a plan set out to reach against what was reached", NULL, NULL, board_opts, 0, 0, 0, VERB_LOOK,
     verb_targets},
    {"stages", "--period ID [--unit CODE] [--plan NUMBER]", "kết quả theo từng giai đoạn của kế hoạch",
     "what was done in each stage of a plan",
     "Tính đến hết kỳ được hỏi. Giai đoạn do kế hoạch đặt ra; mỗi giai đoạn là số liệu của đúng những ngày "
     "đó.",
     "Up to the end of the period asked for. The plan sets the stages; each is the summary of just its days.",
     board_opts, 0, 0, 0, VERB_LOOK, verb_stages},
    {"compare", "--period ID [--unit CODE] [--plan NUMBER]", "so với kỳ trước và cùng kỳ năm trước",
     "beside the period before and the same period last year", NULL, NULL, compare_opts, 0, 0, 0, VERB_LOOK,
     verb_compare},
    {"search", "WORD… --period ID [--unit CODE] [--plan NUMBER]",
     "tìm trong phần viết của các đơn vị, không cần dấu", "find words in what units wrote, without marks",
     NULL, NULL, compare_opts, 1, -1, 0, VERB_LOOK, verb_search},
    {"outliers", "--period ID [--unit CODE] [--plan NUMBER]",
     "số liệu khác xa các đơn vị cùng quy mô: nên hỏi lại",
     "figures far from those of units of the same size: questions to ask",
     "Theo trung vị và độ lệch tuyệt đối trung vị trong nhóm đơn vị có số lao động gần nhau. Không thay đổi "
     "số liệu nào.",
     "By median and median absolute deviation among units with like numbers of workers. Changes no figure.",
     compare_opts, 0, 0, 0, VERB_LOOK, verb_outliers},
    {"joint", "--period ID [--unit CODE] [--plan NUMBER]",
     "sự kiện chung: ai chủ trì, ai tham dự; hoạt động nào có thể là một",
     "joint events: who hosted, who came; and "
     "what may be one",
     "Mỗi sự kiện chỉ được tính một lần, theo báo cáo của đơn vị chủ trì. Đơn vị tham dự ghi mã sự kiện trên "
     "giấy mời; "
     "chỗ nào thiếu mã thì quyết định bằng decide link.",
     "An event counts once, by the report of its host. Guests enter the code on the invitation; where it is "
     "missing, "
     "decide link says it.",
     board_opts, 0, 0, 0, VERB_LOOK, verb_joint},
    {"document", "--period ID [--format docx|pdf|html|xlsx|csv|json] [--out FILE]",
     "lập Báo cáo hoàn chỉnh, sẵn sàng để ký", "the finished Báo cáo, ready to be signed",
     "Thể thức theo Nghị định 30/2020/NĐ-CP; mọi kích thước nằm trong tệp mẫu. Bảng tính (xlsx) có mọi chỉ "
     "tiêu, mọi "
     "đơn vị và phần viết; các dạng đều mang cùng số liệu.",
     "Laid out by Decree 30/2020/NĐ-CP; every size is in the template. The workbook (xlsx) has all measures, "
     "all units and "
     "the written part; all forms carry the same figures.",
     document_opts, 0, 0, 0, VERB_ALONE, verb_document},
    {"paper", "--period ID", "nội dung của Báo cáo dạng JSON, trước khi có thể thức",
     "what the Báo cáo says, as JSON, before it has a form", NULL, NULL, paper_opts, 0, 0, 0, VERB_LOOK,
     verb_paper},
    {"missing", "--period ID [--unit CODE] [--plan NUMBER]",
     "ai chưa báo cáo, chậm bao nhiêu ngày, liên hệ với ai",
     "who has not reported, how late, and whom to call", NULL, NULL, board_opts, 0, 0, 0, VERB_LOOK,
     verb_missing},
    {"board", "--period ID [--unit CODE] [--plan NUMBER]", "tình hình báo cáo của từng đơn vị",
     "the reporting board", NULL, NULL, board_opts, 0, 0, 0, VERB_LOOK, verb_board},
    {"decide overlap", "AGGREGATE aggregate|own", "báo cáo gộp trùng với báo cáo của đơn vị: tính cái nào",
     "an aggregate meets the units' own reports: which counts",
     "aggregate: tính báo cáo gộp, bỏ báo cáo của các đơn vị được gộp trong kỳ và kế hoạch đó. own: tính báo "
     "cáo của từng đơn "
     "vị. Quyết định được gửi đến máy chủ, ghi vào sổ nhận, và có hiệu lực khi được đọc lại từ đó.",
     "aggregate: the aggregate counts, the covered units' own documents of that plan and period do not. own: "
     "the other "
     "way round. The decision goes to the collector, into its log, and takes effect when it is read back.",
     decide_opts, 2, 2, 0, VERB_STORE, verb_decide},
    {"decide extend", "--period ID --until DAY --reason TEXT", "gia hạn nộp báo cáo kỳ", "extend a deadline",
     "Cho một đơn vị (--unit), cùng các đơn vị bên dưới (--below), một nhóm (--group), hoặc mọi đơn vị, ví "
     "dụ sau sự cố. "
     "Các đơn vị được báo tin.",
     "For one unit (--unit), all beneath it (--below), a group (--group), or everyone, as after an outage. "
     "The units "
     "are told.",
     extend_opts, 0, 0, 0, VERB_STORE, verb_extend},
    {"decide return", "ID|UNIT --reason TEXT [--period ID]", "đề nghị đơn vị bổ sung, chỉnh lý một báo cáo",
     "return a document to its unit",
     "Nêu mã báo cáo, hoặc mã đơn vị cùng --period: báo cáo kỳ của đơn vị đó. Đơn vị nhận được lý do.",
     "Name a document by its id, or a unit with --period: its report of the period. The unit is told why.",
     return_opts, 1, 1, 0, VERB_STORE, verb_return},
    {"decide accept", "ID|UNIT [--period ID]", "chấp nhận một báo cáo", "accept a document",
     "Như decide return; cũng dùng để rút lại một đề nghị chỉnh lý.",
     "As decide return; also takes a return back.", accept_opts, 1, 1, 0, VERB_STORE, verb_accept},
    {"decide link", "HOST GUEST…", "các hoạt động này là một sự kiện của đơn vị chủ trì",
     "these activities are the host's event",
     "Nêu mã các báo cáo hoạt động (xem: joint). Sự kiện được tính một lần, theo báo cáo thứ nhất.",
     "Name the activities by their ids (see: joint). The event counts once, by the first.", decide_opts, 2,
     101, 0, VERB_STORE, verb_link},
    {"decide unlink", "ID…", "mỗi hoạt động này là một sự kiện riêng",
     "each of these activities is an event of its own",
     "Cũng dùng để rút lại decide link, và khi hai hoạt động chỉ tình cờ cùng ngày, cùng nơi hay cùng mã.",
     "Also takes a decide link back, and where two activities share day, place or code by chance only.",
     decide_opts, 1, 100, 0, VERB_STORE, verb_unlink},
    {"decide close", "--period ID [--unit CODE] [--plan NUMBER]", "chốt số liệu của một kỳ",
     "close the figures of a period",
     "Ghi vào sổ nhận vị trí và mã băm của bảng tổng hợp. Số liệu đã chốt in lại được nguyên văn bất cứ lúc "
     "nào; những gì "
     "đến sau được nêu riêng (restated).",
     "Puts position and hash of the summary into the log. Closed figures can be printed again at any time, "
     "byte for byte; "
     "what arrives afterwards is told apart (restated).",
     close_opts, 0, 0, 0, VERB_STORE, verb_close},
    {"decide reopen", "--period ID --reason TEXT", "mở lại một kỳ đã chốt", "reopen a closed period", NULL,
     NULL, reopen_opts, 0, 0, 0, VERB_STORE, verb_reopen},
    {"decide sent", "--period ID --number TEXT --date DAY --signer NAME",
     "ghi nhận văn bản đã gửi lên cấp trên", "record a document that went up",
     "Kỳ phải được chốt trước. Khi số liệu thay đổi sau đó, restated nêu văn bản này.",
     "The period must be closed first. Where its figures change afterwards, restated names this document.",
     sent_opts, 0, 0, 0, VERB_STORE, verb_sent},
    {"restated", "--period ID [--unit CODE] [--plan NUMBER]",
     "số liệu đã chốt đã thay đổi ra sao, vì báo cáo nào",
     "how closed figures have changed since, and by which documents", NULL, NULL, restated_opts, 0, 0, 0,
     VERB_LOOK, verb_restated},
    {"closings", NULL, "các kỳ đã chốt, mở lại, và văn bản đã gửi", "what was closed, reopened and sent",
     NULL, NULL, NULL, 0, 0, 0, VERB_LOOK, verb_closings},
    {"status", NULL, "đã đọc đến đâu, còn chậm bao nhiêu",
     "how far the log was read, and how far behind that is", NULL, NULL, NULL, 0, 0, 0, VERB_LOOK,
     verb_status},
    {"doctor", NULL, "khám: số liệu có cập nhật không, vướng gì, phải làm gì",
     "are the figures up to date; if not, what to do about it",
     "Không thay đổi gì. Thoát với 0 khi mọi thứ ổn, 1 khi có điều phải sửa.",
     "Changes nothing. Exits with 0 where all is well, 1 where something must be mended.", NULL, 0, 0, 0,
     VERB_ALONE, doctor_verb},
    {"verify", NULL, "tính lại toàn bộ sổ nhận vào một kho thứ hai rồi so sánh",
     "fold the whole log again into a second store and "
     "compare",
     "Nêu dòng đầu tiên khác nhau. Cần máy chủ đang chạy.",
     "Names the first row that differs. The collector must be running.", NULL, 0, 0, 0, VERB_STORE,
     verb_verify},
    {"rebuild", NULL, "bỏ kho số liệu và tính lại từ đầu sổ nhận",
     "drop the store and fold the log from its beginning",
     "Kho cũ được giữ cho đến khi kho mới tính xong. Chương trình run phải dừng trước.",
     "The old store stays until the new one is complete. A running daemon must be stopped first.", NULL, 0, 0,
     0, VERB_ALONE, verb_rebuild},
    {0},
};

const program_t verbs_program = {
    .name = "baocao-aggregator",
    .about_vi = "tổng hợp báo cáo: số liệu theo kỳ, ai đã và chưa báo cáo",
    .about_en = "sums reports up: figures by period, who has reported and who has not",
    .verbs = verbs,
    .keys = keys,
    .examples_vi = "  baocao-aggregator join ABCDE-FGHIJ-…\n"
                   "  baocao-aggregator sync\n"
                   "  baocao-aggregator summary --period 2024-11\n"
                   "  baocao-aggregator summary --period 2024-Q4 --unit BD.01 --format csv > quy-4.csv\n"
                   "  baocao-aggregator missing --period 2024-11 --plan 160/KH-LĐLĐ\n",
    .examples_en = "  baocao-aggregator join ABCDE-FGHIJ-…\n"
                   "  baocao-aggregator sync\n"
                   "  baocao-aggregator summary --period 2024-11\n"
                   "  baocao-aggregator summary --period 2024-Q4 --unit BD.01 --format csv > quarter-4.csv\n"
                   "  baocao-aggregator missing --period 2024-11 --plan 160/KH-LĐLĐ\n",
    .open = open_store,
    .close = close_store,
};
