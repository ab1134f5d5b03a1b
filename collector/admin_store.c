/* SPDX-License-Identifier: MPL-2.0 */
/* admin_store.c - verbs about the data directory as a whole: making it, copying it, making it again from
 * a copy. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/admin.h"
#include "collector/proof.h"
#include "collector/spare.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/keyfile.h"

static const char *const key_files[] = {"server.key", "sign.key", "successor.pub"};

/* Makes DIR and takes its lock: the descriptor, or -1 with WHY; "dir-taken" where a store is there. */
static int take_dir(const char *dir, refusal_t *why) {
    if (file_mkdir(dir, 0700, why)) return -1;
    int lock = file_lock_dir(dir, why);
    char *path = file_path(dir, "queue.db");
    if (lock >= 0 && file_exists(path)) {
        refuse(why, "dir-taken", dir, "Trong \"%s\" đã có kho dữ liệu.",
               "There is a store in \"%s\" already.", dir);
        close(lock);
        lock = -1;
    }
    free(path);
    return lock;
}

/* Of an attempt that was cut off. Its WAL before all: SQLite would play it into the next copy. */
static void forget_attempt(const char *made) {
    static const char *const endings[] = {"-wal", "-shm", ".part", ""};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *path = mem_printf("%s%s", made, endings[i]);
        if (file_exists(path)) unlink(path);
        free(path);
    }
}

/* ---- init ---- */

static int save_pairs(const char *dir, const curve_pair_t *spare, refusal_t *why) {
    curve_pair_t server;
    sign_pair_t sign;
    curve_pair_make(&server);
    sign_pair_make(&sign);
    char *server_path = file_path(dir, "server.key"), *sign_path = file_path(dir, "sign.key");
    int rc = curve_pair_save(server_path, &server, why);
    if (rc == BC_OK) rc = sign_pair_save(sign_path, &sign, why);
    if (rc == BC_OK) rc = spare_save(dir, spare->public_, why);
    sodium_memzero(&server, sizeof server);
    sodium_memzero(&sign, sizeof sign);
    free(server_path);
    free(sign_path);
    return rc;
}

static void say_next(io_t *io, const char *dir) {
    io_say(io,
           "Đã tạo \"%s\". Tiếp theo:\n"
           "  1. Đặt public/host trong tệp cấu hình: tên mà các đơn vị dùng để kết nối.\n"
           "  2. baocao-collector unit import don-vi.csv\n"
           "  3. baocao-collector plan publish ke-hoach.json\n"
           "  4. baocao-collector -c TỆP run   (hoặc: systemctl enable --now baocao-collector)\n"
           "  5. baocao-collector enrol --all --out phieu/\n"
           "  6. baocao-collector backup DIR, hằng ngày, sang đĩa khác\n",
           "Made \"%s\". What comes next:\n"
           "  1. Set public/host in the configuration: the name units connect to.\n"
           "  2. baocao-collector unit import units.csv\n"
           "  3. baocao-collector plan publish plan.json\n"
           "  4. baocao-collector -c FILE run  (or: systemctl enable --now baocao-collector)\n"
           "  5. baocao-collector enrol --all --out slips/\n"
           "  6. baocao-collector backup DIR, daily, to another disk\n",
           dir);
}

/* Keys of an attempt that was cut off, which the folder beside tells from keys whose store was lost. */
static void forget_pairs(const char *dir, const char *beside) {
    for (size_t i = 0; file_exists(beside) && i < sizeof key_files / sizeof key_files[0]; i++) {
        char *path = file_path(dir, key_files[i]);
        if (file_exists(path)) unlink(path);
        free(path);
    }
}

/* The store is made beside its place and moved there last: until then the directory is not made, and the
 * same command makes it anew. The spare key is nowhere but in what is printed, so that must have left us
 * before. */
static int make_all(const args_t *args, io_t *io, refusal_t *why) {
    curve_pair_t spare;
    char *beside = file_path(args->dir, "making"), *made = file_path(beside, "queue.db");
    char *target = file_path(args->dir, "queue.db");
    curve_pair_make(&spare);
    forget_attempt(made);
    forget_pairs(args->dir, beside);
    int rc = file_mkdir(beside, 0700, why);
    if (rc == BC_OK) rc = save_pairs(args->dir, &spare, why);
    if (rc == BC_OK) rc = queue_create(beside, args->person, why);
    if (rc == BC_OK) rc = spare_tell(io, &spare, why);
    if (rc == BC_OK) rc = file_move(made, target, why);
    if (rc == BC_OK) rmdir(beside); /* an empty folder left behind hurts nobody */
    sodium_memzero(&spare, sizeof spare);
    free(beside);
    free(made);
    free(target);
    return rc;
}

int admin_init(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    int lock = take_dir(args->dir, &why);
    if (lock < 0) return admin_refused(io, &why);
    int rc = make_all(args, io, &why);
    if (rc == BC_OK) say_next(io, args->dir);
    close(lock);
    return rc ? admin_refused(io, &why) : 0;
}

