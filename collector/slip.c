/* SPDX-License-Identifier: MPL-2.0 */
/* slip.c - lays out a slip in plain text, 72 columns, so that any printer prints it. */
#include "collector/slip.h"

#include <string.h>

/* The lines of TEXT, each moved in. */
static void indented(buf_t *out, const char *text) {
    while (*text) {
        size_t n = strcspn(text, "\n");
        buf_puts(out, "      ");
        buf_add(out, text, n);
        buf_puts(out, "\n");
        text += n + (text[n] == '\n');
    }
}

static void steps(const slip_t *slip, buf_t *out) {
    buf_puts(out, "CÁC BƯỚC\n\n"
                  "  1. Ngồi vào chính máy tính sẽ dùng để gửi báo cáo hằng kỳ. Máy cần có\n"
                  "     mạng trong lúc ghi danh; sau đó nhập báo cáo không cần mạng.\n"
                  "  2. Cài chương trình baocao-agent theo hướng dẫn của cấp trên.\n");
    buf_printf(out,
               "  3. Mở cửa sổ lệnh. Nếu được gửi kèm tệp %s.code, gõ:\n\n"
               "      baocao-agent join %s.code\n\n"
               "     Nếu chỉ có phiếu này, gõ mã ở trên giữa hai dấu nháy kép:\n\n"
               "      baocao-agent join \"ABCDE FGHIJ ...\"\n\n"
               "     Chữ hoa hay thường, có hay không có dấu cách đều được.\n",
               slip->unit, slip->unit);
    buf_printf(out,
               "  4. Chương trình phải trả lời đúng tên đơn vị: %s.\n"
               "     Nếu chưa kết nối được, mã vẫn còn nguyên: có mạng thì làm lại bước 3.\n"
               "  5. Gõ \"baocao-agent status\" để xem trạng thái, rồi \"baocao-agent plan\"\n"
               "     để xem kế hoạch phải báo cáo.\n\n",
               slip->name);
}

static void warnings(const slip_t *slip, buf_t *out) {
    buf_puts(out, "CẦN NHỚ\n\n"
                  "  - Mã chỉ dùng một lần, cho đúng đơn vị ghi trên phiếu. Không đưa mã cho\n"
                  "    đơn vị khác, không gửi vào nhóm trò chuyện.\n"
                  "  - Không chép thư mục dữ liệu của chương trình sang máy khác. Đổi máy,\n"
                  "    đổi người phụ trách: xin mã mới.\n"
                  "  - Mất phiếu, mã hết hạn, hoặc máy báo mã đã được máy khác sử dụng:\n");
    buf_printf(out, "    báo ngay cho %s", slip->federation);
    if (slip->phone) buf_printf(out, ", điện thoại %s", slip->phone);
    buf_puts(out, ".\n");
}

void slip_write(const slip_t *slip, buf_t *out) {
    char day[11];
    buf_printf(out, "%s\n\n              PHIẾU GHI DANH GỬI BÁO CÁO\n\n", slip->federation);
    buf_printf(out, "  Đơn vị:       %s\n  Mã đơn vị:    %s\n", slip->name, slip->unit);
    if (slip->above) buf_printf(out, "  Cấp trên:     %s\n", slip->above);
    buf_printf(out, "  Hạn sử dụng:  hết ngày %s, dùng một lần\n\nMÃ GHI DANH\n\n",
               day_vi(slip->expires, day));
    indented(out, slip->code);
    buf_puts(out, "\n");
    steps(slip, out);
    warnings(slip, out);
}
