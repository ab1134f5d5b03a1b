/* SPDX-License-Identifier: MPL-2.0 */
/* What strerror says, and the same in Vietnamese where an officer or operator may meet it. */
#include "proto/base/cause.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <zmq.h>

static const struct {
    int err;
    const char *vi;
} causes[] = {
    {ENOSPC, "ổ đĩa đã đầy"},
    {EDQUOT, "đã hết hạn mức dung lượng đĩa"},
    {EIO, "ổ đĩa bị lỗi đọc ghi"},
    {EROFS, "ổ đĩa chỉ cho đọc"},
    {EACCES, "không có quyền truy cập"},
    {EPERM, "không được phép"},
    {ENOENT, "không tìm thấy tệp hoặc thư mục"},
    {EISDIR, "đó là một thư mục"},
    {ENOTDIR, "có một phần của đường dẫn không phải là thư mục"},
    {EEXIST, "đã có tệp hoặc thư mục này"},
    {ENAMETOOLONG, "tên quá dài"},
    {ELOOP, "có liên kết trỏ vòng quanh hoặc không được phép"},
    {EFBIG, "tệp quá lớn"},
    {EBUSY, "đang được chương trình khác sử dụng"},
    {EMFILE, "đã mở quá nhiều tệp hoặc kết nối"},
    {ENFILE, "máy đã mở quá nhiều tệp hoặc kết nối"},
    {ENOMEM, "hết bộ nhớ"},
    {EINVAL, "địa chỉ hoặc giá trị không hợp lệ"},
    {EADDRINUSE, "chương trình khác đang dùng cổng này"},
    {EADDRNOTAVAIL, "máy này không có địa chỉ đó"},
    {ENODEV, "máy này không có thiết bị mạng đó"},
    {EPROTONOSUPPORT, "không hỗ trợ loại địa chỉ này"},
};

/* Not strerror: what it says of an unknown number lies in a buffer that the next call frees, and two of these
 * stand in one sentence. */
const char *cause_en(int err) {
    if (err == EFSM || err == ENOCOMPATPROTO || err == ETERM || err == EMTHREAD) return zmq_strerror(err);
    const char *text = strerrordesc_np(err);
    return text ? text : "Unknown error";
}

const char *cause_vi(int err) {
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].err == err) return causes[i].vi;
    return cause_en(err);
}
