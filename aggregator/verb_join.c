/* SPDX-License-Identifier: MPL-2.0 */
/* verb_join.c - the verb `join`. */
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "aggregator/verbs.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "proto/code.h"

#define JOIN_MS 30000

int verb_join(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    char host[101] = "";
    gethostname(host, sizeof host - 1);
    const char *name = args_opt(args, "name");
    buf_t code = {0};
    peer_t peer;
    int lock = -1, rc = code_words(args, &code, &why);
    if (rc == BC_OK) rc = file_mkdir(args->dir, 0700, &why);
    if (rc == BC_OK && (lock = verbs_lock(args->dir, &why)) < 0) rc = BC_REFUSED;
    if (rc == BC_OK)
        rc = peer_join(args->dir, code.data ? code.data : "", name ? name : host, JOIN_MS, &peer, &why);
    buf_free(&code);
    if (lock >= 0) close(lock);
    if (rc) return verbs_failed(io, rc, &why);
    if (io->json) {
        json_t *j = json_pack("{s:s,s:s}", "name", peer.name, "endpoint", peer.endpoint);
        io_json(io, j);
        json_decref(j);
    } else {
        io_say(io, "Đã ghi danh với máy chủ %s dưới tên \"%s\". Tiếp theo: baocao-aggregator run\n",
               "Enrolled with the collector %s as \"%s\". Next: baocao-aggregator run\n", peer.endpoint,
               peer.name);
    }
    return EX_OK;
}
