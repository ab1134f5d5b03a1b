/* SPDX-License-Identifier: MPL-2.0 */
/* verb_fold.c - the verbs that fold: sync, rebuild, verify; and status. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "aggregator/decision.h"
#include "aggregator/verbs.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "proto/base/signals.h"

/* Follows into STORE up to LIMIT (0: the head). */
static int follow_into(const char *dir, const conf_t *conf, store_t *store, int64_t limit, int signals,
                       progress_t *progress, refusal_t *why) {
    peer_t peer;
    int rc = peer_load(dir, &peer, why);
    follow_t *follow = rc == BC_OK ? follow_new(dir, &peer, conf, store, why) : NULL;
    if (rc == BC_OK && !follow) rc = BC_CORRUPT;
    if (rc == BC_OK) {
        follow_limit(follow, limit);
        rc = follow_until_done(follow, signals, conf_int(conf, "follow/patience"), progress, why);
        progress_end(progress);
    }
    follow_free(&follow);
    return rc;
}

static progress_t progress_of(io_t *io) {
    return progress_begin(io->err, io->lang, "mục", "entries");
}

/* The daemon's own line is used where there is one. */
static int catch_up(aggregator_t *self, const conf_t *conf, io_t *io, refusal_t *why) {
    progress_t progress = progress_of(io);
    if (self->follow)
        return follow_until_done(self->follow, -1, conf_int(conf, "follow/patience"), NULL, why);
    return follow_into(self->dir, conf, self->store, 0, -1, &progress, why);
}

static void say_position(io_t *io, const store_t *store) {
    const cursor_t *at = store_cursor(store);
    if (io->json) {
        char chain[HASH_HEX];
        json_t *j = json_pack("{s:s,s:I,s:s}", "log", at->log, "position", (json_int_t)at->position, "chain",
                              hex_write(at->chain.b, HASH_LEN, chain));
        io_json(io, j);
        json_decref(j);
    } else {
        io_say(io, "Đã đọc sổ nhận %.8s… đến vị trí %lld.\n", "The log %.8s… was read up to position %lld.\n",
               at->log, (long long)at->position);
    }
}

int verb_sync(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    aggregator_t *self = store;
    refusal_t why = {0};
    int rc = catch_up(self, conf, io, &why);
    if (rc) return verbs_failed(io, rc, &why);
    say_position(io, self->store);
    return EX_OK;
}

/* Removes a store that is beside the real one, whole or half. */
static void remove_store(const char *path) {
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char *file = mem_printf("%s%s", path, tails[i]);
        unlink(file);
        free(file);
    }
}

/* A new store at PATH, folded up to LIMIT; closed and removed where that fails. */
static int fold_beside(const char *dir, const char *path, const conf_t *conf, int64_t limit, int signals,
                       progress_t *progress, store_t **out, refusal_t *why) {
    remove_store(path);
    *out = store_open(path, why);
    int rc = *out ? follow_into(dir, conf, *out, limit, signals, progress, why) : BC_DISK;
    if (rc) {
        store_close(out);
        remove_store(path);
    }
    return rc;
}

int verb_rebuild(void *unused, const args_t *args, const conf_t *conf, io_t *io) {
    (void)unused;
    refusal_t why = {0};
    store_t *fresh = NULL;
    int lock = verbs_lock(args->dir, &why);
    if (lock < 0) return verbs_refused(io, &why);
    int signals = signals_open();
    char *path = verbs_store_path(args->dir), *beside = mem_printf("%s.new", path);
    progress_t progress = progress_of(io);
    int rc = fold_beside(args->dir, beside, conf, 0, signals, &progress, &fresh, &why);
    if (rc == BC_OK) say_position(io, fresh);
    store_close(&fresh); /* takes its WAL into the file */
    if (rc == BC_OK) {
        remove_store(path); /* an old WAL must not meet the new file */
        rc = file_move(beside, path, &why);
    }
    free(beside);
    free(path);
    close(lock);
    return rc ? verbs_failed(io, rc, &why) : EX_OK;
}