/* ---- backup and restore ---- */

static int copy_keys(const char *from, const char *to, refusal_t *why) {
    int rc = BC_OK;
    buf_t text = {0};
    for (size_t i = 0; i < sizeof key_files / sizeof key_files[0] && rc == BC_OK; i++) {
        char *source = file_path(from, key_files[i]), *target = file_path(to, key_files[i]);
        rc = file_read_secret(source, 4096, &text, why);
        if (rc == BC_OK) rc = file_write(target, text.data, text.len, 0600, why);
        free(source);
        free(target);
    }
    if (text.data) sodium_memzero(text.data, text.cap);
    buf_free(&text);
    return rc;
}

static int backup_to(queue_t *queue, const char *from, const char *to, refusal_t *why) {
    char *path = file_path(to, "queue.db");
    int rc = file_mkdir(to, 0700, why);
    if (rc == BC_OK && file_exists(path))
        rc = refuse(why, "dir-taken", to, "Trong \"%s\" đã có kho dữ liệu.",
                    "There is a store in \"%s\" already.", to);
    if (rc == BC_OK) rc = copy_keys(from, to, why);
    if (rc == BC_OK) rc = queue_backup(queue, to, why);
    free(path);
    return rc;
}

int admin_backup(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    head_t head = {0};
    queue_t *queue = queue_open_reader(args->dir, &why);
    if (!queue) return admin_refused(io, &why);
    char *to = args_path(args, args->argv[0]);
    int rc = queue_head(queue, &head);
    if (rc == BC_OK) rc = backup_to(queue, args->dir, to, &why);
    queue_close(&queue);
    if (!rc)
        io_say(io,
               "Đã sao lưu đến ít nhất vị trí %lld vào \"%s\". Bản sao có khóa bí mật: cất như cất chính máy "
               "chủ.\n",
               "Backed up to at least position %lld in \"%s\". It holds the secret keys: guard it like the "
               "server.\n",
               (long long)head.position, to);
    free(to);
    return rc ? admin_refused(io, &why) : 0;
}

/* The copy gets its new id before it lies where a collector would run on it. */
static int renew(const char *dir, const char *by, head_t *head, refusal_t *why) {
    queue_t *queue = queue_open(dir, why);
    if (!queue) return BC_REFUSED;
    int rc = queue_begin(queue);
    if (rc == BC_OK) rc = queue_restored(queue, by, "restore", clock_wall_ms(), why);
    if (rc == BC_OK) rc = queue_commit(queue);
    if (rc == BC_OK) rc = queue_tidy(queue, 0); /* the file alone is moved */
    if (rc == BC_OK) rc = queue_head(queue, head);
    queue_close(&queue);
    if (rc && !why->code[0])
        refuse(why, "disk", dir, "Không ghi được kho dữ liệu.", "The store cannot be written.");
    return rc;
}

static int restore_from(const char *from, const args_t *args, head_t *head, refusal_t *why) {
    queue_t *backup = queue_open_reader(from, why);
    if (!backup) return BC_REFUSED;
    proof_t proof;
    char *beside = file_path(args->dir, "restoring"), *made = file_path(beside, "queue.db");
    char *target = file_path(args->dir, "queue.db");
    forget_attempt(made);
    int rc = proof_of(backup, &proof, why);
    if (rc == BC_OK) rc = file_mkdir(beside, 0700, why);
    if (rc == BC_OK) rc = copy_keys(from, args->dir, why);
    if (rc == BC_OK) rc = queue_backup(backup, beside, why);
    queue_close(&backup);
    if (rc == BC_OK) rc = renew(beside, args->person, head, why);
    if (rc == BC_OK) rc = file_move(made, target, why);
    if (rc == BC_OK) rmdir(beside); /* an empty folder left behind hurts nobody */
    free(beside);
    free(made);
    free(target);
    return rc;
}

int admin_restore(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    int lock = take_dir(args->dir, &why);
    if (lock < 0) return admin_refused(io, &why);
    head_t head = {0};
    char *from = args_path(args, args->argv[0]);
    int rc = restore_from(from, args, &head, &why);
    free(from);
    close(lock);
    if (rc) return admin_refused(io, &why);
    io_say(
        io,
        "Đã khôi phục vào \"%s\", đến vị trí %lld; sổ nhận mang mã mới %s.\n"
        "Hãy chạy lại máy chủ: các đơn vị sẽ tự gửi lại những gì bản sao không có. Phần tổng hợp phải dựng "
        "lại.\n"
        "Khóa cấp hoặc hủy sau lần sao lưu trở lại như lúc đó: xem \"key list\", hủy lại, cấp mã lại nếu "
        "cần.\n",
        "Restored into \"%s\", up to position %lld; the log has the new id %s.\n"
        "Run the collector: units send again by themselves what the backup lacks. Consumers must rebuild.\n"
        "Keys made or revoked after the backup are as they were then: see \"key list\", revoke, enrol "
        "again.\n",
        args->dir, (long long)head.position, head.log);
    return 0;
}
