/* SPDX-License-Identifier: MPL-2.0 */
/* part_report.c - writes documents as an agent makes them. */
#include "tests/bench/part_report.h"

#include <stdlib.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/uuid.h"

void report_write(buf_t *out, const char *unit) {
    static unsigned n;
    char id[UUID_TEXT];
    int64_t now = clock_wall_ms();
    uuid_bc_t uuid = uuid_v7(now);
    unsigned day = n % 30 + 1, people = 20 + n * 7 % 500;
    n++;
    buf_printf(
        out,
        "{\"doc\":\"activity\",\"id\":\"%s\",\"rev\":1,\"unit\":\"%s\",\"entered_by\":\"%s\",\"source\":"
        "\"agent\","
        "\"made\":%lld,\"plans\":[{\"plan\":\"160/KH-LĐLĐ\",\"version\":1}],\"prepared\":{\"name\":\"Nguyễn "
        "Văn A\","
        "\"post\":\"Chủ tịch CĐCS\"},\"from\":\"2024-11-%02u\",\"to\":\"2024-11-%02u\",\"form\":\"F1\","
        "\"integrated\":false,\"title\":\"Hội nghị tuyên truyền Quy hoạch tỉnh tại Công ty Ví dụ Một\","
        "\"topics\":[\"vai-tro\",\"muc-tieu-2030\"],\"documents\":[\"790/"
        "QĐ-TTg\"],\"measures\":{\"sessions\":2,"
        "\"attendances\":%u,\"att_female\":%u,\"speakers\":1,\"leaflets\":%u,\"banners\":2,\"highlights\":"
        "\"Người lao động nắm được mục tiêu của quy hoạch\"}}",
        uuid_text(&uuid, id), unit, unit, (long long)now, day, day, people, people / 2, people * 2);
}

void report_forget(const char *path) {
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char *file = mem_printf("%s%s", path, tails[i]);
        unlink(file);
        free(file);
    }
}