int verb_verify(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    aggregator_t *self = store;
    refusal_t why = {0};
    store_t *again = NULL;
    progress_t progress = progress_of(io);
    char *path = verbs_store_path(self->dir), *beside = mem_printf("%s.verify", path);
    int rc = catch_up(self, conf, io,
                      &why); /* a redaction that is not folded here yet would look like a difference */
    if (rc == BC_OK)
        rc = fold_beside(self->dir, beside, conf, store_cursor(self->store)->position, -1,
                         self->follow ? NULL : &progress, &again, &why);
    if (rc == BC_OK) rc = store_compare(self->store, again, &why);
    store_close(&again);
    remove_store(beside);
    free(beside);
    free(path);
    if (rc) return verbs_failed(io, rc, &why);
    if (!io->json) io_say(io, "Kho số liệu khớp với sổ nhận. ", "The store agrees with the log. ");
    say_position(io, self->store);
    return EX_OK;
}

/* ---- status ---- */

static json_t *trouble_json(const refusal_t *trouble) {
    if (!trouble || !trouble->code[0]) return json_null();
    return json_pack("{s:s,s:s,s:s}", "code", trouble->code, "vi", trouble->vi, "en", trouble->en);
}

static json_t *status_json(const aggregator_t *self) {
    const cursor_t *at = store_cursor(self->store);
    int64_t head = self->follow ? follow_head(self->follow) : 0;
    char chain[HASH_HEX];
    json_t *j = json_pack(
        "{s:s,s:I,s:s,s:I,s:b,s:b,s:I,s:I,s:i}", "log", at->log, "position", (json_int_t)at->position,
        "chain", hex_write(at->chain.b, HASH_LEN, chain), "received", (json_int_t)at->received, "running",
        self->follow != NULL, "forked", store_forked(self->store), "unread",
        (json_int_t)store_count(self->store, ROW_UNREAD), "redacted",
        (json_int_t)store_count(self->store, ROW_GONE), "decisions_waiting", decision_count(self->dir));
    json_object_set_new(j, "head", head ? json_integer(head) : json_null());
    json_object_set_new(j, "lag", head ? json_integer(head - at->position) : json_null());
    json_object_set_new(j, "trouble", trouble_json(self->follow ? follow_trouble(self->follow) : NULL));
    return j;
}

static void say_status(const aggregator_t *self, io_t *io) {
    const cursor_t *at = store_cursor(self->store);
    char when[17];
    int64_t unread = store_count(self->store, ROW_UNREAD);
    int waiting = decision_count(self->dir);
    io_say(io, "Sổ nhận: %s\nĐã đọc đến vị trí %lld (mục cuối nhận lúc %s)\n",
           "Log: %s\nRead up to position %lld (last entry received at %s)\n", at->log[0] ? at->log : "-",
           (long long)at->position, at->position ? clock_vi(at->received, when) : "-");
    if (!self->follow) {
        io_say(io, "Chương trình run không chạy, nên không biết còn chậm bao nhiêu.\n",
               "The daemon is not running, so it is not known how far behind this is.\n");
    } else if (follow_head(self->follow)) {
        io_say(io, "Máy chủ đang ở vị trí %lld; còn chậm %lld mục.\n",
               "The collector is at position %lld; %lld entries behind.\n",
               (long long)follow_head(self->follow), (long long)(follow_head(self->follow) - at->position));
    }
    if (self->follow && follow_trouble(self->follow)->code[0])
        fprintf(io->out, "%s\n", refusal_text(follow_trouble(self->follow), io->lang));
    if (store_forked(self->store))
        io_say(io, "Sổ nhận đã rẽ nhánh: hãy chạy lệnh rebuild.\n",
               "The log has forked: run the verb rebuild.\n");
    if (unread)
        io_say(io, "%lld báo cáo không đọc được (không tính): hãy cài bản mới rồi chạy rebuild.\n",
               "%lld documents can not be read (not counted): install the newer release, then rebuild.\n",
               (long long)unread);
    if (waiting)
        io_say(io, "%d quyết định chờ gửi đến máy chủ.\n", "%d decisions wait to be sent to the collector.\n",
               waiting);
}

int verb_status(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)args;
    (void)conf;
    if (io->json) {
        json_t *j = status_json(store);
        io_json(io, j);
        json_decref(j);
    } else {
        say_status(store, io);
    }
    return EX_OK;
}
