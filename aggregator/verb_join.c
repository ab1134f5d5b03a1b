/* SPDX-License-Identifier: MPL-2.0 */
/* verb_join.c - the verb `join`. */
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "aggregator/verbs.h"
#include "proto/base/file.h"
#include "proto/base/rc.h"

#define CODE_MAX 4096
#define JOIN_MS 30000

/* The code as its words, from a file (@FILE) or from standard input (-). */
static int read_code(const args_t *args, buf_t *code, refusal_t *why) {
    const char *first = args->argv[0];
    if (args->argc == 1 && first[0] == '-' && !first[1]) return file_read("-", CODE_MAX, code, why);
    if (args->argc == 1 && first[0] == '@') {
        char *path = args_path(args, first + 1);
        int rc = file_read(path, CODE_MAX, code, why);
        free(path);
        return rc;
    }
    for (int i = 0; i < args->argc; i++)
        buf_puts(code, args->argv[i]);
    return BC_OK;
}

int verb_join(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    (void)conf;
    refusal_t why = {0};
    char host[101] = "";
    gethostname(host, sizeof host - 1);
    const char *name = args_opt(args, "name");
    buf_t code = {0};
    peer_t peer;
    int lock = -1, rc = read_code(args, &code, &why);
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
        io_say(io, "Đã ghi danh với máy thu %s dưới tên \"%s\". Tiếp theo: baocao-aggregator run\n",
               "Enrolled with the collector %s as \"%s\". Next: baocao-aggregator run\n", peer.endpoint,
               peer.name);
    }
    return EX_OK;
}
