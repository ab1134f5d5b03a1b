/* SPDX-License-Identifier: MPL-2.0 */
/* header.c - reads what stands in the header of a message, which may be anything. */
#include "collector/header.h"

#include <assert.h>
#include <string.h>

#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

int header_bad(command_t command, const char *field, refusal_t *why) {
    const char *name = frame_command_name(command);
    return refuse(why, "header-bad", field, "Phần đầu của thông điệp %s thiếu hoặc sai trường \"%s\".",
                  "The header of %s lacks the field \"%s\", or it is wrong.", name, field);
}

int header_version(const json_t *header, refusal_t *why) {
    if (json_int(header, "v", 0) == 1) return BC_OK;
    return refuse(why, "version-unsupported", "v",
                  "Máy chủ chỉ biết phiên bản 1 của giao thức; hãy cập nhật chương trình.",
                  "The collector knows only version 1 of the protocol; update the program.");
}

int header_text(const json_t *header, const char *field, size_t most, const char **out) {
    *out = json_text(header, field);
    return *out && **out && strlen(*out) <= most;
}

int header_hex(const json_t *header, const char *field, size_t bytes, const char **out, void *raw) {
    uint8_t room[HASH_LEN];
    assert(bytes <= sizeof room);
    *out = json_text(header, field);
    return *out && hex_read(*out, raw ? raw : room, bytes) == BC_OK;
}

int header_number(const json_t *header, const char *field, int64_t least, int64_t *out) {
    *out = json_int(header, field, -1);
    return *out >= least && *out <= HEADER_NUMBER_MOST;
}
