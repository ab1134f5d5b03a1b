/* SPDX-License-Identifier: MPL-2.0 */
/* admin.c - the table of the collector's verbs and configuration, and what all verbs share. */
#include "collector/admin.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "collector/doctor.h"
#include "collector/intake.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

/* ---- what all verbs share ---- */

tree_t *admin_tree(admin_t *admin, refusal_t *why) {
    tree_t *tree = NULL;
    int rc = registry_units(admin->queue, &tree, why);
    if (rc_stop(rc)) admin->broken = rc;
    return tree;
}

const char *admin_reason(const args_t *args, refusal_t *why) {
    const char *reason = args_opt(args, "reason");
    if (reason && *reason) return reason;
    refuse(why, "option-missing", "reason", "Hãy ghi --reason: lý do.", "Give --reason: why.");
    return NULL;
}

const unit_t *admin_unit(const tree_t *tree, const char *code, refusal_t *why) {
    const unit_t *unit = tree_get(tree, code);
    if (unit) return unit;
    size_t n = tree_count(tree);
    const char **codes = mem_alloc(n * sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = unit_code(tree_at(tree, i));
    const char *near = text_nearest(code, codes, n);
    if (near)
        refuse(why, "unit-unknown", code, "Không có đơn vị \"%s\"; có phải là %s?",
               "There is no unit \"%s\"; did you mean %s?", code, near);
    else
        refuse(why, "unit-unknown", code, "Không có đơn vị \"%s\".", "There is no unit \"%s\".", code);
    free(codes);
    return NULL;
}

int admin_day(const args_t *args, const char *name, day_t def, day_t *out, refusal_t *why) {
    const char *text = args_opt(args, name);
    *out = text ? text_date(text) : def;
    if (!text || *out != DAY_NONE) return BC_OK;
    return refuse(why, "option-day", name, "--%s: \"%s\" không phải là ngày; hãy viết như 07/11/2024.",
                  "--%s: \"%s\" is no date; write it like 07/11/2024.", name, text);
}

int admin_refused(io_t *io, const refusal_t *why) {
    return io_refused(io, BC_REFUSED, why);
}

int admin_end(admin_t *admin, io_t *io, int rc, int changed, const refusal_t *why) {
    if (rc == BC_OK) {
        rc = queue_commit(admin->queue);
        if (rc == BC_OK) admin->changed |= changed;
        if (rc == BC_OK) return EX_OK;
    } else {
        queue_rollback(admin->queue);
    }
    if (rc == BC_REFUSED && why) return admin_refused(io, why);
    refusal_t disk;
    admin->broken = rc;
    refuse(&disk, "disk", "queue.db", "Không ghi được kho dữ liệu (%s); chưa có gì được ghi.",
           "The store cannot be written (%s); nothing was stored.", rc_name(rc));
    return admin_refused(io, &disk);
}

static void *open_admin(const args_t *args, const conf_t *conf, refusal_t *why) {
    (void)conf;
    queue_t *queue = queue_open(args->dir, why);
    if (!queue) return NULL;
    admin_t *admin = mem_alloc(sizeof *admin);
    admin->queue = queue;
    admin->dir = mem_str(args->dir);
    return admin;
}

static void close_admin(void **store_p) {
    admin_t *admin = *store_p;
    queue_close(&admin->queue);
    free(admin->dir);
    free(admin);
    *store_p = NULL;
}

/* ---- configuration ---- */

static const conf_key_t keys[] = {
    {"listen/documents", CONF_TEXT, "tcp://*:5670", 0, 0, "cổng nhận báo cáo",
     "endpoint of the documents port"},
    {"listen/enrol", CONF_TEXT, "tcp://*:5671", 0, 0, "cổng ghi danh", "endpoint of the enrolment port"},
    {"public/host", CONF_TEXT, "", 0, 0,
     "tên máy mà các đơn vị kết nối đến, ghi trong mã ghi danh (trống: tên máy này)",
     "name units connect to, written into enrolment codes (blank: this machine's name)"},
    {"code/days", CONF_INT, "30", 1, 366, "số ngày mã ghi danh còn dùng được",
     "days an enrolment code is good"},
    {"disk/low", CONF_SIZE, "1G", 0, 0, "đĩa còn ít hơn mức này thì ngừng nhận báo cáo mới",
     "with less room than this on the disk no new documents are taken"},
    {"credit/cap", CONF_SIZE, "64M", 1 << 20, 4LL << 30,
     "tổng dung lượng các đơn vị được gửi mà chưa có trả lời",
     "bytes all units together may have sent and not seen answered"},
    {"store/volatile", CONF_BOOL, "no", 0, 0,
     "yes: vẫn chạy khi thư mục dữ liệu nằm trong bộ nhớ, chỉ để thử",
     "yes: run even where the data directory lies in memory, only to try it out"},
    {NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL},
};

/* ---- verbs ---- */

#define END \
    { NULL, NULL, NULL, NULL }

static const opt_t import_opts[] = {
    {"dry-run", NULL, "chỉ kiểm tra và cho biết sẽ thay đổi gì", "only check, and say what would change"},
    END};
static const opt_t list_opts[] = {
    {"under", "UNIT", "chỉ đơn vị này và các đơn vị bên dưới", "only this unit and those under it"}, END};
static const opt_t notice_opts[] = {
    {"subject", "TEXT", "tiêu đề", "its subject"}, {"text", "TEXT", "nội dung", "its text"}, END};
static const opt_t enrol_opts[] = {
    {"all", NULL, "mọi đơn vị đang hoạt động chưa ghi danh và chưa có mã (cả đơn vị phối hợp)",
     "all open units without a key and without a code (coordinating ones too)"},
    {"out", "DIR", "ghi tệp .code và phiếu .txt vào thư mục này",
     "write .code files and .txt slips to this folder"},
    {"again", NULL, "cấp lại cả khi đã có mã hoặc khóa; mã cũ chưa dùng bị hủy",
     "also where there is a code or a key; unused codes are cancelled"},
    END};
static const opt_t grant_opts[] = {{"for", "CODE", "đơn vị được làm thay", "the unit it may act for"},
                                   {"subtree", NULL, "và các đơn vị bên dưới", "and the units under it"},
                                   {"from", "DAY", "từ ngày", "first day"},
                                   {"to", "DAY", "đến hết ngày", "last day"},
                                   END};
static const opt_t revoke_opts[] = {{"key", "SERIAL", "chỉ khóa số này", "only the key of this serial"},
                                    {"on", "DAY", "hết hiệu lực sau ngày này, thay vì ngay lập tức",
                                     "ends after this day instead of at once"},
                                    END};
static const opt_t consumer_opts[] = {
    {"may-decide", NULL, "được gửi quyết định của cán bộ", "may send decisions of staff"},
    {"for", "CODE", "chỉ quyết định cho đơn vị này và các đơn vị bên dưới (mặc định: mọi đơn vị)",
     "decides for this unit and those beneath it only (default: for all)"},
    {"again", NULL, "hủy mã chưa dùng và cấp mã mới", "cancel the unused code and make a new one"},
    END};
static const opt_t reason_opts[] = {
    {"reason", "TEXT", "lý do, được ghi vào sổ nhận", "why; recorded in the log"}, END};

static const verb_t verbs[] = {
    {"init", NULL, "tạo thư mục dữ liệu, các khóa và sổ nhận trống",
     "make the data directory, its keys and an empty log",
     "In ra khóa dự phòng một lần duy nhất: hãy in, niêm phong, cất trong tủ khóa. Nó không được lưu trên "
     "máy.",
     "Prints the spare key once: print it, seal it, lock it away. It is not kept on the machine.", NULL, 0, 0,
     0, VERB_ALONE, admin_init},
    {"unit import", "FILE.csv", "nhập danh sách đơn vị từ bảng tính",
     "import the list of units from a spreadsheet",
     "Cột: Mã đơn vị, Tên đơn vị, Loại, Mã cấp trên, Từ ngày, Đến ngày, Phải báo cáo, Người liên hệ, Điện "
     "thoại,\n"
     "email, Số quyết định, Hiệu lực từ, Nhập vào, Tạm giao cho, group:TÊN (thứ tự nào cũng được; tên tiếng "
     "Anh: code, name, kind, "
     "parent,\n"
     "opened, closed, expected, contact, phone, email, decision, effective, into, custody). Có một lỗi thì "
     "không ghi gì, và "
     "mọi lỗi\n"
     "được nêu kèm dòng và cột. Nhập lại cùng một tệp không thêm gì.",
     "Columns: code, name, kind, parent, opened, closed, expected, contact, phone, email, decision, into, "
     "custody, "
     "effective,\n"
     "group:NAME (in any order; Vietnamese heads too). With one fault nothing is stored, and every fault is "
     "named with\n"
     "row and column. The same file again adds nothing.",
     import_opts, 1, 1, 1, VERB_STORE, admin_unit_import},
    {"unit list", NULL, "danh sách đơn vị và tình trạng ghi danh", "units, and whether they are enrolled",
     NULL, NULL, list_opts, 0, 0, 0, VERB_LOOK, admin_unit_list},
    {"enrol", "UNIT… | --all --out DIR", "cấp mã ghi danh, in phiếu cho đơn vị",
     "make enrolment codes and printable slips",
     "Mỗi mã dùng một lần, trên một máy. Với --out: mỗi đơn vị một tệp MÃ.code và một phiếu MÃ.txt để in, "
     "và\n"
     "theo-cap-tren/MÃ.txt gộp các phiếu giao qua một công đoàn cấp trên.",
     "A code is good once, on one computer. With --out: CODE.code and CODE.txt for each unit, and\n"
     "theo-cap-tren/CODE.txt with the slips that go out through one upper-level union.",
     enrol_opts, 0, -1, 0, VERB_STORE, admin_enrol},
    {"handover", "UNIT", "đổi máy hoặc đổi người: thu hồi khóa cũ, cấp mã mới",
     "a new computer or person: revoke the old keys, make a new code", NULL, NULL, NULL, 1, 1, 0, VERB_STORE,
     admin_handover},
    {"grant", "UNIT --for CODE", "cho đơn vị này báo cáo thay đơn vị khác", "let a unit act for another one",
     "Quyền thuộc về đơn vị: có hiệu lực với mọi khóa của đơn vị, kể cả khóa ghi danh sau này. Cấp lại cho "
     "cùng một\n"
     "cặp thì thay quyền cũ; muốn chấm dứt, cấp lại với --to là ngày cuối. Cho cả cấp dưới của chính mình:\n"
     "grant A --for A --subtree.",
     "The grant is held by the unit: it holds for all its keys, those enrolled later too. A new one for the "
     "same pair\n"
     "replaces the old; to end it, grant again with --to. For its own subtree: grant A --for A --subtree.",
     grant_opts, 1, 1, 0, VERB_STORE, admin_grant},
    {"revoke", "UNIT | CONSUMER | --key SERIAL", "thu hồi khóa và hủy mã chưa dùng",
     "revoke keys and cancel unused codes",
     "Với --on DAY khóa còn dùng được đến hết ngày đó: đơn vị đã giải thể vẫn gửi được báo cáo của kỳ trước.",
     "With --on DAY the key holds until the end of that day: a closed unit can still send what is dated "
     "before.",
     revoke_opts, 0, 1, 0, VERB_STORE, admin_revoke},
    {"key list", NULL, "các khóa, mã chưa dùng và quyền làm thay", "keys, unused codes and grants", NULL,
     NULL, NULL, 0, 0, 0, VERB_LOOK, admin_key_list},
    {"key succeed", "FILE", "thay khóa chính bằng khóa dự phòng, tạo khóa dự phòng mới",
     "replace the main key by the spare, make a new spare",
     "FILE (hoặc - để gõ vào, xong thì Enter, Ctrl-D): nội dung tờ giấy đã niêm phong khi init. Phải dừng\n"
     "máy chủ trước. Dùng khi khóa chính có thể đã lộ; các đơn vị tự chuyển sang. In khóa dự phòng mới một "
     "lần\n"
     "duy nhất. Bị ngắt thì chạy lại.",
     "FILE (or - to type it, then Enter and Ctrl-D): what stands on the paper sealed at init. Stop the\n"
     "collector first. For when the main key may be known to others; units change over by themselves. "
     "Prints\n"
     "the new spare once. Cut off, give it again.",
     NULL, 1, 1, 1, VERB_ALONE, admin_key_succeed},
    {"consumer add", "NAME", "cấp mã cho nơi nhận dữ liệu (phần tổng hợp)",
     "make a code for a consumer (an aggregator)", NULL, NULL, consumer_opts, 1, 1, 0, VERB_STORE,
     admin_consumer_add},
    {"plan publish", "FILE.json", "công bố kế hoạch hoặc phiên bản mới của kế hoạch",
     "publish a plan, or its next version",
     "Cùng nội dung lần nữa thì không có gì mới. Nội dung khác phải mang số phiên bản tiếp theo.",
     "The same content again is nothing new. Other content must bear the next version number.", NULL, 1, 1, 1,
     VERB_STORE, admin_plan_publish},
    {"plan list", NULL, "các kế hoạch đã công bố", "plans that are published", NULL, NULL, NULL, 0, 0, 0,
     VERB_LOOK, admin_plan_list},
    {"notice", "UNIT…", "gửi thông báo đến đơn vị", "send a notice to units", NULL, NULL, notice_opts, 1, -1,
     0, VERB_STORE, admin_notice},
    {"run", NULL, "chạy máy chủ nhận báo cáo", "run the collector",
     "SIGTERM: trả lời xong những gì đã nhận rồi dừng. Trong lúc chạy, các lệnh khác vẫn dùng được trên cùng "
     "thư mục.",
     "SIGTERM: answers what was received, then ends. While it runs the other verbs work on the same "
     "directory.",
     NULL, 0, 0, 0, VERB_ALONE, intake_run},
    {"status", NULL, "một màn hình: đang thông suốt, hoặc vướng ở đâu và phải làm gì",
     "one screen: it flows, or what does not and what to do", NULL, NULL, NULL, 0, 0, 0, VERB_LOOK,
     admin_status},
    {"doctor", NULL, "khám máy này: đĩa, khóa, đồng hồ, cổng, giới hạn; thiếu gì thì nói phải làm gì",
     "look at this machine: disk, keys, clock, ports, limits; and what to do about each",
     "Chạy với cùng tệp cấu hình (-c) như run. Thoát với 0 khi mọi thứ ổn, 1 khi có điều phải sửa.",
     "Give it the same configuration (-c) as run. Exits with 0 where all is well, 1 where something must be "
     "mended.",
     NULL, 0, 0, 0, VERB_ALONE, doctor_verb},
    {"held list", NULL, "báo cáo chờ xử lý", "held documents", NULL, NULL, NULL, 0, 0, 0, VERB_LOOK,
     admin_held_list},
    {"held show", "N", "nội dung một báo cáo chờ xử lý", "one held document", NULL, NULL, NULL, 1, 1, 0,
     VERB_LOOK, admin_held_show},
    {"held release", "N", "nhận, thành bản mới nhất của báo cáo đó",
     "take it, as its document's newest revision", NULL, NULL, NULL, 1, 1, 0, VERB_STORE, admin_held_release},
    {"held discard", "N --reason TEXT", "không nhận, có ghi lý do", "do not take it, for a reason", NULL,
     NULL, reason_opts, 1, 1, 0, VERB_STORE, admin_held_discard},
    {"redact", "POSITION --reason TEXT", "xóa nội dung một báo cáo; chuỗi vẫn kiểm tra được",
     "remove a document's body; the chain still verifies", NULL, NULL, reason_opts, 1, 1, 0, VERB_STORE,
     admin_redact},
    {"backup", "DIR", "sao lưu toàn bộ, cả trong lúc đang chạy", "copy everything, also while running",
     "Bản sao có khóa bí mật: cất như cất chính máy chủ.",
     "The copy holds the secret keys: guard it like the server.", NULL, 1, 1, 0, VERB_ALONE, admin_backup},
    {"restore", "DIR", "dựng lại từ bản sao trong DIR vào thư mục -d",
     "make the data directory (-d) again from a backup",
     "Sổ nhận mang mã mới; các đơn vị thấy vậy sẽ tự gửi lại những gì bản sao không có.",
     "The log gets a new id; units notice and send again what the backup lacks.", NULL, 1, 1, 0, VERB_ALONE,
     admin_restore},
    {"verify", NULL, "kiểm tra toàn bộ chuỗi băm, nêu mục hỏng đầu tiên",
     "prove the whole chain, naming the first broken entry", NULL, NULL, NULL, 0, 0, 0, VERB_ALONE,
     admin_verify},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL},
};

const program_t admin_program = {
    .name = "baocao-collector",
    .about_vi = "nhận báo cáo của các đơn vị, ghi bền vào sổ nhận, trả xác nhận có chữ ký",
    .about_en = "takes the units' reports, keeps them in a durable log, answers with signed receipts",
    .verbs = verbs,
    .keys = keys,
    .examples_vi = "  baocao-collector init\n"
                   "  baocao-collector unit import don-vi.csv --dry-run\n"
                   "  baocao-collector enrol --all --out phieu/\n"
                   "  baocao-collector run -c /etc/baocao/collector.cfg\n"
                   "  baocao-collector status\n",
    .examples_en = "  baocao-collector init\n"
                   "  baocao-collector unit import units.csv --dry-run\n"
                   "  baocao-collector enrol --all --out slips/\n"
                   "  baocao-collector run -c /etc/baocao/collector.cfg\n"
                   "  baocao-collector status\n",
    .open = open_admin,
    .close = close_admin,
};
