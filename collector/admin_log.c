/* SPDX-License-Identifier: MPL-2.0 */
/* admin_log.c - verbs about the log itself: proving that it is whole, removing a body. */
#include <stdlib.h>
#include <string.h>

#include "collector/admin.h"
#include "collector/proof.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

/* ---- verify ---- */

static void say_proof(io_t *io, const proof_t *proof) {
    char hex[HASH_HEX];
    hex_write(proof->chain.b, HASH_LEN, hex);
    if (io->json) {
        json_t *j =
            json_pack("{sI ss sb}", "position", (json_int_t)proof->position, "chain", hex, "whole", 1);
        io_json(io, j);
        json_decref(j);
        return;
    }
    io_say(io, "Sổ nhận nguyên vẹn: %lld mục, chuỗi %s.\n", "The log is whole: %lld entries, chain %s.\n",
           (long long)proof->position, hex);
}

int admin_verify(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    queue_t *queue = queue_open_reader(args->dir, &why);
    if (!queue) return admin_refused(io, &why);
    proof_t proof;
    int rc = proof_of(queue, &proof, &why);
    if (rc == BC_OK) rc = queue_check(queue, &why);
    int status = rc ? admin_refused(io, &why) : 0;
    queue_close(&queue);
    if (!status) say_proof(io, &proof);
    return status;
}

/* ---- redact ---- */

int admin_redact(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    admin_t *admin = store;
    refusal_t why = {0};
    const char *reason = admin_reason(args, &why);
    if (!reason) return admin_refused(io, &why);
    char *end;
    long long position = strtoll(args->argv[0], &end, 10);
    if (*end) position = 0;
    int rc = queue_begin(admin->queue);
    if (rc == BC_OK) rc = queue_redact(admin->queue, position, args->person, reason, clock_wall_ms(), &why);
    int status = admin_end(admin, io, rc, 0, &why);
    if (!status)
        io_say(
            io,
            "Đã xóa nội dung ở vị trí %lld; chuỗi vẫn kiểm tra được. Bản sao lưu cũ vẫn còn nội dung này.\n",
            "The body at position %lld is removed; the chain still verifies. Older backups still hold it.\n",
            position);
    return status;
}
