/* SPDX-License-Identifier: MPL-2.0 */
/* spare.c - the spare key on its way to paper and back. */
#include "collector/spare.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define DIGITS 64 /* hex digits of a key */

int spare_tell(io_t *io, const curve_pair_t *pair, refusal_t *why) {
    char public_[DIGITS + 1], secret[DIGITS + 1];
    hex_write(pair->public_, 32, public_);
    hex_write(pair->secret, 32, secret);
    io_say(io,
           "Khóa dự phòng của máy chủ. In ra, niêm phong, cất trong tủ khóa; KHÔNG lưu trên máy này.\n"
           "Khi phải thay khóa chính thì dùng đến. Nó không được in lại lần nào nữa.\n\n"
           "  baocao-curve-key/1\n  public %s\n  secret %s\n\n",
           "The collector's spare key. Print it, seal it, lock it away; do NOT keep it on this machine.\n"
           "It is needed when the main key must be replaced, and is never shown again.\n\n"
           "  baocao-curve-key/1\n  public %s\n  secret %s\n\n",
           public_, secret);
    sodium_memzero(secret, sizeof secret);
    if (fflush(io->out) == 0 && !ferror(io->out)) return BC_OK;
    return refuse(why, "output-failed", NULL,
                  "Không in được khóa dự phòng ra đầu ra chuẩn, nên chưa làm gì. Hãy chạy lại lệnh này.",
                  "The spare key could not be printed, so nothing was done. Give the command again.");
}

int spare_save(const char *dir, const uint8_t public_[static 32], refusal_t *why) {
    char line[DIGITS + 2], *path = file_path(dir, "successor.pub");
    strcat(hex_write(public_, 32, line), "\n");
    int rc = file_write(path, line, strlen(line), 0600, why);
    free(path);
    return rc;
}

int spare_load(const char *dir, uint8_t public_[static 32], refusal_t *why) {
    char *path = file_path(dir, "successor.pub");
    buf_t text = {0};
    int rc = file_read(path, 4096, &text, why);
    if (rc == BC_OK && text.len && text.data[text.len - 1] == '\n') text.data[--text.len] = '\0';
    if (rc == BC_OK && hex_read(text.data, public_, 32))
        rc =
            refuse(why, "key-bad", path, "Tệp khóa \"%s\" bị hỏng.", "The key file \"%s\" is damaged.", path);
    buf_free(&text);
    free(path);
    return rc;
}

int spare_read(const buf_t *typed, curve_pair_t *out, refusal_t *why) {
    char secret[DIGITS + 1] = "";
    size_t run = 0;
    for (size_t i = 0; i < typed->len; i++) {
        run = isxdigit((unsigned char)typed->data[i]) ? run + 1 : 0;
        int ends = i + 1 == typed->len || !isxdigit((unsigned char)typed->data[i + 1]);
        if (run != DIGITS || !ends) continue;
        for (size_t k = 0; k < DIGITS; k++)
            secret[k] = (char)tolower((unsigned char)typed->data[i + 1 - DIGITS + k]);
    }
    int bad = hex_read(secret, out->secret, sizeof out->secret) ||
              crypto_scalarmult_base(out->public_, out->secret);
    sodium_memzero(secret, sizeof secret);
    if (!bad) return BC_OK;
    sodium_memzero(out, sizeof *out);
    return refuse(
        why, "spare-unreadable", NULL,
        "Không thấy khóa bí mật trong nội dung đã nhập: hãy gõ đúng 64 chữ số của dòng \"secret\" trên "
        "giấy đã niêm phong.",
        "There is no secret key in what was typed: type the 64 digits of the line \"secret\" on the "
        "sealed paper.");
}
