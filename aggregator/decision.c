/* SPDX-License-Identifier: MPL-2.0 */
/* decision.c - one file a decision, whole or not there. */
#include "aggregator/decision.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/log.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"
#include "proto/frame.h"
#include "proto/ruling.h"

#define FILE_MAX 65536

static char *path_of(const char *dir, const char *uuid) {
    return mem_printf("%s/decisions/%s.json", dir, uuid);
}

int decision_keep(const char *dir, const char *kind, json_t *body, const char *person, const cursor_t *at,
                  char uuid[static UUID_TEXT], refusal_t *why) {
    ruling_t ruling;
    if (ruling_read(kind, body, &ruling, why)) return BC_REFUSED;
    uuid_bc_t own = uuid_v7(clock_wall_ms());
    uuid_text(&own, uuid);
    json_t *j = json_pack("{s:{s:s,s:s,s:s,s:s,s:I},s:O}", "header", "uuid", uuid, "kind", kind, "person",
                          person, "log", at->log, "position", (json_int_t)at->position, "body", body);
    char *typed = json_canonical(j), *text = text_nfc(typed, strlen(typed)),
         *folder = file_path(dir, "decisions"), *path = path_of(dir, uuid);
    assert(text); /* what jansson holds is UTF-8 */
    int rc = file_mkdir(folder, 0700, why);
    if (rc == BC_OK) rc = file_write(path, text, strlen(text), 0600, why);
    free(typed);
    free(path);
    free(folder);
    free(text);
    json_decref(j);
    return rc;
}

static int send_one(const char *path, zsock_t *sock) {
    buf_t text = {0};
    json_t *j = NULL;
    if (file_read(path, FILE_MAX, &text, NULL) == BC_OK) j = json_read(text.data, text.len, NULL);
    int sent = 0;
    if (j) {
        char *body = json_canonical(json_object_get(j, "body"));
        sent =
            frame_send(sock, NULL, CMD_DECISION, json_object_get(j, "header"), body, strlen(body)) == BC_OK;
        free(body);
    } else {
        log_warn("decision.unreadable", "do=\"look at the files in decisions/ and remove the damaged one\"");
    }
    json_decref(j);
    buf_free(&text);
    return sent;
}

/* Calls for each kept file, or only counts them (SOCK NULL). */
static int each_kept(const char *dir, zsock_t *sock) {
    char *folder = file_path(dir, "decisions");
    DIR *d = opendir(folder);
    int n = d || errno == ENOENT ? 0 : BC_DISK;
    for (struct dirent *e; d && (e = readdir(d));) {
        size_t len = strlen(e->d_name);
        if (len != UUID_TEXT - 1 + 5 || strcmp(e->d_name + len - 5, ".json") != 0) continue;
        char *path = file_path(folder, e->d_name);
        n += sock ? send_one(path, sock) : 1;
        free(path);
    }
    if (d) closedir(d);
    free(folder);
    return n;
}

int decision_send(const char *dir, const char *uuid, zsock_t *sock) {
    if (!uuid) return each_kept(dir, sock);
    char *path = path_of(dir, uuid);
    int n = send_one(path, sock);
    free(path);
    return n;
}

int decision_count(const char *dir) {
    return each_kept(dir, NULL);
}

int decision_answered(const char *dir, const json_t *header, char uuid[static UUID_TEXT], refusal_t *why) {
    const char *text = json_text(header, "uuid"), *verdict = json_text(header, "verdict");
    const char *code = json_text(header, "code"), *vi = json_text(header, "vi"),
               *en = json_text(header, "en");
    uuid_bc_t id;
    uuid[0] = '\0';
    if (!text || uuid_parse(text, &id) || !verdict) return BC_AGAIN;
    uuid_text(&id, uuid);
    int stored = strcmp(verdict, "stored") == 0;
    if (!stored) {
        refuse(why, "collector-refused", NULL, "%1$s%2$.0s", "%1$.0s%2$s", vi ? vi : "?", en ? en : "?");
        if (why && code) snprintf(why->code, sizeof why->code, "%s", code); /* the collector's own code */
        if (strcmp(verdict, "refused") != 0) return BC_AGAIN;
    }
    char *path = path_of(dir, uuid);
    if (unlink(path) && errno != ENOENT)
        log_warn("decision.kept", "errno=%d do=\"remove decisions/%s.json by hand\"", errno, uuid);
    free(path);
    return stored ? BC_OK : BC_REFUSED;
}
