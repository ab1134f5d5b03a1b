/* SPDX-License-Identifier: MPL-2.0 */
/* admin_key.c - the collector changes its key: the spare becomes the main one, and a new spare is made and
 * announced (PROTOCOL.md 2). In this order, so that whoever is cut off anywhere gives the same command again:
 * every agent knows the spare that takes over here, and none hears of the next one before it has. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/admin.h"
#include "collector/spare.h"
#include "proto/base/clock.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

/* Whether the typed pair is the spare, or has taken over before and was cut off then. */
static int check_spare(const char *dir, const curve_pair_t *typed, refusal_t *why) {
    uint8_t known[32];
    curve_pair_t server;
    char *path = file_path(dir, "server.key");
    int rc = spare_load(dir, known, why);
    int is_spare = rc == BC_OK && memcmp(known, typed->public_, sizeof known) == 0;
    int is_main = curve_pair_load(path, &server, NULL) == BC_OK &&
                  memcmp(server.public_, typed->public_, sizeof server.public_) == 0;
    sodium_memzero(&server, sizeof server);
    free(path);
    if (rc || is_spare || is_main) return rc;
    return refuse(
        why, "spare-other", NULL,
        "Khóa đã nhập không phải khóa dự phòng hiện nay của máy chủ. Hãy xem lại từng chữ số, và lấy "
        "giấy mới nhất.",
        "What was typed is not the collector's present spare key. Look at each digit again, and take "
        "the newest paper.");
}

static int replace_server(const char *dir, const curve_pair_t *pair, refusal_t *why) {
    char *path = file_path(dir, "server.key"), *beside = file_path(dir, "server.key.next");
    if (file_exists(beside)) unlink(beside); /* of an attempt that was cut off */
    int rc = curve_pair_save(beside, pair, why);
    if (rc == BC_OK) rc = file_move(beside, path, why);
    free(path);
    free(beside);
    return rc;
}

/* The announcement, signed with the key that signs receipts: new string. */
static char *announcement(const sign_pair_t *sign, const uint8_t next[static 32], int64_t now) {
    char key[65], day[11], hex[129];
    uint8_t signature[64];
    hex_write(next, 32, key);
    char *text = mem_printf("baocao-succession/1 %s %s", key, day_iso(clock_day(now), day));
    crypto_sign_detached(signature, NULL, (const uint8_t *)text, strlen(text), sign->secret);
    free(text);
    return mem_printf("{\"from\":\"%s\",\"server\":\"%s\",\"signature\":\"%s\"}", day, key,
                      hex_write(signature, sizeof signature, hex));
}

static int announce(queue_t *queue, const char *dir, const char *by, const uint8_t next[static 32],
                    refusal_t *why) {
    sign_pair_t sign;
    int64_t now = clock_wall_ms();
    char *path = file_path(dir, "sign.key");
    int rc = sign_pair_load(path, &sign, why);
    free(path);
    if (rc) return rc;
    char *body = announcement(&sign, next, now);
    sodium_memzero(&sign, sizeof sign);
    entry_t e = {.kind = "succession", .received = now, .by = by};
    rc = queue_begin(queue);
    if (rc == BC_OK) rc = queue_append(queue, &e, body, strlen(body));
    if (rc == BC_OK) rc = queue_commit(queue);
    free(body);
    if (rc)
        refuse(why, "disk", dir, "Không ghi được kho dữ liệu; hãy chạy lại lệnh này.",
               "The store cannot be written; give the command again.");
    return rc;
}

static int succeed(const args_t *args, io_t *io, refusal_t *why) {
    curve_pair_t typed, next;
    curve_pair_make(&next);
    int rc = spare_read(&io->input, &typed, why);
    if (rc == BC_OK) rc = check_spare(args->dir, &typed, why);
    queue_t *queue = rc == BC_OK ? queue_open(args->dir, why) : NULL;
    if (rc == BC_OK && !queue) rc = BC_REFUSED;
    if (rc == BC_OK) rc = spare_tell(io, &next, why);
    if (rc == BC_OK) rc = replace_server(args->dir, &typed, why);
    if (rc == BC_OK) rc = spare_save(args->dir, next.public_, why);
    if (rc == BC_OK) rc = announce(queue, args->dir, args->person, next.public_, why);
    queue_close(&queue);
    sodium_memzero(&typed, sizeof typed);
    sodium_memzero(&next, sizeof next);
    return rc;
}

int admin_key_succeed(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    int lock = file_lock_dir(args->dir, &why);
    if (lock < 0) return admin_refused(io, &why);
    int rc = succeed(args, io, &why);
    close(lock);
    if (io->input.data) sodium_memzero(io->input.data, io->input.cap);
    if (rc) return admin_refused(io, &why);
    io_say(io,
           "Khóa dự phòng cũ nay là khóa chính; ở trên là khóa dự phòng mới, hãy hủy các giấy cũ.\n"
           "Hãy chạy lại máy chủ: các đơn vị tự chuyển sang khóa mới, mã đã phát vẫn dùng được.\n"
           "Hãy sao lưu ngay.\n",
           "The spare is the main key now; above is the new spare, destroy the older papers.\n"
           "Run the collector again: units change over by themselves, and codes handed out stay good.\n"
           "Make a backup at once.\n");
    return 0;
}
